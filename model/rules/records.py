"""What the rules may know: a citizen, that citizen's glance at the friends, one other person.

These are named tuples of plain numbers, so that the same rule runs in Python and in compiled code.
The numeric records of the parameters are derived in :mod:`model.parameters`.
"""

from __future__ import annotations

from typing import NamedTuple

from model.rules.marker import rule


class CitizenState(NamedTuple):
    """A citizen as the rules see it; the first block is private, the last one is public.

    In the scoring rule ``expression`` and ``gravity`` are those of the period being scored, and
    ``score`` is the score before it.
    """

    conviction: float
    """c ∈ [−1, 1]: private stance on the regime; positive is critical."""
    anchor: float
    """The conviction that the citizen began with."""
    self_censorship: float
    """κ ∈ [0, 1]: weight put on what speaking would cost."""
    conformity: float
    """γ ∈ [0, 1]: weight of what friends say against own conviction."""
    wealth: float
    """ω ∈ [0, 1]: ability to pay."""
    base_score: float
    """B ∈ [350, 950]: what ability to pay alone would give."""
    score: float
    """S ∈ [350, 950]."""
    expression: float
    """x ∈ [−1, 1]: −1 praise, 0 silence, +1 dissent."""
    gravity: float
    """0 if nothing was recorded, 1 for an opinion, news_gravity for forbidden news."""
    lifestyle: float
    """ℓ ∈ [−1, 1]: approved less disapproved goods in what the citizen buys; 0 without M8."""
    stake: float
    """What a score matters to this citizen, times what it does by default: 1; see M2 and M10."""
    belief: float
    """Own belief in the chance of detection (M16); −1 where all share `believed_detection`."""


PLAIN_LIFESTYLE, PLAIN_STAKE, PLAIN_BELIEF = 0.0, 1.0, -1.0
"""The last three where no mechanism moves them: constants, which cost the engine nothing."""


class Glance(NamedTuple):
    """One look at all friends: everything that a period lets a citizen know of them."""

    friends: float
    """Their number n."""
    mean_expression: float
    """Mean of x over friends; 0 without friends."""
    share_dissenting: float
    """Share of friends with x > 0; 0 without friends."""
    share_flagged: float
    """Share of friends recorded last period; 0 without friends."""
    mean_gravity: float
    """Mean gravity of friends' records, 0 for the unrecorded; 0 without friends."""
    worst_gravity: float
    """The gravest record among friends; 0 without friends or records."""
    mean_score: float
    """Mean S over friends; the citizen's own score without friends."""


class Scene(NamedTuple):
    """What else a glance shows where mechanisms beyond the score are in force; 0 if friendless."""

    enrolled: float
    """Share of friends who carry a score (M2)."""
    flaunting: float
    """Share of friends who show theirs (M10)."""
    caught: float
    """Share of friends who dissented last period and were recorded for it (M16)."""
    enforcement: float
    """Mean E of friends: +1 all press one to comply, −1 all press one to dissent (M23)."""
    listed_followed: float
    """Share of those followed who are barred for their own words; 0 if one follows nobody (M14)."""


class ByOperator(NamedTuple):
    """The glance as each operator's data have it (M3): only its own records, on ties it knows."""

    first: Glance
    second: Glance


class Life(NamedTuple):
    """The part of a citizen that only mechanisms beyond the score know; yes is 1.0, no is 0.0."""

    enrolled: float
    """Carries a score (M2)."""
    flaunting: float
    """Shows it (M10)."""
    off_grid: float
    """Has left for good (M20)."""
    enforcement: float
    """E: +1 presses friends to comply, −1 to dissent, 0 neither (M23)."""
    accused: float
    """Was recorded in some period though silent (M17)."""
    detained: float
    """Periods of detention left (M11)."""
    barred: float
    """Periods left in which not all friends are reached (M15)."""
    clean: float
    """Periods since the last record, or since the beginning (M12)."""
    since: float
    """First period with a score, numbered from 1; −1 for who isn't enrolled (M2)."""
    listed: float
    """Is barred for own words, not for whom one follows (M14)."""
    recorded_by_first: float
    recorded_by_second: float
    """Which operator recorded something last period (M3)."""
    first_score: float
    second_score: float
    """The operators' scores, [350, 950] (M3)."""
    climate: float
    """u: support less opposition heard so far (spiral of silence); 0 where nobody listens so."""


class Person(NamedTuple):
    """The public record of one other person."""

    score: float
    expression: float
    gravity: float


@rule
def acting(citizen: CitizenState, expression: float, gravity: float) -> CitizenState:
    """The same citizen, having said ``expression`` and been recorded with ``gravity``."""
    return CitizenState(
        citizen.conviction,
        citizen.anchor,
        citizen.self_censorship,
        citizen.conformity,
        citizen.wealth,
        citizen.base_score,
        citizen.score,
        expression,
        gravity,
        citizen.lifestyle,
        citizen.stake,
        citizen.belief,
    )


@rule
def with_lifestyle(citizen: CitizenState, lifestyle: float) -> CitizenState:
    """The same citizen buying otherwise."""
    return CitizenState(
        citizen.conviction,
        citizen.anchor,
        citizen.self_censorship,
        citizen.conformity,
        citizen.wealth,
        citizen.base_score,
        citizen.score,
        citizen.expression,
        citizen.gravity,
        lifestyle,
        citizen.stake,
        citizen.belief,
    )


@rule
def with_mean_score(glance: Glance, mean_score: float) -> Glance:
    """The same glance with another mean score."""
    return Glance(
        glance.friends,
        glance.mean_expression,
        glance.share_dissenting,
        glance.share_flagged,
        glance.mean_gravity,
        glance.worst_gravity,
        mean_score,
    )


@rule
def with_records(
    glance: Glance, share_flagged: float, mean_gravity: float, worst_gravity: float
) -> Glance:
    """The same glance with other records of friends."""
    return Glance(
        glance.friends,
        glance.mean_expression,
        glance.share_dissenting,
        share_flagged,
        mean_gravity,
        worst_gravity,
        glance.mean_score,
    )


@rule
def blameless_glance(citizen: CitizenState, friends: float) -> Glance:
    """A glance at friends who are all silent, unrecorded and scored like oneself."""
    return Glance(friends, 0.0, 0.0, 0.0, 0.0, 0.0, citizen.score)


@rule
def glance_at_one(citizen: CitizenState, other: Person, friends: float) -> Glance:
    """A glance in which one of ``friends`` friends is ``other`` and all else is blameless."""
    share = 1.0 / friends
    return Glance(
        friends,
        share * other.expression,
        share if other.expression > 0.0 else 0.0,
        share if other.gravity > 0.0 else 0.0,
        share * other.gravity,
        other.gravity,
        citizen.score + share * (other.score - citizen.score),
    )
