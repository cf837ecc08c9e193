"""Exact and mean-field results that the model must meet."""

import numpy as np
import pytest
from scipy.optimize import brentq

from model.measures import measure_many
from model.world import World

pytestmark = pytest.mark.theory


def fixed_point(conviction, conformity, beta, effort, loss=0.0, gain=0.0):
    """Mean expression m with m = Pr(+1 | s) − Pr(−1 | s), s = (1 − γ)c + γm, and the shares."""

    def shares(m):
        s = (1 - conformity) * conviction + conformity * m
        weights = np.exp(beta * np.array([s - loss - effort, -s + gain - effort, 0.0]))
        return weights / weights.sum()

    def excess(m):
        dissent, praise, _ = shares(m)
        return dissent - praise - m

    return shares(brentq(excess, -1, 1))


HOMOGENEOUS = dict(
    generator="complete", citizens=2000, conviction_spread=0.0,
    self_censorship_concentration=float("inf"), conformity_concentration=float("inf"),
    wealth_concentration=float("inf"), influence=0.0, internalisation=0.0, news_exposure=0.0,
    review=0.0, solidarity=0.0, travel_value=0.0, visa_value=0.0,
)  # fmt: skip


@pytest.mark.parametrize(
    ("conviction", "conformity", "beta"), [(0.1, 0.3, 4.0), (0.3, 0.5, 2.0), (-0.2, 0.2, 6.0)]
)
@pytest.mark.parametrize("penalty", [0.0, 60.0])
def test_stationary_shares_meet_the_logit_mean_field(conviction, conformity, beta, penalty):
    """Complete graph, equal citizens: friends' expression is everybody's (up to 1/N)."""
    world = World(
        **HOMOGENEOUS, conviction_mean=conviction, conformity=conformity, rationality=beta,
        effort=0.1, detection=0.5, dissent_penalty=penalty, praise_reward=3.0, recovery=0.5,
        association_penalty=0.0, self_censorship=0.5, stakes=2.0, foresight=4.0, seed=3,
    )  # fmt: skip
    # W is linear here: κλ·h·points/600, far from the ends of the scale
    loss = 0.5 * 2.0 * 4.0 * 0.5 * penalty / 600
    gain = 0.5 * 2.0 * 4.0 * 3.0 / 600
    expected = fixed_point(conviction, conformity, beta, 0.1, loss, gain)
    world.run(60)
    seen = []
    for _ in range(60):
        world.step()
        m = measure_many(world, ["dissent", "praise", "silence"])
        seen.append([m["dissent"], m["praise"], m["silence"]])
    mean = np.mean(seen, axis=0)
    assert mean == pytest.approx(expected, abs=0.006)


def test_mean_score_meets_its_fixed_point():
    """Everybody dissents: S = B − (P_d·ν·ḡ + P_a·ν·ḡ)/ρ, ḡ = 1 + η(g − 1)."""
    world = World(
        generator="complete", citizens=1000, conviction_mean=1.0, conviction_spread=0.0,
        self_censorship=0.0, rationality=float("inf"), review=0.0, wealth=0.5,
        wealth_concentration=float("inf"), detection=0.2, dissent_penalty=10.0,
        association_penalty=5.0, news_exposure=0.5, news_gravity=3.0, recovery=0.1, solidarity=0.0,
    )  # fmt: skip
    world.run(100)
    scores = []
    for _ in range(400):
        world.step()
        scores.append(world.score.mean())
    assert (world.expression == 1.0).all()
    # the mean over citizens and periods has a standard error of about .15 points
    assert np.mean(scores) == pytest.approx(650 - (10 * 0.2 * 2 + 5 * 0.2 * 2) / 0.1, abs=0.5)


def granovetter(thresholds):
    """Granovetter (1978): everybody joins who sees enough others do, from nobody on."""
    n = len(thresholds)
    world = World(
        "no_institution", generator="complete", citizens=n, expression_rule="threshold",
        given={"conviction": np.ones(n), "self_censorship": np.array(thresholds) / (n - 1)},
    )  # fmt: skip
    world.run(n + 5)
    return int((world.expression > 0).sum())


def test_granovetters_hundred_against_one():
    uniform = list(range(100))
    assert granovetter(uniform) == 100
    assert granovetter([0, 2, *uniform[2:]]) == 1


def test_granovetter_just_below_and_above_each_step():
    # thresholds 0, 1, …, k − 1 and then a gap of one: exactly k join
    for k in (2, 7, 50, 98):
        thresholds = [i if i < k else min(i + 1, 99) for i in range(100)]
        assert granovetter(thresholds) == k


def test_without_an_institution_nothing_is_cut():
    for generator in ("watts_strogatz", "barabasi_albert"):
        world = World("no_institution", generator=generator, citizens=500, friendship_value=0.0)
        world.run(100)
        assert world.counts.tolist() == [0] * 6


def test_a_twin_world_differs_by_the_rule_alone():
    """Association works on the score: without stakes, nobody behaves differently, ever."""
    a = World("conduct_only", stakes=0.0, citizens=500)
    b = World("guilt_by_association", stakes=0.0, citizens=500)
    a.run(50)
    b.run(50)
    assert (a.expression == b.expression).all()
    assert (a.conviction == b.conviction).all()
    assert b.score.mean() < a.score.mean()
    assert b.counts.tolist() == [0] * 6
