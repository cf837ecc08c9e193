"""The model of Scored Society: a citizen-score system on a friendship graph.

>>> from model import World
>>> world = World("guilt_by_association", citizens=100, seed=1)
>>> world.run(3)
>>> world.period
3
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.measures import measure, measure_many
    from model.networks import EdgeList
    from model.scenario import Scenario, load
    from model.society import Society
    from model.world import World

__version__ = "0.1.0"

_HOMES = {
    "World": "model.world",
    "Society": "model.society",
    "Scenario": "model.scenario",
    "load": "model.scenario",
    "EdgeList": "model.networks",
    "measure": "model.measures",
    "measure_many": "model.measures",
}

__all__ = [
    "EdgeList", "Scenario", "Society", "World", "__version__", "load", "measure", "measure_many",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    # Looked up on first use (PEP 562): the compiled path must not import Mesa, nor `--help` Numba.
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'model' has no attribute '{name}'")
