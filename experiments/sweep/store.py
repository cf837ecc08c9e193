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

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from experiments.store import plain
from experiments.sweep.folder import FOLDERS, TABLES, is_own, remove_sweep, write_about
from experiments.sweep.identity import StoreError, check_identity
from experiments.sweep.journal import last_failures
from experiments.sweep.locks import looking
from experiments.sweep.ordering import KEY, in_order, with_parameters
from experiments.sweep.shards import (
    Shard,
    joined,
    read_shard,
    shards_in,
    sync_folder,
    table_of,
    write_shard,
    write_whole,
)
from model.errors import nearest

if TYPE_CHECKING:
    import pandas
    import polars

FORMAT = 1
READABLE = (*TABLES, "points")


class Finished(NamedTuple):
    """Which runs are finished."""

    points: NDArray[np.int64]
    """(F,) keys of their points."""
    replicates: NDArray[np.int64]
    """(F,)."""


class Store:
    """An existing sweep's folder.

    Raises:
        StoreError: if there is none, or it was written by a later version.

    >>> Store("nowhere")
    Traceback (most recent call last):
    ...
    experiments.sweep.identity.StoreError: nowhere holds no sweep (there is no sweep.json)
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        try:
            self.about: dict[str, Any] = json.loads((self.folder / "sweep.json").read_text("utf-8"))
        except FileNotFoundError:
            raise StoreError(f"{folder} holds no sweep (there is no sweep.json)") from None
        except (OSError, ValueError) as error:
            raise StoreError(f"{self.folder / 'sweep.json'}: cannot be read: {error}") from None
        if self.about.get("format") != FORMAT:
            raise StoreError(
                f"{self.folder / 'sweep.json'}: format {self.about.get('format')!r}; this version "
                f"reads {FORMAT}"
            )

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

    # reading

    def finished(self) -> Finished:
        """Which runs are finished, by a look at every shard's bytes.

        Raises:
            StoreError: naming shards whose bytes have changed.
        """
        table = self.read("runs", KEY)
        if not table.num_columns:
            return Finished(np.empty(0, np.int64), np.empty(0, np.int64))
        points, replicates = (table[name].to_numpy() for name in KEY)
        if len(shards_in(self.folder / "runs")) == 1:
            return Finished(points, replicates)
        order = np.lexsort((replicates, points))  # while shards are joined some stand there twice
        points, replicates = points[order], replicates[order]
        new = np.ones(len(points), bool)
        new[1:] = (points[1:] != points[:-1]) | (replicates[1:] != replicates[:-1])
        return Finished(points[new], replicates[new])

    def kinds(self) -> dict[str, str]:
        """What the columns of finished runs hold: ``number``, ``text`` or ``truth``."""
        for shard in shards_in(self.folder / "runs"):
            try:
                schema = pq.read_schema(shard.path)
            except (OSError, pa.ArrowInvalid):  # a damaged one: said elsewhere
                continue
            return {
                field.name: "text" if pa.types.is_string(field.type)
                else "truth" if pa.types.is_boolean(field.type) else "number"
                for field in schema if not pa.types.is_null(field.type)
            }  # fmt: skip
        return {}

    def count(self) -> int:
        """How many runs are finished, by the shards' names alone."""
        return sum(shard.rows for shard in shards_in(self.folder / "runs"))

    def table(self, name: str = "runs") -> pa.Table:
        """``runs``, ``series``, ``timings`` or ``points``, in the order of the design.

        A series' rows have their point's parameters too.

        Raises:
            StoreError: for damaged shards, or if a run has two different results.
        """
        if name not in READABLE:
            raise StoreError(
                f"there is no table '{name}'{nearest(name, READABLE)} (there are: "
                f"{', '.join(READABLE)})"
            )
        if name == "points":
            return self.points()
        table = self.stored(name)
        if name == "series" and table.num_rows:
            return with_parameters(table, self.points())
        return table

    def stored(self, name: str, columns: Iterable[str] | None = None) -> pa.Table:
        """A table as it is stored, in the order of the design, without doubles.

        Args:
            name: of the table.
            columns: only these, beside those that name the run.
        """
        wanted = None if columns is None else list(dict.fromkeys([*KEY, *columns]))
        table = self.read(name, wanted)
        if not table.num_rows:
            return table
        return in_order(table, self.points(), self.folder, may_differ=name == "timings")

    def load(
        self, name: str = "runs", frame: str = "pandas"
    ) -> pandas.DataFrame | polars.DataFrame:
        """A table as a data frame.

        Args:
            name: ``runs``, ``series``, ``timings`` or ``points``.
            frame: ``pandas`` or ``polars``.

        Raises:
            StoreError: see :meth:`table`.
        """
        if frame == "polars":
            from experiments.extras import needs

            with needs("polars", "analysis"):
                import polars
            read: Any = polars.from_arrow(self.table(name))
            return read
        if frame != "pandas":
            raise StoreError(f"frame = {frame!r} (allowed: pandas, polars)")
        return self.table(name).to_pandas()

    def points(self) -> pa.Table:
        """Key and parameters of the design's points, in its order."""
        path = self.folder / "points.parquet"
        if path.is_file():
            return pq.read_table(path, use_threads=False)
        return pa.table({"point": pa.array([], "int64")})

    def damaged(self) -> list[Path]:
        """Shards whose bytes are not those that were written."""
        return [
            shard.path for name in TABLES for shard in shards_in(self.folder / name)
            if read_shard(shard, []) is None and shard.path.exists()
        ]  # fmt: skip

    def failures(self) -> list[dict[str, Any]]:
        """Runs that failed and haven't succeeded since, the last failure of each."""
        last = last_failures(self.folder)
        if last:
            finished = self.finished()
            for run in zip(finished.points.tolist(), finished.replicates.tolist(), strict=True):
                last.pop(run, None)
        return list(last.values())

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

    def read(self, name: str, columns: list[str] | None = None, every: bool = False) -> pa.Table:
        """A table's shards; ``every``: those too whose runs were never written."""
        tables, damaged = [], []
        for shard in shards_in(self.folder / name) if every else self._counting(name):
            table = read_shard(shard, columns)
            if table is None and not shard.path.exists():  # joined with others meanwhile
                return self.read(name, columns, every)
            if table is None:
                damaged.append(shard.path)
            else:
                tables.append(table)
        if damaged:
            some = ", ".join(str(path) for path in damaged[:3])
            raise StoreError(
                f"{some}{' …' if len(damaged) > 3 else ''}: bytes have changed since this was "
                "written (a fault of the disk, or an edit); go on with the sweep: it puts such "
                "files aside and runs their runs anew"
            )
        return joined(tables) if tables else pa.table({})

    def _counting(self, name: str) -> list[Shard]:
        """A table's shards, without those whose runs were never written."""
        shards = shards_in(self.folder / name)
        if name == "runs":
            return shards
        whole = {shard.name for shard in shards_in(self.folder / "runs")}
        # while tables are being joined, "all" is there for some of them only; runs that were kept
        # when others lost their series stand under a new name
        if any(name.startswith("kept-") for name in whole):
            return shards
        return [shard for shard in shards if shard.name in whole or shard.name == "all"]


def check_same(store: Store, identity: Mapping[str, Any]) -> None:
    """Whether runs of an identity belong into a store.

    Raises:
        StoreError: saying in what they differ.
    """
    check_identity(store.folder, store.about["identity"], plain(identity))
