"""``scored reproduce`` and ``scored verify``: the paper, made again and compared."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments import interrupts
from experiments.commands import ready
from experiments.options import Json, Workers

Studies = Annotated[
    list[str] | None, typer.Argument(metavar="[STUDY]…", help="Only these; all of the paper's by "
                                     "default (`scored studies --paper` lists them).")
]  # fmt: skip
_DIFFERS = 1
"""Exit status if something differs."""


def reproduce(
    studies: Studies = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Few and small runs, to try the machinery: minutes. "
                           "They go to results-quick/.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where tables, figures and findings "
                                  "go (default: results).")
    ] = None,
    work: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where runs are kept until then, so that an "
                                  "interrupted study goes on (default: runs/paper).")
    ] = None,
    workers: Workers = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Make the paper's data, figures and findings again, from nothing but the study files.

    Whatever interrupts it, the same command goes on. Figures as SVG need a Chromium.

    Example: [b]scored reproduce institutions[/b]
    """
    from experiments import show
    from experiments.paper import reproduce as paper
    from experiments.paper.gallery import write_gallery
    from experiments.paper.studies import NAMES, paper_study
    from experiments.store import prepare
    from model.compilation import compile_all  # noqa: F401

    ready()
    chosen = [paper_study(name) for name in dict.fromkeys(studies or NAMES)]
    folder = out or Path("results-quick" if quick else "results")
    kept = work or Path("runs") / ("paper-quick" if quick else "paper")
    prepare(folder)
    prepare(kept)
    found = []
    try:
        for study in chosen:
            found.append(_one(paper, study, folder, kept, quick, workers, as_json))
    except KeyboardInterrupt:
        interrupts.end()
        interrupts.say("what is finished is kept; the same command goes on")
        raise typer.Exit(interrupts.INTERRUPTED) from None
    write_gallery(folder)
    if as_json:
        show.print_json({"out": str(folder), "studies": [one._asdict() for one in found]})
