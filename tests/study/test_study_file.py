"""Study files: what is wrong is said before anything runs, by file, key and value."""

from pathlib import Path

import pytest

from experiments.study import bundled_studies, load_study
from model.errors import InputError, ScenarioError

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
        loaded, path = load_study(name)
        assert loaded.question
        assert loaded.base(path.parent).title


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


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('scenario = "conduct_only"', "scenario = conduct_only"),
         'scenario = conduct_only\n  words need quotes: "conduct_only"'),
        (('["synchronous", "random_order"]', "[synchronous]"), "words need quotes"),
        (("[0.0, 0.5]", "{from = 0.0, to = 0.9, step = 0.1}"),
         "line 12: factors.detection: there is no key 'step'; write levels, how many there are "
         "(allowed: from, to, levels, scale, whole)"),
        (("[factors]", 'design = "lhs"\n[factors]'),
         "line 11: set.design: this is a key of the study; write it above"),
        (("window = 2", 'window = 2\ndesign = "lhs"'),
         "line 9: design = 'lhs': write a table: [design]"),
        (("[factors]", '[design]\nkind = "lhs"\npoints = 8\n[factors]'),
         "line 12: design.kind = 'lhs'; did you mean 'latin_hypercube'?"),
        (("[factors]", '[design]\nkind = "saltelli"\npoints = 100\n[factors]'),
         "a power of two is needed, for example 64 or 128"),
        (("window = 2", 'window = 2\nseries = "dissent"'),
         "line 9: series = 'dissent': a list is needed, in square brackets"),
        (("window = 2", "window = 2.5"), "line 8: window = 2.5: a whole number is needed"),
        (("window = 2", "window = 2\ndetection = 0.5"),
         "line 9: detection: a parameter belongs in [set], or in [factors] if it varies"),
        (("window = 2\n", "window = 2\n[calibration]\ntargets = {dissent = [0.1, 0.2, 0.3]}\n"),
         "dissent = (0.1, 0.2, 0.3): it is too long"),
        (("window = 2\n", "window = 2\n[calibration]\ntargets = {dissent = 0.1}\n"),
         "dissent = 0.1: a pair is needed: [value, tolerance]"),
        (("window = 2", "window = 20"), "line 8: window = 20 exceeds periods = 8"),
    ],
)  # fmt: skip
def test_common_slips_are_named_with_their_line_and_what_would_be_right(tmp_path, change, says):
    path = tmp_path / "wrong.toml"
    assert change[0] in STUDY
    path.write_text(STUDY.replace(*change))
    with pytest.raises(InputError) as error:
        load_study(str(path))
    assert says in str(error.value)


def test_a_key_below_the_wrong_header_is_found_there(tmp_path):
    path = tmp_path / "wrong.toml"
    path.write_text('[set]\ncitizens = 60\ntitle = "t"\n[factors]\ndetection = [0.1]\n')
    with pytest.raises(ScenarioError) as error:
        load_study(str(path))
    assert "the key 'title' is missing (line 3: set.title: it stands below [set]" in str(
        error.value
    )


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("detection;schedule\n0.1;synchronous\n", "line 1: cells are divided by commas"),
        ("detection,schedule\n0.1,synchronous\n,synchronous\n", "line 3: detection: the cell is"),
        ("detection,schedule\n0.1,synchronous\n\n7,synchronous\n", "line 4: factors.detection"),
    ],
)
def test_a_fault_of_a_table_names_its_line(tmp_path, table, says):
    (tmp_path / "points.csv").write_text(table)
    path = tmp_path / "study.toml"
    design = '[design]\nkind = "table"\nfile = "points.csv"\n'
    path.write_text(STUDY.replace("[set]", f"{design}[set]"))
    with pytest.raises(ScenarioError) as error:
        load_study(str(path))
    assert f"{tmp_path / 'points.csv'}: {says}" in str(error.value)
