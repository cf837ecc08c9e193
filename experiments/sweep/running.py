"""What happens in a worker: a few runs one after the other, each to its result or its traceback."""

from __future__ import annotations

import faulthandler
import time
import traceback
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from experiments.study.plan import RESERVED, Case

_LOOK_SECONDS = 0.05
_PATIENCE = 10.0
"""Seconds that a run has to finish once its sweep is being stopped."""
_GRACE = 5.0
"""Seconds that a run has beyond its limit to notice that it is over, before its process ends."""


class RunTimeout(Exception):  # noqa: N818  (it is a limit reached, not a fault)
    """A run took longer than it may."""


class Stopped(Exception):  # noqa: N818  (nothing went wrong)
    """The sweep is being stopped, and this run would have taken too long to wait for."""


class Deadline:
    """When a run has to be over; models look at it between their periods."""

    def __init__(self, seconds: float | None = None) -> None:
        self.seconds = seconds
        self._begun = self._looked = time.monotonic()
        self._told: float | None = None

    def check(self) -> None:
        """Raise :class:`RunTimeout` if time is up, :class:`Stopped` if the sweep won't wait."""
        now = time.monotonic()
        if now - self._looked < _LOOK_SECONDS:
            return
        self._looked = now
        if self.seconds is not None and now - self._begun > self.seconds:
            raise RunTimeout(f"not finished after {self.seconds:g} s")
        if told_to_stop():
            self._told = self._told or now
            if now - self._told > _PATIENCE:
                raise Stopped


class Output(NamedTuple):
    """What a run gives."""

    values: dict[str, Any]
    """One row of the table: column → number or text."""
    series: dict[str, list[Any]] | None = None
    """A table with a column ``period``, if asked for."""


class RunConfiguration(Protocol):
    """How a run is made: any object that can be sent to another process.

    (The shape of Mesa 4's class of that name.)
    """

    @property
    def preload(self) -> tuple[str, ...]:
        """Modules that workers need, imported once for all of them."""

    def identity(self) -> Mapping[str, Any]:
        """What must be the same for results to be comparable, as plain data."""

    def run(self, parameters: Mapping[str, Any], seed: int, deadline: Deadline) -> Output:
        """Make one run."""


class Result(NamedTuple):
    """What became of a case."""

    case: Case
    output: Output | None
    """None if it failed."""
    seconds: float
    error: str = ""
    """What it raised, in one line."""
    trace: str = ""
    kind: str = "finished"
    """``finished``, ``raised``, ``timeout`` or ``died``."""


_LARGEST = 2**63


def check_output(output: Output, parameters: Mapping[str, Any]) -> None:
    """Whether a table can hold what a run gives.

    Raises:
        TypeError, ValueError: saying what it can't.
    """
    for name, value in output.values.items():
        if name in RESERVED or name in parameters:
            raise ValueError(f"'{name}' is the name of another column; call the measure otherwise")
        if value is not None and not isinstance(value, bool | int | float | str):
            raise TypeError(f"{name} = {value!r} is no number or text: a table can't hold it")
        if isinstance(value, int) and not -_LARGEST <= value < _LARGEST:
            raise ValueError(f"{name} = {value} is too large a whole number for a table")
    if output.series is not None:
        lengths = {name: len(values) for name, values in output.series.items()}
        if "period" not in lengths or len(set(lengths.values())) != 1:
            raise ValueError(f"a series needs a column 'period', and equal lengths: {lengths}")


def run_one(configuration: RunConfiguration, case: Case, timeout: float | None = None) -> Result:
    """Make one run in this process; whatever it raises becomes part of the result."""
    begun = time.perf_counter()
    try:
        output = configuration.run(case.parameters, case.seed, Deadline(timeout))
        check_output(output, case.parameters)
    except RunTimeout as late:
        return Result(case, None, time.perf_counter() - begun, str(late), kind="timeout")
    except Stopped:
        raise
    except (Exception, SystemExit) as error:
        said = f"{type(error).__name__}: {error}".splitlines() or [type(error).__name__]
        return Result(
            case, None, time.perf_counter() - begun, said[0], traceback.format_exc(), "raised"
        )
    return Result(case, output, time.perf_counter() - begun)


def run_chunk(
    configuration: RunConfiguration, cases: list[Case], timeout: float | None, may_exit: bool
) -> list[Result]:
    """Make several runs; fewer if this process has been told to stop.

    Args:
        configuration: how.
        cases: which.
        timeout: seconds that a run may take.
        may_exit: end the process if a run that is over its time doesn't even notice it.
    """
    results: list[Result] = []
    for case in cases:
        if results and told_to_stop():
            break
        if timeout is not None and may_exit:
            faulthandler.dump_traceback_later(timeout + _GRACE, exit=True, file=_hang_file())
        try:
            results.append(run_one(configuration, case, timeout))
        except Stopped:
            break
        finally:
            if timeout is not None and may_exit:
                faulthandler.cancel_dump_traceback_later()
    return results


# what a worker process knows of its coordinator; nothing elsewhere
_stop: Any = None
_traces: Any = None


def begin_worker(stop: Any, traces: str) -> None:
    """Called once in each worker process.

    Args:
        stop: an event that says that no further run is wanted.
        traces: a file for what a run was doing when it hung.
    """
    global _stop, _traces
    _stop = stop
    _traces = open(traces, "w", encoding="utf-8")  # noqa: SIM115  (as long as the process)


def told_to_stop() -> bool:
    """Whether this process's coordinator wants no further run."""
    return _stop is not None and _stop.is_set()


def _hang_file() -> Any:
    import sys

    return sys.stderr if _traces is None else _traces
