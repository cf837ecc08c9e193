"""Rows of a sweep's tables in the order of its design, each once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from experiments.study.plan import places_of
from experiments.sweep.identity import StoreError

KEY = ["point", "replicate"]
"""Columns that name a run."""


def in_order(table: pa.Table, points: pa.Table, folder: Path, may_differ: bool = False) -> pa.Table:
    """A table's rows by point, replicate and period, without those that stand in it twice.

    Args:
        table: with the columns of ``KEY``.
        points: of the design.
        folder: to name in an error.
        may_differ: whether a run that stands there twice may have two values (timings).

    Raises:
        StoreError: if a run has two different results.
    """
    table = table.take(pa.array(_order(table, points))).select(_columns(table, points))
    key = [*KEY, "period"] if "period" in table.column_names else KEY
    same = np.ones(max(table.num_rows - 1, 0), bool)
    for column in key:
        values = table[column].to_numpy()
        same &= values[1:] == values[:-1]
    if not same.any():
        return table
    again = np.flatnonzero(same) + 1
    if not may_differ:
        first = table.take(pa.array(again - 1)).to_pylist()
        second = table.take(pa.array(again)).to_pylist()
        for one, other in zip(first, second, strict=True):
            if repr(one) != repr(other):
                raise StoreError(
                    f"{folder}: run {one['point']}/{one['replicate']} has two different "
                    "results; were folders of different models or machines merged?"
                )
    keep = np.ones(table.num_rows, bool)
    keep[again] = False
    return table.filter(pa.array(keep))


def with_parameters(table: pa.Table, points: pa.Table) -> pa.Table:
    """A table with its points' parameters beside their keys."""
    places = places_of(points["point"].to_numpy(), table["point"].to_numpy())
    at = pa.array(places, mask=places < 0)
    for position, name in enumerate(points.column_names[1:], start=2):
        table = table.add_column(position, name, points[name].take(at))
    return table


def _order(table: pa.Table, points: pa.Table) -> NDArray[np.int64]:
    keys = table["point"].to_numpy()
    places = places_of(points["point"].to_numpy(), keys)
    # points that the design no longer has come last
    columns = [table["replicate"].to_numpy(), keys, np.where(places < 0, points.num_rows, places)]
    if "period" in table.column_names:
        columns.insert(0, table["period"].to_numpy())
    order: NDArray[np.int64] = np.lexsort(columns)
    return order


def _columns(table: pa.Table, points: pa.Table) -> list[str]:
    """The order of columns, whichever run came first."""
    first = [*KEY, *points.column_names, "seed", "period"]
    known = dict.fromkeys(name for name in first if name in table.column_names)
    return [*known, *(name for name in table.column_names if name not in known)]
