"""Who holds which opinion, and who is at odds with whom: kept up to date through any history."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.docking.coevolving import (
    has_room,
    move_tie,
    opinions_from,
    random_friend,
    random_holder,
    take_opinion,
    with_fresh_room,
)
from model.ties import Ties

N, MANY = 24, 4


def check(opinions, ties):
    """Everything by a fresh count."""
    of = opinions.of
    total = 0
    for i in range(N):
        row = ties.friends_of(i)
        opposed = int((of[row] != of[i]).sum())
        assert opinions.opposed[i] == opposed
        total += opposed
        at = int(opinions.at[i])
        assert (at >= 0) == (opposed > 0)
        if at >= 0:
            assert at < opinions.counts[0]
            assert opinions.active[at] == i
        assert opinions.holder[opinions.place[i]] == i
    assert opinions.counts[1] == total
    assert opinions.counts[0] == int((opinions.opposed > 0).sum())
    for g in range(MANY):
        begin = int(opinions.start[g])
        row = opinions.holder[begin : begin + int(opinions.holders[g])]
        assert sorted(row.tolist()) == np.flatnonzero(of == g).tolist()


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.lists(st.tuples(st.booleans(), *(st.floats(0, 0.999),) * 3), max_size=60),
)
def test_any_history_of_moves_keeps_the_books(seed, moves):
    generator = np.random.default_rng(seed)
    keys = np.sort(generator.choice(N * N, 60, replace=False))
    source, target = np.divmod(keys[(keys // N) < (keys % N)], N)
    ties = Ties(N, source.astype(np.int32), target.astype(np.int32), N)
    before = ties.count()
    opinions = opinions_from(generator.integers(0, MANY, N).astype(np.int32), MANY, ties.arrays)
    check(opinions, ties)
    for copies, u, v, w in moves:
        i = int(u * N)
        if ties.arrays.degree[i] == 0:
            continue
        j = random_friend(ties.arrays, i, v)
        if copies and opinions.of[i] != opinions.of[j]:
            if not has_room(opinions):
                opinions = with_fresh_room(opinions, ties.arrays)
            take_opinion(opinions, ties.arrays, i, int(opinions.of[j]))
        elif not copies:
            k = random_holder(opinions, int(opinions.of[i]), w)
            if k != i:
                ties.grow()
                move_tie(opinions, ties.arrays, i, j, k)
        check(opinions, ties)
    assert ties.count() == before, "ties move, none is lost or made"
