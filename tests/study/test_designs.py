"""Designs have the points that their definitions ask for, and the same ones everywhere."""

import itertools

import numpy as np
import pytest

from experiments.study import Study
from experiments.study.designs import Row
from experiments.study.factors import factor_of
from experiments.study.plan import Plan, key_of
from model.errors import InputError, ScenarioError

TWO = {
    "detection": {"from": 0.1, "to": 0.5},
    "citizens": {"from": 100, "to": 10_000, "scale": "log"},
}
MANY = {"detection": [0.1, 0.2], "closure": [0.0, 1.0], "review": [0.3, 0.4],
        "recovery": [0.0, 0.5], "sociability": [0.1, 0.9]}  # fmt: skip


def plan_of(design, factors=TWO, **keys):
    return Study(title="t", factors=factors, design=design, **keys).plan()


def unit(plan):
    """The points of TWO in the unit square."""
    return np.array([
        [(p["detection"] - 0.1) / 0.4, np.log(p["citizens"] / 100) / np.log(100)]
        for p in plan.points
    ])  # fmt: skip


def test_a_grid_has_every_combination_the_last_fastest():
    plan = plan_of([{"kind": "grid"}], {"detection": {"from": 0.1, "to": 0.3, "levels": 3},
                                        "operators": ["one", "mean"]})  # fmt: skip
    assert [tuple(p.values()) for p in plan.points] == list(
        itertools.product([0.1, 0.2, 0.3], ["one", "mean"])
    )


def test_a_latin_hypercube_has_one_point_in_each_stratum_of_each_factor():
    plan = plan_of({"kind": "latin_hypercube", "points": 20})
    strata = np.floor(unit(plan)[:, 0] * 20 * (1 - 1e-12)).astype(int)
    assert sorted(strata) == list(range(20))
    assert all(isinstance(p["citizens"], int) for p in plan.points)


@pytest.mark.parametrize("kind", ["sobol", "halton"])
def test_a_longer_sequence_extends_a_shorter_one(kind):
    short, long = (plan_of({"kind": kind, "points": n}) for n in (24, 60))
    assert long.points[:24] == short.points
    assert len(long.points) == 60


def test_a_sobol_sequence_is_balanced():
    """Of 64 points of a (0, m, 2)-net each of 64 boxes of equal area and any shape has one."""
    factors = {"detection": {"from": 0.0, "to": 1.0}, "closure": {"from": 0.0, "to": 1.0}}
    plan = plan_of({"kind": "sobol", "points": 64}, factors)
    sample = np.array([list(point.values()) for point in plan.points])
    for across in (1, 2, 4, 8, 16, 32, 64):
        boxes = {(int(x * across), int(y * 64 // across)) for x, y in sample}
        assert len(boxes) == 64


def test_a_fraction_of_resolution_five_keeps_two_way_interactions_apart():
    plan = plan_of({"kind": "fraction", "resolution": 5}, MANY)
    signs = np.array([[levels.index(p[name]) * 2 - 1 for name, levels in MANY.items()]
                      for p in plan.points])  # fmt: skip
    assert len(signs) == 16, "half of 32"
    effects = [signs[:, k] for k in range(5)]
    effects += [signs[:, a] * signs[:, b] for a, b in itertools.combinations(range(5), 2)]
    product = np.array(effects) @ np.array(effects).T
    assert np.array_equal(product, 16 * np.eye(15)), "all orthogonal"


def test_a_reduced_grid_is_balanced():
    levels = {"detection": [0.1, 0.2, 0.3], "closure": [0.0, 0.5, 1.0], "review": [0.2, 0.4, 0.6]}
    plan = plan_of({"kind": "fraction", "reduction": 3}, levels)
    assert len(plan.points) == 9
    for name, values in levels.items():
        assert [sum(p[name] == v for p in plan.points) for v in values] == [3, 3, 3]


def test_one_at_a_time_varies_one_at_a_time():
    plan = plan_of({"kind": "one_at_a_time"}, {"detection": [0.0, 0.9], "closure": [0.2]})
    base = Study(title="t", factors={"detection": [0.0]}).base()
    middle = {"detection": base.institution.detection, "closure": base.citizens.closure}
    assert plan.points == [
        middle, {**middle, "detection": 0.0}, {**middle, "detection": 0.9},
        {**middle, "closure": 0.2},
    ]  # fmt: skip


def test_trajectories_of_morris_change_one_factor_a_step():
    factors = {name: {"from": values[0], "to": values[1]} for name, values in MANY.items()}
    plan = plan_of({"kind": "morris", "trajectories": 4}, factors)
    lines = [list(plan.points[k].values()) for k, _ in plan.rows]
    assert len(lines) == 4 * 6
    for trajectory in (lines[k : k + 6] for k in range(0, 24, 6)):
        changed = [[a != b for a, b in zip(one, other, strict=True)]
                   for one, other in itertools.pairwise(trajectory)]  # fmt: skip
        assert np.array_equal(np.sum(changed, axis=0), [1] * 5)
        assert [sum(step) for step in changed] == [1] * 5


def test_saltelli_has_luck_as_a_factor():
    plan = plan_of({"kind": "saltelli", "points": 16})
    assert len(plan.rows) == 16 * (3 + 2)
    replicates = {r for _, r in plan.rows}
    assert len(replicates) == 32, "two drawn for each base point"
    assert len(plan.runs(99)) == len(set(plan.rows)), "replicates play no part"
    without = plan_of({"kind": "saltelli", "points": 16, "noise": False})
    assert len(without.rows) == 16 * (2 + 2)
    assert {r for _, r in without.rows} == {None}


def test_a_table_gives_its_points_and_names_faults_by_line(tmp_path):
    (tmp_path / "points.csv").write_text("detection,operators\n0.25,mean\n\n0.5,one\n")
    study = Study(title="t", factors={}, design={"kind": "table", "file": "points.csv"})
    assert study.plan(tmp_path).points == [
        {"detection": 0.25, "operators": "mean"}, {"detection": 0.5, "operators": "one"}
    ]  # fmt: skip
    (tmp_path / "points.csv").write_text("detection,operators\n0.25\n")
    with pytest.raises(ScenarioError, match=r"points\.csv: line 2: 1 cells, but 2 columns"):
        study.plan(tmp_path)
    (tmp_path / "points.csv").write_text("detektion\n0.25\n")
    with pytest.raises(ScenarioError, match="did you mean 'detection'"):
        study.plan(tmp_path)
    (tmp_path / "points.csv").write_text("detection\n2.5\n")
    with pytest.raises(ScenarioError, match=r"detection = 2\.5.*allowed: \[0, 1\]"):
        study.plan(tmp_path)


def test_designs_are_joined_and_no_point_is_run_twice():
    factors = {"detection": {"from": 0.0, "to": 1.0, "levels": 3}}
    plan = plan_of([{"kind": "grid"}, {"kind": "one_at_a_time"}, {"kind": "grid"}], factors)
    assert [p["detection"] for p in plan.points] == [0.0, 0.5, 1.0, 0.15]
    assert len(plan.runs(2)) == 8


def test_the_same_study_has_the_same_points_and_another_seed_has_others():
    one, same, other = (
        plan_of({"kind": "latin_hypercube", "points": 9}, seed=s) for s in (1, 1, 2)
    )
    assert one.points == same.points
    assert one.points != other.points


def test_numbers_that_are_equal_are_one_point():
    whole, real = (plan_of({"kind": "grid"}, {"recovery": levels}) for levels in ([1], [1.0]))
    assert whole.keys == real.keys


def test_keys_are_what_they_were():
    """Stored sweeps are found again only as long as keys stay."""
    assert key_of({"detection": 0.3, "operators": "mean"}) == 3800354944071778
    assert key_of({"a": 1}) != key_of({"a": 1.0})


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"from": 1}, "to = None: a finite number"),
        ({"from": 2, "to": 1}, "must be less than"),
        ({"from": 0, "to": 1, "scale": "log"}, "numbers above 0"),
        ({"from": 0, "to": 1, "scale": "lgo"}, "did you mean 'log'"),
        ({"from": 0, "to": 1, "level": 3}, "did you mean 'levels'"),
        ({"from": 0, "to": 1, "levels": 1}, "whole number ≥ 2"),
        (0.3, "write a list of levels"),
    ],
)
def test_a_wrong_range_is_said(given, says):
    with pytest.raises(ScenarioError, match=says):
        factor_of("detection", given, "s.toml")


