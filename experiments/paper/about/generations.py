"""Generations: what is left when scoring ends."""

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

PART, FORMED = "after_generations", "after_generations_formed"
NEVER, ENDS, LASTS = "no_institution", "scenarios/score_that_ends.toml", "guilt_by_association"
NAMES = {NEVER: "never scored", ENDS: "scoring ends", LASTS: "scoring lasts"}
LIVES = {0.0: "nobody dies", 0.01: "a life of 100 periods"}
END, TURNOVER = 300, 0.01
RANGES = {"dissent": (-4.0, 104.0), "mean_conviction": (-0.7, 0.7)}
PANELS = {"dissent": ("open dissent (%)", 100.0), "mean_conviction": ("mean conviction", 1.0)}

HELD = 0.5
"""A society below it, of dissent as a share of that never scored, has not come back."""

FOUND = """
Where nobody dies, {ended_0} of citizens dissent 250 to 300 periods after the end against
{never_0} in the world never scored: {gap_0} percentage points, above it. Where generations pass,
and the young take half of their first conviction from what their circle says (the default), it is
{ended_1} against {never_1}, a gap of {gap_1}; mean conviction is {conviction_1} there, and
{conviction_never_1} without scoring. *Both worlds of generations are carried off*: what most say
grows from one generation to the next, dissent without scoring and silence after it, so that a
good third of the gap is a rise of the world never scored ({never_0} where nobody dies). And the
answer turns on how far the young are formed: for a share of 0, .05, .1, .15, .25 and .5 the gap
is {by_formed} points, and of {replicates} societies {held} stay below half of the dissent of
those never scored. In between two like societies may end differently. In periods 550 to 600 of a
score that doesn't end {lasting_0} dissent where nobody dies and {lasting_1} where generations
pass.
"""

LIMITS = """
That the young take a share of their first conviction from what their circle says in public is an
assumption, and its default lies far beyond the share at which the answer turns; the sweep over it
was added after a referee asked. What parents say at home, schools and memory are left out, and
each would help dissent to return. A life has a constant chance to end and no stages. Without
turnover the anchors of the first generation never move, so that a return is built in; how fast is
not.
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


def _formed(tables: Tables, share: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Dissent where scoring has ended, and where there was none, by how the young are formed."""
    ended, never = (tables[FORMED].values("dissent", scenario=scenario, socialisation=share)
                    for scenario in (ENDS, NEVER))  # fmt: skip
    return ended, never


def numbers(tables: Tables) -> Mapping[str, str]:
    """What the text quotes."""
    shares = tables[FORMED].results.levels("socialisation")
    worlds = [_formed(tables, share) for share in shares]
    found = {
        "by_formed": ", ".join(mean_text(ended - never, 100.0) for ended, never in worlds),
        "held": ", ".join(str(int((ended < HELD * never).sum())) for ended, never in worlds),
        "replicates": str(len(worlds[0][0])),
    }
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
        rows=2, cols=3, horizontal_spacing=0.07, vertical_spacing=0.12,
        column_widths=[0.37, 0.37, 0.26],
        specs=[[{}, {}, {"rowspan": 2}], [{}, {}, None]],
        subplot_titles=[*LIVES.values(), "open dissent (%), by<br>how the young are formed"],
    )  # fmt: skip
    for row, (measure, (title, scale)) in enumerate(PANELS.items(), start=1):
        low, high = RANGES[measure]
        for column, turnover in enumerate(LIVES, start=1):
            ends = []
            for k, (scenario, label) in enumerate(NAMES.items()):
                periods, values = table.course(measure, scenario=scenario, turnover=turnover)
                course(drawn, periods, values * scale, colour(k), row, column)
                ends.append((label, float(values[:, -1].mean()) * scale, colour(k)))
            name_ends(
                drawn,
                600.0,
                ends,
                (high - low) * 0.08,
                row,
                column,
                0.0 if measure == "dissent" else None,
            )
            drawn.add_scatter(x=[END, END], y=[low, high], mode="lines", row=row, col=column,
                              line={"color": DIM, "width": 1, "dash": "dot"})  # fmt: skip
            drawn.update_xaxes(title_text="period" if row == 2 else "", range=[0, 980],
                               tickvals=[0, 300, 600], row=row, col=column)  # fmt: skip
            drawn.update_yaxes(range=[low, high], row=row, col=column)
        drawn.update_yaxes(title_text=title, row=row, col=1)
    shares = tables[FORMED].results.levels("socialisation")
    for k in (0, 1):  # never scored, and scored once
        for place, share in enumerate(shares):
            values = _formed(tables, share)[1 - k] * 100.0
            drawn.add_scatter(
                x=exact(place + (k - 0.5) * 0.3 + np.linspace(-0.08, 0.08, len(values))),
                y=exact(values), mode="markers",
                marker={"size": 3, "color": colour(k), "opacity": 0.7}, row=1, col=3,
            )  # fmt: skip
    drawn.update_xaxes(title_text="share from the circle", tickvals=list(range(len(shares))),
                       tickangle=0, ticktext=[f"{share:g}" for share in shares], row=1,
                       col=3)  # fmt: skip
    drawn.update_yaxes(range=list(RANGES["dissent"]), row=1, col=3)
    living, later = (numbers[name] for name in ("gap_0", "gap_1"))
    finish(
        drawn, f"When scoring ends dissent is {living} percentage points off the world never "
        f"scored where nobody dies; after generations {later} if the young are formed by half by "
        f"what is said, {numbers['by_formed'].split(', ')[0]} if they aren't", 490,
        "Scoring ends at period 300 (dotted). Left: means over 20 twin replicates of 2,000 "
        "citizens with 95 % intervals. Right: each society 250 to 300 periods after the end, "
        "colours as left.",
    )  # fmt: skip
    return drawn
