"""``scored scenarios``, ``parameters`` and ``measures``: what there is."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from experiments.options import (
    Json,
    TableFormat,
)


def scenarios(as_json: Json = False) -> None:
    """List the bundled scenarios, each with its story."""
    from experiments import show
    from model.scenario import bundled, load

    loaded = {name: load(name) for name in bundled()}
    if as_json:
        show.print_json({name: {"title": s.title, "story": s.story.strip()}
                         for name, s in loaded.items()})  # fmt: skip
        return
    for name, scenario in loaded.items():
        show.out.print(f"[bold]{name}[/bold]: {scenario.title}")
        show.out.print(f"  {' '.join(scenario.story.split())}\n")


def studies(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Print this one's file, to begin with.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List the bundled studies, each with its question; or print one as a beginning of your own.

    Example: [b]scored studies what_matters > mine.toml[/b]
    """
    from experiments import show
    from experiments.study import bundled_studies, load_study
    from model.errors import InputError, nearest

    known = bundled_studies()
    if name is not None:
        if name not in known:
            raise InputError(
                f"there is no study '{name}'{nearest(name, known)} (known: {', '.join(known)})"
            )
        sys.stdout.write(known[name].read_text("utf-8"))
        return
    loaded = {each: load_study(each)[0] for each in known}
    if as_json:
        show.print_json({each: {"title": study.title, "question": study.question.strip()}
                         for each, study in loaded.items()})  # fmt: skip
        return
    for each, study in loaded.items():
        verb = "optimise" if study.search else "calibrate" if study.calibration else "sweep"
        show.out.print(f"[bold]{each}[/bold]: {study.title} [dim](scored {verb})[/dim]")
        show.out.print(f"  {' '.join(study.question.split())}\n")


def parameters(
    form: Annotated[
        TableFormat, typer.Option("--format", help="For the terminal, or as in model/ODD.md.")
    ] = TableFormat.table,
    as_json: Json = False,
) -> None:
    """List every parameter: symbol, default, allowed values, meaning, source."""
    from experiments import show
    from experiments.report import parameters_markdown, print_parameters
    from model.declared import declared

    if as_json:
        show.print_json({row.name: row._asdict() for row in declared()})
    elif form is TableFormat.markdown:
        sys.stdout.write(parameters_markdown())
    else:
        print_parameters()


def measures(as_json: Json = False) -> None:
    """List every measure: unit, meaning, source."""
    from experiments import show
    from experiments.report import print_measures
    from model.measures import MEASURES

    if as_json:
        show.print_json({name: {"unit": m.unit, "meaning": m.meaning, "source": m.source,
                                "every_period": not m.dear and not m.of, "of": m.of}
                         for name, m in MEASURES.items()})  # fmt: skip
    else:
        print_measures()
