"""Daymude, Axelrod & Forrest 2025: strategic dissent and an authority that learns to suppress it.

A scenario of the model: expression_rule = strategic without friends, and an authority that climbs
by its costs. Desired dissent δ is exponential, truncated to [0, 1] with the mean ``delta``;
boldness β is exponential with the mean ``beta``, and κ = 1/(1 + β) (stakes 1). The published sweep
over both means is in :mod:`experiments.docking.daymude_sweep`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from pydantic import Field
from scipy.optimize import brentq

from experiments.analysis.style import BESIDE
from experiments.docking.daymude_sweep import CONTOUR, put_sweep, sweep_findings, sweep_points
from experiments.docking.figure import figure_of, points_trace
from experiments.docking.still import STILL
from experiments.docking.target import (
    Contrast,
    Finding,
    Level,
    Point,
    Row,
    Settings,
    Target,
    chosen,
    share_of,
)
from model.chance import Purpose, key_of
from model.chance import draw as chance
from model.networks import EdgeList
from model.rules.strategy import best_under_proportional, best_under_uniform
from model.world import World

_WINDOW = 500
"""Rounds over which dissent must be low on average to count as suppressed."""
_QUARTER = 0.25
RUN = {
    "uniform": {0.5: 1.0, 1.0: 1.0, 2.0: 0.53, 3.0: 0.03, 4.0: 0.0},
    "proportional": {0.25: 1.0, 0.5: 1.0, 1.0: 0.72, 1.5: 0.05, 2.0: 0.0},
}
"""Punishment → mean boldness → P(suppressed) at N = 1,000, δ = .25, R = 5,000, from 40 seeds."""
_SIZES = (
    (1_000, 0.0, 40, "given"), (10_000, 1.0 / 6.0, 6, "given"), (100_000, 1.0, 50, "random"),
)  # fmt: skip
"""N, P(suppressed) at β = 4, δ = .25, uniform, of how many runs, and how the authority begins. The
last is a cell of the published sweep: random starts, 10,000 rounds."""


class Authority(Settings):
    """One run."""

    punishment: Literal["uniform", "proportional"] = "uniform"
    beta: float = Field(2.0, gt=0)
    """Mean boldness."""
    delta: float = Field(0.25, ge=0.005, le=0.495)
    """Mean desired dissent."""
    citizens: int = Field(1_000, ge=1, le=100_000_000)
    rounds: int = Field(5_000, ge=1)
    start: Literal["given", "random"] = "given"
    """Where the authority begins: as given below, or at random in [0, 1] (each of the three)."""
    tolerance: float = Field(0.25, ge=0, le=1)
    severity: float = Field(0.1, ge=0, le=1_000)
    surveillance: float = Field(0.1, ge=0, le=1)
    adamancy: float = Field(1.0, ge=0)
    """α."""
    step: float = Field(0.05, gt=0, le=1)
    """ε."""


def truncated(mean: float, u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quantiles of the exponential distribution truncated to [0, 1] that has this mean."""
    scale = brentq(lambda y: y - 1.0 / math.expm1(1.0 / y) - mean, mean, 1e6, xtol=1e-14)
    quantiles: NDArray[np.float64] = -scale * np.log1p(u * math.expm1(-1.0 / scale))
    return quantiles.clip(0.0, 1.0)


def world_of(authority: Authority, seed: int) -> World:
    """The society and its authority before the first round."""
    people = np.arange(authority.citizens, dtype=np.int64)
    key = key_of(seed)

    def uniforms(what: int) -> Any:
        return chance(key, int(Purpose.event), what, people, 0)

    first = (authority.tolerance, authority.severity, authority.surveillance)
    if authority.start == "random":
        first = tuple(chance(key, int(Purpose.event), 2, k, 0) for k in range(3))
    bold = -authority.beta * np.log1p(-uniforms(1))
    nobody = np.empty(0, np.int32)
    return World(
        **{**STILL, "stakes": 1.0}, network=EdgeList(authority.citizens, nobody, nobody), seed=seed,
        expression_rule="strategic", recovery=0.0, punishment=authority.punishment,
        tolerance=first[0], severity=first[1], detection=first[2],
        adaptation_rule="hill_climbing",
        adapts=("tolerance", "severity", "detection"), step=authority.step,
        dissent_cost=authority.adamancy,
        given={"conviction": truncated(authority.delta, uniforms(0)),
               "self_censorship": 1.0 / (1.0 + bold)},
    )  # fmt: skip


def simulate(authority: Authority, seed: int) -> dict[str, Any]:
    """Where the authority ends, and in which round dissent counts as suppressed (0: never)."""
    world = world_of(authority, seed)
    world.run(authority.rounds)
    assert world.authority is not None  # noqa: S101  (the scenario has one)
    values = world.authority.values
    desired = float(np.maximum(world.traits.anchor, 0.0).mean(dtype=float))
    dissent = np.array([account.dissent for account in world.authority.accounts])
    window = min(_WINDOW, len(dissent))
    sums = np.r_[0.0, np.cumsum(dissent)]
    means = (sums[window:] - sums[:-window]) / window
    low = np.flatnonzero(means < _QUARTER * desired)
    return {
        "final_tolerance": float(values["tolerance"]), "final_severity": float(values["severity"]),
        "final_surveillance": float(values["detection"]),
        "dissent": float(dissent[-window:].mean()), "desired": desired,
        "suppressed": bool(len(low)), "suppressed_in": int(low[0]) + window if len(low) else 0,
    }  # fmt: skip


