"""Ross et al. 2019: are social bots a real threat? The spiral of silence in a network.

A scenario of the model: expression_rule = spiral on a network of preferential attachment,
synchronous. Bots always speak, for one side: no threshold (κ = 0), and confidence beyond any loss.
The abstract has 2 to 4 % of bots win two worlds of three "depending on their network position and
the overall network density", and doesn't say which; so it can't be judged, and is shown: at random
places in a tree 1 % of bots win two of three already and 4 % nearly always, at peripheral places
among eight friends (the density, of 2, 4, 8 and 16, at which 2 % come nearest) 2 % win .72 and 4 %
.89.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from pydantic import Field

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
    unconverged,
)
from model.chance import Purpose, key_of
from model.chance import draw as chance
from model.networks import EdgeList, build_network
from model.rules.spiral import confidence
from model.scenario import load
from model.world import World

_DENSE = 8.0
"""The mean degree at which bots at peripheral places are judged."""
_REST = 100
"""Periods without a change of any voice after which it is called rest; climates go on drifting."""
_CERTAIN = 1000.0
"""Climate at which a bot begins: no history takes its voice."""


class Bots(Settings):
    """One world."""

    bots: float = Field(0.0, ge=0, le=1)
    """Share of the people who are bots for the first side."""
    position: Literal["random", "central", "peripheral"] = "random"
    """Which people are bots: anybody, those with most friends, or those with fewest."""
    citizens: int = Field(1_000, ge=10, le=1_000_000)
    degree: float = Field(2.0, ge=2)
    """Mean degree of the network of preferential attachment: with 2 it is a tree."""
    schedule: Literal["synchronous", "random_order"] = "synchronous"
    most_periods: int = Field(2_000, ge=1)


def bots_of(setting: Bots, network: EdgeList, luck: NDArray[np.float64]) -> NDArray[np.int64]:
    """Which people are bots; among equals it is drawn."""
    n = setting.citizens
    degree = np.bincount(np.r_[network.source, network.target], minlength=n)
    by = {"random": np.zeros(n), "central": -degree, "peripheral": degree}[setting.position]
    return np.lexsort((luck, by))[: round(setting.bots * n)]


def simulate(setting: Bots, seed: int) -> dict[str, Any]:
    """Which side most of those who speak in the end are on, and that of the most central one."""
    n = setting.citizens
    key = key_of(seed)
    people = np.arange(n, dtype=np.int64)

    def uniforms(what: int) -> Any:
        return chance(key, int(Purpose.event), what, people, 0)

    # half of the people on each side, drawn
    side = np.where(np.argsort(np.argsort(uniforms(0))) < n // 2, 1.0, -1.0)
    threshold, climate = uniforms(1), uniforms(2)
    network = build_network(load("no_institution").replace(
        generator="barabasi_albert", mean_degree=setting.degree, citizens=n, seed=seed
    ))  # fmt: skip
    bots = bots_of(setting, network, uniforms(3))
    side[bots], threshold[bots], climate[bots] = 1.0, 0.0, _CERTAIN
    world = World(
        **STILL, network=network, seed=seed, expression_rule="spiral",
        schedule=setting.schedule, threads=1,
        given={"conviction": side, "self_censorship": threshold, "climate": climate},
    )  # fmt: skip
    same, before = 0, world.expression
    while world.period < setting.most_periods and same < _REST:
        world.run(1)
        same = same + 1 if np.array_equal(world.expression, before) else 0
        before = world.expression
    said = world.expression
    first, second = int((said > 0.0).sum()), int((said < 0.0).sum())
    central = int(np.argmax(world.ties.arrays.degree))
    ahead = first > second if side[central] > 0.0 else second > first
    return {
        "first": first / n, "second": second / n, "first_wins": first > second,
        "central_wins": bool(ahead), "converged": same >= _REST, "periods": world.period,
    }  # fmt: skip


def points(full: bool) -> list[Point]:
    """Without bots under both update orders; with some, at peripheral and at random places."""
    judged, shown = (1_000, 1_000) if full else (150, 30)
    found = [Point(Bots(bots=share), shown if share else judged)
             for share in (0.0, 0.005, 0.01, 0.02, 0.04)]  # fmt: skip
    found.append(Point(Bots(schedule="random_order"), shown))
    return found + [
        Point(Bots(bots=share, position="peripheral", degree=_DENSE), many)
        for share, many in ((0.02, judged), (0.04, shown))
    ]


def judge(rows: Sequence[Row], full: bool) -> list[Finding]:
    """Confidence, exact; who wins."""
    exact: dict[str, Any] = {"error": 0.0, "level": Level.numerical}
    found = [
        Finding("confidence at u = 1.5", "exact", 0.635149, confidence(1.5), tolerance=5e-7,
                **exact),
        Finding("and after a step of −.5", "exact", 0.4621172, confidence(1.0), tolerance=5e-8,
                **exact),
    ]  # fmt: skip
    own = chosen(rows, bots=0.0, schedule="synchronous")
    share, error = share_of(own, "central_wins")
    found.append(Finding("the most central one's side wins (.60 to .70)", "pub", 0.65, share,
                         error, 0.05, len(own), unconverged(own)))  # fmt: skip
    return found


def draw(rows: Sequence[Row], findings: Sequence[Finding]) -> go.Figure:
    """How often the bots' side wins, by their share."""
    figure = figure_of(TARGET, findings)
    figure.add_trace(points_trace("published", [2.0, 4.0], [2.0 / 3.0] * 2, hollow=True))
    for position, degree, colour in (("random", 2.0, "#0072B2"),
                                     ("peripheral", _DENSE, "#009E73")):  # fmt: skip
        asked = chosen(rows, position=position, degree=degree, schedule="synchronous")
        shares = sorted({row["bots"] for row in asked})
        wins = [share_of(chosen(asked, bots=share), "first_wins") for share in shares]
        figure.add_trace(points_trace(f"this model, {position} places, {degree:g} friends",
                                      [100.0 * share for share in shares],
                                      [share for share, _ in wins],
                                      [1.96 * error for _, error in wins],
                                      colour=colour))  # fmt: skip
    figure.update_xaxes(title_text="percent who are bots for one side")
    figure.update_yaxes(title_text="share of worlds in which that side wins", range=[0, 1])
    return figure


def contrasts(rows: Sequence[Row]) -> list[Contrast]:
    """How often the most central one's side wins, under both update orders."""
    values = [
        (order.replace("_", " "), *share_of(chosen(rows, bots=0.0, schedule=order), "central_wins"))
        for order in ("synchronous", "random_order")
    ]
    bots = [(f"{share:.1%} {where}", *share_of(
        chosen(rows, bots=share, position=where.split(",")[0], degree=degree), "first_wins"))
        for where, degree, shares in (("random, 2 friends", 2.0, (0.005, 0.01, 0.02, 0.04)),
                                      ("peripheral, 8 friends", _DENSE, (0.02, 0.04)))
        for share in shares]  # fmt: skip
    return [Contrast("the most central one's side wins", "order", values),
            Contrast("bots' side wins", "place and density", bots)]  # fmt: skip


TARGET = Target(
    "ross", "How many bots tip the climate of opinion?",
    "Ross et al. 2019, European Journal of Information Systems 28(4)",
    "a scenario of the model: expression_rule = spiral, preferential attachment",
    Bots, simulate, points, judge, draw, contrasts,
)  # fmt: skip
