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
    "ties_cut_final": "friendships ended a citizen",
    "degree_of_dissenters": "friends of dissenters",
    "degree_of_others": "friends of others",
    "clustering": "clustering",
    "exposure_to_dissent": "friends who dissent (share)",
    "dissent": "open dissent (share)",
}
_NARROW = ("degree_of_dissenters", "degree_of_others", "clustering")
"""Drawn without their zero."""
NAMES = {
    "scenario": "as it is", "placebo": "records<br>name anybody", "frozen": "no endings",
    "score_off": "no score", "rewired": "rewired",
}  # fmt: skip

FOUND = """
With public records {cut_public} friendships a citizen end in 200 periods and {formed_public}
begin, with records that only friends can look up {cut_friends} and {formed_friends}, with private
ones {cut_private} (nobody can leave a friend for a record that can't be seen). Whether all or
only friends can look a record up makes no difference that 40 replicates could tell (dissent
{dissent_friends_less} percentage points, friendships ended {cut_friends_less}): only friends use
it here. Public records don't take friends away from dissenters, they give others more: dissenters
have {degree_dissenters_public} friends with public and {degree_dissenters_private} with private
records, others {degree_others_public} and {degree_others_private}, since who loses a friend and
that friend both look for another; dissenters' lag behind others grows by {lag_grows}. Friends'
own friends know each other less: clustering falls by {clustering_less}. Public records lower open
dissent by {dissent_less} points (from {dissent_private} to {dissent_public}) and the share of
dissenters among a citizen's friends from {exposure_private} to {exposure_public}; the largest
component holds, of all citizens, {component_public} (public) and {component_private} (private).
Against null worlds, with public records in the last period: dissenters have {gap_scenario} fewer
friends than others where records name who dissented, {gap_placebo} where they name anybody and
{gap_frozen} where nobody ends a friendship. *Sorting by conviction is not the score's doing*:
assortativity is {conviction_scenario} with public records and {conviction_score_off} without any
score (a difference of {sorted_score_off}). It is {sorted_frozen} above the world where nobody
ends a friendship and {sorted_placebo} above the placebo, which only makes up for what a score
that nobody can look up takes away ({conviction_private} with private records).
"""

LIMITS = """
Visibility here is who can *look up a record*; the penalty falls all the same, and people know
their own losses. That private records end no friendship, and that a placebo isolates nobody, is
so by construction: these two check the model, and only how many and which friendships end is
measured. New friendships may exceed a citizen's first number of friends, which other rules of
befriending would not allow. Open dissent stays within the point expected only where the penalty
is larger: a first run with thrice the default, which isn't stored, had that; at the default the
estimate lies beyond it. Means are of the last 50 periods; friendships ended or begun, and null
worlds, are of the last.
"""


