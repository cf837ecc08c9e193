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
from experiments.paper.text import mean_text, with_half
from experiments.study.designs import Morris, Saltelli

SCREENING, SHARES, RIVALS = "sensitivity_screening", "sensitivity_shares", "sensitivity_rivals"
MEASURES = {"dissent": "open dissent", "ties_cut": "friendships ended"}
EXPECTED = ("conformity", "rationality")
SHOWN = 12
LUCK_MOST, LOWER, CUT = 0.05, 0.01, 0.05

FOUND = """
Of thirty parameters {first} ({first_effect} points), {second} ({second_effect}) and {third}
({third_effect}) move open dissent most when they go through their whole range, on average, and
their intervals do not tell them apart; friendships ended are moved most by {first_cut}. Among the
nine of the second study the total Sobol' indices for dissent are largest for {shares}; luck's is
{luck_dissent} of the variance, and {luck_cut} for friendships ended. In {reported_lower} of 400
plausible societies the system as reported leaves less open dissent than no institution (by
{reported_effect} points on average), in {documented_lower} the system as documented leaves more
than a point less (on average it moves dissent by {documented_effect} points). Friendships end,
more than .05 a citizen, in {reported_cut} of them under the system as reported and in
{documented_cut} as documented.
"""

LIMITS = """
Indices are those of these ranges: a wider range makes a parameter matter more. Ranges are half to
double the default or what the literature leaves open, and parameters are drawn independently,
which people's traits are not. Effects in the screening are at one seed. The second study has the
eight strongest of the screening and the penalty for friends' dissent; a first version of it, with
stakes in place of material worth and the penalty for own dissent, had been run before. Rates
among plausible societies are shares of that box of parameters, no probabilities of the world.
"""


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
               strongest.value, (strongest.high - strongest.low) / 2, "another is the strongest",
               _strongest(ranked), trajectories),
        Judged("luck's total index for dissent", luck.value, (luck.high - luck.low) / 2, "0.05",
               most, base_points),
        sign("share of societies less .95", _reported(tables) - 0.95, 1, "0"),
        sign("share of societies less .2", _documented(tables) - 0.2, -1, "0"),
        sign("share of societies less .5", _parted(tables, "sesame_as_reported") - 0.5, 1, "0"),
    ]  # fmt: skip


def numbers(tables: Tables) -> Mapping[str, str]:
    """What the text quotes."""
    strongest = _screened(tables, "dissent")[:3]
    found = {}
    for rank, one in zip(("first", "second", "third"), strongest, strict=True):
        found[rank] = one.factor.replace("_", " ")
        found[f"{rank}_effect"] = with_half(one.value * 100, (one.high - one.low) * 50)
    totals = sorted((one for one in _shares(tables, "dissent") if one.kind == "total"),
                    key=lambda one: -one.value)[:3]  # fmt: skip
    found["shares"] = ", ".join(
        f"{one.factor.replace('_', ' ')} ({with_half(one.value, (one.high - one.low) / 2)})"
        for one in totals
    )
    for name, measure in (("dissent", "dissent"), ("cut", "ties_cut")):
        luck = _total(tables, measure, LUCK)
        found[f"luck_{name}"] = with_half(luck.value, (luck.high - luck.low) / 2)
    return {
        **found,
        "first_cut": _screened(tables, "ties_cut")[0].factor.replace("_", " "),
        "reported_lower": mean_text(_reported(tables), 100.0, " %"),
        "documented_lower": mean_text(_documented(tables), 100.0, " %"),
        "reported_effect": mean_text(_lower(tables, "sesame_as_reported"), 100.0),
        "documented_effect": mean_text(-_lower(tables, "sesame_as_documented"), 100.0),
        "reported_cut": mean_text(_parted(tables, "sesame_as_reported"), 100.0, " %"),
        "documented_cut": mean_text(_parted(tables, "sesame_as_documented"), 100.0, " %"),
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
        subplot_titles=["effect on dissent (points)", "share of dissent's variance",
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
    key = (f"<span style='color:{colour(0)}'>by itself</span>, "
           f"<span style='color:{colour(1)}'>in all</span>")  # fmt: skip
    drawn.add_annotation(x=0.98, y=0.04, xref="x2 domain", yref="y2 domain", xanchor="right",
                         showarrow=False, text=key)  # fmt: skip
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
    lower, documented = numbers["reported_lower"], numbers["documented_lower"]
    most = ", ".join(numbers[rank] for rank in ("first", "second", "third"))
    finish(
        drawn, f"The system as reported silences in {lower} of plausible societies, as documented "
        f"in {documented}; {most} matter most", 400,
        "Left: Morris' mean absolute effects over the whole range, 60 trajectories. Middle: Sobol' "
        "indices, luck as a factor. Right: 400 societies of 1,000 citizens, each with the same "
        "people and luck. 95 % intervals.",
    )  # fmt: skip
    drawn.update_layout(margin={"l": 104})
    return drawn
