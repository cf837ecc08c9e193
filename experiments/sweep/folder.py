"""A sweep's folder as such: what may lie in it, what it says of itself, how it is emptied."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments.store import plain
from experiments.sweep.identity import StoreError
from experiments.sweep.locks import any_held
from experiments.sweep.shards import write_whole

TABLES = ("runs", "series", "timings")
FOLDERS = (*TABLES, "sessions", "failures", "locks")
_OWN = {"sweep.json", "points.parquet", "figure.html", "damaged", "analysis", "calibration",
        "search", *FOLDERS}  # fmt: skip


def is_own(name: str) -> bool:
    """Whether a sweep's folder may hold it: drafts (``.sweep.json.1f2e…``) included."""
    return name in _OWN or (name.startswith(".") and name[1:].rpartition(".")[0] in _OWN)


def write_about(folder: Path, about: Mapping[str, Any]) -> None:
    """``sweep.json``, whole or not at all."""
    content = json.dumps(plain(dict(about)), indent=1, ensure_ascii=False) + "\n"
    write_whole(folder / "sweep.json", content.encode())


def remove_sweep(folder: Path) -> None:
    """Remove a sweep's content, but its locks; the caller is ``looking``.

    Raises:
        StoreError: if somebody writes there.
    """
    if any_held(folder):
        raise StoreError(f"{folder}: a sweep is being written there; stop it first")
    (folder / "sweep.json").unlink()  # from here on it is no sweep, however this ends
    for path in folder.iterdir():
        if path.name == "locks":
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
