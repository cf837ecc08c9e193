"""What the commands around sweeps print."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.markup import escape

from experiments.show import duration, err, number, out, size_of, table

if TYPE_CHECKING:
    from experiments.analysis.results import Results
    from experiments.study import Study
    from experiments.sweep.pilot import Estimate
    from experiments.sweep.session import Ended

_CELL = 15  # characters of a cell with its interval
_MOST_LINES = 60
_MOST_FAILURES = 10


def print_sweep(results: Results, study: Study, folder: Path) -> None:
    """A table a measure, and where everything lies."""
    names = study.figure.measures if study.figure else study.measures
    several = results.replicates > 1
    points = results.plan.points
    axes = study.figure
    if axes and len(study.factors) == 2 and _is_grid(results, axes.x, axes.y):
        for name in names:
            _print_grid(results, axes.x, axes.y, name)
    elif len(points) <= _MOST_LINES:
        _print_points(results, names)
    else:
        out.print(
            f"{len(points):,} points: too many for a table here; scored analyse {folder} sums "
            "them up"
        )
        several = False
    if several:
        out.print(
            f"means ± half of the 95 % interval over those of at most {results.replicates} "
            "replicates that have a value"
        )
    elif results.replicates == 1 and len(points) <= _MOST_LINES:
        out.print("one replicate: no interval can be given")
    out.print(f"\nruns:    {folder / 'runs'}")
    if study.series:
        out.print(f"series:  {folder / 'series'}")
    if study.figure:
        out.print(f"figure:  {folder / 'figure.html'}")


def _is_grid(results: Results, x: str, y: str) -> bool:
    return all(results.groups(name).edges is None for name in (x, y))


def _print_grid(results: Results, x: str, y: str, name: str) -> None:
    """A measure over two factors, one of them across."""
    grid = results.grid(x, y, name)
    across, down = grid.x.names, grid.y.names
    wide = results.replicates > 1 and out.width >= sum(
        max(_CELL, len(_level(value)) + 2) for value in ("", *across)
    )
    rows = [
        [_level(value), *(number(grid.mean[k, m], 3)
                          + f" ± {number(grid.half_width[k, m], 3)}" * wide
                          for m in range(len(across)))]
        for k, value in enumerate(down)
    ]  # fmt: skip
    headers = [(y, "right"), *((_level(value), "right") for value in across)]
    out.print(table(headers, rows, title=f"{name}, by {y} (rows) and {x} (columns)"))
    known = grid.half_width[~np.isnan(grid.half_width)]
    if len(known):
        out.print(f"widest half-interval: {number(known.max(), 3)}\n")


def _print_points(results: Results, names: list[str]) -> None:
    """Measures at each point, in as many tables as the terminal's width makes of them."""
    points = results.plan.points
    varied = list(dict.fromkeys(name for point in points for name in point))
    left = [[_level(point.get(name, "")) for name in varied] for point in points]
    taken = sum(2 + max(len(name), *(len(row[k]) for row in left)) for k, name in enumerate(varied))
    several = results.replicates > 1
    blocks: list[list[str]] = []
    room = 0
    for name in names:
        wide = 2 + max(len(name), _CELL if several else 6)
        if not blocks or wide > room:
            blocks.append([])
            room = out.width - taken
        blocks[-1].append(name)
        room -= wide
    for block in blocks:
        summaries = [results.summary(name) for name in block]
        rows = [
            [*row, *(number(s.mean[k], 3) + f" ± {number(s.half_width[k], 3)}" * several
                     for s in summaries)]
            for k, row in enumerate(left)
        ]  # fmt: skip
        out.print(table([(name, "right") for name in (*varied, *block)], rows))
        out.print()


def print_estimate(estimate: Estimate, workers: int, study: Study) -> None:
    """What a study will take."""
    each = f"{estimate.seconds_per_run:.2g} s"
    if estimate.most_seconds > 1.5 * estimate.least_seconds:
        each += f" ({estimate.least_seconds:.2g} to {estimate.most_seconds:.2g})"
    most = "at most " if study.replication else ""
    replicates = study.replication.most if study.replication else study.replicates
    per_point = estimate.runs / max(estimate.points, 1)
    shape = f"{estimate.points:,} points"
    if per_point == replicates:
        shape += f" × {replicates} replicates"
    err.print(f"runs:  {most}{estimate.runs:,} ({shape}), {study.periods} periods")
    seconds = estimate.runs * estimate.seconds_per_run / workers
    err.print(
        f"time:  {most}{duration(seconds)} on {workers} processes; a run takes {each} "
        f"({estimate.pilots} pilot runs)"
    )
    err.print(f"disk:  {most}about {size_of(estimate.runs * estimate.bytes_per_run)}")
    if estimate.doubles:
        err.print(
            f"note:  {estimate.doubles:,} lines of the design fell on points that it has already "
            "(few levels or whole numbers) and count once"
        )


def print_ended(ended: Ended, folder: Path) -> None:
    """How a session of a sweep ended, beyond that it did its work."""
    for path in ended.put_aside:
        err.print(f"note: {path.name}: bytes had changed; put aside in {path.parent}, run anew")
    if ended.deaths:
        err.print(f"note: workers died {ended.deaths} times; what they were doing was done again")
    if ended.failed:
        err.print(f"{ended.failed} runs failed; see: scored status {folder}")


def print_status(told: dict[str, Any]) -> None:
    """Progress, rate, time left and failures of a sweep."""
    wanted, finished = told["wanted"], told["finished"]
    done = f"{finished:,} of {wanted:,} runs finished ({finished / max(wanted, 1):.0%})"
    out.print(f"{told['title']}: {done}", markup=False)
    if told["others"]:
        out.print(f"and {told['others']:,} runs of an earlier form of the study, which are kept")
    if told["writing"]:
        for session in told["writing"]:
            part, of = session["part"]
            named = f"part {part} of {of}: " if of > 1 else ""
            rate = session["rate"]
            left = "–" if session["left"] is None else duration(session["left"])
            out.print(
                f"running: {named}process {session['process']} on {session['host']}, "
                f"{rate:.1f} runs/s, {left} left"
            )
    elif finished < wanted:
        out.print("not running; the same `scored sweep` command goes on with it")
    if told["damaged"]:
        out.print(f"{len(told['damaged'])} damaged files; go on with the sweep to have them redone")
    failures = told["failures"]
    if failures:
        rows = [
            [f"{f['point']}/{f['replicate']}", f["kind"], escape(f["error"]),
             escape(", ".join(f"{name}={_level(v)}" for name, v in f["parameters"].items()))]
            for f in failures[:_MOST_FAILURES]
        ]  # fmt: skip
        headers = [("run", "left"), ("", "left"), ("error", "left"), ("parameters", "left")]
        out.print(table(headers, rows, title=f"{len(failures):,} failed runs"))
        if len(failures) > _MOST_FAILURES:
            out.print(f"and {len(failures) - _MOST_FAILURES} more; all of them, by cause:")
            causes = Counter((failure["kind"], failure["error"]) for failure in failures)
            by_cause = [[f"{many:,}", kind, escape(error)]
                        for (kind, error), many in causes.most_common(_MOST_FAILURES)]  # fmt: skip
            out.print(table([("runs", "right"), ("", "left"), ("error", "left")], by_cause))
            if len(causes) > _MOST_FAILURES:
                out.print(f"and {len(causes) - _MOST_FAILURES} rarer causes")
        out.print(f"replay one with: scored replay {told['folder']} {rows[0][0]}")


def _level(level: object) -> str:
    return f"{level:g}" if isinstance(level, float) else str(level)
