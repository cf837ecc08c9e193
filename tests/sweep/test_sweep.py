"""A study from file to table: every run once, the same for any number of workers and sessions."""

import json

import numpy as np
import pytest

from experiments.analysis.results import Results
from experiments.study import Study, load_study
from experiments.sweep.identity import StoreError
from experiments.sweep.journal import sessions
from experiments.sweep.merging import merge
from experiments.sweep.shards import shards_in
from experiments.sweep.store import Store
from experiments.sweep.sweep import Sweep
from experiments.twins import effect_of
from model.chance import replicate_seed
from model.errors import InputError
from model.measures import measure
from model.world import World

STUDY = """
title = "Small"
scenario = "conduct_only"
periods = 8
replicates = 3
seed = 5
measures = ["dissent", "ties_cut", "score_gini"]
window = 2
final = ["mean_score"]
series = ["dissent", "silence"]
series_every = 4
[set]
citizens = 60
[factors]
detection = [0.0, 0.5]
schedule = ["synchronous", "random_order"]
[figure]
x = "detection"
y = "schedule"
measures = ["dissent"]
"""


@pytest.fixture
def load_small(tmp_path):
    def load(*changes):
        text = STUDY
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "small.toml"
        path.write_text(text)
        study, path = load_study(str(path))
        return Sweep(study, path.parent)

    return load


def digests(store):
    return [[shard.path.name for shard in shards_in(store.folder / name)]
            for name in ("runs", "series")]  # fmt: skip


@pytest.fixture
def whole(load_small, tmp_path):
    sweep = load_small()
    store = sweep.store(tmp_path / "whole")
    ended = sweep.run(store, 0)
    assert ended[:4] == (12, 0, 12, 0)
    return store


def test_workers_make_no_difference(load_small, tmp_path, whole):
    sweep = load_small()
    store = sweep.store(tmp_path / "two")
    sweep.run(store, 2)
    assert store.table() == whole.table()
    assert digests(store) == digests(whole), "to the byte"


def test_a_row_is_the_run_that_it_names(whole):
    rows = whole.table().to_pylist()
    assert [row["detection"] for row in rows] == [0.0] * 6 + [0.5] * 6
    assert [row["replicate"] for row in rows] == [0, 1, 2] * 4
    assert len({row["seed"] for row in rows}) == 3, "points are twin worlds"
    assert len({row["fingerprint"] for row in rows}) == 12
    row = rows[10]
    world = World("conduct_only", citizens=60, detection=0.5, schedule="random_order",
                  seed=replicate_seed(5, 1))  # fmt: skip
    series = [(0, measure(world, "dissent"))]
    for period in range(1, 9):
        world.step()
        series.append((period, measure(world, "dissent")))
    assert world.fingerprint().startswith(row["fingerprint"])
    assert row["dissent"] == (series[7][1] + series[8][1]) / 2
    assert row["mean_score_final"] == measure(world, "mean_score")
    told = [(told["period"], told["dissent"]) for told in whole.table("series").to_pylist()
            if (told["point"], told["replicate"]) == (row["point"], 1)]  # fmt: skip
    assert told == [series[0], series[4], series[8]]


def test_more_points_and_replicates_change_no_other_run(load_small, tmp_path, whole):
    sweep = load_small(("[0.0, 0.5]", "[0.0, 0.25, 0.5]"), ("replicates = 3", "replicates = 4"))
    store = sweep.store(whole.folder)
    before = whole.table().to_pylist()
    ended = sweep.run(store, 0)
    assert (ended.before, ended.finished) == (12, 12)
    after = store.table().to_pylist()
    assert [row["detection"] for row in after[::8]] == [0.0, 0.25, 0.5]
    for row in before:
        assert row in after
    alone = sweep.store(tmp_path / "alone")
    sweep.run(alone, 0)
    assert digests(alone) == digests(store), "as if it had been so from the beginning"


