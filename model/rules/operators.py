"""Two private operators, each seeing a part of a citizen's life, feed the score: M3."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.choices import Operators
from model.rules.marker import rule
from model.rules.records import CitizenState, Life

if TYPE_CHECKING:
    from model.parameters import Institution

_WORST, _MERGED = int(Operators.worst), int(Operators.merged)


@rule
def _as_seen(citizen: CitizenState, score: float, gravity: float, purchases: float) -> CitizenState:
    return CitizenState(
        citizen.conviction,
        citizen.anchor,
        citizen.self_censorship,
        citizen.conformity,
        citizen.wealth,
        citizen.base_score,
        score,
        citizen.expression,
        gravity,
        citizen.lifestyle * purchases,
        citizen.stake,
        citizen.belief,
    )


@rule
def _on_file(own: float, citizen: CitizenState, institution: Institution) -> float:
    return citizen.score if institution.operators == _MERGED else own


@rule
def shared_purchases(own: float, other: float, institution: Institution) -> float:
    """Share of purchases that an operator can score: its own, or with merged data the union's.

    ``1 − (1 − A_l)(1 − B_l)`` for the union: which purchase each sees is independent.
    """
    if institution.operators == _MERGED:
        return 1.0 - (1.0 - own) * (1.0 - other)
    return own


@rule
def as_first_sees(
    citizen: CitizenState, life: Life, gravity: float, institution: Institution
) -> CitizenState:
    """A citizen as the first operator has it on file: its score and record, what it sees bought."""
    seen = shared_purchases(
        institution.first_sees_purchases, institution.second_sees_purchases, institution
    )
    return _as_seen(citizen, _on_file(life.first_score, citizen, institution), gravity, seen)


@rule
def as_second_sees(
    citizen: CitizenState, life: Life, gravity: float, institution: Institution
) -> CitizenState:
    """The same for the second operator."""
    seen = shared_purchases(
        institution.second_sees_purchases, institution.first_sees_purchases, institution
    )
    return _as_seen(citizen, _on_file(life.second_score, citizen, institution), gravity, seen)


@rule
def knows(share: float, u: float) -> bool:
    """Whether an operator knows of a friendship: ``u < share``, once and for all."""
    return u < share


@rule
def combined(first: float, second: float, institution: Institution) -> float:
    """The score that counts: the operators' mean, or the worse; merged, both have the same."""
    if institution.operators == _WORST:
        return min(first, second)
    return (first + second) / 2.0
