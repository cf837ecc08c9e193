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
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from experiments.store import plain
from experiments.sweep.locks import held_parts
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
from model.errors import InputError

if TYPE_CHECKING:
    import pandas
    import polars

FORMAT = 1
TABLES = ("runs", "series", "timings")
_FOLDERS = (*TABLES, "sessions", "failures", "locks")
_OWN = {
    "sweep.json",
    "points.parquet",
    "figure.html",
    "damaged",
    "analysis",
    "calibration",
    *_FOLDERS,
}
_KEY = ["point", "replicate"]


class Finished(NamedTuple):
    """Which runs are finished."""

    points: NDArray[np.int64]
    """(F,) keys of their points."""
    replicates: NDArray[np.int64]
    """(F,)."""


class StoreError(InputError):
    """A sweep's folder is not what it should be."""


class Store:
    """An existing sweep's folder.

    Raises:
        StoreError: if there is none, or it was written by a later version.

    >>> Store("nowhere")
    Traceback (most recent call last):
    ...
    experiments.sweep.store.StoreError: nowhere holds no sweep (there is no sweep.json)
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
        wanted = {"format": FORMAT, "identity": plain(identity), **plain(dict(about or {}))}
        if (folder / "sweep.json").is_file():
            if overwrite:
                _remove(folder)
            else:
                _same(folder, Store(folder).about["identity"], wanted["identity"])
        elif folder.exists() and any(folder.iterdir()):
            raise StoreError(f"{folder} holds something else than a sweep; choose another folder")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name in _FOLDERS:
                (folder / name).mkdir(exist_ok=True)
            content = json.dumps(wanted, indent=1, ensure_ascii=False) + "\n"
            write_whole(folder / "sweep.json", content.encode())
        except OSError as error:
            raise StoreError(f"{folder}: cannot be written: {error.strerror}") from None
        return cls(folder)

    # reading

    def finished(self) -> Finished:
        """Which runs are finished, by a look at every shard's bytes.

        Raises:
            StoreError: naming shards whose bytes have changed.
        """
        table = self._read("runs", _KEY)
        if not table.num_columns:
            return Finished(np.empty(0, np.int64), np.empty(0, np.int64))
        points, replicates = (table[name].to_numpy() for name in _KEY)
        if len(shards_in(self.folder / "runs")) == 1:
            return Finished(points, replicates)
        order = np.lexsort((replicates, points))  # while shards are joined some stand there twice
        points, replicates = points[order], replicates[order]
        new = np.ones(len(points), bool)
        new[1:] = (points[1:] != points[:-1]) | (replicates[1:] != replicates[:-1])
        return Finished(points[new], replicates[new])

    def count(self) -> int:
        """How many runs are finished, by the shards' names alone."""
        return sum(shard.rows for shard in shards_in(self.folder / "runs"))

    def table(self, name: str = "runs") -> pa.Table:
        """``runs``, ``series`` or ``timings``, in the order of the design.

        Raises:
            StoreError: for damaged shards, or if a run has two different results.
        """
        if name not in TABLES:
            raise StoreError(f"there is no table '{name}' (there are: {', '.join(TABLES)})")
        table = self._read(name)
        if not table.num_rows:
            return table
        order = self._order(table)
        table = table.take(pa.array(order))
        return self._without_doubles(table, name)

    def load(
        self, name: str = "runs", frame: str = "pandas"
    ) -> pandas.DataFrame | polars.DataFrame:
        """A table as a data frame.

        Args:
            name: ``runs``, ``series`` or ``timings``.
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
        return pq.read_table(path) if path.is_file() else pa.table({"point": pa.array([], "int64")})

    def damaged(self) -> list[Path]:
        """Shards whose bytes are not those that were written."""
        return [
            shard.path for name in TABLES for shard in shards_in(self.folder / name)
            if read_shard(shard, []) is None and shard.path.exists()
        ]  # fmt: skip

    def failures(self) -> list[dict[str, Any]]:
        """Runs that failed and haven't succeeded since, the last failure of each."""
        last: dict[tuple[int, int], dict[str, Any]] = {}
        for path in sorted((self.folder / "failures").glob("*.jsonl")):
            for line in path.read_text("utf-8").splitlines():
                try:
                    told = json.loads(line)
                except ValueError:  # the line at which the power went
                    continue
                before = last.get((told["point"], told["replicate"]))
                if before is None or before["when"] <= told["when"]:
                    last[told["point"], told["replicate"]] = told
        if not last:
            return []
        finished = self.finished()
        for run in zip(finished.points.tolist(), finished.replicates.tolist(), strict=True):
            last.pop(run, None)
        return list(last.values())

    def sessions(self) -> list[dict[str, Any]]:
        """What each process that wrote here said of itself, the earliest first."""
        told = []
        for path in (self.folder / "sessions").glob("*.json"):
            try:
                told.append(json.loads(path.read_text("utf-8")))
            except (OSError, ValueError):
                continue
        return sorted(told, key=lambda session: session["started"])

    # writing; the caller holds the lock

    def put_points(self, plan_points: Iterable[Mapping[str, Any]], keys: Iterable[int]) -> None:
        """Remember a design; points of an earlier one that it lacks come after it."""
        rows = [{"point": key, **point} for key, point in zip(keys, plan_points, strict=True)]
        here = {row["point"] for row in rows}
        rows += [row for row in self.points().to_pylist() if row["point"] not in here]
        sink = pa.BufferOutputStream()
        pq.write_table(table_of(rows), sink, compression="zstd")
        write_whole(self.folder / "points.parquet", sink.getvalue().to_pybytes())

    def set_aside(self) -> list[Path]:
        """Move damaged shards out of the way, so that their runs count as missing.

        Where a series is damaged its runs, though whole, are made again.
        """
        damaged = self.damaged()
        lost = {path.name.partition(".")[0] for path in damaged if path.parent.name == "series"}
        damaged += [shard.path for shard in shards_in(self.folder / "runs")
                    if shard.name in lost and shard.path not in damaged]  # fmt: skip
        moved = []
        for path in damaged:
            target = self.folder / "damaged"
            target.mkdir(exist_ok=True)
            moved.append(path.replace(target / f"{path.parent.name}-{path.name}"))
        return moved

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
            table = self.table(name)
            kept = write_shard(self.folder / name, "all", table)
            for shard in before:
                if shard.path != kept.path:
                    shard.path.unlink(missing_ok=True)
            sync_folder(self.folder / name)

    def _read(self, name: str, columns: list[str] | None = None) -> pa.Table:
        tables, damaged = [], []
        for shard in self._counting(name):
            table = read_shard(shard, columns)
            if table is None and not shard.path.exists():  # joined with others meanwhile
                return self._read(name, columns)
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
        # while tables are being joined, "all" is there for some of them only
        return [shard for shard in shards if shard.name in whole or shard.name == "all"]

    def _order(self, table: pa.Table) -> NDArray[np.int64]:
        keys = self.points()["point"].to_numpy()
        rank_of = np.argsort(keys)
        points = table["point"].to_numpy()
        at = np.searchsorted(keys, points, sorter=rank_of)
        rank = np.full(len(points), len(keys), np.int64)
        if len(keys):
            places = rank_of[np.minimum(at, len(keys) - 1)]
            rank = np.where(keys[places] == points, places, len(keys))
        columns = [points, rank]
        columns.insert(0, table["replicate"].to_numpy())
        if "period" in table.column_names:
            columns.insert(0, table["period"].to_numpy())
        order: NDArray[np.int64] = np.lexsort(columns)
        return order

    def _without_doubles(self, table: pa.Table, name: str) -> pa.Table:
        """A sorted table without rows that stand in it twice."""
        key = [*_KEY, "period"] if name == "series" else _KEY
        same = np.ones(table.num_rows - 1, bool)
        for column in key:
            values = table[column].to_numpy()
            same &= values[1:] == values[:-1]
        if not same.any():
            return table
        again = np.flatnonzero(same) + 1
        if name != "timings":
            first = table.take(pa.array(again - 1)).to_pylist()
            second = table.take(pa.array(again)).to_pylist()
            for one, other in zip(first, second, strict=True):
                if repr(one) != repr(other):
                    raise StoreError(
                        f"{self.folder}: run {one['point']}/{one['replicate']} has two different "
                        "results; were folders of different models or machines merged?"
                    )
        keep = np.ones(table.num_rows, bool)
        keep[again] = False
        return table.filter(pa.array(keep))


