"""Institutions compared."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
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

PART, DOCUMENTED, BELIEF = (
    "institutions_compared", "institutions_documented", "institutions_belief"
)  # fmt: skip
PULL, REVIEW = 0.002632, 0.2
"""Of the system as documented."""
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
LAST = {"ties_cut": "ties_cut_final"}
"""What counts from the beginning is told of the last period, not of the last 50."""

FOUND = """
Without any institution {dissent_none} of citizens dissent openly; {overstating_none} of citizens
do so without being critical in private. A conduct rule leaves {dissent_conduct}, guilt by
association {dissent_association}. The system as reported in 2015 leaves {dissent_reported},
{reported_less} percentage points less than guilt by association. The system as later documented
leaves {dissent_documented}, {documented_more} points *more* than no institution: without friends'
pull on scores, and likewise where nobody ends a friendship, the difference is {documented_cause},
so that all of it comes from friends who are left for their lower scores and from those found in
their place. It ends {cut_documented} friendships a citizen in 200 periods, the most of all; guilt
by association ends {cut_association}, and begins {formed_association}. Under it dissenters have
{degree_dissenters} friends, others {degree_others} (mean without an institution: {degree_none}):
who loses a friend and that friend both look for another, and dissenters end with fewer than
others, by {gap_association}. Of those who are critical in private ({critics_none} of citizens
without an institution, {critics_association} under guilt by association) {censored_none} and
{censored_association} don't dissent, under the conduct rule {censored_conduct}; under guilt by
association {praising_association} even praise. A rule that nobody enforces but all believe in
leaves {dissent_belief}, {belief_more} points more than guilt by association and
{belief_unrewarded} if it rewards no praise; arrests leave {dissent_arrests}, {arrests_less}
points less than guilt by association; and where records make people more critical
(counterculture) {dissent_counter} are left.
"""

LIMITS = """
These are scenario files with values chosen for plausibility, not institutions measured anywhere:
what is compared is rules at their declared strengths, and a stronger or weaker setting of any
could change its place. None of the seven expectations is a prediction: a smaller run of the same
scenarios (1,000 citizens, `results/institutions.csv`) is older than they are and shows the same
signs. That the conduct rule ends no friendship is so by construction (nobody leaves a friend who
costs nothing). Shares of critics are of those who are critical at the time, whom the rule changes
as well. One kind of network (a small world), one size. Twenty replicates tell how luck spreads,
not how sure the parameters are; for that see `sensitivity`.
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
    cut = of("ties_cut_final", "guilt_by_association") - of("ties_cut_final", "conduct_only")
    none = dissent["no_institution"]
    return [
        sign("share dissenting: conduct − none", dissent["conduct_only"] - none, -1),
        sign("share dissenting: association − conduct",
             dissent["guilt_by_association"] - dissent["conduct_only"], -1),
        sign("friendships ended a citizen in 200 periods: association − conduct", cut, 1,
             "0, which the conduct rule has by construction"),
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

    def of(measure: str, scenario: str) -> NDArray[np.float64]:
        return table.values(measure, scenario=scenario)

    def less(measure: str, scenario: str, other: str) -> NDArray[np.float64]:
        return of(measure, scenario) - of(measure, other)

    none, association = "no_institution", "guilt_by_association"
    gap = of("degree_of_others", association) - of("degree_of_dissenters", association)
    overstating = of("dissent", none) - of("critics", none) * (1.0 - of("self_censorship", none))
    without = [
        tables[DOCUMENTED].values("dissent", association_pull=pull, review=review)
        for pull, review in ((0.0, REVIEW), (PULL, 0.0))
    ]
    caused = [mean_text((one - of("dissent", none)) * 100.0) for one in without]
    found = {
        f"dissent_{name}": share("dissent", scenario)
        for name, scenario in (
            ("none", none), ("conduct", "conduct_only"), ("association", association),
            ("reported", "sesame_as_reported"), ("documented", "sesame_as_documented"),
            ("belief", "belief_only"), ("arrests", "arrests"), ("counter", "counterculture"),
        )
    }  # fmt: skip
    more = {
        "reported_less": (association, "sesame_as_reported"),
        "documented_more": ("sesame_as_documented", none),
        "belief_more": ("belief_only", association),
        "arrests_less": (association, "arrests"),
    }
    found |= {name: mean_text(less("dissent", *pair), 100.0) for name, pair in more.items()}
    return found | {
        "overstating_none": mean_text(overstating, 100.0, " %"),
        "documented_cause": " and ".join(dict.fromkeys(caused)),
        "belief_unrewarded": mean_text(
            tables[BELIEF].values("dissent", praise_reward=0.0), 100.0, " %"
        ),
        "critics_none": share("critics", none),
        "critics_association": share("critics", association),
        "censored_none": share("self_censorship", none),
        "censored_conduct": share("self_censorship", "conduct_only"),
        "censored_association": share("self_censorship", association),
        "praising_association": share("critics_praising", association),
        "cut_association": mean_text(of("ties_cut_final", association)),
        "formed_association": mean_text(of("ties_formed_final", association)),
        "cut_documented": mean_text(of("ties_cut_final", "sesame_as_documented")),
        "degree_dissenters": mean_text(of("degree_of_dissenters", association)),
        "degree_others": mean_text(of("degree_of_others", association)),
        "degree_none": mean_text(of("mean_degree", none)),
        "gap_association": mean_text(gap),
    }


def figure(tables: Tables, numbers: Mapping[str, str]) -> go.Figure:
    """Courses above, means with intervals of all institutions below."""
    table = tables[PART]
    names = list(dict.fromkeys(table.columns["scenario"]))
    drawn = make_subplots(
        rows=2, cols=3, row_heights=[0.42, 0.58], vertical_spacing=0.13, horizontal_spacing=0.1,
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
                 enumerate(zip(SHOWN, ends, strict=True)) if end > 0.0]  # fmt: skip
        if still := [SHOWN[name] for name, end in zip(SHOWN, ends, strict=True) if end == 0.0]:
            named.append((f"{', '.join(still[:2])},<br>{', '.join(still[2:])}", 0.0, DIM))
        name_ends(drawn, float(periods[-1]), named, max(ends) * 0.085, 1, column, max(ends) * 0.03)
        drawn.update_xaxes(
            title_text="period", range=[0, 380], tickvals=[0, 100, 200], row=1, col=column
        )
        drawn.update_yaxes(title_text=unit, rangemode="tozero", row=1, col=column)
        told = [mean_and_half(table.values(LAST.get(measure, measure), scenario=name))
                for name in order]  # fmt: skip
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
        "means over time with 95 % intervals (grey: other institutions). Below: the last 50 of 200 "
        "periods; friendships ended in all of them.",
    )  # fmt: skip
    drawn.update_layout(margin={"l": 112})
    return drawn


def _words(name: str) -> str:
    return name.replace("_", " ")
