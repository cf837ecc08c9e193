"""The command as a user meets it: in a process of its own."""

import json
import math
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from experiments.institutions import read_csv
from experiments.run import window_means
from model.chance import replicate_seed
from model.scenario import bundled
from model.world import World

SCORED = [str(Path(sys.executable).parent / "scored")]


def scored(*arguments, status=0, cwd=None):
    result = subprocess.run(
        [*SCORED, *map(str, arguments)], text=True, capture_output=True, cwd=cwd, timeout=240
    )
    assert result.returncode == status, (result.stdout, result.stderr)
    return result


def test_run_writes_what_it_says(tmp_path):
    out = tmp_path / "run"
    result = scored("run", "guilt_by_association", "--citizens", 200, "--periods", 20, "--seed", 0,
                    "--set", "detection=0.4", "--out", out)  # fmt: skip
    assert "dissent" in result.stdout
    assert "fingerprint" in result.stdout
    series = pq.read_table(out / "series.parquet").to_pydict()
    assert series["period"] == list(range(21))
    citizens = pq.read_table(out / "citizens.parquet")
    assert citizens.num_rows == 200
    manifest = json.loads((out / "run.json").read_text())
    world = World(citizens=200, seed=0, detection=0.4)
    world.run(20)
    assert manifest["fingerprint"] == world.fingerprint()
    assert citizens["score"].to_pylist() == world.score.tolist()
    assert pq.read_table(out / "ties.parquet").num_rows == world.ties.count() == manifest["ties"]
    assert manifest["measures"]["dissent"] == series["dissent"][-1]
    assert not list(tmp_path.glob(".run-*")), "no draft is left behind"


def test_json_is_one_object_and_both_engines_agree():
    common = ["run", "conduct_only", "--citizens", 60, "--periods", 5, "--json"]
    compiled = scored(*common)
    mesa = scored(*common, "--engine", "mesa")
    assert compiled.stderr == mesa.stderr == ""
    a, b = json.loads(compiled.stdout), json.loads(mesa.stdout)
    assert {"measures", "fingerprint", "citizens", "ties", "seconds"} <= set(a)
    assert a["fingerprint"] == b["fingerprint"]
    assert a["measures"] == b["measures"]


def test_labels_go_through_to_the_results(tmp_path):
    net = tmp_path / "net.csv"
    net.write_text("Ann,Ben\nBen,Col\nCol,Ann\n")
    scored("run", "no_institution", "--network", net, "--periods", 3, "--out", tmp_path / "r")
    labels = pq.read_table(tmp_path / "r" / "citizens.parquet")["label"].to_pylist()
    assert labels == ["Ann", "Ben", "Col"]
    ties = pq.read_table(tmp_path / "r" / "ties.parquet").to_pydict()
    assert set(zip(ties["source"], ties["target"], strict=True)) == {
        ("Ann", "Ben"), ("Ann", "Col"), ("Ben", "Col"),
    }  # fmt: skip


BAD = [
    (["run", "guilt_by_asociation"], "did you mean 'guilt_by_association'?"),
    (["run", "conduct_only", "--set", "detection=7"], "allowed: [0, 1]"),
    (["run", "conduct_only", "--set", "detecton=0.7"], "did you mean 'detection'?"),
    (["run", "conduct_only", "--network", "nowhere.csv"], "no network file"),
    (["run", "conduct_only", "--periods", "0"], "--periods"),
    (["run", "conduct_only", "--set", "seed=5", "--seed", "6"], "give one"),
    (["run", "conduct_only", "--set", "detection=0.1", "--set", "detection=0.2"], "given twice"),
    (["run", "conduct_only", "--network", "net.csv", "--citizens", "9"], "brings its own number"),
    (["compare", "conduct_only", "no_institution", "--replicates", "1"], "--replicates"),
    (["run", "conduct_only", "--engine", "mesb"], "--engine"),
    (["run", "conduct_only", "--measure", "ginni"], "there is no measure 'ginni'"),
    (["run"], "Missing argument"),
    (["rum"], "No such command"),
    (["sweep", "association_and_conformty", "--out", "x"], "did you mean"),
    (["compare", "conduct_only", "nobody"], "there is no scenario 'nobody'"),
]


