"""Belief in surveillance that learns from what happens to friends: M16."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.rules.marker import rule
from model.rules.records import Glance, Scene

if TYPE_CHECKING:
    from model.parameters import Citizens


@rule
def next_belief(belief: float, glance: Glance, scene: Scene, citizens: Citizens) -> float:
    """``ν̂' = ν̂ + λ_b · (share recorded among friends who dissented − ν̂)``.

    Without a dissenter among the friends there is nothing to learn from. (Rescorla & Wagner 1972;
    deterrence as experience: Anwar & Loughran 2011.)
    """
    if glance.share_dissenting == 0.0:
        return belief
    seen = scene.caught / glance.share_dissenting
    return belief + citizens.learning * (seen - belief)
