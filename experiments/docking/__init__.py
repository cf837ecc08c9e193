"""Published results of the field, reproduced: one target a file.

'Docking' is to show that a model gives another one's results (Axtell, Axelrod, Epstein & Cohen
1996): numerically, in distribution, or in the signs of its relations. Where a classic is a special
case of this project's own rules it is a scenario of the model; those that move ties in a way of
their own have an event loop of their own, on the model's ties and draws.
"""

from __future__ import annotations

from importlib import import_module

from experiments.docking.target import Target
from model.errors import InputError, nearest

NAMES = (
    "daymude", "granovetter", "kuran", "watts", "holme_newman", "durrett", "centola", "ross",
    "gaisbauer", "linear",
)  # fmt: skip
"""In the order in which they are reported."""


def target_of(name: str) -> Target:
    """A target by name.

    Raises:
        InputError: if there is none.
    """
    if name not in NAMES:
        raise InputError(
            f"there is no target '{name}'{nearest(name, NAMES)} (targets: {', '.join(NAMES)})"
        )
    target: Target = import_module(f"experiments.docking.{name}").TARGET
    return target
