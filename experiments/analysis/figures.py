"""Figures of an analysis: indices, curves, and how many replicates are enough."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from experiments.analysis.dependence import Curve
from experiments.analysis.sensitivity import DUMMY, LUCK, Index
from experiments.analysis.stability import Stability
from experiments.analysis.style import (
    COLOURS,
    DASHES,
    SYMBOLS,
    axis,
    lay_out,
    legend_above,
    level,
    name_words,
    title_of,
    translucent,
    unit_of,
)
from experiments.study.schema import Study
from experiments.sweep.replication import Saved

_KINDS = {
    "first": "first order: by itself",
    "total": "total: with all interactions",
    "mu_star": "μ*: mean absolute effect",
    "sigma": "σ: interactions and curvature",
    "pawn": "PAWN: shift of the distribution",
}
_ACROSS = 3
_FACTORS_ACROSS = 4
_NAMES = {LUCK: "luck (the seed)", DUMMY: "nothing (what chance gives)"}


def index_figure(study: Study, indices: dict[str, list[Index]]) -> go.Figure:
    """A panel a measure: each factor's indices with their intervals, the largest on top."""
    measures = list(indices)
    titles = [
        f"{name}: {title_of(name)}".replace("_", " ").replace("<br>", " ") for name in measures
    ]
    figure = make_subplots(
        rows=len(measures), subplot_titles=titles,
        vertical_spacing=0.34 / max(len(measures), 2),
    )  # fmt: skip
    factors = 1
    for row, measure in enumerate(measures, start=1):
        grouped = groupby(indices[measure], key=lambda index: index.kind)
        kinds = {kind: list(group) for kind, group in grouped}
        leading = next(iter(kinds.values())) if len(kinds) == 1 else kinds[list(kinds)[-1]]
        by_size = sorted(leading, key=lambda index: np.nan_to_num(index.value))
        order = [index.factor for index in by_size]
        factors = max(factors, len(order))
        for k, (kind, group) in enumerate(kinds.items()):
            ranked = sorted(group, key=lambda index: order.index(index.factor))
            figure.add_trace(
                go.Scatter(
                    x=[index.value for index in ranked],
                    y=[order.index(index.factor) + 0.16 * (k - (len(kinds) - 1) / 2)
                       for index in ranked],
                    error_x={
                        "type": "data", "symmetric": False, "thickness": 1.5,
                        "array": [index.high - index.value for index in ranked],
                        "arrayminus": [index.value - index.low for index in ranked],
                    },
                    mode="markers", name=_KINDS[kind], legendgroup=kind, showlegend=row == 1,
                    marker={"color": COLOURS[k], "symbol": SYMBOLS[k], "size": 9},
                    customdata=[[index.low, index.high] for index in ranked],
                    text=[index.factor for index in ranked],
                    hovertemplate=f"%{{text}}, {kind}: %{{x:.3f}} [%{{customdata[0]:.3f}}, "
                                  "%{customdata[1]:.3f}]<extra></extra>",
                ),
                row=row, col=1,
            )  # fmt: skip
        figure.update_yaxes(
            tickvals=list(range(len(order))),
            ticktext=[_NAMES.get(name, name.replace("_", " ")) for name in order],
            range=[-0.6, len(order) - 0.4], row=row, col=1,
        )  # fmt: skip
        figure.add_vline(x=0.0, line={"color": "#888", "width": 1}, row=row, col=1)
        unit = unit_of(measure) if "mu_star" in kinds else "0 to 1"
        named = "index" if "mu_star" not in kinds else "effect of the whole range"
        figure.update_xaxes(title_text=f"{named} ({unit})" if unit else named, row=row, col=1)
    figure.update_traces(showlegend=True, selector={"showlegend": True})
    lay_out(
        figure, study, "bars: 95 % intervals", f"Which factors decide? {study.title}",
        height=210 + len(measures) * (110 + 46 * factors), varied=tuple(study.factors),
    )  # fmt: skip
    legend_above(figure)
    figure.update_layout(margin={"l": 190})
    return figure


