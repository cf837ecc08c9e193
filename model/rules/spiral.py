"""The spiral of silence: who feels alone with an opinion falls silent (Noelle-Neumann 1974).

After Ross et al. (2019), "Are social bots a real threat?", from the rule that the paper states.
Convictions take sides by their sign and scores play no part. What friends say adds up over time,
and who has heard enough of the own opinion dares to voice it.
"""

from __future__ import annotations

from model.rules.exponential import exponential
from model.rules.marker import rule
from model.rules.records import CitizenState, Glance


@rule
def next_climate(climate: float, citizen: CitizenState, glance: Glance) -> float:
    """``u' = u + (support − opposition)/(support + opposition)`` over friends who speak.

    Support counts friends who speak for the own side. Where all are silent nothing is learnt.
    """
    # of friends who say +1 or −1: share dissenting less share praising is the mean, so
    speaking = 2.0 * glance.share_dissenting - glance.mean_expression
    if speaking <= 0.0 or citizen.conviction == 0.0:
        return climate
    balance = glance.mean_expression / speaking
    return climate + (balance if citizen.conviction > 0.0 else -balance)


@rule
def confidence(climate: float) -> float:
    """``max(2/(1 + exp(−u)) − 1, 0)``.

    >>> round(confidence(1.5), 6), round(confidence(1.0), 7), confidence(-0.5)
    (0.635149, 0.4621172, 0.0)
    """
    if climate <= 0.0:
        return 0.0
    return 2.0 / (1.0 + exponential(-climate)) - 1.0


@rule
def dares(climate: float, citizen: CitizenState) -> float:
    """x: the own side's +1 or −1 if confidence exceeds κ, else silence."""
    if confidence(climate) <= citizen.self_censorship or citizen.conviction == 0.0:
        return 0.0
    return 1.0 if citizen.conviction > 0.0 else -1.0
