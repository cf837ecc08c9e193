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
from experiments.paper.text import mean_text, rounded

PART, FIELD = "hysteresis", "hysteresis_mean_field"
RAMPED, NEVER = "scenarios/rise_and_fall.toml", "no_institution"
INTERNALISED = (0.0, 0.005, 0.05)
DEFAULT, REVIEWED, UNREVIEWED = 0.005, 0.2, 0.0
UP, TOP, DOWN, OVER = 100, 250, 300, 450
HALF = 75
"""Periods after which half of a ramp is done."""
SOON, LATE = (550, 600), (850, 900)
"""A hundred periods after the last penalty, and four hundred."""

FOUND = """
From 550 to 600, a hundred periods after the last penalty, dissent differs from that of the same
citizens never scored by these percentage points, where nothing is internalised, at the default
(.005) and where much is (.05): with friendships as they are {soon_0_on}, {soon_5_on} and
{soon_50_on}; where nobody ends a friendship {soon_0_off}, {soon_5_off} and {soon_50_off}. To end
friendships thus changes the gap by {pruned_0}, {pruned_5} and {pruned_50}: it brings voices back,
and keeps them away only where people come to believe what they say. Internalisation at the
default changes it by {believed_on}, and by {believed_off} where nobody ends a friendship. The gap
goes on moving: at the defaults it is {at_500} in period 500 and {late_5_on} from 850 to 900; with
strong internalisation it is {late_50_on} then, and {late_50_off} where nobody ends a friendship.
When the penalties are at half of their height dissent is {up_half} on the way up and {down_half}
on the way down, a difference of {loop}; {loop_bare} of it is there with neither internalisation
nor endings: any society lags behind a rule that moves. At the end, at the defaults, dissenters
have {friends_gap} friends more than in the world never scored, and others {others_gap}: who loses
a friend and that friend both find another, so that to end friendships raises their number;
against others dissenters lose {behind_gap}. The mean field has {field_top} dissent at the top of
the ramp, where the simulation has {top_default}; at the end it is {field_gap} points off its own
world never scored.
"""

LIMITS = """
One speed of rise and fall, which decides how wide the loop is: a lag isn't told from a memory
here but by the mechanisms switched off. A first version ended at period 600, in the middle of the
gap's way; it was made longer after that was noticed. Convictions return to their anchors
(anchoring .05 a period), which bounds what internalisation can leave for good; with turnover
there is no such anchor (see `generations`). The mean field has everybody see everybody, so that
it has neither friendships to end nor pockets of dissent.
"""


def judge(tables: Tables) -> list[Judged]:
    """Each hypothesis against the runs, paired by replicate."""
    friends = _at_end(tables, "degree_of_dissenters")
    bare = mean_text(_loop(tables, 0.0, UNREVIEWED))
    return [
        sign("share dissenting in 550 to 600: ramped − never scored",
             _gap(tables, DEFAULT, REVIEWED), -1),
        within("the same without internalisation and endings", _gap(tables, 0.0, UNREVIEWED), 0.02),
        sign("gap with internalisation .05 − gap with none (friendships as they are)",
             _gap(tables, 0.05, REVIEWED) - _gap(tables, 0.0, REVIEWED), -1),
        sign("friends of dissenters at the end: ramped − never scored", friends, -1,
             f"of others: {mean_text(_at_end(tables, 'degree_of_others'))}"),
        sign("share dissenting at half of the penalties: down − up",
             _loop(tables, DEFAULT, REVIEWED), -1,
             f"with neither internalisation nor endings: {bare}"),
    ]  # fmt: skip


def _at_end(tables: Tables, measure: str) -> NDArray[np.float64]:
    """Ramped less never scored, at the defaults."""
    table, point = tables[PART], {"internalisation": DEFAULT, "review": REVIEWED}
    ramped = table.values(measure, scenario=RAMPED, **point)
    return ramped - table.values(measure, scenario=NEVER, **point)


def _dissent(
    tables: Tables, scenario: str, internalised: float, review: float, moment: tuple[int, int]
) -> NDArray[np.float64]:
    """Mean share dissenting between two periods, the first left out unless it is also the last."""
    periods, values = tables[PART].course(
        "dissent", scenario=scenario, internalisation=internalised, review=review
    )
    first, last = moment
    within_it = (periods > first) & (periods <= last) | (periods == last)
    found: NDArray[np.float64] = values[:, within_it].mean(axis=1)
    return found


def _gap(
    tables: Tables, internalised: float, review: float, moment: tuple[int, int] = SOON
) -> NDArray[np.float64]:
    """Share dissenting: ramped less never scored."""
    point = internalised, review, moment
    return _dissent(tables, RAMPED, *point) - _dissent(tables, NEVER, *point)


def _around(tables: Tables, period: int, internalised: float, review: float) -> NDArray[np.float64]:
    """Share dissenting in the ramped world, ten periods before to ten after."""
    return _dissent(tables, RAMPED, internalised, review, (period - 11, period + 10))


