"""The server by its line: societies, sharing, taking home, and visitors who mean ill."""

import io
import json
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import numpy as np
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from visitor import Client, fetched, serving, world_of
from websockets.exceptions import ConnectionClosed

from model.scenario import bundled
from model.world import World

SMALL = dict(citizens=200)


def test_the_page_and_all_that_it_loads_come_from_here(port):
    page, headers = fetched(port, "/")
    assert b"Scored Society" in page
    assert "default-src 'self'" in headers["content-security-policy"]
    folder = Path("experiments/viewer/page")
    for path in folder.iterdir():
        content, headers = fetched(port, f"/page/{path.name}")
        assert content == path.read_bytes()
        text = content.decode()
        assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
        assert "https://" not in text
        assert "eval(" not in text
    assert len(fetched(port, "/plotly.min.js")[0]) > 1_000_000


def test_what_the_page_asks_first(port):
    about = json.loads(fetched(port, "/about.json")[0])
    assert [one["name"] for one in about["scenarios"]] == list(bundled())
    detection = next(one for one in about["parameters"] if one["name"] == "detection")
    assert (detection["low"], detection["high"], detection["kind"]) == (0.0, 1.0, "number")
    assert "recorded" in detection["meaning"]
    schedule = next(one for one in about["parameters"] if one["name"] == "schedule")
    assert schedule["choices"]
    assert all(one["name"] != "network_file" for one in about["parameters"])


@pytest.mark.parametrize("name", bundled())
def test_every_scenario_opens_and_lives_as_the_engine_has_it(client, name):
    client.open(name, **SMALL)
    client.ask("step", periods=7)
    frame = client.until("frame")
    while frame["period"] < 7:
        frame = client.until("frame")
    state = client.until("state")
    world = world_of(name, 7, **SMALL)
    assert state["fingerprints"] == [world.fingerprint()]
    code = frame["columns"]["code0"]
    assert np.array_equal(code & 3, np.sign(world.expression) + 1)
    assert np.array_equal(code >> 2, world.flagged)
    assert len(frame["columns"]["shade0"]) == 0
    assert sum(frame["worlds"][0]["bars"]) == world.citizens


def test_an_address_gives_the_state_again(client):
    client.open(seed=9, detection=0.4, **SMALL)
    client.ask("step", periods=20)
    client.until("state")
    client.ask("change", name="association_penalty", value=120.0)
    assert client.until("changed")["at"] == 21
    client.until("state")
    client.ask("step", periods=15)
    first = client.until("state")
    again = client.open(period=35, changes=[[21, "association_penalty", 120.0]], seed=9,
                        detection=0.4, **SMALL)  # fmt: skip
    assert again["fingerprints"] == first["fingerprints"]
    assert again["period"] == 35


def test_a_rule_that_changes_while_it_plays_takes_effect_next_period(client):
    client.open(**SMALL)
    client.ask("speed", periods=60.0)
    client.ask("play")
    for _ in range(5):
        client.until("frame")
    client.ask("change", name="detection", value=0.9)
    told = client.until("changed")
    for _ in range(5):
        client.until("frame")
    client.ask("pause")
    state = client.until("state")
    program = [{"parameter": "detection", "at": told["at"], "to": 0.9}]
    assert state["fingerprints"] == [
        world_of(periods=state["period"], program=program, **SMALL).fingerprint()
    ]
    assert told["at"] >= 5


def test_twins_are_the_same_people_with_the_same_luck(client):
    twin = {"scenario": "no_institution", "parameters": {}, "changes": []}
    client.open(twin=twin, seed=5, **SMALL)
    client.ask("step", periods=30)
    frame = client.until("frame")
    while frame["period"] < 30:
        frame = client.until("frame")
    state = client.until("state")
    assert state["fingerprints"] == [
        world_of(periods=30, seed=5, **SMALL).fingerprint(),
        world_of("no_institution", 30, seed=5, **SMALL).fingerprint(),
    ]
    spoke = [(frame["columns"][f"code{k}"] & 3) == 2 for k in (0, 1)]
    assert (spoke[1] & ~spoke[0]).sum() > 20, "who speaks there and keeps silent here"
    client.ask("open", rules={"scenario": "guilt_by_association"},
               twin={"scenario": "no_institution", "parameters": {"citizens": 100}})  # fmt: skip
    assert "same people" in client.until("refused")["why"]


