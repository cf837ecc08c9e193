"""Ways to run that need no society: sums, and runs that raise, hang, die or leak."""

import os
import signal
import time
from dataclasses import dataclass

from experiments.study.designs import Row
from experiments.study.plan import Plan
from experiments.sweep.running import Output


@dataclass(frozen=True)
class Toy:
    """``total = a·10 + seed % 7``; ``how`` says what goes wrong."""

    seconds: float = 0.0
    preload: tuple[str, ...] = ()

    def identity(self):
        return {"toy": 1}

    def run(self, parameters, seed, deadline):
        how = parameters.get("how", "well")
        if self.seconds:
            time.sleep(self.seconds)
        if how == "raises":
            raise ValueError(f"a = {parameters['a']} is too much\nfor me")
        if how == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        if how == "slow":  # notices that its time is over
            while True:
                time.sleep(0.02)
                deadline.check()
        if how == "hangs":  # doesn't
            time.sleep(3600)
        if how == "exits":
            raise SystemExit(3)
        if how == "wordy":
            return Output({"total": "text", "word": "w"})
        if how == "unsendable":
            return Output({"total": lambda: 0})
        return Output({"total": parameters["a"] * 10.0 + seed % 7, "word": "w"})


def plan_of(*points):
    return Plan(Row(point) for point in points)


def cases_of(plan, replicates=1):
    return list(plan.cases(plan.runs(replicates), seed=3))
