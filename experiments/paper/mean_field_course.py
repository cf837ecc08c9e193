"""A run that is a mean field's course, an institution's program included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.study.schema import SCENARIO, Study
from experiments.sweep.running import Deadline, Output
from experiments.theory.mean_field import MeanField
from model.compilation import package_digest
from model.scenario import build

_FRIENDS = 10.0
"""As many as citizens have in the simulation, where rules count them."""


@dataclass(frozen=True)
class MeanFieldCourse:
    """The share of dissent among infinitely many, period by period; no chance, so no seed."""

    scenarios: Mapping[str, Mapping[str, Any]]
    """The nested tables of each scenario that a point may name."""
    periods: int
    every: int
    preload: tuple[str, ...] = ("experiments.paper.mean_field_course",)

    @classmethod
    def of(cls, study: Study, folder: Path) -> MeanFieldCourse:
        """How the runs of a study are made."""
        scenarios = {name: study.base(folder, name).tables()
                     for name in study.levels()[SCENARIO].all()}  # fmt: skip
        return cls(scenarios, study.periods, study.series_every)

    def identity(self) -> Mapping[str, Any]:
        """What decides a run besides its parameters."""
        return {"scenarios": self.scenarios, "periods": self.periods, "every": self.every,
                "model_digest": package_digest()}  # fmt: skip

    def run(self, parameters: Mapping[str, Any], seed: int, deadline: Deadline) -> Output:
        """The course from silence."""
        changes = dict(parameters)
        scenario = build(self.scenarios[changes.pop(SCENARIO)], {**changes, "seed": seed}, "run")
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
