"""The paper: numbers against plain arithmetic, runs against the model, interruptions."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from experiments.controls import KINDS, ControlRun
from experiments.paper import writing
from experiments.paper.by_citizen import FRIENDS, ByCitizen
from experiments.paper.mean_field_course import MeanFieldCourse
from experiments.paper.null_worlds import NullWorlds
from experiments.paper.outside import Outside
from experiments.paper.studies import NAMES, paper_study
from experiments.paper.study import Planned
from experiments.study.loading import load_study
from experiments.sweep.running import Deadline
from model.errors import InputError
from model.scenario import load
from model.world import World

RESULTS = Path(__file__).parents[2] / "results"


@pytest.mark.parametrize("name", NAMES)
def test_every_hypothesis_is_judged_and_every_number_has_a_place(name):
    study = paper_study(name)
    tables = writing.read_tables(study, RESULTS / name)
    first = tables[study.parts[0].file].study
    judged = study.about.judge(tables)
    assert len(judged) == len(first.hypotheses) >= 3
    assert all(one.replicates >= 10 and one.half_width >= 0.0 for one in judged)
    for part in study.parts:
        assert part.load(quick=True)[0].replicates <= part.load(quick=False)[0].replicates


def test_quoted_numbers_are_means_over_the_stored_runs():
    runs = pq.read_table(RESULTS / "institutions" / "institutions_compared.parquet").to_pandas()
    dissent = runs[runs["scenario"] == "no_institution"]["dissent"]
    half = 2.093 * dissent.std() / np.sqrt(20)  # Student's quantile for 19 degrees of freedom
    text = f"{100 * dissent.mean():.1f} ± {100 * half:.1f} %"
    assert (
        f"Without any institution {text} of citizens dissent"
        in (RESULTS / "institutions" / "findings.md").read_text()
    )
    pairs = runs.pivot(index="replicate", columns="scenario", values="dissent")
    effect = (pairs["conduct_only"] - pairs["no_institution"]).mean()
    assert (
        f"| {effect:.3f}".replace("-", "−")
        in (RESULTS / "institutions" / "findings.md").read_text()
    )


def test_effects_by_citizen_are_those_of_two_worlds():
    study, path = load_study("association_by_citizen", {"periods": 40, "window": 10},
                             {"citizens": 300})  # fmt: skip
    values = ByCitizen.of(study, path.parent).run(
        {"association_penalty": 30.0}, 7, Deadline()
    ).values  # fmt: skip
    spoke = {}
    for name, penalty in (("here", 30.0), ("there", 0.0)):
        world = World(load("guilt_by_association").replace(
            citizens=300, seed=7, association_penalty=penalty), threads=1)  # fmt: skip
        critics = np.flatnonzero(world.traits.anchor > 0.0)
        world.run(30)
        spoke[name] = np.zeros(300)
        for _ in range(10):
            world.run(1)
            spoke[name] += (world.expression > 0.0) / 10
    many = sum(values[f"many.all.{low}"] for low, _ in FRIENDS)
    assert many == len(critics)
    for name in ("here", "there"):
        total = sum(values[f"many.all.{low}"] * values[f"{name}.all.{low}"] for low, _ in FRIENDS
                    if values[f"many.all.{low}"])  # fmt: skip
        assert total / many == pytest.approx(spoke[name][critics].mean())
    for trait in ("self_censorship", "conformity"):
        thirds = sum(values[f"many.{trait}.{third}.{low}"] for third in ("low", "middle", "high")
                     for low, _ in FRIENDS)  # fmt: skip
        assert thirds == len(critics)


def test_null_worlds_are_those_of_the_controls():
    study, path = load_study("visibility_nulls", {"periods": 20}, {"citizens": 200})
    made = NullWorlds.of(study, path.parent)
    values = made.run({"visibility": "private"}, 3, Deadline()).values
    scenario = study.base(path.parent).replace(visibility="private")
    for kind in KINDS:
        alone = ControlRun(scenario.tables(), 20).run({"kind": kind}, 3, Deadline()).values
        for name, value in alone.items():
            stored = values[f"{name}.{kind.replace(' ', '_')}"]
            assert stored == value or (np.isnan(stored) and np.isnan(value))


def test_the_mean_fields_course_follows_the_program():
    from experiments.theory.mean_field import MeanField

    study, path = load_study("hysteresis_mean_field", {"periods": 130})
    course = MeanFieldCourse.of(study, path.parent).run(
        {"internalisation": 0.0, "scenario": "scenarios/rise_and_fall.toml"}, 1, Deadline()
    )
    scenario = study.base(path.parent).replace(internalisation=0.0)
    still = MeanField(scenario.replace(program=[]), 10.0)
    rows, _ = still.course(100)
    assert course.series["dissent"][1:21] == rows[4:100:5, 0].tolist()  # before the ramp begins
    assert course.series["dissent"][-1] < rows[-1, 0]  # and on it
    assert course.series["period"] == list(range(0, 131, 5))


def test_those_outside_are_compared_with_themselves():
    """Where nobody takes a score it is the world without an institution, for everybody."""
    study, path = load_study("adoption_outside", {"periods": 30}, {"citizens": 300})
    made = Outside.of(study, path.parent)
    own = {"flaunting": 0.3, "review": 0.0, "sociability": 0.0}
    nobody = made.run({**own, "adoption": 0.0}, 3, Deadline()).values
    assert nobody["outside"] == 1.0
    assert nobody["friends_inside"] == 0.0
    assert nobody["here"] == nobody["there"] > 0.3
    some = made.run(own, 3, Deadline()).values
    assert 0.1 < some["outside"] < 0.6
    assert 0.3 < some["friends_inside"] < 1.0
    assert some["here"] < some["there"] - 0.05


def test_a_mark_that_stands_twice_is_refused():
    from experiments.paper.gallery import replaced

    with pytest.raises(InputError, match="stands 2 times"):
        replaced("a <b> old <e> c <b> older <e>", "<b>", "<e>", "new")


def test_an_expectation_that_is_of_two_rules_holds_if_it_holds_of_both():
    from experiments.paper.about.hammer import _both

    up, down = np.array([0.9, 1.0, 1.1]), np.array([-1.1, -1.0, -0.9])
    assert _both(up, up).verdict == "supported"
    assert _both(up, down).verdict == _both(down, up).verdict == "contradicted"


def test_another_study_or_model_is_another_folder_of_runs():
    part = paper_study("hammer").parts[0]
    assert Planned(part).name == Planned(part).name
    assert Planned(part).name != Planned(part, quick=True).name


def test_an_unknown_study_is_said():
    with pytest.raises(InputError, match=r"did you mean 'hammer'|the paper's are"):
        paper_study("hamer")


def command(*arguments):
    return [sys.executable, "-m", "experiments.cli", *arguments]


def made(tmp_path, name):
    place = tmp_path / name
    return ["reproduce", "hammer", "citizens", "--quick", "--out", str(place / "out"), "--work",
            str(place / "work")]  # fmt: skip


def test_an_interrupted_paper_goes_on_to_the_same_bytes(tmp_path):
    environment = {**os.environ, "PATH": "/nowhere"}  # without a browser: JSON only
    subprocess.run(command(*made(tmp_path, "whole")), check=True, capture_output=True,
                   env=environment)  # fmt: skip
    process = subprocess.Popen(command(*made(tmp_path, "cut")), stderr=subprocess.PIPE, text=True,
                               stdout=subprocess.PIPE, env=environment)  # fmt: skip
    work = tmp_path / "cut" / "work"
    end = time.monotonic() + 60
    while not list(work.glob("hammer/*/runs/*.parquet")) and time.monotonic() < end:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode in (0, 130), told
    if process.returncode:
        assert "the same command goes on" in told
    subprocess.run(command(*made(tmp_path, "cut")), check=True, capture_output=True,
                   env=environment)  # fmt: skip
    whole, cut = tmp_path / "whole" / "out", tmp_path / "cut" / "out"
    files = sorted(path.relative_to(whole) for path in whole.rglob("*") if path.is_file())
    assert Path("hammer/findings.md") in files
    assert Path("hammer/figure.svg") not in files
    for path in files:
        assert (cut / path).read_bytes() == (whole / path).read_bytes(), path
    told = subprocess.run(
        command("verify", "hammer", "citizens", "--out", str(cut), "--json"),
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert '"faults": []' in told
    (cut / "hammer" / "table.csv").write_text("x")
    failed = subprocess.run(command("verify", "hammer", "--out", str(cut)), check=False,
                            capture_output=True, text=True)  # fmt: skip
    assert failed.returncode == 1
    assert "table.csv" in failed.stderr


def test_a_part_whose_network_is_not_here_stays_as_it_is(tmp_path, monkeypatch):
    import shutil

    from experiments.paper.real_networks import FOLDER
    from experiments.paper.reproduce import reproduce
    from experiments.paper.verify import verify

    monkeypatch.setenv(FOLDER, str(tmp_path / "nowhere"))
    monkeypatch.setenv("PATH", "/nowhere")
    out = tmp_path / "results"
    shutil.copytree(RESULTS / "networks", out / "networks")
    study = paper_study("networks")
    assert verify(study, out, 1, 1).left_out == ["network_facebook"]
    small = reproduce(study, tmp_path / "quick", tmp_path / "work", quick=True)
    assert not any("facebook" in name for name in small.files)
    told = (tmp_path / "quick" / "networks" / "findings.md").read_text()
    assert "The real network's runs are not here." in told
    assert verify(study, tmp_path / "quick", 1, 1).faults == []


def test_runs_on_a_real_network_are_made_again(facebook, monkeypatch):
    from experiments.paper.real_networks import FOLDER
    from experiments.paper.verify import verify

    monkeypatch.setenv(FOLDER, str(Path(facebook).parent))
    found = verify(paper_study("networks"), RESULTS, 2, 3)
    assert found.faults == []
    assert found.left_out == []
    assert found.runs == 4


def test_another_file_of_that_name_is_refused(tmp_path, monkeypatch):
    from experiments.paper.real_networks import FOLDER, RealNetwork

    monkeypatch.setenv(FOLDER, str(tmp_path))
    network = RealNetwork("friends.csv", "0" * 64)
    assert network.find() is None
    (tmp_path / "friends.csv").write_text("a,b\n")
    with pytest.raises(InputError, match="not the network"):
        network.find()


def test_a_quick_try_leaves_the_projects_readme_alone(tmp_path, monkeypatch):
    from experiments.paper.gallery import TABLE_BEGIN, TABLE_END

    text = f"# Mine\n\n{TABLE_BEGIN}{TABLE_END}\n"
    (tmp_path / "README.md").write_text(text)
    subprocess.run(command("reproduce", "citizens", "--quick"), check=True, capture_output=True,
                   cwd=tmp_path, env={**os.environ, "PATH": "/nowhere"})  # fmt: skip
    assert (tmp_path / "results-quick" / "README.md").is_file()
    assert (tmp_path / "README.md").read_text() == text
