"""Reading points from a CSV file whose header names the factors."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from model.errors import ScenarioError


def read_points(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """A CSV file's header, and its lines with their numbers; empty ones are passed over."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            lines = list(csv.reader(stream))
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{path}: not UTF-8 text (byte {error.start})") from None
    if len(lines) < 2:
        raise ScenarioError(f"{path}: a header and at least one point are needed")
    header = [name.strip() for name in lines[0]]
    if len(header) == 1 and ";" in header[0]:
        raise ScenarioError(f"{path}: line 1: cells are divided by commas, not by semicolons")
    if len(set(header)) < len(header) or not all(header):
        raise ScenarioError(f"{path}: line 1: each column needs a name of its own")
    kept = [(number, cells) for number, cells in enumerate(lines[1:], start=2) if any(cells)]
    for number, cells in kept:
        if len(cells) != len(header):
            raise ScenarioError(
                f"{path}: line {number}: {len(cells)} cells, but {len(header)} columns"
            )
    return header, kept


def value_of(text: str) -> Any:
    """A cell of a CSV file: a whole number, a number, true or false, or a word."""
    text = text.strip()
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return {"true": True, "false": False}.get(text.lower(), text)
