"""Hysteresis: a score that rises and falls."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from experiments.paper.judging import Judged, sign, within
from experiments.paper.study import Tables
from experiments.paper.style import DIM, colour, course, exact, finish, name_ends
from experiments.paper.text import mean_text

PART, FIELD = "hysteresis", "hysteresis_mean_field"
RAMPED, NEVER = "scenarios/rise_and_fall.toml", "no_institution"
INTERNALISED = (0.0, 0.005, 0.05)
DEFAULT, REVIEWED, UNREVIEWED = 0.005, 0.2, 0.0
UP, TOP, DOWN, OVER = 100, 250, 300, 450
HALF = 75
"""Periods after which half of a ramp is done."""

FOUND = """
From 550 to 600, a hundred periods after the last penalty, {after_default} of citizens dissent at
the defaults against {never_default} in the world never scored: a gap of {gap_default} points.
Without internalisation and without pruning the gap is {gap_bare}, with strong internalisation
(.05) {gap_strong}; pruning alone makes {gap_pruned}. When the penalties are at half of their
height dissent is {up_half} on the way up and {down_half} on the way down. At the end, at the
defaults, dissenters have {friends_gap} friends more than in the world never scored. The mean
field gives {field_top} at the top of the ramp, where the simulation has {top_default}, and
{field_after} at the end against {after_default}.
"""

LIMITS = """
One speed of rise and fall, which decides how wide the loop is. Convictions return to their
anchors (anchoring .05 a period), which bounds what internalisation can leave for good; with
turnover there is no such anchor (see `generations`). The mean field has everybody see everybody,
so that it has neither pruning nor pockets of dissent.
"""


def judge(tables: Tables) -> list[Judged]:
    """Each hypothesis against the runs, paired by replicate."""
    friends = _at(tables, "degree_of_dissenters", DEFAULT, REVIEWED)
    return [
        sign("share dissenting at the end: ramped − never scored",
             _gap(tables, DEFAULT, REVIEWED), -1),
        within("the same without internalisation and pruning", _gap(tables, 0.0, UNREVIEWED), 0.02),
        sign("gap with internalisation .05 − gap with none (pruning on)",
             _gap(tables, 0.05, REVIEWED) - _gap(tables, 0.0, REVIEWED), -1),
        sign("friends of dissenters at the end: ramped − never scored", friends, -1),
        sign("share dissenting at half of the penalties: down − up", _loop(tables), -1),
    ]  # fmt: skip


def _at(tables: Tables, measure: str, internalised: float, review: float) -> NDArray[np.float64]:
    """Ramped less never scored."""
    table = tables[PART]
    point = {"internalisation": internalised, "review": review}
    ramped = table.values(measure, scenario=RAMPED, **point)
    return ramped - table.values(measure, scenario=NEVER, **point)


def _gap(tables: Tables, internalised: float, review: float) -> NDArray[np.float64]:
    return _at(tables, "dissent", internalised, review)


def _moment(tables: Tables, period: int) -> NDArray[np.float64]:
    """Share dissenting around a period at the defaults, ten before it to ten after."""
    periods, values = tables[PART].course(
        "dissent", scenario=RAMPED, internalisation=DEFAULT, review=REVIEWED
    )
    near = np.abs(periods - period) <= 10
    found: NDArray[np.float64] = values[:, near].mean(axis=1)
    return found


def _loop(tables: Tables) -> NDArray[np.float64]:
    return _moment(tables, DOWN + HALF) - _moment(tables, UP + HALF)


def _field(tables: Tables, internalised: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    periods, values = tables[FIELD].course("dissent", internalisation=internalised)
    return periods, values[0]


def numbers(tables: Tables) -> Mapping[str, str]:
    """What the text quotes."""
    table = tables[PART]
    own = {"internalisation": DEFAULT, "review": REVIEWED}
    periods, field = _field(tables, DEFAULT)
    top = (periods > TOP) & (periods <= DOWN)
    return {
        "after_default": mean_text(table.values("dissent", scenario=RAMPED, **own), 100.0, " %"),
        "never_default": mean_text(table.values("dissent", scenario=NEVER, **own), 100.0, " %"),
        "gap_default": mean_text(_gap(tables, DEFAULT, REVIEWED), 100.0),
        "gap_bare": mean_text(_gap(tables, 0.0, UNREVIEWED), 100.0),
        "gap_strong": mean_text(_gap(tables, 0.05, REVIEWED), 100.0),
        "gap_pruned": mean_text(_gap(tables, 0.0, REVIEWED), 100.0),
        "up_half": mean_text(_moment(tables, UP + HALF), 100.0, " %"),
        "down_half": mean_text(_moment(tables, DOWN + HALF), 100.0, " %"),
        "friends_gap": mean_text(_at(tables, "degree_of_dissenters", DEFAULT, REVIEWED)),
        "top_default": mean_text(_moment(tables, (TOP + DOWN) // 2), 100.0, " %"),
        "field_top": f"{100 * field[top].mean():.1f} %",
        "field_after": f"{100 * field[periods > 550].mean():.1f} %",
    }


def figure(tables: Tables, numbers: Mapping[str, str]) -> go.Figure:
    """Courses with and without pruning, by internalisation; the mean field beside them."""
    table = tables[PART]
    drawn = make_subplots(
        rows=1, cols=3, shared_yaxes=True, horizontal_spacing=0.05,
        subplot_titles=["friendships as they are", "nobody ends a friendship", "mean field"],
    )  # fmt: skip
    names = {0.0: "none", DEFAULT: ".005", 0.05: ".05"}
    for column in (1, 2, 3):
        ends = []
        for k, internalised in enumerate(INTERNALISED):
            if column == 3:
                periods, values = _field(tables, internalised)
                drawn.add_scatter(
                    x=periods.tolist(), y=exact(values * 100.0), mode="lines",
                    line={"color": colour(k), "width": 1.6}, row=1, col=3,
                )  # fmt: skip
                ends.append((names[internalised], float(values[-1]) * 100.0, colour(k)))
                continue
            point = {"internalisation": internalised, "review": (REVIEWED, UNREVIEWED)[column - 1]}
            for scenario, dash in ((NEVER, "dot"), (RAMPED, "solid")):
                periods, several = table.course("dissent", scenario=scenario, **point)
                course(drawn, periods, several * 100.0, colour(k), 1, column, dash)
            ends.append((names[internalised], float(several[:, -1].mean()) * 100.0, colour(k)))
        name_ends(drawn, 600.0, ends, 4.0, 1, column)
        for begin, end in ((UP, TOP), (DOWN, OVER)):
            drawn.add_vrect(x0=begin, x1=end, fillcolor=DIM, opacity=0.08, line_width=0, row=1,
                            col=column)  # fmt: skip
        drawn.update_xaxes(title_text="period", range=[0, 720],
                           tickvals=[0, 150, 300, 450, 600], row=1, col=column)  # fmt: skip
    drawn.update_yaxes(title_text="open dissent (%)", rangemode="tozero", row=1, col=1)
    gap, strong = (numbers[name].lstrip("−") for name in ("gap_default", "gap_strong"))
    finish(
        drawn, f"A hundred periods after the last penalty dissent is {gap} points below the world "
        f"never scored, but {strong} where people come to believe what they say", 360,
        "Labels: internalisation. Solid: penalties rise and fall in the grey bands; dotted: never "
        "scored. Means over 20 twin replicates of 2,000 citizens with 95 % intervals.",
    )  # fmt: skip
    return drawn
