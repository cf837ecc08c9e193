"""What processes said of themselves in a sweep's folder: their sessions, and runs that failed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def last_failures(folder: Path) -> dict[tuple[int, int], dict[str, Any]]:
    """(point, replicate) → the last failure of each run that ever failed."""
    last: dict[tuple[int, int], dict[str, Any]] = {}
    for path in sorted((folder / "failures").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            try:
                told = json.loads(line)
            except ValueError:  # the line at which the power went
                continue
            before = last.get((told["point"], told["replicate"]))
            if before is None or before["when"] <= told["when"]:
                last[told["point"], told["replicate"]] = told
    return last


def sessions(folder: Path) -> list[dict[str, Any]]:
    """What each process that wrote there said of itself, the earliest first."""
    told = []
    for path in (folder / "sessions").glob("*.json"):
        try:
            told.append(json.loads(path.read_text("utf-8")))
        except (OSError, ValueError):
            continue
    return sorted(told, key=lambda session: session["started"])
