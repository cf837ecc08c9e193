"""Backfire: where pressure breeds resistance."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from experiments.paper.judging import Judged, mean_and_half, sign
from experiments.paper.study import Tables
from experiments.paper.style import colour, course, finish, name_ends
from experiments.paper.text import mean_text

PART, WEAK, UNENDED = "backfire", "backfire_weak_penalties", "backfire_without_endings"
LITTLE, MUCH, SOME = 0.05, 0.8, 0.2
PANELS = {
    "usual": ("open dissent, default penalties", PART, "dissent", 100.0),
    "weak": ("open dissent, weak penalties", WEAK, "dissent", 100.0),
    "clusters": ("assortativity by conviction, default", PART, "assortativity_conviction", 1.0),
}

FOUND = """
From a detection of .05 to one of .8 dissent moves by {effect_0} percentage points without
reactance, by {effect_10} at a reactance of .1, by {effect_20} at .2 and by {effect_40} at .4: at
the default penalties more detection lowers dissent at every reactance. Of the dissent at .05
there is still {left_0} at .8 without reactance, {left_10}, {left_20} and {left_40} at the others:
reactance blunts detection. At a detection of .2 it raises dissent from {dissent_0} to
{dissent_20} (reactance .2). Where penalties are weak (a record costs 5 score points, friends'
dissent nothing, and the score is at stake half as much) detection moves dissent by {weak_0}
points without reactance, by {weak_10} at .1, {weak_20} at .2 and {weak_40} at .4, where nearly
all dissent; the sign changes between the reactances of {turning}. At the default penalties and a
detection of .2 the mean conviction goes from {conviction_0} to {conviction_20}, assortativity by
conviction from {assortativity_0} to {assortativity_20}, by {alike_with}. *That the critical
gather isn't shown*: where nobody ends a friendship the rise is {alike_without}: friends who stay
friends grow alike where they are.
"""

LIMITS = """
Reactance here moves a conviction at every record, without fatigue, fear or a limit but the
scale's; nobody has measured it for political scores. That more detection can raise dissent says
nothing of how common such people are. Dissent is of all citizens, not of those with a record. The
weak penalties differ from the default in three parameters at once. That study and the runs
without endings were added after the first had been run.
"""


def _effect(tables: Tables, reactance: float, part: str = PART) -> NDArray[np.float64]:
    table = tables[part]
    much = table.values("dissent", reactance=reactance, detection=MUCH)
    return much - table.values("dissent", reactance=reactance, detection=LITTLE)


def _of(tables: Tables, measure: str, reactance: float) -> NDArray[np.float64]:
    return tables[PART].values(measure, reactance=reactance, detection=SOME)


def judge(tables: Tables) -> list[Judged]:
    """Each hypothesis against the runs, paired by replicate."""
    claim = "share dissenting: detection .8 − .05, reactance "
    clusters = _of(tables, "assortativity_conviction", 0.2) - _of(
        tables, "assortativity_conviction", 0.0
    )
    return [
        sign(f"{claim}0", _effect(tables, 0.0), -1),
        sign(f"{claim}.4", _effect(tables, 0.4), 1),
        sign(f"{claim}.1", _effect(tables, 0.1), -1),
        sign("the same where penalties are weak, reactance .1", _effect(tables, 0.1, WEAK), 1),
        sign(
            "assortativity by conviction at detection .2: reactance .2 − none",
            clusters,
            1,
            f"where nobody ends a friendship: {mean_text(_alike(tables, 0.0))}",
        ),
    ]


def _alike(tables: Tables, review: float) -> NDArray[np.float64]:
    """What reactance (.2 against none) adds to assortativity by conviction."""
    high, none = (tables[UNENDED].values("assortativity_conviction", reactance=reactance,
                                         review=review) for reactance in (0.2, 0.0))  # fmt: skip
    return high - none


def _turning(tables: Tables) -> str:
    """Where penalties are weak: reactances between which the effect's interval changes sides."""
    levels = tables[WEAK].results.levels("reactance")
    told = [mean_and_half(_effect(tables, level, WEAK)) for level in levels]
    below = [level for level, (mean, half, _) in zip(levels, told, strict=True) if mean + half < 0]
    above = [level for level, (mean, half, _) in zip(levels, told, strict=True) if mean - half > 0]
    return f"{max(below):g} and {min(above):g}" if below and above else "none"


def numbers(tables: Tables) -> Mapping[str, str]:
    """What the text quotes."""
    found = {"turning": _turning(tables), "alike_with": mean_text(_alike(tables, SOME)),
             "alike_without": mean_text(_alike(tables, 0.0))}  # fmt: skip
    for name, reactance in (("0", 0.0), ("10", 0.1), ("20", 0.2), ("40", 0.4)):
        found[f"effect_{name}"] = mean_text(_effect(tables, reactance), 100.0)
        found[f"weak_{name}"] = mean_text(_effect(tables, reactance, WEAK), 100.0)
        found[f"dissent_{name}"] = mean_text(_of(tables, "dissent", reactance), 100.0, " %")
        found[f"conviction_{name}"] = mean_text(_of(tables, "mean_conviction", reactance))
        found[f"assortativity_{name}"] = mean_text(
            _of(tables, "assortativity_conviction", reactance)
        )
        table = tables[PART]
        left = table.values("dissent", reactance=reactance, detection=MUCH) / table.values(
            "dissent", reactance=reactance, detection=LITTLE
        )
        found[f"left_{name}"] = mean_text(left, 100.0, " %")
    return found


def figure(tables: Tables, numbers: Mapping[str, str]) -> go.Figure:
    """Measures against detection, a line for each reactance."""
    drawn = make_subplots(
        rows=1, cols=3, horizontal_spacing=0.1,
        subplot_titles=[title for title, *_ in PANELS.values()],
    )  # fmt: skip
    for column, (_, part, measure, scale) in enumerate(PANELS.values(), start=1):
        table = tables[part]
        detections = table.results.levels("detection")
        ends, seen = [], []
        for k, reactance in enumerate(table.results.levels("reactance")):
            values = np.array([table.values(measure, reactance=reactance, detection=d)
                               for d in detections]).T * scale  # fmt: skip
            course(drawn, detections, values, colour(k), 1, column)
            mean = np.nanmean(values, axis=0)
            ends.append((f"{reactance:g}", float(mean[-1]), colour(k)))
            seen += mean.tolist()
        name_ends(drawn, detections[-1], ends, (max(seen) - min(seen)) * 0.06, 1, column)
        drawn.update_xaxes(title_text="detection", range=[0.0, 0.98], row=1, col=column)
    drawn.update_yaxes(title_text="%", row=1, col=1)
    usual, weak, turning = numbers["effect_40"], numbers["weak_40"], numbers["turning"]
    finish(
        drawn, "At the default penalties more detection lowers dissent however it makes people "
        f"critical ({usual} percentage points at a reactance of .4); where penalties are weak it "
        f"backfires ({weak}), from some reactance between {turning} on", 370,
        "Numbers at the lines: reactance. Effects are of a detection of .8 against .05. Weak: a "
        "record costs 5 score points, friends' dissent none, stakes 1. Means over 20 twin "
        "replicates of 2,000 citizens with 95 % intervals.",
    )  # fmt: skip
    return drawn
