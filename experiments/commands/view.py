"""``scored view``: the society in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.commands import ready
from experiments.options import NetworkFile


def view(
    scenario: Annotated[
        str, typer.Argument(help="What the page begins with: a scenario's name or a .toml file.")
    ] = "guilt_by_association",
    network: NetworkFile = None,
    stored: Annotated[
        Path | None, typer.Option("--from", metavar="DIR", help="A stored run or sweep (the folder "
                                  "of --out) to watch again and to browse.")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0: any that is free.")] = 8765,
    host: Annotated[
        str, typer.Option(help="Address to listen at; by default only this machine is served.")
    ] = "127.0.0.1",
    allow_host: Annotated[
        list[str] | None, typer.Option("--allow-host", metavar="NAME", help="A name by which the "
                                       "page may be called (repeatable); with --host.")
    ] = None,
    max_citizens: Annotated[
        int, typer.Option(min=10, max=200_000, help="Of a society that is shown.")
    ] = 20_000,
    max_ties: Annotated[
        int, typer.Option(min=10, help="Friendships and follows of it.")
    ] = 400_000,
    sessions: Annotated[int, typer.Option(min=1, help="Visitors at once.")] = 16,
    sessions_each: Annotated[
        int | None, typer.Option(min=0, help="Of them from one address (0: all); by default half, "
                                 "where others than this machine are served.")
    ] = None,
    rate: Annotated[
        float, typer.Option(min=10, help="Messages a second that a visitor may send.")
    ] = 150.0,
    idle: Annotated[
        float, typer.Option(min=10, help="Seconds after which a visitor who does nothing leaves.")
    ] = 1_800.0,
    open_browser: Annotated[
        bool, typer.Option("--open", help="Open the page in this machine's browser.")
    ] = False,
) -> None:  # fmt: skip
    """Watch a society in the browser, change its rules while it lives, and share what you see.

    Example: [b]scored view guilt_by_association --open[/b]

    A sweep's results: [b]scored view --from runs/first[/b]
    """
    from experiments.viewer.limits import Limits
    from experiments.viewer.serving import serve, shown

    ready()
    limits = Limits(
        citizens=max_citizens, ties=max_ties, sessions=sessions, each=sessions_each, rate=rate,
        idle=idle,
    )  # fmt: skip
    show = shown(scenario, network, stored)
    serve(show, host, port, allow_host or [], limits, open_browser)
