"""Many rounds of strategic dissent among people who have nothing to do with each other.

Where nobody has friends, nothing is scored and no conviction moves, a period changes what is said
and recorded, and nothing that the next one reads but for how long each is unrecorded. Rounds that
nobody looks at then need not be written down: only the authority's account of them counts. The last
one is lived by the ordinary engine, and the state is the same to the bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from model.authority import Account
from model.chance import Purpose, draw
from model.choices import ExpressionRule, Punishment
from model.compilation import compiled
from model.engine.parameters import unpack
from model.record import as_recorded
from model.rules.strategy import (
    best_under_proportional,
    best_under_uniform,
    boldness,
    punishment,
    record_of_act,
)
from model.state import BLOCK, living_state_of
from model.threads import in_parts

if TYPE_CHECKING:
    from model.world import World

_SURVEILLANCE = int(Purpose.surveillance)
_PROPORTIONAL = int(Punishment.proportional)
_WITHOUT_FRIENDS = frozenset({"strategic dissent", "adaptive institution"})


def lives_alone(world: World) -> bool:
    """Whether the world is such a one, now and as long as nobody changes it."""
    scenario = world.scenario
    rules, institution = scenario.citizens, world.institution
    still = (rules.internalisation, rules.reactance, rules.anchoring, institution.recovery,
             institution.dissent_penalty)  # fmt: skip
    return (
        rules.expression_rule is ExpressionRule.strategic
        and _WITHOUT_FRIENDS.issuperset(world.mechanisms)
        and not (world.own_rule or scenario.program)
        and "dissent_penalty" not in scenario.authority.adapts
        and not any(still)
        and not world.traits.wanted.any()
        and world.ties.count() == 0
        and np.array_equal(world.now.life.lifestyle, world.traits.taste)
    )


@compiled
def desires_and_boldness(traits, now, parameters, desired, bold):
    """What each desires and how bold each is, which no period changes."""
    institution, citizens = unpack(parameters)
    for i in range(len(desired)):
        citizen = living_state_of(i, traits, now, institution)
        desired[i] = max(citizen.conviction, 0.0)
        bold[i] = boldness(citizen, citizens)


@compiled(allocates=False)
def live_alone(begin, end, desired, bold, clean, sums, parameters, key, period):
    """A round of the citizens from ``begin`` to ``end``; ``sums`` (blocks, 2) as the account's."""
    institution, citizens = unpack(parameters)
    proportional = institution.punishment == _PROPORTIONAL
    tolerance, severity = institution.tolerance, institution.severity
    believed = citizens.believed_detection
    at = begin
    while at < end:
        dissent, punished = 0.0, 0.0
        for i in range(at, min(at + BLOCK, end)):
            if proportional:
                act = best_under_proportional(desired[i], bold[i], believed, tolerance, severity)
            else:
                act = best_under_uniform(desired[i], bold[i], believed, tolerance, severity)
            recorded = False
            if act > tolerance:  # else it is seen by nobody, and needs no draw
                u = draw(key, _SURVEILLANCE, period, i, 0)
                recorded = record_of_act(act, institution, u) > 0.0
            said = max(as_recorded(act), 0.0)
            dissent += said
            punished += punishment(said, recorded, institution)
            clean[i] = 0 if recorded else clean[i] + 1
        sums[at // BLOCK, 0] = dissent
        sums[at // BLOCK, 1] = punished
        at += BLOCK


def run_alone(world: World, periods: int, threads: int) -> None:
    """Advance by so many periods, after which one must be lived by the ordinary engine."""
    citizens = world.citizens
    desired, bold = np.empty(citizens), np.empty(citizens)
    desires_and_boldness(world.traits, world.now, world.parameters, desired, bold)
    sums = np.zeros((-(-citizens // BLOCK), 2))
    for _ in range(periods):
        world.begin_period()
        parameters, period = world.parameters, world.period

        def live(begin: int, end: int, parameters: Any = parameters, period: int = period) -> None:
            live_alone(
                begin, end, desired, bold, world.now.life.clean, sums, parameters, world.key, period
            )

        in_parts(live, citizens, threads, BLOCK)
        if world.authority is not None:
            # one by one, as the ordinary account does: Python's sum compensates from 3.12 on
            dissent, punished = 0.0, 0.0
            for block in sums.tolist():
                dissent += block[0]
                punished += block[1]
            account = Account(dissent / citizens, punished / citizens, 0.0)
            world.authority.learn(period, account, world.institution_record)
        world.period += 1
