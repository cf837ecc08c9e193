"""What is said on a visitor's line: asked within limits, kept in order, answered in turn."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from experiments.viewer import messages as ask
from experiments.viewer.frames import plain
from experiments.viewer.limits import COST, MOST_WAITING, SEND_SECONDS, Allowance, Limits
from model.errors import InputError


class IdleError(Exception):
    """The visitor asked for nothing for too long."""


class GoneError(Exception):
    """The visitor has left, or takes nothing off the line."""


class _TooManyError(Exception):
    """More messages than a visitor may send."""


class Line(Protocol):
    """What is needed of a connection."""

    async def send_text(self, text: str) -> None:
        """Send words."""

    async def send_bytes(self, data: bytes) -> None:
        """Send columns."""

    async def receive_text(self) -> str:
        """The next message; raises when the visitor has left."""


class Conversation:
    """A visitor's line, with what is still to be answered.

    Args:
        line: to the page.
        limits: of this visitor.
    """

    def __init__(self, line: Line, limits: Limits) -> None:
        self.line = line
        self.limits = limits
        self.allowance = Allowance(limits.rate, time.monotonic())
        self.asked: asyncio.Queue[tuple[Any, Any]] = asyncio.Queue(MOST_WAITING)
        self._opens_waiting = 0

    async def listen(
        self, prepare: Callable[[Any], Any], drawn: Callable[[int], None]
    ) -> None:  # fmt: skip
        """Read the line at all times: who leaves is noticed, however long an answer takes.

        Args:
            prepare: what an operation needs to be answered; raises InputError for what can be
                refused at once, which then takes nobody's place.
            drawn: told of each frame that the page has drawn.

        Raises:
            IdleError: if the visitor asks for nothing for too long.
            GoneError: when the visitor has left.
        """
        told_off = 0.0
        while True:
            try:
                text = await asyncio.wait_for(self.line.receive_text(), self.limits.idle)
            except TimeoutError:
                raise IdleError from None
            now = time.monotonic()
            try:
                self._take(1.0)
                operation = ask.parsed(text)
                self._take(COST.get(operation.op, 0.0))
                if isinstance(operation, ask.Ack):
                    drawn(operation.frame)
                else:
                    self.asked.put_nowait((operation, prepare(operation)))
                    self._opens_waiting += isinstance(operation, ask.Open)
            except (_TooManyError, asyncio.QueueFull):
                if now - told_off > 0.5:  # a flood isn't answered by a flood
                    told_off = now
                    why = "too many messages: wait a moment"
                    await self.say("refused", op=ask.op_of(text), why=why)
            except InputError as error:
                await self.say("refused", op=ask.op_of(text), why=str(error), **ask.tag_of(text))

    def _take(self, cost: float) -> None:
        if not self.allowance.take(cost, time.monotonic()):
            raise _TooManyError

    def spend(self, cost: float) -> None:
        """Take what has been done anyway; the visitor waits for it afterwards."""
        self.allowance.take(0.0, time.monotonic())
        self.allowance.left -= cost

    async def next(self) -> tuple[Any, Any]:
        """What is to be answered next, in the order in which it was asked, and what it needs."""
        operation, prepared = await self.asked.get()
        self._opens_waiting -= isinstance(operation, ask.Open)
        return operation, prepared

    def is_superseded(self) -> bool:
        """Whether the visitor has asked for another society in the meantime."""
        return self._opens_waiting > 0

    async def say(self, kind: str, **values: Any) -> None:
        """Send words."""
        text = json.dumps({"kind": kind, **plain(values)}, ensure_ascii=False, allow_nan=False)
        await self._sent(self.line.send_text(text))

    async def send(self, data: bytes) -> None:
        """Send columns."""
        await self._sent(self.line.send_bytes(data))

    async def _sent(self, sending: Coroutine[Any, Any, None]) -> None:
        try:
            await asyncio.wait_for(sending, SEND_SECONDS)
        except TimeoutError:
            raise GoneError from None
