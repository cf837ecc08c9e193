"""The panel of published results: how far ours lie from them, in units of what may differ."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import plotly.graph_objects as go

from experiments.docking.report import read_findings
from experiments.paper import writing
from experiments.paper.style import DIM, SMALL, colour, exact, finish
from model.errors import InputError

TABLES = ("docking.csv", "docking_order_and_size.csv")
FOLDER = "docked"
_FARTHEST = 2.5
_INKS = {"met": colour(0), "missed": colour(1), "undecided": "#8a877f"}


def figure(folder: Path) -> go.Figure:
    """A line a target; a dot a figure that is a number, at its distance from the published one."""
    rows = read_findings(folder / TABLES[0])
    verdicts = Counter(row["verdict"] for row in rows)
    targets = list(dict.fromkeys(row["target"] for row in rows))[::-1]
    drawn = go.Figure()
    for verdict, ink in _INKS.items():
        x, y, half = [], [], []
        for k, target in enumerate(targets):
            own = [row for row in rows if row["target"] == target and row["relation"] == "="]
            for place, row in enumerate(own):
                if row["verdict"] != verdict or not float(row["tolerance"]) > 0.0:
                    continue
                unit = float(row["tolerance"])
                off = (float(row["ours"]) - float(row["published"])) / unit
                x.append(min(max(off, -_FARTHEST), _FARTHEST))
                y.append(k + 0.6 * ((place + 0.5) / len(own) - 0.5))
                half.append(1.96 * float(row["standard_error"]) / unit)
        drawn.add_scatter(
            x=exact(x), y=exact(y), mode="markers", marker={"size": 5, "color": ink},
            error_x={"type": "data", "array": exact(half), "thickness": 0.8, "width": 0},
        )  # fmt: skip
    names = []
    for target in targets:
        own = [row for row in rows if row["target"] == target]
        met = sum(row["verdict"] == "met" for row in own)
        names.append(f"{target.replace('_', ' ')}: {met} of {len(own)}")
    drawn.update_yaxes(tickvals=list(range(len(targets))), ticktext=names)
    for at in (-1.0, 1.0):
        drawn.add_vline(x=at, line={"color": DIM, "width": 1, "dash": "dot"})
    drawn.update_xaxes(
        title_text="(ours − published) / what may differ", range=[-_FARTHEST - 0.2, _FARTHEST + 0.2]
    )
    told = ", ".join(
        f"<span style='color:{ink}'>{verdict}</span>" for verdict, ink in _INKS.items()
    )
    drawn.add_annotation(
        x=1.0, y=1.02, xref="paper", yref="paper", xanchor="right", yanchor="bottom",
        showarrow=False, text=told, font={"size": SMALL},
    )  # fmt: skip
    solved = sum(row["source"] == "formula" for row in rows)
    judged = [row["equivalent"] == "True" for row in rows if row["equivalent"]]
    finish(
        drawn, f"Of {len(rows)} figures of the field {verdicts['met']} are met, "
        f"{verdicts['missed']} missed and {verdicts['undecided']} undecided; of the {len(judged)} "
        f"that chance decides {sum(judged)} are shown equivalent", 430,
        f"{_printed(rows)} of them are printed in the papers or drawn in their figures, the others "
        f"follow from their rules, are runs of independent code, or published equations, solved "
        f"({solved}). Not drawn: bounds, signs, and figures that must agree exactly. Bars: 1.96 "
        "standard errors of ours. What may differ is the target's or ours: see the table.",
    )  # fmt: skip
    drawn.update_layout(margin={"l": 130})
    return drawn


def _printed(rows: list[dict[str, str]]) -> int:
    return sum(row["source"] in ("pub", "fig") for row in rows)


def files(folder: Path) -> dict[str, bytes]:
    """The panel's files, from the tables that ``scored dock`` wrote."""
    drawn = figure(folder)
    content = {writing.FIGURE: writing.figure_json(drawn)}
    svg = writing.svg_for(drawn, content[writing.FIGURE], folder / FOLDER)
    if svg is not None:
        content[writing.SVG] = svg
    sums = {f"../{name}": writing.digest((folder / name).read_bytes()) for name in TABLES}
    sums |= {name: writing.digest(data) for name, data in content.items()}
    told = {"command": "scored dock --full, then scored reproduce", "sha256": sums}
    content[writing.MANIFEST] = (json.dumps(told, indent=1, sort_keys=True) + "\n").encode()
    return content


def faults(folder: Path) -> list[str]:
    """Whether the panel is what follows from the tables, and all of it as it was written."""
    from experiments.paper.verify import checksums, differences  # which looks here, too

    place = folder / FOLDER
    if not (folder / TABLES[0]).is_file():
        return []
    try:
        manifest = writing.read_manifest(place)
    except InputError as error:
        return [str(error)]
    found = checksums(place, manifest)
    path = place / writing.FIGURE
    if path.is_file():
        found += differences(path, path.read_bytes(), writing.figure_json(figure(folder)))
    return found
