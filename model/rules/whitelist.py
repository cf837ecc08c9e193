"""A trusted-traveller whitelist: nobody is punished, but only the listed pass (M12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.rules.marker import rule

if TYPE_CHECKING:
    from model.parameters import Citizens, Institution


@rule
def is_listed(clean: float, whitelist_after: float) -> bool:
    """Whether so many periods without a record put one on the list: ``clean ≥ d_w > 0``."""
    return whitelist_after > 0 and clean >= whitelist_after


@rule
def standing_at_stake(clean: float, institution: Institution, citizens: Citizens) -> float:
    """What a record would cost of the list's worth: ``v_w · min(clean / d_w, 1)``.

    A record sends one back to the beginning: who is listed loses the place, who is on the way the
    way behind.
    """
    if institution.whitelist_after == 0:
        return 0.0
    return citizens.whitelist_value * min(clean / institution.whitelist_after, 1.0)
