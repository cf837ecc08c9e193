"""Sensitivity: what matters, how much is luck, and what survives doubtful sources."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from experiments.analysis.sensitivity import LUCK, Index, elementary_effects, sobol_indices
from experiments.paper.judging import (
    CONTRADICTED,
    SUPPORTED,
    UNDECIDED,
    Judged,
    mean_and_half,
    sign,
)
from experiments.paper.study import Table, Tables
from experiments.paper.style import DIM, INK, colour, exact, finish
from experiments.paper.text import mean_text, rounded
from experiments.study.designs import Morris, Saltelli

SCREENING, SHARES, RIVALS = "sensitivity_screening", "sensitivity_shares", "sensitivity_rivals"
MEASURES = {"dissent": "open dissent", "ties_cut": "friendships ended"}
EXPECTED = ("conformity", "rationality")
SHOWN = 12
LUCK_MOST, LOWER, CUT = 0.05, 0.01, 0.05

FOUND = """
Of thirty parameters {ranked} have the largest mean effects on open dissent, in percentage points
for their whole range (extrapolated from steps of two thirds of it, mean over 60 societies); the
intervals of {overlapping} others overlap that of the first, so that no order among them is shown.
Friendships ended are moved most by {first_cut}. Among the nine of the second study the total
Sobol' indices for dissent are largest for {shares}; luck's is {luck_dissent} of the variance, and
{luck_cut} for friendships ended. In 400 plausible societies open dissent is lower than without an
institution in {reported_lower} under the system as reported and in {documented_lower_0} as
documented; by more than a percentage point in {reported_point} and {documented_lower}; higher by
more than a point in {reported_higher} and {documented_higher}. The mean difference is
{reported_effect} points as reported (median {reported_median}) and {documented_effect} as
documented. *The documented system ends more friendships*: {documented_ties} a citizen against
{reported_ties}, though in no more societies (more than .05 a citizen in {documented_cut} and
{reported_cut}): scores there are drawn to friends' scores, so that friends are left for having
low ones, which has nothing to do with dissent.
"""

LIMITS = """
Indices are those of these ranges: a wider range makes a parameter matter more. Ranges go from a
fifth, a quarter or a third of the default to double or three times it, or from nothing, and
parameters are drawn independently, which people's traits are not. Effects in the screening are at
one seed; means of effects say little of a parameter that matters much in few societies. The 400
societies vary what citizens are; the institution's own doubtful numbers (its detection,
penalties, rewards and weights) are those of the two scenario files. The second study has the
eight strongest of the screening and the penalty for friends' dissent; a first version of it, with
stakes in place of material worth and the penalty for own dissent, had been run before. The first
expectation is worded as it was; "over half of the strongest" may be read as a bound that
conformity and rationality both pass. Rates among plausible societies are shares of that box of
parameters, no probabilities of the world.
"""


def between(one: Index, scale: float = 1.0) -> str:
    """An index with its interval, which is not symmetric: ``0.35 [0.21, 0.64]``."""
    return f"{rounded(one.value * scale)} [{rounded(one.low * scale)}, {rounded(one.high * scale)}]"


def _screened(tables: Tables, measure: str) -> list[Index]:
    """Mean absolute effects, the strongest first."""
    table = tables[SCREENING]
    design = table.study.designs[0]
    assert isinstance(design, Morris)  # noqa: S101  (the study file says so)

    def work() -> list[Index]:
        own = table.results, measure, design, table.study.levels(), table.study.seed
        found = [one for one in elementary_effects(*own) if one.kind == "mu_star"]
        return sorted(found, key=lambda one: -one.value)

    indices: list[Index] = table.remembered(("indices", measure), work)
    return indices


def _shares(tables: Tables, measure: str) -> list[Index]:
    """First and total Sobol' indices."""
    table = tables[SHARES]
    design = table.study.designs[0]
    assert isinstance(design, Saltelli)  # noqa: S101  (the study file says so)
    own = table.results, measure, design, table.study.levels(), table.study.seed
    indices: list[Index] = table.remembered(("indices", measure), lambda: sobol_indices(*own))
    return indices


def _strongest(ranked: list[Index]) -> str:
    """Whether one of those expected is the strongest, as far as intervals tell."""
    best = max(one.low for one in ranked if one.factor in EXPECTED)
    others = [one for one in ranked if one.factor not in EXPECTED]
    if ranked[0].factor in EXPECTED and best > max(one.high for one in others):
        return SUPPORTED
    most = max(one.high for one in ranked if one.factor in EXPECTED)
    return CONTRADICTED if max(one.low for one in others) > most else UNDECIDED