def points(full: bool) -> list[Point]:
    """By boldness at N = 1,000, and by size at β = 4."""
    many = 40 if full else 8
    asked = {"uniform": (1.0, 2.0, 4.0), "proportional": (0.5, 1.0, 2.0)}
    found = [
        Point(Authority.model_validate({"punishment": kind, "beta": beta}), many)
        for kind, table in RUN.items()
        for beta in (table if full else asked[kind])
        if not (kind == "uniform" and beta == 4.0)
    ]
    found.append(Point(Authority(beta=4.0), max(many, 12)))
    found.append(Point(Authority(beta=4.0, citizens=10_000), 12 if full else 4))
    if full:
        largest = Authority(beta=4.0, citizens=100_000, rounds=10_000, start="random")
        found.append(Point(largest, 12))
        found += [Point(Authority.model_validate(given), each) for given, each in sweep_points()]
    return found


def judge(rows: Sequence[Row], full: bool) -> list[Finding]:
    """The closed forms, and how often dissent is suppressed."""
    found = [
        Finding(name, "exact", published, ours, 0.0, 5e-7, level=Level.numerical)
        for name, published, ours in closed_forms()
    ]
    for kind, table in RUN.items():
        for beta, published in table.items():
            own = chosen(rows, punishment=kind, beta=beta, citizens=1_000, start="given")
            if own:
                share, error = share_of(own, "suppressed")
                tolerance = 0.15
                found.append(Finding(f"{kind}, β = {beta:g}: P(suppressed)", "run", published,
                                     share, error, tolerance, len(own),
                                     published_error=_error_of(published, 40)))  # fmt: skip
    found += sweep_findings(rows)
    for size, published, others, start in _SIZES:
        own = chosen(rows, punishment="uniform", delta=0.25, beta=4.0, citizens=size, start=start)
        if own and size > 1_000:
            share, error = share_of(own, "suppressed")
            found.append(Finding(
                f"N = {size:,}, β = 4: P(suppressed)", "run" if size < 100_000 else "pub",
                published, share, error, 0.15, len(own),
                published_error=_error_of(published, others),
            ))  # fmt: skip
    return found


def _error_of(share: float, runs: int) -> float:
    """Standard error of somebody else's share of so many runs (Agresti & Coull 1998)."""
    near = (share * runs + 2.0) / (runs + 4.0)
    return math.sqrt(near * (1.0 - near) / (runs + 4.0))


def closed_forms() -> list[tuple[str, float, float]]:
    """Published critical points, and those at which our rules change over, by bisection."""

    def defiant_from(bold: float, nu: float, tau: float, psi: float) -> float:
        return float(brentq(
            lambda desired: best_under_uniform(desired, bold, nu, tau, psi) - tau - 1e-9,
            tau, 1.0, xtol=1e-12,
        ))  # fmt: skip

    def most(bold: float, nu: float, tau: float, psi: float) -> float:
        return best_under_proportional(1.0, bold, nu, tau, psi)

    return [
        ("uniform: defiant from (1, .2, .25, .6)", 0.711538, defiant_from(1.0, 0.2, 0.25, 0.6)),
        ("uniform: defiant from (1, .5, .25, .6)", 0.785714, defiant_from(1.0, 0.5, 0.25, 0.6)),
        ("proportional: most (1, .2, .25, 1)", 0.625, most(1.0, 0.2, 0.25, 1.0)),
        ("proportional: most (1, .5, .25, 1.5)", 0.291667, most(1.0, 0.5, 0.25, 1.5)),
    ]


def draw(rows: Sequence[Row], findings: Sequence[Finding]) -> go.Figure:
    """P(suppressed) against mean boldness and, of a full run, the sweep above it."""
    swept = bool(chosen(rows, start="random"))
    figure = figure_of(TARGET, findings, 900 if swept else 500)
    if swept:
        figure.set_subplots(rows=2, cols=2, specs=[[{}, {}], [{"colspan": 2}, None]],
                            vertical_spacing=0.16)  # fmt: skip
        figure.update_layout(margin={"r": BESIDE})
        for column, kind in enumerate(CONTOUR, start=1):
            put_sweep(figure, kind, rows, column)
    place = {"row": 2, "col": 1} if swept else {}
    for kind, colour in (("uniform", "#0072B2"), ("proportional", "#D55E00")):
        table = RUN[kind]
        figure.add_trace(points_trace(f"{kind}, by others", list(table), list(table.values()),
                                      hollow=True, colour=colour), **place)  # fmt: skip
        own = chosen(rows, punishment=kind, citizens=1_000)
        asked = sorted({row["beta"] for row in own})
        shares = [share_of(chosen(own, beta=beta), "suppressed") for beta in asked]
        figure.add_trace(points_trace(f"{kind}, this model", asked, [s for s, _ in shares],
                                      [1.96 * error for _, error in shares],
                                      colour=colour), **place)  # fmt: skip
    figure.update_xaxes(title_text="mean boldness β (N = 1,000, mean desired dissent .25)", **place)
    figure.update_yaxes(title_text="share of runs suppressed", range=[-0.05, 1.1], **place)
    return figure


def contrasts(rows: Sequence[Row]) -> list[Contrast]:
    """The same authority over more people."""
    values = []
    for size, _, _, start in _SIZES:
        own = chosen(rows, punishment="uniform", delta=0.25, beta=4.0, citizens=size, start=start)
        if own:
            values.append((f"N = {size:,}", *share_of(own, "suppressed")))
    return [Contrast("uniform, β = 4: P(suppressed)", "size", values)]


TARGET = Target(
    "daymude", "Up to which boldness can an authority that learns suppress dissent?",
    "Daymude, Axelrod & Forrest 2025, PNAS",
    "a scenario of the model: expression_rule = strategic, adaptation_rule = hill_climbing",
    Authority, simulate, points, judge, draw, contrasts,
)  # fmt: skip