@pytest.mark.parametrize(("arguments", "says"), BAD, ids=lambda case: " ".join(case)[:40])
def test_bad_input_is_status_2_and_nothing_is_written(arguments, says, tmp_path):
    result = scored(*arguments, status=2, cwd=tmp_path)
    assert says in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    assert not list(tmp_path.iterdir())


def test_a_folder_with_other_things_is_never_overwritten(tmp_path):
    (tmp_path / "thesis.txt").write_text("dear")
    common = ["run", "conduct_only", "--citizens", 30, "--periods", 2, "--out", tmp_path]
    assert "not empty" in scored(*common, status=2).stderr
    assert "holds something else" in scored(*common, "--overwrite", status=2).stderr
    assert (tmp_path / "thesis.txt").read_text() == "dear"
    scored(*common[:-1], tmp_path / "r")
    (tmp_path / "r" / "thesis.txt").write_text("dear")  # among the files of a run
    assert "thesis.txt" in scored(*common[:-1], tmp_path / "r", "--overwrite", status=2).stderr
    assert (tmp_path / "r" / "thesis.txt").read_text() == "dear"


def test_an_earlier_run_is_replaced_only_when_asked(tmp_path):
    common = ["run", "conduct_only", "--citizens", 30, "--out", tmp_path / "r"]
    scored(*common, "--periods", 2)
    assert "--overwrite" in scored(*common, "--periods", 3, status=2).stderr
    scored(*common, "--periods", 3, "--overwrite")
    assert json.loads((tmp_path / "r" / "run.json").read_text())["periods"] == 3


def test_compare_gives_paired_effects():
    result = scored("compare", "no_institution", "conduct_only", "--replicates", 4, "--citizens",
                    200, "--periods", 30, "--window", 10, "--json")  # fmt: skip
    effects = json.loads(result.stdout)["effects"]
    effect = effects["dissent"]
    assert effect["effect"] == pytest.approx(effect["mean_b"] - effect["mean_a"])
    assert effect["effect"] + effect["half_width"] < 0
    same = scored("compare", "conduct_only", "conduct_only", "--replicates", 2, "--citizens", 50,
                  "--periods", 5, "--json")  # fmt: skip
    assert json.loads(same.stdout)["effects"]["dissent"]["effect"] == 0


def test_lists_and_version():
    listed = json.loads(scored("scenarios", "--json").stdout)
    assert {"no_institution", "conduct_only", "guilt_by_association"} <= set(listed)
    assert "guilt_by_association" in scored("scenarios").stdout
    assert json.loads(scored("parameters", "--json").stdout)["detection"]["default"] == "0.15"
    assert "association_penalty" in scored("parameters").stdout
    assert "pluralistic_ignorance" in scored("measures").stdout
    assert scored("--version").stdout.startswith("scored-society ")


