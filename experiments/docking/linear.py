"""Friedkin & Johnsen 1990, Ye et al. 2019: linear opinions have a fixed point in closed form.

A scenario of the model: everybody says one's stance in degrees (expression_rule = linear), and
conviction moves by influence and by return to its anchor alone. With x what is said and c what is
thought, at rest

    x = (I − Γ)c + ΓWx        (expressed: Ye et al.)
    (αΓ + ζ)c = αΓWx + ζc₀    (private: Friedkin & Johnsen)

The engine keeps convictions to 6·10⁻⁸ and expressions to 2.4·10⁻⁷, errors that grow like 1/(1 − γ)
and, where private opinions move, like α/ζ: hence the bounds of the settings. W is the mean over
friends and Γ the diagonal of conformity: one sparse solve. With α = 0 private
opinions stay, and the first line alone is ``x* = (I − ΓW)⁻¹(I − Γ)c``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from pydantic import Field
from scipy.sparse import bmat, coo_array, diags
from scipy.sparse.linalg import bicgstab

from experiments.docking.figure import figure_of, points_trace
from experiments.docking.still import STILL, run_until_rest
from experiments.docking.target import (
    Finding,
    Level,
    Point,
    Row,
    Settings,
    Target,
    chosen,
    unconverged,
)
from model.world import World

_MOST = 20_000
_RESIDUAL = 1e-12


class Linear(Settings):
    """One society."""

    citizens: int = Field(1_000, ge=2, le=1_000_000)
    degree: float = Field(10.0, gt=0)
    influence: float = Field(0.0, ge=0, le=1)
    """α: with 0 private opinions don't move."""
    anchoring: float = Field(0.2, ge=0.02, le=1)
    """ζ."""
    conformity: float = Field(0.5, gt=0, le=0.8)
    """Mean of γ, which is drawn from a Beta distribution."""


def society(linear: Linear, seed: int) -> World:
    """The society before its first period."""
    changes = {
        **STILL, "conformity": linear.conformity, "conformity_concentration": 4.0,
        "influence": linear.influence, "anchoring": linear.anchoring,
    }  # fmt: skip
    return World(
        **changes, citizens=linear.citizens, generator="erdos_renyi", mean_degree=linear.degree,
        expression_rule="linear", conviction_spread=0.5, seed=seed, threads=1,
    )  # fmt: skip


def fixed_point(world: World) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What is thought and what is said at rest, by one sparse solve in double precision."""
    n = world.citizens
    source, target = world.ties.edges()
    friends = coo_array(
        (np.ones(2 * len(source)), (np.r_[source, target], np.r_[target, source])), shape=(n, n)
    ).tocsr()
    degree = np.asarray(friends.sum(axis=1)).ravel()
    mean = diags(1.0 / np.maximum(degree, 1)) @ friends
    gamma = np.where(degree > 0, world.traits.conformity.astype(float), 0.0)
    rules = world.scenario.citizens
    pulled = rules.influence * gamma
    heard = diags(gamma) @ mean
    system = bmat([
        [diags(pulled + rules.anchoring), -diags(pulled) @ mean],
        [-diags(1.0 - gamma), diags(np.ones(n)) - heard],
    ]).tocsr()  # fmt: skip
    first = world.traits.anchor.astype(float)
    # by iteration: a random graph's factors would fill up
    right = np.r_[rules.anchoring * first, np.zeros(n)]
    both, failed = bicgstab(system, right, x0=np.r_[first, first], rtol=1e-14, atol=0.0,
                            maxiter=2_000)  # fmt: skip
    left = float(np.abs(system @ both - right).max())
    if failed or left > _RESIDUAL:
        raise RuntimeError(f"the linear system is not solved: residual {left:.1e}")
    return both[:n], both[n:]


def simulate(linear: Linear, seed: int) -> dict[str, Any]:
    """The largest distance from the fixed point of what is said, and of what is thought."""
    world = society(linear, seed)
    converged = run_until_rest(
        world, _MOST, lambda now: np.r_[now.now.record, now.now.conviction.view(np.int32)]
    )
    thought, said = fixed_point(world)
    return {
        "said": float(np.abs(world.expression - said).max()),
        "thought": float(np.abs(world.conviction - thought).max()),
        "mean": float(said.mean()), "periods": world.period, "converged": converged,
    }  # fmt: skip


def points(full: bool) -> list[Point]:
    """Private opinions that stay, and that move."""
    citizens, many = (20_000, 10) if full else (1_000, 2)
    return [Point(Linear(citizens=citizens, influence=alpha), many) for alpha in (0.0, 0.2)]


def judge(rows: Sequence[Row], _full: bool) -> list[Finding]:
    """Distances, the largest of all runs and people, against a millionth."""
    found = []
    for alpha in (0.0, 0.2):
        own = chosen(rows, influence=alpha)
        for what, name in (("said", "expressed"), ("thought", "private")):
            if alpha == 0.0 and what == "thought":
                continue
            far = max(row[what] for row in own)
            found.append(Finding(f"α = {alpha:g}: {name} opinion, largest distance", "exact", 0.0,
                                 far, 0.0, 1e-6, len(own), unconverged(own),
                                 Level.numerical))  # fmt: skip
    return found


def draw(_rows: Sequence[Row], findings: Sequence[Finding]) -> go.Figure:
    """Each citizen's opinion at rest, by the solve and by simulation."""
    figure = figure_of(TARGET, findings)
    world = society(Linear(citizens=300, influence=0.2), 1)
    run_until_rest(world, _MOST)
    thought, said = fixed_point(world)
    for name, x, y, colour in (("expressed", said, world.expression, "#0072B2"),
                               ("private", thought, world.conviction, "#D55E00")):  # fmt: skip
        trace = points_trace(name, x.tolist(), y.astype(float).tolist(), colour=colour)
        figure.add_trace(trace)
    figure.add_trace(go.Scatter(x=[-1, 1], y=[-1, 1], mode="lines", showlegend=False,
                                line={"color": "#888", "width": 1}))  # fmt: skip
    figure.update_xaxes(title_text="fixed point, by the solve")
    figure.update_yaxes(title_text="simulated, at rest")
    return figure


TARGET = Target(
    "linear", "Where do linear opinions come to rest?",
    "Friedkin & Johnsen 1990; Ye et al. 2019, Automatica 107",
    "a scenario of the model: expression_rule = linear, influence and anchoring alone",
    Linear, simulate, points, judge, draw,
)  # fmt: skip
