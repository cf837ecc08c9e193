"""Study files: what is wrong is said before anything runs, by file, key and value."""

from pathlib import Path

import pytest

from experiments.study import bundled_studies, load_study
from model.errors import InputError, ScenarioError
from model.scenario import load

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


def test_the_study_file_that_the_guide_shows_is_one(tmp_path):
    guide = Path(__file__).parents[2] / "experiments" / "README.md"
    text = guide.read_text("utf-8").partition("```toml\n")[2].partition("```")[0]
    (tmp_path / "guide.toml").write_text(text)
    study, _ = load_study(str(tmp_path / "guide.toml"))
    assert len(study.points()) == 64
    assert {type(value) for value in study.points()[0].values()} == {str, float, int}
