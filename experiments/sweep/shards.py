"""Tables in pieces that appear whole or not at all, and that show if a byte of them changed.

A shard is a Parquet file named ``<name>.<rows>.<digest>.parquet``. It is written beside its place,
forced to disk and renamed; its digest is that of its bytes, so a truncated or flipped file is known
by its name alone.
"""

from __future__ import annotations

import hashlib
import io
import os
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

_SUFFIX = ".parquet"


class Shard(NamedTuple):
    """What a shard's name says."""

    path: Path
    name: str
    rows: int
    digest: str


def write_shard(folder: Path, name: str, table: pa.Table) -> Shard:
    """Write a table as a shard, forced to disk.

    Raises:
        OSError: if it cannot be written; nothing is left then.
    """
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    content = buffer.getbuffer()
    shard = Shard(
        folder / f"{name}.{table.num_rows}.{_digest(content)}{_SUFFIX}",
        name, table.num_rows, _digest(content),
    )  # fmt: skip
    write_whole(shard.path, content)
    return shard


def write_whole(path: Path, content: bytes | memoryview) -> None:
    """Write a file so that after a power cut it is there whole, or as it was before."""
    # readers pass over names with a dot; processes of several machines may have one number
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}")
    try:
        with draft.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        error.filename = error.filename or str(path)  # a full disk doesn't say where
        raise
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Force a folder's list of names to disk, where the system can do it."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:  # some network file systems can't
        pass
    finally:
        os.close(handle)


def _digest(content: bytes | memoryview) -> str:
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def shards_in(folder: Path) -> list[Shard]:
    """The shards of a folder by name, without a look into them; other files are passed over."""
    found = []
    for path in sorted(folder.glob(f"[!.]*{_SUFFIX}")):
        parts = path.name.removesuffix(_SUFFIX).rsplit(".", 2)
        if len(parts) == 3 and parts[1].isdigit():
            found.append(Shard(path, parts[0], int(parts[1]), parts[2]))
    return found


def read_shard(shard: Shard, columns: list[str] | None = None) -> pa.Table | None:
    """A shard's table; None if its bytes are not those that were written.

    Args:
        shard: which.
        columns: only these, of those that it has.
    """
    try:
        content = shard.path.read_bytes()
    except FileNotFoundError:  # another process has joined it with others since we looked
        return None
    if _digest(content) != shard.digest:
        return None
    if columns is None:
        return pq.read_table(pa.BufferReader(content), use_threads=False)
    file = pq.ParquetFile(pa.BufferReader(content))
    # without threads: they might still be ending as the process does
    named = [name for name in columns if name in file.schema_arrow.names]
    return file.read(columns=named, use_threads=False)


def joined(tables: Iterable[pa.Table]) -> pa.Table:
    """Tables one below the other; a column that one of them lacks is null there.

    Where they differ in columns these are sorted, so that it doesn't matter which came first.
    """
    several = list(tables)
    if len({tuple(table.column_names) for table in several}) > 1:
        names = sorted({name for table in several for name in table.column_names})
        several = [
            table.select([name for name in names if name in table.column_names])
            for table in several
        ]
        order = pa.schema([
            next(table.schema.field(name) for table in several if name in table.column_names)
            for name in names
        ])  # fmt: skip
        several.insert(0, order.empty_table())
    return pa.concat_tables(several, promote_options="permissive")


def table_of(rows: list[dict[str, Any]]) -> pa.Table:
    """Rows as a table; columns are sorted where rows differ in them, as :func:`joined` does."""
    names = list(rows[0]) if rows else []
    if any(list(row) != names for row in rows):
        names = sorted({name for row in rows for name in row})
    return pa.table({name: [row.get(name) for row in rows] for name in names})
