"""Institutions compared."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from experiments.paper.judging import Judged, mean_and_half, sign, within
from experiments.paper.study import Tables
from experiments.paper.style import (
    DIM,
    INK,
    colour,
    course,
    exact,
    finish,
    name_ends,
)
from experiments.paper.text import mean_text

PART = "institutions_compared"
SHOWN = {
    "no_institution": "none", "conduct_only": "conduct", "guilt_by_association": "association",
    "sesame_as_reported": "as reported", "arrests": "arrests", "counterculture": "counterculture",
}  # fmt: skip
"""Drawn over time, with their labels; the others are grey."""
PANELS = {
    "dissent": ("open dissent", 100.0, "% of citizens"),
    "self_censorship": ("self-censorship", 100.0, "% of critics"),
    "ties_cut": ("friendships ended", 1.0, "per citizen"),
}

FOUND = """
Without any institution {dissent_none} of citizens dissent openly; a conduct rule leaves
{dissent_conduct}, guilt by association {dissent_association}, the system as reported in 2015
{dissent_reported}, and the system as later documented {dissent_documented}. Of those who are
critical in private {censored_none} keep it to themselves without an institution,
{censored_conduct} under the conduct rule and {censored_association} under guilt by association,
where {praising_association} even praise. Guilt by association ends {cut_association} friendships
a citizen in 200 periods, the conduct rule {cut_conduct}; dissenters have {gap_association} fewer
friends than others. A rule that nobody enforces but all believe in leaves {dissent_belief},
arrests {dissent_arrests}, and where records make people more critical (counterculture)
{dissent_counter}.
"""

LIMITS = """
These are scenario files with values chosen for plausibility, not institutions measured anywhere:
what is compared is rules at their declared strengths, and a stronger or weaker setting of any
could change its place. One kind of network (a small world), one size. Twenty replicates tell how
luck spreads, not how sure the parameters are; for that see `sensitivity`.
"""


def judge(tables: Tables) -> list[Judged]:
    """Each hypothesis against the runs, paired by replicate."""
    table = tables[PART]

    def of(measure: str, scenario: str):
        return table.values(measure, scenario=scenario)

    dissent = {
        name: of("dissent", name) for name in (*SHOWN, "belief_only", "sesame_as_documented")
    }
    gap = of("degree_of_others", "guilt_by_association") - of(
        "degree_of_dissenters", "guilt_by_association"
    )
    cut = of("ties_cut", "guilt_by_association") - of("ties_cut", "conduct_only")
    none = dissent["no_institution"]
    return [
        sign("share dissenting: conduct − none", dissent["conduct_only"] - none, -1),
        sign("share dissenting: association − conduct",
             dissent["guilt_by_association"] - dissent["conduct_only"], -1),
        sign("friendships ended a citizen: association − conduct", cut, 1),
        sign("friends: others − dissenters, under association", gap, 1,
             "0: no isolation (`visibility` has null worlds)"),
        sign("share dissenting: belief only − none", dissent["belief_only"] - none, -1),
        within("share dissenting: as documented − none",
               dissent["sesame_as_documented"] - none, 0.02),
        sign("share dissenting: arrests − association",
             dissent["arrests"] - dissent["guilt_by_association"], 1),
    ]  # fmt: skip


def numbers(tables: Tables) -> Mapping[str, str]:
    """What the text quotes."""
    table = tables[PART]

    def share(measure: str, scenario: str) -> str:
        return mean_text(table.values(measure, scenario=scenario), 100.0, " %")

    gap = table.values("degree_of_others", scenario="guilt_by_association") - table.values(
        "degree_of_dissenters", scenario="guilt_by_association"
    )
    return {
        "dissent_none": share("dissent", "no_institution"),
        "dissent_conduct": share("dissent", "conduct_only"),
        "dissent_association": share("dissent", "guilt_by_association"),
        "dissent_reported": share("dissent", "sesame_as_reported"),
        "dissent_documented": share("dissent", "sesame_as_documented"),
        "dissent_belief": share("dissent", "belief_only"),
        "dissent_arrests": share("dissent", "arrests"),
        "dissent_counter": share("dissent", "counterculture"),
        "censored_none": share("self_censorship", "no_institution"),
        "censored_conduct": share("self_censorship", "conduct_only"),
        "censored_association": share("self_censorship", "guilt_by_association"),
        "praising_association": share("critics_praising", "guilt_by_association"),
        "cut_association": mean_text(table.values("ties_cut", scenario="guilt_by_association")),
        "cut_conduct": mean_text(table.values("ties_cut", scenario="conduct_only")),
        "gap_association": mean_text(gap),
    }


def figure(tables: Tables, numbers: Mapping[str, str]) -> go.Figure:
    """Courses above, means with intervals of all institutions below."""
    table = tables[PART]
    names = list(dict.fromkeys(table.columns["scenario"]))
    drawn = make_subplots(
        rows=2, cols=3, row_heights=[0.42, 0.58], vertical_spacing=0.13, horizontal_spacing=0.09,
        subplot_titles=[title for title, _, _ in PANELS.values()],
    )  # fmt: skip
    order = sorted(names, key=lambda name: mean_and_half(table.values("dissent", scenario=name))[0])
    for column, (measure, (_, scale, unit)) in enumerate(PANELS.items(), start=1):
        for name in names:
            periods, values = table.course(measure, scenario=name)
            if name not in SHOWN:
                drawn.add_scatter(
                    x=periods.tolist(), y=exact(values.mean(axis=0) * scale), mode="lines",
                    line={"color": "#c9c6bd", "width": 0.8}, hoverinfo="skip", row=1, col=column,
                )  # fmt: skip
        ends = [float(table.course(measure, scenario=name)[1][:, -1].mean()) * scale
                for name in SHOWN]  # fmt: skip
        for k, name in enumerate(SHOWN):
            periods, values = table.course(measure, scenario=name)
            course(drawn, periods, values * scale, colour(k), 1, column)
        named = [(SHOWN[name], end, colour(k)) for k, (name, end) in
                 enumerate(zip(SHOWN, ends, strict=True))]  # fmt: skip
        name_ends(drawn, float(periods[-1]), named, max(ends) * 0.085, 1, column)
        drawn.update_xaxes(
            title_text="period", range=[0, 330], tickvals=[0, 100, 200], row=1, col=column
        )
        drawn.update_yaxes(title_text=unit, rangemode="tozero", row=1, col=column)
        told = [mean_and_half(table.values(measure, scenario=name)) for name in order]
        drawn.add_scatter(
            x=exact([one[0] * scale for one in told]), y=[_words(name) for name in order],
            error_x={"type": "data", "array": exact([one[1] * scale for one in told]),
                     "thickness": 1, "width": 2},
            mode="markers", marker={"size": 5, "color": INK}, row=2, col=column,
        )  # fmt: skip
        drawn.update_xaxes(title_text=unit, rangemode="tozero", row=2, col=column)
        drawn.update_yaxes(showticklabels=column == 1, tickcolor=DIM, row=2, col=column)
    none, conduct, association = (
        numbers[f"dissent_{name}"] for name in ("none", "conduct", "association")
    )
    finish(
        drawn, f"{none} speak out without an institution, {conduct} under a conduct rule and "
        f"{association} under guilt by association", 640,
        "2,000 citizens, 20 twin replicates, the same people with the same luck under each. Above: "
        "means over time with 95 % intervals (grey: other institutions). Below: means over the "
        "last 50 of 200 periods.",
    )  # fmt: skip
    drawn.update_layout(margin={"l": 112})
    return drawn


def _words(name: str) -> str:
    return name.replace("_", " ")
