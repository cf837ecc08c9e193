"""Theory beside simulation, as tables and figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from experiments.analysis.style import COLOURS, legend_above, page, put_question, translucent
from experiments.analysis.writing import write_csv
from experiments.show import number, out, table
from experiments.sweep.shards import write_whole
from experiments.theory.compare import Comparison, Ramp, Rest
from experiments.theory.mean_field import SHARES

_SURE = 3.0
"""Standard errors from which a difference counts."""


def rows_of(found: Sequence[Comparison]) -> list[dict[str, Any]]:
    """One row a setting and share."""
    return [
        {"scenario": one.name, "where": one.where, "covered": one.covered, "measure": measure,
         "theory": float(one.theory[k]), "simulated": float(one.simulated[k]),
         "standard_error": float(one.error[k]), "replicates": len(one.courses)}
        for one in found for k, measure in enumerate(SHARES)
    ]  # fmt: skip


def rest_rows(found: Sequence[Rest]) -> list[dict[str, Any]]:
    """One row a state at rest."""
    return [
        {"scenario": one.name, **dict(zip(SHARES, one.shares.tolist(), strict=True)),
         "spectral_radius": one.radius}
        for one in found
    ]  # fmt: skip


def ramp_rows(ramp: Ramp) -> list[dict[str, Any]]:
    """One row a simulated way."""
    return [
        {"citizens": size, "replicate": r, "falls_at": fallen, "returns_at": back}
        for size in ramp.dissent for r, (fallen, back) in enumerate(ramp.crossings(size).tolist())
    ]  # fmt: skip


def print_comparison(found: Sequence[Comparison]) -> None:
    """Dissent and silence by theory and simulation, everywhere."""
    rows = []
    for one in found:
        cells = []
        for k in (0, 1, 2):
            off = abs(one.simulated[k] - one.theory[k]) > _SURE * one.error[k]
            cells += [number(one.theory[k], 3),
                      f"{number(one.simulated[k], 3)} ± {number(one.error[k], 3)}"
                      + (" *" if off else "")]  # fmt: skip
        rows.append([one.name, one.where, *cells])
    headers = [("scenario", "left"), ("people", "left")]
    for name in SHARES[:3]:
        headers += [(name, "right"), ("simulated", "right")]
    out.print(table(headers, rows, "the mean field against simulation (± standard error)"))
    out.print(
        f"*: further off than {_SURE:g} standard errors. The theory claims to hold where all know "
        "all, for infinitely many\n"
    )


def print_rest(found: Sequence[Rest]) -> None:
    """The mean field's states at rest."""
    rows = [
        [one.name, *(number(share, 3) for share in one.shares[:3]), number(one.shares[3], 1),
         number(one.radius, 3)]
        for one in found
    ]  # fmt: skip
    headers = [("scenario", "left"), *((name, "right") for name in (*SHARES[:3], "mean score")),
               ("left of a push", "right")]  # fmt: skip
    out.print(table(headers, rows, "states at rest that silence, dissent or praise lead to"))
    out.print("left of a push: the spectral radius of the map, a period later; without benefits\n")


def print_ramp(ramp: Ramp) -> None:
    """Folds of the theory, and where simulated societies fell; who never came back counts."""
    rows = []
    for size in ramp.dissent:
        crossed = ramp.crossings(size)
        fallen, back = np.median(crossed, axis=0)
        returned = int(np.isfinite(crossed[:, 1]).sum())
        rows.append([f"{size:,}", number(fallen, 1),
                     number(back, 1) if np.isfinite(back) else "never",
                     f"{returned} of {len(crossed)}"])  # fmt: skip
    rows.append(["theory", number(ramp.loop.up_fold, 1), number(ramp.loop.down_fold, 1), ""])
    headers = [("people", "right"), ("dissent falls at", "right"), ("and returns at", "right"),
               ("came back", "right")]  # fmt: skip
    out.print(table(headers, rows, "dissent_penalty ramped from 0 points to 60 and back, median"))
    out.print(
        "a society with much conformity among critics; who moves on while the rule moves falls "
        "late, and few\npeople early by chance; some come to praise, and never return\n"
    )


