"""What the README says of speed: every number from ``results/benchmarks.json``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def number(value: float) -> str:
    """Three digits, more for large whole numbers.

    >>> number(2.345), number(0.0213), number(1934.2)
    ('2.35', '0.0213', '1,934')
    """
    return f"{value:.3g}" if value < 100 else f"{value:,.0f}"


def read(path: Path) -> dict[str, Any]:
    """A benchmark that ``scored bench --out`` wrote."""
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return told


def markdown(told: dict[str, Any]) -> str:
    """The README's table."""
    machine = told["machine"]
    lines = ["| figure | measured | aim | |", "|---|---:|---|---|"]
    lines += [
        f"| {one['name']} | {number(one['value'])} {one['unit']} | {one['aim']} | {one['detail']} |"
        for one in told["figures"]
    ]
    lines += [
        "",
        f"One run of {told['command']} on {machine['cores']} shared cores, version "
        f"{machine['version']}, Numba {machine['numba']}, Python {machine['python']}; figures "
        "that miss their aim stand in it.",
    ]
    return "\n".join(lines) + "\n"
