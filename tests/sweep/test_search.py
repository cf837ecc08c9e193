"""Searches end the same however interrupted; posteriors are those that theory knows."""

import numpy as np
import pytest

from experiments import make_plan
from experiments.analysis.results import Results
from experiments.search.calibrate import calibrate
from experiments.search.optimise import Objective, optimise
from experiments.study import load_study
from experiments.study.factors import factor_of
from experiments.study.schema import Calibration, Search
from experiments.sweep.sweep import Sweep
from model.errors import InputError, ScenarioError

STUDY = """
title = "Small"
scenario = "conduct_only"
periods = 15
seed = 5
measures = ["dissent", "mean_score"]
[set]
citizens = 60
[factors]
detection = {from = 0.0, to = 1.0}
dissent_penalty = {from = 0.0, to = 100.0}
visibility = ["public", "private"]
[search]
minimise = "dissent"
trials = 24
replicates = 3
startup = 8
batch = 3
"""


def sweep_of(tmp_path, text=STUDY):
    path = tmp_path / "small.toml"
    path.write_text(text)
    study, path = load_study(str(path))
    return Sweep(study, path.parent)


def test_a_search_learns_and_confirms_on_luck_that_it_has_not_met(tmp_path):
    sweep = sweep_of(tmp_path)
    store = sweep.store(tmp_path / "s")
    found = optimise(sweep, store, 0)
    values = np.array([trial.value for trial in found.trials])
    assert len(values) == 24
    assert values[8:].mean() < values[:8].mean(), "what it proposes is better than chance"
    assert found.best.value == values.min()
    (confirmed,) = found.confirmed
    rows = [row for row in store.table().to_pylist()
            if all(row[name] == value for name, value in found.best.point.items())]  # fmt: skip
    assert [row["replicate"] for row in rows] == [0, 1, 2, 3, 4, 5]
    assert confirmed.searched == pytest.approx(np.mean([row["dissent"] for row in rows[:3]]))
    assert confirmed.mean == pytest.approx(np.mean([row["dissent"] for row in rows[3:]]))
    assert len({row["seed"] for row in rows}) == 6


def test_an_interrupted_search_ends_as_if_it_had_not_been(tmp_path):
    sweep = sweep_of(tmp_path)
    whole = optimise(sweep, sweep.store(tmp_path / "whole"), 0)
    store = sweep.store(tmp_path / "cut")
    for stop_at in (7, 20, 31, 10_000):
        running, made = [], []

        def stop(result, made=made, running=running, stop_at=stop_at):
            made.append(result)
            if len(made) == stop_at:
                running[0].stop()

        again = optimise(sweep, store, 0, on_result=stop, on_coordinator=running.append)
    assert again == whole
    assert optimise(sweep, store, 2) == whole, "nor do workers matter"


def test_objectives():
    means = {"dissent": 0.3, "mean_score": 600.0}
    assert Objective(Search(minimise="dissent")).value(means) == 0.3
    assert Objective(Search(maximise="dissent")).value(means) == -0.3
    target = Search(target={"dissent": 0.1, "mean_score": 660.0}, scale={"dissent": 0.05})
    assert Objective(target).value(means) == pytest.approx(np.hypot(4.0, 60.0 / 660.0))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('minimise = "dissent"', 'minimise = "disent"'), "did you mean 'dissent'"),
        (('minimise = "dissent"', ""), "give one of maximise, minimise and target"),
        (('minimise = "dissent"', 'minimize = "dissent"'), "did you mean 'minimise'"),
        (('minimise = "dissent"', "target = {dissent = 0.1}\nscale = {x = 1.0}"), "is no target"),
    ],
)
def test_a_wrong_search_is_said(tmp_path, change, says):
    with pytest.raises(ScenarioError, match=says):
        sweep_of(tmp_path, STUDY.replace(*change))


def fitted(points, keep, tolerance=0.001, observed=6.0, noise=0.5, seed=1):
    """θ ~ U(0, 10), one observation θ + N(0, noise²): the posterior is N(observed, noise²)."""
    factors = {"theta": {"from": 0.0, "to": 10.0}, "idle": {"from": 0.0, "to": 1.0}}
    plan = make_plan(factors, {"kind": "sobol", "points": points}, seed=seed)
    luck = np.random.default_rng(seed).normal(0.0, noise, len(plan.points))
    y = [point["theta"] + luck[k] for k, point in enumerate(plan.points)]
    results = Results(plan, {"point": plan.keys, "replicate": [0] * len(y), "y": y})
    typed = {name: factor_of(name, given, "t") for name, given in factors.items()}
    wanted = Calibration(targets={"y": (observed, tolerance)}, keep=keep)
    return calibrate(results, typed, wanted, seed)


@pytest.mark.theory
def test_the_posterior_of_a_normal_mean():
    posterior = fitted(8192, 0.1)
    theta, idle = posterior.parameters
    assert theta.mean == pytest.approx(6.0, abs=0.05)
    assert (theta.low, theta.high) == pytest.approx((6 - 1.96 * 0.5, 6 + 1.96 * 0.5), abs=0.1)
    assert theta.contraction == pytest.approx(1 - 0.25 / (100 / 12), abs=0.01)
    assert idle.contraction == pytest.approx(0.0, abs=0.1), "nothing is learnt of what does nothing"
    for one in posterior.parameters:
        assert one.coverage == pytest.approx(0.95, abs=0.04)
    assert posterior.weights.sum() == pytest.approx(1.0)
    # what is known with an error of 1.5 binds as theory says
    vague, _ = fitted(8192, 0.15, tolerance=1.5).parameters
    half = 1.96 * np.hypot(0.5, 1.5)
    assert (vague.low, vague.high) == pytest.approx((6 - half, 6 + half), abs=0.35)
    (target,) = posterior.targets
    assert target.low <= 6.0 <= target.high


@pytest.mark.theory
def test_at_the_edge_of_a_range_no_sample_leaves_it():
    posterior = fitted(4096, 0.05, observed=9.9)
    assert posterior.samples[:, 0].min() > 0.0
    assert posterior.samples[:, 0].max() < 10.0


def test_too_few_runs_say_how_many_are_needed():
    with pytest.raises(InputError, match="run 600 points, or keep more"):
        fitted(64, 0.05)


def test_words_cannot_be_calibrated(tmp_path):
    plan = make_plan({"operators": ["one", "mean"]})
    results = Results(plan, {"point": plan.keys, "replicate": [0, 0], "y": [1.0, 2.0]})
    factors = {"operators": factor_of("operators", ["one", "mean"], "t")}
    with pytest.raises(InputError, match=r"factors\.operators: calibration needs a range"):
        calibrate(results, factors, Calibration(targets={"y": (1.0, 1.0)}), 1)
