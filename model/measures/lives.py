"""What the mechanisms beyond the score do: taken every period where the mechanism is in force.

Asked for in a society without the mechanism they have the value that its absence implies:
everybody is enrolled, nobody is detained.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from model.measures.registry import Observation, declare, ratio
from model.parameters import Institution
from model.rules.cost import upkeep
from model.state import ARRESTS, LOST_TO_ARRESTS, LOST_TO_DEATHS

M2, M8, M10, M11 = "M2 enrolment", "M8 lifestyle", "M10 flaunting", "M11 arrests"
M17 = "M17 false accusations"  # no switch: taken on request only
M12, M15, M16 = "M12 whitelist", "M15 barred speakers", "M16 learned belief"
M18 = "M18 turnover"  # lived by either engine: see World.mechanisms
M3, M14 = "M3 two operators", "M14 block lists"
M20, M21, M23 = "M20 exit", "M21 wealth", "M23 peer enforcement"


@declare(
    "share", "Citizens who carry a score (over time: the adoption curve)", "Rogers 2003", of=M2
)
def enrolled(o: Observation) -> float:
    return o.census.enrolled / o.citizens


@declare("share", "Private critics who carry a score", of=M2)
def enrolled_critics(o: Observation) -> float:
    return ratio(o.census.enrolled_critics, o.tally.critics)


@declare("share", "Citizens not critical in private who carry a score", of=M2)
def enrolled_others(o: Observation) -> float:
    return ratio(o.census.enrolled - o.census.enrolled_critics, o.citizens - o.tally.critics)


@declare("", "Mean ability to pay of the enrolled less that of all: who adopts", of=M2)
def enrolled_wealth(o: Observation) -> float:
    return ratio(o.census.wealth_enrolled, o.census.enrolled) - o.census.wealth / o.citizens


@declare("", "Mean lifestyle: 1 if all buy approved goods only, −1 disapproved ones", of=M8)
def lifestyle(o: Observation) -> float:
    return o.census.lifestyle / o.citizens


@declare("", "Mean distance between what people buy and their taste", "Kuran 1995", of=M8)
def lifestyle_adapted(o: Observation) -> float:
    return o.census.adapted / o.citizens


@declare("share", "Citizens who show their score", "Veblen 1899", of=M10)
def flaunting(o: Observation) -> float:
    return o.census.flaunting / o.citizens


@declare("share", "Citizens in detention", of=M11)
def detained(o: Observation) -> float:
    return o.census.detained / o.citizens


@declare("per citizen", "Arrests since the beginning", of=M11, of_sums=True)
def arrests(o: Observation) -> float:
    return float(o.counts[ARRESTS]) / o.citizens


@declare(
    "ties per citizen", "Friendships ended by an arrest since the beginning", of=M11, of_sums=True
)
def ties_lost_to_arrests(o: Observation) -> float:
    return float(o.counts[LOST_TO_ARRESTS]) / o.citizens


@declare("share", "Citizens on the whitelist", of=M12)
def whitelisted(o: Observation) -> float:
    return o.census.listed / o.citizens


@declare("share", "Citizens whose expression reaches only some of their friends", of=M15)
def barred(o: Observation) -> float:
    return o.census.barred / o.citizens


@declare("people", "Mean number of people followed", of=M14)
def mean_followed(o: Observation) -> float:
    following = o.world.ties.arrays.following
    return float(following.mean(dtype=float)) if len(following) else 0.0


@declare("points", "Mean distance between the two operators' scores", of=M3)
def operators_apart(o: Observation) -> float:
    if not o.world.full:
        return 0.0
    life = o.world.now.life
    return float(abs(life.first_score.astype(float) - life.second_score).mean())


@declare("", "Mean belief in the chance of detection", "Anwar & Loughran 2011", of=M16)
def mean_belief(o: Observation) -> float:
    return o.census.belief / o.citizens


@declare("share", "Citizens born into the institution", of=M18)
def born(o: Observation) -> float:
    generations = o.world.generations
    return float((generations.born > 0).mean()) if generations else 0.0


@declare("", "Mean private stance of those born into the institution", of=M18)
def conviction_of_born(o: Observation) -> float:
    generations = o.world.generations
    if generations is None or not (generations.born > 0).any():
        return float("nan")
    return float(o.world.conviction[generations.born > 0].mean(dtype=float))


@declare(
    "ties per citizen", "Friendships ended by a death since the beginning", of=M18, of_sums=True
)
def ties_lost_to_death(o: Observation) -> float:
    return float(o.counts[LOST_TO_DEATHS]) / o.citizens


@declare("share", "Citizens who have left the grid", "Hirschman 1970", of=M20)
def off_grid(o: Observation) -> float:
    return o.census.off_grid / o.citizens


@declare("", "Mean ability to pay", of=M21)
def mean_wealth(o: Observation) -> float:
    return o.census.wealth / o.citizens


@declare("share", "Citizens who press their friends to comply", of=M23)
def pressing(o: Observation) -> float:
    return o.census.pressing / o.citizens


@declare(
    "share", "Private critics who press their friends to comply (false enforcement)",
    "Centola, Willer & Macy 2005", of=M23,
)  # fmt: skip
def false_enforcement(o: Observation) -> float:
    return ratio(o.census.critics_pressing, o.tally.critics)


@declare("share", "Citizens who press their friends to dissent", of=M23)
def resisting(o: Observation) -> float:
    return o.census.resisting / o.citizens


@declare(
    "share", "Citizens who were ever recorded though silent; known only where some mechanism "
    "beyond the score is in force", of=M17, dear=True,
)  # fmt: skip
def accused(o: Observation) -> float:
    return o.census.accused / o.citizens if o.world.full else float("nan")


@declare(
    "share", "Those ever recorded though silent who dissent now; as `accused`", of=M17, dear=True
)
def accused_dissenting(o: Observation) -> float:
    return ratio(o.census.accused_dissenting, o.census.accused)


@declare("", "Mean strength of open dissent", "Daymude et al. 2025", of="strategic dissent")
def dissent_strength(o: Observation) -> float:
    return o.account.dissent


@declare(
    "utility", "What watching, punishing and detaining cost the institution a citizen and period",
    dear=True,
)  # fmt: skip
def institution_cost(o: Observation) -> float:
    return upkeep(o.account.punished, o.account.detained, o.world.institution_record)


IN_FORCE = "_in_force"
"""Ends the name of a measure that is a parameter of the institution, as it is in the period."""


def _of_institution(name: str) -> Callable[[Observation], float]:
    return lambda o: float(getattr(o.world.institution, name))


for _name, _default in Institution():
    if isinstance(_default, int | float) and not isinstance(_default, IntEnum):
        declare(
            "", f"The institution's {_name} in the period", of=f"moving {_name}",
            name=f"{_name}{IN_FORCE}",
        )(_of_institution(_name))  # fmt: skip
