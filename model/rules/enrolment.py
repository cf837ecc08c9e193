"""Voluntary enrolment, and from a date on a mandatory one: M2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.rules.exponential import logit
from model.rules.marker import rule
from model.rules.records import CitizenState, Scene
from model.rules.worth import worth

if TYPE_CHECKING:
    from model.parameters import Citizens, Institution


@rule
def is_mandatory(period: float, institution: Institution) -> bool:
    """Whether everybody is enrolled in a period: ``t ≥ t_m``."""
    return period >= institution.mandatory_from


@rule
def chance_to_enrol(
    citizen: CitizenState, scene: Scene, institution: Institution, citizens: Citizens
) -> float:
    """Chance that somebody not enrolled enrols in a period.

    ``a_e · logit(W(B) + γ·(share enrolled + share flaunting) − e_e − q_p·max(c, 0))``: the worth
    of the score that one would get draws (Davis 1989), friends who are in and who show it draw
    those who conform (Bass 1969), privacy holds critics back (Kostka 2019).
    """
    gain = worth(citizen.base_score, citizen.wealth, institution, citizens)
    peers = citizen.conformity * (scene.enrolled + scene.flaunting)
    concern = citizens.reluctance + citizens.privacy_concern * max(citizen.conviction, 0.0)
    return citizens.adoption * logit(gain + peers - concern, citizens.rationality)