def test_points_with_luck_of_their_own_differ_in_seeds(load_small, tmp_path):
    sweep = load_small(("seed = 5", "seed = 5\ntwins = false"))
    store = sweep.store(tmp_path / "own")
    sweep.run(store, 0)
    seeds = store.table()["seed"].to_pylist()
    assert len(set(seeds)) == 12
    more = load_small(("seed = 5", "seed = 5\ntwins = false"), ("[0.0, 0.5]", "[0.5, 0.7]"))
    other = more.store(tmp_path / "other")
    more.run(other, 0)
    assert other.table()["seed"].to_pylist()[:6] == seeds[6:], "a point's luck is its own"


def test_parts_without_a_coordinator_are_together_the_whole(load_small, tmp_path, whole):
    sweep = load_small()
    shared = sweep.store(tmp_path / "shared")
    for number in (3, 1, 2):
        sweep.run(shared, 0, part=(number, 3))
    assert digests(shared) == digests(whole)
    for number in (1, 2):
        sweep.run(sweep.store(tmp_path / f"part-{number}"), 0, part=(number, 2))
    merged = merge([tmp_path / "part-1", tmp_path / "part-2"], tmp_path / "merged")
    assert digests(merged) == digests(whole)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("periods = 8", "periods = 9"), "periods: there 8, now 9"),
        (("seed = 5", "seed = 6"), "seed: there 5, now 6"),
        (("citizens = 60", "citizens = 62"), "citizens: there 60, now 62"),
        (('"score_gini"]', '"score_gini", "silence"]'), "measures: there"),
        (("detection = [0.0, 0.5]\n", ""), "factors: there"),
    ],
)
def test_a_changed_study_is_refused_and_told_what_changed(
    load_small, tmp_path, whole, change, says
):
    figure = ('[figure]\nx = "detection"\ny = "schedule"\nmeasures = ["dissent"]\n', "")
    before = whole.table()
    with pytest.raises(StoreError, match=says):
        load_small(change, figure).store(whole.folder)
    assert Store(whole.folder).table() == before


def test_another_version_of_the_model_is_refused(load_small, whole, monkeypatch):
    monkeypatch.setattr("experiments.sweep.scored.package_digest", lambda: "edited")
    with pytest.raises(StoreError, match=r"model_digest: there '\w+', now 'edited'"):
        load_small().store(whole.folder)


def test_the_folder_says_what_made_it(whole):
    about = json.loads((whole.folder / "sweep.json").read_text())
    assert about["study"]["factors"]["detection"] == [0.0, 0.5]
    assert about["parameters"]["conduct_only"]["citizens"] == 60
    assert about["identity"]["model_digest"]
    assert about["packages"]["numba"]
    (session,) = sessions(whole.folder)
    assert (session["finished"], session["failed"], session["wanted"]) == (12, 0, 12)
    timings = whole.table("timings")
    assert min(timings["seconds"].to_pylist()) > 0.0
    assert set(timings["session"].to_pylist()) == {session["session"]}


def test_scenarios_and_the_size_of_the_society_can_vary(load_small, tmp_path):
    sweep = load_small(
        ("detection = [0.0, 0.5]", 'scenario = ["conduct_only", "arrests"]\ncitizens = [60, 80]'),
        ("[set]\ncitizens = 60\n", ""), ('schedule = ["synchronous", "random_order"]', ""),
        ('x = "detection"\ny = "schedule"', 'x = "citizens"\ny = "scenario"'),
    )  # fmt: skip
    store = sweep.store(tmp_path / "s")
    sweep.run(store, 0)
    rows = store.table().to_pylist()
    assert [(r["scenario"], r["citizens"]) for r in rows[::3]] == [
        ("conduct_only", 60), ("conduct_only", 80), ("arrests", 60), ("arrests", 80)
    ]  # fmt: skip
    world = World("arrests", citizens=80, seed=replicate_seed(5, 2))
    world.run(8)
    assert world.fingerprint().startswith(rows[-1]["fingerprint"])


