"""Peer enforcement: people press their friends to comply, even against own conviction (M23).

After Centola, Willer & Macy (2005), "The emperor's dilemma", whose rule this is where nothing is
scored: with β = inf, γ = 0, effort 0 and p_e = 1 one complies if the pressure exceeds one's own
conviction. A scoring institution adds an interest of its own: friends' records cost points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.rules.marker import rule
from model.rules.records import CitizenState, Glance, Scene, acting, with_records
from model.rules.surveillance import believed_detection
from model.rules.worth import ScoringRule, weight_of_score, worth_of_change

if TYPE_CHECKING:
    from model.parameters import Citizens, Institution


@rule
def pressure(scene: Scene, citizens: Citizens) -> float:
    """What friends' enforcement takes from dissent and gives to praise: ``p_e · mean E``."""
    return citizens.peer_pressure * scene.enforcement


@rule
def interest(
    citizen: CitizenState,
    glance: Glance,
    institution: Institution,
    citizens: Citizens,
    scoring: ScoringRule,
) -> float:
    """What friends' dissent is expected to cost a period: ``κλ·[W(S) − W(S − h·points)]``.

    ``points`` is what the rule in force takes for friends of whom the share ``e = ν̂·share
    dissenting`` is recorded for an opinion (``P_a·e``, times n under ``count``, ``P_a·min(e·n, 1)``
    under ``worst``), less what it takes if none is.
    """
    if glance.friends == 0.0 or glance.share_dissenting == 0.0:
        return 0.0
    expected = believed_detection(citizen, citizens) * glance.share_dissenting
    gravest = min(expected * glance.friends, 1.0)
    quiet = acting(citizen, 0.0, 0.0)
    blameless = scoring(quiet, with_records(glance, 0.0, 0.0, 0.0), institution)
    burdened = scoring(quiet, with_records(glance, expected, expected, gravest), institution)
    return -weight_of_score(citizen, citizens) * worth_of_change(
        burdened - blameless, citizen, institution, citizens
    )


@rule
def enforces(
    citizen: CitizenState,
    glance: Glance,
    scene: Scene,
    institution: Institution,
    citizens: Citizens,
    scoring: ScoringRule,
) -> float:
    """E: +1 presses friends to comply, −1 to dissent, 0 leaves them alone. ``citizen`` has spoken.

    Let W be the share of friends' expression against one's conviction, ``(1 − sign(c)·x̄)/2``, and
    I the interest. Who says what he thinks enforces it if ``|c|·W > K`` (true enforcement); of
    those who don't dissent also if ``|c|·W + I > K``. Who says the opposite of what he thinks
    enforces that if the pressure to it, plus I where it is compliance, exceeds ``|c| + K`` (false
    enforcement). Who is silent against own conviction enforces as little as he speaks, unless
    ``I > |c| + K``.
    """
    if glance.friends == 0.0:
        return 0.0
    said, believed = citizen.expression, -citizen.conviction  # +1: in favour of compliance
    strength = abs(believed)
    own = interest(citizen, glance, institution, citizens, scoring)
    pressed = pressure(scene, citizens)
    cost = citizens.enforcement_cost
    if said > 0.0:
        if believed < 0.0:  # a critic who says so
            return -1.0 if strength * (1.0 - glance.mean_expression) / 2.0 > cost else 0.0
        return -1.0 if -pressed > strength + cost else 0.0
    if believed >= 0.0:  # loyal, praising or silent
        deviance = (1.0 + glance.mean_expression) / 2.0
        return 1.0 if strength * deviance + own > cost else 0.0
    if said < 0.0:
        return 1.0 if pressed + own > strength + cost else 0.0
    return 1.0 if own > strength + cost else 0.0
