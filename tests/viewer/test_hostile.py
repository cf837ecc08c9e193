"""Visitors who mean ill, or whose page hangs: refused, and nobody else is hurt."""

import json
import os
import time
import urllib.error
from pathlib import Path

import pytest
from visitor import Client, fetched, serving, world_of
from websockets.exceptions import ConnectionClosed, InvalidStatus

from experiments.viewer.limits import IN_FLIGHT

SMALL = dict(citizens=200)


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


@pytest.mark.browser
def test_who_opens_large_societies_leaves_others_their_turn():
    large = {"scenario": "guilt_by_association", "parameters": {
        "citizens": 20_000, "mean_degree": 40.0}}  # fmt: skip
    with serving() as (port, _), Client(port) as good:
        good.open(citizens=1_000)
        good.ask("speed", periods=30.0)
        good.ask("play")
        rate_of(good, 1.0)
        alone = rate_of(good, 3.0)
        bad = [Client(port, acknowledge=False) for _ in range(3)]
        for k, one in enumerate(bad):
            for again in range(4):  # each of another seed: nothing is remembered
                parameters = {**large["parameters"], "seed": 100 + 10 * k + again}
                one.ask("open", rules={**large, "parameters": parameters}, period=50)
        beside = rate_of(good, 8.0)
        with Client(port) as newcomer:
            begun = time.monotonic()
            newcomer.open(**SMALL)
            waited = time.monotonic() - begun
        for one in bad:
            one.close()
    assert beside > 0.5 * alone
    assert waited < 15.0  # one piece of others' long work, on a slow machine


def test_an_opening_that_cannot_be_takes_no_place_of_one_that_is_under_way(client):
    rules = {"scenario": "guilt_by_association", "parameters": {"citizens": 500}}
    client.ask("open", rules=rules, period=3_000, tag=1)
    client.until("opened")
    client.ask("open", rules={"scenario": "nowhere"}, tag=2)
    assert client.until("refused")["tag"] == 2
    state = client.until("state")
    assert state["period"] == 3_000
