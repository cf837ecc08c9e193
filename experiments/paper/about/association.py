"""Guilt by association: phase diagrams at three sizes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from experiments.paper.judging import Judged, mean_and_half, sign, within
from experiments.paper.study import Table, Tables
from experiments.paper.style import PLAIN, SMALL, exact, finish
from experiments.paper.text import mean_text, with_half

PART = "association_phases"
SIZES = (500, 2000, 8000)
MIDDLE, MOST = 0.5, 240.0
_UNSURE = 0.25
"""Of the largest mean of its kind: a cell with a wider interval than that is left blank."""

FOUND = """
At middling conformity dissent falls from {dissent_0} without the penalty to {dissent_30} at 30
score points and {dissent_240} at 240; critics who don't dissent rise from {censored_0} to
{censored_240}. The penalty's effect on dissent (240 score points against none), in percentage
points by conformity from .05 to .95: {effects}. As a share of the dissent there is without the
penalty it is {relative}. In percentage points it is largest at low to middling conformity and
next to nothing where nearly all conform, because there {floor} dissent without it: there is
nobody left to silence. Per dissenter it silences more where conformity is middling to high than
where it is low ({relative_more} percentage points more at .5 than at .05). Friendships ended a
citizen in 200 periods go from {cut_30} at 30 points to {cut_240} at 240, the most anywhere in the
diagram being {cut_most} (penalty {cut_most_penalty}, conformity {cut_most_conformity}). At 30
points {formed_30} begin, so that the mean number of friends rises; dissenters have {gap_30} fewer
than others, {gap_240} at 240. Between 500 and 8,000 citizens the diagram's mean of dissent moves
by {size_dissent} percentage points and that of friendships ended by {size_cut}; the largest move
of dissent at any of 42 points is {size_worst} (penalty {size_worst_penalty}, conformity
{size_worst_conformity}), and the penalty's effect moves most at conformity
{size_effect_conformity}, by {size_effect}: both without correction for being the largest.
"""

LIMITS = """
Two parameters on a small world of degree 10; all others are at their defaults, and conformity is
each citizen's mean, not a policy. The same picture need not hold where the conduct rule is
weaker. Whether an interaction shows depends on the scale: the expectation was of percentage
points, and most of it is a floor. Ten replicates with other citizens at each size: sizes are not
compared in twin worlds. Finite size means populations of 500 to 8,000: nothing here has a sharp
transition whose scaling would say more, and no claim about a nation follows. Where nearly nobody
dissents, dissenters' friends are counted among few.
"""


def _gap(table: Table, penalty: float, conformity: float, size: int) -> NDArray[np.float64]:
    place = penalty, conformity, size
    others = _at(table, "degree_of_others", *place)
    return others - _at(table, "degree_of_dissenters", *place)


def _axes(table: Table) -> tuple[list[float], list[float]]:
    return table.results.levels("association_penalty"), table.results.levels("conformity")


def _at(
    table: Table, measure: str, penalty: float, conformity: float, size: int
) -> NDArray[np.float64]:
    return table.values(
        measure, association_penalty=penalty, conformity=conformity, citizens=size
    )  # fmt: skip


def _effect(table: Table, conformity: float, size: int = 2000) -> NDArray[np.float64]:
    return _at(table, "dissent", MOST, conformity, size) - _at(
        table, "dissent", 0.0, conformity, size
    )


def _relative(table: Table, conformity: float) -> NDArray[np.float64]:
    """The effect as a share of the dissent that there is without the penalty."""
    return _effect(table, conformity) / _at(table, "dissent", 0.0, conformity, 2000)


def _by_size(table: Table, measure: str) -> NDArray[np.float64]:
    """(replicates, points) of the difference between the largest and the smallest society."""
    penalties, conformities = _axes(table)
    return np.array([
        _at(table, measure, p, c, SIZES[-1]) - _at(table, measure, p, c, SIZES[0])
        for c in conformities for p in penalties
    ]).T  # fmt: skip


def judge(tables: Tables) -> list[Judged]:
    """Each hypothesis against the runs, paired by replicate."""
    table = tables[PART]
    cut = _at(table, "ties_cut_final", MOST, MIDDLE, 2000) - _at(
        table, "ties_cut_final", 30.0, MIDDLE, 2000
    )
    return [
        sign("share dissenting: 240 points − none, conformity .5", _effect(table, MIDDLE), -1),
        sign("(240 points − none) at conformity .05 − the same at .95",
             _effect(table, 0.05) - _effect(table, 0.95), -1,
             "0; at .95 hardly anybody dissents without the penalty"),
        sign("friendships ended a citizen: 240 points − 30", cut, 1),
        within("share dissenting, mean of the diagram: 8,000 − 500 citizens",
               _by_size(table, "dissent").mean(axis=1), 0.01),
        within("friendships ended a citizen, mean of the diagram: 8,000 − 500",
               _by_size(table, "ties_cut_final").mean(axis=1), 0.02),
    ]  # fmt: skip


def numbers(tables: Tables) -> Mapping[str, str]:
    """What the text quotes."""
    table = tables[PART]
    penalties, conformities = _axes(table)

    def share(measure: str, penalty: float) -> str:
        return mean_text(_at(table, measure, penalty, MIDDLE, 2000), 100.0, " %")

    most = max(
        ((p, c) for p in penalties for c in conformities),
        key=lambda pair: mean_and_half(_at(table, "ties_cut_final", pair[0], pair[1], 2000))[0],
    )
    moves = _by_size(table, "dissent")
    told = [mean_and_half(moves[:, k]) for k in range(moves.shape[1])]
    worst = int(np.argmax([abs(mean) for mean, _, _ in told]))
    sized = [_effect(table, c, SIZES[-1]) - _effect(table, c, SIZES[0]) for c in conformities]
    moved = [abs(mean_and_half(one)[0]) for one in sized]
    farthest = int(np.argmax(moved))
    return {
        "dissent_0": share("dissent", 0.0), "dissent_30": share("dissent", 30.0),
        "dissent_240": share("dissent", MOST), "censored_0": share("self_censorship", 0.0),
        "censored_240": share("self_censorship", MOST),
        "effects": ", ".join(mean_text(_effect(table, c), 100.0) for c in conformities),
        "relative": ", ".join(mean_text(_relative(table, c), 100.0, " %") for c in conformities),
        "relative_more": mean_text(_relative(table, 0.05) - _relative(table, MIDDLE), 100.0),
        "floor": mean_text(_at(table, "dissent", 0.0, 0.95, 2000), 100.0, " %"),
        "effect_most": mean_text(_effect(table, 0.2), 100.0),
        "effect_high": mean_text(_effect(table, 0.95), 100.0),
        "formed_30": mean_text(_at(table, "ties_formed_final", 30.0, MIDDLE, 2000)),
        "size_effect": mean_text(sized[farthest], 100.0),
        "size_effect_conformity": f"{conformities[farthest]:g}",
        "cut_30": mean_text(_at(table, "ties_cut_final", 30.0, MIDDLE, 2000)),
        "cut_240": mean_text(_at(table, "ties_cut_final", MOST, MIDDLE, 2000)),
        "cut_most": mean_text(_at(table, "ties_cut_final", most[0], most[1], 2000)),
        "cut_most_penalty": f"{most[0]:g}", "cut_most_conformity": f"{most[1]:g}",
        "gap_30": mean_text(_gap(table, 30.0, MIDDLE, 2000)),
        "gap_240": mean_text(_gap(table, MOST, MIDDLE, 2000)),
        "size_dissent": mean_text(moves.mean(axis=1), 100.0),
        "size_cut": mean_text(_by_size(table, "ties_cut_final").mean(axis=1)),
        "size_worst": with_half(told[worst][0] * 100.0, told[worst][1] * 100.0),
        "size_worst_penalty": f"{penalties[worst % len(penalties)]:g}",
        "size_worst_conformity": f"{conformities[worst // len(penalties)]:g}",
    }  # fmt: skip


def figure(tables: Tables, numbers: Mapping[str, str]) -> go.Figure:
    """A row a measure, a column a size; cells are means, with half of the interval below."""
    table = tables[PART]
    penalties, conformities = _axes(table)
    rows = {
        "open dissent (%)": lambda p, c, n: _at(table, "dissent", p, c, n) * 100.0,
        "friendships ended a citizen": lambda p, c, n: _at(table, "ties_cut_final", p, c, n),
        "friends: others − dissenters": lambda p, c, n: _gap(table, p, c, n),
    }  # fmt: skip
    drawn = make_subplots(
        rows=3, cols=3, shared_xaxes=True, shared_yaxes=True, horizontal_spacing=0.02,
        vertical_spacing=0.05, column_titles=[f"{size:,} citizens" for size in SIZES],
    )  # fmt: skip
    for row, (title, of) in enumerate(rows.items(), start=1):
        told = np.array([
            [[mean_and_half(of(p, c, n))[:2] for p in penalties] for c in conformities]
            for n in SIZES
        ])  # fmt: skip
        sure = told[..., 1] <= _UNSURE * np.nanmax(np.abs(told[..., 0]))
        low, high = float(np.nanmin(told[..., 0][sure])), float(np.nanmax(told[..., 0][sure]))
        for column in range(len(SIZES)):
            mean, half = told[column, ..., 0], told[column, ..., 1]
            drawn.add_heatmap(
                x=[f"{p:g}" for p in penalties], y=[f"{c:g}" for c in conformities],
                z=[exact(line) for line in np.where(sure[column], mean, np.nan)],
                zmin=low, zmax=high, colorscale="Cividis",
                showscale=column == 2, text=_cells(mean, half, sure[column], 1 if row == 1 else 2),
                texttemplate="%{text}", textfont={"size": SMALL}, xgap=1, ygap=1,
                colorbar={"len": 0.28, "y": [0.86, 0.5, 0.14][row - 1], "thickness": 9,
                          "tickfont": {"size": SMALL}, "outlinewidth": 0},
                row=row, col=column + 1,
            )  # fmt: skip
            drawn.update_xaxes(title_text="penalty for friends' dissent" if row == 3 else "",
                               type="category", row=row, col=column + 1)  # fmt: skip
        drawn.update_yaxes(type="category", row=row)
        drawn.update_yaxes(title_text=f"<b>{title}</b><br>conformity", row=row, col=1)
    most, least = (numbers[name].lstrip("−") for name in ("effect_most", "effect_high"))
    finish(
        drawn, f"The penalty for friends' dissent takes {most} percentage points off dissent where "
        f"few conform, and {least} where nearly all do and hardly anybody dissents anyway", 760,
        "Means over ten replicates, ± 95 % half-widths; dissent and friends in the last 50 of 200 "
        "periods, friendships ended in all of them. Blank: a half-width above a quarter of the "
        "row's largest mean, hardly anybody to be counted. Effects named: 240 score points "
        "against none, 2,000 citizens, conformity .2 and .95.",
    )  # fmt: skip
    for note in drawn.layout.annotations:
        note.font.size = PLAIN
    drawn.update_layout(margin={"l": 66, "r": 46})
    return drawn


def _cells(
    mean: NDArray[np.float64], half: NDArray[np.float64], sure: NDArray[np.bool_], places: int
) -> list[list[str]]:
    """Mean and half of the interval; nothing where hardly anybody was counted."""

    def text(m: float, h: float) -> str:
        told = max(places, 2) if m < 0.05 else places  # small shares keep a digit
        return f"{m:.{told}f}<br>±{f'{h:.{told}f}'.removeprefix('0')}"

    return [[text(m, h) if shown else "" for m, h, shown in zip(*line, strict=True)]
            for line in zip(mean, half, sure, strict=True)]  # fmt: skip
