"""Who speaks, who keeps silent, and how far public opinion is from private: cheap measures."""

from __future__ import annotations

from model.measures.registry import Observation, declare, ratio
from model.state import CUT, CUT_FROM_DISSENTERS, FORMED


@declare("share", "Citizens who dissent in public")
def dissent(o: Observation) -> float:
    return o.tally.dissenters / o.citizens


@declare("share", "Citizens who praise the regime in public")
def praise(o: Observation) -> float:
    return o.tally.praisers / o.citizens


@declare("share", "Citizens who say nothing in public")
def silence(o: Observation) -> float:
    return 1.0 - (o.tally.dissenters + o.tally.praisers) / o.citizens


@declare("share", "Citizens who are critical in private (conviction above 0)")
def critics(o: Observation) -> float:
    return o.tally.critics / o.citizens


@declare("share", "Private critics who don't dissent", "Hayes, Glynn & Shanahan 2005")
def self_censorship(o: Observation) -> float:
    return 1.0 - ratio(o.tally.critics_dissenting, o.tally.critics)


@declare("share", "Private critics who say nothing", "Hayes, Glynn & Shanahan 2005")
def critics_silent(o: Observation) -> float:
    spoke = o.tally.critics_dissenting + o.tally.critics_praising
    return 1.0 - ratio(spoke, o.tally.critics)


@declare("share", "Private critics who praise in public", "Kuran 1995")
def critics_praising(o: Observation) -> float:
    return ratio(o.tally.critics_praising, o.tally.critics)


@declare(
    "", "Mean conviction less mean expression: how much more critical people are in private",
    "Kuran 1995 (preference falsification)",
)  # fmt: skip
def falsification_gap(o: Observation) -> float:
    return (o.tally.conviction - o.tally.expression) / o.citizens


@declare("", "Mean private stance")
def mean_conviction(o: Observation) -> float:
    return o.tally.conviction / o.citizens


@declare("", "Mean of what is said in public")
def mean_expression(o: Observation) -> float:
    return o.tally.expression / o.citizens


@declare("share", "Citizens recorded as dissenters in the last period")
def flagged(o: Observation) -> float:
    return o.tally.flagged / o.citizens


@declare("share", "Silent citizens recorded as dissenters in the last period (M17)")
def innocents_flagged(o: Observation) -> float:
    silent = o.citizens - o.tally.dissenters - o.tally.praisers
    return ratio(o.tally.innocents_flagged, silent)


@declare("points", "Mean score of those who carry one")
def mean_score(o: Observation) -> float:
    return ratio(o.tally.score, o.tally.carriers)


@declare("share", "Citizens at or above the threshold of the travel permit")
def travel_permits(o: Observation) -> float:
    return o.tally.travel / o.citizens


@declare("share", "Citizens at or above the threshold of the better visa")
def better_visas(o: Observation) -> float:
    return o.tally.visa / o.citizens


@declare("ties per citizen", "Friendships ended by one of the two since the beginning, each once")
def ties_cut(o: Observation) -> float:
    return float(o.world.counts[CUT]) / o.citizens


@declare("ties per citizen", "Friendships begun since the beginning")
def ties_formed(o: Observation) -> float:
    return float(o.world.counts[FORMED]) / o.citizens


@declare("ties per citizen", "Friendships ended since the beginning with one who dissented then")
def ties_cut_from_dissenters(o: Observation) -> float:
    return float(o.world.counts[CUT_FROM_DISSENTERS]) / o.citizens


@declare("friends", "Mean number of friends")
def mean_degree(o: Observation) -> float:
    return o.tally.degree / o.citizens


@declare("friends", "Mean number of friends of those who dissent (nan if nobody does)")
def degree_of_dissenters(o: Observation) -> float:
    return ratio(o.tally.degree_dissenters, o.tally.dissenters)


@declare("friends", "Mean number of friends of those who don't dissent (nan if all do)")
def degree_of_others(o: Observation) -> float:
    others = o.citizens - o.tally.dissenters
    return ratio(o.tally.degree - o.tally.degree_dissenters, others)


@declare("share", "Citizens without any friend")
def isolates(o: Observation) -> float:
    return o.tally.isolates / o.citizens
