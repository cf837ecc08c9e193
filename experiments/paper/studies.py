"""The studies of the paper, in its order."""

from __future__ import annotations

from importlib import import_module

from experiments.paper.by_citizen import ByCitizen
from experiments.paper.mean_field_course import MeanFieldCourse
from experiments.paper.null_worlds import NullWorlds
from experiments.paper.outside import Outside
from experiments.paper.real_networks import RealNetwork
from experiments.paper.rival_worlds import RivalWorlds
from experiments.paper.study import PaperStudy, Part
from model.errors import InputError, nearest

_SMALL = {"replicates": 3, "periods": 60}
_FEW = {"citizens": 200}
_FACEBOOK = RealNetwork(
    "ego_facebook.csv.gz", "e7fc5c638aeea205263337d34afab14d65fdad57de48d0c03f1c0767c89bea8b"
)
_SCREENED = [{"kind": "morris", "trajectories": 10}]
_SHARED = [{"kind": "saltelli", "points": 16, "noise": True}]
_DRAWN = [{"kind": "latin_hypercube", "points": 30}]


def _parts() -> dict[str, tuple[Part, ...]]:
    return {
        "institutions": (
            Part("institutions_compared", quick=_SMALL, quick_set=_FEW),
            Part("institutions_documented", quick=_SMALL, quick_set=_FEW),
            Part("institutions_belief", quick=_SMALL, quick_set=_FEW),
        ),
        "association": (Part("association_phases", quick={"replicates": 3, "periods": 60}),),
        "citizens": (
            Part("association_by_citizen", ByCitizen.of, {"replicates": 6, "periods": 80}, _FEW),
        ),
        "hysteresis": (
            Part("hysteresis", quick={"replicates": 3}, quick_set=_FEW),
            Part("hysteresis_mean_field", MeanFieldCourse.of),
        ),
        "gamification": (
            Part("gamification", quick=_SMALL, quick_set={"citizens": 1000}),
            Part("punishments", quick=_SMALL, quick_set=_FEW),
            Part("rewards", quick=_SMALL, quick_set=_FEW),
        ),
        "visibility": (
            Part("visibility", quick=_SMALL, quick_set=_FEW),
            Part("visibility_nulls", NullWorlds.of, _SMALL, _FEW),
        ),
        "hammer": (
            Part("hammer_and_drug", quick=_SMALL, quick_set=_FEW),
            Part("hammer_felt", quick=_SMALL, quick_set=_FEW),
        ),
        "backfire": (
            Part("backfire", quick=_SMALL, quick_set=_FEW),
            Part("backfire_weak_penalties", quick=_SMALL, quick_set=_FEW),
            Part("backfire_without_endings", quick=_SMALL, quick_set=_FEW),
        ),
        "adoption": (
            Part("adoption", quick={"replicates": 3, "periods": 150}, quick_set=_FEW),
            Part("adoption_without", quick={"replicates": 3, "periods": 150}, quick_set=_FEW),
            Part("adoption_outside", Outside.of, {"replicates": 3}, _FEW),
        ),
        "generations": (
            Part("after_generations", quick={"replicates": 3}, quick_set=_FEW),
            Part("after_generations_formed", quick={"replicates": 2}, quick_set=_FEW),
        ),
        "sensitivity": (
            Part(
                "sensitivity_screening", quick={"periods": 60, "design": _SCREENED}, quick_set=_FEW
            ),
            Part("sensitivity_shares", quick={"periods": 60, "design": _SHARED}, quick_set=_FEW),
            Part("sensitivity_rivals", RivalWorlds.of, {"periods": 120, "design": _DRAWN}, _FEW),
        ),
        "networks": (
            Part("network_families", quick=_SMALL, quick_set=_FEW),
            Part("network_facebook", quick={"replicates": 2, "periods": 20}, network=_FACEBOOK),
        ),
    }


NAMES = tuple(_parts())


def paper_study(name: str) -> PaperStudy:
    """A study by name.

    Raises:
        InputError: if there is no such study.
    """
    parts = _parts()
    if name not in parts:
        raise InputError(
            f"there is no study '{name}'{nearest(name, parts)} "
            f"(the paper's are: {', '.join(parts)})"
        )
    return PaperStudy(name, parts[name], import_module(f"experiments.paper.about.{name}"))
