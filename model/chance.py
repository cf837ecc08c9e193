"""Chance with an address: a draw is a pure function of (seed, purpose, period, citizen, partner).

There is no generator and no state. The draw for an address never depends on who else drew, in
which order, on which thread or in which engine; two worlds with one seed and different rules give
every citizen the same luck ('common random numbers', here exact per citizen).

The function is Philox4x32-10 of Salmon, Moraes, Dror & Shaw (2011, "Parallel random numbers: as
easy as 1, 2, 3", SC'11): the key is the 64-bit seed, the counter is (citizen, partner, period,
purpose // 4) and the purpose's last two bits choose one of the block's four words. Purposes that
are needed together share a block, so that a common period costs one block a citizen. The code runs
unchanged as Python (unbounded integers) and compiled (wrapping int64): masks make both the same.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from model.rules.marker import rule

_MASK = 0xFFFFFFFF
_HALF = 1 << 31
_UNIT = 2.0**-32


class Purpose(IntEnum):
    """What a draw decides. Numbers are part of a run's identity: add, never renumber."""

    # one block: drawn for everybody in every period
    news = 0
    expression = 1
    surveillance = 2
    review = 3
    # one block: drawn when a friendship is reviewed or a friend is looked for
    first_reviewed = 4
    cut = 5
    sociability = 6
    search = 7
    # one block: how the search goes
    first_hop = 8
    second_hop = 9
    anyone = 10
    # by acceptor and partner
    accept = 12
    # by position
    turn = 16
    # one block: mechanisms beyond the score
    arrest = 32
    enrolment = 33
    flaunting = 34
    exit = 35
    # by citizen and friend
    heard = 36
    tie_survives = 40
    passes_on = 41
    # by citizen, in separate blocks: few need them
    death = 48
    founder = 52
    # what the authority tries
    authority = 56
    # one block: following
    guilt = 60
    follow_reviewed = 61
    first_followed = 62
    unfollow = 63
    # by citizen and place: whom one follows at first
    followed = 64
    # which operator sees a record; by tie: which knows of it
    first_operator = 68
    second_operator = 69
    first_knows = 72
    second_knows = 73
    # further first values
    taste = 44
    climate = 76
    # the citizens' first values
    conviction = 20
    self_censorship = 21
    conformity = 22
    wealth = 23
    # by number: event loops of other models on these ties (experiments/docking)
    event = 80
    # the network: citizen is the newcomer or the tie, partner the attempt
    graph = 24
    graph_attachment = 25
    graph_triad = 26
    # the seeds of replicates: citizen is the replicate
    replicate = 28


@rule
def philox(c0, c1, c2, c3, k0, k1):
    """One block of Philox4x32-10: four words in [0, 2³²) from a counter and a key of such words.

    >>> [hex(word) for word in philox(0, 0, 0, 0, 0, 0)]
    ['0x6627e8d5', '0xe169c58d', '0xbc57ac4c', '0x9b00dbd8']
    """
    for _ in range(10):
        low_product = 0xD2511F53 * c0
        high_product = 0xCD9E8D57 * c2
        c0 = ((high_product >> 32) & _MASK) ^ c1 ^ k0
        c1 = high_product & _MASK
        c2 = ((low_product >> 32) & _MASK) ^ c3 ^ k1
        c3 = low_product & _MASK
        k0 = (k0 + 0x9E3779B9) & _MASK
        k1 = (k1 + 0xBB67AE85) & _MASK
    return c0, c1, c2, c3


@rule
def uniform(word):
    """A word as a number strictly between 0 and 1 (the middle of its 2⁻³² cell)."""
    # by way of a signed 32-bit number, which processors convert four at a time; nothing is rounded
    return (np.float64(np.int32(word - _HALF)) + (_HALF + 0.5)) * _UNIT


@rule
def draws(key, purpose, period, citizen, partner):
    """The four uniforms of the block that holds ``purpose``, in the order of their purposes."""
    a, b, c, d = philox(citizen, partner, period, purpose >> 2, key[0], key[1])
    return uniform(a), uniform(b), uniform(c), uniform(d)


@rule
def draw(key, purpose, period, citizen, partner):
    """The uniform in (0, 1) at one address."""
    return draws(key, purpose, period, citizen, partner)[purpose & 3]


@rule
def below(u, n):
    """A whole number from 0 to n − 1 by a uniform; n up to 2³² (bias below n·2⁻³²)."""
    return int(u * n)


def key_of(seed: int) -> tuple[int, int]:
    """The two words of a seed from 0 to 2⁶⁴ − 1; every seed is its own world, 0 among them."""
    return seed & _MASK, (seed >> 32) & _MASK


def replicate_seed(seed: int, replicate: int, point: int = 0) -> int:
    """The seed of one replicate: it depends on nothing but what is given here.

    Args:
        seed: the study's.
        replicate: its number, below 2³².
        point: the design point's key, below 2⁶⁴, where points have luck of their own; 0 for twins.
    """
    low, high, _, _ = philox(
        replicate, point & 0xFFFFFFFF, point >> 32, int(Purpose.replicate) >> 2, *key_of(seed)
    )
    return low | high << 32
