"""The web server: the page's files, what it needs to know at first, and a line to each visitor.

Everything comes from here and nothing goes anywhere else. A page from another origin gets no line,
and where only this machine is served no other name of it is answered to.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from experiments.viewer.conversation import GoneError, IdleError
from experiments.viewer.fairness import LongWork
from experiments.viewer.frames import plain
from experiments.viewer.layout import Layouts
from experiments.viewer.limits import Limits
from experiments.viewer.session import Session
from experiments.viewer.watched import MOVABLE
from model.declared import declared
from model.threads import available_cores

if TYPE_CHECKING:
    from experiments.viewer.serving import Shown

PAGE = Path(__file__).parent / "page"
_HEADERS = {
    b"content-security-policy": b"default-src 'self'; img-src 'self' data: blob:; "
    b"style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; "
    b"form-action 'none'",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cache-control": b"no-cache",
}
FULL, IDLE, FAULT = 4001, 4002, 4003
"""Why a line is closed: all places are taken, nothing was asked for, a fault of the server."""
_LOG = logging.getLogger(__name__)


class _Headers:
    """Every answer says that the page may load nothing from elsewhere."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [pair for pair in message["headers"] if pair[0] not in _HEADERS]
                message["headers"] = [*own, *_HEADERS.items()]
            await send(message)

        await self.app(scope, receive, with_headers)


class _Line:
    """A visitor's line; that somebody has left is one exception."""

    def __init__(self, websocket: WebSocket) -> None:
        self.websocket = websocket

    async def receive_text(self) -> str:
        try:
            return await self.websocket.receive_text()
        except (WebSocketDisconnect, RuntimeError, KeyError):  # gone, or bytes where words belong
            raise GoneError from None

    async def send_text(self, text: str) -> None:
        try:
            await self.websocket.send_text(text)
        except (WebSocketDisconnect, RuntimeError):
            raise GoneError from None

    async def send_bytes(self, data: bytes) -> None:
        try:
            await self.websocket.send_bytes(data)
        except (WebSocketDisconnect, RuntimeError):
            raise GoneError from None


class Viewer:
    """What all visitors share.

    Args:
        show: what there is to show.
        limits: of visitors.
    """

    def __init__(self, show: Shown, limits: Limits) -> None:
        self.show = show
        self.limits = limits
        self.layouts = Layouts()
        self.work = ThreadPoolExecutor(max(available_cores(), 2), "society")
        self.long = LongWork()
        self.visitors: Counter[str] = Counter()
        """From which address how many."""

    def about(self) -> dict[str, Any]:
        """What a page asks for first: scenarios, parameters, limits."""
        return {
            "first": self.show.first,
            "network": self.show.network is not None,
            "stored": self.show.stored,
            "movable": list(MOVABLE),
            "scenarios": [
                {"name": name, "title": one.title, "story": one.story.strip(),
                 "parameters": one.parameters()} for name, one in self.show.scenarios.items()
            ],
            "parameters": [row._asdict() for row in declared() if row.name != "network_file"],
        }  # fmt: skip

    async def page(self, _: Request) -> Response:
        """The page."""
        return FileResponse(PAGE / "index.html")

    async def told(self, _: Request) -> Response:
        """What the page asks for first."""
        return JSONResponse(plain(self.about()))

    async def plotly(self, _: Request) -> Response:
        """Plotly's program, as its Python package brings it along."""
        import plotly

        path = Path(str(plotly.__file__)).parent / "package_data" / "plotly.min.js"
        return FileResponse(path, media_type="text/javascript")

    async def line(self, websocket: WebSocket) -> None:
        """A visitor's line."""
        if not same_origin(websocket):
            await websocket.close(1008, "another page's script has no business here")
            return
        await websocket.accept()
        address = websocket.client.host if websocket.client else ""
        full = self._full(address)
        if full:
            await websocket.close(FULL, full)
            return
        self.visitors[address] += 1
        try:
            await Session(
                _Line(websocket),
                self.show.scenarios,
                self.show.network,
                self.layouts,
                self.limits,
                self.work,
                self.long,
            ).serve()
        except IdleError:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(websocket.close(IDLE, "nothing was asked for"), 5.0)
        except GoneError:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(websocket.close(1008, "nothing was taken"), 1.0)
        except Exception:  # a fault of ours costs this visitor the line, and nobody else anything
            _LOG.exception("a visitor's session failed")
            with contextlib.suppress(Exception):
                await websocket.close(FAULT, "the server made a mistake; its log says which")
        finally:
            self.visitors -= Counter([address])

    def _full(self, address: str) -> str:
        """Why nobody else may come from there; empty if somebody may."""
        if self.visitors.total() >= self.limits.sessions:
            return f"all {self.limits.sessions} places are taken; try later"
        if self.limits.each and self.visitors[address] >= self.limits.each:
            return f"{self.limits.each} are here from your address already; try later"
        return ""

    def app(self, hosts: list[str]) -> Starlette:
        """The application; ``hosts`` are the names by which it may be called."""

        @contextlib.asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            yield
            self.work.shutdown(wait=False, cancel_futures=True)
            self.long.end()

        return Starlette(
            routes=[
                Route("/", self.page),
                Route("/about.json", self.told),
                Route("/plotly.min.js", self.plotly),
                WebSocketRoute("/line", self.line),
                Mount("/page", StaticFiles(directory=PAGE)),
            ],
            middleware=[
                Middleware(_Headers), Middleware(TrustedHostMiddleware, allowed_hosts=hosts)
            ],
            lifespan=lifespan,
        )  # fmt: skip


def same_origin(websocket: WebSocket) -> bool:
    """Whether a line is asked for by our own page, or by no page at all."""
    origin = websocket.headers.get("origin")
    if origin is None:
        return True
    return urlsplit(origin).netloc == websocket.headers.get("host")
