"""The score as social worth: M10."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.rules.marker import rule
from model.rules.records import Scene

if TYPE_CHECKING:
    from model.parameters import Citizens, Institution


@rule
def flaunts(score: float, institution: Institution, citizens: Citizens, u: float) -> bool:
    """Whether who has the travel permit shows the score: ``S ≥ T₁ and u < p_f`` (Veblen 1899)."""
    return score >= institution.travel_threshold and u < citizens.flaunting


@rule
def social_stake(enrolled: bool, scene: Scene, citizens: Citizens) -> float:
    """What a score matters: ``1 + w_s · share of friends flaunting``; 0 for who carries none."""
    return 1.0 + citizens.social_worth * scene.flaunting if enrolled else 0.0
