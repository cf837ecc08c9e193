"""A run that is a scenario and its null worlds, all with the same citizens and the same luck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.controls import KINDS, ControlRun
from experiments.study.schema import Study
from experiments.sweep.running import Deadline, Output
from model.compilation import package_digest


@dataclass(frozen=True)
class NullWorlds:
    """Five worlds a run (:mod:`experiments.controls`); a column for each measure and world.

    Columns are called ``measure.world``: ``assortativity_score.placebo``.
    """

    tables: Mapping[str, Any]
    periods: int
    preload: tuple[str, ...] = ("experiments.sweep.warm", "experiments.paper.null_worlds")

    @classmethod
    def of(cls, study: Study, folder: Path) -> NullWorlds:
        """How the runs of a study are made."""
        return cls(study.base(folder).tables(), study.periods)

    def identity(self) -> Mapping[str, Any]:
        """What decides a run besides its parameters and its seed."""
        return {"tables": self.tables, "periods": self.periods, "model_digest": package_digest()}

    def run(self, parameters: Mapping[str, Any], seed: int, deadline: Deadline) -> Output:
        """All five worlds."""
        one = ControlRun(self.tables, self.periods)
        values: dict[str, Any] = {}
        for kind in KINDS:
            output = one.run({**parameters, "kind": kind}, seed, deadline)
            values |= {f"{name}.{kind.replace(' ', '_')}": value
                       for name, value in output.values.items()}  # fmt: skip
        return Output(values)
