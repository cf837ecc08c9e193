"""Hammer against drug: arrests and scores at equal cost to the institution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from experiments.paper.judging import (
    CONTRADICTED,
    SUPPORTED,
    UNDECIDED,
    Judged,
    mean_and_half,
    sign,
)
from experiments.paper.study import Table, Tables
from experiments.paper.style import colour, course, exact, finish, name_ends
from experiments.paper.text import mean_text, rounded

PART, FELT = "hammer_and_drug", "hammer_felt"
SHOWN = {
    "arrests": "arrests",
    "conduct_only": "conduct rule",
    "guilt_by_association": "association",
}
COST = 0.15
COSTS = np.array([0.02, 0.03, 0.04, 0.05, 0.06, 0.075, 0.1, 0.125, 0.15, 0.2, 0.25, 0.3, 0.4, 0.45])
PANELS = {
    "dissent": ("open dissent", 100.0, "%"), "self_censorship": ("self-censorship", 100.0, "%"),
    "falsification_gap": ("falsification gap", 1.0, ""), "mean_degree": ("friends", 1.0, ""),
}  # fmt: skip

FOUND = """
At a cost of {cost} a citizen and period arrests leave {dissent_arrests} of citizens dissenting,
the conduct rule {dissent_conduct_only} and guilt by association {dissent_guilt_by_association};
{detained} of citizens are then in detention, and count as not dissenting. Guilt by association
leaves less open dissent than arrests up to a cost of {crossing}, beyond it more. *The ranking
hangs on what a detention is felt to cost*, which is assumed (.2 of utility a period): at .1
arrests leave {felt_less} for the same cost to the institution, at .3 {felt_more}. The
falsification gap (what people think less what they say) is {gap_arrests} under arrests,
{gap_conduct_only} under the conduct rule and {gap_guilt_by_association} under guilt by
association: wider than under arrests for the last by {gap_wider}, and *narrower* for the conduct
rule by {gap_narrower}. Private critics who don't dissent are {censored_arrests},
{censored_conduct_only} and {censored_guilt_by_association}. Of the cost at a detection of .15, of
which watching is .15, arrests spend {beyond_arrests} more, guilt by association
{beyond_guilt_by_association}. Circles: guilt by association ends {cut_guilt_by_association}
friendships a citizen at a detection of .15 and leaves {friends_guilt_by_association} friends,
arrests leave {friends_arrests}, the conduct rule {friends_conduct_only} (who loses a friend finds
another, and so does the friend).
"""

LIMITS = """
Cost is what watching, dealing with records (.6 each, without scores too) and detaining cost, at
one unit for a citizen watched or detained all the time; what a score's administration, its
benefits, or lost work cost is left out, and another price of a detention shifts the arrests'
curve along the axis. The world of arrests has neither benefits nor a reward for praise. Values
between the detections run are interpolated in each replicate, dissent in logarithms. Arrests fall
on half of those who are recorded and last ten periods.
"""


def _at_cost(
    tables: Tables, measure: str, scenario: str, costs: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(replicates, costs) a measure where the institution costs so much; nan outside the runs."""
    return _interpolated(tables[PART], measure, costs, scenario=scenario)


def _interpolated(
    table: Table, measure: str, costs: NDArray[np.float64], **point: Any
) -> NDArray[np.float64]:
    detections = table.results.levels("detection")
    cost, value = (
        np.array([table.values(name, detection=d, **point) for d in detections])
        for name in ("institution_cost", measure)
    )
    convex = measure == "dissent" and bool((value > 0.0).all())
    if convex:  # it falls by a share for each step of cost: a chord would lie above it
        value = np.log(value)
    found = np.empty((cost.shape[1], len(costs)))
    for r in range(cost.shape[1]):
        order = np.argsort(cost[:, r])
        found[r] = np.interp(costs, cost[order, r], value[order, r], left=np.nan, right=np.nan)
    return np.exp(found) if convex else found


def _at(tables: Tables, measure: str, scenario: str) -> NDArray[np.float64]:
    return _at_cost(tables, measure, scenario, np.array([COST]))[:, 0]


def judge(tables: Tables) -> list[Judged]:
    """Each hypothesis against the runs, paired by replicate."""
    dissent = {name: _at(tables, "dissent", name) for name in SHOWN}
    gap = {name: _at(tables, "falsification_gap", name) for name in SHOWN}
    return [
        sign(f"share dissenting at a cost of {COST:g}: association − arrests",
             dissent["guilt_by_association"] - dissent["arrests"], -1,
             "0: as much for the same cost"),
        sign(f"share dissenting at a cost of {COST:g}: conduct − association",
             dissent["conduct_only"] - dissent["guilt_by_association"], 1),
        _both(gap["guilt_by_association"] - gap["arrests"], gap["conduct_only"] - gap["arrests"]),
    ]  # fmt: skip


