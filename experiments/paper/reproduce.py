"""Regenerate the paper: every run that is missing, then tables, figures and findings."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from experiments.analysis.style import page
from experiments.paper import writing
from experiments.paper.study import PaperStudy, Planned, Table
from experiments.sweep.api import run_scenarios
from experiments.sweep.shards import write_whole
from experiments.sweep.store import Store
from experiments.sweep.versions import versions
from model.errors import InputError

_VERSIONS = ("scored_society", "commit", "model_digest", "python", "packages")


class Regenerated(NamedTuple):
    """What became of a study."""

    study: str
    runs: int
    files: list[str]
    changed: list[str]
    """Files that are other than before, if there were any."""
    new: bool


def reproduce(
    study: PaperStudy,
    out: Path,
    work: Path,
    quick: bool = False,
    workers: int | None = None,
    on_plan: Callable[[int, int], None] = lambda done, runs: None,
    on_run: Callable[[], None] = lambda: None,
) -> Regenerated:
    """Make a study again.

    Args:
        study: which.
        out: the folder of results; the study's own lies in it.
        work: where runs are kept, so that an interrupted study goes on.
        quick: few and small runs, to try the machinery.
        workers: processes.
        on_plan: told how many runs are there already, and how many there are to be.
        on_run: called after each that had to be made.

    Raises:
        InputError: if a run failed.
    """
    folder = out / study.name
    before = {path.name: path.read_bytes() for path in folder.glob("*") if path.is_file()}
    planned = [Planned(part, quick) for part in study.parts]
    kept_parts = _kept(planned, before, quick)
    planned = [one for one in planned if one.can_be_run or one.part.file in kept_parts]
    made = [one for one in planned if one.can_be_run]
    folders = [work / study.name / one.name for one in made]
    kept = sum(Store(one).count() for one in folders if (one / "sweep.json").is_file())
    on_plan(kept, sum(one.runs for one in made))
    content = {name: before[name] for names in kept_parts.values() for name in names}
    for one, place in zip(made, folders, strict=True):
        content |= _made(one, place, workers, on_run)
    tables = {
        one.part.file: Table(
            one.study, one.folder, _columns(content[writing.runs_file(one.part.file)]),
            _columns(content.get(writing.series_file(one.part.file))),
        )
        for one in planned
    }  # fmt: skip
    figure, told, findings, table = writing.told(study, tables)
    content |= {writing.TABLE: table, writing.FINDINGS: findings, writing.FIGURE: told}
    svg = writing.svg_for(figure, told, folder)
    if svg is not None:
        content[writing.SVG] = svg
    beside = work / study.name
    write_whole(beside / "figure.html", page(figure, study.name))
    pdf = writing.pdf_bytes(figure)
    if pdf is not None:
        write_whole(beside / "figure.pdf", pdf)
    made_by = {name: value for name, value in versions().items() if name in _VERSIONS}
    content[writing.MANIFEST] = writing.manifest(study, planned, content, quick, made_by)
    writing.write_all(folder, content)
    changed = [name for name, data in content.items()
               if before and before.get(name) != data and name != writing.MANIFEST]  # fmt: skip
    runs = sum(one.runs for one in planned)
    return Regenerated(study.name, runs, sorted(content), changed, not before)


def _kept(
    planned: list[Planned], before: dict[str, bytes], quick: bool
) -> dict[str, list[str]]:  # fmt: skip
    """Parts that can't be run here and are there already: their files, by part."""
    manifest = json.loads(before.get(writing.MANIFEST, b"{}"))
    if quick or manifest.get("quick", True):
        return {}
    found = {}
    for one in planned:
        name = one.part.file
        if not one.can_be_run and writing.runs_file(name) in before:
            both = (writing.runs_file(name), writing.series_file(name))
            found[name] = [file for file in both if file in before]
    return found


def _made(
    one: Planned, folder: Path, workers: int | None, on_run: Callable[[], None]
) -> dict[str, bytes]:
    """A part's runs, and their courses, as files."""

    def on_result(result: Any) -> None:
        if result.output is not None:
            on_run()

    rows = run_scenarios(
        one.plan, one.configuration, executor=workers, store=folder,
        replicates=one.study.replicates, seed=one.study.seed, twins=one.study.twins,
        on_result=on_result,
    )  # fmt: skip
    failures = rows.attrs["failures"]
    if failures or len(rows) != one.runs:
        first = f"; the first: {failures[0]['error']}" if failures else ""
        raise InputError(f"{folder}: {one.runs - len(rows)} of {one.runs} runs failed{first}")
    store = Store(folder)
    files = {writing.runs_file(one.part.file): writing.parquet(store.stored("runs"))}
    if one.study.series:
        files[writing.series_file(one.part.file)] = writing.parquet(store.stored("series"))
    return files


def _columns(data: bytes | None) -> Any:
    return None if data is None else writing.columns_of(data)
