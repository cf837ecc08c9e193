"""``scored sweep``: a study, in as many sessions and processes as it takes."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments import interrupts
from experiments.commands import changes_of, compile_engine, ready
from experiments.options import (
    Json,
    NetworkFile,
    Overwrite,
    Seed,
    Settings,
    Workers,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from experiments.show import Steps
    from experiments.sweep.coordinator import Coordinator
    from experiments.sweep.pilot import Estimate
    from experiments.sweep.running import Result
    from experiments.sweep.session import Ended
    from experiments.sweep.store import Store
    from experiments.sweep.sweep import Sweep

_MOST_LOOKED_AT = 300
_FAILED = 1
"""Exit status if some runs failed; all others are there."""


class ExecutorName(StrEnum):
    """Who runs."""

    processes = "processes"
    dask = "dask"


def sweep(
    study: Annotated[str, typer.Argument(help="A study's name or a .toml file.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where the results go; if the same "
                                  "sweep is there, it goes on.")
    ] = None,
    network: NetworkFile = None,
    replicates: Annotated[
        int | None, typer.Option(min=1, help="In place of the study's number.")
    ] = None,
    periods: Annotated[
        int | None, typer.Option(min=1, help="In place of the study's number.")
    ] = None,
    seed: Seed = None,
    settings: Settings = None,
    workers: Workers = None,
    executor: Annotated[
        ExecutorName, typer.Option(help="Processes here, or a Dask cluster.")
    ] = ExecutorName.processes,
    address: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="Of the Dask scheduler; by default "
                                 "a cluster is started here.")
    ] = None,
    shard: Annotated[
        str | None, typer.Option(metavar="i/n", help="Only every n-th run, from the i-th on: for "
                                 "an array job without a coordinator.")
    ] = None,
    run_timeout: Annotated[
        float | None, typer.Option("--run-timeout", min=0.1, metavar="SECONDS",
                                   help="A run that takes longer has failed.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check, estimate time and disk, and stop.")
    ] = False,
    overwrite: Overwrite = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Run every point of a study on all cores; Parquet and an interactive figure come out.

    Whatever interrupts it, the same command goes on with it. A study with more points or
    replicates extends what is there. Exit status 1: some runs failed, see [b]scored status[/b].

    Example: [b]scored sweep association_and_conformity --out runs/first[/b]
    """
    from experiments import show
    from experiments.study import load_study
    from experiments.sweep.pilot import estimate, pilot
    from experiments.sweep.processes import warm_up
    from experiments.sweep.report import print_estimate
    from experiments.sweep.sweep import Sweep
    from model.errors import InputError
    from model.threads import available_cores

    ready()
    if out is None and not dry_run:
        raise InputError("--out DIR is missing: where shall the results go?")
    if address is not None and executor is not ExecutorName.dask:
        raise InputError("--address is for --executor dask")
    part = part_of(shard)
    named = {"replicates": replicates, "periods": periods, "seed": seed}
    loaded, path = load_study(study, named, changes_of(settings, network))
    planned = Sweep(loaded, path.parent, str(network.resolve()) if network else "")
    if not planned.plan.points:
        raise InputError(f"{study} has no design but a search: use scored optimise {study}")
    compile_for(planned, as_json)  # here once, so that workers only load it

    def tell(told: Estimate) -> None:
        if not as_json:
            print_estimate(told, workers or available_cores(), loaded)

    if dry_run or out is None:
        results = pilot(planned)
        if all(result.output is None for result in results):
            first = results[0]
            raise InputError(f"the first runs all failed, of which one:\n{first.trace}")
        tell(told := estimate(planned, results))
        if as_json:
            show.print_json({"dry_run": True, **told._asdict()})
        return
    store = planned.store(out, overwrite)
    if executor is ExecutorName.processes:
        warm_up(planned.configuration.preload)
    ready_made = _executor(executor, address, workers)
    ended, status = run_session(planned, store, ready_made, part, run_timeout, tell, as_json)
    _report(planned, store, ended, as_json)
    if status or ended.failed:
        raise typer.Exit(status or _FAILED)


