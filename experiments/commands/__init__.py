"""The commands of ``scored``, and what several of them do first.

Nothing here imports anything heavy at the top: ``--help`` must answer at once, and what a command
needs is imported when it runs.
"""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

from experiments import interrupts


def changes_of(
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
    if network is not None and not network.is_file():
        raise InputError(f"there is no network file {network}")
    return changes


def ready(collecting: bool = True) -> None:
    """From here on an interrupt unwinds what is under way.

    Args:
        collecting: whether garbage is to be looked for from here on; if not, the command has to
            call :func:`begin_collecting` later.
    """
    interrupts.unwind()
    if collecting:
        begin_collecting()


def begin_collecting() -> None:
    """Look for garbage from here on, but not among what is there already, which mostly stays.

    The entry point turns this off: while modules are imported nothing is freed.
    """
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def compile_engine(world: Any, quiet: bool) -> None:
    """Have the engine ready before time is taken, and say so where that means waiting.

    A compiler leaves garbage: it is looked for from then on.
    """
    if world.needs_compilation():
        begin_collecting()
        if not quiet:
            from experiments.show import err

            err.print("compiling the engine: once, about 15 seconds; later runs start at once")
    world.compile()


def csv_place(out: Path | None) -> None:
    """Say before any run that a table couldn't be written where it is wanted.

    Raises:
        InputError: if that is no .csv file in a folder that exists.
    """
    from model.errors import InputError

    if out is not None and (out.suffix != ".csv" or not out.resolve().parent.is_dir()):
        raise InputError(f"--out {out}: name a .csv file in a folder that exists")
