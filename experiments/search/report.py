"""What a search or a calibration found, as tables and figures."""

from __future__ import annotations

import math
from itertools import accumulate
from pathlib import Path

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from experiments.analysis.style import (
    BESIDE,
    COLOURS,
    SCALE,
    axis,
    lay_out,
    legend_above,
    level,
    logs_of,
    name_words,
    page,
    translucent,
)
from experiments.analysis.writing import write_csv
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
    folder.mkdir(exist_ok=True)
    samples = [
        {**dict(zip(posterior.names, row, strict=True)), "weight": weight}
        for row, weight in zip(posterior.samples.tolist(), posterior.weights.tolist(), strict=True)
    ]
    written = [
        write_csv(folder / "posterior.csv", samples),
        write_csv(folder / "parameters.csv", [one._asdict() for one in posterior.parameters]),
        write_csv(folder / "targets.csv", [one._asdict() for one in posterior.targets]),
    ]
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
    legend_above(figure)
    write_whole(folder / "posterior.html", page(figure, "posterior"))
    return [*written, folder / "posterior.html"]


def write_search(study: Study, found: Found, folder: Path) -> list[Path]:
    """``trials.csv``, with every point that was tried, and a figure of the search."""
    folder.mkdir(exist_ok=True)
    rows = [
        {"trial": trial.number, **trial.point, **trial.means, "objective": trial.value}
        for trial in found.trials
    ]
    written = [write_csv(folder / "trials.csv", rows)]
    if any(math.isfinite(trial.value) for trial in found.trials):
        write_whole(folder / "search.html", page(search_figure(study, found), "search"))
        written.append(folder / "search.html")
    return written


def search_figure(study: Study, found: Found) -> go.Figure:
    """The course of a search, and where in each factor's range good points lie."""
    search = study.search
    assert search is not None  # noqa: S101  (there was a search)
    trials = [trial for trial in found.trials if math.isfinite(trial.value)]
    sign = -1.0 if search.maximise else 1.0
    values = [sign * trial.value for trial in trials]
    sought = search.maximise or search.minimise or "distance from the target"
    factors = list(study.factors)
    figure = make_subplots(cols=1 + len(factors), shared_yaxes=True, horizontal_spacing=0.02)
    numbers = [trial.number for trial in trials]
    best = list(accumulate(values, max if search.maximise else min))
    figure.add_trace(
        go.Scatter(
            x=numbers, y=best, mode="lines", line={"color": COLOURS[1], "shape": "hv"},
            name="best so far", hovertemplate="after %{x}: %{y:.4g}<extra></extra>",
        ),
        row=1, col=1,
    )  # fmt: skip
    for column, factor in enumerate(("", *factors), start=1):
        raw = [trial.point[factor] for trial in trials] if factor else numbers
        words = any(isinstance(value, str) for value in raw)
        figure.add_trace(
            go.Scatter(
                x=[str(value) for value in raw] if words else raw, y=values, mode="markers",
                name="a point", legendgroup="point", showlegend=column == 1,
                marker={"size": 6, "color": numbers, "colorscale": SCALE, "opacity": 0.75,
                        "showscale": column == 1 + len(factors),
                        "colorbar": {"title": {"text": "trial"}, "thickness": 12}},
                text=[" ".join(f"{k} {level(v)}" for k, v in trial.point.items())
                      for trial in trials],
                hovertemplate="%{text}: %{y:.4g}<extra></extra>",
            ),
            row=1, col=column,
        )  # fmt: skip
        if found.best is not None:
            at = found.best.point[factor] if factor else found.best.number
            figure.add_trace(
                go.Scatter(
                    x=[str(at) if words else at], y=[sign * found.best.value], mode="markers",
                    name="the best", legendgroup="best", showlegend=column == 1,
                    marker={"size": 13, "color": COLOURS[1], "symbol": "star"},
                    hovertemplate="the best: %{y:.4g}<extra></extra>",
                ),
                row=1, col=column,
            )  # fmt: skip
        figure.update_xaxes(
            title_text=axis(factor) if factor else "trial",
            type="log" if factor in logs_of(study) else None, row=1, col=column,
        )  # fmt: skip
        name_words(figure, list(dict.fromkeys(raw)), 1, column, 1 + len(factors))
    figure.update_yaxes(title_text=axis(sought), row=1, col=1)
    lay_out(
        figure, study, f"each point: mean of {search.replicates} runs; the best of many is better "
        "here than on fresh runs",
        f"Where does the search lead? {study.title}", height=560, varied=tuple(factors),
    )  # fmt: skip
    legend_above(figure)
    figure.update_layout(margin={"r": BESIDE})
    return figure
