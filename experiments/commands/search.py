"""``scored optimise`` and ``scored calibrate``: looking for parameters."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments import interrupts
from experiments.commands import changes_of, ready
from experiments.commands.sweep import compile_for, kept, run_session, stepping
from experiments.options import Json, NetworkFile, Overwrite, Seed, Settings, Workers

if TYPE_CHECKING:
    from experiments.search.calibrate import Posterior
    from experiments.search.optimise import Found
    from experiments.sweep.coordinator import Coordinator
    from experiments.sweep.store import Store
    from experiments.sweep.sweep import Sweep

StudyName = Annotated[str, typer.Argument(help="A study's name or a .toml file.")]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the runs go; if the same "
                                   "search is there, it goes on.")]  # fmt: skip
RunTimeout = Annotated[
    float | None, typer.Option("--run-timeout", min=0.1, metavar="SECONDS",
                               help="A run that takes longer has failed.")
]  # fmt: skip


def optimise(
    study: StudyName,
    out: Out,
    network: NetworkFile = None,
    trials: Annotated[
        int | None, typer.Option(min=1, help="In place of the study's number.")
    ] = None,
    seed: Seed = None,
    settings: Settings = None,
    workers: Workers = None,
    run_timeout: RunTimeout = None,
    overwrite: Overwrite = False,
    as_json: Json = False,
) -> None:
    """Find parameters that make a measure largest or smallest, or bring measures to targets.

    The study file's table [b]search[/b] says what is wanted. The factors' ranges are searched by a
    tree-structured Parzen estimator (Optuna); the best point is confirmed on fresh runs.

    Example: [b]scored optimise least_dissent --out runs/least[/b]
    """
    from experiments import show
    from experiments.search.optimise import optimise as search_for
    from experiments.search.report import write_search
    from model.errors import InputError

    planned, store = _prepare(study, out, network, {"seed": seed}, settings, overwrite, as_json)
    search = planned.study.search
    if search is None:
        raise InputError(f"{study}: a table [search] is missing: what shall be found?")
    if trials is not None:
        changed = search.model_copy(update={"trials": trials})
        planned.study = planned.study.model_copy(update={"search": changed})
    running: list[Coordinator] = []
    with (
        show.progress(1, "runs", as_json) as step,
        interrupts.gracefully(running) as asked,
    ):
        try:
            found = search_for(
                planned, store, workers, run_timeout, stepping(step), step.aim, running.append
            )
        except KeyboardInterrupt:
            interrupts.end()
            interrupts.say(kept(store))
            raise typer.Exit(asked.status or interrupts.INTERRUPTED) from None
    if found.stopped:
        interrupts.end()
        interrupts.say(kept(store))
        raise typer.Exit(asked.status)
    written = write_search(planned.study, found, out / "search")
    failed = len(store.failures())
    if failed and not as_json:
        show.err.print(f"{failed} runs failed; see: scored status {out}")
    if as_json:
        show.print_json({
            "trials": len(found.trials), "best": found.best._asdict() if found.best else None,
            "confirmed": [one._asdict() for one in found.confirmed], "out": str(out),
        })  # fmt: skip
        return
    _print_found(found, store)
    show.out.print(f"written to {out / 'search'}: " + ", ".join(path.name for path in written))


def calibrate(
    study: StudyName,
    out: Out,
    network: NetworkFile = None,
    seed: Seed = None,
    settings: Settings = None,
    workers: Workers = None,
    run_timeout: RunTimeout = None,
    overwrite: Overwrite = False,
    as_json: Json = False,
) -> None:
    """Fit parameters to what is known: approximate Bayesian computation.

    Runs are drawn from the study's ranges by its design; the table [b]calibration[/b] says which
    measures are known and how well. The posterior and a figure go to DIR/calibration.

    Example: [b]scored calibrate plausible --out runs/plausible[/b]
    """
    from experiments import show
    from experiments.analysis.results import Results
    from experiments.search.calibrate import calibrate as fit
    from experiments.search.report import print_posterior, write_posterior
    from experiments.sweep.report import print_ended
    from model.errors import InputError

    planned, store = _prepare(study, out, network, {"seed": seed}, settings, overwrite, as_json)
    wanted = planned.study.calibration
    if wanted is None:
        raise InputError(f"{study}: a table [calibration] is missing: what is known?")
    ended, status = run_session(
        planned, store, nullcontext(workers), (1, 1), run_timeout, None, as_json
    )
    if ended.stopped:
        raise typer.Exit(status)
    print_ended(ended, store.folder)
    results = Results.of(planned.study, store.table().to_pydict(), planned.folder)
    posterior: Posterior = fit(results, planned.study.levels(), wanted, planned.study.seed % 2**63)
    written = write_posterior(planned.study, posterior, out / "calibration")
    if as_json:
        show.print_json({
            "runs": len(posterior.prior), "kept": len(posterior.samples),
            "distance": posterior.distance, "out": str(out),
            "parameters": [one._asdict() for one in posterior.parameters],
            "targets": [one._asdict() for one in posterior.targets],
        })  # fmt: skip
        return
    print_posterior(posterior)
    show.out.print(f"written to {out / 'calibration'}: " + ", ".join(p.name for p in written))


def _prepare(
    study: str, out: Path, network: Path | None, named: dict[str, Any],
    settings: list[str] | None, overwrite: bool, quiet: bool,
) -> tuple[Sweep, Store]:  # fmt: skip
    from experiments.study import load_study
    from experiments.sweep.sweep import Sweep

    ready()
    loaded, path = load_study(study, named, changes_of(settings, network))
    planned = Sweep(loaded, path.parent, str(network.resolve()) if network else "")
    store = planned.store(out, overwrite)
    compile_for(planned, quiet)
    return planned, store


def _print_found(found: Found, store: Store) -> None:
    from experiments.show import number, out, table

    if found.best is None:
        out.print("no trial gave a value; see: scored status " + str(store.folder))
        raise typer.Exit(1)
    rows = [
        [name, value if isinstance(value, str) else number(float(value), 4)]
        for name, value in found.best.point.items()
    ]
    title = f"the best of {len(found.trials):,} points (number {found.best.number})"
    out.print(table([("parameter", "left"), ("value", "right")], rows, title))
    out.print()
    rows = [
        [one.measure, number(one.searched, 4),
         f"{number(one.mean, 4)} ± {number(one.half_width, 4)}"]
        for one in found.confirmed
    ]  # fmt: skip
    headers = [("measure", "left"), ("in the search", "right"), ("on fresh runs, 95 %", "right")]
    out.print(table(headers, rows))
    out.print(
        "\nthe best of many is better in the search than it will be again: use the right column"
    )
