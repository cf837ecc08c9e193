"""One visitor: an own society (and its twin), its player, and answers to what the page asks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Executor
from functools import partial
from typing import Any, ClassVar

import numpy as np

from experiments.viewer import answers
from experiments.viewer import messages as ask
from experiments.viewer.conversation import Conversation, Line
from experiments.viewer.fairness import LongWork, Share
from experiments.viewer.frames import Shade, frame, packed
from experiments.viewer.layout import Layouts
from experiments.viewer.limits import IN_FLIGHT, MOST_CHANGES, RELIVED, Limits
from experiments.viewer.opening import chosen
from experiments.viewer.watched import Watched
from model.errors import InputError
from model.scenario import Scenario

_LIVED_AT_ONCE = 0.1
"""Seconds of catching up before somebody else has a turn."""
_MOST_PER_FRAME = 16


class Session:
    """A visitor's session.

    Args:
        line: to the page.
        scenarios: those that can be asked for, by name.
        network: a real network in place of the scenarios', or None.
        layouts: shared by all.
        limits: of this visitor.
        work: where worlds live, off the loop that answers.
        long: where they are built, laid out and caught up with.
    """

    def __init__(
        self, line: Line, scenarios: Mapping[str, Scenario], network: Any, layouts: Layouts,
        limits: Limits, work: Executor, long: LongWork,
    ) -> None:  # fmt: skip
        self.talk = Conversation(line, limits)
        self.scenarios = scenarios
        self.network = network
        self.layouts = layouts
        self.limits = limits
        self.work = work
        self.long = long
        self.share = Share()
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
        self.turn = asyncio.Lock()
        """One thing at a time happens to the societies."""

    async def serve(self) -> None:
        """Answer until the visitor leaves, or asks for nothing for too long."""
        lives = self.talk.listen(self._prepared, self._drawn), self._work(), self._play()
        tasks = {asyncio.create_task(one) for one in lives}
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _prepared(self, operation: Any) -> list[Scenario]:
        """The scenarios that are to be opened, if any; what can't be is refused at once."""
        if isinstance(operation, ask.Open):
            return chosen(operation, self.scenarios, self.network, self.limits)
        return []

    def _drawn(self, number: int) -> None:
        self.drawn = max(self.drawn, min(number, self.sent))
        self.ready.set()

    async def _work(self) -> None:
        """Answer one thing after the other."""
        while True:
            operation, scenarios = await self.talk.next()
            try:
                await self._answer(operation, scenarios)
            except InputError as error:
                tag = {"tag": operation.tag} if isinstance(operation, ask.Open) else {}
                await self.talk.say("refused", op=operation.op, why=str(error), **tag)
                if tag and self.societies:  # one that was being caught up with stands where it is
                    async with self.turn:
                        await self._show()
                        await self.say_state()

    async def _answer(self, operation: Any, scenarios: list[Scenario]) -> None:
        if isinstance(operation, ask.Open):
            await self._open(operation, scenarios)
            return
        if not self.societies and not isinstance(operation, ask.Speed | ask.Colour):
            raise InputError("nothing is open yet")
        await self._ANSWERS[type(operation)](self, operation)

    async def off(self, do: Callable[[], Any]) -> Any:
        """Do something with the societies, away from the loop that answers everybody."""
        return await asyncio.get_running_loop().run_in_executor(self.work, do)

    async def slowly(self, do: Callable[[], Any]) -> Any:
        """Do something that takes long, when it is this visitor's turn."""
        return await self.long.do(self.share, do)

    # beginning

    async def _open(self, operation: ask.Open, scenarios: list[Scenario]) -> None:
        self.playing = False
        async with self.turn:
            if self.talk.is_superseded():
                return
            societies = [await self.slowly(partial(Watched, one, self.network))
                         for one in scenarios]  # fmt: skip
            if societies[0].world.citizens > self.limits.citizens:
                raise InputError(f"this network has more than {self.limits.citizens:,} people")
            if any(one.world.needs_compilation() for one in societies):
                await self.talk.say("waiting", why="The engine is compiled, once: half a minute …")
                for one in societies:
                    await self.slowly(one.world.compile)
            if self.talk.is_superseded():
                return
            self.opened += 1
            self.societies = societies
            self.names = [operation.rules.scenario]
            if operation.twin is not None:
                self.names.append(operation.twin.scenario)
            self.told = [0] * len(societies)
            await self._tell_opened(operation.tag)
            if await self._catch_up(operation.period):
                await self._show()
                await self.say_state()

    async def _tell_opened(self, tag: int) -> None:
        world = self.societies[0].world
        source, target = await self.off(world.ties.edges)
        await self.talk.say(
            "opened", citizens=world.citizens, number=self.opened, tag=tag,
            labels=world.network.labels,
            worlds=[
                {"scenario": name, "title": one.scenario.title, "story": one.scenario.story,
                 "parameters": one.scenario.parameters(),
                 "program": [change.model_dump(by_alias=True, exclude_none=True)
                             for change in self.scenarios[name].program]}
                for name, one in zip(self.names, self.societies, strict=True)
            ],
        )  # fmt: skip
        await self.talk.send(await self.off(lambda: packed(
            {"kind": "ties", "number": self.opened},
            {"ties": np.stack([source, target], axis=1).astype(np.uint32)},
        )))  # fmt: skip
        place = await self.slowly(lambda: self.layouts.of(world.citizens, source, target))
        await self.talk.send(packed({"kind": "layout", "number": self.opened}, {"place": place}))

    async def _catch_up(self, period: int) -> bool:
        """Have every society live to a period, in slices between which others have a turn.

        Returns:
            whether they did: not if the visitor has asked for another society in the meantime.
        """

        def live() -> None:
            until = time.monotonic() + _LIVED_AT_ONCE
            for one in self.societies:
                while one.period < period and time.monotonic() < until:
                    one.step()

        told = time.monotonic()
        while (now := min(one.period for one in self.societies)) < period:
            if self.talk.is_superseded():
                return False
            await self.slowly(live)
            if time.monotonic() - told > 1.0:
                told = time.monotonic()
                await self.talk.say("catching_up", period=now, until=period)
        return True

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
                    await self._show()
                    if self.societies[0].period >= end:
                        self.playing = False
                        await self.say_state()
            due = max(due + many / self.speed, time.monotonic() - 0.25)

    async def _live(self, periods: int) -> None:
        def live() -> None:
            for _ in range(periods):
                for one in self.societies:
                    one.step()

        await self.off(live)

    async def _show(self) -> None:
        self.sent += 1
        about = {"number": self.opened, "playing": self.playing}
        data = await self.off(lambda: frame(self.sent, self.societies, self.by, self.told, about))
        await self.talk.send(data)

    async def say_state(self) -> None:
        """How the society stands when it stands still: what gives it again, and proves it."""
        prints = await self.off(lambda: [one.world.fingerprint() for one in self.societies])
        await self.talk.say(
            "state", number=self.opened, playing=self.playing, fingerprints=prints,
            period=self.societies[0].period,
            in_force=[one.moved_by_program() for one in self.societies],
        )  # fmt: skip

    async def _on_play(self, operation: ask.Play) -> None:
        self.playing = True
        self.until = operation.until
        self.ready.set()

    async def _on_pause(self, _: ask.Pause) -> None:
        self.playing = False
        async with self.turn:
            await self.say_state()

    async def _on_step(self, operation: ask.Step) -> None:
        self.playing = False
        async with self.turn:
            await self._live(operation.periods)
            await self._show()
            await self.say_state()

    async def _on_speed(self, operation: ask.Speed) -> None:
        self.speed = operation.periods

    async def _on_change(self, operation: ask.Alter) -> None:
        watched = self.watched(operation.world)
        async with self.turn:
            period = watched.period
            if len(watched.scenario.program) >= MOST_CHANGES:
                raise InputError(f"{MOST_CHANGES} changes are enough; begin anew")
            again = await self.off(lambda: watched.change(operation.name, operation.value))
            if again:
                self.talk.spend(watched.world.citizens * again / RELIVED)
                if not await self._catch_up(period):
                    return
                # what is shown stays: it is the same past
                watched.looked = watched.rows
                self.told[operation.world] = len(watched.series)
            elif period == 0:
                self.told[operation.world] = 0
            await self.talk.say(
                "changed", number=self.opened, name=operation.name, value=operation.value,
                world=operation.world, at=period + 1,
            )  # fmt: skip
            if period == 0:
                await self._show()
            if not self.playing:
                await self.say_state()

    def watched(self, world: int) -> Watched:
        """One of the societies.

        Raises:
            InputError: if there is no such one.
        """
        if world >= len(self.societies):
            raise InputError("there is no twin")
        return self.societies[world]

    async def _on_colour(self, operation: ask.Colour) -> None:
        self.by = operation.by
        if self.societies and not self.playing:
            async with self.turn:
                await self._show()

    _ANSWERS: ClassVar[dict[type, Callable[[Session, Any], Coroutine[Any, Any, None]]]] = {
        ask.Play: _on_play, ask.Pause: _on_pause, ask.Step: _on_step, ask.Speed: _on_speed,
        ask.Alter: _on_change, ask.Colour: _on_colour, ask.Story: answers.story,
        ask.Find: answers.find, ask.Export: answers.export, ask.Study: answers.study,
    }  # fmt: skip
