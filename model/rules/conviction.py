"""How private conviction moves: influence, internalisation, reactance (M19), return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.rules.marker import rule
from model.rules.records import CitizenState, Glance

if TYPE_CHECKING:
    from model.parameters import Citizens


@rule
def next_conviction(citizen: CitizenState, glance: Glance, citizens: Citizens) -> float:
    """Next private stance.

    ``c' = c + α·γ·(mean friend expression − c) + ι·(x − c) + ξ·[recorded]·(1 − c) + ζ·(c₀ − c)``,
    held within [−1, 1]. Influence works on those who conform (DeGroot 1974); one comes to believe
    one's own public face (Festinger 1957); a record pushes away from the regime (Brehm 1966); the
    anchor pulls back (Friedkin & Johnsen 1990). ``citizen`` has spoken and been recorded or not.
    """
    now = citizen.conviction
    move = citizens.internalisation * (citizen.expression - now)
    if glance.friends > 0.0:
        move += citizens.influence * citizen.conformity * (glance.mean_expression - now)
    if citizen.gravity > 0.0:
        move += citizens.reactance * (1.0 - now)
    move += citizens.anchoring * (citizen.anchor - now)
    return min(max(now + move, -1.0), 1.0)
