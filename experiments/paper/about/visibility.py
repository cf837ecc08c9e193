"""Visibility: public, friends-only and private scores, against null worlds."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from experiments.paper.judging import Judged, sign, within
from experiments.paper.study import Tables
from experiments.paper.style import colour, dots, finish
from experiments.paper.text import mean_text

PART, NULLS = "visibility", "visibility_nulls"
LEVELS = ("public", "friends", "private")
WORLDS = ("scenario", "placebo", "frozen", "score_off", "rewired")
PANELS = {
    "ties_cut": "friendships ended a citizen",
    "isolation": "friends: others − dissenters",
    "assortativity_conviction": "assortativity by conviction",
    "assortativity_score": "assortativity by score",
    "pluralistic_ignorance": "pluralistic ignorance",
    "dissent": "open dissent (share)",
}

FOUND = """
With public records {cut_public} friendships a citizen end in 200 periods, with records that only
friends can look up {cut_friends}, with private ones {cut_private}; dissenters have {gap_public},
{gap_friends} and {gap_private} fewer friends than others. Assortativity by conviction is
{conviction_public} with public and {conviction_private} with private records, by score
{score_public} and {score_private}. Open dissent is {dissent_public}, {dissent_friends} and
{dissent_private}; the largest component holds {component_public} of all with public and
{component_private} with private records. Against null worlds, with public records: dissenters'
isolation is {gap_scenario} where records name who dissented, {gap_placebo} where they name
anybody and {gap_frozen} where nobody may end a friendship; assortativity by conviction is
{conviction_scenario} against {conviction_rewired} with the same degrees rewired at random.
"""

LIMITS = """
Visibility here is who can *look up a record*; the penalty falls all the same, and people know
their own losses. A placebo deals out what is found on record among all citizens, while scores
stay with those who earned them. Correlations between friends say nothing of how friendships
became so; the null worlds do, for these measures only. A first run had thrice the default penalty
for friends' dissent; the signs were the same, and dissent stayed within the point.
"""


def judge(tables: Tables) -> list[Judged]:
    """Each hypothesis against the runs, paired by replicate."""
    nulls = tables[NULLS]

    def public_less_private(measure: str) -> NDArray[np.float64]:
        return _of(tables, measure, "public") - _of(tables, measure, "private")

    def in_world(measure: str, world: str) -> NDArray[np.float64]:
        return nulls.values(f"{measure}.{world}", visibility="public")

    return [
        sign("friendships ended a citizen: public − private", public_less_private("ties_cut"), 1),
        sign("assortativity by conviction: public − private",
             public_less_private("assortativity_conviction"), 1),
        sign("isolation of dissenters: public − private", public_less_private("isolation"), 1),
        within("share dissenting: public − private", public_less_private("dissent"), 0.01),
        sign("isolation of dissenters: scenario − placebo",
             in_world("isolation", "scenario") - in_world("isolation", "placebo"), 1, "placebo"),
        sign("assortativity by conviction: scenario − rewired",
             in_world("assortativity_conviction", "scenario")
             - in_world("assortativity_conviction", "rewired"), 1, "degrees alone"),
    ]  # fmt: skip


def _of(tables: Tables, measure: str, level: str) -> NDArray[np.float64]:
    table = tables[PART]
    if measure == "isolation":
        return table.values("degree_of_others", visibility=level) - table.values(
            "degree_of_dissenters", visibility=level
        )
    return table.values(measure, visibility=level)


def numbers(tables: Tables) -> Mapping[str, str]:
    """What the text quotes."""
    nulls = tables[NULLS]
    found = {}
    for level in LEVELS:
        for name, measure in (("cut", "ties_cut"), ("gap", "isolation"),
                              ("score", "assortativity_score"),
                              ("conviction", "assortativity_conviction")):  # fmt: skip
            found[f"{name}_{level}"] = mean_text(_of(tables, measure, level))
        for name, measure in (("dissent", "dissent"), ("component", "largest_component")):
            found[f"{name}_{level}"] = mean_text(_of(tables, measure, level), 100.0, " %")
    for world in WORLDS:
        for name, measure in (("gap", "isolation"), ("conviction", "assortativity_conviction")):
            if world == "rewired" and measure == "isolation":
                continue  # a rewired network keeps everybody's number of friends
            found[f"{name}_{world}"] = mean_text(
                nulls.values(f"{measure}.{world}", visibility="public")
            )
    return found


def figure(tables: Tables, numbers: Mapping[str, str]) -> go.Figure:
    """Six measures by visibility; below two of them against their null worlds."""
    nulls = tables[NULLS]
    drawn = make_subplots(
        rows=3, cols=6, vertical_spacing=0.14, horizontal_spacing=0.1,
        specs=[[{"colspan": 2}, None, {"colspan": 2}, None, {"colspan": 2}, None]] * 2
        + [[{"colspan": 3}, None, None, {"colspan": 3}, None, None]],
        subplot_titles=[*PANELS.values(), "friends: others − dissenters, and null worlds",
                        "assortativity by conviction, and null worlds"],
    )  # fmt: skip
    for k, measure in enumerate(PANELS):
        row, column = k // 3 + 1, k % 3 * 2 + 1
        dots(drawn, {level: _of(tables, measure, level) for level in LEVELS}, row, column)
        drawn.update_yaxes(rangemode="tozero", row=row, col=column)
    for column, measure in ((1, "isolation"), (4, "assortativity_conviction")):
        worlds = [world for world in WORLDS if world != "rewired" or measure != "isolation"]
        for k, level in enumerate(("public", "private")):
            values = {world: nulls.values(f"{measure}.{world}", visibility=level)
                      for world in worlds}  # fmt: skip
            dots(drawn, values, 3, column, colour(k), (k - 0.5) * 0.3)
    drawn.add_annotation(
        x=1.0, y=1.0, xref="x7 domain", yref="y7 domain", xanchor="right", showarrow=False,
        text=f"<span style='color:{colour(0)}'>public</span>, "
             f"<span style='color:{colour(1)}'>private</span>",
    )  # fmt: skip
    public, private = (numbers[f"cut_{level}"] for level in ("public", "private"))
    seen, unseen = (numbers[f"dissent_{level}"] for level in ("public", "private"))
    finish(
        drawn, f"Where anybody can look a record up {public} friendships a citizen end, where "
        f"nobody can {private}; {seen} and {unseen} dissent", 620,
        "Means of 40 twin replicates of 2,000 citizens with 95 % intervals.",
    )  # fmt: skip
    drawn.update_layout(margin={"l": 46})
    return drawn
