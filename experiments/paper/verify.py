"""Whether what is committed is what the code gives: files, figures, quoted numbers, single runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from experiments.paper import docked, writing
from experiments.paper.gallery import pages
from experiments.paper.study import PaperStudy, Planned, Table
from experiments.study.plan import Case
from experiments.sweep.running import run_one
from experiments.tables import texts
from model.errors import InputError


class Verified(NamedTuple):
    """What was compared of a study, and what differs."""

    study: str
    files: int
    runs: int
    """Made again."""
    faults: list[str]
    left_out: list[str] = []  # noqa: RUF012  (nobody adds to it)
    """Parts of which no run could be made again: their real network isn't here."""


def verify(study: PaperStudy, out: Path, sample: int, seed: int) -> Verified:
    """Compare a study's folder with what the code gives.

    Checksums of all files; the study files; figure, findings and table as they follow from the
    stored runs; and so many runs of each part, drawn at random, made again and compared to the bit.

    Args:
        study: which.
        out: the folder of results.
        sample: runs of each part.
        seed: which are drawn.
    """
    folder = out / study.name
    try:
        manifest = writing.read_manifest(folder)
    except InputError as error:
        return Verified(study.name, 0, 0, [str(error)])
    faults = checksums(folder, manifest)
    if any("is missing" in fault for fault in faults):
        return Verified(study.name, len(manifest["sha256"]), 0, faults)
    try:
        tables = writing.read_tables(study, folder)
        faults += _derived(study, folder, tables)
    except (InputError, KeyError, ValueError) as error:
        faults.append(f"{folder}: the stored runs don't give what is told of them: {error}")
        return Verified(study.name, len(manifest["sha256"]), 0, faults)
    runs = 0
    left_out: list[str] = []
    for part in study.parts:
        if part.file not in manifest["parts"]:
            continue
        planned = Planned(part, manifest["quick"])
        told = manifest["parts"][part.file]
        if told.get("study_sha256") != writing.digest(part.path.read_bytes()):
            faults.append(f"{part.path}: the study file is not the one that was run")
        if not planned.can_be_run:
            left_out.append(part.file)
            continue
        path = folder / writing.runs_file(part.file)
        for fault in _again(planned, tables[part.file], sample, seed):
            faults.append(f"{path}: {fault}")
        runs += min(sample, planned.runs)
    return Verified(study.name, len(manifest["sha256"]), runs, faults, left_out)


def checksums(folder: Path, manifest: dict[str, Any]) -> list[str]:
    """Files that aren't those of which a manifest speaks, that are missing, or of no manifest."""
    faults = []
    for name, wanted in manifest["sha256"].items():
        path = folder / name
        if not path.is_file():
            faults.append(f"{path} is missing")
        elif writing.digest(path.read_bytes()) != wanted:
            faults.append(f"{path}: not the file that the manifest speaks of (SHA-256)")
    known = {*manifest["sha256"], writing.MANIFEST}
    faults += [f"{path}: nothing speaks of it" for path in sorted(folder.iterdir())
               if path.name not in known]  # fmt: skip
    return faults


def _derived(study: PaperStudy, folder: Path, tables: dict[str, Table]) -> list[str]:
    """What follows from the stored runs: said line by line where it differs."""
    _, figure, findings, table = writing.told(study, tables)
    faults = []
    for name, data in (
        (writing.FIGURE, figure), (writing.FINDINGS, findings), (writing.TABLE, table)
    ):  # fmt: skip
        path = folder / name
        faults += differences(path, path.read_bytes(), data)
    return faults


def differences(path: Path, there: bytes, wanted: bytes) -> list[str]:
    r"""The first line in which a file differs from what follows from the data.

    >>> differences(Path("a.md"), b"x 1.2\ny\n", b"x 1.3\ny\n")
    ['a.md:1: there "x 1.2", from the data "x 1.3"']
    """
    if there == wanted:
        return []
    old = there.decode("utf-8", "replace").splitlines()
    new = wanted.decode("utf-8").splitlines()
    for k in range(max(len(old), len(new))):
        had = old[k] if k < len(old) else "nothing"
        has = new[k] if k < len(new) else "nothing"
        if had != has:
            place = next((i for i, (a, b) in enumerate(zip(had, has, strict=False)) if a != b), 0)
            begin = max(place - 40, 0)
            return [f'{path}:{k + 1}: there "{had[begin : begin + 90]}", '
                    f'from the data "{has[begin : begin + 90]}"']  # fmt: skip
    return [f"{path}: not what follows from the data"]


def _again(planned: Planned, table: Table, sample: int, seed: int) -> list[str]:
    """Single runs made again."""
    columns = table.columns
    faults = []
    rows = len(columns["point"])
    if rows != planned.runs:
        faults.append(f"{rows} runs are stored, {planned.runs} belong to the study")
    points = dict(zip(planned.plan.keys, planned.plan.points, strict=True))
    generator = np.random.default_rng(seed)
    for row in sorted(generator.choice(rows, min(sample, rows), replace=False).tolist()):
        point, replicate = columns["point"][row], columns["replicate"][row]
        name = f"run {point}/{replicate}"
        if point not in points:
            faults.append(f"{name}: no point of the study")
            continue
        case = Case(point, replicate, int(columns["seed"][row]), points[point])
        result = run_one(planned.configuration, case)
        if result.output is None:
            faults.append(f"{name}: failed: {result.error}")
            continue
        for key, value in result.output.values.items():
            stored = columns[key][row] if key in columns else "nothing"
            if not _same(stored, value):
                faults.append(f"{name}: {key} is stored as {stored!r}, the model gives {value!r}")
        if result.output.series is not None:
            faults += [f"{name}: {fault}" for fault in _course(table, point, replicate,
                                                               result.output.series)]  # fmt: skip
    return faults


def _same(stored: Any, value: Any) -> bool:
    return repr(stored) == repr(value) or (
        isinstance(value, float) and np.isnan(value) and (stored is None or stored != stored)
    )


def _course(table: Table, point: int, replicate: int, series: dict[str, list[Any]]) -> list[str]:
    stored = table.series or {}
    keys = zip(stored.get("point", ()), stored.get("replicate", ()), strict=True)
    rows = [k for k, key in enumerate(keys) if key == (point, replicate)]
    for name, values in series.items():
        had = [stored[name][k] for k in rows]
        if len(had) != len(values) or not all(map(_same, had, values)):
            return [f"the course of {name} is not what the model gives"]
    return []


def verify_pages(out: Path) -> list[str]:
    """Whether the pages that quote numbers quote what follows from the data.

    In a clone its documents' generated tables too: institutions, docking, parameters, mechanisms.
    (Lines are counted from a table's beginning.)
    """
    try:
        found = pages(out)
    except (InputError, KeyError, ValueError) as error:
        return [f"{out}: {error}"]
    faults = docked.faults(out)
    for path, (there, wanted) in found.items():
        faults += differences(path, there.encode(), wanted.encode())
    root = out.resolve().parent
    if (root / "model" / "ODD.md").is_file():  # a clone, with tables in its documents
        for (name, _), (there, wanted) in texts(root).items():
            faults += differences(root / name, there.encode(), wanted.encode())
    return faults
