"""Centola, Willer & Macy 2005: the emperor's dilemma. A norm that few believe in, enforced by all.

A scenario of the model: peer enforcement (M23) alone, one after the other. To comply is to praise
(x = −1), a believer's conviction is c = −1 and a disbeliever's is drawn from U(.01, .38); β = ∞ and
p_e = 1 make the model's rule that of the paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import networkx as nx
import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from pydantic import Field

from experiments.docking.figure import figure_of, points_trace
from experiments.docking.still import STILL, run_until_rest
from experiments.docking.target import (
    Contrast,
    Finding,
    Level,
    Point,
    Row,
    Settings,
    Target,
    chosen,
    mean_of,
    share_of,
    unconverged,
)
from model.chance import Purpose, key_of
from model.chance import draw as chance
from model.networks.edges import EdgeList, from_networkx
from model.world import World

_SIDE = 25
_MOST = 300
"""Periods after which what goes on flickering is measured as it is: with 1 % of believers most runs
do, and compliance still creeps up with the logarithm of time."""
_CASCADE = 0.9
"""Compliance above which nearly all have given in."""
RUN = {("random", 0.01): (0.175, 0.024), ("random", 0.05): (0.992, 0.001),
       ("clustered", 0.05): (0.988, 0.004)}  # fmt: skip
"""Where believers are, and their share → compliance and its standard error, from 200 runs."""


_MANY = (0.3, 0.6)
"""Shares of believers at which they make others comply less than a few believers do."""
_COMPLETE = ((0.15, "<", 0.1), (0.20, "<", 0.1), (0.30, ">", 0.5))
"""Share of believers on the complete graph, and whether they set off a cascade in most runs."""


class Neighbourhood(Settings):
    """A torus of 25 × 25 with eight neighbours each, some ties rewired; or everybody's friends."""

    believers: float = Field(0.05, ge=0, le=1)
    """Share of true believers."""
    where: Literal["random", "clustered"] = "random"
    network: Literal["torus", "complete"] = "torus"
    bridges: float = Field(0.0, ge=0, le=1)
    """Share of ties that lead to anybody instead."""
    schedule: Literal["random_order", "synchronous"] = "random_order"


def torus(bridges: float, luck: NDArray[np.float64]) -> EdgeList:
    """The Moore torus; each tie's far end moves with chance ``bridges`` to somebody drawn."""
    graph = nx.Graph()
    places = [(a, b) for a in range(_SIDE) for b in range(_SIDE)]
    number = {place: k for k, place in enumerate(places)}
    graph.add_nodes_from(range(len(places)))
    ties = [
        (number[a, b], number[(a + da) % _SIDE, (b + db) % _SIDE])
        for a, b in places for da, db in ((0, 1), (1, 0), (1, 1), (1, -1))
    ]  # fmt: skip
    graph.add_edges_from(ties)
    for k, (i, j) in enumerate(ties):
        if luck[k, 0] < bridges:
            other = int(luck[k, 1] * len(places))
            if other != i and not graph.has_edge(i, other):
                graph.remove_edge(i, j)
                graph.add_edge(i, other)
    return from_networkx(graph)


