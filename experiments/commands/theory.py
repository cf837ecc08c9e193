"""``scored theory``: the mean field of the model beside simulation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.commands import ready
from experiments.options import Json, Workers

_SIZES, _FULL_SIZES = (400, 1_600), (400, 1_600, 3_200)


def theory(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write tables and figures.")
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="More replicates, a slower ramp, a larger society.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, help="Decides every run.")] = 1,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """What infinitely many people would do, and how near real numbers of them come.

    Mean-field equations of the model, their states at rest and folds, beside simulation at three
    sizes, off their ground (small worlds, pruning, benefits), and along a ramped institution.

    Example: [b]scored theory --out runs/theory[/b]
    """
    from experiments import show
    from experiments.store import prepare
    from experiments.theory.compare import compare, ramp, settings, states_at_rest
    from experiments.theory.report import (
        print_comparison,
        print_ramp,
        print_rest,
        ramp_rows,
        rest_rows,
        rows_of,
        write_theory,
    )

    ready()
    if out is not None:
        prepare(out)
    replicates, ways, periods = (40, 20, 2_000) if full else (8, 6, 600)
    sizes = _FULL_SIZES if full else _SIZES
    runs = replicates * len(settings()) + ways * len(sizes)
    with show.progress(runs, "runs", as_json) as step:
        found = compare(replicates, seed, workers, step)
        ramped = ramp(sizes, periods, ways, seed, workers, step)
    rest = states_at_rest()
    written = write_theory(found, rest, ramped, out) if out is not None else []
    if as_json:
        show.print_json({
            "full": full, "seed": seed, "mean_field": rows_of(found),
            "at_rest": rest_rows(rest),
            "folds": {"down": ramped.loop.down_fold, "up": ramped.loop.up_fold},
            "hysteresis": ramp_rows(ramped), "written": [str(path) for path in written],
        })  # fmt: skip
        return
    print_comparison(found)
    print_rest(rest)
    print_ramp(ramped)
    if written:
        show.out.print(f"written to {out}: " + ", ".join(path.name for path in written))
