"""Generations: what is left when scoring ends."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from experiments.paper.judging import Judged, sign, within
from experiments.paper.study import Tables
from experiments.paper.style import DIM, colour, course, finish, name_ends
from experiments.paper.text import mean_text

PART = "after_generations"
NEVER, ENDS, LASTS = "no_institution", "scenarios/score_that_ends.toml", "guilt_by_association"
NAMES = {NEVER: "never scored", ENDS: "scoring ends", LASTS: "scoring lasts"}
LIVES = {0.0: "nobody dies", 0.01: "a life of 100 periods"}
END, TURNOVER = 300, 0.01
RANGES = {"dissent": (-4.0, 104.0), "mean_conviction": (-0.7, 0.7)}
PANELS = {"dissent": ("open dissent (%)", 100.0), "mean_conviction": ("mean conviction", 1.0)}

FOUND = """
Where nobody dies, {ended_0} of citizens dissent 250 to 300 periods after the end against
{never_0} in the world never scored, a gap of {gap_0} points. Where generations pass it is
{ended_1} against {never_1}, a gap of {gap_1}; convictions are {conviction_1} there, and
{conviction_never_1} without scoring. While scoring lasts {lasting_0} dissent where nobody dies
and {lasting_1} where generations pass.
"""

LIMITS = """
The young take half of their first conviction from what their circle says in public, by
assumption; what parents say at home, schools and memory are left out, and each would help dissent
to return. A life has a constant chance to end and no stages. Without turnover the anchors of the
first generation never move, so that a return is built in; how fast is not.
"""


def _of(tables: Tables, measure: str, scenario: str, turnover: float) -> NDArray[np.float64]:
    return tables[PART].values(measure, scenario=scenario, turnover=turnover)


def _gap(tables: Tables, measure: str, turnover: float) -> NDArray[np.float64]:
    return _of(tables, measure, ENDS, turnover) - _of(tables, measure, NEVER, turnover)


def judge(tables: Tables) -> list[Judged]:
    """Each hypothesis against the runs, paired by replicate."""
    lasting = _of(tables, "dissent", LASTS, TURNOVER) - _of(tables, "dissent", LASTS, 0.0)
    return [
        within("share dissenting, scoring ended − never scored, nobody dies",
               _gap(tables, "dissent", 0.0), 0.03),
        sign("the same where generations pass", _gap(tables, "dissent", TURNOVER), -1),
        sign("mean conviction, scoring ended − never scored, generations",
             _gap(tables, "mean_conviction", TURNOVER), -1),
        sign("share dissenting while scoring lasts: generations − nobody dies", lasting, -1),
    ]  # fmt: skip


def numbers(tables: Tables) -> Mapping[str, str]:
    """What the text quotes."""
    found = {}
    for name, turnover in (("0", 0.0), ("1", TURNOVER)):
        for key, scenario in (("ended", ENDS), ("never", NEVER), ("lasting", LASTS)):
            values = _of(tables, "dissent", scenario, turnover)
            found[f"{key}_{name}"] = mean_text(values, 100.0, " %")
        found[f"gap_{name}"] = mean_text(_gap(tables, "dissent", turnover), 100.0)
        found[f"conviction_{name}"] = mean_text(_of(tables, "mean_conviction", ENDS, turnover))
        found[f"conviction_never_{name}"] = mean_text(
            _of(tables, "mean_conviction", NEVER, turnover)
        )
    return found


def figure(tables: Tables, numbers: Mapping[str, str]) -> go.Figure:
    """Courses of dissent and conviction, with and without generations."""
    table = tables[PART]
    drawn = make_subplots(
        rows=2, cols=2, shared_xaxes=True, horizontal_spacing=0.08, vertical_spacing=0.07,
        column_titles=list(LIVES.values()),
    )  # fmt: skip
    for row, (measure, (title, scale)) in enumerate(PANELS.items(), start=1):
        low, high = RANGES[measure]
        for column, turnover in enumerate(LIVES, start=1):
            ends = []
            for k, (scenario, label) in enumerate(NAMES.items()):
                periods, values = table.course(measure, scenario=scenario, turnover=turnover)
                course(drawn, periods, values * scale, colour(k), row, column)
                ends.append((label, float(values[:, -1].mean()) * scale, colour(k)))
            name_ends(drawn, 600.0, ends, (high - low) * 0.08, row, column)
            drawn.add_scatter(x=[END, END], y=[low, high], mode="lines", row=row, col=column,
                              line={"color": DIM, "width": 1, "dash": "dot"})  # fmt: skip
            drawn.update_xaxes(title_text="period" if row == 2 else "", range=[0, 800],
                               tickvals=[0, 200, 300, 400, 600], row=row, col=column)  # fmt: skip
            drawn.update_yaxes(range=[low, high], row=row, col=column)
        drawn.update_yaxes(title_text=title, row=row, col=1)
    living, later = (numbers[name].lstrip("−") for name in ("gap_0", "gap_1"))
    finish(
        drawn, f"When scoring ends dissent comes back to within {living} points where nobody dies; "
        f"after generations it stays {later} points lower", 470,
        "Scoring ends at period 300 (dotted). Means over 20 twin replicates of 2,000 citizens with "
        "95 % intervals.",
    )  # fmt: skip
    return drawn
