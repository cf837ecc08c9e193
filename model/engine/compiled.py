"""The compiled engine: a world's periods by Numba's loops, in one thread or several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from model.choices import ExpressionRule
from model.compilation import is_cached
from model.engine.period import Kernels, build
from model.engine.scratch import own_scratch
from model.engine.settling import settle_all, turns
from model.errors import InputError
from model.own_rule import explain
from model.state import BLOCK
from model.tally import NO_NOTES, Notes
from model.threads import in_parts

if TYPE_CHECKING:
    from model.world import World

LONGEST_CALL = 1_000_000
"""Citizen-periods in one call of the compiled loop: a tenth of a second, lest Ctrl-C wait."""


class CompiledEngine:
    """Periods by compiled loops.

    Args:
        threads: in which parts of a large society live at the same time; it doesn't show.
    """

    def __init__(self, threads: int) -> None:
        self.threads = threads

    def kernels(self, world: World) -> Kernels:
        """The compiled loops for a world's rules."""
        rule = world.scenario.citizens.expression_rule.name
        return build(rule, world.scoring, world.full)

    def _loop(self, world: World) -> Any:
        kernels = self.kernels(world)
        return kernels.one_by_one if world.one_by_one else kernels.synchronous

    def needs_compilation(self, world: World) -> bool:
        """Whether the next period has to wait for the loop to be compiled."""
        loop = self._loop(world)
        return not (loop.signatures or is_cached(loop))

    def run(self, world: World, periods: int, notes: Notes | None = None) -> None:
        """Advance by so many periods; see :class:`model.engine.interface.Engine`."""
        done = 0
        if self.threads == 1 and world.uneventful:
            while done < periods:
                done += self._run_uneventful(world, periods - done, done, notes)
            return
        strategic = world.scenario.citizens.expression_rule is ExpressionRule.strategic
        if periods > 2 and strategic and notes is None:
            from model.engine.alone import lives_alone, run_alone

            if lives_alone(world):
                try:
                    run_alone(world, periods - 1, self.threads)
                except KeyboardInterrupt:
                    self._step(world)  # what nobody looked at was not written down
                    raise
                done = periods - 1
        for k in range(done, periods):
            self._step(world)
            if notes is not None:
                _note(world, notes, k)

    def _run_uneventful(
        self, world: World, periods: int, done_before: int, notes: Notes | None
    ) -> int:
        """Up to so many periods in one call, which spares a fifth of the time at 1,000 citizens."""
        periods = min(periods, max(LONGEST_CALL // world.citizens, 1))
        own = NO_NOTES
        if notes is not None:
            own = Notes(notes.tallies[done_before:], notes.counts[done_before:])
        world.begin_period()
        whole, settled = self.kernels(world).synchronous(
            0, world.citizens, periods, own_scratch(), world.traits, world.now, world.next,
            world.ties.arrays, world.decisions, world.parameters, world.key, world.period,
            world.max_friends, world.counts, own,
        )  # fmt: skip
        world.period += whole
        if whole % 2:
            world.publish()
        if whole == periods:
            return periods
        settle(world, settled)
        world.publish()
        world.period += 1
        if notes is not None:
            _note(world, own, whole)
        return int(whole) + 1

    def _step(self, world: World) -> None:
        """A period between which and the next something may happen, or on several threads."""
        world.begin_period()
        try:
            if world.one_by_one:
                self._step_one_by_one(world)
            else:
                self._step_synchronous(world)
        except Exception as error:
            # whatever Numba makes of a rule that it cannot compile, or that sometimes returns None
            nothing = isinstance(error, TypeError) and "got None" in str(error)
            if not world.own_rule or (self._loop(world).signatures and not nothing):
                raise
            raise InputError(explain(world.scoring, error)) from None
        world.end_period()

    def _step_synchronous(self, world: World) -> None:
        kernel = self.kernels(world).synchronous

        def live(begin: int, end: int) -> None:
            kernel(
                begin, end, 0, own_scratch(), world.traits, world.now, world.next,
                world.ties.arrays, world.decisions, world.parameters, world.key, world.period,
                world.max_friends, world.counts, NO_NOTES,
            )  # fmt: skip

        in_parts(live, world.citizens, self.threads, BLOCK)
        settle(world)
        world.publish()

    def _step_one_by_one(self, world: World) -> None:
        order = np.empty(world.citizens, np.int64)
        turns(order, world.key, world.period)
        kernel = self.kernels(world).one_by_one
        done = 0
        while True:
            done = kernel(
                done, order, world.traits, world.now, world.ties.arrays, world.decisions,
                world.parameters, world.key, world.period, world.max_friends, world.counts,
            )  # fmt: skip
            if done == world.citizens:
                break
            world.ties.grow()


def settle(world: World, done: int = 0) -> None:
    """Carry out what citizens decided about ties, from the ``done``-th in turn on."""
    words = own_scratch().words
    while True:
        done = settle_all(
            words, done, world.decisions, world.ties.arrays, world.now.record, world.max_friends,
            world.counts, world.institution_record.tie_loss, world.key, world.period,
        )  # fmt: skip
        if done == world.citizens:
            break
        world.ties.grow()


def _note(world: World, notes: Notes, k: int) -> None:
    world.add_up(notes.tallies[k])
    notes.counts[k] = world.counts
