"""What to say in public: dissent (+1), nothing (0) or praise (−1).

A choice rule is ``rule(citizen, glance, gravity, institution, citizens, scoring, u) -> x``, where
``gravity`` is how grave dissent would be in this period and ``u`` a uniform draw.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from model.rules.exponential import exponential
from model.rules.marker import rule
from model.rules.records import CitizenState, Glance, Person
from model.rules.surveillance import believed_detection
from model.rules.worth import (
    ScoringRule,
    expected_score,
    points_through,
    weight_of_score,
    worth_of_change,
)

if TYPE_CHECKING:
    from model.parameters import Citizens, Institution


@rule
def stance(citizen: CitizenState, glance: Glance) -> float:
    """The stance a citizen would voice: ``s = (1 − γ)·c + γ·mean friend expression``.

    Without friends there is nobody to conform to: s = c. (Friedkin & Johnsen 1990.)
    """
    if glance.friends == 0.0:
        return citizen.conviction
    own = 1.0 - citizen.conformity
    return own * citizen.conviction + citizen.conformity * glance.mean_expression


@rule
def harm_to_friends(
    chance: float,
    gravity: float,
    citizen: CitizenState,
    glance: Glance,
    institution: Institution,
    citizens: Citizens,
    scoring: ScoringRule,
) -> float:
    """What all friends together lose through M6: ``n·[W(S) − W(S − h·p·q)]``.

    ``p`` is the chance of being recorded and ``q`` what a record of that gravity costs a friend
    who has n friends. A citizen puts itself in the place of each: same score, worth and number.
    """
    if glance.friends == 0.0 or chance == 0.0:
        return 0.0
    recorded = Person(citizen.score, 0.0, gravity)
    points = points_through(recorded, glance.friends, citizen, institution, scoring)
    return -glance.friends * worth_of_change(-chance * points, citizen, institution, citizens)


@rule
def utilities(
    citizen: CitizenState,
    glance: Glance,
    gravity: float,
    institution: Institution,
    citizens: Citizens,
    scoring: ScoringRule,
) -> tuple[float, float]:
    """Utility of dissent and of praise, against silence at 0.

    ``U(+1) = s − κλ·loss(+1) − e`` and ``U(−1) = −s − κλ·loss(−1) − e``, where
    ``loss(x) = W(S + h·E[ΔS | 0]) − W(S + h·E[ΔS | x]) + σ·(harm(x) − harm(0))``. Expectations are
    by belief (M16), and both losses are relative to what silence would bring: believed false
    accusations (M17), which threaten the silent and their friends too, weaken deterrence
    (Png 1986), and only open praise is safe from them.
    """
    said = stance(citizen, glance)
    weight = weight_of_score(citizen, citizens)
    now = citizen.score
    # a false accusation is one of opinion: gravity 1
    silent = expected_score(0.0, 1.0, citizen, glance, institution, citizens, scoring) - now
    dissenting = expected_score(1.0, gravity, citizen, glance, institution, citizens, scoring) - now
    praising = expected_score(-1.0, 1.0, citizen, glance, institution, citizens, scoring) - now
    unspoken = worth_of_change(silent, citizen, institution, citizens)
    loss = unspoken - worth_of_change(dissenting, citizen, institution, citizens)
    gain = worth_of_change(praising, citizen, institution, citizens) - unspoken
    if citizens.solidarity > 0.0:
        harm = harm_to_friends(
            believed_detection(citizen, citizens), gravity, citizen, glance, institution,
            citizens, scoring,
        )  # fmt: skip
        harm_unspoken = harm_to_friends(
            citizens.believed_false_alarm, 1.0, citizen, glance, institution, citizens, scoring
        )
        loss += citizens.solidarity * (harm - harm_unspoken)
        gain += citizens.solidarity * harm_unspoken
    return said - weight * loss - citizens.effort, -said + weight * gain - citizens.effort


@rule
def logit_weights(dissent: float, praise: float, rationality: float) -> tuple[float, float, float]:
    """Weights of dissent, praise and silence (utility 0): ``exp(β·U)`` relative to the best.

    With β = inf only the best options weigh, each 1.
    """
    stronger = max(dissent, praise)
    best = max(stronger, 0.0)
    if math.isinf(rationality):
        weight_dissent = 1.0 if dissent == best else 0.0
        weight_praise = 1.0 if praise == best else 0.0
        weight_silence = 1.0 if best == 0.0 else 0.0
    else:
        # relative to the best option, whose own weight exp(0) need not be computed
        least = exponential(rationality * (min(dissent, praise) - best))
        beside = exponential(-rationality * abs(stronger))
        weight_stronger = 1.0 if stronger > 0.0 else beside
        weight_silence = beside if stronger > 0.0 else 1.0
        weight_dissent = weight_stronger if dissent >= praise else least
        weight_praise = least if dissent >= praise else weight_stronger
    return weight_dissent, weight_praise, weight_silence


@rule
def logit_choice(dissent: float, praise: float, rationality: float, u: float) -> float:
    """Choose among dissent, praise and silence (utility 0) with precision β (McFadden 1974).

    ``Pr(x) ∝ exp(β·U(x))``. With β = inf the best option; equally good ones with equal chance.
    Draws are laid out from dissent over silence to praise, so that a little more fear moves
    twin citizens with the same draw only a step: dissenters to silence, the silent to praise.
    """
    weight_dissent, weight_praise, weight_silence = logit_weights(dissent, praise, rationality)
    mark = u * (weight_dissent + weight_praise + weight_silence)
    if mark < weight_dissent:
        return 1.0
    return 0.0 if mark < weight_dissent + weight_silence else -1.0


@rule
def quantal(
    citizen: CitizenState,
    glance: Glance,
    gravity: float,
    institution: Institution,
    citizens: Citizens,
    scoring: ScoringRule,
    u: float,
) -> float:
    """Weigh gain against loss, with errors: quantal response (McKelvey & Palfrey 1995)."""
    dissent, praise = utilities(citizen, glance, gravity, institution, citizens, scoring)
    return logit_choice(dissent, praise, citizens.rationality, u)


@rule
def threshold(
    citizen: CitizenState,
    glance: Glance,
    gravity: float,
    institution: Institution,
    citizens: Citizens,
    scoring: ScoringRule,
    u: float,
) -> float:
    """Dissent when enough friends do (Granovetter 1978): ``x = [c > 0 and share ≥ κ]``.

    Self-censorship is the threshold; only the critical can dissent, nobody praises. All start
    silent: somebody speaks only if some κ are 0 or first expressions are given. The share is
    rounded as the threshold is stored (float32), so that exactly enough is enough.
    """
    enough = np.float32(glance.share_dissenting) >= np.float32(citizen.self_censorship)
    return 1.0 if citizen.conviction > 0.0 and enough else 0.0


@rule
def linear(
    citizen: CitizenState,
    glance: Glance,
    gravity: float,
    institution: Institution,
    citizens: Citizens,
    scoring: ScoringRule,
    u: float,
) -> float:
    """Say one's stance as it is, in degrees: ``x = (1 − γ)·c + γ·mean friend expression``.

    The expressed opinion of Ye et al. (2019), who hold private and expressed opinions apart; with
    influence and anchoring as the only forces on conviction all is linear, and the state to which
    it tends solves a linear system (Friedkin & Johnsen 1990). Scores play no part.
    """
    return min(max(stance(citizen, glance), -1.0), 1.0)


CHOICE_RULES = {"quantal": quantal, "threshold": threshold, "linear": linear}

IN_STEPS = {"quantal": (utilities, logit_choice)}
"""Rules that first weigh and then choose, as these two steps: the compiled engine takes one step
for many citizens before the next, since the longer a step, the fewer citizens a processor has under
way at once."""
