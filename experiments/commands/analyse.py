"""``scored analyse``: what a sweep shows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.commands import ready
from experiments.options import Json

if TYPE_CHECKING:
    from experiments.analysis.analyse import Analysis


def analyse(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A sweep's folder.")],
    measure: Annotated[
        list[str] | None, typer.Option("--measure", help="Only this measure (repeatable).")
    ] = None,
    as_json: Json = False,
) -> None:
    """What a sweep shows: sensitivity, dependence on each factor, whether replicates suffice.

    Tables and figures go to DIR/analysis. Sobol' indices come from a saltelli design, elementary
    effects from a morris one, PAWN indices from any other.

    Example: [b]scored analyse runs/first[/b]
    """
    from experiments import show
    from experiments.analysis.analyse import analyse as analyse_store
    from experiments.analysis.writing import MOST_PANELS, measures_of, write_analysis
    from experiments.sweep.stored import Stored

    ready()
    store = Stored(folder)
    analysis, results = analyse_store(store, measure or ())
    place = folder / "analysis"
    if measure:  # the whole analysis stays as it is
        place = place / "_".join(measure)
    written = write_analysis(analysis, results, store, place)
    if as_json:
        show.print_json({
            "runs": analysis.runs, "missing": analysis.missing, "method": analysis.method,
            "indices": {name: [index._asdict() for index in found]
                        for name, found in analysis.indices.items()},
            "effects": {one.measure: {"r2": one.r2, "effects": [e._asdict() for e in one.effects]}
                        for one in analysis.effects},
            "enough_replicates": {one.measure: one.enough for one in analysis.stability},
            "variance_saved": [saved._asdict() for saved in analysis.saved],
            "notes": analysis.notes, "written": [str(path) for path in written],
        })  # fmt: skip
        return
    _print(analysis)
    if len(names := measures_of(analysis)) > MOST_PANELS:
        show.err.print(
            f"note: figures show {MOST_PANELS} of {len(names)} measures; others by --measure NAME"
        )
    show.out.print(f"written to {place}: " + ", ".join(p.name for p in written))


def _print(analysis: Analysis) -> None:
    from experiments.analysis.figures import _NAMES
    from experiments.show import err, number, out, table

    if analysis.missing:
        err.print(
            f"note: {analysis.missing:,} runs of the study are missing; this is what is there"
        )
    for note in analysis.notes:
        err.print(f"note: {note}")
    for name, found in analysis.indices.items():
        kinds = list(dict.fromkeys(index.kind for index in found))
        by = {(index.factor, index.kind): index for index in found}
        factors = list(dict.fromkeys(index.factor for index in found))
        rows = [
            [_NAMES.get(factor, factor),
             *(f"{number(by[factor, kind].value, 3)} [{number(by[factor, kind].low, 3)}, "
               f"{number(by[factor, kind].high, 3)}]" for kind in kinds)]
            for factor in factors
        ]  # fmt: skip
        headers = [
            ("factor", "left"),
            *((kind.replace("mu_star", "μ*"), "right") for kind in kinds),
        ]
        title = f"{name}: {analysis.method} indices with 95 % intervals"
        out.print(
            table(headers, [[cell.replace("[", "\\[") for cell in row] for row in rows], title)
        )
        out.print()
    for one in analysis.effects:
        rows = [
            [effect.factor, number(effect.effect, 3),
             f"{number(effect.low, 3)} to {number(effect.high, 3)}"]
            for effect in one.effects
        ]  # fmt: skip
        headers = [("factor", "left"), ("effect", "right"), ("95 %", "right")]
        title = f"{one.measure}: effect of a factor's whole range (straight lines: R² {one.r2:.2f})"
        out.print(table(headers, rows, title))
        out.print()
    if analysis.stability:
        rows = [
            [one.measure, number(float(one.widest[-1]), 4), number(one.asked, 4),
             "more than ten million" if one.enough is None else f"{one.enough:,}"]
            for one in analysis.stability
        ]  # fmt: skip
        names = ("widest half-interval", "a tenth of the spread", "replicates for that")
        headers = [("measure", "left"), *((name, "right") for name in names)]
        out.print(table(headers, rows, "Are the replicates enough?"))
        out.print()
    if analysis.saved:
        rows = [
            [saved.measure, *(f"{x:.0%}" if x == x else "–"
                              for x in (saved.share, saved.low, saved.high))]
            for saved in analysis.saved
        ]  # fmt: skip
        headers = [("measure", "left"), ("variance saved", "right"), ("from", "right"),
                   ("to (95 %)", "right")]  # fmt: skip
        title = "Twin worlds: of the variance of a difference between two points"
        out.print(table(headers, rows, title))
        out.print()
