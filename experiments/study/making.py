"""A plan from plain data, for models that aren't ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.study.designs import Row, Space, design_of
from experiments.study.factors import factor_of
from experiments.study.plan import Plan


def make_plan(
    factors: Mapping[str, Any],
    design: Mapping[str, Any] | Sequence[Mapping[str, Any]] = (),
    *,
    seed: int = 1,
    base: Mapping[str, Any] | None = None,
) -> Plan:
    """Points for :func:`experiments.run_scenarios`.

    Args:
        factors: name → levels, or ``{"from": …, "to": …}``, as in a study file.
        design: as the table of a study file, or several; every combination of levels by default.
        seed: decides what designs draw.
        base: the factors' values where nothing varies, for ``one_at_a_time``.

    Raises:
        InputError: saying what is wrong and what is allowed.

    >>> make_plan({"n": [20, 50], "width": {"from": 5, "to": 15, "levels": 3}}).points[:2]
    [{'n': 20, 'width': 5}, {'n': 20, 'width': 10}]
    >>> len(make_plan({"n": {"from": 20, "to": 50}}, {"kind": "sobol", "points": 16}).points) > 8
    True
    """
    typed = {name: factor_of(name, given, "make_plan") for name, given in factors.items()}
    space = Space(typed, dict(base or {}), seed, Path())
    several = [design] if isinstance(design, Mapping) else list(design) or [{"kind": "grid"}]
    rows: list[Row] = []
    for one in several:
        rows += design_of(one).rows(space)
    return Plan(rows)
