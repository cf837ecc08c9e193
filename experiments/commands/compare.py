"""``scored compare`` and ``scored institutions``: rules on the same people with the same luck."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from experiments.commands import changes_of, compile_engine, csv_place, ready
from experiments.options import (
    Citizens,
    Json,
    NetworkFile,
    Periods,
    Seed,
    Settings,
    TableFormat,
    Workers,
)


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

    changes = changes_of(settings, network, citizens=citizens, seed=seed)
    ready()
    one, other = load(a).replace(**changes), load(b).replace(**changes)
    if different := network_differences(one, other):
        raise InputError(
            f"{a} and {b} differ in {different}; twins need the same people and network "
            "(--set changes both)"
        )
    if one.parameters() == other.parameters() and one.program == other.program and not as_json:
        show.err.print(
            f"note: {a} and {b} have the same parameters, so that every effect is exactly zero "
            "(--set changes both)"
        )
    shown = {*one.shown(), *other.shown()}
    names = check_names(measure) if measure else cheap_names(shown)
    file = str(network.resolve()) if network else ""
    for scenario in (one, other):  # a wrong network or setting is said before anything runs
        world = World(scenario, network=network, threads=1)
        compile_engine(world, as_json)
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


def institutions(
    replicates: Annotated[int, typer.Option(min=2, help="Worlds an institution.")] = 20,
    network: NetworkFile = None,
    citizens: Citizens = None,
    periods: Periods = 200,
    window: Annotated[int, typer.Option(min=1, help="Mean over the last so many periods.")] = 50,
    seed: Seed = None,
    settings: Settings = None,
    workers: Workers = None,
    form: Annotated[
        TableFormat, typer.Option("--format", help="For the terminal, or as in the README.")
    ] = TableFormat.table,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write a tidy .csv there.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Every bundled institution on the same people with the same luck: what each does to them.

    Example: [b]scored institutions --replicates 20 --out institutions.csv[/b]
    """
    from experiments import institutions as whole
    from experiments import show
    from experiments.store import network_origin
    from model.scenario import bundled, load
    from model.world import World

    csv_place(out)
    changes = changes_of(settings, network, citizens=citizens, seed=seed)
    ready()
    scenarios = {name: load(name).replace(**changes) for name in bundled()}
    file = str(network.resolve()) if network else ""
    for scenario in scenarios.values():  # what is wrong is said before anything runs
        compile_engine(World(scenario, network=network, threads=1), as_json)
    with show.progress(len(scenarios) * replicates, "runs", quiet=as_json) as step:
        first = next(iter(scenarios.values()))
        entries = whole.table_of(
            scenarios, replicates, periods, min(window, periods), first.chance.seed, workers, file,
            step,
        )  # fmt: skip
    if out is not None:
        whole.write_csv(out, entries)
    if as_json:
        show.print_json(
            {
                "replicates": replicates, "periods": periods, "window": min(window, periods),
                "seed": first.chance.seed, "set": changes, "network_file": network_origin(file),
                "entries": [entry._asdict() for entry in entries],
            }
        )  # fmt: skip
    elif form is TableFormat.markdown:
        sys.stdout.write(whole.markdown(entries))
    else:
        headers, rows = whole.cells(entries)
        named = [("\n".join(name.rsplit("_", 1)).replace("_", " "), "right" if at else "left")
                 for at, name in enumerate(headers)]  # fmt: skip
        show.out.print(show.table(named, rows))
        show.out.print(f"\nmeans over {replicates} replicates ± half of the 95 % interval, over "
                       f"the last {min(window, periods)} of {periods} periods")  # fmt: skip
