"""Gamification: bunching above the thresholds, and rewards against punishments."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from experiments.paper.judging import Judged, mean_and_half, sign, within
from experiments.paper.study import Tables
from experiments.paper.style import colour, course, exact, finish, name_ends
from experiments.paper.text import mean_text, rounded

PART, PUNISHED, REWARDED = "gamification", "punishments", "rewards"
WORTH, AHEAD = 0.5, 10.0
COST = 0.5
LEVELS = {PUNISHED: "dissent_penalty", REWARDED: "praise_reward"}
PAID = {PUNISHED: "flagged", REWARDED: "praise"}
"""The share of citizens who are moved by so many points each period."""

FOUND = """
Where a travel permit is worth .5 and people look ten periods ahead, {bunching_worth} of citizens
more stand just above 700 than a smooth distribution would have there; where it is worth nothing
{bunching_nothing}, and {bunching_dear} where it is worth 1. Who looks one period ahead bunches
{bunching_near}, who looks 30 ahead {bunching_far}. A visa worth .5 makes {visa_worth} bunch above
750, one worth nothing {visa_nothing}. For {cost} points moved a citizen and period the least open
dissent that punishments buy is {least_punishments}, and that rewards buy {least_rewards}: what
punishments move is {peak} at most, since a threat that works need not be carried out. The largest
punishment (160 points) makes {praise_punishments} praise, the largest reward (4 points)
{praise_rewards}.
"""

LIMITS = """
Excess is told against a smooth curve fitted to scores away from both thresholds, which on scores
without any benefit is off by the figure given above for benefits worth nothing. Nobody here
cheats, buys points or knows the rule wrongly. Cost is points moved, up or down, by who is on
record and who praises; what points cost an institution nobody has said. Penalties of 80 and 160
points were added after a first look.
"""


def _bunching(tables: Tables, measure: str, **changed: float) -> NDArray[np.float64]:
    point = {"travel_value": 0.0, "visa_value": 0.0, "foresight": AHEAD} | changed
    return tables[PART].values(measure, **point)


def _moved(tables: Tables, part: str) -> NDArray[np.float64]:
    """(replicates, levels) points moved a citizen and period."""
    table, name = tables[part], LEVELS[part]
    return np.array([table.values(PAID[part], **{name: level}) * level
                     for level in table.results.levels(name)]).T  # fmt: skip


def _by_level(tables: Tables, part: str, measure: str) -> NDArray[np.float64]:
    """(replicates, levels) of a measure."""
    table, name = tables[part], LEVELS[part]
    return np.array([table.values(measure, **{name: level})
                     for level in table.results.levels(name)]).T  # fmt: skip


def _least(tables: Tables, part: str) -> NDArray[np.float64]:
    """(replicates,) the least dissent for a cost of at most ``COST``, linear between levels.

    What punishments move grows with the penalty at first and falls again where hardly anybody
    dares: one cost may belong to two penalties, and an institution would take the harsher one.
    """
    moved, dissent = _moved(tables, part), _by_level(tables, part, "dissent")
    share = np.linspace(0.0, 1.0, 101)
    found = np.full(len(moved), np.nan)
    for r in range(len(moved)):
        for k in range(moved.shape[1] - 1):
            cost = moved[r, k] + share * (moved[r, k + 1] - moved[r, k])
            left = dissent[r, k] + share * (dissent[r, k + 1] - dissent[r, k])
            paid = left[cost <= COST]
            if len(paid):
                found[r] = np.nanmin([found[r], paid.min()])
    return found


def judge(tables: Tables) -> list[Judged]:
    """Each hypothesis against the runs, paired by replicate."""
    nothing = _bunching(tables, "bunching_travel")
    near, far = (_bunching(tables, "bunching_travel", travel_value=WORTH, foresight=ahead)
                 for ahead in (1.0, 30.0))  # fmt: skip
    return [
        sign("excess above 700: permit worth .5 − worth nothing",
             _bunching(tables, "bunching_travel", travel_value=WORTH) - nothing, 1),
        within("excess above 700 where neither benefit is worth anything", nothing, 0.005),
        sign("excess above 700 at a worth of .5: 30 periods ahead − 1", far - near, 1),
        sign("excess above 750: visa worth .5 − worth nothing",
             _bunching(tables, "bunching_visa", visa_value=WORTH)
             - _bunching(tables, "bunching_visa"), 1),
        sign(f"least share dissenting for {COST:g} points moved: punishments − rewards",
             _least(tables, PUNISHED) - _least(tables, REWARDED), -1),
    ]  # fmt: skip


def numbers(tables: Tables) -> Mapping[str, str]:
    """What the text quotes."""

    def excess(measure: str, **changed: float) -> str:
        return mean_text(_bunching(tables, measure, **changed), 100.0, " %")

    found = {
        "cost": rounded(COST, 2),
        "bunching_worth": excess("bunching_travel", travel_value=WORTH),
        "bunching_nothing": excess("bunching_travel"),
        "bunching_dear": excess("bunching_travel", travel_value=1.0),
        "bunching_near": excess("bunching_travel", travel_value=WORTH, foresight=1.0),
        "bunching_far": excess("bunching_travel", travel_value=WORTH, foresight=30.0),
        "visa_worth": excess("bunching_visa", visa_value=WORTH),
        "visa_nothing": excess("bunching_visa"),
    }
    for part in LEVELS:
        found[f"least_{part}"] = mean_text(_least(tables, part), 100.0, " %")
        praise = _by_level(tables, part, "praise")[:, -1]
        found[f"praise_{part}"] = mean_text(praise, 100.0, " %")
    peak = _moved(tables, PUNISHED).max(axis=1)
    return {**found, "peak": mean_text(peak)}


def figure(tables: Tables, numbers: Mapping[str, str]) -> go.Figure:
    """Excess above each threshold by worth and foresight; dissent against what is moved."""
    table = tables[PART]
    drawn = make_subplots(
        rows=1, cols=3, horizontal_spacing=0.1,
        subplot_titles=["excess above 700, by foresight", "excess above 750, by a visa's worth",
                        "open dissent against cost"],
    )  # fmt: skip
    worths = table.results.levels("travel_value")
    lines = (("bunching_travel", "foresight"), ("bunching_visa", "visa_value"))
    for column, (measure, factor) in enumerate(lines, start=1):
        ends = []
        for k, level in enumerate(table.results.levels(factor)):
            values = np.array([_bunching(tables, measure, travel_value=worth, **{factor: level})
                               for worth in worths]).T * 100.0  # fmt: skip
            course(drawn, worths, values, colour(k), 1, column)
            ends.append((f"{level:g}", float(np.nanmean(values[:, -1])), colour(k)))
        name_ends(drawn, worths[-1], ends, 0.35, 1, column)
        drawn.update_xaxes(title_text="worth of the travel permit", range=[0, 1.2], row=1,
                           col=column)  # fmt: skip
        drawn.update_yaxes(title_text="% of citizens", row=1, col=column)
    for k, part in enumerate(LEVELS):
        moved, dissent = _moved(tables, part), _by_level(tables, part, "dissent") * 100.0
        told = [mean_and_half(dissent[:, place]) for place in range(dissent.shape[1])]
        cost = [mean_and_half(moved[:, place]) for place in range(moved.shape[1])]
        drawn.add_scatter(
            x=exact([one[0] for one in cost]), y=exact([one[0] for one in told]),
            error_x={"type": "data", "array": exact([one[1] for one in cost]), "thickness": 1,
                     "width": 0},
            error_y={"type": "data", "array": exact([one[1] for one in told]), "thickness": 1,
                     "width": 0},
            mode="lines+markers", marker={"size": 4}, line={"color": colour(k), "width": 1.4},
            row=1, col=3,
        )  # fmt: skip
        beside = (0.75, 8.0) if part == PUNISHED else (1.3, 36.0)
        name_ends(drawn, beside[0], [(part, beside[1], colour(k))], 1.0, 1, 3)
    drawn.update_xaxes(title_text="points moved a citizen and period", rangemode="tozero", row=1,
                       col=3)  # fmt: skip
    drawn.update_yaxes(title_text="%", rangemode="tozero", row=1, col=3)
    worth, nothing = numbers["bunching_worth"], numbers["bunching_nothing"]
    finish(
        drawn, f"A permit worth .5 makes {worth} of citizens bunch above its threshold, one worth "
        f"nothing {nothing}", 340,
        "Excess over a smooth counterfactual; labels: periods looked ahead, worth of a visa. "
        "Means over 20 twin replicates of 4,000 citizens (right: 2,000), 95 % intervals.",
    )  # fmt: skip
    return drawn
