"""A run that is a mean field's course, an institution's program included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.study.schema import Study
from experiments.sweep.running import Deadline, Output
from experiments.theory.mean_field import MeanField
from model.compilation import package_digest
from model.scenario import build

_FRIENDS = 10.0
"""As many as citizens have in the simulation, where rules count them."""


@dataclass(frozen=True)
class MeanFieldCourse:
    """The share of dissent among infinitely many, period by period; no chance, so no seed."""

    tables: Mapping[str, Any]
    periods: int
    every: int
    preload: tuple[str, ...] = ("experiments.paper.mean_field_course",)

    @classmethod
    def of(cls, study: Study, folder: Path) -> MeanFieldCourse:
        """How the runs of a study are made."""
        return cls(study.base(folder).tables(), study.periods, study.series_every)

    def identity(self) -> Mapping[str, Any]:
        """What decides a run besides its parameters."""
        return {"tables": self.tables, "periods": self.periods, "every": self.every,
                "model_digest": package_digest()}  # fmt: skip

    def run(self, parameters: Mapping[str, Any], seed: int, deadline: Deadline) -> Output:
        """The course from silence."""
        scenario = build(self.tables, {**parameters, "seed": seed}, "run")
        still = scenario.replace(program=[])
        field, institution, state = MeanField(still, _FRIENDS), scenario.institution, None
        series: dict[str, list[Any]] = {"period": [0], "dissent": [0.0]}
        dissent = 0.0
        for period in range(1, self.periods + 1):
            now = scenario.institution_in(period)
            if now != institution:
                institution = now
                field = MeanField(still.replace(**dict(now)), _FRIENDS)
            state = field.step(state or field.first())
            dissent = float(field.shares_now()[0])
            if period % self.every == 0:
                series["period"].append(period)
                series["dissent"].append(dissent)
            deadline.check()
        return Output({"dissent": dissent}, series)