def test_two_visitors_dont_see_each_other(port):
    with Client(port) as one, Client(port) as other:
        one.open(seed=1, **SMALL)
        other.open(seed=2, **SMALL)
        one.ask("change", name="detection", value=1.0)
        one.until("state")
        one.ask("step", periods=10)
        other.ask("step", periods=10)
        assert one.until("state")["fingerprints"] != other.until("state")["fingerprints"]
        other.ask("pause")
        assert other.until("state")["fingerprints"] == [
            world_of(periods=10, seed=2, **SMALL).fingerprint()
        ]


def test_colours_are_what_they_say(client):
    client.open(**SMALL)
    client.ask("step", periods=12)
    client.until("state")
    world = world_of(periods=12, **SMALL)
    for by, value in (
        ("score", (world.score - 350.0) / 600.0), ("conviction", (world.conviction + 1.0) / 2.0),
        ("withheld", np.clip(world.conviction - np.maximum(world.expression, 0), 0.0, 1.0)),
    ):  # fmt: skip
        client.ask("colour", by=by)
        shade = client.until("frame")["columns"]["shade0"]
        assert np.allclose(shade / 255.0, value, atol=0.5 / 255.0 + 1e-6), by


def test_a_run_is_taken_home_whole(client):
    client.open(**SMALL)
    client.ask("step", periods=25)
    client.until("state")
    world = world_of(periods=25, **SMALL)

    def taken(what, form):
        client.ask("export", what=what, form=form)
        told = client.until("file")
        assert told["name"] == f"{what}.{form}"
        return told["columns"]["data"].tobytes()

    citizens = pq.read_table(io.BytesIO(taken("citizens", "parquet")))
    assert np.array_equal(citizens["score"].to_numpy(), world.score)
    series = pyarrow.csv.read_csv(io.BytesIO(taken("series", "csv")))
    assert series.num_rows == 26
    assert series["period"].to_pylist()[-1] == 25
    ties = pyarrow.csv.read_csv(io.BytesIO(taken("ties", "csv")))
    assert ties.num_rows == world.ties.count()
    client.ask("export", what="series", form="toml")
    assert "not written as" in client.until("refused")["why"]


@pytest.mark.parametrize("name", bundled())
def test_the_scenario_taken_home_is_the_one_that_is_seen(client, name, tmp_path):
    client.open(name, detection=0.33, **SMALL)
    client.ask("step", periods=4)
    client.until("state")
    client.ask("change", name="praise_reward", value=4.0)
    client.until("state")
    client.ask("step", periods=6)
    state = client.until("state")
    client.ask("export", what="scenario", form="toml")
    file = tmp_path / "mine.toml"
    told = client.until("files")["files"]
    assert list(told) == ["scenario.toml"]
    file.write_text(told["scenario.toml"], encoding="utf-8")
    world = World(file, threads=1)
    world.run(10)
    assert [world.fingerprint()] == state["fingerprints"]


def test_a_sweep_goes_on_from_here(client, tmp_path):
    from experiments.study.loading import load_study

    client.open(conformity=0.8, **SMALL)
    client.ask("step", periods=30)
    client.until("state")
    client.ask("study", parameter="detection", begin=0.1, end=0.5, levels=5, replicates=3)
    files = client.until("files")["files"]
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    study, _ = load_study(str(tmp_path / "study.toml"))
    assert study.factors == {"detection": [0.1, 0.2, 0.3, 0.4, 0.5]}
    assert study.replicates == 3
    assert tomllib.loads(files["scenario.toml"])["population"]["conformity"] == 0.8
    client.ask("study", parameter="citizens", begin=50, end=60, levels=3)
    assert client.until("files")
    for wrong in (dict(parameter="nothing", begin=0, end=1), dict(parameter="detection", begin=0,
                  end=2), dict(parameter="detection", begin=1, end=0)):  # fmt: skip
        client.ask("study", **wrong)
        assert client.until("refused")["why"]


def test_stories_and_finding(client):
    client.open(**SMALL)
    client.ask("step", periods=10)
    client.until("state")
    client.ask("story", citizen=17)
    story = client.until("story")
    assert story["citizen"] == 17
    assert story["score"] == pytest.approx(world_of(periods=10, **SMALL).score[17])
    client.ask("story", citizen=200)
    assert "doesn't exist" in client.until("refused")["why"]
    client.ask("find", text="17")
    found = client.until("found")
    assert found["citizens"][0] == [17, "17"]
    assert found["many"] == 12  # 117 and 170 to 179 too
    client.ask("find", text="nobody")
    assert client.until("found")["citizens"] == []


