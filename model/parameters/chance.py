"""Luck and the order of events."""

from __future__ import annotations

from model.choices import Schedule, by_name
from model.parameters.declare import LARGEST_SEED, Section, parameter


class Chance(Section):
    """Luck and the order of events."""

    seed: int = parameter(
        1, "", "", "Decides everything that is drawn: the graph, the citizens, every event",
        "Salmon et al. 2011", ge=0, le=LARGEST_SEED,
    )  # fmt: skip
    schedule: by_name(Schedule) = parameter(  # type: ignore[valid-type]
        Schedule.synchronous, "", "", "synchronous: all read the last period; random_order: one "
        "after the other, reading what is newest", "Huberman & Glance 1993",
    )  # fmt: skip
