"""Starting the server: what it shows, where it listens, and saying so."""

from __future__ import annotations

import ipaddress
import socket
import threading
import webbrowser
from pathlib import Path
from typing import Any

from experiments.extras import needs
from experiments.viewer.limits import MESSAGE_BYTES, Limits
from model.errors import InputError
from model.scenario import Scenario, bundled, load
from model.world import World

_OWN_NAMES = ("127.0.0.1", "localhost", "[::1]")


def shown(scenario: str, network: Path | None) -> tuple[dict[str, Scenario], str, Any]:
    """The scenarios that can be asked for, the first one's name, and the network if one is given.

    Raises:
        InputError: if the scenario or the network can't be had.
    """
    scenarios = {name: load(path) for name, path in bundled().items()}
    first = scenario
    if scenario not in scenarios:
        given = load(scenario)
        first = Path(scenario).stem
        scenarios = {first: given, **scenarios}
    edges = None
    if network is not None:
        edges = World(scenarios[first], network=network, threads=1).network
    return scenarios, first, edges


def serve(
    scenario: str, network: Path | None, host: str, port: int, names: list[str], limits: Limits,
    open_browser: bool = False,
) -> None:  # fmt: skip
    """Serve until Ctrl-C.

    Raises:
        InputError: for a wrong scenario or network, or an address that can't be had.
    """
    with needs("starlette", "view"):
        from experiments.viewer.server import Viewer
    with needs("uvicorn", "view"):
        import uvicorn
    with needs("websockets", "view"):
        import websockets  # noqa: F401

    from experiments.show import err, out

    scenarios, first, edges = shown(scenario, network)
    viewer = Viewer(scenarios, first, edges, limits)
    alone = _only_here(host)
    hosts = [*_OWN_NAMES, *names] if alone or names else ["*"]
    listening = _listen(host, port)
    port = listening.getsockname()[1]
    address = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}/"  # noqa: S104
    out.print(f"[bold]{address}[/bold]  (Ctrl-C ends it)", soft_wrap=True)
    if not alone:
        err.print(
            f"[bold yellow]Attention: listening at {host}: everybody who reaches this machine can "
            f"open the page[/bold yellow] (up to {limits.sessions} visitors at once, "
            f"{limits.citizens:,} citizens each; no password, no encryption)."
        )
    threading.Thread(target=_warm, args=(scenarios[first],), daemon=True).start()
    if open_browser:
        threading.Timer(0.5, webbrowser.open, (address,)).start()
    server = uvicorn.Server(uvicorn.Config(
        viewer.app(hosts), log_level="error", ws="websockets-sansio", ws_max_size=MESSAGE_BYTES,
        ws_ping_interval=20.0, ws_ping_timeout=20.0, timeout_graceful_shutdown=2,
        timeout_keep_alive=20, server_header=False,
    ))  # fmt: skip
    server.run(sockets=[listening])


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
