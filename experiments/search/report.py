"""A posterior as tables and figures."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from experiments.analysis.style import COLOURS, axis, lay_out, legend_above, translucent
from experiments.search.calibrate import Posterior
from experiments.search.optimise import Found
from experiments.show import number, out, table
from experiments.study.schema import Study
from experiments.sweep.shards import write_whole


def print_posterior(posterior: Posterior) -> None:
    """What was learnt, and whether the kept runs look like the targets."""
    rows = [
        [one.name, f"{number(one.prior_low, 3)} to {number(one.prior_high, 3)}",
         number(one.mean, 3), f"{number(one.low, 3)} to {number(one.high, 3)}",
         f"{max(one.contraction, 0.0):.0%}",
         f"{one.coverage:.0%}"]
        for one in posterior.parameters
    ]  # fmt: skip
    headers = [("parameter", "left"), ("prior, middle 95 %", "right"), ("posterior mean", "right"),
               ("middle 95 %", "right"), ("learnt", "right"), ("coverage", "right")]  # fmt: skip
    title = f"{len(posterior.samples):,} of {len(posterior.prior):,} runs kept"
    out.print(table(headers, rows, title))
    out.print(
        "learnt: share of the prior's variance that is gone. coverage: how often the 95 % "
        f"intervals hold the truth, tried on {posterior.tried} of these runs\n"
    )
    rows = [
        [one.measure, f"{number(one.target, 3)} ± {number(one.tolerance, 3)}", number(one.mean, 3),
         f"{number(one.low, 3)} to {number(one.high, 3)}",
         "" if one.low <= one.target <= one.high else "not reached"]
        for one in posterior.targets
    ]  # fmt: skip
    headers = [("measure", "left"), ("target", "right"), ("kept runs", "right"),
               ("middle 95 %", "right"), ("", "left")]  # fmt: skip
    out.print(table(headers, rows, "do the kept runs look like what is known?"))
    out.print()


def write_posterior(study: Study, posterior: Posterior, folder: Path) -> list[Path]:
    """``posterior.csv`` (weighted samples), ``parameters.csv``, ``targets.csv`` and a figure."""
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    folder.mkdir(exist_ok=True)
    samples = [
        [*row, weight]
        for row, weight in zip(posterior.samples.tolist(), posterior.weights.tolist(), strict=True)
    ]
    written = [
        _write_csv(folder / "posterior.csv", [*posterior.names, "weight"], samples),
        _write_csv(folder / "parameters.csv", list(posterior.parameters[0]._fields),
                   [list(one) for one in posterior.parameters]),
        _write_csv(folder / "targets.csv", list(posterior.targets[0]._fields),
                   [list(one) for one in posterior.targets]),
    ]  # fmt: skip
    figure = make_subplots(cols=len(posterior.names), shared_yaxes=True, horizontal_spacing=0.03)
    for column, one in enumerate(posterior.parameters, start=1):
        k = column - 1
        low, high = posterior.prior[:, k].min(), posterior.prior[:, k].max()
        bins = {"start": low, "end": high, "size": (high - low) / 25}
        for name, values, weights, colour in (
            ("before (prior)", posterior.prior[:, k], None, "#999999"),
            ("after (posterior)", posterior.samples[:, k], posterior.weights, COLOURS[0]),
        ):
            figure.add_trace(
                go.Histogram(
                    x=values, y=weights, histfunc="sum" if weights is not None else "count",
                    histnorm="probability", xbins=bins, name=name, legendgroup=name,
                    showlegend=column == 1, marker={"color": translucent(colour, 0.55)},
                ),
                row=1, col=column,
            )  # fmt: skip
        figure.add_vrect(
            x0=one.low, x1=one.high, fillcolor=translucent(COLOURS[0], 0.12), line_width=0,
            row=1, col=column,
        )  # fmt: skip
        figure.update_xaxes(title_text=axis(one.name), row=1, col=column)
    figure.update_yaxes(title_text="share", row=1, col=1)
    figure.update_layout(barmode="overlay")
    lay_out(
        figure, study, f"{len(posterior.samples):,} of {len(posterior.prior):,} runs kept; shaded: "
        "middle 95 % of the posterior",
        f"Which parameters look like what is known? {study.title}",
    )  # fmt: skip
    figure.update_layout(legend=legend_above(figure))
    html = figure.to_html(include_plotlyjs=True, full_html=True, div_id="posterior")
    write_whole(folder / "posterior.html", html.encode())
    return [*written, folder / "posterior.html"]


def write_trials(found: Found, folder: Path) -> Path:
    """``trials.csv``: every point that was tried, what came of it, and what was made small."""
    folder.mkdir(exist_ok=True)
    points = list(dict.fromkeys(name for trial in found.trials for name in trial.point))
    measures = list(dict.fromkeys(name for trial in found.trials for name in trial.means))
    rows: list[list[object]] = [
        [trial.number, *(trial.point.get(name) for name in points),
         *(trial.means.get(name) for name in measures), trial.value]
        for trial in found.trials
    ]  # fmt: skip
    return _write_csv(folder / "trials.csv", ["trial", *points, *measures, "objective"], rows)


def _write_csv(path: Path, header: list[str], rows: list[list[object]]) -> Path:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    write_whole(path, text.getvalue().encode())
    return path