def test_serving_others_is_said_loudly():
    with serving("--host", "0.0.0.0") as (port, process):
        with Client(port) as one:
            assert one.open(citizens=50)
        process.terminate()
        _, said = process.communicate(timeout=20)
    assert "everybody who reaches this machine" in said.replace("\n", " ")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_is_ended_with_a_word_and_status_0(how):
    with serving() as (port, process):
        with Client(port) as one:
            one.open(citizens=50)
            one.ask("play")
            one.until("frame")
            process.send_signal(how)
            said, told = process.communicate(timeout=20)
        assert process.returncode == 0
    assert said.strip() == "closed"
    assert told == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(["nonsense"], "there is no scenario 'nonsense'"), (["--from", "nowhere"], "no folder"),
     (["--network", "nowhere.csv"], "there is no network file"), (["--port", "99999"], "65535"),
     (["--host", "256.1.1.1"], "cannot listen"), (["--max-citizens", "5"], "max-citizens")],
)  # fmt: skip
def test_wrong_input_is_said_with_status_2(arguments, told):
    done = subprocess.run([sys.executable, "-m", "experiments.cli", "view", *arguments],
                          capture_output=True, text=True, timeout=60)  # fmt: skip
    assert done.returncode == 2
    assert told in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_said(port):
    done = subprocess.run([sys.executable, "-m", "experiments.cli", "view", "--port", str(port)],
                          capture_output=True, text=True, timeout=60)  # fmt: skip
    assert done.returncode == 2
    assert "--port 0" in done.stderr


NAMES = "source,target\nAnna,Bela\nBela,Carl\nCarl,Anna\nCarl,Dora\nEva\n"


def test_a_real_network_has_names_and_is_taken_home_too(tmp_path):
    network = tmp_path / "club.csv"
    network.write_text(NAMES)
    with serving("--network", str(network)) as (port, _), Client(port) as client:
        client.ask("open", rules={"scenario": "guilt_by_association"}, tag=5)
        opened = client.until("opened")
        assert opened["labels"] == ["Anna", "Bela", "Carl", "Dora", "Eva"]
        assert opened["tag"] == 5
        client.until("state")
        client.ask("step", periods=9)
        state = client.until("state")
        client.ask("export", what="scenario", form="toml")
        home = tmp_path / "home"
        home.mkdir()
        for name, text in client.until("files")["files"].items():
            (home / name).write_text(text, encoding="utf-8")
        world = World(home / "scenario.toml", threads=1)
        world.run(9)
        assert [world.fingerprint()] == state["fingerprints"]
        client.ask("study", parameter="detection", begin=0.1, end=0.5, levels=3, replicates=2)
        files = client.until("files")["files"]
        assert sorted(files) == ["network.csv", "scenario.toml", "study.toml"]


def test_who_asks_for_another_society_neednt_wait_for_the_first(client):
    rules = {"scenario": "guilt_by_association", "parameters": {"citizens": 2_000}}
    client.ask("open", rules=rules, period=20_000, tag=1)  # half a minute of living
    client.until("opened")
    begun = time.monotonic()
    client.ask("open", rules={**rules, "parameters": {"citizens": 150}}, tag=2)
    told = client.until("opened")
    assert (told["tag"], told["citizens"]) == (2, 150)
    assert client.until("state")["period"] == 0
    assert time.monotonic() - begun < 10.0


def test_who_leaves_while_a_society_is_being_opened_leaves_a_place():
    with serving("--sessions", "1") as (port, _):
        with Client(port) as one:
            rules = {"scenario": "guilt_by_association", "parameters": {"citizens": 2_000}}
            one.ask("open", rules=rules, period=20_000)
            one.until("opened")
        time.sleep(2.0)
        with Client(port) as other:
            assert other.open(**SMALL)


def test_nobody_holds_all_places_from_one_address():
    with serving("--sessions", "4", "--sessions-each", "2") as (port, _):
        with Client(port) as one, Client(port) as two, Client(port) as three:
            assert one.open(**SMALL)
            assert two.open(**SMALL)
            with pytest.raises(ConnectionClosed) as closed:
                three.open(**SMALL)
            assert "from your address" in str(closed.value)
        time.sleep(0.5)
        with Client(port) as again:
            assert again.open(**SMALL)
