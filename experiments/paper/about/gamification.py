"""Gamification: bunching above the thresholds, and rewards against punishments."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from experiments.paper.judging import Judged, mean_and_half, sign, within
from experiments.paper.study import Tables
from experiments.paper.style import SMALL, colour, course, exact, finish, name_ends
from experiments.paper.text import mean_text

PART, PUNISHED, REWARDED = "gamification", "punishments", "rewards"
WORTH, AHEAD = 0.5, 10.0
COST = 0.5
LEVELS = {PUNISHED: "dissent_penalty", REWARDED: "praise_reward"}
NAMED = {PUNISHED: (5.0, 10.0, 20.0, 40.0, 160.0), REWARDED: (1.0, 2.0, 4.0)}
"""Levels that the figure names."""
PAID = {PUNISHED: "flagged", REWARDED: "praise"}
"""The share of citizens who are moved by so many points each period."""

COSTS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
"""Points moved at which both are compared; hypotheses were of ``COST``."""
SILENT = 0.1
"""Share dissenting below which a society is called silenced here."""

FOUND = """
Where people look ten periods ahead, a travel permit worth .5 makes {bunching_more} percentage
points more of citizens stand just above 700 than a smooth distribution would have there than one
worth nothing does ({bunching_worth} against {bunching_nothing}, the second being the estimator's
own error). As a share of those who stand within 20 points above 700 where the permit is worth
nothing, there are {relative_near} more of them if people look one period ahead, {relative_own} if
ten and {relative_far} if thirty: farther sight makes more people comply and carry a permit
({permits_near} and {permits_far}), and so the excess in percent of all citizens grows
({bunching_near} and {bunching_far}), but it doesn't make those near the threshold crowd more. A
visa worth .5 makes {visa_more} percentage points more bunch above 750 than one worth nothing.
Which of punishments and rewards is the cheaper way to silence *turns with the cost*: punishments
less rewards in least dissent is, in percentage points, for .1 to .6 points moved a citizen and
period, {by_cost}. Rewards are cheaper below some .3, punishments above some .5. In between
punishments have two outcomes: for .5 points they leave below a tenth dissenting in {silenced} of
{runs} replicates and {unsilenced} in the others, since a threat that works need not be carried
out and then costs little: what punishments move is at most {peak} (at {peak_at} points). The
largest punishment (160 points) makes {praise_punishments} praise, the largest reward (4 points)
{praise_rewards}.
"""

LIMITS = """
Excess is told against a smooth curve fitted to scores away from both thresholds; on scores
without any benefit, and at 700 where only the visa is worth something ({visa_only} of citizens),
it is off by as much as some of the effects, so that only differences between worlds are effects.
The comparison of costs was expected at one cost, .5, which happens to lie where its sign turns,
and levels of 80 and 160 points, added after a first look, decide it there. Nobody here cheats,
buys points or knows the rule wrongly. Cost is points moved, up or down, by who is on record and
who praises; what points cost an institution nobody has said.
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


def _least(tables: Tables, part: str, cost: float = COST) -> NDArray[np.float64]:
    """(replicates,) the least dissent for a cost of at most so much, linear between levels.

    What punishments move grows with the penalty at first and falls again where hardly anybody
    dares: one cost may belong to two penalties, and an institution would take the harsher one.
    """
    moved, dissent = _moved(tables, part), _by_level(tables, part, "dissent")
    share = np.linspace(0.0, 1.0, 101)
    found = np.full(len(moved), np.nan)
    for r in range(len(moved)):
        for k in range(moved.shape[1] - 1):
            paying = moved[r, k] + share * (moved[r, k + 1] - moved[r, k])
            left = dissent[r, k] + share * (dissent[r, k + 1] - dissent[r, k])
            paid = left[paying <= cost]
            if len(paid):
                found[r] = np.nanmin([found[r], paid.min()])
    return found


def _crowding(tables: Tables, ahead: float) -> NDArray[np.float64]:
    """How many more stand just above 700 where the permit is worth something, as a share."""
    worth, nothing = (_bunching(tables, "near_travel", travel_value=value, foresight=ahead)
                      for value in (WORTH, 0.0))  # fmt: skip
    return worth / nothing - 1.0


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
             _least(tables, PUNISHED) - _least(tables, REWARDED), -1,
             "0; at .3 points: "
             + mean_text(_least(tables, PUNISHED, 0.3) - _least(tables, REWARDED, 0.3))),
    ]  # fmt: skip


