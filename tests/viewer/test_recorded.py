"""Stored runs and sweeps, watched again: the very runs, to the bit."""

import json
import subprocess
import sys
import urllib.request

import pytest
from visitor import Client, serving

from experiments.viewer.recorded import shelf_of
from model.errors import InputError

STUDY = """
title = "Small"
scenario = "guilt_by_association"
periods = 12
replicates = 2
measures = ["dissent", "ties_cut"]
[set]
citizens = 120
[factors]
detection = [0.1, 0.6]
scenario = ["guilt_by_association", "exit"]
"""


def scored(*arguments):
    subprocess.run([sys.executable, "-m", "experiments.cli", *arguments], check=True,
                   capture_output=True)  # fmt: skip


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sweep")
    (folder / "study.toml").write_text(STUDY)
    scored("sweep", str(folder / "study.toml"), "--out", str(folder / "out"))
    return folder / "out"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "out"
    scored("run", "two_operators", "--citizens", "150", "--seed", "12345678901234567890",
           "--periods", "9", "--set", "detection=0.4", "--out", str(folder))  # fmt: skip
    return folder


def about(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/about.json", timeout=20) as answer:
        return json.loads(answer.read())


def test_every_run_of_a_sweep_is_lived_again_to_the_bit(sweep):
    with serving("--from", str(sweep)) as (port, _), Client(port) as client:
        stored = about(port)["stored"]
        runs = stored["runs"]
        assert stored["finished"] == len(runs["seed"]) == 8
        assert stored["factors"] == ["detection", "scenario"]
        for k, seed in enumerate(runs["seed"]):
            state = client.open(f"sweep: {runs['scenario'][k]}", period=stored["periods"],
                                seed=seed, detection=runs["detection"][k])  # fmt: skip
            assert state["fingerprints"][0].startswith(runs["fingerprint"][k])


def test_a_stored_run_is_what_the_page_begins_with(run):
    with serving("--from", str(run)) as (port, _), Client(port) as client:
        told = about(port)
        assert told["stored"]["kind"] == "run"
        assert told["first"] == told["stored"]["run"]["scenario"]
        parameters = told["scenarios"][0]["parameters"]
        assert parameters["seed"] == "12345678901234567890", "JavaScript has no such number"
        state = client.open(told["first"], period=told["stored"]["periods"])
        assert state["fingerprints"] == [told["stored"]["run"]["fingerprint"]]


def test_playing_pauses_at_the_period_that_was_asked_for(port):
    with Client(port) as client:
        client.open(citizens=100)
        client.ask("speed", periods=200.0)
        client.ask("play", until=23)
        state = client.until("state")
        assert (state["period"], state["playing"]) == (23, False)
        client.ask("play")  # on from there
        while client.until("frame")["period"] < 26:
            pass


def test_a_stored_network_comes_along(tmp_path):
    ties = "\n".join(f"{i},{(i + k) % 40}" for i in range(40) for k in (1, 2))
    network = tmp_path / "friends.csv"
    network.write_text("source,target\n" + ties)
    folder = tmp_path / "out"
    scored("run", "exit", "--network", str(network), "--periods", "6", "--out", str(folder))
    with serving("--from", str(folder)) as (port, _), Client(port) as client:
        told = about(port)
        assert told["network"] is True
        state = client.open(told["first"], period=6)
        assert state["fingerprints"] == [told["stored"]["run"]["fingerprint"]]


@pytest.mark.parametrize("content", ["{", "[]", '{"parameters": 3}', '{"parameters": {}}'])
def test_what_is_no_run_is_said(tmp_path, content):
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(InputError, match="not what `scored run --out` writes"):
        shelf_of(tmp_path)


def test_what_is_no_sweep_is_said(tmp_path):
    with pytest.raises(InputError):
        shelf_of(tmp_path)
    with pytest.raises(InputError, match="no folder"):
        shelf_of(tmp_path / "nowhere")
