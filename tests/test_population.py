"""The citizens' first values have the distributions that the parameters name."""

import numpy as np
import pytest
from scipy import stats

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
