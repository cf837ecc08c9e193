"""``scored reproduce`` and ``scored verify``: the paper, made again and compared."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments import interrupts
from experiments.commands import ready
from experiments.options import Json, Workers

if TYPE_CHECKING:
    from experiments.paper.study import PaperStudy

Studies = Annotated[
    list[str] | None, typer.Argument(metavar="[STUDY]…", help="Only these of the paper's studies.")
]  # fmt: skip
_DIFFERS = 1
"""Exit status if something differs."""


def reproduce(
    studies: Studies = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Few and small runs, to try the machinery in minutes; "
                           "they go to results-quick/.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where tables, figures and findings "
                                  "go (default: results).")
    ] = None,
    work: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where runs are kept, so that an interrupted "
                                  "study goes on (default: runs/paper).")
    ] = None,
    workers: Workers = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Make the paper's data, figures and findings again, from nothing but the study files.

    Whatever interrupts it, the same command goes on. SVG and PDF need a Chromium (extra: paper).

    Example: [b]scored reproduce institutions[/b]
    """
    from experiments import show
    from experiments.paper import docked
    from experiments.paper.gallery import write_pages
    from experiments.paper.studies import NAMES, paper_study
    from experiments.paper.writing import browser, write_all
    from experiments.store import prepare

    ready()
    chosen = [paper_study(name) for name in dict.fromkeys(studies or NAMES)]
    folder = out or Path("results-quick" if quick else "results")
    kept = work or Path("runs") / ("paper-quick" if quick else "paper")
    prepare(folder)
    prepare(kept)
    if browser() is None and not as_json:
        show.err.print(
            "no Chromium or no kaleido (extra: paper) here: figures as JSON and HTML only, SVG and "
            "PDF are left out"
        )
    try:
        found = [_one(study, folder, kept, quick, workers, as_json) for study in chosen]
    except KeyboardInterrupt:
        interrupts.end()
        interrupts.say("what is finished is kept; the same command goes on")
        raise typer.Exit(interrupts.INTERRUPTED) from None
    if not studies and (folder / docked.TABLES[0]).is_file():
        write_all(folder / docked.FOLDER, docked.files(folder))
    write_pages(folder)
    if as_json:
        show.print_json({"out": str(folder), "studies": found})
    else:
        show.out.print(f"findings and figures: {folder}/README.md; pages and PDFs: {kept}/")


def _one(
    study: PaperStudy, folder: Path, kept: Path, quick: bool, workers: int | None, quiet: bool
) -> dict[str, object]:
    from experiments import show
    from experiments.commands.sweep import compile_for
    from experiments.paper import reproduce as paper
    from experiments.sweep.sweep import Sweep

    for part in study.parts:
        loaded, beside = part.load(quick)
        compile_for(Sweep(loaded, beside), quiet)
    begun = time.perf_counter()
    with show.progress(1, study.name, quiet) as step:

        def plan(done: int, runs: int) -> None:
            step.aim(done, runs)

        made = paper.reproduce(study, folder, kept, quick, workers, plan, step)
    seconds = time.perf_counter() - begun
    if not quiet:
        changed = "new" if made.new else (
            f"other than before: {', '.join(made.changed)}" if made.changed else "as it was before"
        )  # fmt: skip
        show.out.print(
            f"[bold]{study.name}[/bold]: {made.runs:,} runs in {seconds:,.0f} s; {changed}"
        )
    return {**made._asdict(), "seconds": seconds}


def verify(
    studies: Studies = None,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="The folder of results.")
    ] = Path("results"),
    sample: Annotated[
        int, typer.Option(min=0, help="Runs of each table that are made again.")
    ] = 3,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Which runs; drawn anew by default.")
    ] = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Compare the paper's files with what the code gives; exit status 1 if anything differs.

    Checksums of all files; study files; table, figure and every number of the findings as they
    follow from the stored runs; the gallery; and some runs made again and compared to the bit.

    Example: [b]scored verify --sample 10[/b]
    """
    import secrets

    from experiments import show
    from experiments.paper.studies import NAMES, paper_study
    from experiments.paper.verify import verify as verify_study
    from experiments.paper.verify import verify_pages

    ready()
    chosen = [paper_study(name) for name in dict.fromkeys(studies or NAMES)]
    drawn = secrets.randbelow(2**32) if seed is None else seed
    found = []
    with show.progress(len(chosen), "studies", as_json) as step:
        for study in chosen:
            found.append(verify_study(study, out, sample, drawn))
            step()
    faults = [fault for one in found for fault in one.faults]
    if not studies:
        faults += verify_pages(out)
    if as_json:
        show.print_json({"seed": drawn, "studies": [one._asdict() for one in found],
                         "faults": faults})  # fmt: skip
    else:
        for one in found:
            state = "differs" if one.faults else "as committed"
            if one.left_out:
                state += f" (no run of {', '.join(one.left_out)}: its network isn't here)"
            show.out.print(f"{one.study}: {one.files} files, {one.runs} runs made again: {state}")
        for fault in faults:
            show.err.print(fault, style="bold red", soft_wrap=True)
        show.out.print(
            f"{len(faults)} differences" if faults
            else f"all as committed (runs drawn by --seed {drawn})"
        )  # fmt: skip
    if faults:
        raise typer.Exit(_DIFFERS)
