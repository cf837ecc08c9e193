"""The server by its line: societies, sharing, taking home, and visitors who mean ill."""

import io
import json
import os
import signal
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from visitor import Client, serving
from websockets.exceptions import ConnectionClosed, InvalidStatus

from experiments.viewer.limits import IN_FLIGHT
from model.scenario import bundled, load
from model.world import World

SMALL = dict(citizens=200)


def world_of(name="guilt_by_association", periods=0, **parameters):
    world = World(load(name).replace(**parameters), threads=1)
    world.run(periods)
    return world


def fetched(port, path, **headers):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.read(), answer.headers


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
    assert (detection["low"], detection["high"], detection["number"]) == (0.0, 1.0, True)
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
    file.write_bytes(client.until("file")["columns"]["data"].tobytes())
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


# visitors who mean ill, or whose page hangs


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ({"scenario": "../secret"}, "no scenario"),
        ({"scenario": "guilt_by_association", "parameters": {"network_file": "/etc/passwd"}},
         "only who starts the server"),
        ({"scenario": "guilt_by_association", "parameters": {"citizens": 20_001}}, "at most"),
        ({"scenario": "guilt_by_association", "parameters": {
            "citizens": 20_000, "generator": "complete"}}, "199,990,000 friendships"),
        ({"scenario": "guilt_by_association", "parameters": {
            "citizens": 20_000, "follows": 1_000}}, "at most 400,000"),
        ({"scenario": "guilt_by_association", "parameters": {"detection": 2.0}}, "detection"),
        ({"scenario": "guilt_by_association", "parameters": {"detektion": 0.2}}, "did you mean"),
        ({"scenario": "guilt_by_association", "changes": [[5, "conformity", 0.1]]}, "program"),
        ({"scenario": "guilt_by_association", "parameters": {"mean_degree": 1e9}}, "mean_degree"),
    ],
)  # fmt: skip
def test_what_cannot_be_opened_says_why_and_leaves_what_is_open(client, rules, told):
    before = client.open(**SMALL)
    client.ask("open", rules=rules)
    assert told in client.until("refused")["why"]
    client.ask("pause")
    assert client.until("state")["fingerprints"] == before["fingerprints"]


@pytest.mark.parametrize(("citizens", "period"), [(5, 20_001), (5, 10_000_000), (20_000, 3_000)])
def test_too_far_a_period_is_refused(client, citizens, period):
    rules = {"scenario": "guilt_by_association", "parameters": {"citizens": citizens,
                                                                "mean_degree": 2.0}}  # fmt: skip
    client.ask("open", rules=rules, period=period)
    assert "too far" in client.until("refused")["why"]


def test_a_mechanism_turned_on_late_leaves_others_their_turn(port):
    with Client(port) as good, Client(port) as bad:
        bad.open(period=3_000, citizens=200)
        good.open(citizens=500)
        good.ask("speed", periods=20.0)
        good.ask("play")
        bad.ask("change", name="arrest", value=0.1)
        told = [good.until("frame")["period"] for _ in range(20)]
        assert told == sorted(told)
        assert bad.until("changed")["at"] == 3_001
        program = [{"parameter": "arrest", "at": 3_001, "to": 0.1}]
        bad.ask("pause")
        state = bad.until("state")
        assert state["fingerprints"] == [
            world_of(periods=3_000, citizens=200, program=program).fingerprint()
        ]


@pytest.mark.parametrize("message", [
    {"op": "open", "rules": {"scenario": "exit", "parameters": {"program": "x"}}},
    {"op": "open", "rules": {"scenario": "exit", "parameters": {"self": 1}}},
    {"op": "study", "parameter": "citizens", "begin": -1e308, "end": 1e308},
])  # fmt: skip
def test_what_is_declared_and_makes_no_sense_is_refused(client, message):
    client.open(**SMALL)
    client.line.send(json.dumps(message))
    why = client.until("refused")["why"]
    assert "/tmp" not in why
    client.ask("pause")
    assert client.until("state")


def test_a_refused_study_tells_no_place_of_the_servers(client):
    client.open(**SMALL)
    client.ask("study", parameter="detection", begin=0.5, end=7.0)
    why = client.until("refused")["why"]
    assert "study.toml" in why
    assert "tmp" not in why


def test_nothing_is_done_before_anything_is_open(client):
    for op in ("play", "pause", "step"):
        client.ask(op)
        assert "nothing is open" in client.until("refused")["why"]


