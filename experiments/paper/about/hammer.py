"""Hammer against drug: arrests and scores at equal cost to the institution."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from experiments.paper.judging import Judged, mean_and_half, sign
from experiments.paper.study import Tables
from experiments.paper.style import colour, course, exact, finish, name_ends
from experiments.paper.text import mean_text, rounded

PART = "hammer_and_drug"
SHOWN = {
    "arrests": "arrests",
    "conduct_only": "conduct rule",
    "guilt_by_association": "association",
}
COST = 0.15
COSTS = np.array([0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3])
PANELS = {
    "dissent": ("open dissent", 100.0, "%"), "self_censorship": ("self-censorship", 100.0, "%"),
    "falsification_gap": ("falsification gap", 1.0, ""), "mean_degree": ("friends", 1.0, ""),
}  # fmt: skip

FOUND = """
At a cost of {cost} a citizen and period arrests leave {dissent_arrests} of citizens dissenting,
the conduct rule {dissent_conduct_only} and guilt by association {dissent_guilt_by_association}.
The falsification gap (what people think less what they say) is then {gap_arrests},
{gap_conduct_only} and {gap_guilt_by_association}; private critics who don't dissent are
{censored_arrests}, {censored_conduct_only} and {censored_guilt_by_association}. Arrests cost
{cost_arrests} at a detection of .15, of which .15 is watching; scores cost what watching costs.
Up to a cost of {crossing} guilt by association leaves less open dissent than arrests, beyond it
more.
"""

LIMITS = """
Cost is what watching and detaining cost, at one unit each; what a score's administration, its
benefits, or lost work cost is left out, and another price of a detention shifts the arrests'
curve along the axis. Values between the detections run are interpolated linearly in each
replicate. Arrests here fall on half of those who are recorded and last ten periods.
"""


def _at_cost(
    tables: Tables, measure: str, scenario: str, costs: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(replicates, costs) a measure where the institution costs so much; nan outside the runs."""
    table = tables[PART]
    detections = table.results.levels("detection")
    cost, value = (
        np.array([table.values(name, scenario=scenario, detection=d) for d in detections])
        for name in ("institution_cost", measure)
    )
    found = np.empty((cost.shape[1], len(costs)))
    for r in range(cost.shape[1]):
        order = np.argsort(cost[:, r])
        found[r] = np.interp(costs, cost[order, r], value[order, r], left=np.nan, right=np.nan)
    return found


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
        sign(f"falsification gap at a cost of {COST:g}: association − arrests",
             gap["guilt_by_association"] - gap["arrests"], 1),
    ]  # fmt: skip


def _crossing(tables: Tables) -> float:
    """The cost up to which guilt by association leaves less dissent than arrests, of the means."""
    costs = np.linspace(0.02, 0.4, 381)
    association, arrests = (_at_cost(tables, "dissent", name, costs).mean(axis=0)
                            for name in ("guilt_by_association", "arrests"))  # fmt: skip
    less = np.flatnonzero(association < arrests)
    return float(costs[less[-1]]) if len(less) else float("nan")


def numbers(tables: Tables) -> Mapping[str, str]:
    """What the text quotes."""
    found = {"cost": rounded(COST, 2), "crossing": rounded(_crossing(tables), 2)}
    for name in SHOWN:
        found[f"dissent_{name}"] = mean_text(_at(tables, "dissent", name), 100.0, " %")
        found[f"censored_{name}"] = mean_text(_at(tables, "self_censorship", name), 100.0, " %")
        found[f"gap_{name}"] = mean_text(_at(tables, "falsification_gap", name))
    found["cost_arrests"] = mean_text(
        tables[PART].values("institution_cost", scenario="arrests", detection=0.15)
    )
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
            known = ~np.isnan(values).any(axis=0)
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
        name_ends(drawn, 0.335, ends, (max(seen) - min(seen)) * 0.08, row, column)
        drawn.update_xaxes(
            title_text="cost a citizen and period", range=[0.0, 0.46],
            tickvals=[0, 0.1, 0.2, 0.3], row=row, col=column,
        )  # fmt: skip
        drawn.update_yaxes(title_text=unit, row=row, col=column)
    crossing = numbers["crossing"]
    finish(
        drawn, f"Cheap institutions silence better by guilt by association, dear ones by arrests: "
        f"the two meet at a cost of {crossing} a citizen and period", 520,
        "Dots: detections run, from .01 to .45. Lines: interpolated in each of 20 twin replicates "
        "of 2,000 citizens, with 95 % intervals. Cost: watching everybody 1, a citizen in "
        "detention 1.",
    )  # fmt: skip
    return drawn
