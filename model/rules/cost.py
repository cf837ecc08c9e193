"""What an institution spends, so that the hammer and the drug can be compared at equal cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.rules.marker import rule

if TYPE_CHECKING:
    from model.parameters import Institution


@rule
def upkeep(punished: float, detained: float, institution: Institution) -> float:
    """Cost a citizen and period: ``k_ν·ν + punishments + k_d·(share detained)``.

    ``punished`` is the mean over citizens of :func:`model.rules.strategy.punishment`.
    """
    watching = institution.monitoring_cost * institution.detection
    return watching + punished + institution.detention_upkeep * detained
