"""Long runs that go on where they stopped: a checkpoint beside the series so far."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.store import CHECKPOINT, write_series
from model import checkpoint

if TYPE_CHECKING:
    from experiments.run import Series
    from model.world import World


class Checkpoints:
    """Where and how often a run is written down.

    Args:
        folder: of the run's results; ``checkpoint.npz`` lies there while it isn't finished, and
            ``series.parquet`` as far as the checkpoint goes.
        every: periods.
        about: what else has to be the same, for example how often the series is taken.
    """

    def __init__(self, folder: Path, every: int, about: Mapping[str, object]) -> None:
        self.path = folder / CHECKPOINT
        self.every = every
        self.about = about
        self._identity = ""

    def resume(self, world: World) -> Series | None:
        """Put a new world where its run stopped; returns the series so far, None at a beginning.

        Raises:
            InputError: if the checkpoint is another run's.
        """
        self._identity = checkpoint.identity(world, self.about)
        if not self.path.is_file():
            return None
        columns = checkpoint.load(self.path, world, self._identity)
        return {name: column.tolist() for name, column in columns.items()}

    def save(self, world: World, series: Series) -> None:
        """Write the run down as it is."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        columns = {name: np.array(values) for name, values in series.items()}
        checkpoint.save(self.path, world, self._identity, **columns)
        write_series(self.path.parent, series)
