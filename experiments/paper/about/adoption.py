"""Voluntary, then mandatory: who adopts, and who is left outside."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from experiments.paper.judging import Judged, sign
from experiments.paper.study import Tables
from experiments.paper.style import DIM, colour, course, finish, name_ends
from experiments.paper.text import mean_text

PART, WITHOUT = "adoption", "adoption_without"
NEVER, DATE = float("inf"), 100.0
USUAL, MUCH = 0.3, 0.6

FOUND = """
By period 100, when nobody has had to, {enrolled_0} of citizens are enrolled where nobody flaunts
a score, {enrolled_30} where three in ten of those who could do and {enrolled_60} where six in ten
do. Of critics {critics} are, of others {others} (flaunting .3). Where it stays voluntary the
enrolled are {wealth} better able to pay than people in general (on a scale of 0 to 1), and
{dissent_voluntary} of citizens dissent in periods 250 to 300; where it became mandatory
{dissent_mandatory}, and in the world without an institution {dissent_without}.
"""

LIMITS = """
How much privacy is worth to critics and what enrolling costs are assumptions of ours, and so is
that flaunting makes a score worth having. Nobody leaves once enrolled, no operator advertises,
and benefits need not be paid for by anybody.
"""


def _at_date(
    tables: Tables, measure: str, flaunting: float, mandatory: float = NEVER
) -> NDArray[np.float64]:
    """(replicates,) of a measure in the last period before the date."""
    periods, values = tables[PART].course(measure, flaunting=flaunting, mandatory_from=mandatory)
    found: NDArray[np.float64] = values[:, int(np.flatnonzero(periods < DATE)[-1])]
    return found


def _of(tables: Tables, measure: str, mandatory: float) -> NDArray[np.float64]:
    return tables[PART].values(measure, flaunting=USUAL, mandatory_from=mandatory)


def _without(tables: Tables) -> NDArray[np.float64]:
    return tables[WITHOUT].values("dissent", detection=0.0)


def judge(tables: Tables) -> list[Judged]:
    """Each hypothesis against the runs, paired by replicate."""
    enrolled = _at_date(tables, "enrolled", MUCH) - _at_date(tables, "enrolled", 0.0)
    critics = _at_date(tables, "enrolled_critics", USUAL) - _at_date(
        tables, "enrolled_others", USUAL
    )
    voluntary = _of(tables, "dissent", NEVER)
    return [
        sign("share enrolled before period 100: flaunting .6 − none", enrolled, 1),
        sign("share enrolled before period 100: critics − others", critics, -1),
        sign(
            "ability to pay: the enrolled − all, voluntary",
            _of(tables, "enrolled_wealth", NEVER),
            1,
        ),
        sign(
            "share dissenting: mandatory − voluntary", _of(tables, "dissent", DATE) - voluntary, -1
        ),
        sign("share dissenting: voluntary − no institution", voluntary - _without(tables), -1),
    ]  # fmt: skip


def numbers(tables: Tables) -> Mapping[str, str]:
    """What the text quotes."""

    def enrolled(measure: str, flaunting: float) -> str:
        return mean_text(_at_date(tables, measure, flaunting), 100.0, " %")

    return {
        "enrolled_0": enrolled("enrolled", 0.0), "enrolled_30": enrolled("enrolled", USUAL),
        "enrolled_60": enrolled("enrolled", MUCH),
        "critics": enrolled("enrolled_critics", USUAL),
        "others": enrolled("enrolled_others", USUAL),
        "forced": mean_text(_of(tables, "dissent", NEVER) - _of(tables, "dissent", DATE), 100.0),
        "wealth": mean_text(_of(tables, "enrolled_wealth", NEVER)),
        "dissent_voluntary": mean_text(_of(tables, "dissent", NEVER), 100.0, " %"),
        "dissent_mandatory": mean_text(_of(tables, "dissent", DATE), 100.0, " %"),
        "dissent_without": mean_text(_without(tables), 100.0, " %"),
    }  # fmt: skip


def figure(tables: Tables, numbers: Mapping[str, str]) -> go.Figure:
    """The adoption curve by flaunting, by conviction, and what becomes of dissent."""
    table = tables[PART]
    drawn = make_subplots(
        rows=1, cols=3, horizontal_spacing=0.1,
        subplot_titles=["enrolled, by flaunting", "enrolled, critics and others", "open dissent"],
    )  # fmt: skip

    def line(
        measure: str, flaunting: float, mandatory: float, k: int, column: int, dash: str
    ) -> float:
        periods, values = table.course(measure, flaunting=flaunting, mandatory_from=mandatory)
        course(drawn, periods, values * 100.0, colour(k), 1, column, dash)
        return float(values[:, -1].mean()) * 100.0

    ends = [(f"{flaunting:g}", line("enrolled", flaunting, NEVER, k, 1, "solid"), colour(k))
            for k, flaunting in enumerate(table.results.levels("flaunting"))]  # fmt: skip
    name_ends(drawn, 300.0, ends, 5.0, 1, 1)
    ends = []
    for k, (measure, label) in enumerate({"enrolled_critics": "critics",
                                          "enrolled_others": "others"}.items()):  # fmt: skip
        ends.append((label, line(measure, USUAL, NEVER, k, 2, "solid"), colour(k)))
        line(measure, USUAL, DATE, k, 2, "dot")
    name_ends(drawn, 300.0, ends, 5.0, 1, 2)
    ends = [
        (label, line("dissent", USUAL, mandatory, k, 3, "solid"), colour(k))
        for k, (mandatory, label) in enumerate({NEVER: "voluntary", DATE: "mandatory"}.items())
    ]
    name_ends(drawn, 300.0, ends, 3.0, 1, 3)
    for column in (1, 2, 3):
        drawn.update_xaxes(title_text="period", range=[0, 400], tickvals=[0, 100, 200, 300], row=1,
                           col=column)  # fmt: skip
        drawn.update_yaxes(title_text="%", rangemode="tozero", row=1, col=column)
    for column in (2, 3):
        drawn.add_vline(x=DATE, line={"color": DIM, "width": 1, "dash": "dot"}, row=1, col=column)
    critics, others, forced = (numbers[name] for name in ("critics", "others", "forced"))
    finish(
        drawn, f"Before anybody has to, {critics} of critics and {others} of others take a score; "
        f"to make it mandatory then lowers dissent by no more than {forced} points", 340,
        "Scenario: as reported in 2015. Dotted curves: mandatory from period 100. Means over 20 "
        "twin replicates of 2,000 citizens with 95 % intervals.",
    )  # fmt: skip
    return drawn
