"""Measures along the way: how they develop, by the level of a factor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from experiments.analysis.dependence import Curve, clusters_of, dependence
from experiments.analysis.results import Results
from experiments.analysis.style import (
    COLOURS,
    DASHES,
    axis,
    lay_out,
    legend_above,
    level,
    translucent,
    unit_of,
)
from experiments.study.designs import SAMPLING
from experiments.study.schema import Study

_MOST_MOMENTS = 60
_MOST_LINES = len(COLOURS)


def courses(
    study: Study, columns: Mapping[str, Any], folder: Path | None, factor: str, measure: str
) -> tuple[list[int], list[Curve]]:
    """A measure over time, for each level of a factor (or part of its range).

    Args:
        study: what was asked.
        columns: of the table of series, as arrays.
        folder: where the study file lies.
        factor: that tells lines apart.
        measure: of what.

    Returns:
        the periods, at most 60 of them, and the curve of the measure along the factor in each.
    """
    period = np.asarray(columns["period"])
    known = np.unique(period)
    some = np.unique(np.linspace(0, len(known) - 1, min(len(known), _MOST_MOMENTS)).round())
    periods = known[some.astype(int)]
    sampled = any(design.kind in SAMPLING for design in study.designs)
    curves: list[Curve] = []
    for moment in periods:
        rows = np.flatnonzero(period == moment)
        then = {name: np.asarray(values)[rows] for name, values in columns.items()}
        results = Results.of(study, then, folder)
        clusters = clusters_of(results, study.designs)
        curves.append(dependence(
            results, factor, measure, study.seed % 2**63, clusters,
            study.twins and results.replicates > 1, sampled,
        ))  # fmt: skip
    return [int(moment) for moment in periods], curves


def series_figure(
    study: Study, columns: Mapping[str, Any], folder: Path | None, factor: str,
    measures: Sequence[str],
) -> go.Figure:  # fmt: skip
    """A panel a measure: its mean over time with a band, a line for each level of a factor."""
    figure = make_subplots(
        cols=len(measures), horizontal_spacing=0.25 / len(measures) if len(measures) > 1 else None,
        subplot_titles=[name.replace("_", " ") for name in measures],
    )  # fmt: skip
    for column, measure in enumerate(measures, start=1):
        periods, curves = courses(study, columns, folder, factor, measure)
        levels = curves[0].x
        shown = _spread(len(levels))
        for rank, k in enumerate(shown):
            colour = COLOURS[rank]
            mean = [curve.mean[k] for curve in curves]
            low = [curve.low[k] for curve in curves]
            high = [curve.high[k] for curve in curves]
            name = level(levels[k]).replace("_", " ")
            if np.isfinite(low).any():
                figure.add_trace(
                    go.Scatter(
                        x=[*periods, *periods[::-1]], y=[*high, *low[::-1]], fill="toself",
                        fillcolor=translucent(colour, 0.15), line={"width": 0}, mode="lines",
                        hoverinfo="skip", showlegend=False, legendgroup=name,
                    ),
                    row=1, col=column,
                )  # fmt: skip
            figure.add_trace(
                go.Scatter(
                    x=periods, y=mean, name=name, legendgroup=name, showlegend=column == 1,
                    mode="lines", line={"color": colour, "dash": DASHES[rank % len(DASHES)]},
                    hovertemplate=f"{name}, period %{{x}}: %{{y:.3f}}<extra></extra>",
                ),
                row=1, col=column,
            )  # fmt: skip
        figure.update_xaxes(title_text="period", row=1, col=column)
        figure.update_yaxes(title_text=unit_of(measure), row=1, col=column)
    others = "; means over all else" if len(study.factors) > 1 else ""
    lay_out(
        figure, study, f"bands: 95 % intervals{others}", f"How does it develop? {study.title}",
        height=520, varied=(factor,), along=True,
    )  # fmt: skip
    legend_above(figure, axis(factor))
    return figure


def _spread(many: int) -> list[int]:
    """At most as many of the levels as there are colours, from end to end.

    >>> _spread(3), _spread(10)
    ([0, 1, 2], [0, 2, 3, 4, 6, 8, 9])
    """
    if many <= _MOST_LINES:
        return list(range(many))
    return sorted({round(k) for k in np.linspace(0, many - 1, _MOST_LINES)})
