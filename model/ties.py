"""Friendships as slots: each citizen has a row of friends with a little room to spare.

A tie between i and j stands in both rows. Ending one moves the row's last friend into its place;
a row that is full moves to free space behind all others. The order within a row is part of the
state (it decides which friend a draw finds), the place of a row is not.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model import memory
from model.compilation import compiled
from model.rules.marker import rule


class TieArrays(NamedTuple):
    """The rows as arrays, for compiled loops and Mesa agents alike."""

    start: NDArray[np.int64]
    """(N,) where each row begins in ``friend``."""
    degree: NDArray[np.int32]
    """(N,) number of friends."""
    room: NDArray[np.int32]
    """(N,) slots of the row."""
    friend: NDArray[np.int32]
    """(slots,) the friends' numbers."""
    used: NDArray[np.int64]
    """(1,) slots in use by any row, ended rows included."""
    following: NDArray[np.int32]
    """(N,) number of people followed; empty where nobody follows anybody (M14)."""
    followed: NDArray[np.int32]
    """(N · m,) whom each follows, in rows of m; −1 in empty places."""


@rule
def slot_of(ties: TieArrays, i, j):
    """The slot in which i holds j, or −1."""
    slot = int(ties.start[i])
    end = slot + int(ties.degree[i])
    while slot < end and int(ties.friend[slot]) != j:
        slot += 1
    return slot if slot < end else -1


@rule
def are_friends(ties: TieArrays, i, j):
    """Whether i and j are friends; looks through the shorter row."""
    shorter, other = (i, j) if int(ties.degree[i]) <= int(ties.degree[j]) else (j, i)
    return slot_of(ties, shorter, other) >= 0


@rule
def _drop(ties: TieArrays, i, j):
    last = int(ties.start[i]) + int(ties.degree[i]) - 1
    slot = slot_of(ties, i, j)
    ties.friend[slot] = ties.friend[last]
    ties.degree[i] -= 1


@rule
def end_tie(ties: TieArrays, i, j):
    """End the friendship of i and j; False if there is none (the other one ended it already)."""
    ending = are_friends(ties, i, j)
    if ending:
        _drop(ties, i, j)
        _drop(ties, j, i)
    return ending


@rule
def roomier(degree):
    """Slots of a row that moves because it is full."""
    return degree + degree // 2 + 4


@rule
def _append(ties: TieArrays, i, j):
    degree = int(ties.degree[i])
    if degree == int(ties.room[i]):
        old = int(ties.start[i])
        new = int(ties.used[0])
        for k in range(degree):
            ties.friend[new + k] = ties.friend[old + k]
        ties.start[i] = new
        ties.room[i] = roomier(degree)
        ties.used[0] = new + roomier(degree)
    ties.friend[int(ties.start[i]) + degree] = j
    ties.degree[i] += 1


@rule
def add_tie(ties: TieArrays, i, j):
    """Make a tie of i and j whether there is one already or not; it then counts twice."""
    _append(ties, i, j)
    _append(ties, j, i)


@rule
def form_tie(ties: TieArrays, i, j, max_friends):
    """Make i and j friends; False if they are already, or if either circle is full."""
    room = int(ties.degree[i]) < max_friends and int(ties.degree[j]) < max_friends
    forming = room and not are_friends(ties, i, j)
    if forming:
        add_tie(ties, i, j)
    return forming


@rule
def has_space(ties: TieArrays, max_friends):
    """Whether one more tie can be formed whichever rows have to move."""
    return int(ties.used[0]) + 2 * roomier(max_friends) <= len(ties.friend)


@compiled
def _count_friends(degree, source, target):
    for k in range(len(source)):
        degree[source[k]] += 1
        degree[target[k]] += 1


@compiled
def _fill_rows(ties, source, target):
    """Write sorted ties into empty rows; each row then ascends by friends' numbers."""
    filled = np.zeros(len(ties.degree), np.int32)
    for k in range(len(source)):
        i, j = source[k], target[k]
        ties.friend[ties.start[i] + filled[i]] = j
        ties.friend[ties.start[j] + filled[j]] = i
        filled[i] += 1
        filled[j] += 1


