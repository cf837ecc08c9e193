"""Durrett et al. 2012: graph fission in an evolving voter model.

A tie between two opinions, drawn, and one end of it: with probability 1 − α it copies the other
end, else the tie moves from there to (i) a node of its own opinion or (ii) any node. An event loop
of its own, on the model's ties and draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go
from pydantic import Field

from experiments.docking.coevolving import (
    has_room,
    luck_of_event,
    luck_of_try,
    move_tie,
    opinions_from,
    random_holder,
    random_ties,
    take_opinion,
    until_rest,
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
from model.ties import has_space

RUN = {
    ("same", 0.40, 0.5): 0.024, ("same", 0.44, 0.5): 0.447, ("same", 0.50, 0.5): 0.486,
    ("any", 0.50, 0.5): 0.1252, ("any", 0.50, 0.25): 0.1236,
}  # fmt: skip
"""(to whom ties move, α, first share u) → share of the minority in the end, N = 10,000."""
_TOLERANCE = 0.02
_TRIES = 1_000


class Voters(Settings):
    """One run."""

    relink: Literal["same", "any"] = "same"
    """To whom a tie moves: a node of the own opinion, or any."""
    alpha: float = Field(0.5, ge=0, le=1)
    """Chance that a tie moves rather than an opinion."""
    first: float = Field(0.5, ge=0, le=1)
    """Share u that holds the first of the two opinions in the beginning."""
    citizens: int = Field(10_000, ge=10, le=1_000_000)
    degree: float = Field(4.0, gt=0)
    most_events: int = Field(100_000, ge=1)
    """Events a person at most."""


@compiled
def live(opinions, ties, alpha, to_same, key, begin, end):
    """Events from ``begin`` to ``end``; returns where it stopped: at rest, or for want of room."""
    citizens = len(opinions.of)
    widest = 0
    for i in range(citizens):
        widest = max(widest, int(opinions.opposed[i]))
    for number in range(begin, end):
        if opinions.counts[1] == 0:
            return number
        if not (has_space(ties, citizens) and has_room(opinions)):
            return number
        # an end of a discordant tie: a person, by the number of such ties, then one of them
        u_who, u_keep, u_which, u_what = luck_of_event(key, number)
        i = int(opinions.active[below(u_who, int(opinions.counts[0]))])
        attempt = 0
        while u_keep * widest >= opinions.opposed[i]:
            attempt += 1
            u_who, u_keep, u_which, u_what = luck_of_try(key, number, attempt)
            i = int(opinions.active[below(u_who, int(opinions.counts[0]))])
        left = below(u_which, int(opinions.opposed[i]))
        slot = int(ties.start[i])
        while True:
            j = int(ties.friend[slot])
            if opinions.of[j] != opinions.of[i]:
                if left == 0:
                    break
                left -= 1
            slot += 1
        if u_what >= alpha:
            take_opinion(opinions, ties, i, int(opinions.of[j]))
            for slot in range(int(ties.start[i]), int(ties.start[i]) + int(ties.degree[i])):
                widest = max(widest, int(opinions.opposed[ties.friend[slot]]))
            widest = max(widest, int(opinions.opposed[i]))
            continue
        for _ in range(_TRIES):
            attempt += 1
            u_new, _, _, _ = luck_of_try(key, number, attempt)
            k = below(u_new, citizens)
            if to_same:
                k = random_holder(opinions, int(opinions.of[i]), u_new)
            if k != i:
                move_tie(opinions, ties, i, j, k)
                widest = max(widest, int(opinions.opposed[i]), int(opinions.opposed[k]))
                break
    return end


def simulate(voters: Voters, seed: int) -> dict[str, Any]:
    """The minority's share when no tie joins the two opinions any more."""
    ties = random_ties(voters.citizens, voters.degree, seed)
    key = key_of(seed)
    people = np.arange(voters.citizens, dtype=np.int64)
    luck: Any = chance(key, int(Purpose.conviction), 0, people, 0)
    opinions = opinions_from((luck >= voters.first).astype(np.int32), 2, ties.arrays)
    number, opinions = until_rest(
        lambda now, begin, end: live(
            now, ties.arrays, voters.alpha, voters.relink == "same", key, begin, end
        ),
        opinions, ties, voters.most_events * voters.citizens,
    )  # fmt: skip
    return {
        "minority": float(opinions.holders.min() / voters.citizens),
        "converged": bool(opinions.counts[1] == 0), "events": number / voters.citizens,
    }  # fmt: skip


def points(full: bool) -> list[Point]:
    """The published points, always at their size: fewer people leave a larger minority."""
    many = 20 if full else 2
    return [Point(Voters.model_validate({"relink": relink, "alpha": alpha, "first": first}), many)
            for relink, alpha, first in RUN]  # fmt: skip


def judge(rows: Sequence[Row], full: bool) -> list[Finding]:
    """The minority's share; and that it doesn't depend on u where ties move to anybody."""
    found = []
    for (relink, alpha, first), published in RUN.items():
        own = chosen(rows, relink=relink, alpha=alpha, first=first)
        mean, error = mean_of(own, "minority")
        who = "to own opinion" if relink == "same" else "to anybody"
        found.append(Finding(f"{who}, α = {alpha:g}, u = {first:g}: minority", "run", published,
                             mean, error, _TOLERANCE, len(own),
                             unconverged(own)))  # fmt: skip
    a, b = (mean_of(chosen(rows, relink="any", first=u), "minority") for u in (0.5, 0.25))
    error = float(np.hypot(a[1], b[1]))
    found.append(Finding("universality: u = .25 less u = .5", "run", 0.1236 - 0.1252, b[0] - a[0],
                         error, 0.01, len(chosen(rows, relink="any", first=0.25))))  # fmt: skip
    return found


def draw(rows: Sequence[Row], findings: Sequence[Finding]) -> go.Figure:
    """The minority in the end, by α and by how ties move."""
    figure = figure_of(TARGET, findings)
    names = [f"{'own' if r == 'same' else 'any'}, α = {a:g}, u = {u:g}" for r, a, u in RUN]
    figure.add_trace(points_trace("regenerated by others", names, list(RUN.values()), hollow=True))
    means = [mean_of(chosen(rows, relink=r, alpha=a, first=u), "minority") for r, a, u in RUN]
    figure.add_trace(points_trace("these ties and draws", names, [mean for mean, _ in means],
                                  [1.96 * error for _, error in means]))  # fmt: skip
    figure.update_xaxes(title_text="to whom ties move, how often they do, and the first share")
    figure.update_yaxes(title_text="share of the minority in the end", rangemode="tozero")
    return figure


TARGET = Target(
    "durrett", "When does a society split rather than agree?",
    "Durrett et al. 2012, PNAS 109(10)",
    "an event loop of its own on the model's ties and draws",
    Voters, simulate, points, judge, draw,
)  # fmt: skip
