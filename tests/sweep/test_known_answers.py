"""The whole path from design to index, where the answer is known from theory."""

from dataclasses import dataclass

import numpy as np
import pytest
from ishigami import FACTORS, V1, V2, V13, Ishigami, Linear, V

from experiments import make_plan, run_scenarios
from experiments.analysis.dependence import clusters_of, dependence
from experiments.analysis.effects import main_effects
from experiments.analysis.results import Results
from experiments.analysis.sensitivity import (
    DUMMY,
    LUCK,
    elementary_effects,
    pawn_indices,
    sobol_indices,
)
from experiments.analysis.stability import stability
from experiments.study.designs import design_of
from experiments.study.factors import factor_of
from experiments.sweep.running import Output

pytestmark = pytest.mark.theory


def run(configuration, factors, design, replicates=1, twins=False):
    plan = make_plan(factors, design, seed=3)
    rows = run_scenarios(plan, configuration, replicates=replicates, seed=3, twins=twins)
    typed = {name: factor_of(name, given, "test") for name, given in factors.items()}
    results = Results(plan, rows.to_dict("list"))
    return results, (design_of(design) if design else None), typed


def by(indices):
    return {(index.factor, index.kind): index for index in indices}


@pytest.mark.parametrize("luck", [0.0, 4.0])
def test_sobol_indices_of_ishigamis_function(luck):
    design = {"kind": "saltelli", "points": 1024, "noise": luck > 0.0}
    results, made, factors = run(Ishigami(luck), FACTORS, design, twins=True)
    found = by(sobol_indices(results, "y", made, factors, seed=1))
    whole = V + luck
    known = {
        ("x1", "first"): V1 / whole, ("x2", "first"): V2 / whole, ("x3", "first"): 0.0,
        ("x1", "total"): (V1 + V13) / whole, ("x2", "total"): V2 / whole,
        ("x3", "total"): V13 / whole,
    }  # fmt: skip
    if luck:
        known |= {(LUCK, "first"): luck / whole, (LUCK, "total"): luck / whole}
    assert found.keys() == known.keys()
    for key, value in known.items():
        index = found[key]
        assert index.value == pytest.approx(value, abs=0.05), key
        assert index.low - 0.03 <= value <= index.high + 0.03, key
        assert index.low < index.high or value == 0.0


def test_elementary_effects_of_a_linear_function_are_its_slopes():
    factors = {"a": {"from": 0.0, "to": 4.0}, "b": {"from": 0.0, "to": 1.0},
               "c": {"from": 0.0, "to": 1.0}}  # fmt: skip
    results, made, typed = run(Linear(), factors, {"kind": "morris", "trajectories": 30}, 1)
    found = by(elementary_effects(results, "z", made, typed, seed=3))
    assert found["a", "mu_star"].value == pytest.approx(4.0), "slope 1 over a range of 4"
    assert found["b", "mu_star"].value == pytest.approx(1.0)
    assert found["c", "mu_star"].value == pytest.approx(0.0, abs=1e-12)
    for name in "abc":
        assert found[name, "sigma"].value == pytest.approx(0.0, abs=1e-12)
        for kind in ("mu_star", "sigma"):
            index = found[name, kind]
            assert index.low - 1e-12 <= index.value <= index.high + 1e-12


@pytest.mark.parametrize(("twins", "replicates"), [(False, 4), (True, 40)])
def test_regression_finds_the_effects_of_a_linear_function(twins, replicates):
    """y = 2a − 3b + luck: over a's range of 4 and b's of 1 the effects are 8, −3 and nothing."""
    factors = {"a": {"from": 0.0, "to": 4.0, "levels": 4}, "b": [0.0, 0.5, 1.0],
               "c": ["x", "y"]}  # fmt: skip
    results, _, typed = run(Linear(), factors, (), replicates, twins)
    clusters = clusters_of(results, [])
    found = main_effects(results, "y", typed, clusters, twins, 1, sampled=False)
    known = {"a": 8.0, "b": -3.0, "c: y against x": 0.0}
    assert [effect.factor for effect in found.effects] == list(known)
    for effect in found.effects:
        assert effect.low - 0.05 <= known[effect.factor] <= effect.high + 0.05
        assert effect.effect == pytest.approx(known[effect.factor], abs=0.8)
    if twins:  # what luck gives it gives to all points: it is no part of a difference
        assert [e.effect for e in found.effects] == pytest.approx(list(known.values()), abs=1e-9)
        assert found.r2 == pytest.approx(1.0)
    exact = main_effects(results, "z", typed, clusters, twins, 1, sampled=False)
    assert [e.effect for e in exact.effects] == pytest.approx([4.0, 1.0, 0.0], abs=1e-9)


def test_pawn_ranks_factors_and_knows_what_chance_gives():
    results, _, factors = run(Ishigami(), FACTORS, {"kind": "latin_hypercube", "points": 3000})
    found = by(pawn_indices(results, "y", factors, clusters_of(results, []), seed=1))
    value = {name: found[name, "pawn"].value for name in (*FACTORS, DUMMY)}
    assert value["x2"] > value["x1"] > value["x3"], "Pianosi & Wagener 2018"
    assert found["x3", "pawn"].low > found[DUMMY, "pawn"].high
    assert value[DUMMY] < 0.1
    for index in found.values():
        assert 0.0 <= index.low <= index.value <= index.high <= 1.0


