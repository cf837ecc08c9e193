"""Barred speakers: a recorded citizen loses audience (M15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.rules.marker import rule

if TYPE_CHECKING:
    from model.parameters import Institution


@rule
def is_heard(barred: bool, institution: Institution, u: float) -> bool:
    """Whether a friend's expression reaches one in this period: if barred, with chance q.

    Who is not heard seems silent. (Downranking and shadow bans: Myers West 2018.)
    """
    return not barred or u < institution.reach
