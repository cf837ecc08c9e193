"""Phase diagrams: a measure over two factors."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from experiments.analysis.results import Grid, Results
from experiments.analysis.style import SCALE, axis, lay_out, level, title_of, unit_of
from experiments.study.schema import FigureOfTwoFactors, Study

_MOST_CELLS = 10
"""Columns of a panel up to which a cell has room for its interval."""


def phase_diagrams(results: Results, study: Study, panels: FigureOfTwoFactors) -> go.Figure:
    """One heat map a measure over two factors; means over replicates and all other factors.

    Cells show the mean and half of its 95 % interval; hovering shows them too.
    """
    names = panels.measures
    figure = make_subplots(
        cols=len(names), subplot_titles=[title_of(name) for name in names], horizontal_spacing=0.16
    )
    for column, name in enumerate(names, start=1):
        grid = results.grid(panels.x, panels.y, name)
        figure.add_trace(
            go.Heatmap(
                x=[level(x) for x in grid.x],
                y=[level(y) for y in grid.y],
                z=grid.mean,
                text=_cells(grid),
                texttemplate="%{text}",
                textfont={"size": 11},
                customdata=grid.half_width,
                colorscale=SCALE,
                zmin=0 if (grid.mean[grid.mean == grid.mean] >= 0).all() else None,
                colorbar={
                    "thickness": 12,
                    "len": 0.9,
                    "outlinewidth": 0,
                    "x": _right_of(figure, column) + 0.005,
                    "title": {"text": unit_of(name).replace(" per ", "<br>per ")},
                },
                hovertemplate=(
                    f"{panels.x} %{{x}}<br>{panels.y} %{{y}}<br>"
                    f"{name} %{{z:.3f}} ± %{{customdata:.3f}}<extra></extra>"
                ),
            ),
            row=1,
            col=column,
        )  # fmt: skip
        figure.update_xaxes(title_text=axis(panels.x), type="category", row=1, col=column)
        figure.update_yaxes(title_text=axis(panels.y), type="category", row=1, col=column)
    what = "in each cell: mean and half of its 95 % interval"
    lay_out(figure, study, f"{results.runs:,} runs; {what}", height=560)
    return figure


def _cells(grid: Grid) -> list[list[str]]:
    """What is written into the cells."""
    with_interval = len(grid.x) <= _MOST_CELLS
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


def _right_of(figure: Any, column: int) -> float:
    """Where the panel of a column ends, as a share of the figure's width."""
    one = figure.layout["xaxis" if column == 1 else f"xaxis{column}"]
    return float(one.domain[1])
