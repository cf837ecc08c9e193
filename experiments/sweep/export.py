"""A sweep's table in the forms that other programs read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from experiments.extras import needs
from experiments.sweep.identity import StoreError
from experiments.sweep.shards import write_whole
from experiments.sweep.stored import Stored
from model.declared import declared
from model.errors import nearest
from model.measures import MEASURES

_BY_SUFFIX = {".csv": "csv", ".xlsx": "excel", ".dta": "stata", ".parquet": "parquet"}
_STATA_NAME = 32
_STATA_LABEL = 80
_EXCEL_ROWS = 1_048_575


def export_table(
    store: Stored,
    path: Path,
    name: str = "runs",
    form: str | None = None,
    overwrite: bool = False,
) -> int:
    """Write a table; returns its rows.

    CSV is UTF-8 with every digit of every number. ``excel`` writes ``.xlsx``, or for ``.csv`` the
    same with the mark by which Excel knows UTF-8. Stata's names have at most 32 characters: longer
    ones are cut; a variable's label says what it is, with its unit.

    Raises:
        StoreError: if the file is there, its kind unknown, or the table too long for it.
    """
    suffix = path.suffix.lower()
    form = form or _BY_SUFFIX.get(suffix)
    if form is None:
        raise StoreError(
            f"{path}: what shall it be? name it {', '.join(_BY_SUFFIX)}, or say --format"
            f"{nearest(suffix, _BY_SUFFIX)}"
        )
    if path.exists() and not overwrite:
        raise StoreError(f"{path} is there already; add --overwrite, or name another file")
    table = store.table(name)
    if not table.num_rows:
        raise StoreError(f"{store.folder}: no row of '{name}' is finished yet")
    try:
        if form == "parquet":
            import pyarrow as pa
            import pyarrow.parquet as pq

            sink = pa.BufferOutputStream()
            pq.write_table(table, sink, compression="zstd")
            write_whole(path, sink.getvalue().to_pybytes())
        else:
            _write(table.to_pandas(), path, form, suffix)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror or error}") from None
    return int(table.num_rows)


def _write(frame: Any, path: Path, form: str, suffix: str) -> None:
    import io

    if form == "csv" or (form == "excel" and suffix == ".csv"):
        text = frame.to_csv(index=False)
        write_whole(path, text.encode("utf-8-sig" if form == "excel" else "utf-8"))
        return
    content = io.BytesIO()
    if form == "excel":
        if len(frame) > _EXCEL_ROWS:
            raise StoreError(f"{path}: {len(frame):,} rows; Excel takes {_EXCEL_ROWS:,}; use CSV")
        with needs("openpyxl", "export"):
            import openpyxl  # noqa: F401
        frame["point"] = frame["point"].astype(str)  # Excel keeps 15 digits of a number
        frame.to_excel(content, index=False)
    else:
        labels = _stata_names(list(frame.columns))
        # Stata's whole numbers end at 2³¹; keys are longer
        frame["point"] = frame["point"].astype(str)
        frame = frame.rename(columns={full: short for short, full in labels.items()})
        frame.to_stata(
            content, write_index=False, version=118,
            variable_labels={short: _label(full) for short, full in labels.items()},
        )  # fmt: skip
    write_whole(path, content.getvalue())


def _label(column: str) -> str:
    """A column's name, meaning and unit in Stata's 80 characters."""
    parameters = {row.name: row for row in declared()}
    about: Any = parameters.get(column)
    if about is None:  # a measure where a parameter has the same name, or at the end
        about = MEASURES.get(column.removesuffix("_final").removesuffix("_measured"))
    said = f"{column}: {about.meaning}" if about else column
    if about and about.unit:
        said += f" ({about.unit})"
    return said if len(said) <= _STATA_LABEL else said[: _STATA_LABEL - 1] + "…"


def _stata_names(columns: list[str]) -> dict[str, str]:
    """Short name → name, all different.

    >>> _stata_names(["dissent", "x" * 20 + "_measured_in_the_last_period"])["dissent"]
    'dissent'
    >>> [len(name) for name in _stata_names(["x" * 40, "x" * 41])]
    [32, 32]
    """
    named: dict[str, str] = {}
    for full in columns:
        short = full
        number = 0
        while len(short) > _STATA_NAME or short in named:
            number += 1
            tail = f"_{number}"
            short = full[: _STATA_NAME - len(tail)] + tail
        named[short] = full
    return named
