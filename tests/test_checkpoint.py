"""A world goes on from a checkpoint to the same bits, whatever it is made of."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pyarrow.parquet as pq
import pytest

from experiments.store import CHECKPOINT
from model import checkpoint
from model.errors import InputError
from model.scenario import bundled
from model.world import World

ADAPTING = [
    {"adaptation_rule": "hill_climbing", "adapts": ["detection", "dissent_penalty"]},
    {"adaptation_rule": "proportional", "adapts": ["detection"], "goal": 0.2},
]


def lived_through(scenario, path, before=7, after=8, threads=1, **parameters):
    """Fingerprints of a world that lives on and of one that goes on from its checkpoint."""
    whole = World(scenario, threads=threads, **parameters)
    whole.run(before)
    about = checkpoint.identity(whole)
    checkpoint.save(path, whole, about)
    whole.run(after)
    other = World(scenario, threads=threads, **parameters)
    checkpoint.load(path, other, about)
    assert other.period == before
    other.run(after)
    return whole.fingerprint(), other.fingerprint()


@pytest.mark.parametrize("scenario", sorted(bundled()))
@pytest.mark.parametrize("schedule", ["synchronous", "random_order"])
def test_every_scenario_goes_on_to_the_same_bits(scenario, schedule, tmp_path):
    whole, other = lived_through(
        scenario, tmp_path / "c.npz", citizens=300, seed=5, schedule=schedule
    )
    assert whole == other


@pytest.mark.parametrize("rules", ADAPTING)
def test_an_institution_that_adapts_goes_on(rules, tmp_path):
    whole, other = lived_through("guilt_by_association", tmp_path / "c.npz", citizens=300, **rules)
    assert whole == other


def test_threads_and_room_that_ran_out_before_make_no_difference(tmp_path):
    grown = {"citizens": 2_000, "generator": "barabasi_albert", "review": 1.0, "sociability": 1.0}
    one, other = lived_through("guilt_by_association", tmp_path / "c.npz", 40, 40, **grown)
    two, another = lived_through("guilt_by_association", tmp_path / "d.npz", 40, 40, 2, **grown)
    assert one == other == two == another


def test_a_world_read_back_is_the_world_written(tmp_path):
    world = World("generations", citizens=200, seed=3)
    world.run(30)
    about = checkpoint.identity(world)
    checkpoint.save(tmp_path / "c.npz", world, about, mine=np.arange(3.0))
    other = World("generations", citizens=200, seed=3)
    assert checkpoint.load(tmp_path / "c.npz", other, about)["mine"].tolist() == [0.0, 1.0, 2.0]
    assert other.fingerprint() == world.fingerprint()
    assert (other.generations.born == world.generations.born).all()
    assert (world.generations.born > 0).any()


@pytest.mark.parametrize(
    ("change", "told"),
    [({"detection": 0.2}, r"detection = 0\.15 there, 0\.2 here"),
     ({"seed": 9}, "seed = 1 there, 9 here"), ({"citizens": 90}, "citizens = 100 there, 90 here")],
)  # fmt: skip
def test_a_checkpoint_of_another_run_is_refused(change, told, tmp_path):
    world = World(citizens=100, seed=1)
    checkpoint.save(tmp_path / "c.npz", world, checkpoint.identity(world))
    other = World(**{"citizens": 100, "seed": 1, **change})
    with pytest.raises(InputError, match=told):
        checkpoint.load(tmp_path / "c.npz", other, checkpoint.identity(other))


SPOILT = [
    lambda b: b[: len(b) // 2],
    lambda b: b"",
    lambda b: b"x" * 99,
    lambda b: b[:3000] + bytes([b[3000] ^ 1]) + b[3001:],
]


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_file_that_cannot_be_read_is_refused(spoil, tmp_path):
    world = World(citizens=500, seed=1)
    path = tmp_path / "c.npz"
    checkpoint.save(path, world, checkpoint.identity(world))
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(InputError, match=r"c\.npz"):
        checkpoint.load(path, World(citizens=500, seed=1), checkpoint.identity(world))


def test_a_disk_that_is_full_leaves_what_was_there(tmp_path, monkeypatch):
    world = World(citizens=100, seed=1)
    path = tmp_path / "c.npz"
    checkpoint.save(path, world, checkpoint.identity(world))
    before = path.read_bytes()
    world.run(3)

    def full(*_arguments, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="No space"):
        checkpoint.save(path, world, checkpoint.identity(world))
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["c.npz"]


def command(out, *more):
    return [sys.executable, "-m", "experiments.cli", "run", "sesame_as_reported", "--citizens",
            "20000", "--periods", "150", "--out", str(out), "--json", *more]  # fmt: skip


def test_a_run_that_is_killed_again_and_again_ends_with_the_same_bytes(tmp_path):
    done = subprocess.run(command(tmp_path / "whole"), capture_output=True, check=True, text=True)
    whole = json.loads(done.stdout)
    out = tmp_path / "killed"
    kept = ["--checkpoint-every", "5"]
    killed = 0
    for _ in range(40):
        run = subprocess.Popen(command(out, *kept), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True)  # fmt: skip
        before = (out / CHECKPOINT).stat().st_mtime_ns if (out / CHECKPOINT).exists() else 0
        while run.poll() is None and killed < 6:
            now = (out / CHECKPOINT).stat().st_mtime_ns if (out / CHECKPOINT).exists() else 0
            if now != before and (out / "series.parquet").exists():
                os.kill(run.pid, signal.SIGKILL)
                killed += 1
                break
            time.sleep(0.005)
        told, _ = run.communicate()
        if run.returncode == 0:
            break
    assert killed == 6
    assert json.loads(told)["fingerprint"] == whole["fingerprint"]
    assert json.loads(told)["measures"] == whole["measures"]
    for name in ("series.parquet", "citizens.parquet", "ties.parquet"):
        assert (out / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name
    assert not (out / CHECKPOINT).exists()


def test_a_series_so_far_can_be_read(tmp_path):
    from experiments.checkpoints import Checkpoints
    from experiments.run import simulate

    kept = Checkpoints(tmp_path / "run", 4, {})
    world = World(citizens=100, seed=1)
    simulate(world, 10, checkpoints=kept)
    told = pq.read_table(tmp_path / "run" / "series.parquet").to_pydict()
    assert told["period"] == list(range(9))
    again = World(citizens=100, seed=1)
    outcome = simulate(again, 12, checkpoints=kept)
    assert outcome.series["period"] == list(range(13))
    assert again.fingerprint() == _alone(12)


def _alone(periods):
    world = World(citizens=100, seed=1)
    world.run(periods)
    return world.fingerprint()


def test_what_is_wrong_is_said(tmp_path):
    nowhere = [*command(tmp_path / "x")[:-3], "--checkpoint-every", "5"]
    done = subprocess.run(nowhere, capture_output=True, text=True, check=False)
    assert (done.returncode, "--out" in done.stderr) == (2, True)
    out = tmp_path / "other"
    out.mkdir()
    world = World(citizens=100, seed=1)
    checkpoint.save(out / CHECKPOINT, world, checkpoint.identity(world))
    done = subprocess.run(command(out, "--checkpoint-every", "5"), capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert done.returncode == 2
    assert "is of another run" in done.stderr
    assert (out / CHECKPOINT).is_file()


def test_a_world_that_has_lived_lives_so_many_periods_more():
    from experiments.run import simulate

    world = World(citizens=100, seed=1)
    world.run(30)
    outcome = simulate(world, 12)
    assert outcome.series["period"] == list(range(30, 43))
    assert world.fingerprint() == _alone(42)
