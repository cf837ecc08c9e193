"""A run that is a pair of twin worlds: do those without a score say less where others have one?

The same citizens with the same luck live once where a score may be had and once without an
institution. Who carries no score all through the last ``window`` periods of the first is looked for
in both. Who stays outside is a matter of conviction and ability to pay, so that the two worlds are
compared on the same people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.controls import without_scores
from experiments.study.schema import Study
from experiments.sweep.running import Deadline, Output
from model.compilation import package_digest
from model.life import ENROLLED
from model.scenario import build
from model.world import World


@dataclass(frozen=True)
class Outside:
    """Twin worlds with a score that may be had, and without an institution.

    Columns: ``outside``, the share of citizens without a score all through the window; ``here`` and
    ``there``, how often they dissent in it with the institution and without; ``friends_inside``,
    the share of their friends who carry one at the end.
    """

    tables: Mapping[str, Any]
    periods: int
    window: int
    preload: tuple[str, ...] = ("experiments.sweep.warm", "experiments.paper.outside")

    @classmethod
    def of(cls, study: Study, folder: Path) -> Outside:
        """How the runs of a study are made."""
        return cls(study.base(folder).tables(), study.periods, study.window)

    def identity(self) -> Mapping[str, Any]:
        """What decides a run besides its parameters and its seed."""
        return {"tables": self.tables, "periods": self.periods, "window": self.window,
                "model_digest": package_digest()}  # fmt: skip

    def run(self, parameters: Mapping[str, Any], seed: int, deadline: Deadline) -> Output:
        """Both worlds."""
        scenario = build(self.tables, {**parameters, "seed": seed}, "run")
        here, there = World(scenario, threads=1), World(without_scores(scenario), threads=1)
        outside = np.ones(here.citizens, bool)
        spoke = [np.zeros(here.citizens), np.zeros(here.citizens)]
        for period in range(1, self.periods + 1):
            for world in (here, there):
                world.run(1)
            deadline.check()
            if period > self.periods - self.window:
                outside &= here.now.life.marks & ENROLLED == 0
                for own, world in zip(spoke, (here, there), strict=True):
                    own += world.expression > 0.0
        inside = (here.now.life.marks & ENROLLED != 0).astype(float)
        source, target = here.ties.edges()
        friends = np.bincount(source, inside[target], here.citizens)
        friends += np.bincount(target, inside[source], here.citizens)
        degree = np.maximum(here.ties.arrays.degree, 1)
        many = outside.sum()
        return Output({
            "outside": float(outside.mean()),
            "here": float(spoke[0][outside].sum() / (self.window * many)) if many else np.nan,
            "there": float(spoke[1][outside].sum() / (self.window * many)) if many else np.nan,
            "friends_inside": float((friends / degree)[outside].mean()) if many else np.nan,
        })  # fmt: skip