def _total(tables: Tables, measure: str, factor: str) -> Index:
    return next(one for one in _shares(tables, measure)
                if one.kind == "total" and one.factor == factor)  # fmt: skip


def _column(table: Table, name: str) -> NDArray[np.float64]:
    return np.asarray(table.columns[name], float)


def _lower(tables: Tables, world: str) -> NDArray[np.float64]:
    """(societies,) how much less dissent there is than without an institution."""
    table = tables[RIVALS]
    return _column(table, "dissent.no_institution") - _column(table, f"dissent.{world}")


def _reported(tables: Tables) -> NDArray[np.float64]:
    return (_lower(tables, "sesame_as_reported") > 0.0).astype(float)


def _share(tables: Tables, world: str, least: float) -> str:
    """Of societies with so much less dissent than without an institution; below 0: more."""
    lower = _lower(tables, world)
    return mean_text((lower > least if least >= 0.0 else lower < least).astype(float), 100.0, " %")


def _documented(tables: Tables) -> NDArray[np.float64]:
    return (_lower(tables, "sesame_as_documented") > LOWER).astype(float)


def _parted(tables: Tables, world: str) -> NDArray[np.float64]:
    return (_column(tables[RIVALS], f"ties_cut.{world}") > CUT).astype(float)


def judge(tables: Tables) -> list[Judged]:
    """Each hypothesis against the runs."""
    screening, ranked = tables[SCREENING], _screened(tables, "dissent")
    strongest = ranked[0]
    luck = _total(tables, "dissent", LUCK)
    trajectories = len(screening.columns["point"]) // (len(screening.study.factors) + 1)
    design = tables[SHARES].study.designs[0]
    base_points = design.points if isinstance(design, Saltelli) else 0
    most = UNDECIDED if luck.low <= LUCK_MOST <= luck.high else (
        SUPPORTED if luck.high < LUCK_MOST else CONTRADICTED)  # fmt: skip
    return [
        Judged(f"the strongest parameter's effect on dissent: {strongest.factor.replace('_', ' ')}",
               strongest.value, (strongest.high - strongest.low) / 2,
               "another is the strongest; " + ", ".join(
                   f"{one.factor} {between(one)}" for one in ranked if one.factor in EXPECTED),
               _strongest(ranked), trajectories),
        Judged("luck's total index for dissent", luck.value, (luck.high - luck.low) / 2, "0.05",
               most, base_points),
        sign("share of societies less .95", _reported(tables) - 0.95, 1, "0"),
        sign("share of societies less .2", _documented(tables) - 0.2, -1, "0"),
        sign("share of societies less .5", _parted(tables, "sesame_as_reported") - 0.5, 1, "0"),
    ]  # fmt: skip


def numbers(tables: Tables) -> Mapping[str, str]:
    """What the text quotes."""
    ranked = _screened(tables, "dissent")
    totals = sorted((one for one in _shares(tables, "dissent") if one.kind == "total"),
                    key=lambda one: -one.value)[:3]  # fmt: skip
    found = {
        "ranked": ", ".join(f"{one.factor.replace('_', ' ')} ({between(one, 100.0)})"
                            for one in ranked[:3]),
        "overlapping": str(sum(one.high > ranked[0].low for one in ranked[3:])),
        "shares": ", ".join(f"{one.factor.replace('_', ' ')} ({between(one)})" for one in totals),
        "first_cut": _screened(tables, "ties_cut")[0].factor.replace("_", " "),
    }  # fmt: skip
    for name, measure in (("dissent", "dissent"), ("cut", "ties_cut")):
        found[f"luck_{name}"] = between(_total(tables, measure, LUCK))
    for name in ("reported", "documented"):
        world = f"sesame_as_{name}"
        found |= {
            f"{name}_effect": mean_text(-_lower(tables, world), 100.0),
            f"{name}_median": rounded(-100.0 * float(np.median(_lower(tables, world)))),
            f"{name}_ties": mean_text(_column(tables[RIVALS], f"ties_cut.{world}")),
            f"{name}_cut": mean_text(_parted(tables, world), 100.0, " %"),
            f"{name}_higher": _share(tables, world, -LOWER),
        }
    return found | {
        "reported_lower": mean_text(_reported(tables), 100.0, " %"),
        "reported_point": _share(tables, "sesame_as_reported", LOWER),
        "documented_lower_0": _share(tables, "sesame_as_documented", 0.0),
        "documented_lower": mean_text(_documented(tables), 100.0, " %"),
    }


