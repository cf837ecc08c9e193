"""The command ``scored``.

This file imports nothing heavy: ``--help`` must answer at once, and what a command needs is
imported when it runs. The compiled path imports neither Mesa nor pandas.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from experiments import interrupts
from experiments.options import (
    Citizens,
    Engine,
    Json,
    NetworkFile,
    Overwrite,
    Periods,
    Seed,
    Settings,
    TableFormat,
    Workers,
)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="Scored Society: what does a public citizen score, which falls for one's own dissent "
    "[i]and for one's friends'[/i], do to open dissent, self-censorship and friendship?",
)


@app.callback(invoke_without_command=True)
def _options(
    show_version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.")
    ] = False,
) -> None:
    if show_version:
        from importlib.metadata import version

        typer.echo(f"scored-society {version('scored-society')}")
        raise typer.Exit


def _changes(
    settings: list[str] | None, network: Path | None = None, **named: Any
) -> dict[str, Any]:
    """What ``--set`` and the options with names of their own ask for; no two may clash."""
    from model.errors import InputError
    from model.scenario import parse_settings

    changes = parse_settings(settings)
    given = {name: value for name, value in named.items() if value is not None}
    for name in given.keys() & changes.keys():
        raise InputError(f"--{name} {given[name]} and --set {name}={changes[name]}: give one")
    changes |= given
    if network is not None and "citizens" in changes:
        raise InputError(
            f"citizens = {changes['citizens']}: {network} brings its own number of people; "
            "leave it out"
        )
    return changes


def _ready() -> None:
    """From here on an interrupt unwinds what is under way."""
    interrupts.unwind()
    gc.freeze()  # all is imported, and stays: not to be searched for garbage, now or at the end
    gc.enable()


def _compile(world: Any, quiet: bool) -> None:
    """Have the engine ready before time is taken, and say so where that means waiting."""
    if world.needs_compilation() and not quiet:
        from experiments.show import err

        err.print("compiling the engine: once, about 15 seconds; later runs start at once")
    world.compile()


@app.command()
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
    overwrite: Overwrite = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Run one society and say what became of it.

    Example: [b]scored run guilt_by_association --citizens 5000 --set detection=0.3[/b]
    """
    from experiments import show
    from experiments.report import print_run, summary_of
    from experiments.run import simulate
    from model.scenario import load
    from model.world import World

    if out is not None:
        from experiments.store import RUN_FILES, check_folder

        check_folder(out, RUN_FILES, overwrite)
    changes = _changes(settings, network, citizens=citizens, seed=seed)
    _ready()
    if network is not None:
        changes["network_file"] = str(network)
    society = None
    if engine is Engine.mesa:
        from model.society import Society

        loaded = load(scenario).replace(**changes)
        society = Society(loaded, rng=loaded.chance.seed)
        world = society.world
    else:
        world = World(scenario, threads=threads, **changes)
        _compile(world, as_json)
    if not as_json:
        for note in world.network.notes:
            show.err.print(f"network: {note}")
    with show.progress(periods, "periods", quiet=as_json) as step:
        shown_only = None if as_json or out else summary_of(world)
        outcome = simulate(
            world, periods, measure or (), every, lambda _: step(), society, shown_only
        )
    if out is not None:
        from experiments.store import write_run

        write_run(out, world, outcome, overwrite)
    if as_json:
        from experiments.store import manifest

        show.print_json({**manifest(world, outcome), "engine": engine.value})
        return
    print_run(world, outcome, out)


