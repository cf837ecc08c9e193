"""What a study leaves in ``results/``: tables, figure, findings and a manifest of all of them."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import os
import re
import shutil
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.intervals import interval_over_replicates
from experiments.paper.study import PaperStudy, Planned, Table, Tables
from experiments.paper.text import findings
from experiments.sweep.shards import write_whole
from model.errors import InputError

MANIFEST = "manifest.json"
TABLE, FINDINGS, FIGURE, SVG = "table.csv", "findings.md", "figure.json", "figure.svg"
_KEYS = ("point", "replicate", "seed", "fingerprint")


def runs_file(part: str) -> str:
    """Where a part's runs lie."""
    return f"{part}.parquet"


def series_file(part: str) -> str:
    """Where a part's courses lie."""
    return f"{part}_series.parquet"


def read_tables(study: PaperStudy, folder: Path) -> Tables:
    """A study's tables as they are stored.

    Raises:
        InputError: if one is missing or can't be read.
    """
    manifest = read_manifest(folder)
    found: Tables = {}
    for part in study.parts:
        if part.file not in manifest["parts"]:
            continue  # what it needs wasn't there
        own, beside = part.load(manifest["quick"])
        series = folder / series_file(part.file)
        found[part.file] = Table(
            own, beside, _columns(folder / runs_file(part.file)),
            _columns(series) if series.is_file() else None,
        )  # fmt: skip
    return found


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a study's folder.

    Raises:
        InputError: if there is none.
    """
    path = folder / MANIFEST
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; make it by scored reproduce") from None
    except ValueError as error:
        raise InputError(f"{path}: {error}") from None
    return told


def _columns(path: Path) -> dict[str, Any]:
    try:
        return columns_of(path.read_bytes())
    except (OSError, pa.ArrowInvalid) as error:
        raise InputError(f"{path}: {error}") from None


def columns_of(data: bytes) -> dict[str, Any]:
    """A Parquet file's columns as lists."""
    columns: dict[str, Any] = pq.read_table(io.BytesIO(data)).to_pydict()
    return columns


def parquet(table: pa.Table) -> bytes:
    """A table's bytes: the same for the same rows, whatever order they were made in."""
    names = [name for name in ("point", "replicate", "period") if name in table.column_names]
    ordered = table.sort_by([(name, "ascending") for name in names]).combine_chunks()
    stream = io.BytesIO()
    pq.write_table(ordered.replace_schema_metadata(None), stream, compression="zstd",
                   compression_level=9, store_schema=False)  # fmt: skip
    return stream.getvalue()


def table_csv(tables: Tables) -> bytes:
    """The tidy table: a row for each part, point and measure, with its 95 % interval."""
    import csv

    factors = list(dict.fromkeys(
        name for table in tables.values() for point in table.results.plan.points for name in point
    ))  # fmt: skip
    stream = io.StringIO()
    write = csv.writer(stream, lineterminator="\n").writerow
    write(["part", *factors, "measure", "runs", "mean", "sd", "low", "high"])
    for name, table in tables.items():
        results = table.results
        for measure in measures_of(table):
            values = results.values(measure)
            summary = interval_over_replicates(values)
            for k, point in enumerate(results.plan.points):
                known = values[k][~np.isnan(values[k])]
                mean, half = float(summary.mean[k]), float(summary.half_width[k])
                spread = float(known.std(ddof=1)) if len(known) > 1 else float("nan")
                write(
                    [
                        name,
                        *(point.get(factor, "") for factor in factors),
                        measure,
                        len(known),
                        *(_six(value) for value in (mean, spread, mean - half, mean + half)),
                    ]
                )
    return stream.getvalue().encode()


def measures_of(table: Table) -> list[str]:
    """The columns of a table that were measured, in their order."""
    factors = {name for point in table.results.plan.points for name in point}
    return [name for name in table.columns if name not in _KEYS and name not in factors]


def _six(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.6g}"


