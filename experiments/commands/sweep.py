"""``scored sweep``: a study."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.commands import changes_of, compile_engine, ready
from experiments.options import (
    Json,
    NetworkFile,
    Overwrite,
    Seed,
    Settings,
    Workers,
)


def sweep(
    study: Annotated[str, typer.Argument(help="A study's name or a .toml file.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the results go.")],
    network: NetworkFile = None,
    replicates: Annotated[
        int | None, typer.Option(min=1, help="In place of the study's number.")
    ] = None,
    periods: Annotated[
        int | None, typer.Option(min=1, help="In place of the study's number.")
    ] = None,
    seed: Seed = None,
    settings: Settings = None,
    workers: Workers = None,
    overwrite: Overwrite = False,
    as_json: Json = False,
) -> None:
    """Run every point of a study on all cores; Parquet and an interactive figure come out.

    Example: [b]scored sweep association_and_conformity --out runs/first[/b]
    """
    from experiments import show
    from experiments.report import print_sweep
    from experiments.store import SWEEP_FILES, check_folder
    from experiments.study import load_study
    from experiments.sweep import run_sweep, write_sweep
    from model.world import World

    ready()
    named = {"replicates": replicates, "periods": periods, "seed": seed}
    loaded, path = load_study(study, named, changes_of(settings, network))
    file = str(network.resolve()) if network else ""
    check_folder(out, SWEEP_FILES, overwrite)
    runs = len(loaded.points()) * loaded.replicates
    world = World(loaded.base(path.parent), network=network, threads=1)
    compile_engine(world, as_json)  # here once, so that workers only load it
    if not as_json:
        show.err.print(f"{runs} runs of {world.citizens:,} citizens, {loaded.periods} periods")
    with show.progress(runs, "runs", quiet=as_json) as step:
        columns = run_sweep(loaded, path.parent, file, workers, step)
    write_sweep(out, loaded, loaded.base(path.parent), columns, file, overwrite=True)
    if as_json:
        show.print_json({"out": str(out), "runs": runs, "study": loaded.model_dump()})
        return
    print_sweep(loaded, columns, out)
