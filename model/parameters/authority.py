"""How the institution adapts, if it does."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

from model.choices import Adaptation, by_name
from model.parameters.declare import DEFINITION, Section, parameter


def _as_tuple(names: Any) -> Any:
    if isinstance(names, str):  # one, or several with commas between, as on the command line
        return tuple(name.strip(" []\"'") for name in names.split(","))
    return tuple(names) if isinstance(names, list) else names


class Authority(Section):
    """An institution that learns: what it moves, toward what, by which rule."""

    adaptation_rule: by_name(Adaptation) = parameter(  # type: ignore[valid-type]
        Adaptation.none, "", "", "How the institution adapts: not at all, by hill climbing on its "
        "cost, or by proportional control of dissent", "Daymude et al. 2025",
    )  # fmt: skip
    adapts: Annotated[tuple[str, ...], BeforeValidator(_as_tuple)] = parameter(
        ("detection",), "", "", "Parameters of the institution that it moves, as a list; Daymude "
        "et al. move tolerance, severity and detection", "Daymude et al. 2025",
    )  # fmt: skip
    step: float = parameter(
        0.05, "ε", "", "Largest step of hill climbing (points: times the range of scores)",
        "Daymude et al. 2025", gt=0, le=1,
    )  # fmt: skip
    dissent_cost: float = parameter(
        1.0, "α", "", "What a unit of dissent costs the institution, against punishments",
        "Daymude et al. 2025", ge=0, le=1000,
    )  # fmt: skip
    goal: float = parameter(
        0.05, "x*", "", "Strength of dissent that proportional control aims at", DEFINITION,
        ge=0, le=1,
    )  # fmt: skip
    gain: float = parameter(
        0.1, "g_p", "", "Move a period for each unit of dissent above the goal (points: times the "
        "range of scores)", DEFINITION, ge=0, le=100,
    )  # fmt: skip
