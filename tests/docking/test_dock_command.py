"""`scored dock`, and what its numbers mean."""

import json
import math
import subprocess
import sys
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from experiments.cli import app
from experiments.docking import NAMES, kuran, target_of
from experiments.docking.running import cases_of
from experiments.docking.target import (
    Finding,
    Level,
    Verdict,
    mean_of,
    settings_of,
    share_of,
)
from model.errors import InputError


def scored(*arguments, status=0):
    told = subprocess.run([sys.executable, "-m", "experiments.cli", "dock", *map(str, arguments)],
                          capture_output=True, text=True, timeout=300, check=False)  # fmt: skip
    assert told.returncode == status, told.stderr + told.stdout
    return told


def test_a_target_that_is_met(tmp_path):
    told = scored("kuran", "--out", tmp_path / "out")
    assert "2 of 2 met" in told.stdout
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "findings.csv", "runs_kuran.csv", "kuran.html"
    }  # fmt: skip
    told = json.loads(scored("kuran", "--json").stdout)
    assert not told["missed"]
    assert [one["ours"] for one in told["findings"]] == [10.0, 90.0]


def test_a_readers_own_point_gives_the_raw_outcome():
    told = json.loads(scored("daymude", "--set", "punishment=uniform", "--set", "beta=0.5",
                             "--set", "citizens=200", "--set", "rounds=600", "--seed", "4",
                             "--json").stdout)  # fmt: skip
    assert told["settings"]["punishment"] == "uniform"
    assert told["settings"]["delta"] == 0.25, "what isn't set is the paper's"
    assert told["seed"] == 4
    assert {"final_tolerance", "final_severity", "final_surveillance", "suppressed_in"} <= set(
        told["outcome"]
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["kurann"], "there is no target 'kurann'; did you mean 'kuran'?"),
        (["kuran", "--set", "socety=A"], "did you mean 'society'?"),
        (["kuran", "--set", "society=C"], "society = 'C'"),
        (["daymude", "--set", "beta=-1"], "beta = -1: Input should be greater than 0"),
        (["daymude", "--set", "delta=0.001"], "delta = 0.001: Input should be greater"),
        (["gaisbauer", "--set", "q1=nan"], "q1 = nan"),
        (["granovetter", "--set", "sd=inf"], "sd = inf"),
        (["kuran", "watts", "--set", "society=A"], "--set is for one target"),
        (["--set", "society=A"], "--set is for one target"),
    ],
)
def test_what_is_wrong_is_said(arguments, says):
    told = scored(*arguments, status=2)
    assert says in told.stderr


def test_a_missed_figure_shows_in_the_exit_status(monkeypatch):
    wrong = replace(kuran.TARGET, judge=lambda rows, full: [
        Finding("made up", "pub", 1.0, rows[0]["oppose"], 0.0, 0.1)
    ])  # fmt: skip
    monkeypatch.setattr(kuran, "TARGET", wrong)
    result = CliRunner().invoke(app, ["dock", "kuran", "--workers", "1"])
    assert result.exit_code == 1


def test_verdicts():
    near = Finding("x", "pub", 1.0, 1.05, 0.0, 0.1)
    assert near.verdict is Verdict.met
    assert near._replace(tolerance=0.01).verdict is Verdict.missed
    assert near._replace(ours=math.nan).verdict is Verdict.missed
    # what chance could put on the other side of the tolerance is undecided, not met
    noisy = near._replace(ours=1.3, error=0.15)
    assert noisy.verdict is Verdict.undecided
    assert noisy._replace(error=0.05).verdict is Verdict.missed
    assert noisy._replace(error=0.05, published_error=0.14).verdict is Verdict.undecided
    # a sign must be sure
    below = Finding("x", "pub", 0.0, -0.1, 0.02, 0.0, level=Level.relational, relation="<")
    assert below.verdict is Verdict.met
    assert below._replace(error=0.2).verdict is Verdict.undecided
    assert below._replace(ours=0.003, error=0.076).verdict is Verdict.undecided
    assert below._replace(ours=0.1).verdict is Verdict.missed
    assert below._replace(relation=">", ours=0.1).verdict is Verdict.met


def test_equivalence_is_two_one_sided_t_tests():
    few = Finding("x", "run", 0.5, 0.5, 0.04, 0.1, runs=3)
    assert few.equivalent is False, "t of two degrees of freedom is 2.92"
    assert few._replace(runs=30).equivalent is True
    assert few._replace(runs=30, published_error=0.06).equivalent is False
    assert few._replace(error=0.0).equivalent is None
    assert few._replace(level=Level.relational).equivalent is None


def test_shares_and_means_with_their_errors():
    rows = [{"x": value, "yes": value > 2.0} for value in (1.0, 2.0, 3.0, 4.0)]
    assert mean_of(rows, "x") == pytest.approx((2.5, math.sqrt(5.0 / 3.0 / 4.0)))
    share, error = share_of(rows, "yes")
    assert share == 0.5
    assert error == pytest.approx(math.sqrt(0.25 / 8.0))
    assert share_of([{"yes": True}] * 10, "yes")[1] > 0.05, "certainty is never claimed"


def test_runs_have_luck_of_their_own_whatever_else_is_run():
    for name in NAMES:
        target = target_of(name)
        quick = cases_of(target.points(False), 1)
        full = {
            (case.point, case.replicate): case.seed for case in cases_of(target.points(True), 1)
        }
        assert len({case.seed for case in quick}) == len(quick), name
        shared = [case for case in quick if (case.point, case.replicate) in full]
        assert all(full[case.point, case.replicate] == case.seed for case in shared)
        if name in ("watts", "durrett", "centola", "ross", "daymude"):
            assert shared, name


def test_settings_are_checked():
    with pytest.raises(InputError, match="watts: degree"):
        settings_of(target_of("watts"), {"degree": 0})


def test_where_nothing_can_be_written_is_said_before_any_run(tmp_path):
    taken = tmp_path / "file"
    taken.write_text("mine")
    for command in (["dock", "kuran"], ["theory"]):
        done = subprocess.run(
            [sys.executable, "-m", "experiments.cli", *command, "--out", str(taken)],
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 2
        assert "cannot be written" in done.stderr
        assert "met" not in done.stdout
    assert taken.read_text() == "mine"


@pytest.mark.parametrize("more", [["--full"], ["--out", "x"], ["--workers", "2"]])
def test_a_point_of_ones_own_takes_no_other_options(more):
    done = scored("kuran", "--set", "society=A", *more, status=2)
    assert "--set is one run" in done.stderr
