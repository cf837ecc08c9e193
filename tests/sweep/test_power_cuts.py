"""The whole command under real faults: processes killed at random, full and read-only folders."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from experiments.sweep.shards import shards_in
from experiments.sweep.store import Store

SCORED = [sys.executable, "-m", "experiments.cli"]
PROC = Path("/proc")
needs_proc = pytest.mark.skipif(not PROC.is_dir(), reason="processes are looked up in /proc")

STUDY = """
title = "Small"
scenario = "conduct_only"
periods = 150
replicates = REPLICATES
measures = ["dissent", "ties_cut"]
series = ["dissent"]
series_every = 50
[set]
citizens = 400
[factors]
detection = {from = 0.0, to = 0.9, levels = 10}
conformity = [0.1, 0.5, 0.9]
[figure]
x = "detection"
y = "conformity"
measures = ["dissent"]
"""


def write_study(tmp_path, replicates):
    path = tmp_path / "small.toml"
    path.write_text(STUDY.replace("REPLICATES", str(replicates)))
    return path


def sweep(*arguments, **options):
    return subprocess.run([*SCORED, "sweep", *map(str, arguments)], capture_output=True, text=True,
                          timeout=300, check=False, **options)  # fmt: skip


def parents():
    """Process → the one above it, for all that live."""
    parents = {}
    for stat in PROC.glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                parents[int(stat.parent.name)] = int(parent)
        except OSError:  # ended meanwhile
            continue
    return parents


def below(pid):
    """All processes below one."""
    all_of_them = parents()
    found, edge = set(), {pid}
    while edge:
        edge = {p for p, above in all_of_them.items() if above in edge}
        found |= edge
    return found


def digests(folder):
    return [[shard.path.name for shard in shards_in(folder / name)] for name in ("runs", "series")]


@needs_proc
@pytest.mark.parametrize(
    ("kills", "replicates"),
    [pytest.param(6, 12, id="few"), pytest.param(60, 60, id="many", marks=pytest.mark.slow)],
)
def test_killed_at_random_it_ends_as_if_undisturbed(tmp_path, kills, replicates):
    """Workers, the server that they come from, and the coordinator, by SIGKILL."""
    study = write_study(tmp_path, replicates)
    assert sweep(study, "--out", tmp_path / "whole").returncode == 0
    luck = random.Random(kills)
    folder = tmp_path / "killed"
    done = {"workers": 0, "coordinator": 0}
    deadline = time.time() + 1500
    while sum(done.values()) < kills and time.time() < deadline:
        process = subprocess.Popen(
            [*SCORED, "sweep", str(study), "--out", str(folder)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        while process.poll() is None and sum(done.values()) < kills:
            if luck.random() < 0.8:  # mostly in the midst of it, else while it is starting
                until = time.time() + 10
                while (
                    process.poll() is None and len(below(process.pid)) < 4 and time.time() < until
                ):
                    time.sleep(0.05)
            time.sleep(luck.uniform(0.05, 1.5))
            others = sorted(below(process.pid))
            if others and luck.random() < 0.7:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(luck.choice(others), signal.SIGKILL)
                    done["workers"] += 1
            elif process.poll() is None and (folder / "sweep.json").is_file():
                process.kill()
                done["coordinator"] += 1
        if process.poll() is None:
            process.wait(timeout=300)
        if (folder / "sweep.json").is_file() and Store(folder).count() >= 30 * replicates:
            # all is done before enough was killed: begin again from a part of it
            for path in (folder / "runs").iterdir():
                path.unlink()
    assert sum(done.values()) >= kills
    assert min(done.values()) > 0
    last = sweep(study, "--out", folder)
    assert last.returncode == 0, last.stderr
    store = Store(folder)
    assert store.table() == Store(tmp_path / "whole").table()
    assert digests(folder) == digests(tmp_path / "whole"), "to the byte"
    assert store.failures() == []
    assert not list(folder.rglob(".*.parquet*"))
    figures = [(place / "figure.html").read_bytes() for place in (folder, tmp_path / "whole")]
    assert figures[0] == figures[1]


@needs_proc
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop_it_keeps_what_is_finished_and_goes_on_later(tmp_path, stop):
    study = write_study(tmp_path, 12)
    study.write_text(study.read_text().replace("periods = 150", "periods = 1500"))
    folder = tmp_path / "out"
    process = subprocess.Popen(
        [*SCORED, "sweep", str(study), "--out", str(folder)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    deadline = time.time() + 120
    while not list(folder.glob("sessions/*.json")) and time.time() < deadline:
        time.sleep(0.05)
    time.sleep(1.5)
    process.send_signal(stop)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 128 + stop, stderr
    assert "stopping" in stderr
    assert "finished runs are kept; the same command goes on" in stderr
    assert "Traceback" not in stderr + stdout
    kept = Store(folder).count()
    assert 0 < kept < 360
    again = sweep(study, "--out", folder, "--json")
    told = json.loads(again.stdout)
    assert told["finished_before"] == kept
    assert told["complete"]


@needs_proc
def test_if_the_coordinator_is_killed_its_workers_end_too(tmp_path):
    path = write_study(tmp_path, 12)
    path.write_text(path.read_text().replace("periods = 150", "periods = 100000"))
    process = subprocess.Popen(
        [*SCORED, "sweep", str(path), "--workers", "2", "--out", str(tmp_path / "out")],
        stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.time() + 120
    while len(below(process.pid)) < 4 and time.time() < deadline:
        time.sleep(0.1)
    time.sleep(1)
    others = below(process.pid)
    assert len(others) >= 4, "two workers, the server that they come from, and its tracker"
    process.kill()
    process.wait()
    while others & parents().keys() and time.time() < deadline:
        time.sleep(0.1)
    assert not others & parents().keys()


@needs_proc
def test_a_second_ctrl_c_stops_at_once_and_keeps_what_is_finished(tmp_path):
    path = write_study(tmp_path, 12)
    path.write_text(path.read_text().replace("periods = 150", "periods = 30000"))
    folder = tmp_path / "out"
    process = subprocess.Popen(
        [*SCORED, "sweep", str(path), "--out", str(folder)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    deadline = time.time() + 120
    while not list(folder.glob("runs/*.parquet")) and time.time() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    others = below(process.pid)
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    begun = time.time()
    process.send_signal(signal.SIGINT)
    while process.poll() is None:  # an impatient user, to the very end of the process
        time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert time.time() - begun < 10
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, stderr
    assert "Traceback" not in stderr
    assert "finished runs are kept" in stderr
    assert Store(folder).count() >= 1, "the pilots at least"
    time.sleep(1)
    assert not others & parents().keys()


@pytest.fixture
def small_disk(tmp_path):
    """Make a file system of a few kilobytes, or one that can only be read."""
    places = []

    def make(option):
        place = tmp_path / f"disk-{option.partition('=')[0]}"
        place.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", option, "tmpfs", str(place)]
        if subprocess.run(command, capture_output=True, check=False).returncode != 0:
            pytest.skip("no right to mount a small file system here")
        places.append(place)
        return place

    yield make
    for place in places:
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_folder_that_cannot_be_written_is_said_before_anything_runs(tmp_path, small_disk):
    place = small_disk("ro")
    result = sweep(write_study(tmp_path, 1), "--out", place / "out")
    assert result.returncode == 2
    assert f"{place / 'out'}: cannot be written: Read-only file system" in result.stderr
    assert "runs:" not in result.stderr, "nothing has been tried"


def test_a_full_disk_is_named_and_with_more_room_it_goes_on(tmp_path, small_disk):
    tiny_disk = small_disk("size=300k")
    study = write_study(tmp_path, 4)
    folder = tiny_disk / "out"
    (tiny_disk / "ballast").write_bytes(b"x" * 240_000)
    full = sweep(study, "--out", folder)
    assert full.returncode == 1
    assert "No space left on device" in full.stderr
    assert "Traceback" not in full.stderr
    assert not [path for path in folder.rglob(".*") if path.is_file()]
    (tiny_disk / "ballast").unlink()
    path = study
    path.write_text(path.read_text().split("[figure]")[0])  # the figure alone takes 4 MB
    again = sweep(study, "--out", folder)
    assert again.returncode == 0, again.stderr
    assert Store(folder).count() == 120