def test_a_grid_of_a_range_without_levels_says_what_to_write():
    with pytest.raises(ScenarioError, match="write levels = 5"):
        plan_of([{"kind": "grid"}])


def test_each_whole_number_of_a_range_is_as_likely():
    factor = factor_of("n", {"from": 1, "to": 4}, "s")
    drawn = [factor.at(u) for u in (np.arange(4000) + 0.5) / 4000]
    assert [drawn.count(n) for n in (1, 2, 3, 4)] == [1000] * 4
    assert factor.at(1.0) == 4


def test_a_range_of_a_parameter_with_fractions_is_not_of_whole_numbers():
    plan = plan_of({"kind": "latin_hypercube", "points": 16}, {"detection": {"from": 0, "to": 1}})
    assert len(plan.points) == 16
    whole = plan_of({"kind": "latin_hypercube", "points": 16},
                    {"citizens": {"from": 100.0, "to": 900.0}})  # fmt: skip
    assert {type(point["citizens"]) for point in whole.points} == {int}


def test_whole_numbers_below_zero_are_as_likely():
    factor = factor_of("n", {"from": -3, "to": 3}, "s")
    drawn = [factor.at(u) for u in (np.arange(7000) + 0.5) / 7000]
    assert [drawn.count(n) for n in range(-3, 4)] == [1000] * 7
    with pytest.raises(ScenarioError, match="whole numbers are needed"):
        factor_of("n", {"from": 0.5, "to": 2.5, "whole": True}, "s")


def test_morris_on_levels_needs_as_many_as_it_has():
    with pytest.raises(InputError, match="as many levels as the design has"):
        plan_of({"kind": "morris", "trajectories": 4}, {"detection": [0.1, 0.5, 0.7]})
    plan = plan_of({"kind": "morris", "trajectories": 4}, {"detection": [0.1, 0.3, 0.5, 0.7]})
    assert {point["detection"] for point in plan.points} <= {0.1, 0.3, 0.5, 0.7}


def test_columns_of_every_table_cannot_be_varied():
    with pytest.raises(InputError, match="'seed' can't be varied"):
        Plan([Row({"seed": 1})])


def test_missing_runs_are_those_that_are_not_finished():
    plan = Plan([])
    plan = plan_of([{"kind": "grid"}], {"detection": [0.1, 0.2, 0.3]})
    runs = plan.runs(2)
    finished = np.array([[0, 1], [2, 0]])
    keys = np.array(plan.keys)[finished[:, 0]]
    left = plan.missing(runs, np.append(keys, 12345), np.append(finished[:, 1], 0))
    assert left.tolist() == [[0, 0], [1, 0], [1, 1], [2, 1]]


def test_a_design_that_cannot_be_is_an_input_error():
    with pytest.raises(InputError, match="power of two"):
        plan_of({"kind": "saltelli", "points": 12})
    with pytest.raises(InputError, match="two levels, not 3"):
        plan_of({"kind": "fraction", "resolution": 3}, {**MANY, "closure": [0.1, 0.2, 0.3]})
