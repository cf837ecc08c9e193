"""How the paper's figures look: print widths, fonts of at least 7 pt at size, direct labels."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from experiments.analysis.style import COLOURS, FONT, translucent
from experiments.paper.judging import mean_and_half

WIDE = round(178 * 96 / 25.4)
"""Two columns of a journal, 178 mm, in CSS pixels."""
SMALL, PLAIN, LARGE = (points * 96 / 72 for points in (7.5, 8.0, 9.5))
"""Fonts: ticks and labels, axes, the title."""
_ABOVE = 52
"""Pixels above the panels beside the lines of the title."""
_TITLE_OF_PANEL = 16
"""As Plotly makes it."""
INK, DIM, LINE = "#1d1d1b", "#55534d", "#dddad2"


def finish(figure: go.Figure, finding: str, height: int, below: str) -> None:
    """The finding as title, and the look that all figures share.

    Args:
        figure: to be finished.
        finding: one sentence.
        height: in pixels.
        below: what is shown, under the title.
    """
    joined = re.sub(r" (±|%)", "\u00a0\\1", finding).replace("± ", "±\u00a0")
    lines = wrap(joined, 98)
    small = wrap(below, 125)
    told = f"<span style='font-size:{SMALL:.1f}px;color:{DIM}'>{'<br>'.join(small)}</span>"
    text = f"<b>{'<br>'.join(lines)}</b><br>{told}"
    room = _ABOVE + 17 * len(lines) + 13 * len(small)
    figure.update_layout(
        width=WIDE, height=height, template="plotly_white", showlegend=False,
        font={"family": FONT, "size": SMALL, "color": INK},
        title={"text": text, "x": 0.0, "xref": "container", "pad": {"l": 8}, "y": 1.0 - 20 / height,
               "yref": "container", "yanchor": "top", "font": {"size": LARGE}},
        margin={"t": room, "l": 52, "r": 12, "b": 42}, paper_bgcolor="white",
    )  # fmt: skip
    figure.update_xaxes(
        gridcolor=LINE, zeroline=False, linecolor=DIM, ticks="outside", ticklen=3,
        tickfont={"size": SMALL}, title={"font": {"size": PLAIN}, "standoff": 6},
    )  # fmt: skip
    figure.update_yaxes(
        gridcolor=LINE, zeroline=False, linecolor=DIM, ticks="outside", ticklen=3,
        tickfont={"size": SMALL}, title={"font": {"size": PLAIN}, "standoff": 6},
    )  # fmt: skip
    for note in figure.layout.annotations:
        if note.font.size in (None, _TITLE_OF_PANEL):
            note.font.size = PLAIN
    for k, trace in enumerate(figure.data):
        trace.uid = f"t{k}"  # Plotly would draw a random one


def colour(k: int) -> str:
    """The k-th colour of the palette."""
    return COLOURS[k % len(COLOURS)]


def course(
    figure: go.Figure, x: Any, values: NDArray[np.float64], ink: str, row: int = 1, col: int = 1,
    dash: str = "solid",
) -> None:  # fmt: skip
    """Mean over replicates of (replicates, x) with a band of its 95 % interval.

    Args:
        figure: to draw into.
        x: (X,) places.
        values: (replicates, X).
        ink: colour.
        row: of the panel.
        col: of the panel.
        dash: of the line.
    """
    told = [mean_and_half(values[:, k]) for k in range(values.shape[1])]
    mean = np.array([one[0] for one in told])
    half = np.nan_to_num(np.array([one[1] for one in told]))
    places = list(np.asarray(x).tolist())
    figure.add_scatter(
        x=[*places, *places[::-1]], y=exact([*(mean + half), *(mean - half)[::-1]]), mode="lines",
        line={"width": 0}, fill="toself", fillcolor=translucent(ink, 0.22), hoverinfo="skip",
        row=row, col=col,
    )  # fmt: skip
    figure.add_scatter(
        x=places, y=exact(mean), mode="lines", line={"color": ink, "width": 1.6, "dash": dash},
        row=row, col=col,
    )  # fmt: skip


def name_ends(
    figure: go.Figure, x: float, ends: Sequence[tuple[str, float, str]], least: float, row: int = 1,
    col: int = 1, floor: float | None = None,
) -> None:  # fmt: skip
    """Write lines' names at their ends, moved apart where they would lie on each other.

    Args:
        figure: to draw into.
        x: where lines end.
        ends: of each line its name, its last value and its colour.
        least: distance of two names, in units of the y axis.
        row: of the panel.
        col: of the panel.
        floor: below which no name is put.
    """
    put = spread_labels([0.0 if np.isnan(y) else y for _, y, _ in ends], least, floor)
    for (name, _, ink), y in zip(ends, put, strict=True):
        figure.add_annotation(
            x=x, y=float(f"{y:.6g}"), text=name, showarrow=False, xanchor="left", xshift=3,
            font={"color": ink, "size": SMALL}, row=row, col=col,
        )  # fmt: skip


def dots(
    figure: go.Figure, values: Mapping[str, NDArray[np.float64]], row: int = 1, col: int = 1,
    ink: str = INK, shift: float = 0.0,
) -> None:  # fmt: skip
    """Means with 95 % intervals, side by side, their names below.

    Args:
        figure: to draw into.
        values: (replicates,) of each.
        row: of the panel.
        col: of the panel.
        ink: colour.
        shift: to the right, where several are drawn beside each other.
    """
    told = [mean_and_half(one) for one in values.values()]
    figure.add_scatter(
        x=[k + shift for k in range(len(told))], y=exact([one[0] for one in told]),
        error_y={"type": "data", "array": exact([one[1] for one in told]), "thickness": 1,
                 "width": 2},
        mode="markers", marker={"size": 6, "color": ink}, row=row, col=col,
    )  # fmt: skip
    figure.update_xaxes(
        tickvals=list(range(len(told))), ticktext=[name.replace("_", " ") for name in values],
        range=[-0.5, len(told) - 0.5], row=row, col=col,
    )  # fmt: skip


def exact(values: Any) -> list[float | None]:
    """Numbers to six digits, so that a figure's file is the same on every machine."""
    return [
        None if np.isnan(value) else float(f"{value:.6g}") for value in np.asarray(values, float)
    ]


def spread_labels(
    places: list[float], least: float, floor: float | None = None
) -> list[float]:  # fmt: skip
    """Places of labels, moved apart so that none lies nearer than ``least`` to the next.

    >>> spread_labels([0.0, 0.1, 5.0], 1.0)
    [-0.45, 0.55, 5.0]
    >>> spread_labels([0.0, 0.1, 5.0], 1.0, floor=0.0)
    [0.0, 1.0, 5.0]
    """
    order = np.argsort(places, kind="stable")
    put = [float(places[k]) for k in order]
    for _ in range(200):
        moved = False
        for k in range(len(put) - 1):
            lacking = least - (put[k + 1] - put[k])
            if lacking > 1e-9:
                put[k] -= lacking / 2
                put[k + 1] += lacking / 2
                moved = True
        if not moved:
            break
    if floor is not None:
        for k in range(len(put)):
            put[k] = max(put[k], put[k - 1] + least if k else floor)
    found = [0.0] * len(put)
    for rank, k in enumerate(order):
        found[k] = round(put[rank], 9)
    return found
