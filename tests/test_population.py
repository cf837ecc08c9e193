"""The citizens' first values have the distributions that the parameters name."""

import numpy as np
import pytest
from scipy import stats

from model.errors import InputError
from model.population import beta, truncated_normal
from model.world import World

U = (np.arange(2000) + 0.5) / 2000


@pytest.mark.parametrize(("mean", "spread"), [(0.1, 0.5), (-0.9, 0.3), (1.0, 2.0), (0.0, 10.0)])
def test_conviction_is_a_truncated_normal(mean, spread):
    theory = stats.truncnorm((-1 - mean) / spread, (1 - mean) / spread, mean, spread)
    assert np.allclose(truncated_normal(mean, spread, U), theory.ppf(U), atol=1e-9)


def test_conviction_never_leaves_its_scale():
    ends = np.array([0.0, 2.0**-33, 1 - 2.0**-33, 1.0])
    for mean in np.linspace(-1, 1, 21):
        for spread in (1e-3, 0.02, 0.1, 0.5, 3.0, 10.0):
            assert np.abs(truncated_normal(mean, spread, ends)).max() <= 1.0
    assert truncated_normal(0.3, 0.0, U).tolist() == [0.3] * len(U)


@pytest.mark.parametrize(("mean", "concentration"), [(0.5, 4.0), (0.2, 1.5), (0.9, 30.0)])
def test_traits_are_beta(mean, concentration):
    theory = stats.beta(mean * concentration, (1 - mean) * concentration)
    assert np.allclose(beta(mean, concentration, U), theory.ppf(U), atol=1e-9)
    assert theory.mean() == pytest.approx(mean)


def test_without_spread_all_are_equal():
    for mean, concentration in ((0.3, np.inf), (0.0, 4.0), (1.0, 4.0)):
        assert beta(mean, concentration, U).tolist() == [mean] * len(U)


def test_a_drawn_society_has_these_distributions_and_independent_traits():
    """Kolmogorov–Smirnov at 20,000 citizens, and no correlation between traits."""
    world = World(
        "no_institution", citizens=20_000, seed=4, conviction_mean=-0.3, conviction_spread=0.4,
        self_censorship=0.3, conformity=0.6, wealth=0.7, wealth_concentration=9.0,
    )  # fmt: skip
    traits = world.traits
    theories = {
        "anchor": stats.truncnorm(-0.7 / 0.4, 1.3 / 0.4, -0.3, 0.4),
        "self_censorship": stats.beta(1.2, 2.8),
        "conformity": stats.beta(2.4, 1.6),
        "wealth": stats.beta(6.3, 2.7),
    }
    columns = [getattr(traits, name) for name in theories]
    for column, theory in zip(columns, theories.values(), strict=True):
        assert stats.kstest(column, theory.cdf).pvalue > 1e-4
    correlation = np.corrcoef(columns) - np.eye(4)
    assert np.abs(correlation).max() < 4 / np.sqrt(20_000)
    assert np.array_equal(world.conviction, traits.anchor)
    expected = 450.0 + 400.0 * traits.wealth.astype(float)
    assert np.abs(world.score - expected).max() <= 2.0**-15
    assert not world.expression.any()
    assert not world.flagged.any()


def test_a_change_between_periods_sets_what_it_names_and_nothing_else():
    world, twin = (World(citizens=200, seed=2, detection=0.5) for _ in range(2))
    world.run(5)
    twin.run(5)
    flagged, said = world.flagged.copy(), world.expression.copy()
    assert flagged.any()
    world.change(score=np.maximum(world.score, 700.0), conviction=0.25, wealth=0.5)
    assert world.score.min() == 700.0
    assert np.array_equal(world.flagged, flagged)
    assert np.array_equal(world.expression, said)
    assert set(world.conviction) == {0.25}
    assert set(world.base_score) == {650.0}
    assert np.array_equal(world.traits.anchor, twin.traits.anchor)
    twin.change()
    twin.change(score=twin.score, expression=twin.expression, conviction=twin.conviction)
    fresh = World(citizens=200, seed=2, detection=0.5)
    fresh.run(5)
    assert twin.fingerprint() == fresh.fingerprint()


@pytest.mark.parametrize(
    ("columns", "says"),
    [({"score": 1000.0}, "score.0. = 1000 is not in"), ({"scor": 700.0}, "did you mean 'score'"),
     ({"score": np.zeros(3)}, "values given for 20 citizens")],
)  # fmt: skip
def test_a_wrong_change_changes_nothing(columns, says):
    world = World(citizens=20, seed=2)
    before = world.fingerprint()
    with pytest.raises(InputError, match=says):
        world.change(conviction=0.0, **columns)
    assert world.fingerprint() == before


@pytest.mark.parametrize("column", ["score", "conviction", "expression", "flagged", "base_score"])
def test_an_assignment_that_would_be_lost_is_refused(column):
    with pytest.raises(ValueError, match="read-only"):
        getattr(World(citizens=20), column)[:] = 0


@pytest.mark.parametrize("periods", [-1, 2.5])
def test_only_whole_numbers_of_periods_can_be_run(periods):
    with pytest.raises(InputError, match="is not a whole number"):
        World(citizens=20).run(periods)


def test_citizens_that_are_remembered_are_those_that_would_be_drawn(monkeypatch):
    """Twins of a sweep share what was drawn; nobody can change it for others."""
    one = World(citizens=80, seed=4, conformity=0.3)
    one.change(conformity=0.9, conviction=-1.0)
    one.run(5)
    again = World(citizens=80, seed=4, conformity=0.3)
    monkeypatch.setattr("model.population._REMEMBERED", 0)
    monkeypatch.setattr("model.networks.source._REMEMBERED", 0)
    drawn = World(citizens=80, seed=4, conformity=0.3)
    assert again.fingerprint() == drawn.fingerprint()
    other = World(citizens=80, seed=5, conformity=0.3)
    assert other.fingerprint() != drawn.fingerprint()


@pytest.mark.parametrize("scenario", ["guilt_by_association", "counterculture"])
def test_citizens_drawn_in_parts_and_threads_are_those_drawn_at_once(monkeypatch, scenario):
    one = World(scenario, citizens=20_000, threads=1)
    monkeypatch.setattr("model.population._AT_A_TIME", 3_000)
    others = [World(scenario, citizens=20_000, threads=n) for n in (1, 2, 3)]
    assert {other.fingerprint() for other in others} == {one.fingerprint()}
    for other in others:
        for name, column in other.traits._asdict().items():
            assert np.array_equal(column, getattr(one.traits, name))
