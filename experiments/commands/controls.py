"""``scored controls``: null worlds for claims on who is friends with whom."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.commands import changes_of, csv_place, ready
from experiments.options import Citizens, Json, Periods, Seed, Settings, Workers


def controls(
    scenario: Annotated[str, typer.Argument(help="A scenario's name or file.")],
    replicates: Annotated[int, typer.Option(min=2, help="Worlds of each kind.")] = 20,
    citizens: Citizens = None,
    periods: Periods = 200,
    seed: Seed = None,
    settings: Settings = None,
    workers: Workers = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write the table as CSV.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Is it the score, or would it be anyway? A scenario against four null worlds.

    The same citizens with the same luck: with scores off; with what others find on record dealt
    out anew among all in each period (placebo); with friendships frozen; and rewired, all degrees
    kept.

    Example: [b]scored controls guilt_by_association --replicates 20[/b]
    """
    from experiments import show
    from experiments.analysis.writing import write_csv
    from experiments.controls import KINDS
    from experiments.controls import controls as run_controls
    from model.scenario import load

    ready()
    csv_place(out)
    chosen = load(scenario).replace(**changes_of(settings, None, citizens=citizens, seed=seed))
    with show.progress(len(KINDS) * replicates, "worlds", as_json) as step:
        found = run_controls(chosen, replicates, periods, workers, step)
    if out is not None:
        write_csv(out, [contrast._asdict() for contrast in found.contrasts])
    if as_json:
        show.print_json({
            "scenario": scenario, "replicates": replicates, "periods": periods,
            "seed": chosen.chance.seed, "means": found.means,
            "contrasts": [contrast._asdict() for contrast in found.contrasts],
        })  # fmt: skip
        return
    rows = []
    before = ""
    for one in found.contrasts:
        first = one.measure != before
        before = one.measure
        rows.append([
            one.measure if first else "", show.number(found.means[one.measure], 3) if first else "",
            one.control, show.number(one.mean, 3),
            f"{show.number(one.difference, 3)} ± {show.number(one.half_width, 3)}",
            "differs" if one.differs else "–", f"{one.pairs}",
        ])  # fmt: skip
    headers = [("measure", "left"), (scenario, "right"), ("null world", "left"), ("mean", "right"),
               ("scenario less null, 95 %", "right"), ("", "left"), ("pairs", "right")]  # fmt: skip
    show.out.print(show.table(headers, rows, f"after {periods} periods, the same citizens"))
    show.out.print(
        "\nplacebo: records say nothing of whom they name; frozen: no friendship ends or begins; "
        "rewired:\nall degrees kept. differs: at 5 % for all contrasts together (Holm)"
    )