@compiled
def _copy_rows(old, new):
    """Copy every row to its new place."""
    for i in range(len(old.degree)):
        for k in range(old.degree[i]):
            new.friend[new.start[i] + k] = old.friend[old.start[i] + k]


@compiled
def _count_edges(ties, begin, end):
    """How many ties have their lower end from ``begin`` on and below ``end``."""
    count = 0
    for i in range(begin, end):
        for slot in range(ties.start[i], ties.start[i] + ties.degree[i]):
            count += ties.friend[slot] > i
    return count


@compiled
def _list_edges(ties, begin, end, source, target):
    """Every such tie once, row by row, each row sorted; no room is needed but for the lists."""
    k = 0
    for i in range(begin, end):
        first = k
        for slot in range(ties.start[i], ties.start[i] + ties.degree[i]):
            if ties.friend[slot] > i:
                source[k] = i
                target[k] = ties.friend[slot]
                k += 1
        target[first:k].sort()


class Ties:
    """The friendships of a society; ``arrays`` are what the engines work on.

    Args:
        citizens: how many people there are.
        source, target: the ties, each once, sorted by (source, target) with source < target.
        max_friends: the bound beyond which no tie is formed.
        follows_each: room for so many people that each may follow (M14).
    """

    def __init__(
        self,
        citizens: int,
        source: NDArray[np.int32],
        target: NDArray[np.int32],
        max_friends: int,
        follows_each: int = 0,
    ) -> None:
        self.citizens = citizens
        self.max_friends = min(max_friends, citizens)
        degree = memory.filled(citizens, np.int32, 0)
        _count_friends(degree, source, target)
        follows = np.zeros(citizens if follows_each else 0, np.int32)
        followed = np.full(citizens * follows_each, -1, np.int32)
        self._lay_out(degree, follows, followed)
        _fill_rows(self.arrays, source, target)

    def _lay_out(self, degree: NDArray[np.int32], *follows: NDArray[np.int32]) -> None:
        room = memory.empty(self.citizens, np.int32)
        np.floor_divide(degree, 8, out=room)
        room += degree
        room += 2
        start = memory.filled(self.citizens, np.int64, 0)
        np.cumsum(room[:-1], out=start[1:])
        used = int(room.sum(dtype=np.int64))
        spare = used // 16 + 2 * roomier(self.max_friends)
        self.arrays = TieArrays(
            start,
            degree,
            room,
            memory.empty(used + spare, np.int32),
            np.array([used], np.int64),
            *follows,
        )  # fmt: skip

    def grow(self) -> None:
        """Lay the rows out anew with room to spare, in the same order of friends."""
        old = self.arrays
        self._lay_out(old.degree, old.following, old.followed)
        _copy_rows(old, self.arrays)

    def friends_of(self, i: int) -> NDArray[np.int32]:
        """The friends of citizen ``i``, in the order of their slots."""
        start = int(self.arrays.start[i])
        return self.arrays.friend[start : start + int(self.arrays.degree[i])].copy()

    def count(self) -> int:
        """The number of ties."""
        return int(self.arrays.degree.sum(dtype=np.int64)) // 2

    def edges(
        self, begin: int = 0, end: int | None = None
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Every tie once as (source, target) with source < target, sorted.

        Args:
            begin: the lowest source that is listed.
            end: the source before which the list ends; by default it lists all.
        """
        end = self.citizens if end is None else min(end, self.citizens)
        whole = begin == 0 and end == self.citizens
        count = self.count() if whole else _count_edges(self.arrays, begin, end)
        source, target = memory.empty(count, np.int32), memory.empty(count, np.int32)
        _list_edges(self.arrays, begin, end, source, target)
        return source, target

    def nbytes(self) -> int:
        """Memory of all rows."""
        return sum(array.nbytes for array in self.arrays)
