"""The command ``scored``.

This file imports nothing heavy: ``--help`` must answer at once. The compiled path imports neither
Mesa nor pandas.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Annotated

import typer

from experiments import interrupts
from experiments.commands.analyse import analyse
from experiments.commands.compare import compare, institutions
from experiments.commands.controls import controls
from experiments.commands.dock import dock
from experiments.commands.lists import measures, parameters, scenarios, studies
from experiments.commands.paper import reproduce, verify
from experiments.commands.run import run
from experiments.commands.search import calibrate, optimise
from experiments.commands.store import export, merge, replay, status
from experiments.commands.sweep import sweep
from experiments.commands.theory import theory
from experiments.commands.view import view
from experiments.options import Json

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


def bench(
    quick: Annotated[
        bool, typer.Option("--quick", help="The chief figures at smaller sizes: under a minute.")
    ] = False,
    only: Annotated[
        str,
        typer.Option(
            "--only",
            help="engine, phases, growth, orders, sweeps, docking, viewer or (12 GB) nation.",
            metavar="PART",
        ),
    ] = "",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Keep the figures as JSON.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure speed and memory on this machine, as ratios taken side by side in one run."""
    from experiments.bench import PARTS, print_bench
    from model.errors import InputError

    if only not in ("", *PARTS):
        raise InputError(f"--only {only} (allowed: {', '.join(PARTS)})")
    if out is not None and (out.suffix != ".json" or not out.resolve().parent.is_dir()):
        raise InputError(f"--out {out}: name a .json file in a folder that exists")
    print_bench(quick, only, as_json, out)


for _command in (
    run, view, compare, institutions, reproduce, verify,
    dock, theory, controls, sweep, status, analyse, optimise,
    calibrate, export, replay, merge, studies, scenarios, parameters, measures, bench,
):  # fmt: skip
    app.command()(_command)


def main() -> None:
    """Entry point: wrong input is one clear message and status 2; Ctrl-C is status 130."""
    from model.errors import InputError

    gc.disable()  # nothing is freed while importing: starting takes a tenth less time
    interrupts.stop_at_once()
    try:
        app()
    except InputError as error:
        sys.stderr.write(f"error: {error}\n")
        sys.exit(2)
    except OSError as error:  # a full disk, a folder that has become read-only
        where = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"error: {where}{error.strerror or error}; what was finished is kept\n")
        sys.exit(1)
    except MemoryError as error:
        sys.stderr.write(f"error: not enough memory: {error}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        interrupts.end()
        interrupts.say()
        sys.exit(interrupts.INTERRUPTED)
    except SystemExit as stop:  # Typer turns an interrupt into its status, in silence
        if stop.code in (interrupts.INTERRUPTED, interrupts.TERMINATED):
            interrupts.end()
            interrupts.say()
        raise


if __name__ == "__main__":
    main()