def numbers(tables: Tables) -> Mapping[str, str]:
    """What the text quotes."""

    def excess(measure: str, **changed: float) -> str:
        return mean_text(_bunching(tables, measure, **changed), 100.0, " %")

    own = _bunching(tables, "bunching_travel", travel_value=WORTH)
    visa = _bunching(tables, "bunching_visa", visa_value=WORTH)
    found = {
        "bunching_more": mean_text(own - _bunching(tables, "bunching_travel"), 100.0),
        "bunching_worth": excess("bunching_travel", travel_value=WORTH),
        "bunching_nothing": excess("bunching_travel"),
        "bunching_near": excess("bunching_travel", travel_value=WORTH, foresight=1.0),
        "bunching_far": excess("bunching_travel", travel_value=WORTH, foresight=30.0),
        "visa_more": mean_text(visa - _bunching(tables, "bunching_visa"), 100.0),
        "visa_only": excess("bunching_travel", visa_value=WORTH),
    }
    for name, ahead in (("near", 1.0), ("own", AHEAD), ("far", 30.0)):
        found[f"relative_{name}"] = mean_text(_crowding(tables, ahead), 100.0, " %")
        found[f"permits_{name}"] = excess("travel_permits", travel_value=WORTH, foresight=ahead)
    for part in LEVELS:
        praise = _by_level(tables, part, "praise")[:, -1]
        found[f"praise_{part}"] = mean_text(praise, 100.0, " %")
    least = _least(tables, PUNISHED)
    silenced = least < SILENT
    moved = _moved(tables, PUNISHED)
    peak = int(moved.mean(axis=0).argmax())
    return found | {
        "by_cost": ", ".join(
            mean_text((_least(tables, PUNISHED, cost) - _least(tables, REWARDED, cost)) * 100.0)
            for cost in COSTS
        ),
        "silenced": f"{silenced.sum()}", "runs": f"{len(least)}",
        "unsilenced": mean_text(least[~silenced], 100.0, " %"),
        "peak": mean_text(moved[:, peak]),
        "peak_at": f"{tables[PUNISHED].results.levels(LEVELS[PUNISHED])[peak]:g}",
    }  # fmt: skip


def figure(tables: Tables, numbers: Mapping[str, str]) -> go.Figure:
    """Excess above each threshold by worth and foresight; dissent against what is moved."""
    table = tables[PART]
    drawn = make_subplots(
        rows=1, cols=3, horizontal_spacing=0.1,
        subplot_titles=["excess above 700", "excess above 750",
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
            label = f"{level:g} ahead" if factor == "foresight" else f"visa {level:g}"
            ends.append((label, float(np.nanmean(values[:, -1])), colour(k)))
        name_ends(drawn, worths[-1], ends, 0.16, 1, column)
        drawn.update_xaxes(title_text="worth of the travel permit", range=[0, 1.42], row=1,
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
            mode="lines+markers+text", marker={"size": 4},
            line={"color": colour(k), "width": 1.4},
            text=[f"{level:g}" if level in NAMED[part] else ""
                  for level in tables[part].results.levels(LEVELS[part])],
            textposition="middle right", textfont={"size": SMALL, "color": colour(k)},
            row=1, col=3,
        )  # fmt: skip
        beside = (0.75, 9.0) if part == PUNISHED else (1.2, 46.0)
        name_ends(drawn, beside[0], [(part, beside[1], colour(k))], 1.0, 1, 3)
    drawn.update_xaxes(title_text="points moved a citizen and period", rangemode="tozero", row=1,
                       col=3)  # fmt: skip
    drawn.update_yaxes(title_text="%", rangemode="tozero", row=1, col=3)
    finish(
        drawn, f"A permit worth .5 makes {numbers['bunching_more']} percentage points more "
        "citizens bunch above its threshold; rewards are the cheaper way to silence a little, "
        "punishments to silence nearly all", 360,
        "Excess over a smooth counterfactual; ahead: periods that people look. Right: numbers are "
        "the penalty or reward in score points. Means over 20 twin replicates of 4,000 citizens "
        "(right: 2,000), 95 % intervals.",
    )  # fmt: skip
    return drawn
