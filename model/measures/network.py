"""Who is friends with whom, and what that hides: dear measures, which go through all ties."""

from __future__ import annotations

from model.measures.registry import Observation, declare, ratio
from model.measures.survey import local_clustering, people_in_largest_component


def correlation(products: float, squares: float, sums: float, ends: float) -> float:
    """Pearson correlation over both ends of ties (Newman 2003): nan if nothing varies."""
    if not ends:
        return float("nan")
    mean = sums / ends
    variance = squares / ends - mean * mean
    # what is left of equal values after rounding is no variance
    if variance <= 1e-12 * max(squares / ends, 1.0):
        return float("nan")
    return (products / ends - mean * mean) / variance


@declare(
    "", "Mean distance between society's mean expression and what friends express, halved",
    "Katz & Allport 1931; O'Gorman 1986", dear=True,
)  # fmt: skip
def pluralistic_ignorance(o: Observation) -> float:
    return ratio(o.survey.misperception, o.survey.with_friends) / 2.0


@declare("share", "Mean share of a citizen's friends who dissent in public", "Mutz 2006", dear=True)
def exposure_to_dissent(o: Observation) -> float:
    return ratio(o.survey.exposure, o.survey.with_friends)


@declare("", "Correlation of friends' scores", "Newman 2003", dear=True)
def assortativity_score(o: Observation) -> float:
    s = o.survey
    return correlation(s.score_products, s.score_squares, s.score_sums, s.ends)


@declare("", "Correlation of friends' convictions", "Newman 2003", dear=True)
def assortativity_conviction(o: Observation) -> float:
    s = o.survey
    return correlation(s.conviction_products, s.conviction_squares, s.conviction_sums, s.ends)


@declare(
    "", "E–I index of critics and others: −1 all ties within, +1 all across",
    "Krackhardt & Stern 1988", dear=True,
)  # fmt: skip
def ei_index(o: Observation) -> float:
    return ratio(2.0 * o.survey.across - o.survey.ends, o.survey.ends)


@declare("share", "Citizens in the largest connected component", dear=True)
def largest_component(o: Observation) -> float:
    return float(people_in_largest_component(o.world.ties.arrays)) / o.citizens


@declare("", "Mean local clustering coefficient", "Watts & Strogatz 1998", dear=True)
def clustering(o: Observation) -> float:
    return float(local_clustering(o.world.ties.arrays))
