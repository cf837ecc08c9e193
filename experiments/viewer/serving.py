"""Starting the server: what it shows, where it listens, and saying so."""

from __future__ import annotations

import ipaddress
import socket
import threading
import webbrowser
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from experiments import interrupts
from experiments.extras import needs
from experiments.viewer.limits import MESSAGE_BYTES, Limits
from model.errors import InputError
from model.networks import EdgeList, build_network
from model.scenario import Scenario, bundled, load

_OWN_NAMES = ("127.0.0.1", "localhost", "[::1]")


class Shown(NamedTuple):
    """What a server has to show."""

    scenarios: dict[str, Scenario]
    """Those that can be asked for."""
    first: str
    """The one that a page begins with."""
    network: EdgeList | None
    """A real one in place of all scenarios'."""
    stored: dict[str, Any]
    """What the page is told of a stored run or sweep."""


def shown(scenario: str, network: Path | None, stored: Path | None) -> Shown:
    """What there is to show.

    Raises:
        InputError: if scenario, network or what is stored can't be had.
    """
    scenarios = {name: load(path) for name, path in bundled().items()}
    first = scenario
    if scenario not in scenarios:
        first = Path(scenario).stem
        scenarios = {first: load(scenario), **scenarios}
    about: dict[str, Any] = {}
    if stored is not None:
        from experiments.viewer.recorded import shelf_of

        shelf = shelf_of(stored)
        scenarios = {**shelf.scenarios, **scenarios}
        first, about = next(iter(shelf.scenarios)), shelf.about
        if shelf.network_file:
            if network is not None:
                raise InputError(f"{stored} brings its own network; leave --network out")
            network = Path(shelf.network_file)
    if network is not None and not network.is_file():
        raise InputError(f"there is no network file {network}")
    edges = None
    if network is not None:
        edges = build_network(scenarios[first], network)
    return Shown(scenarios, first, edges, about)


def serve(
    show: Shown, host: str, port: int, names: list[str], limits: Limits, open_browser: bool = False
) -> None:
    """Serve until Ctrl-C.

    Raises:
        InputError: if the address can't be had, or a package is missing.
    """
    with needs("starlette", "view"):
        from experiments.viewer.server import Viewer
    with needs("uvicorn", "view"):
        import uvicorn
    with needs("websockets", "view"):
        import websockets  # noqa: F401

    from experiments.show import err, out

    alone = _only_here(host)
    if limits.each is None:
        limits = replace(limits, each=0 if alone else max(limits.sessions // 2, 1))
    viewer = Viewer(show, limits)
    hosts = [*_OWN_NAMES, *names] if alone or names else ["*"]
    listening = _listen(host, port)
    port = listening.getsockname()[1]
    shown_host = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
    address = f"http://{f'[{shown_host}]' if ':' in shown_host else shown_host}:{port}/"
    out.print(f"[bold]{address}[/bold]  (Ctrl-C ends it)", soft_wrap=True)
    if not alone:
        err.print(
            f"[bold yellow]Attention: listening at {host}: everybody who reaches this machine can "
            f"open the page[/bold yellow] (up to {limits.sessions} visitors at once, "
            f"{limits.each or limits.sessions} from one address, {limits.citizens:,} citizens "
            "each; no password, no encryption)."
        )
    threading.Thread(target=_warm, args=(show.scenarios[show.first],), daemon=True).start()
    if open_browser:
        threading.Timer(0.5, webbrowser.open, (address,)).start()
    server = uvicorn.Server(uvicorn.Config(
        viewer.app(hosts), log_level="error", ws="websockets-sansio", ws_max_size=MESSAGE_BYTES,
        ws_ping_interval=20.0, ws_ping_timeout=20.0, timeout_graceful_shutdown=2,
        timeout_keep_alive=20, server_header=False,
    ))  # fmt: skip
    try:
        server.run(sockets=[listening])
    except KeyboardInterrupt:
        pass  # all lines are closed by now: that is how one ends it
    except SystemExit as stop:
        if stop.code != interrupts.TERMINATED:
            raise
    out.print("closed")


def _warm(scenario: Scenario) -> None:
    """Have the engine compiled while the page is being looked for."""
    from experiments.viewer.layout import layout
    from experiments.viewer.watched import Watched

    small = Watched(scenario.replace(network_file="", generator="complete", citizens=12))
    small.step()
    source, target = small.world.ties.edges()
    layout(12, source, target)


def _only_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(512)  # who comes before the server is up waits a moment
    except OSError as error:
        listening.close()
        raise InputError(
            f"--host {host} --port {port}: cannot listen there: {error.strerror or error}; "
            "--port 0 takes any that is free"
        ) from None
    listening.set_inheritable(True)
    return listening