def dependence_figure(study: Study, curves: list[Curve], logs: set[str]) -> go.Figure:
    """A block of panels a measure, one for each factor: mean over all else, with its interval.

    Args:
        study: what was asked.
        curves: what was found.
        logs: factors that are spread in the logarithm.
    """
    measures = list(dict.fromkeys(curve.measure for curve in curves))
    factors = list(dict.fromkeys(curve.factor for curve in curves))
    columns = min(len(factors), _FACTORS_ACROSS)
    lines = -(-len(factors) // columns)
    rows = lines * len(measures)
    # labels of words need room below their panels
    words = max((max(len(str(value)) for value in curve.x) for curve in curves
                 if isinstance(curve.x[0], str)), default=0)  # fmt: skip
    gap, panel = 80 + 5 * words, 150
    inner = rows * panel + (rows - 1) * gap
    figure = make_subplots(
        rows=rows, cols=columns, horizontal_spacing=0.05,
        vertical_spacing=gap / inner if rows > 1 else None,
    )  # fmt: skip
    for curve in curves:
        of, number = measures.index(curve.measure), factors.index(curve.factor)
        row, column = of * lines + number // columns + 1, number % columns + 1
        colour = COLOURS[of % len(COLOURS)]
        words = isinstance(curve.x[0], str)
        x = [level(value) for value in curve.x] if words else curve.x
        known = curve.low == curve.low
        if not words and known.any():
            figure.add_trace(
                go.Scatter(
                    x=[*x, *x[::-1]], y=[*curve.high, *curve.low[::-1]], fill="toself",
                    fillcolor=translucent(colour, 0.2), line={"width": 0}, hoverinfo="skip",
                    showlegend=False, mode="lines",
                ),
                row=row, col=column,
            )  # fmt: skip
        figure.add_trace(
            go.Scatter(
                x=x, y=curve.mean, mode="markers" if words else "lines+markers",
                line={"color": colour}, marker={"color": colour, "size": 6}, showlegend=False,
                error_y={"type": "data", "symmetric": False, "array": curve.high - curve.mean,
                         "arrayminus": curve.mean - curve.low, "visible": words},
                customdata=np.column_stack([curve.low, curve.high]),
                hovertemplate="%{x}: %{y:.3f} [%{customdata[0]:.3f}, %{customdata[1]:.3f}]"
                              "<extra></extra>",
            ),
            row=row, col=column,
        )  # fmt: skip
        figure.update_xaxes(
            title_text=axis(curve.factor), type="log" if curve.factor in logs else None,
            row=row, col=column,
        )  # fmt: skip
        name_words(figure, curve.x, row, column, columns)
        if column == 1:
            unit = unit_of(curve.measure)
            named = curve.measure.replace("_", " ") + (f"<br>({unit})" if unit else "")
            figure.update_yaxes(title_text=named, row=row, col=column)
    lay_out(
        figure, study, "bands and bars: 95 % intervals of the mean over all else that varies",
        f"How does it depend on each factor? {study.title}", height=200 + inner + 5 * words,
        varied=tuple(factors),
    )  # fmt: skip
    return figure


def stability_figure(study: Study, found: list[Stability]) -> go.Figure:
    """A panel a measure: the interval's half width by the number of replicates, both in powers."""
    columns = min(len(found), _ACROSS)
    rows = -(-len(found) // columns)
    figure = make_subplots(
        cols=columns, rows=rows, subplot_titles=[one.measure.replace("_", " ") for one in found],
        horizontal_spacing=0.09, vertical_spacing=0.32 / max(rows, 2),
    )  # fmt: skip
    for k, one in enumerate(found):
        row, column = k // columns + 1, k % columns + 1
        asked = np.full(len(one.replicates), one.asked)
        lines = (("median point", one.median), ("point with the widest", one.widest),
                 ("a tenth of the spread between points", asked))  # fmt: skip
        for m, (name, values) in enumerate(lines):
            figure.add_trace(
                go.Scatter(
                    x=one.replicates, y=np.where(values > 0.0, values, np.nan), name=name,
                    mode="lines+markers" if m < 2 else "lines", legendgroup=name,
                    showlegend=k == 0, marker={"size": 5, "symbol": SYMBOLS[m]},
                    line={"color": COLOURS[m] if m < 2 else "#555", "dash": DASHES[m]},
                    hovertemplate=f"{name}, %{{x}} replicates: %{{y:.4g}}<extra></extra>",
                ),
                row=row, col=column,
            )  # fmt: skip
        unit = unit_of(one.measure)
        figure.update_xaxes(
            type="log", tickvals=_ticks(int(one.replicates[-1])), title_text="replicates",
            row=row, col=column,
        )  # fmt: skip
        figure.update_yaxes(
            type="log", dtick=1, title_text=f"half width ({unit})" if unit else "half width",
            row=row, col=column,
        )  # fmt: skip
    lay_out(
        figure, study, "half of the 95 % interval with the first n replicates; it falls with √n",
        f"How many replicates are enough? {study.title}", height=200 + 280 * rows,
    )  # fmt: skip
    legend_above(figure)
    return figure


def _ticks(last: int) -> list[int]:
    """Numbers of replicates that stand on a logarithmic axis.

    >>> _ticks(6), _ticks(120)
    ([2, 3, 4, 5, 6], [2, 5, 10, 20, 50, 100])
    """
    if last <= 9:
        return list(range(2, last + 1))
    steps = [m * 10**k for k in range(len(str(last))) for m in (1, 2, 5)]
    return [step for step in steps if 2 <= step <= last]


def twin_figure(study: Study, saved: list[Saved]) -> go.Figure:
    """What common random numbers save of the variance of differences, a row a measure."""
    known = [one for one in saved if one.share == one.share][::-1]
    figure = go.Figure(
        go.Scatter(
            x=[one.share for one in known], y=[one.measure.replace("_", " ") for one in known],
            mode="markers", marker={"color": COLOURS[0], "size": 9},
            error_x={
                "type": "data", "symmetric": False,
                "array": [one.high - one.share for one in known],
                "arrayminus": [one.share - one.low for one in known],
            },
            hovertemplate="%{y}: %{x:.0%}<extra></extra>",
        )
    )  # fmt: skip
    figure.add_vline(x=0.0, line={"color": "#888", "width": 1})
    figure.update_xaxes(title_text="share of the variance that is saved", tickformat=".0%")
    lay_out(
        figure, study, "against independent seeds; bars: 95 % intervals",
        f"What do twin worlds save, compared with independent ones? {study.title}",
        height=240 + 50 * len(known),
    )  # fmt: skip
    figure.update_layout(margin={"l": 190})
    return figure
