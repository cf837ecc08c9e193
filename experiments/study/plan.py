"""A study's points as a plan of runs, each with a name and a seed of its own.

A point is known by a key made of its values, not by its place in the design. More levels, points or
replicates therefore change neither name nor seed of any other run, and a finished run is found
again in whatever order a design is written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.study.designs import Point, Row
from model.chance import replicate_seed
from model.errors import InputError

Runs = NDArray[np.int64]

RESERVED = ("point", "replicate", "seed", "period")
"""Columns of a sweep's tables: no parameter and no measure may be called so."""

_KEY_BITS = 52  # every tool, JavaScript and spreadsheets included, holds such whole numbers


class Case(NamedTuple):
    """One run to be made: plain data."""

    point: int
    """Key of the design point."""
    replicate: int
    seed: int
    parameters: Point
    """What differs from the base, by flat name."""

    @property
    def name(self) -> str:
        """How a person names the run."""
        return f"{self.point}/{self.replicate}"


def key_of(point: Point) -> int:
    """A point's key: a digest of its names and values, below 2⁵², the same on every machine.

    >>> key_of({"detection": 0.3, "citizens": 100}) == key_of({"citizens": 100, "detection": 0.3})
    True
    >>> key_of({"detection": 0.3}) == key_of({"detection": 0.30000000000000004})
    False
    """
    text = json.dumps(point, sort_keys=True, ensure_ascii=True)
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (64 - _KEY_BITS)


class Plan:
    """The distinct points of a design, in the order of their first appearance.

    Attributes:
        points: parameters of each point.
        keys: their keys, in the same order.
        rows: the design line by line: (place of the point, replicate, or None for all).
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self.points: list[Point] = []
        self.keys: list[int] = []
        self.rows: list[tuple[int, int | None]] = []
        place: dict[int, int] = {}
        for row in rows:
            for name in RESERVED:
                if name in row.point:
                    raise InputError(f"'{name}' can't be varied: it is a column of every table")
            key = key_of(row.point)
            k = place.get(key)
            if k is None:
                k = place[key] = len(self.points)
                self.points.append(row.point)
                self.keys.append(key)
            elif self.points[k] != row.point:  # one in 10⁶ for a study of 100,000 points
                raise InputError(f"two points have one key: {self.points[k]} and {row.point}")
            self.rows.append((k, row.replicate))
        self.place = place

    def runs(self, replicates: int) -> Runs:
        """Every run wanted: (R, 2) of place of the point and replicate, replicate by replicate.

        In this order an unfinished sweep covers the whole design, and twins are neighbours.
        """
        single = [row for row in dict.fromkeys(self.rows) if row[1] is not None]
        everywhere = np.array(
            list(dict.fromkeys(k for k, replicate in self.rows if replicate is None)), np.int64
        )
        full = np.empty((len(everywhere) * replicates, 2), np.int64)
        full[:, 0] = np.tile(everywhere, replicates)
        full[:, 1] = np.repeat(np.arange(replicates), len(everywhere))
        if not single:
            return full
        alone = np.array(single, np.int64)
        both: Runs = np.concatenate([alone, full[~_among(full, alone)]])
        return both

    def missing(self, runs: Runs, points: Runs, replicates: Runs) -> Runs:
        """Those of ``runs`` that aren't among the finished.

        Args:
            runs: (R, 2), as :meth:`runs` gives them.
            points: (F,) keys of finished runs' points.
            replicates: (F,) their replicates.
        """
        if not len(points):
            return runs
        places = places_of(np.array(self.keys, np.int64), points)
        known = places >= 0
        finished = np.stack([places[known], replicates[known]], axis=1)
        left: Runs = runs[~_among(runs, finished)]
        return left

    def cases(self, runs: Runs, seed: int, twins: bool = True) -> Iterator[Case]:
        """Runs with their seeds, made as they are needed.

        Args:
            runs: (R, 2) of place of the point and replicate.
            seed: the study's.
            twins: a replicate has the same seed at every point (common random numbers); else each
                point has luck of its own.
        """
        for k, replicate in runs.tolist():
            key = self.keys[k]
            own = replicate_seed(seed, replicate, 0 if twins else key)
            yield Case(key, replicate, own, self.points[k])


def places_of(keys: NDArray[np.int64], points: NDArray[np.int64]) -> NDArray[np.int64]:
    """(F,) where each of ``points`` stands in ``keys``; −1 where it doesn't.

    >>> places_of(np.array([7, 3]), np.array([3, 3, 5, 7])).tolist()
    [1, 1, -1, 0]
    """
    if not len(keys):
        return np.full(len(points), -1)
    order = np.argsort(keys)
    at = np.minimum(np.searchsorted(keys, points, sorter=order), len(keys) - 1)
    return np.where(keys[order[at]] == points, order[at], -1)


def _among(runs: Runs, others: Runs) -> NDArray[np.bool_]:
    """Which rows of (R, 2) are among those of (F, 2)."""
    found: NDArray[np.bool_] = np.isin(
        runs[:, 0] << 32 | runs[:, 1], others[:, 0] << 32 | others[:, 1]
    )
    return found


def shard_of(runs: Runs, number: int, shards: int) -> Runs:
    """The part of one of several processes that share a sweep without talking: every n-th run.

    >>> shard_of(np.arange(5), 1, 2), shard_of(np.arange(5), 2, 2)
    (array([0, 2, 4]), array([1, 3]))
    """
    return runs[number - 1 :: shards]
