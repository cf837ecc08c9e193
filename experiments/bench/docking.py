"""Strategic dissent at the published size, beside the authors' own program where it is at hand."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from experiments.bench.figures import Figure
from experiments.docking.daymude import Authority, simulate

THEIRS = "SCORED_DAYMUDE"
"""Environment variable: the folder ``code`` of a clone of DaymudeLab/DissentSelfCensorship."""

# what their module imports for its figures is not needed here
_THEIR_RUN = """
import sys, time, types
for name in ("matplotlib", "matplotlib.pyplot", "cmcrameri", "tqdm", "tqdm.contrib",
             "tqdm.contrib.concurrent"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["matplotlib"].pyplot = sys.modules["matplotlib.pyplot"]
sys.modules["cmcrameri"].cm = None
sys.modules["tqdm"].tqdm = sys.modules["tqdm.contrib.concurrent"].process_map = None
sys.path.insert(0, sys.argv[1])
from hillclimbing import rmhc_trial
begun = time.perf_counter()
rmhc_trial(int(sys.argv[2]), int(sys.argv[3]), 0.25, 4.0, "uniform", 0.25, 0.1, 0.1, 1.0, 0.05, 1)
print(time.perf_counter() - begun)
"""


def docking_figures(quick: bool) -> list[Figure]:
    """Seconds of a published run, and how many times longer the authors' program takes."""
    citizens, rounds = 100_000, 500 if quick else 5_000
    setting = Authority(beta=4.0, citizens=citizens, rounds=rounds)
    simulate(setting.model_copy(update={"rounds": 5}), 1)  # compiled
    theirs = os.environ.get(THEIRS, "")
    ours, their = [], []
    for _ in range(3):
        begun = time.perf_counter()
        simulate(setting, 1)
        ours.append(time.perf_counter() - begun)
        if theirs:
            their.append(_their_seconds(Path(theirs), citizens, rounds))
    seconds = statistics.median(ours)
    shape = f"{citizens:,} citizens × {rounds:,} rounds"
    found = [Figure("Daymude et al., one run", seconds, "s", "a few", shape)]
    if their:
        ratio = statistics.median(b / a for a, b in zip(ours, their, strict=True))
        found.append(Figure("their program / this model", ratio, "×", "",
                            f"{shape}; theirs {statistics.median(their):.1f} s"))  # fmt: skip
    return found


def _their_seconds(folder: Path, citizens: int, rounds: int) -> float:
    told = subprocess.run(
        [sys.executable, "-c", _THEIR_RUN, str(folder), str(citizens), str(rounds)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(told.stdout)
