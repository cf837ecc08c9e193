"""The sweep of Daymude, Axelrod & Forrest 2025: where dissent survives, over δ and β.

Two readings of one published figure. DOCKING's *boundary* was read by eye; ours is the mean
boldness at which half of the runs are ever suppressed. The *contour* was read from the figure's
colours (panel A, final political cost, a mean over 50 runs a cell; the colour of each cell against
the colour bar, as a share of the desired δN): the boldness at which dissent is half of what is
desired. Ours is the same of our runs.

The two readings differ where the edge is wide. For proportional punishment and little desired
dissent (δ = .12) the eye has 1.4 to 1.7 and the colours 1.32; ours is near the colours.

How the colours were read: of the published PNG (2,040 × 2,400) each cell's middle, its colour
looked up in the colour bar beside it (nearest in RGB, from 0 to 1); one factor for each figure
turns that into shares of δN, so that they are 1 where tolerance is near 1 (proportional: the top
row; uniform: δ from .185 to .255 in the top row). The contour passes between the two cells of a
column around ½, where the next three stay above it. The error of this reading is not known; the
tolerance is a cell.
How often was decided in two steps: six runs a point at first, of which the contour at δ = .12
(uniform) came out as 2.98 ± .42, undecided; then twelve for uniform punishment.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression, minimize

from experiments.analysis.style import COLOURS
from experiments.docking.target import Finding, Row, chosen, mean_of

if TYPE_CHECKING:
    from typing import Any

Kind = Literal["uniform", "proportional"]
BOUNDARIES: tuple[tuple[Kind, float, float, float], ...] = (
    ("uniform", 0.12, 3.2, 0.4), ("uniform", 0.25, 6.5, 0.4), ("uniform", 0.48, 7.85, 0.55),
    ("proportional", 0.12, 1.55, 0.15), ("proportional", 0.25, 1.55, 0.15),
    ("proportional", 0.48, 1.55, 0.15),
)  # fmt: skip
"""Punishment, δ → the mean boldness above which dissent survives at N = 100,000, R = 10,000, from
random starts, and how exactly the published figure tells it."""
_DELTAS = (0.025, 0.055, 0.085, 0.12, 0.155, 0.185, 0.215, 0.25, 0.285, 0.325, 0.365, 0.405, 0.445,
           0.48)  # fmt: skip
CONTOUR: dict[Kind, tuple[float, ...]] = {
    "uniform": (5.12, 3.64, 3.41, 3.33, 4.02, 4.76, 5.59, 6.38, 6.97, 7.45, 7.85, 8.05, 8.15,
                8.32),
    "proportional": (1.04, 1.25, 1.30, 1.32, 1.35, 1.35, 1.40, 1.41, 1.43, 1.46, 1.43, 1.46, 1.43,
                     1.47),
}  # fmt: skip
"""Punishment → β at which dissent is half of the desired, at each δ, by the figure's colours."""
_CELL = 0.2
"""Height of the published figure's cells, in β: how near ours has to be to its contour."""
_AROUND: dict[Kind, tuple[tuple[float, ...], int]] = {
    "uniform": ((-1.6, -0.8, 0.0, 0.8, 1.6), 12),
    "proportional": ((-0.6, -0.45, -0.3, -0.15, 0.0, 0.15, 0.3), 8),
}
"""Where runs are made around the boundaries, and how many each."""
_GRID_DELTAS = (0.02, 0.08, 0.14, 0.2, 0.26, 0.32, 0.38, 0.44, 0.49)
_GRID_BETAS: dict[Kind, tuple[float, ...]] = {
    "uniform": (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0),
    "proportional": (0.3, 0.6, 0.9, 1.2, 1.5, 1.8, 2.1, 2.4, 2.7, 3.0),
}
_EACH = 2
"""Runs a cell of the redrawn figure (the published one has 50)."""
_RESAMPLES = 50
_SETTING = {"citizens": 100_000, "rounds": 10_000, "start": "random"}


def sweep_points() -> list[tuple[dict[str, Any], int]]:
    """Settings and how often: around the boundaries, and the grid of the figure."""
    found = [
        ({"punishment": kind, "delta": delta, "beta": round(boundary + off, 3), **_SETTING}, each)
        for kind, delta, boundary, _ in BOUNDARIES
        for around, each in (_AROUND[kind],)
        for off in around
    ]
    return found + [
        ({"punishment": kind, "delta": delta, "beta": beta, **_SETTING}, _EACH)
        for kind, betas in _GRID_BETAS.items() for delta in _GRID_DELTAS for beta in betas
    ]  # fmt: skip


