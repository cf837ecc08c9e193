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
    allowed,
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
    assert told["met"]
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


def test_when_a_figure_is_met():
    near = Finding("x", "pub", 1.0, 1.05, 0.0, 0.1)
    assert near.met
    assert not near._replace(tolerance=0.01).met
    assert not near._replace(ours=math.nan).met
    below = near._replace(relation="<", tolerance=0.0, level=Level.relational)
    assert not below.met
    assert below._replace(ours=0.9).met
    assert not near._replace(relation=">", ours=0.9, tolerance=0.0).met


def test_small_runs_may_differ_by_three_standard_errors_full_ones_by_what_is_stated():
    assert allowed(0.05, 0.1, full=True) == 0.05
    assert allowed(0.05, 0.1, full=False) == pytest.approx(0.3)
    assert allowed(0.05, 0.03, False, published_error=0.04) == pytest.approx(0.15)
    assert allowed(0.05, 0.001, full=False) == 0.05


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


def test_settings_are_checked():
    with pytest.raises(InputError, match="watts: degree"):
        settings_of(target_of("watts"), {"degree": 0})
