"""One visitor: an own society (and its twin), its player, and answers to what the page asks."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Executor
from functools import partial
from typing import Any, ClassVar, Protocol

import numpy as np

from experiments.viewer import messages as ask
from experiments.viewer.frames import Shade, frame, packed, plain
from experiments.viewer.layout import Layouts
from experiments.viewer.limits import (
    COST,
    IN_FLIGHT,
    MOST_CHANGES,
    RELIVED,
    SEND_SECONDS,
    Allowance,
    Limits,
)
from experiments.viewer.watched import Watched
from model.errors import InputError, nearest
from model.parameters import section_of
from model.scenario import Scenario

_SHARED = ("population", "network", "chance")
"""Sections that twins share, so that citizens are the same people with the same luck."""
_LIVED_AT_ONCE = 0.1
"""Seconds of catching up before somebody else has a turn."""
_MOST_PER_FRAME = 16


class IdleError(Exception):
    """The visitor asked for nothing for too long."""


class GoneError(Exception):
    """The visitor has left, or takes nothing off the line."""


class _TooManyError(Exception):
    """More messages than a visitor may send."""


class Line(Protocol):
    """What a session needs of a connection."""

    async def send_text(self, text: str) -> None:
        """Send words."""

    async def send_bytes(self, data: bytes) -> None:
        """Send columns."""

    async def receive_text(self) -> str:
        """The next message; raises when the visitor has left."""


class Session:
    """A visitor's session.

    Args:
        line: to the page.
        scenarios: those that can be asked for, by name.
        network: a real network in place of the scenarios', or None.
        layouts: shared by all.
        limits: of this visitor.
        work: where worlds live, off the loop that answers.
    """

    def __init__(
        self, line: Line, scenarios: Mapping[str, Scenario], network: Any, layouts: Layouts,
        limits: Limits, work: Executor,
    ) -> None:  # fmt: skip
        self.line = line
        self.scenarios = scenarios
        self.network = network
        self.layouts = layouts
        self.limits = limits
        self.work = work
        self.societies: list[Watched] = []
        self.names: list[str] = []
        self.told: list[int] = []
        self.by = Shade.expression
        self.playing = False
        self.speed = 10.0
        self.until = 0
        """Period after which to pause; 0: none."""
        self.sent = self.drawn = 0
        self.opened = 0
        self.ready = asyncio.Event()
        self.allowance = Allowance(limits.rate, time.monotonic())
        self.turn = asyncio.Lock()
        """One thing at a time happens to the societies."""

    async def serve(self) -> None:
        """Answer until the visitor leaves, or asks for nothing for too long."""
        tasks = {asyncio.create_task(self._listen()), asyncio.create_task(self._play())}
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self) -> None:
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
                await self._answer(operation)
            except _TooManyError:
                if now - told_off > 0.5:  # a flood isn't answered by a flood
                    told_off = now
                    why = "too many messages: wait a moment"
                    await self._say("refused", op=ask.op_of(text), why=why)
            except InputError as error:
                await self._say("refused", op=ask.op_of(text), why=str(error))

    def _take(self, cost: float) -> None:
        if not self.allowance.take(cost, time.monotonic()):
            raise _TooManyError

    async def _answer(self, operation: Any) -> None:
        if isinstance(operation, ask.Ack):
            self.drawn = max(self.drawn, min(operation.frame, self.sent))
            self.ready.set()
            return
        if isinstance(operation, ask.Open):
            await self._open(operation)
            return
        if not self.societies and not isinstance(operation, ask.Speed | ask.Colour):
            raise InputError("nothing is open yet")
        await self._ANSWERS[type(operation)](self, operation)

    async def _say(self, kind: str, **values: Any) -> None:
        text = json.dumps({"kind": kind, **plain(values)}, ensure_ascii=False, allow_nan=False)
        await self._sent(self.line.send_text(text))

    async def _send(self, data: bytes) -> None:
        await self._sent(self.line.send_bytes(data))

    async def _sent(self, sending: Coroutine[Any, Any, None]) -> None:
        try:
            await asyncio.wait_for(sending, SEND_SECONDS)
        except TimeoutError:
            raise GoneError from None

    async def _off(self, do: Callable[[], Any]) -> Any:
        """Do something with the societies, away from the loop that answers everybody."""
        return await asyncio.get_running_loop().run_in_executor(self.work, do)

    # beginning

    def _scenario(self, rules: ask.Rules) -> Scenario:
        known = self.scenarios.get(rules.scenario)
        if known is None:
            raise InputError(f"there is no scenario '{rules.scenario}' here")
        for name in rules.parameters:
            if name not in section_of():
                raise InputError(f"there is no parameter '{name}'{nearest(name, section_of())}")
        if "network_file" in rules.parameters:
            raise InputError("network_file: only who starts the server names files")
        if self.network is not None:
            for name in rules.parameters:
                if section_of().get(name) == "network":
                    raise InputError(f"{name}: this server shows one network, from a file")
        parameters = dict(rules.parameters)
        seed = str(parameters.get("seed", ""))
        if seed.isascii() and seed.isdigit():  # JavaScript has no number beyond 2⁵³: a word then
            parameters["seed"] = int(seed)
        program = [change.model_dump(by_alias=True, exclude_none=True) for change in known.program]
        steps = [{"parameter": name, "at": at, "to": value} for at, name, value in rules.changes]
        return known.replace(**parameters, program=[*program, *steps])

    async def _open(self, operation: ask.Open) -> None:
        scenario = self._scenario(operation.rules)
        chosen = [scenario]
        if operation.twin is not None:
            for name in operation.twin.parameters:
                if section_of().get(name) in _SHARED:
                    raise InputError(f"{name}: twins are the same people with the same luck")
            twin = self._scenario(operation.twin)
            shared = {name: value for section in _SHARED
                      for name, value in getattr(scenario, section)}  # fmt: skip
            chosen.append(twin.replace(**shared))
        people = self.network.citizens if self.network is not None else (
            scenario.population.citizens)  # fmt: skip
        if people > self.limits.citizens and not scenario.network.network_file:
            raise InputError(
                f"citizens = {people:,}: at most {self.limits.citizens:,} are shown here "
                "(the server's --max-citizens)"
            )
        self._check_ties(scenario, people)
        if operation.period > self.limits.periods:
            most = self.limits.periods
            raise InputError(f"period {operation.period:,} is too far for a page: at most {most:,}")
        if people * operation.period * len(chosen) > self.limits.catch_up:
            most = self.limits.catch_up // max(people * len(chosen), 1)
            raise InputError(f"period {operation.period:,} is too far for a page: at most {most:,}")
        self.playing = False
        async with self.turn:
            societies = [await self._off(partial(Watched, one, self.network)) for one in chosen]
            if societies[0].world.citizens > self.limits.citizens:
                raise InputError(f"this network has more than {self.limits.citizens:,} people")
            if any(one.world.needs_compilation() for one in societies):
                await self._say("waiting", why="The engine is compiled, once: half a minute …")
                for one in societies:
                    await self._off(one.world.compile)
            self.opened += 1
            self.societies = societies
            self.names = [operation.rules.scenario]
            if operation.twin is not None:
                self.names.append(operation.twin.scenario)
            self.told = [0] * len(societies)
            await self._tell_opened()
            await self._catch_up(operation.period)
            await self._frame()
        await self._say_state()

    def _check_ties(self, scenario: Scenario, people: int) -> None:
        network = scenario.network
        ties = people * network.follows
        if self.network is None:
            each = people - 1 if network.generator == "complete" else network.mean_degree
            ties += int(people * each / 2)
        if ties > self.limits.ties:
            raise InputError(
                f"{ties:,} friendships and follows: at most {self.limits.ties:,} are shown here "
                "(the server's --max-ties)"
            )

    async def _tell_opened(self) -> None:
        world = self.societies[0].world
        source, target = await self._off(world.ties.edges)
        await self._say(
            "opened", citizens=world.citizens, number=self.opened,
            worlds=[
                {"scenario": name, "title": one.scenario.title, "story": one.scenario.story,
                 "parameters": one.scenario.parameters()}
                for name, one in zip(self.names, self.societies, strict=True)
            ],
        )  # fmt: skip
        await self._send(await self._off(lambda: packed(
            {"kind": "ties", "number": self.opened},
            {"ties": np.stack([source, target], axis=1).astype(np.uint32)},
        )))  # fmt: skip
        place = await self._off(lambda: self.layouts.of(world.citizens, source, target))
        await self._send(packed({"kind": "layout", "number": self.opened}, {"place": place}))

    async def _catch_up(self, period: int) -> None:
        """Have every society live to a period, in slices between which others have a turn."""

        def live() -> None:
            until = time.monotonic() + _LIVED_AT_ONCE
            for one in self.societies:
                while one.period < period and time.monotonic() < until:
                    one.step()

        told = time.monotonic()
        while (now := min(one.period for one in self.societies)) < period:
            await self._off(live)
            if time.monotonic() - told > 1.0:
                told = time.monotonic()
                await self._say("catching_up", period=now, until=period)

    # living

    async def _play(self) -> None:
        """Live on while it is wanted, and the page keeps up."""
        due = time.monotonic()
        while True:
            if not self.playing or self.sent - self.drawn >= IN_FLIGHT:
                self.ready.clear()
                await self.ready.wait()
                due = max(due, time.monotonic() - 0.25)
                continue
            now = time.monotonic()
            if now < due:
                await asyncio.sleep(due - now)
                continue
            many = min(max(int((now - due) * self.speed), 1), _MOST_PER_FRAME)
            async with self.turn:
                if self.playing:
                    period = self.societies[0].period
                    end = self.until if self.until > period else self.limits.periods
                    await self._live(max(min(many, end - period), 0))
                    await self._frame()
                    if self.societies[0].period >= end:
                        self.playing = False
                        await self._say_state()
            due = max(due + many / self.speed, time.monotonic() - 0.25)

    async def _live(self, periods: int) -> None:
        def live() -> None:
            for _ in range(periods):
                for one in self.societies:
                    one.step()

        await self._off(live)

    async def _frame(self) -> None:
        self.sent += 1
        about = {"number": self.opened, "playing": self.playing}
        data = await self._off(lambda: frame(self.sent, self.societies, self.by, self.told, about))
        await self._send(data)

    async def _say_state(self) -> None:
        """How the society stands when it stands still: what gives it again, and proves it."""
        prints = await self._off(lambda: [one.world.fingerprint() for one in self.societies])
        await self._say(
            "state", number=self.opened, playing=self.playing, fingerprints=prints,
            period=self.societies[0].period,
        )  # fmt: skip

    async def _on_play(self, operation: ask.Play) -> None:
        self.playing = True
        self.until = operation.until
        self.ready.set()

    async def _on_pause(self, _: ask.Pause) -> None:
        self.playing = False
        async with self.turn:
            await self._say_state()

    async def _on_step(self, operation: ask.Step) -> None:
        self.playing = False
        async with self.turn:
            await self._live(operation.periods)
            await self._frame()
            await self._say_state()

    async def _on_speed(self, operation: ask.Speed) -> None:
        self.speed = operation.periods

    async def _on_change(self, operation: ask.Alter) -> None:
        watched = self._watched(operation.world)
        async with self.turn:
            period = watched.period
            if len(watched.scenario.program) >= MOST_CHANGES:
                raise InputError(f"{MOST_CHANGES} changes are enough; begin anew")
            again = await self._off(lambda: watched.change(operation.name, operation.value))
            if again:
                self._spend(watched.world.citizens * again / RELIVED)
                await self._catch_up(period)
                # what is shown stays: it is the same past
                watched.looked = watched.rows
                self.told[operation.world] = len(watched.series)
            elif period == 0:
                self.told[operation.world] = 0
            await self._say(
                "changed", number=self.opened, name=operation.name, value=operation.value,
                world=operation.world, at=period + 1,
            )  # fmt: skip
            if period == 0:
                await self._frame()
            if not self.playing:
                await self._say_state()

    def _spend(self, cost: float) -> None:
        """Take what has been done anyway; the visitor waits for it afterwards."""
        now = time.monotonic()
        self.allowance.take(0.0, now)
        self.allowance.left -= cost

    def _watched(self, world: int) -> Watched:
        if world >= len(self.societies):
            raise InputError("there is no twin")
        return self.societies[world]

    # looking

    async def _on_colour(self, operation: ask.Colour) -> None:
        self.by = operation.by
        if self.societies and not self.playing:
            async with self.turn:
                await self._frame()

    async def _on_story(self, operation: ask.Story) -> None:
        watched = self._watched(operation.world)
        if operation.citizen >= watched.world.citizens:
            raise InputError(f"citizen {operation.citizen} doesn't exist")
        async with self.turn:
            told = await self._off(lambda: watched.story(operation.citizen))
        await self._say("story", world=operation.world, **told)

    async def _on_find(self, operation: ask.Find) -> None:
        wanted = operation.text.strip().casefold()
        labels = self.societies[0].world.labels
        found = [(label.casefold() != wanted, i) for i, label in enumerate(labels)
                 if wanted and wanted in label.casefold()]  # fmt: skip
        best = [i for _, i in sorted(found)[:20]]
        await self._say("found", text=operation.text,
                        citizens=[[i, labels[i]] for i in best], many=len(found))  # fmt: skip

    # taking home

    async def _on_export(self, operation: ask.Export) -> None:
        from experiments.viewer import written

        watched = self._watched(operation.world)
        if (operation.what == "scenario") != (operation.form == "toml"):
            raise InputError(f"{operation.what} is not written as {operation.form}")

        def make() -> bytes:
            if operation.what == "scenario":
                return written.scenario_toml(watched.scenario).encode()
            return written.table_bytes(written.table_of(watched, operation.what), operation.form)

        async with self.turn:
            data = await self._off(make)
        name = f"{operation.what}.{operation.form}"
        await self._send(packed({"kind": "file", "name": name},
                                {"data": np.frombuffer(data, np.uint8)}))  # fmt: skip

    async def _on_study(self, operation: ask.Study) -> None:
        from experiments.viewer import written

        watched = self._watched(operation.world)
        if operation.end <= operation.begin:
            raise InputError("a range needs an end above its beginning")
        levels = written.levels_of(operation.parameter, operation.begin, operation.end,
                                   operation.levels)  # fmt: skip
        async with self.turn:
            files = await self._off(lambda: written.study_toml(
                watched.scenario, watched.period or 200, operation.parameter, levels,
                operation.replicates,
            ))  # fmt: skip
        await self._say("files", files=files)

    _ANSWERS: ClassVar[dict[type, Callable[[Session, Any], Coroutine[Any, Any, None]]]] = {
        ask.Play: _on_play, ask.Pause: _on_pause, ask.Step: _on_step, ask.Speed: _on_speed,
        ask.Alter: _on_change, ask.Colour: _on_colour, ask.Story: _on_story, ask.Find: _on_find,
        ask.Export: _on_export, ask.Study: _on_study,
    }  # fmt: skip
