"""Everything about a study that can be known before its first run."""

from __future__ import annotations

import math
from pathlib import Path

from experiments.study.factors import Levels
from experiments.study.plan import Plan
from experiments.study.schema import SCENARIO, Study, typed_value
from model.errors import InputError, NetworkError, ScenarioError, nearest
from model.faults import at
from model.measures import check_names
from model.networks.generators import check as check_network
from model.parameters import section_of
from model.scenario import Scenario

LEAST_KEPT = 30
"""Runs that a calibration keeps at least."""

_MOST_RUNS = 10_000_000
_MOST_CHECKED = 20_000  # points: some seconds; what is wrong with others fails as they run


def check_study(study: Study, path: Path) -> None:
    """Everything that can be known before the first run."""
    where = str(path)
    for name, value in study.set.items():
        if name in Study.model_fields:
            raise ScenarioError(
                f"{at(path, 'set', name)}: this is a key of the study; write it above the first "
                "table, not below [set]"
            )
        if name != "program":
            typed_value(name, value, where, "set")
    try:
        study.base(path.parent)
        check_names([*study.measures, *study.final, *study.series,
                     *(study.figure.measures if study.figure else ())])  # fmt: skip
    except InputError as error:
        raise ScenarioError(f"{path}: {error}") from None
    _check_factors(study, path)
    plan = study.plan(path.parent, where)
    runs = len(plan.runs(_most_replicates(study)))
    if runs > _MOST_RUNS:
        raise ScenarioError(f"{path}: {runs} runs; at most {_MOST_RUNS}")
    _check_points(study, plan, path)
    _check_networks(study, plan, path)
    if study.window > study.periods:
        raise ScenarioError(
            f"{at(path, 'window')} = {study.window} exceeds periods = {study.periods}"
        )
    _check_luck(study, plan, path)
    _check_replication(study, plan, path)
    _check_search(study, path)
    _check_figure(study, path)


def _most_replicates(study: Study) -> int:
    return study.replication.most if study.replication else study.replicates


def _check_factors(study: Study, path: Path) -> None:
    from_table = any(design.kind == "table" for design in study.designs)
    if not study.factors and not from_table:
        raise ScenarioError(f"{path}: [factors] is empty; name at least one parameter")
    for name, factor in study.levels(str(path)).items():
        if name != SCENARIO and name not in section_of():
            raise ScenarioError(
                f"{at(path, 'factors', name)}: there is no parameter '{name}'"
                f"{nearest(name, (*section_of(), SCENARIO))}"
            )
        if name == "seed":
            raise ScenarioError(f"{at(path, 'factors', 'seed')}: use replicates to vary the seed")
        if name in study.set:
            raise ScenarioError(
                f"{at(path, 'set', name)}: '{name}' stands in [set] and in [factors]"
            )
        tried = factor.values if isinstance(factor, Levels) else [factor.at(0.0), factor.at(1.0)]
        for value in tried:  # each level before any point, so that the fault names it alone
            try:
                study.at({name: value}, path.parent)
            except ScenarioError as error:
                raise ScenarioError(f"{at(path, 'factors', name)}: {error}") from None


