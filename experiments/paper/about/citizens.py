"""The causal effect of association, citizen by citizen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from experiments.paper.by_citizen import FRIENDS, THIRDS, TRAITS
from experiments.paper.judging import Judged, sign
from experiments.paper.study import Table, Tables
from experiments.paper.style import colour, course, finish, name_ends
from experiments.paper.text import mean_text

PART = "association_by_citizen"
PENALTIES = (30.0, 90.0)
MANY, FEW = 7, 4
"""Critical friends: at least, and at most."""

FOUND = """
Private critics dissent in {without} of the last 50 periods without the rule. The rule, at 30
score points, changes this by {effect} percentage points ({effect_90} at 90 score points), which
is {relative} relative to it. With at most four critical friends at first the change is {few},
with seven or more {many}: a difference of {many_less_few}. Relative to what each of these would
say without the rule it is {few_relative} and {many_relative}. By thirds of self-censorship it is
{kappa_low} (low), {kappa_middle} and {kappa_high} (high) percentage points, but those groups
dissent in {kappa_low_without}, {kappa_middle_without} and {kappa_high_without} of periods without
the rule: relative to that it is {kappa_low_relative}, {kappa_middle_relative} and
{kappa_high_relative}, the other way round. The same holds by thirds of conformity: {gamma_low},
{gamma_middle} and {gamma_high} points of {gamma_low_without}, {gamma_middle_without} and
{gamma_high_without}, or {gamma_low_relative}, {gamma_middle_relative} and {gamma_high_relative}.
And the comparison turns with company: low less high conformity is {cross_few} points with at most
four critical friends and {cross_many} with eight or more.
"""

LIMITS = """
The verdicts are of percentage points, as was expected; by the share of speaking that is lost the
third and the fourth would be the other way round: who speaks more has more to lose. The effect is
total: it holds what the rule does to a citizen's own score, to friends' speaking, and to who is
still a friend. Citizens with many critical friends have more friends altogether, and live among
others who also change; the curve is a comparison of groups, each of which has its causal effect,
and not the effect of having one critical friend more. Twins are compared citizen by citizen, but
what is told are means of groups, by first friends and first convictions.
"""


def _effect(
    table: Table, penalty: float, names: Iterable[str], world: str = ""
) -> NDArray[np.float64]:
    """(replicates,) the effect in several groups together, weighted by how many are in each.

    Args:
        table: of runs.
        penalty: of the rule.
        names: of groups.
        world: ``here`` or ``there`` for how often they speak in it, in place of the effect.
    """
    total = weight = np.zeros(table.study.replicates)
    for name in names:
        many = table.values(f"many.{name}", association_penalty=penalty)
        here = table.values(f"here.{name}", association_penalty=penalty)
        there = table.values(f"there.{name}", association_penalty=penalty)
        value = {"": here - there, "here": here, "there": there}[world]
        total = total + np.where(many > 0, many * np.nan_to_num(value), 0.0)
        weight = weight + many
    return np.where(weight > 0, total / np.maximum(weight, 1), np.nan)


def _all(least: int = 0, most: int = 999) -> list[str]:
    return [f"all.{low}" for low, _ in FRIENDS if least <= low <= most]


def _third(trait: str, third: str) -> list[str]:
    return [f"{trait}.{third}.{low}" for low, _ in FRIENDS]


def _lost(table: Table, names: list[str]) -> NDArray[np.float64]:
    """The effect at 30 score points as a share of the dissent without the rule."""
    there = _effect(table, PENALTIES[0], names, "there")
    return _effect(table, PENALTIES[0], names) / there


def _crossing(table: Table, least: int, most: int) -> NDArray[np.float64]:
    """The effect among those low in conformity less that among those high in it."""
    low, high = (
        _effect(table, PENALTIES[0], [f"{TRAITS[1]}.{third}.{friends}" for friends, _ in FRIENDS
                                      if least <= friends <= most])
        for third in ("low", "high")
    )  # fmt: skip
    return low - high


def judge(tables: Tables) -> list[Judged]:
    """Each hypothesis against the runs; a replicate is a pair of worlds."""
    table = tables[PART]

    def of(names: list[str]) -> NDArray[np.float64]:
        return _effect(table, PENALTIES[0], names)

    return [
        sign("effect on the share of periods in which critics dissent", of(_all()), -1),
        sign(f"effect with {MANY} or more critical friends − with {FEW} or fewer",
             of(_all(MANY)) - of(_all(most=FEW)), -1),
        sign("effect in the lowest third of self-censorship − in the highest",
             of(_third(TRAITS[0], "low")) - of(_third(TRAITS[0], "high")), -1),
        sign("effect in the lowest third of conformity − in the highest",
             of(_third(TRAITS[1], "low")) - of(_third(TRAITS[1], "high")), -1),
    ]  # fmt: skip


def numbers(tables: Tables) -> Mapping[str, str]:
    """What the text quotes."""
    table = tables[PART]

    def points(names: list[str], penalty: float = PENALTIES[0]) -> str:
        return mean_text(_effect(table, penalty, names), 100.0)

    found = {
        "effect": points(_all()), "effect_90": points(_all(), PENALTIES[1]),
        "without": mean_text(_effect(table, PENALTIES[0], _all(), "there"), 100.0, " %"),
        "few": points(_all(most=FEW)), "many": points(_all(MANY)),
        "relative": mean_text(_lost(table, _all()), 100.0, " %"),
        "few_relative": mean_text(_lost(table, _all(most=FEW)), 100.0, " %"),
        "many_relative": mean_text(_lost(table, _all(MANY)), 100.0, " %"),
        "cross_few": mean_text(_crossing(table, 0, FEW), 100.0),
        "cross_many": mean_text(_crossing(table, MANY + 1, 999), 100.0),
        "many_less_few": mean_text(
            _effect(table, PENALTIES[0], _all(MANY)) - _effect(table, PENALTIES[0], _all(most=FEW)),
            100.0,
        ),
    }  # fmt: skip
    for trait, symbol in zip(TRAITS, ("kappa", "gamma"), strict=True):
        for third in THIRDS:
            names = _third(trait, third)
            found[f"{symbol}_{third}"] = points(names)
            found[f"{symbol}_{third}_relative"] = mean_text(_lost(table, names), 100.0, " %")
            found[f"{symbol}_{third}_without"] = mean_text(
                _effect(table, PENALTIES[0], names, "there"), 100.0, " %"
            )
    return found


def figure(tables: Tables, numbers: Mapping[str, str]) -> go.Figure:
    """The effect against the number of critical friends: all, by self-censorship, by conformity."""
    table = tables[PART]
    drawn = make_subplots(
        rows=1, cols=3, shared_yaxes=True, horizontal_spacing=0.07,
        subplot_titles=["all critics, by penalty", "by self-censorship, penalty 30",
                        "by conformity, penalty 30"],
    )  # fmt: skip
    places = [min(low, 9) if low else 2 for low, _ in FRIENDS]

    def lines(column: int, wanted: list[tuple[str, float, list[str]]]) -> None:
        ends = []
        for k, (label, penalty, names) in enumerate(wanted):
            values = np.array([_effect(table, penalty, [name]) for name in names]).T * 100.0
            course(drawn, places, values, colour(k), 1, column)
            ends.append((label, float(np.nanmean(values[:, -1])), colour(k)))
        name_ends(drawn, places[-1], ends, 2.0, 1, column)

    lines(1, [(f"{penalty:g}", penalty, _all()) for penalty in PENALTIES])
    for column, trait in enumerate(TRAITS, start=2):
        lines(column, [(third, PENALTIES[0], _third(trait, third)) for third in THIRDS])
    ticks = ["≤2", *(str(place) for place in places[1:-1]), "≥9"]
    drawn.update_xaxes(title_text="critical friends at first", tickvals=places, ticktext=ticks,
                       range=[1.6, 12.2])  # fmt: skip
    drawn.update_yaxes(title_text="effect on dissenting<br>(percentage points)", col=1)
    drawn.add_hline(y=0, line={"color": "#55534d", "width": 1})
    effect, few, many = (numbers[name].lstrip("−") for name in ("effect", "few", "many"))
    finish(
        drawn, f"Because of guilt by association critics dissent less often by {effect} percentage "
        f"points: by {few} with few critical friends, by {many} with many", 330,
        "Difference between twin worlds with and without the rule, the same citizens with the same "
        "luck; means over 100 pairs of 2,000 citizens with 95 % intervals. No effect: the line at "
        "0.",
    )  # fmt: skip
    return drawn