def _both(association: NDArray[np.float64], conduct: NDArray[np.float64]) -> Judged:
    """Scores are two rules here: the expectation holds if it holds for both."""
    rules = {"conduct": conduct, "association": association}
    judged = {name: sign("", values, 1) for name, values in rules.items()}
    order = (CONTRADICTED, UNDECIDED, SUPPORTED)
    worse, other = sorted(rules, key=lambda name: order.index(judged[name].verdict))
    claim = f"falsification gap at a cost of {COST:g}: {worse} − arrests"
    told = f"0; {other} − arrests, {judged[other].verdict}: {mean_text(rules[other])}"
    return sign(claim, rules[worse], 1, told)


def _crossing(tables: Tables) -> NDArray[np.float64]:
    """(replicates,) the cost up to which guilt by association leaves less dissent than arrests."""
    costs = np.linspace(0.02, 0.4, 381)
    association, arrests = (_at_cost(tables, "dissent", name, costs)
                            for name in ("guilt_by_association", "arrests"))  # fmt: skip
    found = np.full(len(association), np.nan)
    for r, row in enumerate(association < arrests):
        if row.any():
            found[r] = costs[np.flatnonzero(row)[-1]]
    return found


def numbers(tables: Tables) -> Mapping[str, str]:
    """What the text quotes."""
    table, at = tables[PART], {"detection": 0.15}
    gap = {name: _at(tables, "falsification_gap", name) for name in SHOWN}
    found = {"cost": rounded(COST, 2), "crossing": mean_text(_crossing(tables)),
             "detained": mean_text(_at(tables, "detained", "arrests"), 100.0, " %"),
             "gap_wider": mean_text(gap["guilt_by_association"] - gap["arrests"]),
             "gap_narrower": mean_text(gap["arrests"] - gap["conduct_only"])}  # fmt: skip
    for name in SHOWN:
        found[f"dissent_{name}"] = mean_text(_at(tables, "dissent", name), 100.0, " %")
        found[f"censored_{name}"] = mean_text(_at(tables, "self_censorship", name), 100.0, " %")
        found[f"gap_{name}"] = mean_text(gap[name])
        found[f"friends_{name}"] = mean_text(table.values("mean_degree", scenario=name, **at))
        found[f"cut_{name}"] = mean_text(table.values("ties_cut_final", scenario=name, **at))
        found[f"beyond_{name}"] = mean_text(
            table.values("institution_cost", scenario=name, **at) - 0.15
        )
    for name, felt in (("felt_less", 0.1), ("felt_more", 0.3)):
        there = _interpolated(tables[FELT], "dissent", np.array([COST]), detention_cost=felt)
        found[name] = mean_text(there[:, 0], 100.0, " %")
    return found


def figure(tables: Tables, numbers: Mapping[str, str]) -> go.Figure:
    """Four measures against cost."""
    table = tables[PART]
    drawn = make_subplots(
        rows=2, cols=2, horizontal_spacing=0.12, vertical_spacing=0.17,
        subplot_titles=[title for title, _, _ in PANELS.values()],
    )  # fmt: skip
    for k, (measure, (_, scale, unit)) in enumerate(PANELS.items()):
        row, column = k // 2 + 1, k % 2 + 1
        ends, seen = [], []
        for ink, (name, label) in enumerate(SHOWN.items()):
            values = _at_cost(tables, measure, name, COSTS) * scale
            known = ~np.isnan(values).any(axis=0)  # within what every replicate has run
            course(drawn, COSTS[known], values[:, known], colour(ink), row, column)
            costs, told = (
                [mean_and_half(table.values(which, scenario=name, detection=d))[0] * factor
                 for d in table.results.levels("detection")]
                for which, factor in (("institution_cost", 1.0), (measure, scale))
            )  # fmt: skip
            drawn.add_scatter(
                x=exact(costs), y=exact(told), mode="markers",
                marker={"size": 4, "color": colour(ink)}, row=row, col=column,
            )  # fmt: skip
            ends.append((label, float(np.nanmean(values[:, known][:, -1])), colour(ink)))
            seen += told
        name_ends(drawn, 0.49, ends, (max(seen) - min(seen)) * 0.08, row, column)
        drawn.update_xaxes(
            title_text="cost a citizen and period", range=[0.0, 0.68],
            tickvals=[0, 0.1, 0.2, 0.3, 0.4], row=row, col=column,
        )  # fmt: skip
        drawn.update_yaxes(title_text=unit, row=row, col=column)
    crossing = numbers["crossing"]
    finish(
        drawn, "Cheap institutions silence more by guilt by association, dear ones by arrests, as "
        f"a detention is felt here: the two meet at a cost of {crossing}", 520,
        "Dots: detections run, from .01 to .45. Lines: interpolated in each of 20 twin replicates "
        "of 2,000 citizens, with 95 % intervals. Cost: watching everybody 1, a citizen in "
        "detention 1, a record .6.",
    )  # fmt: skip
    return drawn
