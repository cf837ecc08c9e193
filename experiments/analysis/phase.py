"""Phase diagrams: a measure over two factors."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from experiments.analysis.results import Results
from experiments.study.schema import SCENARIO, FigureOfTwoFactors, Study
from model.declared import declared
from model.measures import MEASURES

_FONT = "Helvetica, Arial, sans-serif"
_SCALE = "Cividis"  # even in lightness and readable by the colour-blind


def phase_diagrams(results: Results, study: Study, panels: FigureOfTwoFactors) -> go.Figure:
    """One heat map a measure over two factors; means over replicates and all other factors.

    Cells show the mean; hovering shows the 95 % confidence interval.
    """
    names = panels.measures
    figure = make_subplots(
        cols=len(names), subplot_titles=[_title(name) for name in names], horizontal_spacing=0.16
    )
    for column, name in enumerate(names, start=1):
        xs, ys, mean, half = results.grid(panels.x, panels.y, name)
        figure.add_trace(
            go.Heatmap(
                x=[_level(x) for x in xs],
                y=[_level(y) for y in ys],
                z=mean,
                text=[[f"{value:.2f}" for value in row] for row in mean],
                texttemplate="%{text}",
                textfont={"size": 10},
                customdata=half,
                colorscale=_SCALE,
                zmin=0,
                colorbar={
                    "thickness": 12,
                    "len": 0.9,
                    "outlinewidth": 0,
                    "x": _right_of(figure, column) + 0.005,
                    "title": {"text": MEASURES[name].unit.replace(" per ", "<br>per ")},
                },
                hovertemplate=(
                    f"{panels.x} %{{x}}<br>{panels.y} %{{y}}<br>"
                    f"{name} %{{z:.3f}} ± %{{customdata:.3f}}<extra></extra>"
                ),
            ),
            row=1,
            col=column,
        )  # fmt: skip
        figure.update_xaxes(title_text=_axis(panels.x), type="category", row=1, col=column)
        figure.update_yaxes(title_text=_axis(panels.y), type="category", row=1, col=column)
    subtitle = (
        f"{study.scenario}, {results.replicates} replicates a point, {study.periods} periods, "
        f"means over the last {study.window}; hover for 95 % intervals"
    )
    question = "<br>".join(wrap(" ".join(study.question.split()) or study.title, 120))
    figure.update_layout(
        title={"text": f"{question}<br><sup>{subtitle}</sup>", "x": 0.02, "font": {"size": 17}},
        font={"family": _FONT, "size": 13},
        template="plotly_white",
        height=560,
        margin={"t": 130, "l": 70, "r": 40, "b": 70},
    )
    return figure


def _right_of(figure: go.Figure, column: int) -> float:
    """Where the panel of a column ends, as a share of the figure's width."""
    axis = figure.layout["xaxis" if column == 1 else f"xaxis{column}"]
    return float(axis.domain[1])


def _title(measure: str) -> str:
    return "<br>".join(wrap(MEASURES[measure].meaning, 48))


def _axis(name: str) -> str:
    if name == SCENARIO:
        return name
    row = next(row for row in declared() if row.name == name)
    unit = f" ({row.unit})" if row.unit else ""
    return f"{name.replace('_', ' ')}{unit}"


def _level(level: Any) -> str:
    return f"{level:g}" if isinstance(level, float) else str(level)
