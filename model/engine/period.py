"""The loops of the compiled engine, built around a choice rule and a scoring rule.

:func:`build` returns the loops for one pair of rules; the rules are inlined. The sequence of a
citizen's period is that of :class:`model.citizen.Citizen`; the equations are in :mod:`model.rules`
for both.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from model.chance import Purpose, below, draw, draws
from model.compilation import compiled, fingerprint
from model.engine.parameters import unpack
from model.engine.speaking import build_speaking
from model.glance import costliest_friend, find_stranger
from model.life import is_reachable
from model.own_rule import fresh
from model.record import DISSENTING
from model.rules.detention import tie_survives
from model.rules.expression import CHOICE_RULES
from model.rules.friendship import accepts, leaves, looks_for_friend
from model.rules.marker import rule
from model.rules.scoring import weighted_table
from model.state import (
    ARRESTS,
    BLOCK,
    CUT,
    CUT_FROM_DISSENTERS,
    FORMED,
    LOST_TO_ARRESTS,
    NOBODY,
    TO_JAIL,
    TO_LEAVE,
    TO_MEET,
    double,
    living_person,
    living_state_of,
    person,
    state_of,
)
from model.tally import note
from model.ties import end_tie, form_tie, has_space

_FIRST_REVIEWED = int(Purpose.first_reviewed)
_ACCEPT = int(Purpose.accept)
_TURN = int(Purpose.turn)
_TIE_SURVIVES = int(Purpose.tie_survives)


class Kernels(NamedTuple):
    """The compiled loops for one pair of rules."""

    synchronous: Any
    """With ``periods`` = 0, a part of the citizens lives a period on the old record and writes the
    new one. Else all live so many periods, ties settled, records exchanged and ``notes`` taken
    after each; returns how many are whole, and to where ties are settled in the one that isn't, for
    want of space."""
    one_by_one: Any
    """In a given order everybody lives a period on the newest record, ties included."""
    settle: Any
    """What everybody decided about ties is carried out, in a fixed order."""


@rule
def settle_one(i, decisions, ties, record, max_friends, counts, tie_loss, key, period):
    """Carry out what citizen ``i`` decided, and what befell; ``counts`` is that of a World.

    ``record`` is the public record on which the decision was taken. A tie that both ends cut is
    ended and counted once.
    """
    pending = int(decisions.pending[i])
    if pending == 0:
        return
    if pending & TO_JAIL:
        counts[ARRESTS] += 1
        last = int(ties.start[i]) + int(ties.degree[i]) - 1
        for slot in range(last, int(ties.start[i]) - 1, -1):
            j = int(ties.friend[slot])
            u = draw(key, _TIE_SURVIVES, period, min(i, j), max(i, j))
            if not tie_survives(tie_loss, u):
                end_tie(ties, i, j)
                counts[LOST_TO_ARRESTS] += 1
    if pending & (TO_LEAVE | TO_MEET) == 0:
        return
    j = int(decisions.leave[i])
    if j >= 0 and end_tie(ties, i, j):
        counts[CUT] += 1
        if record[j] & DISSENTING:
            counts[CUT_FROM_DISSENTERS] += 1
    j = int(decisions.meet[i])
    if j >= 0 and form_tie(ties, i, j, max_friends):
        counts[FORMED] += 1


@rule
def fill_with_turns(order, key, period):
    """Fisher–Yates: the order in which citizens take their turns in this period."""
    for k in range(len(order)):
        order[k] = k
    for k in range(len(order) - 1, 0, -1):
        j = below(draw(key, _TURN, period, k, 0), k + 1)
        order[k], order[j] = order[j], order[k]


@rule
def first_to_settle(citizens, key, period):
    """Where the round of settling ties begins, so that low numbers have no lasting precedence."""
    return below(draw(key, _TURN, period, 0, 1), citizens)


@compiled
def turns(order, key, period):
    """Compiled :func:`fill_with_turns`."""
    fill_with_turns(order, key, period)


@rule
def settle_from(begin, decisions, ties, record, max_friends, counts, tie_loss, key, period):
    """Settle from the ``begin``-th citizen in turn on, to where space runs out, or N.

    Few citizens decide anything in a period: where eight in a row didn't, one look tells.
    """
    citizens = len(ties.degree)
    first = first_to_settle(citizens, key, period)
    eights = decisions.pending[: citizens // 8 * 8].view(np.uint64)
    k = begin
    while k < citizens:
        i = first + k
        if i >= citizens:
            i -= citizens
        if i % 8 == 0 and i // 8 < len(eights) and eights[i // 8] == 0:
            k += 8
            continue
        if decisions.pending[i] != 0:
            if not has_space(ties, max_friends):
                return k
            settle_one(i, decisions, ties, record, max_friends, counts, tie_loss, key, period)
        k += 1
    return citizens


@rule
def known_person(i, _own_score, present, institution):
    """What anybody may know of citizen ``i``."""
    return person(i, present, institution)


def build_ties(scoring: Any, own_rule: bool, full: bool) -> Any:
    """The second half of a citizen's period: to decide about ties.

    It is a loop of its own because few citizens decide about ties in a period.
    """
    state = living_state_of if full else state_of
    who = living_person if full else known_person

    @rule
    def whom_to_leave(i, citizen, now, ties, institution, citizens, u_first, u_cut):
        whom = NOBODY
        j = costliest_friend(i, ties, now, citizen, institution, scoring, own_rule, full, u_first)
        if j >= 0:
            friends = double(ties.degree[i])
            friend = who(j, citizen.score, now, institution)
            if leaves(friend, friends, citizen, institution, citizens, scoring, u_cut):
                whom = j
        return whom

    @rule
    def whom_to_meet(
        i, citizen, traits, now, ties, institution, citizens, u_sociability, u_search, key, period
    ):
        whom = NOBODY
        friends = double(ties.degree[i])
        if looks_for_friend(friends, citizens, u_sociability):
            j = find_stranger(i, ties, key, period, u_search < citizens.closure)
            if j >= 0 and (not full or is_reachable(j, now.life)):
                stranger = who(j, citizen.score, now, institution)
                u_own = draw(key, _ACCEPT, period, i, j)
                other = state(j, traits, now, institution)
                me = who(i, other.score, now, institution)
                u_other = draw(key, _ACCEPT, period, j, i)
                theirs = double(ties.degree[j])
                if accepts(
                    stranger, friends, citizen, institution, citizens, scoring, u_own
                ) and accepts(me, theirs, other, institution, citizens, scoring, u_other):
                    whom = j
        return whom

    @rule
    def decide_ties(i, citizen, traits, now, ties, decisions, institution, citizens, key, period):
        u_first, u_cut, u_sociability, u_search = draws(key, _FIRST_REVIEWED, period, i, 0)
        pending = int(decisions.pending[i])
        leave = meet = NOBODY
        if pending & TO_LEAVE:
            leave = whom_to_leave(i, citizen, now, ties, institution, citizens, u_first, u_cut)
        if pending & TO_MEET:
            meet = whom_to_meet(
                i, citizen, traits, now, ties, institution, citizens, u_sociability, u_search,
                key, period,
            )  # fmt: skip
        decisions.leave[i], decisions.meet[i] = leave, meet
        decisions.pending[i] = (
            (leave != NOBODY) * TO_LEAVE | (meet != NOBODY) * TO_MEET | pending & TO_JAIL
        )

    return decide_ties


@compiled(allocates=False)
def settle_all(begin, decisions, ties, record, max_friends, counts, tie_loss, key, period):
    """Compiled :func:`settle_from`."""
    return settle_from(begin, decisions, ties, record, max_friends, counts, tie_loss, key, period)


def build(choice_rule: str, scoring: Callable[..., float], full: bool) -> Kernels:
    """The loops for a choice rule (by name) and a scoring rule (a function).

    ``full``: with all mechanisms beyond the score; the choice rule is looked up as it runs then.
    """
    own = "" if scoring is weighted_table else fingerprint(scoring)
    return _build("full" if full else choice_rule, scoring, own)


@lru_cache(maxsize=32)
def _build(kind: str, scoring: Any, own: str) -> Kernels:
    """``own`` is the fingerprint of a researcher's own rule: an edited one is built anew."""
    also = f"{kind} {own}"
    if own:
        scoring = fresh(scoring)
    full = kind == "full"
    decide_ties = build_ties(scoring, bool(own), full)
    if full:
        from model.engine.full import build_living  # a start without mechanisms needs none of it

        state = living_state_of
        speak_once, speak_block = build_living(scoring, bool(own))
    else:
        state = state_of
        speak_once, speak_block, _ = build_speaking(CHOICE_RULES[kind], scoring, bool(own))

    def synchronous(
        begin, end, periods, scratch, traits, now, new, ties, decisions, parameters, key, period,
        bound, counts, notes,
    ):  # fmt: skip
        institution, citizens = unpack(parameters)
        for k in range(max(periods, 1)):
            at = begin
            while at < end:
                stop = min(at + BLOCK, end)
                speak_block(
                    scratch, at, stop - at, traits, now, new, ties, decisions, institution,
                    citizens, key, period + k,
                )  # fmt: skip
                for i in range(at, stop):
                    if decisions.pending[i] != 0:
                        citizen = state(i, traits, now, institution)
                        decide_ties(
                            i, citizen, traits, now, ties, decisions, institution, citizens, key,
                            period + k,
                        )  # fmt: skip
                at = stop
            if periods > 0:
                done = settle_from(
                    0, decisions, ties, now.record, bound, counts, institution.tie_loss, key,
                    period + k,
                )  # fmt: skip
                if done < end:
                    return k, done
                now, new = new, now
                note(
                    notes, k, now, ties.degree, institution.travel_threshold,
                    institution.visa_threshold, counts,
                )  # fmt: skip
        return periods, 0

    def one_by_one(
        begin,
        order,
        traits,
        now,
        ties,
        decisions,
        parameters,
        key,
        period,
        bound,
        counts,
    ):
        institution, citizens = unpack(parameters)
        for k in range(begin, len(order)):
            if not has_space(ties, bound):
                return k
            i = order[k]
            citizen = state(i, traits, now, institution)  # before it changes
            speak_once(i, traits, now, now, ties, decisions, institution, citizens, key, period)
            if decisions.pending[i] != 0:
                decide_ties(
                    i, citizen, traits, now, ties, decisions, institution, citizens, key, period
                )
            settle_one(
                i, decisions, ties, now.record, bound, counts, institution.tie_loss, key, period
            )
        return len(order)

    return Kernels(
        compiled(synchronous, allocates=False, also=also),
        compiled(one_by_one, allocates=False, also=also),
        settle_all,
    )