def table(tables: Tables) -> bytes:
    """The tidy table: indices with their intervals, and the rival worlds' means."""
    stream = io.StringIO()
    write = csv.writer(stream, lineterminator="\n").writerow
    write(["part", "measure", "factor", "index", "value", "low", "high"])
    for part, indices in ((SCREENING, _screened), (SHARES, _shares)):
        for measure in MEASURES:
            for one in indices(tables, measure):
                write([part, measure, one.factor, one.kind,
                       *(f"{value:.6g}" for value in (one.value, one.low, one.high))])  # fmt: skip
    rivals = tables[RIVALS]
    for name in rivals.columns:
        if "." in name:
            mean, half, _ = mean_and_half(_column(rivals, name))
            measure, world = name.split(".")
            write([RIVALS, measure, world, "mean",
                   *(f"{value:.6g}" for value in (mean, mean - half, mean + half))])  # fmt: skip
    return stream.getvalue().encode()


def figure(tables: Tables, numbers: Mapping[str, str]) -> go.Figure:
    """The strongest parameters, shares of variance, and the rivals society by society."""
    drawn = make_subplots(
        rows=1, cols=3, horizontal_spacing=0.2,
        subplot_titles=["effect on dissent<br>(percentage points)", "share of dissent's variance",
                        "dissent, society by society"],
    )  # fmt: skip
    top = _screened(tables, "dissent")[:SHOWN][::-1]
    drawn.add_scatter(
        x=exact([one.value * 100 for one in top]), y=[one.factor.replace("_", " ") for one in top],
        error_x={"type": "data", "symmetric": False, "thickness": 1, "width": 2,
                 "array": exact([(one.high - one.value) * 100 for one in top]),
                 "arrayminus": exact([(one.value - one.low) * 100 for one in top])},
        mode="markers", marker={"size": 5, "color": INK}, row=1, col=1,
    )  # fmt: skip
    shares = _shares(tables, "dissent")
    order = sorted((one for one in shares if one.kind == "total"), key=lambda one: one.value)
    for k, kind in enumerate(("first", "total")):
        of = {one.factor: one for one in shares if one.kind == kind}
        own = [of[one.factor] for one in order]
        drawn.add_scatter(
            x=exact([one.value for one in own]), y=[one.factor.replace("_", " ") for one in own],
            error_x={"type": "data", "symmetric": False, "thickness": 1, "width": 2,
                     "array": exact([one.high - one.value for one in own]),
                     "arrayminus": exact([one.value - one.low for one in own])},
            mode="markers", marker={"size": 5, "color": colour(k)}, row=1, col=2,
        )  # fmt: skip
    key = (f"<span style='color:{colour(0)}'>alone</span><br>"
           f"<span style='color:{colour(1)}'>with interactions</span>")  # fmt: skip
    drawn.add_annotation(x=0.98, y=0.1, xref="x2 domain", yref="y2 domain", xanchor="right",
                         align="right", showarrow=False, text=key)  # fmt: skip
    rivals = tables[RIVALS]
    none = _column(rivals, "dissent.no_institution") * 100
    for k, world in enumerate(("sesame_as_reported", "sesame_as_documented")):
        drawn.add_scatter(
            x=exact(none), y=exact(_column(rivals, f"dissent.{world}") * 100), mode="markers",
            marker={"size": 3, "color": colour(k), "opacity": 0.6}, row=1, col=3,
        )  # fmt: skip
    drawn.add_scatter(x=[0, 100], y=[0, 100], mode="lines", line={"color": DIM, "width": 1}, row=1,
                      col=3)  # fmt: skip
    key = (f"<span style='color:{colour(0)}'>as reported</span><br>"
           f"<span style='color:{colour(1)}'>as documented</span>")  # fmt: skip
    drawn.add_annotation(x=0.04, y=0.97, xref="x3 domain", yref="y3 domain", xanchor="left",
                         align="left", showarrow=False, text=key)  # fmt: skip
    drawn.update_xaxes(title_text="without an institution (%)", row=1, col=3)
    drawn.update_yaxes(title_text="with it (%)", row=1, col=3)
    drawn.update_xaxes(rangemode="tozero")
    lower, documented = numbers["reported_point"], numbers["documented_lower"]
    finish(
        drawn, f"The system as reported takes more than a percentage point off dissent in {lower} "
        f"of plausible societies, as documented in {documented}", 400,
        "Left: Morris' mean absolute effects over the whole range, 60 trajectories. Middle: Sobol' "
        "indices, luck as a factor. Right: 400 societies of 1,000 citizens, each with the same "
        "people and luck. 95 % intervals.",
    )  # fmt: skip
    drawn.update_layout(margin={"l": 104})
    return drawn
