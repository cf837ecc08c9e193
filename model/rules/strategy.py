"""Strategic dissent: how much of the desired dissent to act out (Daymude, Axelrod & Forrest 2025).

A citizen desires dissent δ and loses β for each unit held back; an act a is observed with chance
``ν + (1 − ν)·a`` and punished by ψ if it exceeds the tolerance τ. The best act has a closed form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.choices import Punishment
from model.rules.marker import rule
from model.rules.records import CitizenState
from model.rules.worth import weight_of_score

if TYPE_CHECKING:
    from model.parameters import Citizens, Institution

_PROPORTIONAL = int(Punishment.proportional)


@rule
def boldness(citizen: CitizenState, citizens: Citizens) -> float:
    """``β = (1 − κ)/(κ·λ·stake)``: weight of one's voice against that of what it costs.

    With λ = 1 any boldness is some self-censorship: κ = 1/(1 + β).
    """
    weight = weight_of_score(citizen, citizens)
    return (1.0 - citizen.self_censorship) / weight if weight > 0.0 else 1e300


@rule
def best_under_uniform(
    desired: float, bold: float, surveillance: float, tolerance: float, severity: float
) -> float:
    """The best act if every punished act costs ψ.

    δ if δ ≤ τ, or if β > (1 − ν)ψ and ``δ ≥ (βτ + νψ)/(β − (1 − ν)ψ)``; else τ.
    """
    if desired <= tolerance:
        return desired
    margin = bold - (1.0 - surveillance) * severity
    if margin <= 0.0:
        return tolerance
    worth_it = (bold * tolerance + surveillance * severity) / margin
    return desired if desired >= worth_it else tolerance


@rule
def best_under_proportional(
    desired: float, bold: float, surveillance: float, tolerance: float, severity: float
) -> float:
    """The best act if a punished act costs ψ·(a − τ).

    ``min(δ, max(τ, ½·(τ + (β − νψ)/((1 − ν)ψ))))``; for ν = 1: δ if δ ≤ τ or β ≥ ψ, else τ.
    """
    if desired <= tolerance or severity == 0.0:
        return desired
    if surveillance >= 1.0:
        return desired if bold >= severity else tolerance
    unseen = (1.0 - surveillance) * severity
    best = 0.5 * (tolerance + (bold - surveillance * severity) / unseen)
    return min(desired, max(tolerance, best))


@rule
def strategic_act(
    desired: float,
    surveillance: float,
    citizen: CitizenState,
    institution: Institution,
    citizens: Citizens,
) -> float:
    """The act of who desires ``desired`` and believes in ``surveillance``."""
    bold = boldness(citizen, citizens)
    if institution.punishment == _PROPORTIONAL:
        return best_under_proportional(
            desired, bold, surveillance, institution.tolerance, institution.severity
        )
    return best_under_uniform(
        desired, bold, surveillance, institution.tolerance, institution.severity
    )


@rule
def chance_observed(act: float, surveillance: float) -> float:
    """``ν + (1 − ν)·a``: the stronger an act, the harder to overlook."""
    return surveillance + (1.0 - surveillance) * act


@rule
def record_of_act(act: float, institution: Institution, u: float) -> float:
    """Gravity 1 if an act beyond the tolerance is observed, else 0."""
    if act <= institution.tolerance:
        return 0.0
    return 1.0 if u < chance_observed(act, institution.detection) else 0.0


@rule
def punishment(act: float, recorded: bool, institution: Institution) -> float:
    """What a recorded act is punished by: ψ, or ψ·(a − τ) if the punishment is proportional.

    It is what the punished feels and what punishing costs the institution.
    """
    if not recorded:
        return 0.0
    if institution.punishment == _PROPORTIONAL:
        return institution.severity * max(act - institution.tolerance, 0.0)
    return institution.severity
