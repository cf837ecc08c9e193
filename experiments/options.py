"""The options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Engine(StrEnum):
    """Who advances the society; both give the same bits."""

    compiled = "compiled"
    mesa = "mesa"


NetworkFile = Annotated[
    Path | None,
    typer.Option("--network", metavar="FILE", help="A real friendship network in place of the "
                 "scenario's: .csv, .tsv, .txt, .edges (also with .gz), .parquet, .graphml, "
                 ".gexf."),
]  # fmt: skip
Citizens = Annotated[
    int | None, typer.Option("--citizens", help="Number of citizens (by default the scenario's).")
]
Periods = Annotated[int, typer.Option("--periods", min=1, help="Periods to run.")]
Seed = Annotated[
    int | None,
    typer.Option(
        "--seed",
        help="Decides the graph, the citizens and every event "
        "(by default the scenario's or study's).",
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Change a parameter (repeatable); see "
                 "[b]scored parameters[/b]."),
]  # fmt: skip
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Workers = Annotated[
    int | None, typer.Option("--workers", min=1, help="Processes (by default one a core).")
]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace what an earlier run left in the folder.")
]


class TableFormat(StrEnum):
    """How ``scored parameters`` prints."""

    table = "table"
    markdown = "markdown"
