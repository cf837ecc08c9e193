"""A sweep's folder: what was asked for, what is finished, what failed.

::

    sweep.json         the study and all that must be the same for runs to belong together
    points.parquet     the design: key and parameters of each point
    runs/              one row a run: parameters, seed, measures, fingerprint
    series/            measures along the way, if the study asks for them
    timings/           what each run took, and in which session (not in runs/: it never repeats)
    sessions/          each process that wrote here: versions, machine, command, progress
    failures/          runs that raised, hung or killed their worker, with tracebacks
    damaged/           shards found with changed bytes, put aside; their runs are run anew

``runs/`` can be read at any time by anything that reads Parquet; when all is finished it is one
file, the same to the byte however often the sweep was interrupted. A run is finished if it stands
in ``runs/``: series and timings are written first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.store import plain
from experiments.sweep.folder import FOLDERS, is_own, remove_sweep, write_about
from experiments.sweep.identity import StoreError, check_identity
from experiments.sweep.locks import looking
from experiments.sweep.shards import (
    joined,
    shards_in,
    sync_folder,
    table_of,
    write_shard,
    write_whole,
)
from experiments.sweep.stored import FORMAT, Stored


class Store(Stored):
    """An existing sweep's folder, to be written and read (:class:`Stored`).

    Raises:
        StoreError: if there is none, or it was written by a later version.

    >>> Store("nowhere")
    Traceback (most recent call last):
    ...
    experiments.sweep.identity.StoreError: nowhere holds no sweep (there is no sweep.json)
    """

    @classmethod
    def create(
        cls,
        folder: str | Path,
        identity: Mapping[str, Any],
        about: Mapping[str, Any] | None = None,
        overwrite: bool = False,
    ) -> Store:
        """A sweep's folder, new or the one that is there, if it is of the same sweep.

        Args:
            folder: where.
            identity: what must be the same for runs to belong together, as plain data.
            about: what else to remember of the sweep; replaced where the sweep goes on.
            overwrite: begin anew where another sweep is.

        Raises:
            StoreError: if another sweep, or anything else, is there; if it cannot be written.
        """
        folder = Path(folder)
        if folder.exists() and not folder.is_dir():
            raise StoreError(f"{folder} is a file, not a folder")
        identity = plain(identity)
        others = []
        if folder.is_dir():
            others = sorted(path.name for path in folder.iterdir() if not is_own(path.name))
        if others:
            raise StoreError(
                f"{folder} holds something else than this writes ('{others[0]}'); choose another "
                "folder"
            )
        try:
            (folder / "locks").mkdir(parents=True, exist_ok=True)
            with looking(folder):
                if overwrite and (folder / "sweep.json").is_file():
                    remove_sweep(folder)
                if (folder / "sweep.json").is_file():
                    check_identity(folder, Store(folder).about["identity"], identity)
                else:
                    for name in FOLDERS:
                        (folder / name).mkdir(exist_ok=True)
                    write_about(folder, {"format": FORMAT, "identity": identity, **(about or {})})
        except OSError as error:
            raise StoreError(f"{folder}: cannot be written: {error.strerror or error}") from None
        return cls(folder)

    def remember(
        self,
        about: Mapping[str, Any],
        points: Iterable[Mapping[str, Any]],
        keys: Iterable[int],
    ) -> None:
        """Renew what the folder says of the sweep, and its design; the caller holds the lock.

        What identifies the sweep grows by what it lacks (another scenario's digest).
        """
        identity = dict(self.about["identity"])
        for name, value in plain(about.get("identity", {})).items():
            if isinstance(value, dict) and isinstance(identity.get(name), dict):
                identity[name] = {**identity[name], **value}
        rest = {name: value for name, value in about.items() if name != "identity"}
        write_about(self.folder, {"format": FORMAT, "identity": identity, **rest})
        self.about = Store(self.folder).about
        self.put_points(points, keys)

    # writing; the caller holds the lock

    def put_points(self, plan_points: Iterable[Mapping[str, Any]], keys: Iterable[int]) -> None:
        """Remember a design; points of an earlier one that it lacks come after it."""
        rows = [{"point": key, **point} for key, point in zip(keys, plan_points, strict=True)]
        here = {row["point"] for row in rows}
        rows += [row for row in self.points().to_pylist() if row["point"] not in here]
        sink = pa.BufferOutputStream()
        pq.write_table(table_of(rows), sink, compression="zstd")
        write_whole(self.folder / "points.parquet", sink.getvalue().to_pybytes())

    def put(
        self,
        name: str,
        runs: list[dict[str, Any]],
        series: list[pa.Table],
        timings: list[dict[str, Any]],
    ) -> None:
        """Write finished runs as one shard a table, the runs last: they make it count."""
        if series:
            write_shard(self.folder / "series", name, joined(series))
        if timings:
            write_shard(self.folder / "timings", name, table_of(timings))
        write_shard(self.folder / "runs", name, table_of(runs))

    def compact(self) -> None:
        """Join the shards of each table into one, in the order of the design.

        If it is cut short, a run stands twice for a while, and counts once.
        """
        for name in ("series", "timings", "runs"):
            before = shards_in(self.folder / name)
            if len(before) < 2 and all(shard.name == "all" for shard in before):
                continue
            table = self.stored(name)
            kept = write_shard(self.folder / name, "all", table)
            for shard in before:
                if shard.path != kept.path:
                    shard.path.unlink(missing_ok=True)
            sync_folder(self.folder / name)


def check_same(store: Store, identity: Mapping[str, Any]) -> None:
    """Whether runs of an identity belong into a store.

    Raises:
        StoreError: saying in what they differ.
    """
    check_identity(store.folder, store.about["identity"], plain(identity))
