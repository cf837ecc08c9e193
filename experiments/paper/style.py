"""How the paper's figures look: print widths, fonts of at least 7 pt at size, direct labels."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from experiments.analysis.style import COLOURS, FONT, translucent
from experiments.paper.judging import mean_and_half

PIXELS = 96 / 25.4
"""A millimetre in CSS pixels."""
WIDE = round(178 * PIXELS)
"""Two columns of a journal."""
POINT = 96 / 72
SMALL, PLAIN, LARGE = 7.5 * POINT, 8 * POINT, 9.5 * POINT
"""Fonts: ticks and labels, axes, the title."""
_TITLE_OF_PANEL = 16
"""As Plotly makes it."""
INK, DIM, LINE = "#1d1d1b", "#55534d", "#dddad2"


def finish(figure: go.Figure, finding: str, height: int, below: str = "", top: int = 0) -> go.Figure:
    """The finding as title, and the look that all figures share.

    Args:
        figure: to be finished.
        finding: one sentence.
        height: in pixels.
        below: what is shown, under the title.
        top: pixels above the panels beyond those for the title.
    """
    lines = wrap(finding, 98)
    small = wrap(below, 125)
    text = "<b>" + "<br>".join(lines) + "</b>"
    if small:
        text += f"<br><span style='font-size:{SMALL:.1f}px;color:{DIM}'>{'<br>'.join(small)}</span>"
    room = 20 + 17 * len(lines) + 13 * len(small) + 26 + top
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
    return figure


def colour(k: int) -> str:
    """The k-th colour of the palette."""
    return COLOURS[k % len(COLOURS)]


def course(
    figure: go.Figure, x: Any, values: NDArray[np.float64], ink: str, row: int = 1, col: int = 1,
    label: str = "", dash: str = "solid", shift: int = 0,
) -> None:  # fmt: skip
    """Mean over replicates of (replicates, x) with a band of its 95 % interval, and its name.

    Args:
        figure: to draw into.
        x: (X,) places.
        values: (replicates, X).
        ink: colour.
        row, col: of the panel.
        label: written at the line's end.
        dash: of the line.
        shift: pixels by which the label is moved up.
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
        name=label, row=row, col=col,
    )  # fmt: skip
    if label:
        last = int(np.flatnonzero(~np.isnan(mean))[-1])
        figure.add_annotation(
            x=places[last], y=float(f"{mean[last]:.6g}"), text=label, font={"color": ink, "size": SMALL},
            showarrow=False, xanchor="left", yanchor="middle", xshift=3, yshift=shift,
            row=row, col=col,
        )  # fmt: skip


def exact(values: Any) -> list[float | None]:
    """Numbers to six digits, so that a figure's file is the same on every machine."""
    return [None if np.isnan(value) else float(f"{value:.6g}") for value in np.asarray(values, float)]


def spread_labels(places: list[float], least: float) -> list[float]:
    """Places of labels, moved apart so that none lies nearer than ``least`` to the next.

    >>> spread_labels([0.0, 0.1, 5.0], 1.0)
    [-0.45, 0.55, 5.0]
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
    found = [0.0] * len(put)
    for rank, k in enumerate(order):
        found[k] = round(put[rank], 9)
    return found
