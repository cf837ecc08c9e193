"""Replicating until intervals are narrow enough: by hand, and however often interrupted."""

import numpy as np
import pytest

from experiments.study import Replication, load_study
from experiments.sweep.replication import replicates_wanted, values_of, variance_saved
from experiments.sweep.shards import shards_in
from experiments.sweep.sweep import Sweep
from model.errors import ScenarioError

STUDY = """
title = "Small"
scenario = "conduct_only"
periods = 10
seed = 5
measures = ["dissent", "mean_score"]
[set]
citizens = 40
[factors]
detection = [0.0, 0.3, 0.9]
[replication]
until = {dissent = 0.03}
least = 4
most = 30
"""


def by_hand(rows, done=None):
    values = np.array(rows, float)
    return {"y": values, "_done": np.ones(values.shape, bool) if done is None else done}


def test_a_point_gets_replicates_until_its_interval_is_narrow():
    """With n values ±1 about the mean the half width is t(n−1)·s/√n: 4: 1.84, 6: 1.15, 9: .77."""
    wanted = Replication(until={"y": 1.0}, least=4, most=9)
    swinging = [1, -1, 1, -1, 1, -1, 1, -1, 1]
    still = [1.0, 1.1] * 4 + [1.0]
    found = replicates_wanted(wanted, by_hand([swinging, still]))
    assert found.tolist() == [9, 4]


def test_decisions_wait_for_all_runs_up_to_their_step():
    wanted = Replication(until={"y": 1.0}, least=4, most=9)
    done = np.ones((2, 9), bool)
    done[1, 2] = False  # replicate 2 failed or is under way: nothing is decided without it
    done[0, 6:] = False
    rows = [[1, -1, 1, -1, 1, -1, 1, -1, 1], [1.0] * 9]
    assert replicates_wanted(wanted, by_hand(rows, done)).tolist() == [9, 4]
    done[0, 4:] = False
    assert replicates_wanted(wanted, by_hand(rows, done)).tolist() == [6, 4]


def test_paired_differences_count_where_there_is_a_reference():
    """Two points that swing together differ by a constant: pairs see it at once."""
    swing = np.array([5.0, -5.0, 4.0, -4.0, 6.0, -6.0, 3.0, -3.0, 5.0])
    values = by_hand([swing, swing + 1.0 + np.array([0.01, -0.01] * 4 + [0.0])])
    alone = Replication(until={"y": 1.0}, least=4, most=9)
    assert replicates_wanted(alone, values).tolist() == [9, 9]
    paired = replicates_wanted(alone, values, reference=0)
    assert paired.tolist() == [9, 4], "the reference itself is judged by its own interval"


def test_what_twins_save_by_hand():
    swing = np.array([1.0, -1.0, 1.0, -1.0])
    same = by_hand([swing, swing + 3.0])
    apart = by_hand([swing, np.array([1.0, 1.0, -1.0, -1.0])])
    opposed = by_hand([swing, -swing])
    shares = [variance_saved(v, ["y"], 0)[0].share for v in (same, apart, opposed)]
    assert shares == pytest.approx([1.0, 0.0, -1.0])
    shares = [variance_saved(v, ["y"])[0].share for v in (same, apart, opposed)]
    assert shares == pytest.approx([1.0, 0.0, -1.0]), "all pairs of two points are one pair"


def test_what_twins_save_over_all_pairs_is_the_sum_over_pairs():
    table = np.random.default_rng(1).normal(size=(5, 12)).cumsum(axis=0)
    pairs = [(i, j) for i in range(5) for j in range(i)]
    paired = sum((table[i] - table[j]).var(ddof=1) for i, j in pairs)
    apart = sum(table[i].var(ddof=1) + table[j].var(ddof=1) for i, j in pairs)
    (found,) = variance_saved(by_hand(table), ["y"])
    assert found.share == pytest.approx(1.0 - paired / apart)
    assert found.low < found.share < found.high


def sweep_of(tmp_path, text=STUDY):
    path = tmp_path / "small.toml"
    path.write_text(text)
    study, path = load_study(str(path))
    return Sweep(study, path.parent)


def names(store):
    return [shard.path.name for shard in shards_in(store.folder / "runs")]


def test_every_point_is_narrow_or_has_the_most(tmp_path):
    sweep = sweep_of(tmp_path)
    store = sweep.store(tmp_path / "s")
    ended = sweep.run(store, 0)
    table = store.table().to_pydict()
    values = values_of(table, sweep.plan, ["dissent"], 30)
    counts = values["_done"].sum(axis=1)
    assert ended.finished == counts.sum()
    assert len(set(counts.tolist())) > 1, "points differ in what they need"
    for k, n in enumerate(counts):
        own = values["dissent"][k, :n]
        half = {4: 3.182446, 6: 2.570582, 9: 2.306004, 14: 2.160369, 21: 2.085963,
                30: 2.045230}[int(n)] * own.std(ddof=1) / np.sqrt(n)  # fmt: skip
        assert half <= 0.03 + 1e-12 or n == 30


def test_however_often_interrupted_it_ends_the_same(tmp_path):
    sweep = sweep_of(tmp_path)
    whole = sweep.store(tmp_path / "whole")
    sweep.run(whole, 0)
    store = sweep.store(tmp_path / "cut")
    sessions = 0
    while sessions < 200:
        sessions += 1
        running, made = [], []

        def stop_after_some(result, made=made, running=running):
            made.append(result)
            if len(made) == 5:
                running[0].stop()

        ended = sweep.run(store, 0, on_result=stop_after_some, on_coordinator=running.append)
        if not ended.stopped:
            break
    assert sessions > 3
    assert store.table() == whole.table()
    assert names(store) == names(whole)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("until = {dissent = 0.03}", "until = {disent = 0.03}"), "did you mean 'dissent'"),
        (("dissent = 0.03", "dissent = 0.0"), "must be above 0"),
        (("least = 4", "least = 40"), "exceeds most"),
        (("least = 4", "least = 4\nreference = {detection = 0.5}"), "0 points of the design"),
        (("least = 4", "least = 4\nreference = {detecton = 0.3}"), "did you mean 'detection'"),
        (("least = 4", "leest = 4"), "did you mean 'least'"),
    ],
)
def test_a_wrong_rule_is_said(tmp_path, change, says):
    assert change[0] in STUDY
    with pytest.raises(ScenarioError, match=says):
        sweep_of(tmp_path, STUDY.replace(*change))
