"""The commands around sweeps, as a newcomer would call them."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from experiments.sweep.locks import writing
from experiments.sweep.store import Store

SCORED = [sys.executable, "-m", "experiments.cli"]

STUDY = """
title = "Small"
scenario = "conduct_only"
periods = 20
replicates = 4
measures = ["dissent", "mean_score", "critics_praising"]
[set]
citizens = 60
[factors]
detection = [0.0, 0.3, 0.9]
operators = ["one", "mean"]
[figure]
x = "detection"
y = "operators"
measures = ["dissent"]
"""


def scored(*arguments, status=0):
    told = subprocess.run([*SCORED, *map(str, arguments)], capture_output=True, text=True,
                          timeout=300, check=False)  # fmt: skip
    assert told.returncode == status, told.stderr + told.stdout
    assert "Traceback" not in told.stderr
    return told


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("sweep")
    (place / "small.toml").write_text(STUDY)
    scored("sweep", place / "small.toml", "--out", place / "out", "--workers", "2")
    return place / "out"


def test_a_dry_run_tells_what_it_takes_and_leaves_nothing(tmp_path):
    (tmp_path / "small.toml").write_text(STUDY)
    told = scored("sweep", tmp_path / "small.toml", "--dry-run", "--out", tmp_path / "out")
    assert "runs:  24 (6 points × 4 replicates), 20 periods" in told.stderr
    assert "time:" in told.stderr
    assert "disk:" in told.stderr
    assert not (tmp_path / "out").exists()
    estimate = json.loads(scored("sweep", tmp_path / "small.toml", "--dry-run", "--json").stdout)
    assert estimate["runs"] == 24
    assert 0.0 < estimate["seconds_per_run"] < 60.0


def test_lines_of_a_sample_that_fall_together_are_told(tmp_path):
    text = STUDY.partition("[factors]")[0].replace("citizens = 60\n", "")
    text += "[factors]\ncitizens = {from = 50, to = 54}\n"
    text += '[design]\nkind = "latin_hypercube"\npoints = 12\n'
    (tmp_path / "few.toml").write_text(text)
    told = scored("sweep", tmp_path / "few.toml", "--dry-run", "--json")
    assert json.loads(told.stdout)["points"] == 5
    assert json.loads(told.stdout)["doubles"] == 7
    assert "7 lines of the design fell" in scored("sweep", tmp_path / "few.toml",
                                                  "--dry-run").stderr  # fmt: skip


def test_status_of_a_finished_sweep(folder):
    assert "24 of 24 runs finished (100%)" in scored("status", folder).stdout
    told = json.loads(scored("status", folder, "--json").stdout)
    assert (told["wanted"], told["finished"], told["failures"]) == (24, 24, [])


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx", "t.dta", "t.parquet"])
def test_other_programs_read_what_is_exported(folder, tmp_path, name):
    scored("export", folder, tmp_path / name)
    read = {"csv": pd.read_csv, "xlsx": pd.read_excel, "dta": pd.read_stata,
            "parquet": pd.read_parquet}[name.split(".")[1]]  # fmt: skip
    table = read(tmp_path / name)
    own = Store(folder).load()
    assert list(table.columns) == list(own.columns)
    assert table["operators"].tolist() == own["operators"].tolist()
    for measure in ("mean_score", "critics_praising"):
        if name.endswith("xlsx"):  # Excel's numbers have 15 digits
            assert np.allclose(table[measure], own[measure], rtol=1e-14, atol=0.0, equal_nan=True)
        else:
            assert np.array_equal(table[measure], own[measure], equal_nan=True), "every digit"
    assert [int(key) for key in table["point"]] == own["point"].tolist()
    again = scored("export", folder, tmp_path / name, status=2)
    assert "is there already" in again.stderr


def test_statas_variables_say_what_they_are(folder, tmp_path):
    scored("export", folder, tmp_path / "t.dta")
    with pd.io.stata.StataReader(tmp_path / "t.dta") as read:
        labels = read.variable_labels()
    assert labels["mean_score"].startswith("mean_score: ")
    assert labels["mean_score"].endswith("(points)")
    assert labels["detection"].startswith("detection: ")
    assert max(map(len, labels.values())) <= 80


def test_csv_for_excel_opens_with_its_letters(folder, tmp_path):
    scored("export", folder, tmp_path / "t.csv", "--format", "excel")
    assert (tmp_path / "t.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_an_unknown_kind_of_file_says_what_is_known(folder, tmp_path):
    told = scored("export", folder, tmp_path / "t.xls", status=2)
    assert "did you mean '.xlsx'" in told.stderr
    assert ".csv" in told.stderr


def test_any_run_can_be_made_again(folder):
    row = Store(folder).table().to_pylist()[7]
    told = scored("replay", folder, f"{row['point']}/{row['replicate']}")
    assert "the same as is stored, to the bit" in told.stdout
    assert row["fingerprint"] in told.stdout
    wrong = scored("replay", folder, "12/3", status=2)
    assert "there is no run 12/3" in wrong.stderr
    wrong = scored("replay", folder, "seven", status=2)
    assert "write POINT/REPLICATE" in wrong.stderr


def test_analysis_of_a_grid(folder):
    told = json.loads(scored("analyse", folder, "--json").stdout)
    assert told["runs"] == 24
    assert told["missing"] == 0
    assert told["notes"][0] == ("PAWN indices: 6 points with a value are too few; 30 are needed")
    (summary,) = [path for path in told["written"] if path.endswith("summary.csv")]
    table = pd.read_csv(summary)
    own = Store(folder).load()
    first = table[(table["measure"] == "mean_score")].iloc[0]
    values = own[own["point"] == first["point"]]["mean_score"]
    assert first["mean"] == pytest.approx(values.mean())
    half = 3.182446305284263 * values.std(ddof=1) / 2  # Student's t, 3 degrees of freedom
    assert first["high"] - first["mean"] == pytest.approx(half)
    for path in told["written"]:
        text = open(path, encoding="utf-8").read()  # noqa: SIM115
        assert 'src="http' not in text, "loads nothing from elsewhere"
    assert scored("analyse", folder, "--measure", "disent", status=2).stderr.count("dissent")


def test_a_damaged_sweep_is_repaired_by_the_same_command(tmp_path, folder):
    (tmp_path / "small.toml").write_text(STUDY)
    scored("sweep", tmp_path / "small.toml", "--out", tmp_path / "out")
    (shard,) = (tmp_path / "out" / "runs").glob("*.parquet")
    content = bytearray(shard.read_bytes())
    content[len(content) // 3] ^= 4
    shard.write_bytes(content)
    assert shard.name in scored("analyse", tmp_path / "out", status=2).stderr
    assert "1 damaged file" in scored("status", tmp_path / "out").stdout
    told = scored("sweep", tmp_path / "small.toml", "--out", tmp_path / "out")
    assert "bytes had changed; put aside" in told.stderr
    assert Store(tmp_path / "out").table() == Store(folder).table()


def test_a_refused_second_process_changes_nothing(tmp_path):
    (tmp_path / "small.toml").write_text(STUDY)
    scored("sweep", tmp_path / "small.toml", "--out", tmp_path / "out")
    before = (tmp_path / "out" / "sweep.json").read_bytes()
    (tmp_path / "small.toml").write_text(STUDY.replace("[0.0, 0.3, 0.9]", "[0.0, 0.3]"))
    with writing(tmp_path / "out"):
        told = scored("sweep", tmp_path / "small.toml", "--out", tmp_path / "out", status=2)
    assert "is writing this sweep" in told.stderr
    assert (tmp_path / "out" / "sweep.json").read_bytes() == before
    scored("sweep", tmp_path / "small.toml", "--out", tmp_path / "out")
    shown = scored("status", tmp_path / "out").stdout
    assert "16 of 16 runs finished (100%)" in shown
    assert "8 runs of an earlier form" in shown


def test_a_search_is_not_swept(tmp_path):
    told = scored("sweep", "least_dissent", "--out", tmp_path / "out", status=2)
    assert "use scored optimise least_dissent" in told.stderr
    told = scored("sweep", "plausible", "--network", "nofile.csv", "--dry-run", status=2)
    assert "there is no network file nofile.csv" in told.stderr


def test_a_notebook_is_told_what_to_do():
    code = (
        "import mesa\n"
        "from experiments import MesaRun, run_scenarios\n"
        "class Mine(mesa.Model):\n"
        "    def __init__(self, n=1, rng=None):\n"
        "        super().__init__(rng=rng)\n"
        "        self.total = n\n"
        "    def step(self):\n"
        "        self.total += 1\n"
        "rows = run_scenarios([{'n': 1}, {'n': 5}], MesaRun(Mine, 3, measures=['total']))\n"
        "print(rows['total'].tolist())\n"
        "run_scenarios([{'n': 1}], MesaRun(Mine, 3, measures=['total']), executor=2)\n"
    )
    told = subprocess.run([sys.executable, "-"], input=code, capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert "[4, 8]" in told.stdout
    assert "import it from a file, or use executor=0" in told.stderr


def test_a_folder_that_is_no_sweep(tmp_path):
    for command in ("status", "analyse"):
        told = scored(command, tmp_path, status=2)
        assert "holds no sweep" in told.stderr


def test_runs_over_their_time_fail_alone_and_can_be_replayed(tmp_path):
    text = STUDY.replace("citizens = 60\n", "").replace("periods = 20", "periods = 400")
    text = text.replace('operators = ["one", "mean"]', "citizens = [40, 300000]")
    text = text.replace('y = "operators"', 'y = "citizens"').replace(
        "replicates = 4", "replicates = 1"
    )
    (tmp_path / "slow.toml").write_text(text)
    told = scored("sweep", tmp_path / "slow.toml", "--out", tmp_path / "out", "--shard", "1/1",
                  "--run-timeout", "3", status=1)  # fmt: skip
    assert "3 runs failed; see: scored status" in told.stderr
    state = json.loads(scored("status", tmp_path / "out", "--json").stdout)
    failed = state["failures"]
    assert {one["parameters"]["citizens"] for one in failed} == {300000}
    assert {one["kind"] for one in failed} == {"timeout"}
    assert state["finished"] + len(failed) == 6
    shown = scored("status", tmp_path / "out").stdout
    assert "not finished after 3 s" in shown
    name = shown.split("replay one with: scored replay")[1].split()[1]
    assert "it had no result before" in scored("replay", tmp_path / "out", name).stdout
    scored("sweep", tmp_path / "slow.toml", "--out", tmp_path / "out")
    assert json.loads(scored("status", tmp_path / "out", "--json").stdout)["failures"] == []


def test_parts_and_their_merging(tmp_path, folder):
    (tmp_path / "small.toml").write_text(STUDY)
    for number in (1, 2):
        scored("sweep", tmp_path / "small.toml", "--out", tmp_path / f"part-{number}",
               "--shard", f"{number}/2")  # fmt: skip
    scored("merge", tmp_path / "part-1", tmp_path / "part-2", "--out", tmp_path / "whole")
    assert Store(tmp_path / "whole").table() == Store(folder).table()
    told = scored(
        "sweep", tmp_path / "small.toml", "--out", tmp_path / "x", "--shard", "3/2", status=2
    )
    assert "write i/n with 1 ≤ i ≤ n" in told.stderr


def test_dask_gives_the_same_table(tmp_path, folder):
    (tmp_path / "small.toml").write_text(STUDY)
    scored("sweep", tmp_path / "small.toml", "--out", tmp_path / "dask", "--executor", "dask")
    assert Store(tmp_path / "dask").table() == Store(folder).table()


def test_nobody_at_a_dask_address(tmp_path, monkeypatch):
    (tmp_path / "small.toml").write_text(STUDY)
    told = scored("sweep", tmp_path / "small.toml", "--out", tmp_path / "d", "--executor", "dask",
                  "--address", "nonsense", status=2)  # fmt: skip
    assert "no Dask scheduler answers" in told.stderr


def test_without_the_extras_it_says_how_to_get_them(tmp_path):
    """As in an installation of the bare package: SALib, Optuna and the like can't be imported."""
    text = STUDY.replace(
        "[figure]", '[design]\nkind = "morris"\ntrajectories = 2\nlevels = 3\n[figure]'
    )
    text = text.replace('operators = ["one", "mean"]', 'operators = ["one", "mean", "worst"]')
    (tmp_path / "morris.toml").write_text(text)
    code = (
        "import sys\n"
        "for name in ('SALib', 'optuna', 'pydoe', 'distributed', 'polars', 'openpyxl'):\n"
        "    sys.modules[name] = None\n"
        "from experiments.cli import main\n"
        f"sys.argv = ['scored', 'sweep', {str(tmp_path / 'morris.toml')!r}, '--dry-run']\n"
        "main()\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert told.returncode == 2
    assert "this needs SALib: pip install 'scored-society[analysis]'" in told.stderr


def test_a_bundled_study_is_printed_as_a_beginning(tmp_path):
    listed = scored("studies").stdout
    assert "what_matters" in listed
    mine = tmp_path / "mine.toml"
    mine.write_text(scored("studies", "what_matters").stdout)
    told = scored("sweep", mine, "--dry-run", "--set", "citizens=60")
    assert "2,304 (2,048 points)" in told.stderr + told.stdout
    assert "did you mean 'what_matters'?" in scored("studies", "what_mater", status=2).stderr
