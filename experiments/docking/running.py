"""Running targets on all cores: each run is a case of its own, seeds follow from one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from experiments.docking import target_of
from experiments.docking.target import Contrast, Finding, Point, Row, Target, Verdict
from experiments.study.plan import Case, key_of
from experiments.sweep.coordinator import gather
from experiments.sweep.running import Deadline, Output
from model.chance import replicate_seed


@dataclass(frozen=True)
class DockingRun:
    """A :class:`experiments.sweep.running.RunConfiguration` for one target."""

    name: str

    @property
    def preload(self) -> tuple[str, ...]:
        """What workers import once."""
        return ("experiments.sweep.warm", f"experiments.docking.{self.name}")

    def identity(self) -> Mapping[str, Any]:
        """Which target it is."""
        return {"target": self.name}

    def run(self, parameters: Mapping[str, Any], seed: int, deadline: Deadline) -> Output:
        """One run."""
        target = target_of(self.name)
        return Output(target.simulate(target.settings.model_validate(dict(parameters)), seed))


class Docked(NamedTuple):
    """A target with what came of it."""

    target: Target
    findings: list[Finding]
    rows: list[Row]

    @property
    def contrasts(self) -> list[Contrast]:
        """What update order and size do."""
        return self.target.contrasts(self.rows)

    @property
    def missed(self) -> bool:
        """Whether a figure is missed for sure."""
        return any(finding.verdict is Verdict.missed for finding in self.findings)


def dock(
    target: Target, full: bool, seed: int, workers: int | None = None,
    on_run: Callable[[], None] = lambda: None,
) -> Docked:  # fmt: skip
    """Run all of a target's points, and judge what comes of it.

    Args:
        target: which.
        full: at the published sizes.
        seed: decides all runs.
        workers: processes; all cores by default.
        on_run: called after each run.
    """
    cases = cases_of(target.points(full), seed)
    place = {(case.point, case.replicate): k for k, case in enumerate(cases)}
    rows: list[Row] = [{}] * len(cases)
    for result in gather(DockingRun(target.name), cases, workers):
        case = result.case
        assert result.output is not None  # noqa: S101  (gather raises where a run fails)
        rows[place[case.point, case.replicate]] = {
            **case.parameters, "seed": case.seed, **result.output.values
        }  # fmt: skip
        on_run()
    return Docked(target, target.judge(rows, full), rows)


def cases_of(points: Sequence[Point], seed: int) -> list[Case]:
    """Each point's runs, every one with luck of its own."""
    cases = []
    for point in points:
        parameters = point.settings.model_dump()
        key = key_of(parameters)
        cases += [
            Case(key, k, replicate_seed(seed, k, key), parameters) for k in range(point.replicates)
        ]
    return cases