def test_pilot_runs_are_runs_of_the_study_and_tell_what_it_takes(load_small, tmp_path, whole):
    sweep = load_small()
    store = sweep.store(tmp_path / "s")
    told = []
    ended = sweep.run(store, 0, on_estimate=told.append)
    (estimate,) = told
    assert (estimate.runs, estimate.points, estimate.pilots) == (12, 4, 4)
    assert estimate.least_seconds <= estimate.seconds_per_run <= estimate.most_seconds
    assert ended.finished == 12
    assert digests(store) == digests(whole)


def study_of(**keys):
    return Study(title="t", **keys)


def columns_of(study, measure, values):
    """A table as if those were the values of the runs, point by point."""
    plan = study.plan()
    keys = [key for key in plan.keys for _ in range(study.replicates)]
    return {"point": keys, "replicate": list(range(study.replicates)) * len(plan.keys),
            measure: values}  # fmt: skip


def test_summaries_have_students_intervals():
    study = study_of(factors={"detection": [0.1, 0.2]}, replicates=3)
    columns = columns_of(study, "dissent", [1.0, 2.0, 3.0, 5.0, float("nan"), 5.0])
    summary = Results.of(study, columns).summary("dissent")
    assert summary.mean.tolist() == [2.0, 5.0]
    assert summary.half_width[0] == pytest.approx(4.302652729911275 / np.sqrt(3))
    assert summary.half_width[1] == 0.0


def test_intervals_over_further_factors_know_that_points_share_their_luck():
    """Four points that repeat each other tell no more than one: the interval must not shrink."""
    study = study_of(
        replicates=3, measures=["dissent"],
        factors={"detection": [0.1, 0.2], "conformity": [0.3, 0.6],
                 "closure": [0.1, 0.2, 0.3, 0.4]},
        figure={"x": "detection", "y": "conformity", "measures": ["dissent"]},
    )  # fmt: skip
    columns = columns_of(study, "dissent", [0.0, 0.1, 0.2] * 16)
    grid = Results.of(study, columns).grid("detection", "conformity", "dissent")
    assert np.allclose(grid.mean, 0.1)
    assert np.allclose(grid.half_width, 4.302653 * 0.1 / np.sqrt(3), atol=1e-6)  # t with 2


def test_a_factor_named_like_a_measure_keeps_both_columns(load_small, tmp_path):
    sweep = load_small(("detection = [0.0, 0.5]", "self_censorship = [0.2, 0.8]"),
                       ('"score_gini"]', '"self_censorship"]'),
                       ('x = "detection"', 'x = "self_censorship"'))  # fmt: skip
    store = sweep.store(tmp_path / "s")
    sweep.run(store, 0)
    rows = store.table().to_pylist()
    assert {row["self_censorship"] for row in rows} == {0.2, 0.8}
    measured = [row["self_censorship_measured"] for row in rows]
    assert len(set(measured)) > 2


def test_twin_effects_by_hand():
    a, b = np.array([1.0, 3.0, 2.0, 4.0]), np.array([2.0, 4.5, 2.5, 5.0])
    effect = effect_of("x", a, b)
    differences = b - a
    assert effect.effect == differences.mean() == 1.0
    error = differences.std(ddof=1) / 2
    assert effect.half_width == pytest.approx(3.182446305284263 * error)
    # the least R with t(2R − 2)·√((s²_A + s²_B)/R) ≤ half width: at 36 a little wider, at 37 not
    both = a.var(ddof=1) + b.var(ddof=1)
    assert 1.994437 * np.sqrt(both / 36) > effect.half_width  # Student's t, 70 degrees of freedom
    assert 1.993464 * np.sqrt(both / 37) <= effect.half_width  # 72
    assert effect.independent == 37


def test_a_scenario_that_a_design_cannot_know_is_an_input_error(load_small):
    with pytest.raises(InputError, match="did you mean 'arrests'"):
        load_small(("detection = [0.0, 0.5]", 'scenario = ["conduct_only", "arests"]'),
                   ('x = "detection"', 'x = "scenario"'))  # fmt: skip
