"""Ties and opinions that move together: what two models of coevolution share.

Opinions sit on the model's own ties (:class:`model.ties.TieArrays`) and draws are the model's, by
number of the event. Who holds an opinion, and who has a tie to another one, is kept up to date.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.chance import Purpose, below, draws
from model.networks import build_network
from model.rules.marker import rule
from model.scenario import load
from model.ties import TieArrays, Ties, add_tie, end_tie, has_space

_EVENT = int(Purpose.event)
_EVENTS = 10_000_000
"""Events in one call of a compiled loop: a second, lest Ctrl-C wait."""


class Opinions(NamedTuple):
    """Who holds which opinion, as lists that can be drawn from."""

    of: NDArray[np.int32]
    """(N,) each one's opinion."""
    holder: NDArray[np.int32]
    """(slots,) holders, a row an opinion."""
    start: NDArray[np.int64]
    """(G,) where each opinion's row begins."""
    holders: NDArray[np.int32]
    """(G,) how many hold it."""
    room: NDArray[np.int32]
    """(G,) slots of its row."""
    used: NDArray[np.int64]
    """(1,) slots in use, left rows included."""
    place: NDArray[np.int64]
    """(N,) each one's slot."""
    opposed: NDArray[np.int32]
    """(N,) ties to holders of other opinions."""
    active: NDArray[np.int32]
    """(N,) those who have any, first; then anything."""
    at: NDArray[np.int32]
    """(N,) each one's place in ``active``; −1 for who has none."""
    counts: NDArray[np.int64]
    """(2,) how many are active; ends of ties between opinions, each tie twice."""


def opinions_from(of: NDArray[np.int32], many: int, ties: TieArrays) -> Opinions:
    """Lists for given opinions, numbered from 0 to ``many`` − 1."""
    citizens = len(of)
    size = np.bincount(of, minlength=many)
    room = size + size // 4 + 4
    start = np.zeros(many, np.int64)
    start[1:] = np.cumsum(room)[:-1]
    used = int(room.sum())
    holder = np.zeros(4 * (used + citizens), np.int32)
    place = np.empty(citizens, np.int64)
    filled = np.zeros(many, np.int64)
    for i in range(citizens):
        place[i] = start[of[i]] + filled[of[i]]
        holder[place[i]] = i
        filled[of[i]] += 1
    opposed = np.zeros(citizens, np.int32)
    for i in range(citizens):
        row = ties.friend[ties.start[i] : ties.start[i] + ties.degree[i]]
        opposed[i] = (of[row] != of[i]).sum()
    active = np.zeros(citizens, np.int32)
    at = np.full(citizens, -1, np.int32)
    some = np.flatnonzero(opposed)
    active[: len(some)] = some
    at[some] = np.arange(len(some))
    counts = np.array([len(some), opposed.sum()], np.int64)
    return Opinions(
        of.astype(np.int32), holder, start, size.astype(np.int32), room.astype(np.int32),
        np.array([used], np.int64), place, opposed, active, at, counts,
    )  # fmt: skip


@rule
def luck_of_event(key, number):
    """Four uniforms for an event."""
    return draws(key, _EVENT, number >> 32, number & 0xFFFFFFFF, 0)


@rule
def luck_of_try(key, number, attempt):
    """Four more for its ``attempt``-th try, from 1 on."""
    return draws(key, _EVENT, number >> 32, number & 0xFFFFFFFF, attempt)


@rule
def add_opposed(opinions: Opinions, i, more):
    """So many more (or fewer) ties of ``i`` lead to other opinions."""
    before = int(opinions.opposed[i])
    now = before + more
    opinions.opposed[i] = now
    opinions.counts[1] += more
    if before == 0 and now > 0:
        opinions.active[opinions.counts[0]] = i
        opinions.at[i] = opinions.counts[0]
        opinions.counts[0] += 1
    elif before > 0 and now == 0:
        last = opinions.active[opinions.counts[0] - 1]
        opinions.active[opinions.at[i]] = last
        opinions.at[last] = opinions.at[i]
        opinions.at[i] = -1
        opinions.counts[0] -= 1


