"""Damaged shards put aside, so that their runs count as missing and are made again."""

from __future__ import annotations

import uuid
from pathlib import Path

import pyarrow as pa

from experiments.sweep.ordering import KEY
from experiments.sweep.shards import shards_in, write_shard
from experiments.sweep.store import Store


def set_aside(store: Store) -> list[Path]:
    """Move damaged shards out of the way; the caller holds the lock.

    Where a series is damaged its runs, though whole, are made again.

    Returns:
        where they are now.
    """
    moved = []
    for path in store.damaged():
        target = store.folder / "damaged"
        target.mkdir(exist_ok=True)
        moved.append(path.replace(target / f"{path.parent.name}-{path.name}"))
    lost = any(path.name.startswith("series-") for path in moved)
    if lost or store.about["identity"].get("series"):
        _forget_runs_without_series(store)
    return moved


def _forget_runs_without_series(store: Store) -> None:
    """Runs whose series is gone count as missing, however it went."""
    runs, series = store.read("runs"), store.read("series", KEY, every=True)
    if not runs.num_rows:
        return
    of_series: set[tuple[int, int]] = set()
    if series.num_rows:
        of_series = set(zip(*(series[name].to_pylist() for name in KEY), strict=True))
    own = zip(*(runs[name].to_pylist() for name in KEY), strict=True)
    keep = [run in of_series for run in own]
    if all(keep):
        return
    before = shards_in(store.folder / "runs")
    kept = runs.filter(pa.array(keep))
    if kept.num_rows:
        write_shard(store.folder / "runs", f"kept-{uuid.uuid4().hex[:8]}", kept)
    for shard in before:
        shard.path.unlink(missing_ok=True)
