"""A finished (or growing) sweep as arrays over points and replicates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.intervals import Summary, interval_over_replicates, moments
from experiments.study.plan import Plan
from experiments.study.schema import Study
from model.errors import InputError

_BINS = 10
_MOST_LEVELS = 15
_LEAST_IN_CELL = 8
"""Points that a cell of a diagram has on average, at least, where both factors are cut."""


Interval = Callable[[NDArray[np.float64], NDArray[np.int64]], tuple[float, float]]


class Groups(NamedTuple):
    """Points by the level of a factor, or by which part of its range they lie in."""

    places: list[NDArray[np.int64]]
    """Of the points of each group."""
    names: list[Any]
    """The level of each group; the mean of its points' values, where it is a part of a range."""
    edges: list[float] | None
    """Where groups begin and the last one ends, if they are parts of a range."""


class Grid(NamedTuple):
    """A measure over the levels of two factors, or over parts of their ranges."""

    x: Groups
    y: Groups
    mean: NDArray[np.float64]
    """(y, x), over replicates and all further factors; nan where there is no run."""
    half_width: NDArray[np.float64]
    """(y, x) half of the 95 % interval."""
    runs: NDArray[np.int64]
    """(y, x) how many runs have a value there."""


class Results:
    """The runs of a plan.

    Args:
        plan: what was to be run.
        columns: of the runs' table: ``point``, ``replicate`` and the measures'.
        column_of: measure → its column, where that isn't its name.
    """

    def __init__(
        self,
        plan: Plan,
        columns: Mapping[str, Any],
        column_of: Callable[[str], str] = lambda measure: measure,
    ) -> None:
        self.plan = plan
        self.columns = columns
        self.column_of = column_of
        place = np.array([plan.place.get(key, -1) for key in columns.get("point", ())], int)
        self._rows = np.flatnonzero(place >= 0)
        self._place = place[self._rows]
        replicate = np.asarray(columns.get("replicate", ()), np.int64)[self._rows]
        self.runs = len(self._rows)
        self._row_of = {
            run: row for row, run in enumerate(zip(self._place.tolist(), replicate.tolist(),
                                                   strict=True))
        }  # fmt: skip
        if all(own is not None for _, own in plan.rows):
            # where luck is a factor its numbers are any: they are counted within each point
            order = np.lexsort((replicate, self._place))
            first = np.r_[0, np.flatnonzero(np.diff(self._place[order])) + 1] if self.runs else []
            counted = np.arange(self.runs) - np.repeat(
                first, np.diff(np.r_[first, self.runs]).astype(int)
            )
            self._replicate = np.empty(self.runs, np.int64)
            self._replicate[order] = counted
            self.replicates = int(counted.max()) + 1 if self.runs else 0
        else:
            known, self._replicate = np.unique(replicate, return_inverse=True)
            self.replicates = len(known)

    @classmethod
    def of(cls, study: Study, columns: Mapping[str, Any], folder: Path | None = None) -> Results:
        """The runs of a study.

        Args:
            study: what was asked for.
            columns: of the runs' table.
            folder: where the study file lies.
        """
        plan = study.plan(folder)
        most = study.replication.most if study.replication else study.replicates
        if any(own is not None for _, own in plan.rows) or "replicate" not in columns:
            return cls(plan, columns, study.column_of)
        # a folder may hold more replicates than the study has by now
        kept = np.flatnonzero(np.asarray(columns["replicate"]) < most)
        own = {name: [values[k] for k in kept] for name, values in columns.items()}
        return cls(plan, own, study.column_of)

    def of_rows(self, measure: str) -> NDArray[np.float64]:
        """(lines of the design,) a measure; the mean over replicates where a line has several."""
        column = self._column(measure)
        mean = moments(self.values(measure))[1]
        found = [
            mean[place] if replicate is None
            else column[self._row_of[place, replicate]] if (place, replicate) in self._row_of
            else np.nan
            for place, replicate in self.plan.rows
        ]  # fmt: skip
        return np.array(found)

    def _column(self, measure: str) -> NDArray[np.float64]:
        column: NDArray[np.float64] = np.array(self.columns[self.column_of(measure)], float)
        return column[self._rows]

    def values(self, measure: str) -> NDArray[np.float64]:
        """(points, replicates) of a measure; nan where there is no run or no value."""
        found = np.full((len(self.plan.points), self.replicates), np.nan)
        found[self._place, self._replicate] = self._column(measure)
        return found

    def summary(self, measure: str) -> Summary:
        """Mean and interval of a measure at each point."""
        return interval_over_replicates(self.values(measure))

    def at(self, factor: str) -> list[Any]:
        """A factor's value at each point.

        Raises:
            InputError: if some points have none.
        """
        if any(factor not in point for point in self.plan.points):
            raise InputError(f"'{factor}' is not varied at every point of the design")
        return [point[factor] for point in self.plan.points]

    def levels(self, factor: str) -> list[Any]:
        """The values that a factor takes, numbers in their order, words in that of the design."""
        values = list(dict.fromkeys(self.at(factor)))
        words = any(isinstance(value, str) for value in values)
        return values if words else sorted(values)

    def groups(self, factor: str, bins: int = _BINS) -> Groups:
        """Points by a factor's level; many numbers in bins with equally many points."""
        values = self.at(factor)
        levels = self.levels(factor)
        if len(levels) <= _MOST_LEVELS or isinstance(values[0], str):
            rank = {level: k for k, level in enumerate(levels)}
            of = np.array([rank[value] for value in values])
            return Groups([np.flatnonzero(of == k) for k in range(len(levels))], levels, None)
        numbers = np.array(values, float)
        groups = np.array_split(np.argsort(numbers, kind="stable"), bins)
        inner = [(numbers[one].max() + numbers[other].min()) / 2.0
                 for one, other in pairwise(groups)]  # fmt: skip
        edges = [float(edge) for edge in (numbers.min(), *inner, numbers.max())]
        return Groups(groups, [float(numbers[group].mean()) for group in groups], edges)

    def grid(self, x: str, y: str, measure: str, interval: Interval | None = None) -> Grid:
        """A measure over two factors; ranges are cut so that a cell has some points.

        Args:
            x: the factor across.
            y: the factor upwards.
            measure: of what.
            interval: from a cell's (points, replicates) and the points' places its mean and half
                of its interval; by default those over replicates.
        """
        points = len(self.plan.points)
        bins = min(_BINS, max(2, int((points / _LEAST_IN_CELL) ** 0.5)))
        xs, ys = self.groups(x, bins), self.groups(y, bins)
        across, down = len(xs.places), len(ys.places)
        cell = np.zeros(points, int)
        for k, group in enumerate(xs.places):
            cell[group] += k
        for k, group in enumerate(ys.places):
            cell[group] += k * across
        values = self.values(measure)
        runs = np.bincount(cell, (~np.isnan(values)).sum(axis=1), across * down).astype(np.int64)
        shape = (down, across)
        if interval is not None:
            found = np.full((2, down * across), np.nan)
            for place in np.unique(cell):
                within = np.flatnonzero(cell == place)
                found[:, place] = interval(values[within], within)
            mean, half = found.reshape(2, *shape)
            return Grid(xs, ys, mean, half, runs.reshape(shape))
        # points share the luck of a replicate: further factors are averaged within each first
        by_replicate = np.full((down * across, self.replicates), np.nan)
        for place in np.unique(cell):
            within = values[cell == place]
            known = (~np.isnan(within)).sum(axis=0)
            sums = np.nansum(within, axis=0)
            by_replicate[place] = np.where(known > 0, sums / np.maximum(known, 1), np.nan)
        summary = interval_over_replicates(by_replicate)
        return Grid(
            xs, ys, summary.mean.reshape(shape), summary.half_width.reshape(shape),
            runs.reshape(shape),
        )  # fmt: skip