@pytest.mark.parametrize(("twins", "replicates"), [(False, 1), (True, 20)])
def test_dependence_of_a_linear_function_is_a_line_within_its_interval(twins, replicates):
    factors = {"a": {"from": 0.0, "to": 4.0}, "b": {"from": 0.0, "to": 1.0}}
    design = {"kind": "sobol", "points": 512 // replicates}
    results, _, _ = run(Linear(), factors, design, replicates, twins)
    clusters = clusters_of(results, [])
    misses = 0
    for name, slope in (("a", 2.0), ("b", -3.0)):
        curve = dependence(results, name, "y", 1, clusters, twins)
        middle = 2.0 * 2.0 - 3.0 * 0.5
        centre = 2.0 if name == "a" else 0.5
        line = middle + slope * (np.array(curve.x) - centre)
        assert len(curve.x) == 10
        assert np.all(np.abs(curve.mean - line) < 4 * (curve.high - curve.low))
        misses += int(((line < curve.low) | (line > curve.high)).sum())
    assert misses <= 4, "of 20 intervals of 95 %"
    widths = curve.high - curve.low
    assert widths.min() > 0.5 * 2 * 1.96 / np.sqrt(replicates) if twins else widths.max() < 2.0


def test_a_bootstrap_that_knows_clusters_is_wider():
    design = {"kind": "saltelli", "points": 64, "noise": False}
    results, made, _ = run(Ishigami(), FACTORS, design)
    apart = dependence(results, "x3", "y", 1, clusters_of(results, []))
    together = dependence(results, "x3", "y", 1, clusters_of(results, [made]))
    assert np.allclose(apart.mean, together.mean)
    assert (together.high - together.low).mean() > 1.05 * (apart.high - apart.low).mean()


@dataclass(frozen=True)
class Lucky:
    """Nothing but luck: what intervals must hold is 0."""

    preload: tuple = ()

    def identity(self):
        return {}

    def run(self, parameters, seed, deadline):
        return Output({"y": float(np.random.default_rng(seed).normal())})


@pytest.mark.parametrize("replicates", [3, 5])
@pytest.mark.parametrize("twins", [True, False])
def test_intervals_of_few_replicates_hold_as_often_as_they_say(replicates, twins):
    """The truth is 0 for the mean and for the effect: some 95 of 100 intervals must hold it."""
    factors = {"a": [0.0, 1.0], "b": [0.0, 1.0]}
    typed = {name: factor_of(name, given, "t") for name, given in factors.items()}
    held, tried = 0, 150
    for seed in range(tried):
        plan = make_plan(factors, seed=seed)
        cases = plan.cases(plan.runs(replicates), seed, twins)
        rows = [(case, Lucky().run({}, case.seed, None).values["y"]) for case in cases]
        columns = {"point": [case.point for case, _ in rows],
                   "replicate": [case.replicate for case, _ in rows],
                   "y": [value for _, value in rows]}  # fmt: skip
        results = Results(plan, columns)
        clusters = clusters_of(results, [])
        curve = dependence(results, "a", "y", seed, clusters, twins, sampled=False)
        held += curve.low[0] <= 0.0 <= curve.high[0]
        if not twins:
            first = main_effects(results, "y", typed, clusters, twins, seed, False).effects[0]
            held += first.low <= 0.0 <= first.high
    share = held / (tried if twins else 2 * tried)
    assert 0.90 <= share <= 0.99


def test_pawn_of_a_factor_that_does_nothing_is_no_more_than_chance_with_replicates_too():
    """Replicates of a point share its value: a factor without effect must not look like one."""
    factors = {"a": {"from": 0.0, "to": 1.0}, "idle": {"from": 0.0, "to": 1.0}}
    results, _, typed = run(Linear(), {**factors, "b": {"from": 0.0, "to": 1.0}},
                            {"kind": "latin_hypercube", "points": 60}, 10)  # fmt: skip
    found = by(pawn_indices(results, "y", typed, clusters_of(results, []), seed=1))
    assert found["idle", "pawn"].low < found[DUMMY, "pawn"].high
    assert found["idle", "pawn"].value < 2.0 * found[DUMMY, "pawn"].value


def test_enough_replicates_are_as_many_as_theory_says():
    """Luck of variance 1, points apart by 2: half width ≤ 0.1·spread takes (1.96/0.1·…)² runs."""
    factors = {"a": [0.0, 1.0, 2.0, 3.0], "b": [0.0]}
    results, _, _ = run(Linear(), factors, (), 400)
    found = stability(results, "y")
    spread = np.std([0.0, 2.0, 4.0, 6.0])
    assert found.asked == pytest.approx(0.1 * spread, rel=0.02)
    assert found.enough == pytest.approx((1.96 / (0.1 * spread)) ** 2, rel=0.25)
    ratio = found.median[48] / found.median[-1]  # at 50 and at 400 replicates
    assert ratio == pytest.approx(np.sqrt(8), rel=0.2), "widths fall with the root"