def imported_by(code):
    result = subprocess.run(
        [sys.executable, "-c", code + "\nimport sys; print(*sys.modules)"], text=True,
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    return set(result.stdout.split())


def test_help_imports_nothing_heavy():
    code = (
        "import sys\nsys.argv = ['scored', '--help']\n"
        "from experiments.cli import main\n"
        "try: main()\nexcept SystemExit: pass"
    )
    loaded = imported_by(code)
    assert not loaded & {"numpy", "numba", "mesa", "pandas", "pydantic", "networkx", "scipy"}


def test_the_compiled_path_imports_neither_mesa_nor_pandas():
    code = (
        "import sys\nsys.argv = ['scored', 'run', 'conduct_only', '--citizens', '50']\n"
        "from experiments.cli import main\n"
        "try: main()\nexcept SystemExit: pass"
    )
    assert not imported_by(code) & {"mesa", "pandas", "networkx", "pyarrow", "plotly"}


def test_a_setting_may_name_its_table():
    common = ["run", "conduct_only", "--citizens", 50, "--periods", 2, "--json"]
    a = scored(*common, "--set", "institution.detection=0.4")
    b = scored(*common, "--set", "detection=0.4")
    assert json.loads(a.stdout)["fingerprint"] == json.loads(b.stdout)["fingerprint"]


def test_a_manifest_says_what_was_in_force(tmp_path):
    (tmp_path / "net.csv").write_text("Ann,Ben\nBen,Col\nCol,Ann\n")
    found = scored("run", "conduct_only", "--network", tmp_path / "net.csv", "--json")
    parameters = json.loads(found.stdout)["parameters"]
    assert parameters["citizens"] == 3
    assert parameters["generator"] is parameters["mean_degree"] is None
    drawn = scored("run", "conduct_only", "--set", "generator=karate", "--json")
    assert json.loads(drawn.stdout)["parameters"]["citizens"] == 34


def test_a_study_given_to_run_is_recognised(tmp_path):
    (tmp_path / "study.toml").write_text("title = 't'\n[factors]\ndetection = [0.1]\n")
    result = scored("run", tmp_path / "study.toml", status=2)
    assert "this is a study; run it with `scored sweep`" in result.stderr


def test_a_comparison_with_itself_says_so():
    result = scored("compare", "conduct_only", "guilt_by_association", "--replicates", 2,
                    "--citizens", 50, "--periods", 2, "--set", "association_penalty=5")  # fmt: skip
    assert "every effect is exactly zero" in result.stderr


PROC = Path("/proc")
needs_proc = pytest.mark.skipif(not PROC.is_dir(), reason="processes are looked up in /proc")


@needs_proc
@pytest.mark.parametrize("library", ["pydantic_core", "numpy", "llvmlite"])
def test_ctrl_c_while_starting_is_clean(library):
    """An interrupt that a library's import would have met."""
    process = subprocess.Popen(
        [*SCORED, "run", "conduct_only", "--periods", "1000000"],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    while library not in (PROC / str(process.pid) / "maps").read_text():
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in stderr


def test_ctrl_c_is_clean(tmp_path):
    process = subprocess.Popen(
        [*SCORED, "run", "conduct_only", "--citizens", "3000", "--periods", "1000000",
         "--every", "1000", "--out", str(tmp_path / "r")],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    time.sleep(8)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in stderr
    assert "nothing was written" in stderr
    assert not list(tmp_path.iterdir())


def test_what_moves_and_what_is_asked_for_is_shown(tmp_path):
    run = ["run", "arrests", "--citizens", 60, "--periods", 5]
    shown = scored(*run, "--set", "adaptation_rule=proportional", "--set", "adapts=arrest",
                   "--measure", "clustering", "--measure", "mean_followed").stdout  # fmt: skip
    for name in ("arrest_in_force", "arrests", "clustering", "mean_followed"):
        assert re.search(rf"^{name} +\S+ +\S+", shown, re.MULTILINE), name
    assert "recovery_in_force" not in shown


def test_every_institution_in_one_table(tmp_path):
    out = tmp_path / "table.csv"
    small = ["institutions", "--citizens", 40, "--periods", 5, "--replicates", 2, "--out", out]
    entries = json.loads(scored(*small, "--json").stdout)["entries"]
    assert {entry["institution"] for entry in entries} == set(bundled())
    stored = {(entry.institution, entry.measure): entry.mean for entry in read_csv(out)}
    for entry in entries:
        mean = math.nan if entry["mean"] is None else entry["mean"]
        kept = stored[entry["institution"], entry["measure"]]
        assert kept == pytest.approx(mean, rel=1e-9, nan_ok=True)
    twin = next(e for e in entries if e["institution"] == "arrests" and e["measure"] == "dissent")
    values = []
    for replicate in range(2):
        world = World("arrests", citizens=40, seed=replicate_seed(1, replicate))
        values.append(window_means(world, 5, ["dissent"], 5)["dissent"])
    assert twin["mean"] == pytest.approx(sum(values) / 2)
    assert scored("institutions", "--out", tmp_path / "no" / "x.csv", status=2).stdout == ""