@rule
def has_room(opinions: Opinions):
    """Whether a row can still move to the end."""
    return opinions.used[0] + 2 * len(opinions.of) + 8 <= len(opinions.holder)


@rule
def take_opinion(opinions: Opinions, ties: TieArrays, i, other):
    """``i`` comes to hold the opinion ``other``."""
    own = int(opinions.of[i])
    # out of the old row: its last takes the place
    last = opinions.holder[opinions.start[own] + opinions.holders[own] - 1]
    opinions.holder[opinions.place[i]] = last
    opinions.place[last] = opinions.place[i]
    opinions.holders[own] -= 1
    many = int(opinions.holders[other])
    if many == int(opinions.room[other]):  # into a new, wider one
        old, new = int(opinions.start[other]), int(opinions.used[0])
        for k in range(many):
            j = opinions.holder[old + k]
            opinions.holder[new + k] = j
            opinions.place[j] = new + k
        opinions.start[other] = new
        opinions.room[other] = many + many // 2 + 4
        opinions.used[0] = new + many + many // 2 + 4
    opinions.place[i] = opinions.start[other] + many
    opinions.holder[opinions.place[i]] = i
    opinions.holders[other] = many + 1
    opinions.of[i] = other
    change = 0
    for slot in range(int(ties.start[i]), int(ties.start[i]) + int(ties.degree[i])):
        j = int(ties.friend[slot])
        if opinions.of[j] == own:
            add_opposed(opinions, j, 1)
            change += 1
        elif opinions.of[j] == other:
            add_opposed(opinions, j, -1)
            change -= 1
    add_opposed(opinions, i, change)


@rule
def move_tie(opinions: Opinions, ties: TieArrays, i, j, k):
    """The tie of ``i`` with ``j`` now leads to ``k``, be there one already (as in the papers)."""
    end_tie(ties, i, j)
    add_tie(ties, i, k)
    if opinions.of[i] != opinions.of[j]:
        add_opposed(opinions, i, -1)
        add_opposed(opinions, j, -1)
    if opinions.of[i] != opinions.of[k]:
        add_opposed(opinions, i, 1)
        add_opposed(opinions, k, 1)


@rule
def random_friend(ties: TieArrays, i, u):
    """A friend of ``i``, each as likely as any other."""
    return int(ties.friend[int(ties.start[i]) + below(u, int(ties.degree[i]))])


@rule
def random_holder(opinions: Opinions, opinion, u):
    """Somebody who holds an opinion, ``i`` perhaps."""
    at = int(opinions.start[opinion]) + below(u, int(opinions.holders[opinion]))
    return int(opinions.holder[at])


def with_fresh_room(opinions: Opinions, ties: TieArrays) -> Opinions:
    """The same opinions in rows laid out anew."""
    return opinions_from(opinions.of, len(opinions.start), ties)


def random_ties(citizens: int, degree: float, seed: int) -> Ties:
    """The model's random graph, as ties that any number of events may move."""
    network = build_network(load("no_institution").replace(
        citizens=citizens, generator="erdos_renyi", mean_degree=degree, seed=seed
    ))  # fmt: skip
    return Ties(citizens, network.source, network.target, citizens)


def until_rest(
    live: Callable[[Opinions, int, int], int], opinions: Opinions, ties: Ties, most: int
) -> tuple[int, Opinions]:
    """Events until no tie joins two opinions, or ``most`` of them.

    Args:
        live: makes events from one number to another; returns where it stopped, for want of room
            perhaps.
        opinions: at first.
        ties: moved by ``live``.
        most: events.

    Returns:
        how many events there were, and the opinions then.
    """
    number = 0
    while number < most and opinions.counts[1] > 0:
        number = live(opinions, number, min(number + _EVENTS, most))
        if not has_space(ties.arrays, ties.citizens):
            ties.grow()
        if not has_room(opinions):
            opinions = with_fresh_room(opinions, ties.arrays)
    return number, opinions