def judge(tables: Tables) -> list[Judged]:
    """Each hypothesis against the runs, paired by replicate."""
    nulls = tables[NULLS]

    def public_less_private(measure: str) -> NDArray[np.float64]:
        return _of(tables, measure, "public") - _of(tables, measure, "private")

    def in_world(measure: str, world: str) -> NDArray[np.float64]:
        return nulls.values(f"{measure}.{world}", visibility="public")

    return [
        sign("friendships ended a citizen: public − private",
             public_less_private("ties_cut_final"), 1, "0, which private has by construction"),
        sign("assortativity by conviction: public − private",
             public_less_private("assortativity_conviction"), 1),
        sign("isolation of dissenters: public − private", public_less_private("isolation"), 1),
        within("share dissenting: public − private", public_less_private("dissent"), 0.01),
        sign("isolation of dissenters: scenario − placebo",
             in_world("isolation", "scenario") - in_world("isolation", "placebo"), 1,
             "placebo, 0 by construction"),
        sign("assortativity by conviction: scenario − rewired",
             in_world("assortativity_conviction", "scenario")
             - in_world("assortativity_conviction", "rewired"), 1,
             "degrees alone; without any score: "
             + mean_text(in_world("assortativity_conviction", "scenario")
                         - in_world("assortativity_conviction", "score_off"))),
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
        for name, measure in (("cut", "ties_cut_final"), ("formed", "ties_formed_final"),
                              ("conviction", "assortativity_conviction"),
                              ("degree_dissenters", "degree_of_dissenters"),
                              ("degree_others", "degree_of_others")):  # fmt: skip
            found[f"{name}_{level}"] = mean_text(_of(tables, measure, level))
        for name, measure in (("dissent", "dissent"), ("component", "largest_component"),
                              ("exposure", "exposure_to_dissent")):  # fmt: skip
            found[f"{name}_{level}"] = mean_text(_of(tables, measure, level), 100.0, " %")

    def less(measure: str, level: str, other: str, scale: float = 1.0) -> str:
        return mean_text(_of(tables, measure, level) - _of(tables, measure, other), scale)

    found |= {
        "dissent_friends_less": less("dissent", "friends", "public", 100.0),
        "cut_friends_less": less("ties_cut_final", "friends", "public"),
        "dissent_less": less("dissent", "private", "public", 100.0),
        "lag_grows": less("isolation", "public", "private"),
        "clustering_less": less("clustering", "private", "public"),
    }
    own = nulls.values("assortativity_conviction.scenario", visibility="public")
    for world in WORLDS:
        values = nulls.values(f"assortativity_conviction.{world}", visibility="public")
        found[f"conviction_{world}"] = mean_text(values)
        found[f"sorted_{world}"] = mean_text(own - values)
        if world != "rewired":  # a rewired network keeps everybody's number of friends
            gap = nulls.values(f"isolation.{world}", visibility="public")
            found[f"gap_{world}"] = mean_text(gap)
    return found


def figure(tables: Tables, numbers: Mapping[str, str]) -> go.Figure:
    """Six measures by visibility; below two of them against their null worlds."""
    nulls = tables[NULLS]
    drawn = make_subplots(
        rows=3, cols=6, vertical_spacing=0.14, horizontal_spacing=0.1,
        specs=[[{"colspan": 2}, None, {"colspan": 2}, None, {"colspan": 2}, None]] * 2
        + [[{"colspan": 3}, None, None, {"colspan": 3}, None, None]],
        subplot_titles=[*PANELS.values(), "friends: others − dissenters, and in null worlds",
                        "assortativity by conviction, and in null worlds"],
    )  # fmt: skip
    for k, measure in enumerate(PANELS):
        row, column = k // 3 + 1, k % 3 * 2 + 1
        dots(drawn, {level: _of(tables, measure, level) for level in LEVELS}, row, column)
        drawn.update_yaxes(
            rangemode="normal" if measure in _NARROW else "tozero", row=row, col=column
        )
    for column, measure in ((1, "isolation"), (4, "assortativity_conviction")):
        worlds = [world for world in WORLDS if world != "rewired" or measure != "isolation"]
        for k, level in enumerate(("public", "private")):
            values = {NAMES[world]: nulls.values(f"{measure}.{world}", visibility=level)
                      for world in worlds}  # fmt: skip
            dots(drawn, values, 3, column, colour(k), (k - 0.5) * 0.3)
    drawn.add_annotation(
        x=1.0, y=1.0, xref="x7 domain", yref="y7 domain", xanchor="right", showarrow=False,
        text=f"<span style='color:{colour(0)}'>public</span>, "
             f"<span style='color:{colour(1)}'>private</span>",
    )  # fmt: skip
    public, sorting = numbers["cut_public"], numbers["sorted_score_off"]
    finish(
        drawn, f"Public records end {public} friendships a citizen and lower dissent by "
        f"{numbers['dissent_less']} percentage points against private ones; they don't sort people "
        f"by conviction more than no score does ({sorting})", 640,
        "Means of 40 twin replicates of 2,000 citizens with 95 % intervals; what is compared is "
        "compared pairwise in the text. friends, public: who can look a record up.",
    )  # fmt: skip
    drawn.update_layout(margin={"l": 46, "b": 52})
    return drawn
