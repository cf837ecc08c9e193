"""Real networks that studies live on: not ours to hand out, and so looked for."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from model.errors import InputError

FOLDER = "SCORED_NETWORKS"
"""Environment variable: the folder in which real networks lie; ``data`` by default."""


@dataclass(frozen=True)
class RealNetwork:
    """A network file, known by its content.

    Attributes:
        file: its name.
        sha256: of its content.
    """

    file: str
    sha256: str

    def find(self) -> Path | None:
        """Where it lies; None if it doesn't.

        Raises:
            InputError: if another file has its name.
        """
        path = Path(os.environ.get(FOLDER, "data")) / self.file
        if not path.is_file():
            return None
        if hashlib.sha256(path.read_bytes()).hexdigest() != self.sha256:
            raise InputError(f"{path}: not the network of the study (SHA-256 {self.sha256[:16]}…)")
        return path
