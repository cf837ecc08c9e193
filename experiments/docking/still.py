"""The model with everything at rest but the rule that a classic is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from model.world import World

STILL: dict[str, Any] = {
    "scenario": "no_institution",
    "influence": 0.0, "internalisation": 0.0, "anchoring": 0.0, "reactance": 0.0,
    "review": 0.0, "sociability": 0.0, "effort": 0.0, "stakes": 0.0, "solidarity": 0.0,
    "conformity": 0.0, "conformity_concentration": float("inf"),
}  # fmt: skip
"""Convictions and ties stay, nothing is scored, nobody conforms; targets turn on what they need."""


def run_until_rest(
    world: World, most: int, state: Callable[[World], Any] = lambda world: world.now.record
) -> bool:
    """Advance until a period changes nothing, or ``most`` periods; returns whether it came to rest.

    Args:
        world: to advance.
        most: periods at most.
        state: what must not change any more.
    """
    before = np.array(state(world))
    for _ in range(most):
        world.run(1)
        now = np.array(state(world))
        if np.array_equal(before, now):
            return True
        before = now
    return False
