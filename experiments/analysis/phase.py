"""Phase diagrams: a measure over two factors."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from experiments.analysis.dependence import clusters_of
from experiments.analysis.results import Grid, Groups, Interval, Results
from experiments.analysis.style import (
    BESIDE,
    SCALE,
    axis,
    lay_out,
    level,
    logs_of,
    name_words,
    title_of,
    unit_of,
)
from experiments.analysis.uncertainty import interval_of_mean
from experiments.study.designs import SAMPLING
from experiments.study.schema import FigureOfTwoFactors, Study

_MOST_CELLS = 10
"""Columns of a panel up to which a cell has room for its interval."""
_ACROSS = 3


def phase_diagrams(results: Results, study: Study, panels: FigureOfTwoFactors) -> go.Figure:
    """One heat map a measure over two factors; means over replicates and all other factors.

    Cells show the mean and half of its 95 % interval; hovering shows them too, and the runs that
    they rest on. Where a factor was drawn from a range, cells are parts of it, drawn as wide as
    they are; a part without a run is left blank.
    """
    names = panels.measures
    columns = min(len(names), _ACROSS)
    rows = -(-len(names) // columns)
    figure = make_subplots(
        cols=columns, rows=rows, subplot_titles=[title_of(name) for name in names],
        horizontal_spacing=0.2 if columns > 1 else None,
        vertical_spacing=0.2 if rows > 1 else None,
    )  # fmt: skip
    interval = _interval(results, study)
    logs = logs_of(study)
    most_words = 0
    for number, name in enumerate(names):
        row, column = number // columns + 1, number % columns + 1
        grid = results.grid(panels.x, panels.y, name, interval)
        panel = figure.get_subplot(row, column)
        low, high = panel.yaxis.domain
        figure.add_trace(
            go.Heatmap(
                x=_place(grid.x),
                y=_place(grid.y),
                z=grid.mean,
                text=_cells(grid),
                texttemplate="%{text}",
                textfont={"size": 11},
                customdata=np.dstack([grid.half_width, grid.runs]),
                colorscale=SCALE,
                zmin=0 if (grid.mean[grid.mean == grid.mean] >= 0).all() else None,
                colorbar={
                    "thickness": 12,
                    "len": 0.9 * (high - low),
                    "y": (low + high) / 2,
                    "outlinewidth": 0,
                    "x": panel.xaxis.domain[1] + 0.005,
                    "title": {"text": unit_of(name).replace(" per ", "<br>per ")},
                },
                hovertemplate=(
                    f"{panels.x} %{{x}}<br>{panels.y} %{{y}}<br>"
                    f"{name} %{{z:.3f}} ± %{{customdata[0]:.3f}}, %{{customdata[1]}} runs"
                    "<extra></extra>"
                ),
            ),
            row=row,
            col=column,
        )  # fmt: skip
        for update, factor, groups in (
            (figure.update_xaxes, panels.x, grid.x),
            (figure.update_yaxes, panels.y, grid.y),
        ):
            kind = "category" if groups.edges is None else "log" if factor in logs else "linear"
            update(title_text=axis(factor), type=kind, row=row, col=column)
        most_words = max(most_words, name_words(figure, grid.x.names, row, column, columns))
    what = "in each cell: mean and half of its 95 % interval"
    if any(groups.edges for groups in (grid.x, grid.y)):
        what += " over the runs of that part of the ranges"
    lay_out(
        figure, study, f"{results.runs:,} runs; {what}", height=200 + 360 * rows + most_words,
        varied=(panels.x, panels.y),
    )  # fmt: skip
    figure.update_layout(margin={"r": BESIDE})
    return figure


def _interval(results: Results, study: Study) -> Interval | None:
    """How sure a cell's mean is where points were drawn from ranges; None on a grid."""
    if not any(design.kind in SAMPLING for design in study.designs):
        return None
    clusters = clusters_of(results, study.designs)
    generator = np.random.default_rng(study.seed % 2**63)

    def interval(values: NDArray[np.float64], places: NDArray[np.int64]) -> tuple[float, float]:
        mean, low, high = interval_of_mean(
            values, clusters[places], generator, study.twins and values.shape[1] > 1, True
        )
        return mean, (high - low) / 2.0

    return interval


def _place(groups: Groups) -> list[Any]:
    """Where cells stand on an axis: by name, or from edge to edge."""
    return groups.edges or [level(name) for name in groups.names]


def _cells(grid: Grid) -> list[list[str]]:
    """What is written into the cells."""
    with_interval = len(grid.x.names) <= _MOST_CELLS
    return [
        [
            "" if mean != mean
            else f"{mean:.2f}<br><span style='font-size:9px'>±{_short(half)}</span>"
            if with_interval and half == half
            else f"{mean:.2f}"
            for mean, half in zip(means, halves, strict=True)
        ]
        for means, halves in zip(grid.mean, grid.half_width, strict=True)
    ]  # fmt: skip


def _short(half: float) -> str:
    """Half a width in as few characters as tell its size.

    >>> _short(0.012), _short(12.34), _short(0.0001)
    ('.012', '12.3', '0')
    """
    if half >= 1.0:
        return f"{half:.1f}"
    text = f"{half:.3f}".rstrip("0").removeprefix("0").rstrip(".")
    return text or "0"
