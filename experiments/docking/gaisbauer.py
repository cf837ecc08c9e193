"""Gaisbauer, Olbrich & Banisch 2020: dynamics of opinion expression.

Who expresses an opinion, with probability σ(βQ), meets a friend at random and learns from what
comes of it: Q ← (1 − α)Q + αr, with r = 1 − c for a friend who says the same, −1 − c for one who
says the opposite, −c for a silent one. An event loop of its own, on the model's ties and draws.
(Who is nearly always silent nearly never learns: such a group takes very long to come to rest.)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from pydantic import Field
from scipy.optimize import fsolve
from scipy.special import expit

from experiments.docking.coevolving import luck_of_event, random_friend
from experiments.docking.figure import figure_of, points_trace
from experiments.docking.target import (
    Finding,
    Level,
    Point,
    Row,
    Settings,
    Target,
    chosen,
    mean_of,
    unconverged,
)
from model.chance import below, key_of
from model.compilation import compiled
from model.networks import build_network
from model.rules.exponential import exponential
from model.rules.marker import rule
from model.scenario import load
from model.ties import Ties

_DRIFT = 0.005
"""What means may still move from the second to the last third of a run that has come to rest."""
STATES = ((0.268, 0.268), (0.544, -0.440))
"""Published stable states (Q₁, Q₂) at T = .75, c = .2, β = 10."""


class Groups(Settings):
    """Two groups of one opinion each, with a share T of friends in one's own."""

    q1: float = 0.3
    q2: float = 0.3
    """First values of Q in both groups."""
    own: float = Field(0.75, ge=0, le=1)
    """T: share of friends in the own group."""
    cost: float = 0.2
    beta: float = Field(10.0, ge=0)
    alpha: float = Field(0.005, gt=0, le=1)
    """Rate of learning; the paper takes ≤ .01, where one's own luck averages out."""
    citizens: int = Field(2_000, ge=10, le=1_000_000)
    degree: float = Field(100.0, gt=0)
    rounds: int = Field(60_000, ge=3)
    """Turns a person."""


@rule
def chance_to_express(value, beta):
    """σ(βQ), by the model's own exponential."""
    away = exponential(-abs(beta * value))
    return 1.0 / (1.0 + away) if value >= 0.0 else away / (1.0 + away)


@compiled
def live(values, opinion, ties, alpha, cost, beta, key, turns):
    """So many turns of people drawn at random; returns (third of the run, group) sums of Q."""
    citizens = len(values)
    sums = np.zeros((3, 2))
    taken = np.zeros((3, 1))
    for number in range(turns):
        if number % citizens == 0:
            third = 3 * number // turns
            for i in range(citizens):
                sums[third, opinion[i]] += values[i]
            taken[third, 0] += 1.0
        u_who, u_own, u_friend, u_other = luck_of_event(key, number)
        i = below(u_who, citizens)
        if u_own >= chance_to_express(values[i], beta) or ties.degree[i] == 0:
            continue
        j = random_friend(ties, i, u_friend)
        said = 0.0
        if u_other < chance_to_express(values[j], beta):
            said = 1.0 if opinion[i] == opinion[j] else -1.0
        values[i] += alpha * (said - cost - values[i])
    return sums / taken


def simulate(groups: Groups, seed: int) -> dict[str, Any]:
    """Mean Q of both groups over the last third of the run."""
    scenario = load("no_institution").replace(
        citizens=groups.citizens, generator="stochastic_block", blocks=2,
        mean_degree=groups.degree, mixing=1.0 - groups.own, seed=seed,
    )  # fmt: skip
    network = build_network(scenario)
    ties = Ties(groups.citizens, network.source, network.target, groups.citizens)
    opinion = (np.arange(groups.citizens) >= groups.citizens // 2).astype(np.int64)
    values = np.where(opinion == 0, groups.q1, groups.q2)
    size = np.bincount(opinion, minlength=2)
    means = live(
        values, opinion, ties.arrays, groups.alpha, groups.cost, groups.beta, key_of(seed),
        groups.rounds * groups.citizens,
    ) / size  # fmt: skip
    drift = float(np.abs(means[2] - means[1]).max())
    return {"Q1": float(means[2, 0]), "Q2": float(means[2, 1]), "converged": drift < _DRIFT}


def steady_state(first: tuple[float, float], own: float, cost: float, beta: float) -> Any:
    """The mean field's state near ``first``: ``Q₁ = Tσ(βQ₁) − (1 − T)σ(βQ₂) − c``, and its twin."""

    def change(q: Any) -> list[float]:
        said = expit(beta * np.asarray(q))
        return [own * said[0] - (1.0 - own) * said[1] - cost - q[0],
                own * said[1] - (1.0 - own) * said[0] - cost - q[1]]  # fmt: skip

    return fsolve(change, first, xtol=1e-12)


def points(full: bool) -> list[Point]:
    """Both states, begun near them."""
    many, citizens = (10, 5_000) if full else (2, 1_000)
    # where both speak each one's luck must average out, or it moves the state; a silent group,
    # which seldom learns, needs the longer run
    both = Groups(q1=0.3, q2=0.3, citizens=citizens, alpha=0.001, rounds=20_000)
    one = Groups(q1=0.5, q2=-0.4, citizens=citizens)
    return [Point(both, many), Point(one, many)]


def judge(rows: Sequence[Row], full: bool) -> list[Finding]:
    """Published states against the mean field and the simulation."""
    found = []
    for (a, b), start in zip(STATES, ((0.3, 0.3), (0.5, -0.4)), strict=True):
        exact = steady_state((a, b), 0.75, 0.2, 10.0)
        own = chosen(rows, q1=start[0], q2=start[1])
        for k, published in enumerate((a, b)):
            found.append(Finding(f"mean field near ({a:g}, {b:g}): Q{k + 1}", "formula", published,
                                 float(exact[k]), 0.0, 5.1e-4, level=Level.numerical))  # fmt: skip
            mean, error = mean_of(own, f"Q{k + 1}")
            found.append(Finding(f"simulated near ({a:g}, {b:g}): Q{k + 1}", "pub", published,
                                 mean, error, 0.02, len(own),
                                 unconverged(own)))  # fmt: skip
    return found


def draw(rows: Sequence[Row], findings: Sequence[Finding]) -> go.Figure:
    """The two states in the plane of both groups' Q."""
    figure = figure_of(TARGET, findings)
    figure.add_trace(points_trace("published", [a for a, _ in STATES], [b for _, b in STATES],
                                  hollow=True))  # fmt: skip
    figure.add_trace(points_trace("these ties and draws", [row["Q1"] for row in rows],
                                  [row["Q2"] for row in rows]))  # fmt: skip
    figure.update_xaxes(title_text="Q of the first group", range=[-0.7, 0.8])
    figure.update_yaxes(title_text="Q of the second group", range=[-0.7, 0.8])
    return figure


TARGET = Target(
    "gaisbauer", "Does one group fall silent where two are equally strong?",
    "Gaisbauer, Olbrich & Banisch 2020, Physical Review E 102",
    "an event loop of its own on the model's ties and draws",
    Groups, simulate, points, judge, draw,
)  # fmt: skip