def _loop(tables: Tables, internalised: float, review: float) -> NDArray[np.float64]:
    return _around(tables, DOWN + HALF, internalised, review) - _around(
        tables, UP + HALF, internalised, review
    )


def _field(
    tables: Tables, internalised: float, scenario: str = RAMPED
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    periods, values = tables[FIELD].course(
        "dissent", internalisation=internalised, scenario=scenario
    )
    return periods, values[0]


def numbers(tables: Tables) -> Mapping[str, str]:
    """What the text quotes."""
    periods, field = _field(tables, DEFAULT)
    top = (periods > TOP) & (periods <= DOWN)
    field_gap = float(field[-1] - _field(tables, DEFAULT, NEVER)[1][-1]) * 100.0
    dissenters, others = (
        _at_end(tables, measure) for measure in ("degree_of_dissenters", "degree_of_others")
    )
    own = DEFAULT, REVIEWED
    found: dict[str, str] = {}
    for name, internalised in zip(("0", "5", "50"), INTERNALISED, strict=True):
        pruned, kept = (_gap(tables, internalised, review) for review in (REVIEWED, UNREVIEWED))
        found |= {
            f"soon_{name}_on": mean_text(pruned, 100.0),
            f"soon_{name}_off": mean_text(kept, 100.0),
            f"pruned_{name}": mean_text(pruned - kept, 100.0),
        }
        for way, review in (("on", REVIEWED), ("off", UNREVIEWED)):
            gap = _gap(tables, internalised, review, LATE)
            found[f"late_{name}_{way}"] = mean_text(gap, 100.0)
    for way, review in (("on", REVIEWED), ("off", UNREVIEWED)):
        believed = _gap(tables, DEFAULT, review) - _gap(tables, 0.0, review)
        found[f"believed_{way}"] = mean_text(believed, 100.0)
    return found | {
        "at_500": mean_text(_gap(tables, *own, (500, 500)), 100.0),
        "up_half": mean_text(_around(tables, UP + HALF, *own), 100.0, " %"),
        "down_half": mean_text(_around(tables, DOWN + HALF, *own), 100.0, " %"),
        "loop": mean_text(_loop(tables, *own), 100.0),
        "loop_bare": mean_text(_loop(tables, 0.0, UNREVIEWED), 100.0),
        "friends_gap": mean_text(dissenters), "others_gap": mean_text(others),
        "behind_gap": mean_text(others - dissenters),
        "top_default": mean_text(_around(tables, (TOP + DOWN) // 2, *own), 100.0, " %"),
        "field_top": f"{100 * field[top].mean():.1f} %",
        "field_gap": rounded(round(field_gap, 2)),
    }  # fmt: skip


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
                for scenario, dash in ((NEVER, "dot"), (RAMPED, "solid")):
                    periods, values = _field(tables, internalised, scenario)
                    drawn.add_scatter(
                        x=periods.tolist(), y=exact(values * 100.0), mode="lines",
                        line={"color": colour(k), "width": 1.6, "dash": dash}, row=1, col=3,
                    )  # fmt: skip
                ends.append((names[internalised], float(values[-1]) * 100.0, colour(k)))
                continue
            point = {"internalisation": internalised, "review": (REVIEWED, UNREVIEWED)[column - 1]}
            for scenario, dash in ((NEVER, "dot"), (RAMPED, "solid")):
                periods, several = table.course("dissent", scenario=scenario, **point)
                course(drawn, periods, several * 100.0, colour(k), 1, column, dash)
            ends.append((names[internalised], float(several[:, -1].mean()) * 100.0, colour(k)))
        name_ends(drawn, 900.0, ends, 4.0, 1, column)
        for begin, end in ((UP, TOP), (DOWN, OVER)):
            drawn.add_vrect(x0=begin, x1=end, fillcolor=DIM, opacity=0.08, line_width=0, row=1,
                            col=column)  # fmt: skip
        drawn.update_xaxes(title_text="period", range=[0, 1080],
                           tickvals=[0, 300, 600, 900], row=1, col=column)  # fmt: skip
    drawn.update_yaxes(title_text="open dissent (%)", rangemode="tozero", row=1, col=1)
    late, ended, not_ended = (numbers[f"late_{name}"] for name in ("5_on", "50_on", "50_off"))
    finish(
        drawn, f"Four hundred periods after the last penalty dissent is {late} percentage points "
        f"off the world never scored; where people come to believe what they say {ended}, and "
        f"{not_ended} if nobody ends a friendship", 380,
        "Numbers at the lines: internalisation. Solid: penalties rise and fall in the grey bands; "
        "dotted: never scored. Means over 20 twin replicates of 2,000 citizens with 95 % "
        "intervals.",
    )  # fmt: skip
    return drawn