def _check_points(study: Study, plan: Plan, path: Path) -> None:
    """Whether each point's parameters go together."""
    bases: dict[str, Scenario] = {}
    every = max(len(plan.points) // _MOST_CHECKED, 1)
    for point in plan.points[::every]:
        try:
            study.at(point, path.parent, bases)
        except InputError as error:
            told = ", ".join(f"{name} = {value}" for name, value in point.items())
            raise ScenarioError(f"{path}: factors: {error} (at {told})") from None


def _check_networks(study: Study, plan: Plan, path: Path) -> None:
    """Whether every network that the points ask for can be drawn."""
    sections = {SCENARIO: "", **section_of()}
    shapes = {
        tuple((name, value) for name, value in point.items()
              if sections[name] in ("", "population", "network")): None
        for point in plan.points
    }  # fmt: skip
    bases: dict[str, Scenario] = {}
    for shape in shapes:
        scenario = study.at(dict(shape), path.parent, bases)
        file = scenario.network.network_file
        if file and not Path(file).is_file():
            raise ScenarioError(f"{path}: network_file = {file!r}: there is no such file")
        if scenario.network.network_file or scenario.network.generator == "karate":
            continue
        try:
            check_network(scenario.population.citizens, scenario.network)
        except NetworkError as error:
            raise ScenarioError(f"{path}: {error}") from None


def _check_luck(study: Study, plan: Plan, path: Path) -> None:
    if not study.twins and any(replicate is not None for _, replicate in plan.rows):
        raise ScenarioError(
            f"{at(path, 'twins')}"
            f" = false: where luck is a factor (saltelli with noise) it must be the "
            "same at different points; leave twins out, or set noise = false"
        )


def _check_replication(study: Study, plan: Plan, path: Path) -> None:
    wanted = study.replication
    if wanted is None:
        return
    for name, width in wanted.until.items():
        if name not in study.measures:
            raise ScenarioError(
                f"{at(path, 'replication', 'until')}: '{name}' is not among the measures"
                f"{nearest(name, study.measures)}"
            )
        if not width > 0.0:
            raise ScenarioError(
                f"{at(path, 'replication', 'until', name)} = {width}: must be above 0"
            )
    if wanted.least > wanted.most:
        raise ScenarioError(
            f"{at(path, 'replication')}: least = {wanted.least} exceeds most = {wanted.most}"
        )
    if any(replicate is not None for _, replicate in plan.rows):
        raise ScenarioError(
            f"{at(path, 'replication')}: a saltelli design with noise has one run a point; set "
            "noise = false there, or leave replication out"
        )
    if wanted.reference:
        try:
            reference_place(study, plan, path.parent)
        except InputError as error:
            raise ScenarioError(f"{path}: {error}") from None


def _check_search(study: Study, path: Path) -> None:
    named: list[tuple[str, str]] = []
    if study.search is not None:
        search = study.search
        wishes = [bool(search.maximise), bool(search.minimise), bool(search.target)]
        if sum(wishes) != 1:
            raise ScenarioError(f"{at(path, 'search')}: give one of maximise, minimise and target")
        named += [("search", name) for name in (search.maximise, search.minimise) if name]
        named += [("search.target", name) for name in search.target]
        for name, scale in search.scale.items():
            if name not in search.target:
                raise ScenarioError(
                    f"{at(path, 'search', 'scale')}"
                    f": '{name}' is no target{nearest(name, search.target)}"
                )
            if not scale > 0.0:
                raise ScenarioError(
                    f"{at(path, 'search', 'scale', name)} = {scale}: must be above 0"
                )
    if study.calibration is not None:
        _check_prior(study, path)
        for name, (_, tolerance) in study.calibration.targets.items():
            named.append(("calibration.targets", name))
            if not tolerance > 0.0:
                raise ScenarioError(
                    f"{at(path, 'calibration', 'targets', name)}: the tolerance must be above 0"
                )
    for where, name in named:
        if name not in study.measures:
            raise ScenarioError(
                f"{at(path, *where.split('.'))}: '{name}' is not among the measures"
                f"{nearest(name, study.measures)}"
            )


def _check_prior(study: Study, path: Path) -> None:
    """Whether runs are independent draws from the ranges, as calibration takes them to be."""
    kinds = {design.kind for design in study.designs}
    if study.twins or study.replicates != 1 or not kinds <= {"latin_hypercube", "sobol", "halton"}:
        raise ScenarioError(
            f"{at(path, 'calibration')}"
            f": each run must be a draw of its own, with luck of its own; write "
            "twins = false, replicates = 1, and a design of kind latin_hypercube, sobol or halton"
        )
    assert study.calibration is not None  # noqa: S101  (the caller looks)
    points, keep = (
        sum(getattr(design, "points", 0) for design in study.designs),
        study.calibration.keep,
    )
    if round(points * keep) < LEAST_KEPT:
        raise ScenarioError(
            f"{at(path, 'calibration')}"
            f": of {points} points {keep:g} are kept; at least {LEAST_KEPT} are "
            f"needed: run {math.ceil(LEAST_KEPT / keep)} points, or keep more"
        )


def _check_figure(study: Study, path: Path) -> None:
    if study.figure is None:
        return
    for axis in (study.figure.x, study.figure.y):
        if axis not in study.factors:
            raise ScenarioError(
                f"{at(path, 'figure')}: '{axis}' is not a factor{nearest(axis, study.factors)}"
            )
    for name in study.figure.measures:
        if name not in study.measures:
            raise ScenarioError(f"{at(path, 'figure')}: '{name}' is not among the measures")


def reference_place(study: Study, plan: Plan, folder: Path | None = None) -> int | None:
    """The place of the reference point among the points; None if there is none."""
    if study.replication is None or not study.replication.reference:
        return None
    named = study.replication.reference
    for name in named:
        if name not in study.factors:
            raise InputError(
                f"replication.reference: '{name}' is not a factor{nearest(name, study.factors)}"
            )
    typed = study.typed(named, "replication.reference")
    found = [
        k for k, point in enumerate(plan.points)
        if all(point[name] == value for name, value in typed.items())
    ]  # fmt: skip
    if len(found) != 1:
        some = [plan.points[k] for k in found[:2]] or plan.points[:2]
        told = " or ".join(
            "{" + ", ".join(f"{name} = {value!r}" for name, value in point.items()) + "}"
            for point in some
        )
        raise InputError(
            f"replication.reference: {len(found)} points of the design are so; name one, for "
            f"example {told}"
        )
    return found[0]