def figure_json(figure: Any) -> bytes:
    """A figure's data and looks as Plotly reads them, without the template that all share."""
    told = json.loads(figure.to_json())
    told["layout"].pop("template", None)
    return (json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


_RANDOM = re.compile(r"(?:top)?defs-[0-9a-f]{6}|clip[0-9a-f]{6}|legend[0-9a-f]{6}")


def svg_bytes(figure: Any, name: str) -> bytes | None:
    """A figure as SVG; None where there is no Chromium.

    Its random names are put in order and begin with the study's, so that several lie on one page.
    """
    image = _image(figure, "svg")
    if image is None:
        return None
    text = image.decode()
    drawn_names = dict.fromkeys(found[-6:] for found in _RANDOM.findall(text))
    names = {drawn: f"{name}{k}" for k, drawn in enumerate(drawn_names, start=1)}
    for drawn, k in names.items():
        text = text.replace(drawn, k)
    return text.encode() + b"\n"


def svg_for(figure: Any, told: bytes, folder: Path) -> bytes | None:
    """A figure as SVG; where there is no Chromium the one that is there, if of the same figure."""
    svg = svg_bytes(figure, folder.name)
    drawn, there = folder / FIGURE, folder / SVG
    if svg is None and there.is_file() and drawn.is_file() and drawn.read_bytes() == told:
        return there.read_bytes()
    return svg


def pdf_bytes(figure: Any) -> bytes | None:
    """A figure as PDF without the date of its making; None where there is no Chromium."""
    image = _image(figure, "pdf")
    if image is None:
        return None
    return re.sub(rb"(/(?:Creation|Mod)Date \(D:)\d{14}", rb"\g<1>20000101000000", image)


def browser() -> str | None:
    """A Chromium or Chrome that Kaleido can use; None where either isn't there."""
    if find_spec("kaleido") is None:
        return None
    told = os.environ.get("BROWSER_PATH") or os.environ.get("SCORED_CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return told or next(filter(None, map(shutil.which, names)), None)


def _image(figure: Any, form: str) -> bytes | None:
    found = browser()
    if found is None:
        return None
    logging.getLogger("choreographer").setLevel(logging.CRITICAL)  # it tells what it passes over
    os.environ["BROWSER_PATH"] = found
    image: bytes = figure.to_image(form, width=figure.layout.width, height=figure.layout.height)
    return image


def told(study: PaperStudy, tables: Tables) -> tuple[Any, bytes, bytes, bytes]:
    """What the stored tables say: the figure, its file, ``findings.md`` and ``table.csv``."""
    judged = study.about.judge(tables)
    numbers: Mapping[str, str] = study.about.numbers(tables)
    figure = study.about.figure(tables, numbers)
    first = tables[study.parts[0].file].study
    runs = sum(len(table.columns["point"]) for table in tables.values())
    text = findings(study, first, judged, numbers, runs, list(tables))
    write: Callable[[Tables], bytes] = getattr(study.about, "table", table_csv)
    return figure, figure_json(figure), text.encode(), write(tables)


def manifest(
    study: PaperStudy, planned: list[Planned], content: Mapping[str, bytes], quick: bool,
    versions: Mapping[str, Any],
) -> bytes:  # fmt: skip
    """What made the files of a folder, and their checksums."""
    return (json.dumps({
        "study": study.name, "quick": quick,
        "command": f"scored reproduce {study.name}{' --quick' if quick else ''}",
        "parts": {one.part.file: {
            "study_sha256": digest(one.part.path.read_bytes()), "seed": one.study.seed,
            "replicates": one.study.replicates, "points": len(one.plan.points), "runs": one.runs,
            "periods": one.study.periods,
        } for one in planned},
        "versions": dict(versions),
        "sha256": {name: digest(data) for name, data in sorted(content.items())},
    }, indent=1, sort_keys=True) + "\n").encode()  # fmt: skip


def digest(data: bytes) -> str:
    """SHA-256."""
    return hashlib.sha256(data).hexdigest()


def write_all(folder: Path, content: Mapping[str, bytes]) -> None:
    """Write a study's files; the manifest comes last, so that it speaks of whole ones."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in sorted(content, key=lambda name: (name == MANIFEST, name)):
        write_whole(folder / name, content[name])
