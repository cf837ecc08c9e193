"""An analysis as tables (CSV) and figures (HTML that needs no network)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.analysis.analyse import Analysis
from experiments.analysis.figures import (
    dependence_figure,
    index_figure,
    stability_figure,
    twin_figure,
)
from experiments.analysis.phase import phase_diagrams
from experiments.analysis.results import Results
from experiments.analysis.series import series_figure
from experiments.analysis.style import logs_of, page
from experiments.study.schema import FigureOfTwoFactors, Study
from experiments.sweep.replication import Saved
from experiments.sweep.shards import write_whole
from experiments.sweep.stored import Stored

if TYPE_CHECKING:
    import plotly.graph_objects as go

MOST_PANELS = 6
"""Measures that a figure shows; tables have all."""
_MOST_COURSES = 3


def write_analysis(analysis: Analysis, results: Results, store: Stored, folder: Path) -> list[Path]:
    """Write everything; returns what was written.

    Args:
        analysis: what was found.
        results: the runs that it was found in.
        store: where their series are.
        folder: to write to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = _write_tables(analysis, folder)
    for name, figure in _figures(analysis, results, store).items():
        write_whole(folder / f"{name}.html", page(figure, name))
        written.append(folder / f"{name}.html")
    return written


def _write_tables(analysis: Analysis, folder: Path) -> list[Path]:
    written = [write_csv(folder / "summary.csv", analysis.summary)]
    if analysis.indices:
        rows = [{"measure": name, **index._asdict()}
                for name, found in analysis.indices.items() for index in found]  # fmt: skip
        written.append(write_csv(folder / "indices.csv", rows))
    if analysis.effects:
        rows = [
            {"measure": one.measure, **effect._asdict(), "r2": one.r2}
            for one in analysis.effects for effect in one.effects
        ]  # fmt: skip
        written.append(write_csv(folder / "effects.csv", rows))
    if analysis.curves:
        rows = [
            {"measure": curve.measure, "factor": curve.factor, "x": x, "mean": mean, "low": low,
             "high": high}
            for curve in analysis.curves
            for x, mean, low, high in zip(curve.x, curve.mean.tolist(), curve.low.tolist(),
                                          curve.high.tolist(), strict=True)
        ]  # fmt: skip
        written.append(write_csv(folder / "dependence.csv", rows))
    if analysis.stability:
        rows = [
            {"measure": one.measure, "replicates": n, "median_half_width": median,
             "widest_half_width": widest, "asked": one.asked, "enough": one.enough}
            for one in analysis.stability
            for n, median, widest in zip(one.replicates.tolist(), one.median.tolist(),
                                         one.widest.tolist(), strict=True)
        ]  # fmt: skip
        written.append(write_csv(folder / "replicates.csv", rows))
    if _known(analysis.saved):
        rows = [one._asdict() for one in analysis.saved]
        written.append(write_csv(folder / "twins.csv", rows))
    return written


def _figures(analysis: Analysis, results: Results, store: Stored) -> dict[str, go.Figure]:
    study = analysis.study
    names = measures_of(analysis)[:MOST_PANELS]
    figures: dict[str, go.Figure] = {}
    indices = {name: found for name, found in analysis.indices.items() if name in names}
    if indices:
        figures["indices"] = index_figure(study, indices)
    curves = [curve for curve in analysis.curves if curve.measure in names]
    if curves:
        figures["dependence"] = dependence_figure(study, curves, logs_of(study))
    replicates = [one for one in analysis.stability if one.measure in names]
    if replicates:
        figures["replicates"] = stability_figure(study, replicates)
    if _known(analysis.saved):
        figures["twins"] = twin_figure(study, analysis.saved)
    axes = phase_axes(study, analysis)
    if axes is not None:
        figures["phase"] = phase_diagrams(results, study, axes)
    courses = [name for name in study.series if name in measures_of(analysis)] or study.series
    if courses and analysis.curves:
        table = store.table("series")
        factor = study.figure.x if study.figure else _by_size(analysis)[0]
        figures["series"] = series_figure(
            study, {name: table[name].to_numpy() for name in table.column_names},
            Path(store.about.get("study_folder") or "."), factor, courses[:_MOST_COURSES],
        )  # fmt: skip
    return figures


def measures_of(analysis: Analysis) -> list[str]:
    """The measures that were analysed."""
    return list(dict.fromkeys(row["measure"] for row in analysis.summary))


def _known(saved: Sequence[Saved]) -> bool:
    return any(one.share == one.share for one in saved)


def phase_axes(study: Study, analysis: Analysis) -> FigureOfTwoFactors | None:
    """The study's own two factors, else the two that matter most; None for fewer than two."""
    if study.figure is not None:
        return study.figure
    names = _by_size(analysis)
    if len(names) < 2 or not analysis.summary:
        return None
    measures = list(analysis.indices)[:2] or study.measures[:2]
    return FigureOfTwoFactors(x=names[0], y=names[1], measures=measures)


def _by_size(analysis: Analysis) -> list[str]:
    """The factors that curves were drawn along, those first that matter most."""
    names = list(dict.fromkeys(curve.factor for curve in analysis.curves))
    leading = next(iter(analysis.indices.values()), [])
    size = {index.factor: index.value for index in leading}
    return sorted(names, key=lambda name: -size.get(name, 0.0))


def write_csv(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    """Write rows as a CSV file whose columns are all that any of them has; returns ``path``."""
    several = list(rows)
    text = io.StringIO()
    names = list(dict.fromkeys(name for row in several for name in row))
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(several)
    write_whole(path, text.getvalue().encode())
    return path
