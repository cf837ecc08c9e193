"""``scored run``: one society."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.commands import begin_collecting, changes_of, compile_engine, ready
from experiments.options import (
    Citizens,
    Engine,
    Json,
    NetworkFile,
    Overwrite,
    Periods,
    Seed,
    Settings,
)

_MANY = 3_000_000
"""Citizens from whom on the measures of the end take so long that they are announced."""


def run(
    scenario: Annotated[str, typer.Argument(help="A scenario's name or a .toml file.")],
    network: NetworkFile = None,
    citizens: Citizens = None,
    periods: Periods = 200,
    seed: Seed = None,
    settings: Settings = None,
    engine: Annotated[
        Engine, typer.Option(help="compiled, or mesa: each citizen's step in Python.")
    ] = Engine.compiled,
    threads: Annotated[
        int | None, typer.Option(min=1, help="Threads of the compiled engine (by default "
                           "all cores from 50,000 citizens on).")
    ] = None,
    measure: Annotated[
        list[str] | None,
        typer.Option("--measure", help="Take a measure that is taken on request every "
                     "period too (repeatable)."),
    ] = None,
    every: Annotated[int, typer.Option(min=1, help="Take the series every so many periods.")] = 1,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write series, final citizens and "
                                  "ties (Parquet) and run.json there.")
    ] = None,
    checkpoint_every: Annotated[
        int | None, typer.Option("--checkpoint-every", min=1, metavar="PERIODS", help="Write the "
                                 "run down so often, in --out; the same command goes on from "
                                 "there.")
    ] = None,
    overwrite: Overwrite = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Run one society and say what became of it.

    Example: [b]scored run guilt_by_association --citizens 5000 --set detection=0.3[/b]
    """
    # First, and not from deep within other imports: CPython 3.11 may take 0.2 s more there, where
    # Numba's calls fall on the edge of a block of its stack.
    import numba  # noqa: F401

    from experiments import show
    from experiments.report import print_run, summary_of
    from experiments.run import simulate
    from model.scenario import load
    from model.world import World

    checkpoints = None
    if checkpoint_every is not None:
        from experiments.checkpoints import Checkpoints
        from model.errors import InputError

        if out is None:
            raise InputError("--checkpoint-every: say where, by --out")
        checkpoints = Checkpoints(
            out, checkpoint_every, {"every": every, "measures": measure or []}
        )
    if out is not None:
        from experiments.store import RUN_FILES, check_folder

        begun = checkpoints.path if checkpoints and checkpoints.path.is_file() else None
        check_folder(out, RUN_FILES, overwrite or begun is not None)
        if begun and overwrite:
            begun.unlink()
    changes = changes_of(settings, network, citizens=citizens, seed=seed)
    given = load(scenario)
    # to look for garbage while a first society is built is a twentieth of a short run; what a
    # network's file leaves is worth looking for
    ready(collecting=network is not None or bool(given.network.network_file))
    if network is not None:
        changes["network_file"] = str(network)
    society = None
    if engine is Engine.mesa:
        from model.society import Society

        loaded = given.replace(**changes)
        society = Society(loaded, rng=loaded.chance.seed)
        world = society.world
    else:
        world = World(given, threads=threads, **changes)
        compile_engine(world, as_json)
    begin_collecting()
    if not as_json:
        for note in world.network_notes:
            show.err.print(f"network: {note}")
    told = world.citizens >= _MANY and not as_json
    with show.progress(periods, "periods", quiet=as_json) as step:

        def lived(period: int) -> None:
            step()
            if told and period == periods:
                show.err.print("all periods lived; the last measures go through all friendships …")

        shown_only = None if as_json or out else summary_of(world, measure or ())
        outcome = simulate(
            world,
            periods,
            measure or (),
            every,
            lived,
            society,
            shown_only,
            checkpoints,
        )
    if out is not None:
        from experiments.store import write_run

        if told:
            show.err.print("writing …")
        write_run(out, world, outcome, overwrite or checkpoints is not None)
    if as_json:
        from experiments.store import manifest

        show.print_json({**manifest(world, outcome), "engine": engine.value})
        return
    print_run(world, outcome, out, measure or ())
