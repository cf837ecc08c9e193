"""A run that is a pair of twin worlds, told citizen by citizen: who speaks there and not here.

The same citizens with the same luck live once under the institution as it is and once without guilt
by association. Whatever a citizen does differently is the effect of that rule. Those who are
critical at first are sorted by how many of their first friends are, and by thirds of
self-censorship or conformity: nothing of this depends on the rule, so that groups are the same
people in both worlds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.study.schema import Study
from experiments.sweep.running import Deadline, Output
from model.compilation import package_digest
from model.scenario import build
from model.world import World

FRIENDS = ((0, 2), (3, 3), (4, 4), (5, 5), (6, 6), (7, 7), (8, 8), (9, 999))
"""Groups by the number of first friends who are critical: from, to."""
THIRDS = ("low", "middle", "high")
TRAITS = ("self_censorship", "conformity")


@dataclass(frozen=True)
class ByCitizen:
    """Twin worlds with and without guilt by association.

    Columns are ``many.…``, ``here.…`` and ``there.…`` of each group: how many citizens it has, and
    how often one of them dissents, in the last ``window`` periods, with the rule and without it.
    Groups are called ``trait.third.from``, and ``all.from``.
    """

    tables: Mapping[str, Any]
    periods: int
    window: int
    preload: tuple[str, ...] = ("experiments.sweep.warm", "experiments.paper.by_citizen")

    @classmethod
    def of(cls, study: Study, folder: Path) -> ByCitizen:
        """How the runs of a study are made."""
        return cls(study.base(folder).tables(), study.periods, study.window)

    def identity(self) -> Mapping[str, Any]:
        """What decides a run besides its parameters and its seed."""
        return {"tables": self.tables, "periods": self.periods, "window": self.window,
                "model_digest": package_digest()}  # fmt: skip

    def run(self, parameters: Mapping[str, Any], seed: int, deadline: Deadline) -> Output:
        """Both worlds."""
        here, groups = self._lived({**parameters, "seed": seed}, deadline)
        there, _ = self._lived({**parameters, "association_penalty": 0.0, "seed": seed}, deadline)
        values: dict[str, Any] = {}
        for name, members in groups.items():
            values[f"many.{name}"] = len(members)
            for world, spoke in (("here", here), ("there", there)):
                mean = float(spoke[members].mean()) if len(members) else float("nan")
                values[f"{world}.{name}"] = mean
        return Output(values)

    def _lived(
        self, changes: Mapping[str, Any], deadline: Deadline
    ) -> tuple[NDArray[np.float64], dict[str, NDArray[np.int64]]]:
        world = World(build(self.tables, changes, "run"), threads=1)
        groups = _groups(world)
        world.run(self.periods - self.window)
        spoke = np.zeros(world.citizens)
        for _ in range(self.window):
            world.run(1)
            spoke += world.expression > 0.0
            deadline.check()
        return spoke / self.window, groups


def _groups(world: World) -> dict[str, NDArray[np.int64]]:
    critic = world.traits.anchor > 0.0
    source, target = world.ties.edges()
    friends = np.bincount(source, critic[target], world.citizens) + np.bincount(
        target, critic[source], world.citizens
    )
    found = {}
    for low, high in FRIENDS:
        here = critic & (friends >= low) & (friends <= high)
        found[f"all.{low}"] = np.flatnonzero(here)
        for trait in TRAITS:
            values = getattr(world.traits, trait)
            third = np.searchsorted(np.quantile(values, [1 / 3, 2 / 3]), values)
            for k, name in enumerate(THIRDS):
                found[f"{trait}.{name}.{low}"] = np.flatnonzero(here & (third == k))
    return found
