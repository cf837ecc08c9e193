"""``scored status``, ``export``, ``replay`` and ``merge``: what one does with a sweep's folder."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.commands import ready
from experiments.options import Json

if TYPE_CHECKING:
    from experiments.sweep.store import Store

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A sweep's folder.")]


class ExportFormat(StrEnum):
    """What ``scored export`` writes."""

    csv = "csv"
    excel = "excel"
    stata = "stata"
    parquet = "parquet"


class TableName(StrEnum):
    """The tables of a sweep."""

    runs = "runs"
    series = "series"
    timings = "timings"
    points = "points"


def status(folder: Folder, as_json: Json = False) -> None:
    """Progress, rate, time left and failures of a sweep, running or not.

    Example: [b]scored status runs/first[/b]
    """
    from experiments import show
    from experiments.sweep.report import print_status
    from experiments.sweep.status import status_of
    from experiments.sweep.stored import Stored

    told = status_of(Stored(folder))
    if as_json:
        show.print_json(told)
    else:
        print_status(told)


def export(
    folder: Folder,
    to: Annotated[Path, typer.Argument(metavar="FILE", help="What to write: .csv, .xlsx, .dta or "
                                       ".parquet.")],
    table: Annotated[TableName, typer.Option(help="Which table.")] = TableName.runs,
    fmt: Annotated[
        ExportFormat | None, typer.Option("--format", help="By default by the file's name. excel: "
                                          "a CSV that Excel opens rightly, or .xlsx.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file.")] = False,
) -> None:  # fmt: skip
    """Write a sweep's table for other programs.

    Example: [b]scored export runs/first runs.dta[/b]
    """
    from experiments import show
    from experiments.sweep.export import export_table
    from experiments.sweep.stored import Stored

    ready()
    rows = export_table(Stored(folder), to, table.value, fmt.value if fmt else None, overwrite)
    show.out.print(f"{rows:,} rows: {to}")


def replay(
    folder: Folder,
    run: Annotated[str, typer.Argument(metavar="POINT/REPLICATE", help="As `scored status` names "
                                       "it.")],
    as_json: Json = False,
) -> None:  # fmt: skip
    """Make one run of a sweep again, here and alone: a failed one, or any other.

    Example: [b]scored replay runs/first 3874829685891407/2[/b]
    """
    from experiments import show
    from experiments.sweep.replay import replay_run
    from experiments.sweep.stored import Stored

    ready()
    store = Stored(folder)
    again = replay_run(store, run)
    if as_json:
        show.print_json(again._asdict())
        return
    show.out.print(f"run {run}: " + ", ".join(f"{k}={v}" for k, v in again.parameters.items()))
    show.out.print(f"seed {again.seed}")
    if again.trace:
        show.out.print(again.trace, markup=False)
        raise typer.Exit(1)
    for name, value in again.values.items():
        show.out.print(f"  {name:<28} {value}")
    show.out.print(again.verdict)


def merge(
    sources: Annotated[list[Path], typer.Argument(metavar="DIR…", help="Folders of one sweep.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A new folder.")],
) -> None:
    """Bring parts of one sweep, run in folders of their own, together.

    Example: [b]scored merge part-1 part-2 --out whole[/b]
    """
    from experiments import show
    from experiments.sweep.merging import merge as merge_stores

    ready()
    merged: Store = merge_stores(sources, out)
    show.out.print(f"{merged.count():,} runs: {out}")