def run_session(
    planned: Sweep, store: Store, executor: Any, part: tuple[int, int], timeout: float | None,
    on_estimate: Callable[[Estimate], None] | None, quiet: bool,
) -> tuple[Ended, int]:  # fmt: skip
    """A session, with its progress; returns how it ended, and the status if it was interrupted."""
    from experiments import show

    running: list[Coordinator] = []
    with (
        executor as ready_executor,
        show.progress(1, "runs", quiet) as step,
        interrupts.gracefully(running) as asked,
    ):
        try:
            ended = planned.run(
                store, ready_executor, part, timeout, stepping(step), step.aim, running.append,
                on_estimate,
            )  # fmt: skip
        except KeyboardInterrupt:
            interrupts.end()
            interrupts.say(kept(store))
            raise typer.Exit(asked.status or interrupts.INTERRUPTED) from None
    if ended.stopped:
        interrupts.end()
        interrupts.say(kept(store))
    return ended, asked.status if ended.stopped else 0


def stepping(step: Steps) -> Any:
    """What to call for each result, to advance a bar by those that succeeded."""

    def on_result(result: Result) -> None:
        if result.output is not None:
            step()

    return on_result


def kept(store: Store) -> str:
    """What an interrupted session leaves."""
    return f"{store.count():,} finished runs are kept; the same command goes on"


def _executor(name: ExecutorName, address: str | None, workers: int | None) -> Any:
    """A context that gives an executor, or the number of local processes."""
    from contextlib import nullcontext

    if name is ExecutorName.processes:
        return nullcontext(workers)
    from experiments.sweep.dask import dask_executor

    return dask_executor(address, workers)


def _report(planned: Sweep, store: Store, ended: Ended, as_json: bool) -> None:
    from experiments import show
    from experiments.analysis.results import Results
    from experiments.sweep.report import print_ended, print_sweep

    finished = not len(planned.missing(store))
    if finished and planned.study.figure:
        draw(planned, store)
    if as_json:
        show.print_json({
            "out": str(store.folder), "wanted": ended.wanted, "finished_before": ended.before,
            "finished": ended.finished, "failed": ended.failed, "stopped": ended.stopped,
            "complete": finished, "study": planned.study.model_dump(mode="json", by_alias=True),
        })  # fmt: skip
        return
    print_ended(ended, store.folder)
    if finished:
        columns = store.table().to_pydict()
        results = Results.of(planned.study, columns, planned.folder)
        print_sweep(results, planned.study, store.folder)
    elif not ended.stopped and not ended.failed:
        show.out.print(
            f"this part is finished: {ended.wanted:,} runs; {store.count():,} of "
            f"{len(planned.runs()):,} in all"
        )


def draw(planned: Sweep, store: Store) -> None:
    """The study's figure, drawn from the table alone."""
    from experiments.analysis.phase import phase_diagrams
    from experiments.analysis.results import Results
    from experiments.analysis.style import page
    from experiments.sweep.shards import write_whole

    assert planned.study.figure is not None  # noqa: S101  (the caller looks)
    results = Results.of(planned.study, store.table().to_pydict(), planned.folder)
    figure = phase_diagrams(results, planned.study, planned.study.figure)
    write_whole(store.folder / "figure.html", page(figure, "figure"))


def part_of(shard: str | None) -> tuple[int, int]:
    """``"2/8"`` as (2, 8).

    Raises:
        InputError: if it isn't a part.
    """
    from model.errors import InputError

    if shard is None:
        return 1, 1
    number, slash, of = shard.partition("/")
    if not (slash and number.isdigit() and of.isdigit() and 1 <= int(number) <= int(of)):
        raise InputError(f"--shard {shard}: write i/n with 1 ≤ i ≤ n, for example 1/8")
    return int(number), int(of)


def compile_for(planned: Sweep, quiet: bool) -> None:
    """Have every engine ready that the study's points need."""
    from model.world import World

    seen = set()
    every = max(len(planned.plan.points) // _MOST_LOOKED_AT, 1)
    for point in planned.plan.points[::every] or [{}]:
        scenario = planned.study.at(point, planned.folder, planned.bases)
        kind = (bool(scenario.mechanisms()), scenario.citizens.expression_rule,
                scenario.chance.schedule)  # fmt: skip
        if kind not in seen:
            seen.add(kind)
            small = scenario.replace(network_file="", generator="complete", citizens=12)
            compile_engine(World(small, threads=1), quiet)
