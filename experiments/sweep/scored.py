"""How a run of this project's own model is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from experiments.run import measured
from experiments.study.schema import SCENARIO, Study
from experiments.sweep.running import Deadline, Output
from model.compilation import package_digest
from model.networks import EdgeList
from model.scenario import build
from model.world import World

_FINGERPRINT = 16
"""Hexadecimal digits of the SHA-256 that are kept of each run: enough to tell any two apart."""


@dataclass(frozen=True)
class ScoredRun:
    """A :class:`experiments.sweep.running.RunConfiguration` for scored societies.

    Attributes:
        scenarios: the nested tables of each scenario that may lie under a point, by name.
        default: the scenario where a point names none.
        network_file: a network in place of the scenario's.
        periods, measures, window, every, final, series, series_every: see
            :class:`experiments.study.schema.Study`.
        columns: measure → its column, where that isn't its name.
        files: network files that points name.
    """

    scenarios: Mapping[str, Mapping[str, Any]]
    default: str
    periods: int
    measures: tuple[str, ...]
    window: int = 1
    every: int = 1
    final: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    series_every: int = 1
    network_file: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    preload: tuple[str, ...] = ("experiments.sweep.warm",)

    @classmethod
    def of(cls, study: Study, folder: Path | None = None, network_file: str = "") -> ScoredRun:
        """How the runs of a study are made."""
        names = [study.scenario]
        if SCENARIO in study.factors:
            names = [*study.levels()[SCENARIO].all()]
        if any(design.kind == "table" for design in study.designs):
            points = study.plan(folder).points
            names += [point[SCENARIO] for point in points if SCENARIO in point]
        tables = {name: study.base(folder, name).tables() for name in dict.fromkeys(names)}
        return cls(
            tables, study.scenario, study.periods, tuple(study.measures), study.window,
            study.every, tuple(study.final), tuple(study.series), study.series_every, network_file,
            {name: study.column_of(name) for name in study.measures},
            tuple(_files_at_points(study, folder)),
        )  # fmt: skip

    def identity(self) -> dict[str, Any]:
        """What decides a run besides its parameters and its seed."""
        return {
            "periods": self.periods, "measures": list(self.measures), "window": self.window,
            "every": self.every, "final": list(self.final), "series": list(self.series),
            "series_every": self.series_every, "model_digest": package_digest(),
            "network_file": _origin(self.network_file),
            "scenarios": {name: _digest(tables) for name, tables in self.scenarios.items()},
            "networks": {name: _origin(tables["network"]["network_file"])
                         for name, tables in self.scenarios.items()}
            | {file: _origin(file) for file in self.files},
        }  # fmt: skip

    def run(self, parameters: Mapping[str, Any], seed: int, deadline: Deadline) -> Output:
        """Build a world, run it, measure it."""
        world = self.world(parameters, seed)
        values, series = measured(
            world, self.periods, self.measures, self.window, self.every, self.final, self.series,
            self.series_every, deadline.check,
        )  # fmt: skip
        named = {self.columns.get(name, name): value for name, value in values.items()}
        return Output({**named, "fingerprint": world.fingerprint()[:_FINGERPRINT]}, series)

    def world(self, parameters: Mapping[str, Any], seed: int) -> World:
        """The world of a run at its beginning, on one thread."""
        changes = dict(parameters)
        tables = self.scenarios[changes.pop(SCENARIO, self.default)]
        scenario = build(tables, {**changes, "seed": seed}, "run")
        file = self.network_file or scenario.network.network_file
        return World(scenario, network=_network(file) if file else None, threads=1)


def _files_at_points(study: Study, folder: Path | None) -> list[str]:
    named = "network_file" in study.factors or any(d.kind == "table" for d in study.designs)
    if not named:
        return []
    points = study.plan(folder).points
    return sorted({point["network_file"] for point in points if point.get("network_file")})


@lru_cache(maxsize=2)
def _network(file: str) -> EdgeList:
    from model.networks.files import read_network

    return read_network(Path(file))


def _origin(file: str) -> str:
    """A network file's content; where it lies doesn't matter."""
    from experiments.store import network_origin

    return network_origin(file).get("sha256", "")


def _digest(tables: Mapping[str, Any]) -> str:
    import hashlib
    import json

    from experiments.store import plain

    # a file's place is no part of what is modelled; the story neither
    network = {**tables["network"], "network_file": bool(tables["network"]["network_file"])}
    kept = {**tables, "network": network, "title": "", "story": ""}
    text = json.dumps(plain(kept), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
