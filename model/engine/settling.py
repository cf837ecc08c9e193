"""What citizens decided about ties is carried out, in a fixed order."""

from __future__ import annotations

import numpy as np

from model.chance import Purpose, below, draw
from model.compilation import compiled
from model.engine.prefetch import bring_near
from model.engine.scratch import at
from model.record import DISSENTING
from model.rules.detention import tie_survives
from model.rules.marker import rule
from model.state import (
    ARRESTS,
    CUT,
    CUT_FROM_DISSENTERS,
    FORMED,
    LOST_TO_ARRESTS,
    TO_JAIL,
    TO_LEAVE,
    TO_MEET,
)
from model.ties import end_tie, form_tie, has_space

_TURN = int(Purpose.turn)
_AT_ONCE = 64
# rows of the scratch's words: who decided something, and in which turn
_WHO, _TURN_OF = 0, 1
_TIE_SURVIVES = int(Purpose.tie_survives)


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
def list_next(words, k, first, decisions, citizens):
    """List the next who decided anything, from the ``k``-th in turn on.

    Few do in a period: where eight in a row didn't, one look tells. Returns how many are listed
    and who is next in turn.
    """
    eights = decisions.pending[: citizens // 8 * 8].view(np.uint64)
    count = 0
    while k < citizens and count < _AT_ONCE:
        i = first + k
        if i >= citizens:
            i -= citizens
        if i % 8 == 0 and i // 8 < len(eights) and eights[i // 8] == 0:
            k += 8
            continue
        if decisions.pending[i] != 0:
            words[at(_WHO, count)] = i
            words[at(_TURN_OF, count)] = k
            count += 1
        k += 1
    return count, k


@rule
def ask_for_rows(words, count, decisions, ties, record):
    """Ask for the rows of those who are listed, and of those whom they decided upon."""
    for k in range(count):
        i = words[at(_WHO, k)]
        bring_near(ties.start, i)
        bring_near(ties.degree, i)
        bring_near(ties.room, i)
        for j in (int(decisions.leave[i]), int(decisions.meet[i])):
            bring_near(ties.start, j)
            bring_near(ties.degree, j)
            bring_near(ties.room, j)
            bring_near(record, j)
    citizens = len(ties.degree)
    for k in range(count):
        i = words[at(_WHO, k)]
        bring_near(ties.friend, int(ties.start[i]))
        for j in (int(decisions.leave[i]), int(decisions.meet[i])):
            if 0 <= j < citizens:
                bring_near(ties.friend, int(ties.start[j]))


@rule
def settle_from(words, begin, decisions, ties, record, max_friends, counts, tie_loss, key, period):
    """Settle from the ``begin``-th citizen in turn on, to where space runs out, or N."""
    citizens = len(ties.degree)
    first = first_to_settle(citizens, key, period)
    k = begin
    while k < citizens:
        count, k = list_next(words, k, first, decisions, citizens)
        ask_for_rows(words, count, decisions, ties, record)
        for one in range(count):
            if not has_space(ties, max_friends):
                return words[at(_TURN_OF, one)]
            settle_one(
                words[at(_WHO, one)], decisions, ties, record, max_friends, counts, tie_loss, key,
                period,
            )  # fmt: skip
    return citizens


@compiled(allocates=False)
def settle_all(words, begin, decisions, ties, record, max_friends, counts, tie_loss, key, period):
    """Compiled :func:`settle_from`."""
    return settle_from(
        words, begin, decisions, ties, record, max_friends, counts, tie_loss, key, period
    )
