"""What the institution records, and what citizens believe that it records: M5, M16, M17."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.rules.marker import rule
from model.rules.records import CitizenState

if TYPE_CHECKING:
    from model.parameters import Citizens, Institution


@rule
def has_news(citizens: Citizens, u: float) -> bool:
    """Whether what a citizen has to say in this period is forbidden news (M5): ``u < η``."""
    return u < citizens.news_exposure


@rule
def gravity_of(news: bool, institution: Institution) -> float:
    """How grave a record would be: 1 for an opinion, ``news_gravity`` for forbidden news (M5)."""
    return institution.news_gravity if news else 1.0


@rule
def chance_of_record(expression: float, detection: float, false_alarm: float) -> float:
    """Chance of being recorded as a dissenter.

    ``detection`` for dissent, ``false_alarm`` for silence (M17), nothing for praise: open praise
    shelters from suspicion. Called with the true chances by the institution and with the believed
    ones by citizens (M16).
    """
    if expression > 0.0:
        return detection
    return false_alarm if expression == 0.0 else 0.0


@rule
def believed_detection(citizen: CitizenState, citizens: Citizens) -> float:
    """The chance of detection ν̂ that a citizen believes in: everybody's, or the own one (M16)."""
    return citizen.belief if citizen.belief >= 0.0 else citizens.believed_detection


@rule
def record(expression: float, news: bool, institution: Institution, u: float) -> float:
    """The gravity recorded in this period, 0 for none. A false accusation is one of opinion."""
    chance = chance_of_record(expression, institution.detection, institution.false_alarm)
    if u >= chance:
        return 0.0
    return gravity_of(news and expression > 0.0, institution)
