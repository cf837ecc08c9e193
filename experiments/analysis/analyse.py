"""All that fits a sweep's design, from its stored table."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.dependence import Curve, clusters_of, dependence
from experiments.analysis.effects import Effects, main_effects
from experiments.analysis.results import Results
from experiments.analysis.sensitivity import (
    Index,
    elementary_effects,
    pawn_indices,
    sobol_indices,
)
from experiments.analysis.stability import Stability, stability
from experiments.analysis.summary import summarise
from experiments.study.check import reference_place
from experiments.study.designs import SAMPLING
from experiments.study.factors import Factor, Levels
from experiments.study.loading import study_of
from experiments.study.schema import Study
from experiments.sweep.identity import StoreError
from experiments.sweep.replication import Saved, values_of, variance_saved
from experiments.sweep.stored import Stored
from model.errors import InputError, nearest


class Analysis(NamedTuple):
    """What was found."""

    study: Study
    runs: int
    missing: int
    """Runs that the study has and the table hasn't."""
    summary: list[dict[str, Any]]
    indices: dict[str, list[Index]]
    """Measure → indices, by the method that fits the design; else PAWN."""
    method: str
    effects: list[Effects]
    curves: list[Curve]
    stability: list[Stability]
    saved: list[Saved]
    notes: list[str]
    """What couldn't be done, and why."""


def analyse(store: Stored, measures: Iterable[str] = ()) -> tuple[Analysis, Results]:
    """Analyse a study's store.

    Args:
        store: a study's.
        measures: only these of its measures.

    Raises:
        StoreError: if it isn't a study's, or nothing is finished; for an unknown measure.
    """
    if "study" not in store.about:
        raise StoreError(f"{store.folder}: not a study's; see experiments.analysis for any table")
    study = study_of(store.about["study"])
    folder = Path(store.about.get("study_folder") or ".")
    names = list(measures) or study.measures
    for name in names:
        if name not in study.measures:
            raise StoreError(
                f"'{name}' is not among the sweep's measures{nearest(name, study.measures)} "
                f"(there are: {', '.join(study.measures)})"
            )
    columns = store.table().to_pydict()
    if not columns:
        raise StoreError(f"{store.folder}: no run is finished yet")
    results = Results.of(study, columns, folder)
    factors, notes = factors_of(study, results)
    rule = study.replication
    everything = results.plan.runs(rule.least if rule else study.replicates)
    done = np.array([columns["point"], columns["replicate"]], np.int64)
    missing = len(results.plan.missing(everything, *done))
    clusters = clusters_of(results, study.designs)
    indices, method, told = _indices(study, results, names, factors, clusters)
    notes += told
    saved = []
    replicated = all(replicate is None for _, replicate in results.plan.rows)
    if replicated and study.twins and results.replicates >= 3 and len(results.plan.points) > 1:
        saved = variance_saved(
            values_of({**columns, **{name: columns[study.column_of(name)] for name in names}},
                      results.plan, names, results.replicates),
            names, reference_place(study, results.plan, folder),
        )  # fmt: skip
    varied = [name for name in factors if len({repr(p.get(name)) for p in results.plan.points}) > 1]
    found = [stability(results, name) for name in names] if replicated else []
    twins = study.twins and replicated
    if twins and results.replicates == 1:
        notes.append(
            "one replicate of twin worlds: all points had the same luck, and no interval knows of "
            "any other; add replicates, or set twins = false"
        )
    sampled = any(design.kind in SAMPLING for design in study.designs)
    effects = []
    for name in names:
        try:
            effects.append(main_effects(
                results, name, factors, clusters, twins, study.seed % 2**63, sampled
            ))  # fmt: skip
        except InputError as error:
            notes.append(f"main effects: {error}")
    analysis = Analysis(
        study, results.runs, missing, summarise(results, names, study.seed % 2**63),
        indices, method, effects,
        [dependence(results, factor, name, study.seed % 2**63, clusters, twins, sampled)
         for name in names for factor in varied],
        [one for one in found if one is not None], saved, list(dict.fromkeys(notes)),
    )  # fmt: skip
    return analysis, results


def factors_of(study: Study, results: Results) -> tuple[dict[str, Factor], list[str]]:
    """What varies at every point, a table's columns included; and notes of what doesn't."""
    levels = study.levels()
    named = dict.fromkeys([*levels, *(name for point in results.plan.points for name in point)])
    factors: dict[str, Factor] = {}
    notes = []
    for name in named:
        try:
            values = results.at(name)
        except InputError as error:
            notes.append(f"{error}: it is left out")
            continue
        factors[name] = levels.get(name) or Levels(list(dict.fromkeys(values)))
    return factors, notes


def _indices(
    study: Study,
    results: Results,
    names: list[str],
    factors: dict[str, Factor],
    clusters: NDArray[np.int64],
) -> tuple[dict[str, list[Index]], str, list[str]]:
    """The indices that the design is made for; else PAWN, if there are enough runs."""
    notes: list[str] = []
    found: dict[str, list[Index]] = {}
    only = study.designs[0] if len(study.designs) == 1 else None
    kind = only.kind if only is not None else ""
    method = {"saltelli": "Sobol'", "morris": "Morris"}.get(kind, "PAWN")
    seed = study.seed % 2**63
    for name in names:
        try:
            if only is not None and only.kind == "saltelli":
                found[name] = sobol_indices(results, name, only, factors, seed)
            elif only is not None and only.kind == "morris":
                found[name] = elementary_effects(results, name, only, factors, seed)
            else:
                found[name] = pawn_indices(results, name, factors, clusters, seed)
        except InputError as error:
            notes.append(f"{method} indices: {error}")
    return found, method, notes
