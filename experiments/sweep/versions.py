"""What made a result: versions, machine, and the sources' commit."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

from experiments.store import provenance


def versions() -> dict[str, Any]:
    """Versions, machine, and the commit of the sources, if they are a clone."""
    return {**provenance(), "commit": commit()}


def commit() -> str | None:
    """The commit of this package's sources, with ``+`` if they have been edited; None if none."""
    here = Path(__file__).parent
    try:
        told = subprocess.run(
            ["git", "-C", str(here), "describe", "--always", "--abbrev=40", "--dirty=+"],  # noqa: S607
            capture_output=True, text=True, timeout=10, check=True,
            env={**os.environ, "LC_ALL": "C"},
        )  # fmt: skip
        tracked = subprocess.run(
            ["git", "-C", str(here), "ls-files", "--error-unmatch", Path(__file__).name],  # noqa: S607
            capture_output=True, timeout=10, check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return told.stdout.strip() if tracked.returncode == 0 else None
