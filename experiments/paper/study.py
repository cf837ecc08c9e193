"""A study of the paper: its parts, what is asked, and what its stored runs say."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.results import Results
from experiments.paper.real_networks import RealNetwork
from experiments.store import plain
from experiments.study.loading import bundled_studies, load_study
from experiments.study.plan import Plan
from experiments.study.schema import Study
from experiments.sweep.running import RunConfiguration
from experiments.sweep.scored import ScoredRun

Make = Callable[[Study, Path], RunConfiguration]


@dataclass(frozen=True)
class Part:
    """One table of runs of a study.

    Attributes:
        file: name of the study file.
        make: how its runs are made; by default as ``scored sweep`` makes them.
        quick: keys in place of the file's when only the machinery is tried.
        quick_set: parameters in place of the file's then.
        network: a real network that its runs live on; they can be made where its file is.
    """

    file: str
    make: Make | None = None
    quick: Mapping[str, Any] = field(default_factory=dict)
    quick_set: Mapping[str, Any] = field(default_factory=dict)
    network: RealNetwork | None = None

    def load(self, quick: bool) -> tuple[Study, Path]:
        """The study, and the folder of its file."""
        study, path = load_study(
            self.file, dict(self.quick) if quick else None, dict(self.quick_set) if quick else None
        )
        return study, path.parent

    @property
    def path(self) -> Path:
        """The study file."""
        return bundled_studies()[self.file]


class Planned:
    """A part ready to be run: its plan, and how a run of it is made."""

    def __init__(self, part: Part, quick: bool = False) -> None:
        self.part = part
        self.study, self.folder = part.load(quick)
        self.plan: Plan = self.study.plan(self.folder)
        self.network_file = part.network.find() if part.network else None
        if self.network_file is not None:
            file = str(self.network_file)
            self.configuration: RunConfiguration = ScoredRun.of(self.study, self.folder, file)
        else:
            self.configuration = (part.make or ScoredRun.of)(self.study, self.folder)

    @property
    def can_be_run(self) -> bool:
        """Whether all that its runs need is here."""
        return self.part.network is None or self.network_file is not None

    @property
    def name(self) -> str:
        """Of the folder of its runs: another study or model is another folder."""
        about = {"seed": self.study.seed, "twins": self.study.twins,
                 **self.configuration.identity()}  # fmt: skip
        text = json.dumps(plain(about), sort_keys=True, default=str)
        return f"{self.part.file}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"

    @property
    def runs(self) -> int:
        """How many there are."""
        return len(self.plan.runs(self.study.replicates))


class Table:
    """The stored runs of a part.

    Args:
        study: what was asked for.
        folder: of its file.
        columns: of the runs.
        series: of their courses; None where none were taken.
    """

    def __init__(
        self, study: Study, folder: Path, columns: Mapping[str, Any],
        series: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self.study = study
        self.folder = folder
        self.columns = columns
        self.series = series
        self.kept: dict[Any, Any] = {}
        """What was worked out of it, for who asks again."""

    def remembered(self, key: Any, work: Callable[[], Any]) -> Any:
        """Something that follows from the table, worked out once."""
        if key not in self.kept:
            self.kept[key] = work()
        return self.kept[key]

    @cached_property
    def results(self) -> Results:
        """The runs as arrays over points and replicates."""
        return Results.of(self.study, self.columns, self.folder)

    @cached_property
    def _place(self) -> dict[tuple[tuple[str, Any], ...], int]:
        return {tuple(sorted(point.items())): k for k, point in enumerate(self.results.plan.points)}

    def values(self, measure: str, **point: Any) -> NDArray[np.float64]:
        """(replicates,) of a measure at a point, in the order of replicates.

        Raises:
            KeyError: if there is no such point.
        """
        of_all = self.remembered(("values", measure), lambda: self.results.values(measure))
        values: NDArray[np.float64] = of_all[self._place[_key(point)]]
        return values

    def course(
        self, measure: str, **point: Any
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:  # fmt: skip
        """Periods (T,), and (replicates, T) of a measure along the way at a point."""
        assert self.series is not None  # noqa: S101  (asked for by a study without series)
        key = self.results.plan.keys[self._place[_key(point)]]
        rows = np.asarray(self.series["point"]) == key
        period = np.asarray(self.series["period"])[rows]
        replicate = np.asarray(self.series["replicate"])[rows]
        value = np.asarray(self.series[measure], float)[rows]
        order = np.lexsort((period, replicate))
        moments = np.unique(period)
        return moments, value[order].reshape(-1, len(moments))


def _key(point: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(point.items()))


Tables = dict[str, Table]


@dataclass(frozen=True)
class PaperStudy:
    """A study of the paper.

    Attributes:
        name: also of its folder in ``results/``.
        parts: its tables; the first says what is asked and expected.
        about: module with ``judge(tables)``, ``numbers(tables)``, ``FOUND`` (a text with the
            numbers' names in braces), ``LIMITS`` (what it doesn't show),
            ``figure(tables, numbers)``, and ``table(tables)`` where points were drawn from ranges
            and a table of them would say nothing.
    """

    name: str
    parts: tuple[Part, ...]
    about: ModuleType