def believers_of(setting: Neighbourhood, order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Who believes: the first of a random order, or those nearest to one place."""
    many = round(setting.believers * _SIDE**2)
    if setting.where == "random":
        return order[:many]
    a, b = np.divmod(np.arange(_SIDE**2), _SIDE)
    return np.lexsort((b, a, np.maximum(abs(a - _SIDE // 2), abs(b - _SIDE // 2))))[:many]


def simulate(setting: Neighbourhood, seed: int) -> dict[str, Any]:
    """The share that complies in the end, of all and of those who don't believe in the norm."""
    n = _SIDE**2
    key = key_of(seed)
    people = np.arange(n, dtype=np.int64)

    def uniforms(what: int, who: Any = people) -> Any:
        return chance(key, int(Purpose.event), what, who, 0)

    ties = np.arange(4 * n, dtype=np.int64)
    network = (
        torus(setting.bridges, np.column_stack([uniforms(2, ties), uniforms(3, ties)]))
        if setting.network == "torus" else from_networkx(nx.complete_graph(n))
    )  # fmt: skip
    conviction = 0.01 + 0.37 * uniforms(0)
    conviction[believers_of(setting, np.argsort(uniforms(1)))] = -1.0
    world = World(
        **STILL, network=network, schedule=setting.schedule, seed=seed,
        rationality=float("inf"), peer_pressure=1.0, enforcement_cost=0.125, threads=1,
        given={"conviction": conviction, "expression": np.sign(conviction)},
    )  # fmt: skip

    def state(now: World) -> Any:
        return np.stack([now.now.record, now.now.life.marks.astype(np.int64)])

    converged = run_until_rest(world, _MOST, state)
    complying, against = world.expression < 0.0, conviction > 0.0
    return {
        "complying": float(complying.mean()), "cascade": bool(complying.mean() > _CASCADE),
        "falsifying": float(complying[against].mean()) if against.any() else 0.0,
        "converged": converged,
        "periods": world.period,
    }  # fmt: skip


def points(full: bool) -> list[Point]:
    """The published points, the complete graph on both sides, bridges, and the other schedule."""
    many = 200 if full else 16
    few = 20 if full else 12
    found = [
        Point(Neighbourhood.model_validate({"where": where, "believers": share}), many)
        for where, share in RUN
    ]
    found += [Point(Neighbourhood(network="complete", believers=share), few)
              for share, _, _ in _COMPLETE]  # fmt: skip
    found += [Point(Neighbourhood(where="clustered", bridges=b), many) for b in (0.1, 0.3)]
    found += [Point(Neighbourhood(believers=share), few) for share in _MANY]
    found.append(Point(Neighbourhood(where="clustered", schedule="synchronous"), many))
    return found


def judge(rows: Sequence[Row], full: bool) -> list[Finding]:
    """Compliance on the torus; where the complete graph gives way; what bridges do."""
    serial = chosen(rows, schedule="random_order")
    found = []
    for (where, share), (published, published_error) in RUN.items():
        own = chosen(serial, where=where, believers=share, network="torus", bridges=0.0)
        mean, error = mean_of(own, "complying")
        tolerance = 3.0 * float(np.hypot(error, published_error))
        found.append(Finding(f"torus, {share:.0%} {where}: complying", "run", published, mean,
                             error, tolerance, len(own), unconverged(own),
                             published_error=published_error, by_errors=True))  # fmt: skip
    for share, relation, bound in _COMPLETE:
        own = chosen(rows, network="complete", believers=share)
        cascades, error = share_of(own, "cascade")
        found.append(Finding(f"complete graph, {share:.0%} believers: P(cascade)", "run", bound,
                             cascades, error, 0.0, len(own),
                             unconverged(own), Level.relational, relation))  # fmt: skip
    lattice = mean_of(chosen(serial, where="clustered", network="torus", bridges=0.0), "complying")
    for bridges in (0.1, 0.3):
        own = chosen(rows, where="clustered", bridges=bridges)
        mean, error = mean_of(own, "complying")
        both = float(np.hypot(error, lattice[1]))
        found.append(Finding(f"{bridges:.0%} bridges: complying, less without", "pub", 0.0,
                             mean - lattice[0], both, 0.0, len(own),
                             unconverged(own), Level.relational, "<"))  # fmt: skip
    few = mean_of(chosen(serial, where="random", network="torus", believers=0.05), "falsifying")
    for share in _MANY:
        own = chosen(serial, where="random", network="torus", believers=share)
        mean, error = mean_of(own, "falsifying")
        found.append(Finding(f"{share:.0%} believers: disbelievers complying, less at 5%", "pub",
                             0.0, mean - few[0], float(np.hypot(error, few[1])), 0.0, len(own),
                             unconverged(own), Level.relational, "<"))  # fmt: skip
    return found


def draw(rows: Sequence[Row], findings: Sequence[Finding]) -> go.Figure:
    """Compliance in all settings."""
    figure = figure_of(TARGET, findings)
    settings = list(dict.fromkeys(tuple(row[name] for name in Neighbourhood.model_fields)
                                  for row in rows))  # fmt: skip
    names, means, bars = [], [], []
    for setting in settings:
        which = dict(zip(Neighbourhood.model_fields, setting, strict=True))
        mean, error = mean_of(chosen(rows, **which), "complying")
        name = f"{which['network']}, {which['believers']:.0%} {which['where']}"
        name += f", {which['bridges']:.0%} bridges" if which["bridges"] else ""
        name += ", synchronous" if which["schedule"] == "synchronous" else ""
        names.append(name)
        means.append(mean)
        bars.append(1.96 * error)
    figure.add_trace(points_trace("this model", names, means, bars))
    published = [f"torus, {share:.0%} {where}" for where, share in RUN]
    figure.add_trace(points_trace("regenerated by others", published,
                                  [mean for mean, _ in RUN.values()],
                                  [1.96 * error for _, error in RUN.values()],
                                  hollow=True))  # fmt: skip
    figure.update_xaxes(tickangle=-40, automargin=True)
    figure.update_yaxes(title_text="share that complies in the end", range=[-0.02, 1.05])
    return figure


def contrasts(rows: Sequence[Row]) -> list[Contrast]:
    """The torus with a cluster of believers, under both update orders."""
    values = []
    for order in ("random_order", "synchronous"):
        own = chosen(rows, where="clustered", believers=0.05, bridges=0.0, schedule=order)
        values.append((order.replace("_", " "), *mean_of(own, "complying")))
    return [Contrast("torus, 5 % clustered: complying", "order", values)]


TARGET = Target(
    "centola", "Can a norm that nearly nobody believes in be enforced by all?",
    "Centola, Willer & Macy 2005, American Journal of Sociology 110(4)",
    "a scenario of the model: peer enforcement (M23), schedule = random_order",
    Neighbourhood, simulate, points, judge, draw, contrasts,
)  # fmt: skip
