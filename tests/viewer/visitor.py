"""A real server in a process of its own, and a client that speaks the page's language."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack, contextmanager

import numpy as np

from model.scenario import load
from model.world import World

TYPES = {"u1": "<u1", "u4": "<u4", "f4": "<f4"}


def unpack(data):
    """What wire.js does."""
    length = int.from_bytes(data[:4], "little")
    told = json.loads(data[4 : 4 + length])
    at, columns = 4 + length, {}
    for name, kind, size in told["columns"]:
        columns[name] = np.frombuffer(data, TYPES[kind], size, at)
        at += -(-columns[name].nbytes // 4) * 4
    assert at == len(data)
    return {**told, "columns": columns}


class Client:
    """A page without a picture."""

    def __init__(self, port, acknowledge=True, **options):
        from websockets.sync.client import connect

        self.open_lines = ExitStack()
        line = connect(f"ws://127.0.0.1:{port}/line", max_size=None, **options)
        self.line = self.open_lines.enter_context(line)
        self.acknowledge = acknowledge
        self.frames = 0

    def ask(self, op, **values):
        self.line.send(json.dumps({"op": op, **values}))

    def hear(self, timeout=30.0):
        data = self.line.recv(timeout=timeout)
        told = json.loads(data) if isinstance(data, str) else unpack(data)
        if told["kind"] == "frame":
            self.frames += 1
            if self.acknowledge:
                self.ask("ack", frame=told["frame"])
        return told

    def until(self, kind, timeout=25.0):
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            told = self.hear(end - time.monotonic())
            if told["kind"] == kind:
                return told
            assert told["kind"] != "refused" or kind == "refused", told
        raise AssertionError(f"no {kind} within {timeout} s")

    def open(self, scenario="guilt_by_association", period=0, twin=None, changes=(), **parameters):
        rules = {"scenario": scenario, "parameters": parameters, "changes": list(changes)}
        self.ask("open", rules=rules, period=period, **({"twin": twin} if twin else {}))
        return self.until("state")

    def close(self):
        self.open_lines.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


@contextmanager
def serving(*options):
    """A server; yields its port and its process."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "experiments.cli", "view", "--port", "0", *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        first = process.stdout.readline()
        found = re.search(r":(\d+)/", first)
        assert found, first + process.stderr.read()
        yield int(found[1]), process
    finally:
        process.terminate()
        process.communicate(timeout=20)


def world_of(name="guilt_by_association", periods=0, **parameters):
    world = World(load(name).replace(**parameters), threads=1)
    world.run(periods)
    return world


def fetched(port, path, **headers):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.read(), answer.headers
