"""Who speaks, who keeps silent, and how far public opinion is from private: cheap measures.

They read sums alone, so that an engine can note them period by period.
"""

from __future__ import annotations

from functools import partial

from model.measures import registry
from model.measures.registry import Sums, ratio
from model.state import CUT, CUT_FROM_DISSENTERS, FORMED

declare = partial(registry.declare, of_sums=True)


@declare("share", "Citizens who dissent in public")
def dissent(o: Sums) -> float:
    return o.tally.dissenters / o.citizens


@declare("share", "Citizens who praise the regime in public")
def praise(o: Sums) -> float:
    return o.tally.praisers / o.citizens


@declare("share", "Citizens who say nothing in public")
def silence(o: Sums) -> float:
    return 1.0 - (o.tally.dissenters + o.tally.praisers) / o.citizens


@declare("share", "Citizens who are critical in private (conviction above 0)")
def critics(o: Sums) -> float:
    return o.tally.critics / o.citizens


@declare("share", "Private critics who don't dissent", "Hayes, Glynn & Shanahan 2005")
def self_censorship(o: Sums) -> float:
    return 1.0 - ratio(o.tally.critics_dissenting, o.tally.critics)


@declare("share", "Private critics who say nothing", "Hayes, Glynn & Shanahan 2005")
def critics_silent(o: Sums) -> float:
    spoke = o.tally.critics_dissenting + o.tally.critics_praising
    return 1.0 - ratio(spoke, o.tally.critics)


@declare("share", "Private critics who praise in public", "Kuran 1995")
def critics_praising(o: Sums) -> float:
    return ratio(o.tally.critics_praising, o.tally.critics)


@declare(
    "", "Mean conviction less mean expression: how much more critical people are in private",
    "Kuran 1995 (preference falsification)",
)  # fmt: skip
def falsification_gap(o: Sums) -> float:
    return (o.tally.conviction - o.tally.expression) / o.citizens


@declare("", "Mean private stance")
def mean_conviction(o: Sums) -> float:
    return o.tally.conviction / o.citizens


@declare("", "Mean of what is said in public")
def mean_expression(o: Sums) -> float:
    return o.tally.expression / o.citizens


@declare("share", "Citizens recorded as dissenters in the last period")
def flagged(o: Sums) -> float:
    return o.tally.flagged / o.citizens


@declare("share", "Silent citizens recorded as dissenters in the last period (M17)")
def innocents_flagged(o: Sums) -> float:
    silent = o.citizens - o.tally.dissenters - o.tally.praisers
    return ratio(o.tally.innocents_flagged, silent)


@declare("points", "Mean score of those who carry one")
def mean_score(o: Sums) -> float:
    return ratio(o.tally.score, o.tally.carriers)


@declare("share", "Citizens at or above the threshold of the travel permit")
def travel_permits(o: Sums) -> float:
    return o.tally.travel / o.citizens


@declare("share", "Citizens at or above the threshold of the better visa")
def better_visas(o: Sums) -> float:
    return o.tally.visa / o.citizens


@declare("ties per citizen", "Friendships ended by one of the two since the beginning, each once")
def ties_cut(o: Sums) -> float:
    return float(o.counts[CUT]) / o.citizens


@declare("ties per citizen", "Friendships begun since the beginning")
def ties_formed(o: Sums) -> float:
    return float(o.counts[FORMED]) / o.citizens


@declare("ties per citizen", "Friendships ended since the beginning with one who dissented then")
def ties_cut_from_dissenters(o: Sums) -> float:
    return float(o.counts[CUT_FROM_DISSENTERS]) / o.citizens


@declare("friends", "Mean number of friends")
def mean_degree(o: Sums) -> float:
    return o.tally.degree / o.citizens


@declare("friends", "Mean number of friends of those who dissent (nan if nobody does)")
def degree_of_dissenters(o: Sums) -> float:
    return ratio(o.tally.degree_dissenters, o.tally.dissenters)


@declare("friends", "Mean number of friends of those who don't dissent (nan if all do)")
def degree_of_others(o: Sums) -> float:
    others = o.citizens - o.tally.dissenters
    return ratio(o.tally.degree - o.tally.degree_dissenters, others)


@declare("share", "Citizens without any friend")
def isolates(o: Sums) -> float:
    return o.tally.isolates / o.citizens