def test_malformed_messages_are_refused_and_the_society_stays(client):
    before = client.open(**SMALL)
    for text in ("", "{", "[]", '{"op":"exec"}', '{"op":"step","periods":-1}', "\x00" * 50):
        client.line.send(text)
        assert "refused" in client.until("refused")["why"]
    client.ask("pause")
    assert client.until("state")["fingerprints"] == before["fingerprints"]


@pytest.mark.parametrize("data", ["x" * 40_000, b"\x00\x01"])
def test_an_oversized_or_binary_message_ends_the_line(port, data):
    with Client(port) as one:
        one.open(**SMALL)
        one.line.send(data)
        with pytest.raises(ConnectionClosed):
            one.until("nothing that is ever said", 10.0)
    with Client(port) as other:  # nobody else is hurt
        assert other.open(**SMALL)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_another_page_gets_no_line(port, origin):
    with pytest.raises(InvalidStatus):
        Client(port, origin=origin)
    Client(port, origin=f"http://127.0.0.1:{port}").close()


@pytest.mark.parametrize("name", ["evil.example", "evil.example:8765"])
def test_another_name_of_this_machine_is_not_answered_to(port, name):
    with pytest.raises(urllib.error.HTTPError) as refused:
        fetched(port, "/", Host=name)
    assert refused.value.code == 400


def rate_of(client, seconds):
    """Frames a second that a well-behaved visitor gets."""
    begun, before = time.monotonic(), client.frames
    while time.monotonic() - begun < seconds:
        client.hear()
    return (client.frames - before) / (time.monotonic() - begun)


def memory_of(process):
    text = Path(f"/proc/{process.pid}/status").read_text()
    return int(text.split("VmRSS:")[1].split()[0]) / 1024


@pytest.mark.browser
@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="reads memory from /proc")
def test_a_page_that_never_draws_costs_nothing_and_harms_nobody():
    with serving() as (port, process), Client(port) as good:
        good.open(citizens=1_000)
        good.ask("speed", periods=30.0)
        good.ask("play")
        alone = rate_of(good, 3.0)
        hung = [Client(port, acknowledge=False) for _ in range(4)]
        for one in hung:
            one.open(citizens=2_000)
            one.ask("speed", periods=240.0)
            one.ask("play")
        time.sleep(1.0)
        before = memory_of(process)
        beside = rate_of(good, 6.0)
        assert memory_of(process) < before + 8.0, "MB"
        assert beside > 0.6 * alone
        for one in hung:
            while True:
                try:
                    one.hear(0.5)
                except TimeoutError:
                    break
            assert one.frames <= 1 + IN_FLIGHT
            one.close()


@pytest.mark.browser
def test_a_flood_is_refused_and_harms_nobody():
    with serving("--rate", "50") as (port, _), Client(port) as good, Client(port) as bad:
        good.open(citizens=1_000)
        good.ask("speed", periods=20.0)
        good.ask("play")
        alone = rate_of(good, 2.0)
        bad.open(citizens=200)
        for _ in range(2_000):
            bad.ask("story", citizen=3)
        assert rate_of(good, 3.0) > 0.6 * alone
        while "too many" not in (told := bad.hear()).get("why", ""):
            pass
        assert told["kind"] == "refused"


@pytest.mark.browser
def test_two_hundred_lines_at_once():
    with serving("--sessions", "5") as (port, _), Client(port) as good:
        good.open(citizens=500)
        good.ask("speed", periods=20.0)
        good.ask("play")
        alone = rate_of(good, 2.0)
        lines = [Client(port) for _ in range(200)]
        assert rate_of(good, 3.0) > 0.6 * alone
        full = 0
        for one in lines:
            try:
                one.line.recv(timeout=0.05)
            except TimeoutError:
                pass
            except ConnectionClosed as closed:
                full += closed.rcvd.code == 4001 and "places are taken" in closed.rcvd.reason
        assert full == 196
        for one in lines:
            one.close()
        time.sleep(0.5)
        with Client(port) as late:  # places are free again
            assert late.open(citizens=100)


def test_who_asks_for_nothing_is_sent_away():
    with serving("--idle", "10") as (port, _), Client(port) as one:
        one.open(citizens=100)
        with pytest.raises(ConnectionClosed) as closed:
            one.hear(20.0)
        assert closed.value.rcvd.code == 4002


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
