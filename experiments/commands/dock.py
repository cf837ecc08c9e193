"""``scored dock``: published results of the field, reproduced."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from experiments.commands import ready
from experiments.options import Json, Workers

_MISSED = 1
"""Exit status if a published figure is not met."""


def dock(
    targets: Annotated[
        list[str] | None, typer.Argument(metavar="[TARGET]…", help="Only these: daymude, "
                                         "granovetter, kuran, watts, holme_newman, durrett, "
                                         "centola, ross, gaisbauer, linear.")
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="At the published sizes: an hour or two.")
    ] = False,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A setting of one "
                                       "target (repeatable; a wrong name lists them): one run, "
                                       "and its raw outcome.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Decides every run.")] = 1,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write findings, runs, and the "
                                  "papers' figures with ours.")
    ] = None,
    workers: Workers = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Reproduce published results of the field with this code, figure by figure.

    Exit status 1: a figure is missed. Undecided is what chance alone could put on the other side.
    Runs that did not come to rest are counted, never dropped.

    Example: [b]scored dock daymude --set punishment=uniform --set beta=4 --set citizens=100000[/b]
    """
    from experiments import show
    from experiments.docking import NAMES, target_of
    from experiments.docking.report import print_docked, row_of, write_docked
    from experiments.docking.running import Docked
    from experiments.docking.running import dock as dock_target
    from experiments.store import prepare
    from model.errors import InputError

    ready()
    chosen = [target_of(name) for name in dict.fromkeys(targets or NAMES)]
    if settings:
        if len(targets or ()) != 1:
            raise InputError("--set is for one target: scored dock TARGET --set NAME=VALUE")
        if full or out is not None or workers is not None:
            raise InputError("--set is one run and its raw outcome: --full, --out and --workers "
                             "are not for it")  # fmt: skip
        _one_run(chosen[0].name, settings, seed, as_json)
        return
    if out is not None:
        prepare(out)
    found: list[Docked] = []
    written: list[Path] = []
    for target in chosen:
        begun = time.perf_counter()
        cases = sum(point.replicates for point in target.points(full))
        with show.progress(cases, target.name, as_json) as step:
            docked = dock_target(target, full, seed, workers, step)
        found.append(docked)
        if not as_json:
            print_docked(docked, time.perf_counter() - begun)
        if out is not None:  # each as it ends: what is found is kept
            written = write_docked(found, out)
    if as_json:
        show.print_json({
            "full": full, "seed": seed, "missed": any(docked.missed for docked in found),
            "findings": [row_of(docked, finding) for docked in found
                         for finding in docked.findings],
            "contrasts": [{"target": docked.target.name, **contrast._asdict()}
                          for docked in found for contrast in docked.contrasts],
            "written": [str(path) for path in written],
        })  # fmt: skip
    elif written:
        show.out.print(f"written to {out}: " + ", ".join(path.name for path in written))
    if any(docked.missed for docked in found):
        raise typer.Exit(_MISSED)


def _one_run(name: str, settings: list[str], seed: int, as_json: bool) -> None:
    """A reader's own point: one run, its settings, and what came of it."""
    from experiments import show
    from experiments.docking import target_of
    from experiments.docking.target import settings_of
    from model.scenario import parse_settings

    target = target_of(name)
    chosen = settings_of(target, parse_settings(settings))
    begun = time.perf_counter()
    outcome = target.simulate(chosen, seed)
    seconds = time.perf_counter() - begun
    if as_json:
        show.print_json({"target": name, "settings": chosen.model_dump(), "seed": seed,
                         "outcome": outcome, "seconds": round(seconds, 3)})  # fmt: skip
        return
    for title, values in (("settings", chosen.model_dump()), ("outcome", outcome)):
        show.out.print(f"[bold]{title}[/bold]")
        for key, value in values.items():
            shown = show.number(value, 6) if isinstance(value, float) else str(value)
            show.out.print(f"  {key:<20} {shown}")
    show.out.print(f"seed {seed}, {seconds:.1f} s")