@app.command()
def compare(
    a: Annotated[str, typer.Argument(help="A scenario's name or file.")],
    b: Annotated[str, typer.Argument(help="Another one.")],
    replicates: Annotated[int, typer.Option(min=2, help="Pairs of twin worlds.")] = 20,
    network: NetworkFile = None,
    citizens: Citizens = None,
    periods: Periods = 200,
    window: Annotated[int, typer.Option(min=1, help="Mean over the last so many periods.")] = 50,
    seed: Seed = None,
    settings: Settings = None,
    measure: Annotated[
        list[str] | None, typer.Option("--measure", help="Only this measure (repeatable).")
    ] = None,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """The effect of a rule: twin worlds with the same citizens and the same luck.

    Example: [b]scored compare conduct_only guilt_by_association --replicates 20[/b]
    """
    from experiments import show
    from experiments.store import network_origin, parameters_in_force
    from experiments.twins import compare as compare_twins
    from experiments.twins import network_differences
    from model.errors import InputError
    from model.measures import cheap_names, check_names
    from model.scenario import load
    from model.world import World

    changes = _changes(settings, network, citizens=citizens, seed=seed)
    _ready()
    one, other = load(a).replace(**changes), load(b).replace(**changes)
    if different := network_differences(one, other):
        raise InputError(
            f"{a} and {b} differ in {different}; twins need the same people and network "
            "(--set changes both)"
        )
    if one.parameters() == other.parameters() and not as_json:
        show.err.print(
            f"note: {a} and {b} have the same parameters, so that every effect is exactly zero "
            "(--set changes both)"
        )
    mechanisms = {*one.mechanisms(), *other.mechanisms()}
    names = check_names(measure) if measure else cheap_names(mechanisms)
    file = str(network.resolve()) if network else ""
    for scenario in (one, other):  # a wrong network or setting is said before anything runs
        world = World(scenario, network=network, threads=1)
        _compile(world, as_json)
    with show.progress(2 * replicates, "runs", quiet=as_json) as step:
        effects = compare_twins(
            one, other, replicates, periods, names, min(window, periods), workers, file, step
        )
    if as_json:
        show.print_json(
            {
                "a": a, "b": b, "replicates": replicates, "periods": periods,
                "window": min(window, periods), "seed": one.chance.seed,
                "parameters": {
                    "a": parameters_in_force(one, file, world.citizens),
                    "b": parameters_in_force(other, file, world.citizens),
                },
                "network_file": network_origin(file),
                "effects": {effect.measure: effect._asdict() for effect in effects},
            }
        )  # fmt: skip
        return
    from experiments.report import print_effects

    print_effects(a, b, replicates, effects)


@app.command()
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

    _ready()
    named = {"replicates": replicates, "periods": periods, "seed": seed}
    loaded, path = load_study(study, named, _changes(settings, network))
    file = str(network.resolve()) if network else ""
    check_folder(out, SWEEP_FILES, overwrite)
    runs = len(loaded.points()) * loaded.replicates
    world = World(loaded.base(path.parent), network=network, threads=1)
    _compile(world, as_json)  # here once, so that workers only load it
    if not as_json:
        show.err.print(f"{runs} runs of {world.citizens:,} citizens, {loaded.periods} periods")
    with show.progress(runs, "runs", quiet=as_json) as step:
        columns = run_sweep(loaded, path.parent, file, workers, step)
    write_sweep(out, loaded, loaded.base(path.parent), columns, file, overwrite=True)
    if as_json:
        show.print_json({"out": str(out), "runs": runs, "study": loaded.model_dump()})
        return
    print_sweep(loaded, columns, out)


@app.command()
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


@app.command()
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


@app.command()
def measures(as_json: Json = False) -> None:
    """List every measure: unit, meaning, source."""
    from experiments import show
    from experiments.report import print_measures
    from model.measures import MEASURES

    if as_json:
        show.print_json({name: {"unit": m.unit, "meaning": m.meaning, "source": m.source,
                                "every_period": not m.dear}
                         for name, m in MEASURES.items()})  # fmt: skip
    else:
        print_measures()


@app.command()
def bench(
    quick: Annotated[bool, typer.Option("--quick", help="Smaller sizes, under a minute.")] = False,
    as_json: Json = False,
) -> None:
    """Measure speed and memory on this machine, as ratios taken side by side in one run."""
    from experiments.bench import print_bench

    print_bench(quick, as_json)


def main() -> None:
    """Entry point: wrong input is one clear message and status 2; Ctrl-C is status 130."""
    from model.errors import InputError

    gc.disable()  # while importing: nothing is freed there, and starting takes a tenth less time
    interrupts.stop_at_once()
    try:
        app()
    except InputError as error:
        sys.stderr.write(f"error: {error}\n")
        sys.exit(2)
    except MemoryError as error:
        sys.stderr.write(f"error: not enough memory: {error}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        interrupts.say()
        sys.exit(interrupts.INTERRUPTED)
    except SystemExit as stop:  # Typer turns an interrupt into its status, in silence
        if stop.code in (interrupts.INTERRUPTED, interrupts.TERMINATED):
            interrupts.say()
        raise


if __name__ == "__main__":
    main()
