"""A citizen as a Mesa agent: a thin view on one row of the columns, and the reference to read.

``step`` is the model in the order in which it happens; each line calls a rule. The compiled engine
runs the same rules in the same order (:mod:`model.engine.period`) and gives the same bits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from model.chance import Purpose, draw, draws
from model.engine.settling import settle_one
from model.follows import unfollow, whom_to_unfollow
from model.glance import add_up, costliest_friend, find_stranger, glance_from
from model.life import is_reachable, life_of, write_life
from model.living import live, luck_of
from model.record import expression_of, is_flagged, pack, score_of
from model.rules.conviction import next_conviction
from model.rules.expression import CHOICE_RULES
from model.rules.friendship import accepts, goes_by_friends, leaves, looks_for_friend, reviews
from model.rules.records import CitizenState, Glance, Life, Person, acting
from model.rules.scoring import base_score, given
from model.rules.surveillance import gravity_of, has_news, record
from model.scene import look_around
from model.state import (
    NOBODY,
    TO_JAIL,
    TO_LEAVE,
    TO_MEET,
    double,
    living_person,
    living_state_of,
    person,
    state_of,
)
from model.ties import has_space

if TYPE_CHECKING:
    from model.society import Society


class Citizen(mesa.Agent):
    """One citizen. ``row`` is the number in the columns; all state lives there."""

    model: Society

    def __init__(self, model: Society, row: int) -> None:
        super().__init__(model)
        self.row = row

    # state, as properties on the columns

    @property
    def label(self) -> str:
        """The name in the network's file, or the number."""
        labels = self.model.world.names
        return labels[self.row] if labels else str(self.row)

    @property
    def conviction(self) -> float:
        """C ∈ [−1, 1]: private stance; positive is critical."""
        return float(self.model.world.now.conviction[self.row])

    @property
    def self_censorship(self) -> float:
        """κ ∈ [0, 1]: weight put on what speaking would cost."""
        return float(self.model.world.traits.self_censorship[self.row])

    @property
    def conformity(self) -> float:
        """γ ∈ [0, 1]: weight of what friends say against own conviction."""
        return float(self.model.world.traits.conformity[self.row])

    @property
    def wealth(self) -> float:
        """ω ∈ [0, 1]: ability to pay."""
        world = self.model.world
        now = world.now.life.wealth if world.full else world.traits.wealth
        return float(now[self.row])

    @property
    def base_score(self) -> float:
        """B ∈ [350, 950]: what ability to pay alone would give."""
        return base_score(self.wealth, self.model.world.institution_record)

    @property
    def score(self) -> float:
        """S ∈ [350, 950]."""
        return score_of(int(self.model.world.now.record[self.row]))

    @property
    def expression(self) -> float:
        """X ∈ [−1, 1]: −1 praise, 0 silence, +1 dissent."""
        return expression_of(int(self.model.world.now.record[self.row]))

    @property
    def flagged(self) -> bool:
        """Whether the institution recorded dissent last period."""
        return is_flagged(int(self.model.world.now.record[self.row]))

    @property
    def enrolled(self) -> bool:
        """Whether the citizen carries a score (M2)."""
        return not self.model.world.full or self.life().enrolled > 0.0

    @property
    def off_grid(self) -> bool:
        """Whether the citizen has left for good (M20)."""
        return self.model.world.full and self.life().off_grid > 0.0

    @property
    def detained_for(self) -> int:
        """Periods of detention left (M11)."""
        return int(self.life().detained) if self.model.world.full else 0

    @property
    def friends(self) -> list[Citizen]:
        """The friends, as agents, in the order of their slots."""
        everybody = self.model.citizens
        return [everybody[j] for j in self.model.world.ties.friends_of(self.row).tolist()]

    def remove(self) -> None:
        """Refused: a Society's citizens are fixed, and the rules would go on seeing this one."""
        raise NotImplementedError(
            "a Society's citizens cannot be removed; make one without them: Society(network=…)"
        )

    # one period

    def step(self) -> None:
        """Look once at all friends in the public record; speak, be scored, choose friends.

        Under the synchronous schedule what comes of it is written to the *next* record, which
        ``Society.step`` publishes when all have stepped and advanced: to advance the society,
        call that one.
        """
        world = self.model.world
        if world.full:
            self.step_fully()
            return
        row = self.row
        institution, citizens = world.institution_record, world.citizens_record

        me = self.state()
        glance = self.look()
        u_news, u_expression, u_surveillance, u_review = self.draws(Purpose.news)

        news = has_news(citizens, u_news)
        choose = CHOICE_RULES[world.scenario.citizens.expression_rule.name]
        said = choose(
            me, glance, gravity_of(news, institution), institution, citizens, world.scoring,
            u_expression,
        )  # fmt: skip
        recorded = record(said, news, institution, u_surveillance)
        me_now = acting(me, said, recorded)
        score = given(world.scoring(me_now, glance, institution))
        conviction = next_conviction(me_now, glance, citizens)

        world.next.record[row] = pack(score, said, recorded)
        world.next.conviction[row] = conviction

        reviewing = reviews(glance.friends, institution, citizens, u_review)
        short_of_friends = glance.friends < world.traits.wanted[row]
        leave = self.whom_to_leave(me) if reviewing else NOBODY
        meet = self.whom_to_meet(me) if short_of_friends else NOBODY
        world.decisions.leave[row], world.decisions.meet[row] = leave, meet
        world.decisions.pending[row] = (leave != NOBODY) * TO_LEAVE | (meet != NOBODY) * TO_MEET

    def step_fully(self) -> None:
        """The same where mechanisms beyond the score are in force.

        :func:`model.living.live` is the sequence of events up to the choice of friends.
        """
        world = self.model.world
        row, key, period = self.row, world.key, world.period
        institution, citizens = world.institution_record, world.citizens_record

        me, life = self.state(), self.life()
        ties = world.ties.arrays
        glance, by_operator, scene = look_around(
            row, me.score, ties, world.now, institution, key, period
        )
        luck = luck_of(row, len(ties.following) > 0, institution, key, period)
        lived = live(
            me, life, double(world.traits.taste[row]), double(world.traits.wealth[row]), glance,
            by_operator, scene, luck, float(period + 1), institution, citizens, world.scoring, True,
        )  # fmt: skip

        world.next.record[row] = pack(lived.score, lived.said, lived.recorded)
        world.next.conviction[row] = lived.conviction
        write_life(
            row, lived.life, lived.stake, lived.belief, lived.lifestyle, lived.wealth,
            world.next.life,
        )  # fmt: skip
        if lived.sociable:
            slot = whom_to_unfollow(row, me, ties, world.now, institution, citizens, key, period)
            if slot >= 0:
                unfollow(row, slot, ties)
        short_of_friends = lived.sociable and glance.friends < world.traits.wanted[row]
        leave = self.whom_to_leave(me) if lived.reviewing else NOBODY
        meet = self.whom_to_meet(me) if short_of_friends else NOBODY
        world.decisions.leave[row], world.decisions.meet[row] = leave, meet
        world.decisions.pending[row] = (
            (leave != NOBODY) * TO_LEAVE | (meet != NOBODY) * TO_MEET | lived.arrested * TO_JAIL
        )

    def whom_to_leave(self, me: CitizenState) -> int:
        """The costliest friend, if that friendship is to end; else nobody."""
        world = self.model.world
        institution, citizens = world.institution_record, world.citizens_record
        u_first, u_cut, _, _ = self.draws(Purpose.first_reviewed)
        j = costliest_friend(
            self.row,
            world.ties.arrays,
            world.now,
            me,
            institution,
            world.scoring,
            True,
            world.full,
            u_first,
        )  # fmt: skip  (True: the reference takes no short cut)
        if j < 0:
            return NOBODY
        friends = float(world.ties.arrays.degree[self.row])
        leaving = leaves(
            self.record_of(j, me), friends, me, institution, citizens, world.scoring, u_cut
        )
        return j if leaving else NOBODY

    def whom_to_meet(self, me: CitizenState) -> int:
        """Somebody new, if both want the friendship; else nobody."""
        world = self.model.world
        _, _, u_sociability, u_search = self.draws(Purpose.first_reviewed)
        friends = float(world.ties.arrays.degree[self.row])
        if not looks_for_friend(friends, world.citizens_record, u_sociability):
            return NOBODY
        closure = goes_by_friends(world.citizens_record, u_search)
        j = find_stranger(self.row, world.ties.arrays, world.key, world.period, closure)
        if j < 0 or (world.full and not is_reachable(j, world.now.life)):
            return NOBODY
        if not self.would_accept(me, j):
            return NOBODY
        other = self.model.citizens[j]
        return j if other.would_accept(other.state(), self.row) else NOBODY

    def would_accept(self, me: CitizenState, j: int) -> bool:
        """Whether this citizen wants person ``j`` as a friend."""
        world = self.model.world
        u = draw(world.key, int(Purpose.accept), world.period, self.row, j)
        return accepts(
            self.record_of(j, me), float(world.ties.arrays.degree[self.row]), me,
            world.institution_record, world.citizens_record, world.scoring, u,
        )  # fmt: skip

    def advance(self) -> None:
        """End and begin the friendships decided on in ``step``."""
        world = self.model.world
        if not has_space(world.ties.arrays, world.max_friends):
            world.ties.grow()
        settle_one(
            self.row, world.decisions, world.ties.arrays, world.now.record, world.max_friends,
            world.counts, world.institution_record.tie_loss, world.key, world.period,
        )  # fmt: skip

    # what a citizen can know

    def state(self) -> CitizenState:
        """What the rules may know of this citizen."""
        world = self.model.world
        state = living_state_of if world.full else state_of
        return state(self.row, world.traits, world.now, world.institution_record)

    def life(self) -> Life:
        """What only mechanisms beyond the score know of this citizen."""
        if not self.model.world.full:
            raise AttributeError("no mechanism beyond the score is in force in this society")
        return life_of(self.row, self.model.world.now.life)

    def look(self) -> Glance:
        """One look at all friends in the public record."""
        world = self.model.world
        if world.full:
            glance, _, _ = look_around(
                self.row, self.score, world.ties.arrays, world.now, world.institution_record,
                world.key, world.period,
            )  # fmt: skip
            return glance
        sums = add_up(self.row, world.ties.arrays, world.now)
        return glance_from(sums, self.score, world.institution_record)

    def record_of(self, j: int, me: CitizenState) -> Person:
        """The public record of person ``j``, as this citizen can know it."""
        world = self.model.world
        if world.full:
            return living_person(j, me.score, world.now, world.institution_record)
        return person(j, world.now, world.institution_record)

    def draws(self, purpose: Purpose) -> tuple[float, float, float, float]:
        """This citizen's luck in this period, for the purposes of one block."""
        return draws(self.model.world.key, int(purpose), self.model.world.period, self.row, 0)
