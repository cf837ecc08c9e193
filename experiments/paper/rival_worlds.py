"""A run that is three worlds: no institution, the system as reported, and as later documented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.run import measured
from experiments.study.schema import Study
from experiments.sweep.running import Deadline, Output
from model.compilation import package_digest
from model.scenario import build
from model.world import World

WORLDS = ("no_institution", "sesame_as_reported", "sesame_as_documented")


@dataclass(frozen=True)
class RivalWorlds:
    """The same citizens with the same luck, three times; columns ``measure.world``."""

    tables: Mapping[str, Mapping[str, Any]]
    periods: int
    measures: tuple[str, ...]
    window: int
    preload: tuple[str, ...] = ("experiments.sweep.warm", "experiments.paper.rival_worlds")

    @classmethod
    def of(cls, study: Study, folder: Path) -> RivalWorlds:
        """How the runs of a study are made."""
        tables = {name: study.base(folder, name).tables() for name in WORLDS}
        return cls(tables, study.periods, tuple(study.measures), study.window)

    def identity(self) -> Mapping[str, Any]:
        """What decides a run besides its parameters and its seed."""
        return {"tables": self.tables, "periods": self.periods, "measures": list(self.measures),
                "window": self.window, "model_digest": package_digest()}  # fmt: skip

    def run(self, parameters: Mapping[str, Any], seed: int, deadline: Deadline) -> Output:
        """All three worlds."""
        values: dict[str, Any] = {}
        for name, tables in self.tables.items():
            world = World(build(tables, {**parameters, "seed": seed}, "run"), threads=1)
            found, _ = measured(world, self.periods, self.measures, self.window,
                                check=deadline.check)  # fmt: skip
            values |= {f"{measure}.{name}": value for measure, value in found.items()}
        return Output(values)
