"""Exit: some leave the grid, at a price (M20)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.rules.exponential import logit
from model.rules.marker import rule
from model.rules.records import CitizenState
from model.rules.worth import weight_of_score, worth

if TYPE_CHECKING:
    from model.parameters import Citizens, Institution


@rule
def chance_to_leave_the_grid(
    citizen: CitizenState, institution: Institution, citizens: Citizens
) -> float:
    """``p_x · logit(|c − x| − κλ·W(S) − e_x)``.

    What drives one out is living a lie, the distance between conviction and public face; what
    holds one is the worth of the score, and the price. (Exit instead of voice: Hirschman 1970.)
    """
    strain = abs(citizen.conviction - citizen.expression)
    held = weight_of_score(citizen, citizens) * worth(
        citizen.score, citizen.wealth, institution, citizens
    )
    return citizens.exit * logit(strain - held - citizens.exit_price, citizens.rationality)
