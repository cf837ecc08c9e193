"""Holme & Newman 2006: nonequilibrium phase transition in the coevolution of ties and opinions.

A node, drawn; with probability φ the far end of one of its ties moves to a node of its own opinion,
else it copies a neighbour. An event loop of its own, on the model's ties and draws. As the rule has
it two nodes may come to share several ties.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from pydantic import Field

from experiments.docking.coevolving import (
    has_room,
    largest_component,
    luck_of_event,
    luck_of_try,
    move_tie,
    opinions_from,
    random_friend,
    random_holder,
    take_opinion,
    with_fresh_room,
)
from experiments.docking.figure import figure_of, points_trace
from experiments.docking.target import (
    Finding,
    Point,
    Row,
    Settings,
    Target,
    chosen,
    mean_of,
    unconverged,
)
from model.chance import Purpose, below, key_of
from model.chance import draw as chance
from model.compilation import compiled
from model.networks import build_network
from model.scenario import load
from model.ties import Ties, has_space

RUN = {0.0: (0.981, 0.001), 0.3: (0.834, 0.004), 0.4: (0.425, 0.011), 0.5: (0.0248, 0.0008),
       0.6: (0.0146, 0.0004)}  # fmt: skip
"""φ → largest component/N and its standard error at N = 3,200, from independent code."""
_CRITICAL = 0.458
_TRIES = 64
_EVENTS = 10_000_000


class Society(Settings):
    """One run."""

    phi: float = Field(0.4, ge=0, le=1)
    """Chance that a tie moves rather than an opinion."""
    citizens: int = Field(3_200, ge=10, le=1_000_000)
    degree: float = Field(4.0, gt=0)
    """Mean degree k."""
    gamma: float = Field(10.0, ge=1)
    """People for each opinion."""
    most_events: int = Field(100_000, ge=1)
    """Events a person at most."""


@compiled
def live(opinions, ties, phi, key, begin, end):
    """Events from ``begin`` to ``end``; returns where it stopped: at rest, or for want of room."""
    citizens = len(opinions.of)
    for number in range(begin, end):
        if opinions.counts[1] == 0:
            return number
        if not (has_space(ties, citizens) and has_room(opinions)):
            return number
        u_who, u_what, u_friend, u_new = luck_of_event(key, number)
        i = below(u_who, citizens)
        if ties.degree[i] == 0:
            continue
        j = random_friend(ties, i, u_friend)
        if u_what >= phi:
            if opinions.of[i] != opinions.of[j]:
                take_opinion(opinions, ties, i, int(opinions.of[j]))
            continue
        for attempt in range(_TRIES):
            if attempt > 0:
                u_new, _, _, _ = luck_of_try(key, number, attempt)
            k = random_holder(opinions, int(opinions.of[i]), u_new)
            if k != i:
                move_tie(opinions, ties, i, j, k)
                break
    return end


def simulate(society: Society, seed: int) -> dict[str, Any]:
    """The largest community when no tie joins two opinions any more."""
    scenario = load("no_institution").replace(
        citizens=society.citizens, generator="erdos_renyi", mean_degree=society.degree, seed=seed
    )
    network = build_network(scenario)
    ties = Ties(society.citizens, network.source, network.target, society.citizens)
    key = key_of(seed)
    many = max(round(society.citizens / society.gamma), 1)
    people = np.arange(society.citizens, dtype=np.int64)
    first: Any = chance(key, int(Purpose.conviction), 0, people, 0)
    opinions = opinions_from((first * many).astype(np.int32), many, ties.arrays)
    most = society.most_events * society.citizens
    number = 0
    while number < most and opinions.counts[1] > 0:
        done = live(opinions, ties.arrays, society.phi, key, number, min(number + _EVENTS, most))
        if done < most and opinions.counts[1] > 0:
            if not has_space(ties.arrays, society.citizens):
                ties.grow()
            if not has_room(opinions):
                opinions = with_fresh_room(opinions, ties.arrays)
        number = done
    return {
        "largest": largest_component(ties) / society.citizens,
        "converged": bool(opinions.counts[1] == 0), "events": number / society.citizens,
    }  # fmt: skip


def points(full: bool) -> list[Point]:
    """The published values of φ."""
    quick = {0.0: 4, 0.3: 3, 0.4: 4}  # the slow ones less often
    return [Point(Society(phi=phi), 100 if full else quick.get(phi, 20)) for phi in RUN]


def judge(rows: Sequence[Row], full: bool) -> list[Finding]:
    """Within three combined standard errors, as the target asks."""
    found = []
    for phi, (published, published_error) in RUN.items():
        own = chosen(rows, phi=phi)
        mean, error = mean_of(own, "largest")
        tolerance = 3.0 * float(np.hypot(error, published_error))
        found.append(Finding(f"φ = {phi:g}: largest community/N", "run", published, mean, error,
                             tolerance, len(own), unconverged(own),
                             published_error=published_error))  # fmt: skip
    return found


def draw(rows: Sequence[Row], findings: Sequence[Finding]) -> go.Figure:
    """The largest community against φ, with the published critical point."""
    figure = figure_of(TARGET, findings)
    figure.add_vline(x=_CRITICAL, line={"color": "#888", "dash": "dot"})
    published = list(RUN.values())
    bars = [1.96 * error for _, error in published]
    figure.add_trace(points_trace("regenerated by others", list(RUN), [s for s, _ in published],
                                  bars, hollow=True))  # fmt: skip
    means = [mean_of(chosen(rows, phi=phi), "largest") for phi in RUN]
    figure.add_trace(points_trace("these ties and draws", list(RUN), [mean for mean, _ in means],
                                  [1.96 * error for _, error in means]))  # fmt: skip
    figure.update_xaxes(title_text="φ: chance that a tie moves (dotted: published φc = .458)")
    figure.update_yaxes(title_text="largest community/N")
    return figure


TARGET = Target(
    "holme_newman", "Do people change their opinion, or their friends?",
    "Holme & Newman 2006, Physical Review E 74(5)",
    "an event loop of its own on the model's ties and draws",
    Society, simulate, points, judge, draw,
)  # fmt: skip