def _same(folder: Path, had: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Whether what is in a folder and what is to be written belong together.

    Tables within the identity may grow: what both have must be the same.
    """
    faults = []
    for key in sorted(had.keys() | wanted.keys()):
        mine, theirs = had.get(key), wanted.get(key)
        if isinstance(mine, dict) and isinstance(theirs, dict):
            common = mine.keys() & theirs.keys()
            faults += [f"{key}.{name}: there {mine[name]!r}, now {theirs[name]!r}"
                       for name in sorted(common) if mine[name] != theirs[name]]  # fmt: skip
        elif mine != theirs:
            faults.append(f"{key}: there {mine!r}, now {theirs!r}")
    if faults:
        more = f"\n  and {len(faults) - 5} more" if len(faults) > 5 else ""
        raise StoreError(
            f"{folder} holds another sweep; choose another folder, or add --overwrite.\n  "
            + "\n  ".join(faults[:5]) + more
        )  # fmt: skip


def _remove(folder: Path) -> None:
    """Remove a sweep's folder's content, unless there is anything that isn't a sweep's."""
    others = sorted(path.name for path in folder.iterdir() if path.name not in _OWN)
    if others:
        raise StoreError(
            f"{folder} holds something else than this writes ('{others[0]}'); it is not overwritten"
        )
    if held_parts(folder):
        raise StoreError(f"{folder}: a sweep is being written there; stop it first")
    (folder / "sweep.json").unlink()  # from here on it is no sweep, however this ends
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def merge(sources: Iterable[str | Path], target: str | Path) -> Store:
    """Bring the runs of several folders of one sweep together in a new one.

    Raises:
        StoreError: if they are not of one sweep, or a run has two different results.
    """
    stores = [Store(source) for source in sources]
    if not stores:
        raise StoreError("nothing to merge")
    first = stores[0]
    for store in stores[1:]:
        _same(store.folder, first.about["identity"], store.about["identity"])
    about = {key: value for key, value in first.about.items() if key not in ("format", "identity")}
    merged = Store.create(target, first.about["identity"], about)
    rows = [row for store in stores for row in store.points().to_pylist()]
    unique = {row["point"]: row for row in rows}
    merged.put_points(
        [
            {name: value for name, value in row.items() if name != "point"}
            for row in unique.values()
        ],
        unique,
    )
    for number, store in enumerate(stores):
        for name in ("series", "timings", "runs"):
            table = store.table(name)
            if table.num_rows:
                write_shard(merged.folder / name, f"from-{number}", table)
        for kind in ("sessions", "failures"):
            for path in (store.folder / kind).iterdir():
                shutil.copy2(path, merged.folder / kind / path.name)
    merged.compact()
    return merged
