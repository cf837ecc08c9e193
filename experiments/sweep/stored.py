"""What stands in a sweep's folder, to be read; :mod:`experiments.sweep.store` writes it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from experiments.sweep.folder import TABLES
from experiments.sweep.identity import StoreError
from experiments.sweep.journal import last_failures
from experiments.sweep.ordering import KEY, in_order, with_parameters
from experiments.sweep.shards import Shard, joined, read_shard, shards_in
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


class Stored:
    """An existing sweep's folder, to be read.

    Raises:
        StoreError: if there is none, or it was written by a later version.
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
