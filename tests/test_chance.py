"""Addressed chance: published vectors, both ways of running, and that addresses don't collide."""

import numba
import numpy as np
import pytest
from scipy import stats

from model.chance import Purpose, below, draw, draws, key_of, philox, replicate_seed

# Random123 1.14, tests/kat_vectors: philox4x32, 10 rounds
KNOWN_ANSWERS = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000",
     "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff",
     "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0",
     "d16cfe09 94fdcceb 5001e420 24126ea1"),
]  # fmt: skip


def words(text):
    return tuple(int(word, 16) for word in text.split())


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN_ANSWERS)
def test_philox_gives_the_published_known_answers(counter, key, expected):
    assert philox(*words(counter), *words(key)) == words(expected)
    compiled = numba.njit(philox)
    assert compiled(*words(counter), *words(key)) == words(expected)


def test_philox_runs_on_arrays_as_on_numbers():
    people = np.arange(50)
    many = draw(key_of(7), int(Purpose.wealth), 0, people, 0)
    assert many.tolist() == [draw(key_of(7), int(Purpose.wealth), 0, i, 0) for i in range(50)]


def test_each_part_of_an_address_matters():
    base = (key_of(1), 5, 3, 17, 9)
    others = [
        (key_of(2), 5, 3, 17, 9), (key_of(1 + 2**32), 5, 3, 17, 9), (key_of(1), 6, 3, 17, 9),
        (key_of(1), 9, 3, 17, 9), (key_of(1), 5, 4, 17, 9), (key_of(1), 5, 3, 18, 9),
        (key_of(1), 5, 3, 17, 10), (key_of(1), 5, 3, 9, 17),
    ]  # fmt: skip
    values = {draw(*address) for address in [base, *others]}
    assert len(values) == len(others) + 1


def test_a_block_holds_the_draws_of_its_four_purposes():
    key = key_of(11)
    block = draws(key, int(Purpose.news), 4, 2, 0)
    for purpose in (Purpose.news, Purpose.expression, Purpose.surveillance, Purpose.review):
        assert draw(key, int(purpose), 4, 2, 0) == block[purpose - Purpose.news]


def test_draws_are_uniform_and_uncorrelated_between_neighbouring_addresses():
    people = np.arange(100_000)
    u = draw(key_of(3), int(Purpose.expression), 10, people, 0)
    v = draw(key_of(3), int(Purpose.expression), 11, people, 0)
    assert u.min() > 0
    assert u.max() < 1
    assert stats.kstest(u, "uniform").pvalue > 1e-3
    assert abs(np.corrcoef(u, v)[0, 1]) < 0.015
    assert abs(np.corrcoef(u[1:], u[:-1])[0, 1]) < 0.015


def test_below_covers_its_range():
    assert {below(u, 3) for u in (2**-33, 0.34, 0.67, 1 - 2**-33)} == {0, 1, 2}
    assert below(1 - 2**-33, 2**31) == 2**31 - 1


def test_replicate_seeds_differ_and_do_not_depend_on_each_other():
    seeds = [replicate_seed(0, r) for r in range(1000)]
    assert len(set(seeds)) == 1000
    assert all(0 <= seed < 2**64 for seed in seeds)
    assert replicate_seed(0, 5) == seeds[5]
    assert replicate_seed(1, 5) != seeds[5]
