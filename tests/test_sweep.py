"""Sweeps: every point and replicate once, the same for any number of workers, tidy on disk."""

import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from experiments.figures import _grid
from experiments.study import Study, bundled_studies, load_study
from experiments.sweep import run_sweep, summarise, write_sweep
from experiments.twins import effect_of
from model.chance import replicate_seed
from model.errors import InputError, ScenarioError
from model.measures import measure
from model.scenario import load
from model.world import World

STUDY = """
title = "Small"
scenario = "conduct_only"
periods = 8
replicates = 3
seed = 5
measures = ["dissent", "ties_cut", "score_gini"]
window = 2
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
def study(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(STUDY)
    return load_study(str(path))


def comparable(columns):
    return {name: values for name, values in columns.items() if name != "seconds"}


def test_a_sweep_is_complete_and_does_not_depend_on_workers(study):
    loaded, path = study
    done = []
    one = run_sweep(loaded, path.parent, workers=1, on_row=lambda: done.append(1))
    two = run_sweep(loaded, path.parent, workers=2)
    assert len(done) == 12
    assert comparable(one) == comparable(two)
    assert one["point"] == sorted([0, 1, 2, 3] * 3)
    assert one["replicate"] == [0, 1, 2] * 4
    assert one["detection"] == [0.0] * 6 + [0.5] * 6
    assert len(set(one["seed"])) == 3, "points are twin worlds"
    assert len(set(one["fingerprint"])) == 12


def test_a_row_is_the_run_that_it_names(study):
    loaded, path = study
    columns = run_sweep(loaded, path.parent, workers=1)
    row = 10
    world = World("conduct_only", citizens=60, detection=0.5, schedule="random_order",
                  seed=replicate_seed(5, 1))  # fmt: skip
    world.run(7)
    before = measure(world, "dissent")
    world.run(1)
    assert columns["fingerprint"][row] == world.fingerprint()
    assert columns["dissent"][row] == (before + measure(world, "dissent")) / 2


def test_what_lies_on_disk(study, tmp_path):
    loaded, path = study
    columns = run_sweep(loaded, path.parent, workers=1)
    write_sweep(tmp_path / "out", loaded, loaded.base(), columns, "", overwrite=False)
    table = pq.read_table(tmp_path / "out" / "runs.parquet")
    assert table.num_rows == 12
    assert set(loaded.factors) | set(loaded.measures) <= set(table.column_names)
    manifest = json.loads((tmp_path / "out" / "sweep.json").read_text())
    assert manifest["study"]["factors"]["detection"] == [0.0, 0.5]
    assert manifest["model_digest"]
    html = (tmp_path / "out" / "figure.html").read_text("utf-8")
    assert "heatmap" in html
    assert 'src="http' not in html, "loads nothing from elsewhere"
    with pytest.raises(InputError, match="not empty"):
        write_sweep(tmp_path / "out", loaded, loaded.base(), columns, "", overwrite=False)


def test_summaries_have_students_intervals():
    study = Study(title="x", factors={"detection": [0.1, 0.2]}, replicates=3)
    columns = {"dissent": [1.0, 2.0, 3.0, 5.0, float("nan"), 5.0]}
    summary = summarise(study, columns, "dissent")
    assert summary.mean.tolist() == [2.0, 5.0]
    assert summary.half_width[0] == pytest.approx(4.302652729911275 / np.sqrt(3))
    assert summary.half_width[1] == 0.0


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


def test_bundled_studies_are_sound():
    for name in bundled_studies():
        loaded, _ = load_study(name)
        assert loaded.question
        assert load(loaded.scenario)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("detection = [0.0, 0.5]", "detecton = [0.0]"), "did you mean 'detection'?"),
        (("detection = [0.0, 0.5]", "detection = [0.0, 5.0]"), "allowed: [0, 1]"),
        (("detection = [0.0, 0.5]", "detection = []"), "has no levels"),
        (("detection = [0.0, 0.5]", "detection = [0.5, 0.5]"), "twice"),
        (("detection = [0.0, 0.5]", "citizens = [10]"), "in [set] and in [factors]"),
        (("detection = [0.0, 0.5]", "seed = [1, 2]"), "use replicates"),
        (("window = 2", "window = 20"), "exceeds periods"),
        (('"score_gini"', '"score_ginny"'), "did you mean 'score_gini'?"),
        (('x = "detection"', 'x = "detektion"'), "did you mean 'detection'?"),
        (("replicates = 3", "replicats = 3"), "did you mean 'replicates'?"),
        (("periods = 8", "periods = 0"), "greater than or equal to 1"),
        (('scenario = "conduct_only"', 'scenario = "conduct_onli"'), "did you mean"),
    ],
)
def test_a_wrong_study_is_refused_before_anything_runs(tmp_path, change, says):
    path = tmp_path / "wrong.toml"
    path.write_text(STUDY.replace(*change))
    with pytest.raises(InputError) as error:
        load_study(str(path))
    assert says in str(error.value)


def write_study(tmp_path, **tables):
    lines = ['title = "t"', "periods = 4", "replicates = 2", *tables.pop("keys", [])]
    lines += ["[set]", "citizens = 40", "[factors]"]
    lines += [f"{name} = {levels!r}" for name, levels in tables.items()]
    path = tmp_path / "study.toml"
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def test_a_factor_named_like_a_measure_keeps_both_columns(tmp_path):
    study, path = load_study(write_study(tmp_path, self_censorship=[0.2, 0.8]))
    columns = run_sweep(study, path.parent, workers=1)
    assert columns["self_censorship"] == [0.2, 0.2, 0.8, 0.8]
    assert len(columns["self_censorship_measured"]) == 4
    write_sweep(tmp_path / "out", study, study.base(), columns, "", overwrite=False)


@pytest.mark.parametrize(
    ("factors", "says"),
    [
        (dict(mean_degree=[10.0, 11.0]), "must be even"),
        (dict(citizens=[8, 40]), "too much for 8 citizens"),
        (dict(believed_detection=["detection", 0.5]), "mixes words and numbers"),
    ],
)
def test_what_some_point_cannot_do_is_said_before_any_run(tmp_path, factors, says):
    if "citizens" in factors:
        name = write_study(tmp_path, **factors)
        text = (tmp_path / "study.toml").read_text().replace("[set]\ncitizens = 40\n", "")
        (tmp_path / "study.toml").write_text(text)
    else:
        name = write_study(tmp_path, **factors)
    with pytest.raises(ScenarioError, match=says):
        load_study(name)


def test_intervals_over_further_factors_know_that_points_share_their_luck():
    """Four points that repeat each other tell no more than one: the interval must not shrink."""
    study = Study(
        title="t", replicates=3, measures=["dissent"],
        factors={"detection": [0.1, 0.2], "conformity": [0.3, 0.6],
                 "closure": [0.1, 0.2, 0.3, 0.4]},
        figure={"x": "detection", "y": "conformity", "measures": ["dissent"]},
    )  # fmt: skip
    luck = [0.0, 0.1, 0.2]
    columns = {"dissent": luck * len(study.points())}
    mean, half = _grid(study, study.figure, columns, "dissent")
    assert np.allclose(mean, 0.1)
    assert np.allclose(half, 4.302653 * 0.1 / np.sqrt(3), atol=1e-6)  # Student's t with 2


def test_a_missing_key_is_named(tmp_path):
    (tmp_path / "s.toml").write_text("[factors]\ndetection = [0.1]\n")
    with pytest.raises(ScenarioError, match="the key 'title' is missing"):
        load_study(str(tmp_path / "s.toml"))


@pytest.mark.parametrize(
    ("line", "says"),
    [('scenario = "guilt"', r"study\.toml: there is no scenario 'guilt'"),
     ('measures = ["disent"]', r"study\.toml: there is no measure 'disent'")],
)  # fmt: skip
def test_a_fault_of_a_study_names_its_file(tmp_path, line, says):
    with pytest.raises(ScenarioError, match=says):
        load_study(write_study(tmp_path, keys=[line], detection=[0.1]))