def write_theory(
    found: Sequence[Comparison], rest: Sequence[Rest], ramp: Ramp, folder: Path
) -> list[Path]:
    """Tables and figures; returns what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = [write_csv(folder / "mean_field.csv", rows_of(found)),
               write_csv(folder / "at_rest.csv", rest_rows(rest)),
               write_csv(folder / "hysteresis.csv", ramp_rows(ramp)),
               write_csv(folder / "folds.csv",
                         [{"up": ramp.loop.up_fold, "down": ramp.loop.down_fold}])]  # fmt: skip
    figures = {
        "mean_field": course_figure(found), "where_it_fails": off_figure(found),
        "hysteresis": ramp_figure(ramp),
    }  # fmt: skip
    for name, figure in figures.items():
        write_whole(folder / f"{name}.html", page(figure, name))
        written.append(folder / f"{name}.html")
    return written


def course_figure(found: Sequence[Comparison]) -> go.Figure:
    """A panel a scenario and size: theory as dashed lines over simulated means with bands."""
    covered = [one for one in found if one.covered]
    names = list(dict.fromkeys(one.name for one in covered))
    columns = len(covered) // len(names)
    figure = make_subplots(
        rows=len(names), cols=columns, shared_xaxes=True, shared_yaxes=True,
        horizontal_spacing=0.02, vertical_spacing=0.06,
        subplot_titles=[f"{one.name.replace('_', ' ')}, {one.where.rpartition(', ')[2]}"
                        for one in covered],
    )  # fmt: skip
    for place, one in enumerate(covered):
        row, column = place // columns + 1, place % columns + 1
        _draw_courses(figure, one, row, column, place == 0)
    figure.update_xaxes(title_text="period", row=len(names))
    figure.update_yaxes(title_text="share", range=[0, 1], col=1)
    put_question(figure, "Does the mean field hold where all know all?",
             "dashed: infinitely many people; lines and bands: simulated mean, 95 % interval",
             220 + 230 * len(names))  # fmt: skip
    legend_above(figure)
    return figure


def off_figure(found: Sequence[Comparison]) -> go.Figure:
    """The same off the theory's ground, beside the largest society on it."""
    others = [one for one in found if not one.covered]
    figure = make_subplots(
        cols=len(others), shared_yaxes=True, horizontal_spacing=0.02,
        subplot_titles=[one.where for one in others],
    )  # fmt: skip
    for place, one in enumerate(others):
        _draw_courses(figure, one, 1, place + 1, place == 0)
    figure.update_xaxes(title_text="period")
    figure.update_yaxes(title_text="share", range=[0, 1], col=1)
    put_question(figure, "Where does the mean field fail?",
             f"{others[0].name}; dashed: theory; lines and bands: simulated mean with its 95 % "
             "interval", 470)  # fmt: skip
    legend_above(figure)
    return figure


def _draw_courses(figure: go.Figure, one: Comparison, row: int, column: int, first: bool) -> None:
    periods = np.arange(1, one.course.shape[0] + 1).tolist()
    mean = one.courses.mean(axis=0)
    half = 1.96 * one.courses.std(axis=0, ddof=1) / np.sqrt(len(one.courses))
    for k, name in enumerate(SHARES[:3]):
        high, low = (mean[:, k] + half[:, k]).tolist(), (mean[:, k] - half[:, k]).tolist()
        figure.add_trace(
            go.Scatter(x=periods + periods[::-1], y=high + low[::-1], fill="toself",
                       fillcolor=translucent(COLOURS[k], 0.2), line={"width": 0}, mode="lines",
                       hoverinfo="skip", showlegend=False),
            row=row, col=column,
        )  # fmt: skip
        for what, values, dash, width in (("simulated", mean[:, k], "solid", 1.2),
                                          ("theory", one.course[:, k], "dash", 2.2)):  # fmt: skip
            figure.add_trace(
                go.Scatter(x=periods, y=values.tolist(), mode="lines", name=f"{name}, {what}",
                           line={"color": COLOURS[k], "dash": dash, "width": width},
                           legendgroup=f"{name} {what}", showlegend=first),
                row=row, col=column,
            )  # fmt: skip


def ramp_figure(ramp: Ramp) -> go.Figure:
    """The loop with its unstable branch, and simulated ways over it."""
    sizes = list(ramp.dissent)
    figure = make_subplots(
        cols=len(sizes), shared_yaxes=True, horizontal_spacing=0.03,
        subplot_titles=[f"N = {size:,}" for size in sizes],
    )  # fmt: skip
    turn = int(np.argmax(ramp.values))
    for column, size in enumerate(sizes, start=1):
        for way, part, colour in (("harsher", slice(None, turn), COLOURS[1]),
                                  ("milder", slice(turn, None), COLOURS[0])):  # fmt: skip
            for r, row in enumerate(ramp.dissent[size]):
                figure.add_trace(
                    go.Scatter(
                        x=ramp.values[part].tolist(), y=row[part].tolist(), mode="lines",
                        name=f"simulated, ever {way}", legendgroup=way, opacity=0.5,
                        showlegend=column == 1 and r == 0,
                        line={"color": colour, "width": 1},
                    ),
                    row=1, col=column,
                )  # fmt: skip
        for way, branch, dash in (("milder", ramp.loop.down, "dash"),
                                  ("harsher", ramp.loop.up, "solid")):  # fmt: skip
            figure.add_trace(
                go.Scatter(
                    x=branch.values.tolist(), y=branch.dissent.tolist(), mode="lines",
                    name=f"theory, ever {way}", legendgroup=f"theory {way}",
                    showlegend=column == 1, line={"color": "#000", "dash": dash, "width": 2},
                ),
                row=1, col=column,
            )  # fmt: skip
        figure.add_trace(
            go.Scatter(
                x=[value for value, _ in ramp.loop.unstable],
                y=[dissent for _, dissent in ramp.loop.unstable], mode="lines+markers",
                name="theory, unstable", legendgroup="unstable", showlegend=column == 1,
                line={"color": "#888", "dash": "dot"}, marker={"size": 5},
            ),
            row=1, col=column,
        )  # fmt: skip
        for fold in (ramp.loop.down_fold, ramp.loop.up_fold):
            figure.add_vline(x=fold, line={"color": "#888", "width": 1}, row=1, col=column)
    figure.update_xaxes(title_text="dissent penalty (points)")
    figure.update_yaxes(title_text="share who dissent", range=[-0.02, 1.02], col=1)
    put_question(figure, "Does what a harsh rule silenced come back when the rule is milder again?",
             "grey lines: folds of the mean field; each coloured line is one society on its way",
             520)  # fmt: skip
    legend_above(figure)
    return figure