def sweep_findings(rows: Sequence[Row]) -> list[Finding]:
    """Each boundary and contour that there are runs for."""
    found = []
    for kind, delta, boundary, tolerance in BOUNDARIES:
        own = chosen(rows, punishment=kind, delta=delta, start="random")
        if not own:
            continue
        beta = np.array([row["beta"] for row in own])
        survived = np.array([not row["suppressed"] for row in own], float)
        left = np.array([row["dissent"] / row["desired"] for row in own])
        half = float(np.interp(delta, _DELTAS, CONTOUR[kind]))
        for what, source, published, within, at, outcome in (
            ("half of runs suppressed", "pub", boundary, tolerance, half_by_logit, survived),
            ("half of dissent left", "fig", half, _CELL, half_by_steps, left),
        ):  # fmt: skip
            value, error = with_error(at, beta, outcome)
            found.append(Finding(f"{kind}, δ = {delta:g}: β with {what}", source, published,
                                 value, error, within, len(own)))  # fmt: skip
    return found


def half_by_logit(beta: NDArray[np.float64], yes: NDArray[np.float64]) -> float:
    """Where a logistic curve through yes and no passes ½, by likelihood.

    A little shrinkage (half a success and half a failure at each end, by two halves that weigh
    a quarter each) keeps it finite; it moves these boundaries down by up to .15.
    """
    ends = np.array([beta.min(), beta.max()])
    x = np.r_[beta, ends, ends]
    y = np.r_[yes, 0.0, 0.0, 1.0, 1.0]
    weight = np.r_[np.ones(len(beta)), np.full(4, 0.25)]

    def unlikely(at: NDArray[np.float64]) -> float:
        z = (x - at[0]) * math.exp(at[1])
        return float((weight * (np.logaddexp(0.0, z) - y * z)).sum())

    start = np.array([beta.mean(), 0.5])
    return float(minimize(unlikely, start, method="Nelder-Mead").x[0])


def half_by_steps(beta: NDArray[np.float64], share: NDArray[np.float64]) -> float:
    """Where the mean share passes ½: monotone through the means, straight between them.

    The nearest end where it doesn't pass.
    """
    places, which = np.unique(beta, return_inverse=True)
    many = np.bincount(which)
    means = np.bincount(which, share) / many
    rising = isotonic_regression(means, weights=many).x
    above = int(np.searchsorted(rising, 0.5))
    if above in (0, len(places)):
        return float(places[min(above, len(places) - 1)])
    low, high = rising[above - 1], rising[above]
    part = (0.5 - low) / (high - low)
    return float(places[above - 1] + part * (places[above] - places[above - 1]))


def with_error(
    at: Callable[[NDArray[np.float64], NDArray[np.float64]], float],
    beta: NDArray[np.float64],
    outcome: NDArray[np.float64],
) -> tuple[float, float]:
    """An estimate and its standard error, bootstrapped over runs."""
    generator = np.random.default_rng(1)
    draws = (generator.integers(0, len(beta), len(beta)) for _ in range(_RESAMPLES))
    again = [at(beta[draw], outcome[draw]) for draw in draws]
    return at(beta, outcome), float(np.std(again, ddof=1))


def put_sweep(figure: go.Figure, kind: Kind, rows: Sequence[Row], column: int) -> None:
    """The published figure's panel A anew: dissent that is left, with the published contour."""
    betas = _GRID_BETAS[kind]
    left = [
        {**row, "left": row["dissent"] / row["desired"]}
        for row in chosen(rows, punishment=kind, start="random")
    ]
    cells = [[mean_of(chosen(left, delta=delta, beta=beta), "left")[0] for delta in _GRID_DELTAS]
             for beta in betas]  # fmt: skip
    figure.add_trace(go.Heatmap(
        x=list(_GRID_DELTAS), y=list(betas), z=cells, zmin=0.0, zmax=1.0, colorscale="Blues",
        showscale=column == 2, colorbar={"title": "dissent left", "len": 0.42, "y": 0.79},
        hovertemplate="δ %{x}, β %{y}: %{z:.2f} of the desired dissent<extra>ours</extra>",
    ), row=1, col=column)  # fmt: skip
    figure.add_trace(go.Scatter(
        x=list(_DELTAS), y=list(CONTOUR[kind]), mode="lines+markers", name="half, published",
        line={"color": COLOURS[1], "width": 2}, marker={"symbol": "circle-open", "size": 8},
        legendgroup="half", showlegend=column == 1,
    ), row=1, col=column)  # fmt: skip
    asked = [delta for one, delta, _, _ in BOUNDARIES
             if one == kind and chosen(left, delta=delta)]  # fmt: skip
    halves = []
    for delta in asked:
        own = chosen(left, delta=delta)
        halves.append(with_error(half_by_steps, np.array([row["beta"] for row in own]),
                                 np.array([row["left"] for row in own])))  # fmt: skip
    figure.add_trace(go.Scatter(
        x=asked, y=[value for value, _ in halves], mode="markers", name="half, this model",
        error_y={"type": "data", "array": [1.96 * error for _, error in halves]},
        marker={"color": "#000", "size": 8}, legendgroup="ours", showlegend=column == 1,
    ), row=1, col=column)  # fmt: skip
    figure.update_xaxes(title_text=f"mean desired dissent δ ({kind} punishment)", row=1, col=column,
                        range=[0.0, 0.515])  # fmt: skip
    figure.update_yaxes(title_text="mean boldness β" if column == 1 else "", row=1, col=column,
                        range=[0.0, betas[-1] * 1.05])  # fmt: skip
