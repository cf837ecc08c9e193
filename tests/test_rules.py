"""The rules by hand: small numbers that can be checked on paper."""

import math

import numba
import numpy as np
import pytest

from model.choices import AssociationRule
from model.parameters import (
    Citizens,
    Institution,
    citizens_record,
    institution_record,
)
from model.rules.conviction import next_conviction
from model.rules.exponential import exponential
from model.rules.expression import logit_choice, quantal, stance, threshold, utilities
from model.rules.friendship import chance_to_accept, chance_to_leave, worth_of
from model.rules.records import CitizenState, Glance, Person, acting
from model.rules.scoring import association_points, base_score, clamp, weighted_table
from model.rules.surveillance import chance_of_record, record
from model.rules.worth import expected_score, points_through, worth


def rules(**changes):
    institution = Institution(**{k: v for k, v in changes.items() if k in Institution.model_fields})
    citizens = Citizens(**{k: v for k, v in changes.items() if k in Citizens.model_fields})
    return institution_record(institution), citizens_record(citizens, institution)


def citizen(**changes):
    values = dict(
        conviction=0.5, anchor=0.5, self_censorship=0.5, conformity=0.5, wealth=0.5,
        base_score=650.0, score=650.0, expression=0.0, gravity=0.0,
        lifestyle=0.0, stake=1.0, belief=-1.0,
    )  # fmt: skip
    return CitizenState(**{**values, **changes})


# four friends: one says forbidden news and is caught, one is caught for an opinion
GLANCE = Glance(4.0, 0.25, 0.5, 0.5, 0.75, 2.0, 600.0)
NOBODY = Glance(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 650.0)


@pytest.mark.parametrize(("rule", "points"), [("mean", 22.5), ("count", 90.0), ("worst", 60.0)])
def test_association_adds_up_friends_records_in_three_ways(rule, points):
    institution, _ = rules(association_rule=AssociationRule[rule], association_penalty=30.0)
    assert association_points(GLANCE, institution) == points
    assert association_points(NOBODY, institution) == 0.0


def test_the_table_of_weights():
    institution, _ = rules(
        recovery=0.1, dissent_penalty=20.0, association_penalty=30.0, association_pull=0.2,
        praise_reward=3.0,
    )  # fmt: skip
    me = citizen(score=640.0, base_score=660.0)
    # 640 + .1·20 − 22.5 + .2·(600 − 640) = 611.5
    assert weighted_table(me, GLANCE, institution) == pytest.approx(611.5)
    # forbidden news is twice as grave: 40 points
    caught = acting(me, 1.0, 2.0)
    assert weighted_table(caught, GLANCE, institution) == pytest.approx(571.5)
    assert weighted_table(acting(me, -1.0, 0.0), GLANCE, institution) == pytest.approx(614.5)


def test_the_scale_and_the_financial_base():
    institution, _ = rules(base_low=450.0, base_high=850.0)
    assert (clamp(349.0), clamp(951.0), clamp(700.0)) == (350.0, 950.0, 700.0)
    assert base_score(0.0, institution) == 450.0
    assert base_score(0.25, institution) == 550.0


def test_worth_has_steps_at_the_benefits_and_weighs_more_for_the_poor():
    institution, citizens = rules(travel_value=0.25, visa_value=0.5, material=1.2)
    assert worth(650.0, 0.5, institution, citizens) == pytest.approx(0.6)
    assert worth(699.99, 0.5, institution, citizens) == pytest.approx(0.69998)
    assert worth(700.0, 0.5, institution, citizens) == pytest.approx(0.7 + 0.25)
    assert worth(750.0, 0.5, institution, citizens) == pytest.approx(0.8 + 0.75)
    assert worth(-50.0, 0.5, institution, citizens) == 0.0  # nothing left to lose
    institution, citizens = rules(precarity=2.0, material=1.2)
    assert worth(650.0, 1.0, institution, citizens) == pytest.approx(0.6)
    assert worth(650.0, 0.0, institution, citizens) == pytest.approx(1.8)


def test_who_is_recorded():
    assert chance_of_record(1.0, 0.3, 0.1) == 0.3
    assert chance_of_record(0.0, 0.3, 0.1) == 0.1
    assert chance_of_record(-1.0, 0.3, 0.1) == 0.0
    institution, _ = rules(detection=0.3, false_alarm=0.1, news_gravity=3.0)
    assert record(1.0, True, institution, 0.29) == 3.0
    assert record(1.0, False, institution, 0.29) == 1.0
    assert record(1.0, False, institution, 0.3) == 0.0
    assert record(0.0, True, institution, 0.05) == 1.0  # falsely accused: of an opinion
    assert record(-1.0, False, institution, 0.0) == 0.0


def test_stance_mixes_own_conviction_with_what_friends_say():
    assert stance(citizen(conviction=0.6, conformity=0.25), GLANCE) == pytest.approx(0.5125)
    assert stance(citizen(conviction=0.6, conformity=0.9), NOBODY) == 0.6


def test_expectation_is_by_belief_not_by_truth():
    institution, citizens = rules(detection=0.0, believed_detection=0.5, dissent_penalty=20.0)
    expected = expected_score(1.0, 1.0, citizen(), NOBODY, institution, citizens, weighted_table)
    assert expected == pytest.approx(640.0)


def test_utilities_by_hand():
    institution, citizens = rules(
        detection=0.5, dissent_penalty=24.0, praise_reward=6.0, foresight=10.0, stakes=2.0,
        effort=0.25, solidarity=0.0, material=1.0, recovery=0.0,
    )  # fmt: skip
    me = citizen(conviction=0.4, conformity=0.0, self_censorship=0.5, score=600.0)
    dissent, praise = utilities(me, NOBODY, 1.0, institution, citizens, weighted_table)
    # expects −12 a period, −120 over ten: 0.2 of the range; weight κλ = 1
    assert dissent == pytest.approx(0.4 - 0.2 - 0.25)
    # expects +6 a period, +60 over ten: 0.1 of the range
    assert praise == pytest.approx(-0.4 + 0.1 - 0.25)


def test_solidarity_counts_what_dissent_costs_all_friends_together():
    settings = dict(
        detection=0.5, dissent_penalty=0.0, association_penalty=24.0, foresight=10.0, stakes=2.0,
        effort=0.0, material=1.0, recovery=0.0, solidarity=0.5,
    )  # fmt: skip
    institution, citizens = rules(**settings)
    me = citizen(conviction=0.4, conformity=0.0, self_censorship=0.5, score=600.0)
    friends = Glance(4.0, 0.0, 0.0, 0.0, 0.0, 0.0, 600.0)
    dissent, _ = utilities(me, friends, 1.0, institution, citizens, weighted_table)
    # each of 4 friends: .5 · 24/4 = 3 points a period, 30 over ten: .05; four: .2; half of it
    assert dissent == pytest.approx(0.4 - 0.5 * 0.2)


def test_believed_false_accusations_weaken_deterrence():
    me = citizen(conviction=0.4, conformity=0.0, score=600.0)
    settings = dict(detection=0.5, dissent_penalty=24.0, solidarity=0.0)
    just = utilities(me, NOBODY, 1.0, *rules(**settings), weighted_table)[0]
    unjust = utilities(me, NOBODY, 1.0, *rules(**settings, false_alarm=0.4), weighted_table)[0]
    assert unjust > just


def test_logit_choice_and_its_limit():
    # Pr(dissent) = e^.5 / (e^.5 + e^−1 + 1)
    chance = math.exp(0.5) / (math.exp(0.5) + math.exp(-1.0) + 1.0)
    assert logit_choice(0.5, -1.0, 1.0, chance - 1e-9) == 1.0
    assert logit_choice(0.5, -1.0, 1.0, chance + 1e-9) == 0.0, "silence comes between"
    praise = math.exp(-1.0) / (math.exp(0.5) + math.exp(-1.0) + 1.0)
    assert logit_choice(0.5, -1.0, 1.0, 1.0 - praise - 1e-9) == 0.0
    assert logit_choice(0.5, -1.0, 1.0, 1.0 - praise + 1e-9) == -1.0
    inf = math.inf
    assert [logit_choice(0.5, -1.0, inf, u) for u in (0.01, 0.99)] == [1.0, 1.0]
    assert [logit_choice(-0.5, -1.0, inf, u) for u in (0.01, 0.99)] == [0.0, 0.0]
    assert [logit_choice(0.5, 0.5, inf, u) for u in (0.49, 0.51)] == [1.0, -1.0]
    assert [logit_choice(0.0, -1.0, inf, u) for u in (0.49, 0.51)] == [1.0, 0.0]
    assert logit_choice(1e6, -1e6, 1e300, 0.5) == 1.0  # no overflow
    assert [logit_choice(5.0, -5.0, 0.0, u) for u in (0.3, 0.4, 0.7)] == [1.0, 0.0, -1.0]


def test_threshold_is_met_exactly():
    institution, citizens = rules()
    for n in range(1, 120):
        for k in range(n + 1):
            me = citizen(self_censorship=float(np.float32(k / n)), conviction=0.1)
            seen = Glance(float(n), 0.0, k / n, 0.0, 0.0, 0.0, 650.0)
            said = threshold(me, seen, 1.0, institution, citizens, weighted_table, 0.5)
            assert said == 1.0, (k, n)
            if k > 0:
                fewer = seen._replace(share_dissenting=(k - 1) / n)
                said = threshold(me, fewer, 1.0, institution, citizens, weighted_table, 0.5)
                assert said == 0.0, (k, n)


def test_points_through_a_friend_judge_that_friend_alone():
    me = citizen(score=600.0)
    caught, quiet = Person(560.0, 1.0, 1.0), Person(600.0, 1.0, 0.0)
    institution, _ = rules(association_penalty=30.0)
    assert points_through(caught, 4.0, me, institution, weighted_table) == pytest.approx(7.5)
    assert points_through(quiet, 4.0, me, institution, weighted_table) == 0.0
    institution, _ = rules(association_penalty=30.0, association_pull=0.1)
    assert points_through(caught, 4.0, me, institution, weighted_table) == pytest.approx(8.5)


def test_friends_are_left_only_at_a_cost():
    assert chance_to_leave(0.0, 0.0, 8.0) == 0.0
    assert chance_to_leave(0.5, 0.5, 8.0) == 0.5
    assert chance_to_leave(0.6, 0.5, math.inf) == 1.0
    assert chance_to_leave(0.7, 0.5, 10.0) == pytest.approx(1 / (1 + math.exp(-2)))
    assert chance_to_accept(0.7, 0.5, 10.0) == pytest.approx(1 / (1 + math.exp(2)))
    assert chance_to_leave(1e6, 0.0, 1e300) == 1.0
    _, citizens = rules(friendship_value=0.5)
    me = citizen(conviction=0.5, conformity=0.5)
    # disagreement 1.5: worth .5·(1 − .5·.75)
    assert worth_of(Person(600.0, -1.0, 0.0), me, citizens) == pytest.approx(0.3125)


def test_conviction_moves_by_four_forces():
    _, citizens = rules(influence=0.1, internalisation=0.2, reactance=0.5, anchoring=0.1)
    me = citizen(conviction=0.4, anchor=0.0, conformity=0.5, expression=1.0, gravity=1.0)
    # .1·.5·(.25 − .4) + .2·(1 − .4) + .5·(1 − .4) + .1·(0 − .4)
    assert next_conviction(me, GLANCE, citizens) == pytest.approx(0.4 - 0.0075 + 0.12 + 0.3 - 0.04)
    assert next_conviction(me, NOBODY, citizens) == pytest.approx(0.4 + 0.12 + 0.3 - 0.04)


def test_rules_are_plain_python_and_compile_to_the_same_numbers():
    institution, citizens = rules()

    @numba.njit
    def compiled(me, glance, institution, citizens, u):
        return quantal(me, glance, 1.0, institution, citizens, weighted_table, u)

    for k in range(200):
        me = citizen(conviction=k / 100 - 1, self_censorship=(k % 7) / 7, score=350.0 + 3 * k)
        u = (k * 37 % 200 + 0.5) / 200
        plain = quantal(me, GLANCE, 1.0, institution, citizens, weighted_table, u)
        assert compiled(me, GLANCE, institution, citizens, u) == plain


def test_one_friend_is_enough_to_be_influenced_and_none_is_not():
    _, settings = rules(influence=0.1, internalisation=0.0, anchoring=0.0)
    me = citizen(conviction=0.5, conformity=0.4)
    one = NOBODY._replace(friends=1.0)
    assert next_conviction(me, NOBODY, settings) == 0.5
    assert next_conviction(me, one, settings) == pytest.approx(0.5 - 0.1 * 0.4 * 0.5)


def test_exponential_is_the_exponential():
    for x in np.linspace(-40.0, 0.0, 4001):
        assert exponential(x) == pytest.approx(math.exp(x), rel=1e-13, abs=0)
    assert exponential(-1e300) == exponential(-math.inf) == exponential(-40.0) < 2.0**-32 / 1e7


def test_a_benefit_at_stake_on_the_expected_path_counts():
    """At 690 and rising: silence leads to 770 and the visa, dissent to 740 and none."""
    institution, citizens = rules(
        detection=0.15, dissent_penalty=20.0, recovery=0.05, foresight=10.0, stakes=2.0, effort=0.0,
        material=1.0, solidarity=0.0, travel_value=0.25, visa_value=0.25, praise_reward=0.0,
    )  # fmt: skip
    me = citizen(conviction=0.4, conformity=0.0, self_censorship=0.5, score=690.0, base_score=850.0)
    dissent, praise = utilities(me, NOBODY, 1.0, institution, citizens, weighted_table)
    # 160 · 5 % = +8 a period; dissent 3 less: 30 points of 600, and the visa
    assert dissent == pytest.approx(0.4 - (30.0 / 600.0 + 0.25))
    assert praise == pytest.approx(-0.4)


def test_solidarity_is_relative_to_silence():
    """Where silence is recorded as often as dissent, dissent harms no friend more than silence."""
    settings = dict(
        detection=0.15, false_alarm=0.15, dissent_penalty=0.0, praise_reward=0.0, effort=0.0,
        recovery=0.0, association_penalty=24.0, foresight=10.0, stakes=2.0, solidarity=0.5,
    )  # fmt: skip
    me = citizen(conviction=0.4, conformity=0.0, self_censorship=0.5, score=600.0)
    friends = Glance(4.0, 0.0, 0.0, 0.0, 0.0, 0.0, 600.0)
    dissent, praise = utilities(me, friends, 1.0, *rules(**settings), weighted_table)
    assert dissent == pytest.approx(0.4)
    # only praise spares friends: each .15 · 24/4 = .9 points a period, 9 over ten; four; half of it
    assert praise == pytest.approx(-0.4 + 0.5 * 4 * 9.0 / 600.0)
    # by belief, not by truth
    blind = dict(settings, believed_detection=0.3, false_alarm=0.0)
    dissent, _ = utilities(me, friends, 1.0, *rules(**blind), weighted_table)
    assert dissent == pytest.approx(0.4 - 0.5 * 4 * 18.0 / 600.0)


def test_precarity_makes_the_poor_quieter_where_no_benefit_is_at_stake():
    """M21: with π = 3 the same loss weighs four times as much on the poorest."""
    settings = dict(detection=0.5, dissent_penalty=24.0, foresight=10.0, stakes=2.0, effort=0.0,
                    material=1.0, recovery=0.0, solidarity=0.0, travel_value=0.0, visa_value=0.0,
                    precarity=3.0)  # fmt: skip
    me = dict(conviction=0.4, conformity=0.0, self_censorship=0.5, score=600.0)
    poor, rich = (
        utilities(citizen(**me, wealth=wealth), NOBODY, 1.0, *rules(**settings), weighted_table)[0]
        for wealth in (0.0, 1.0)
    )
    assert rich == pytest.approx(0.4 - 0.2)
    assert poor == pytest.approx(0.4 - 0.2 * 4)


def test_a_friend_is_judged_as_if_oneself_were_silent_and_unrecorded():
    """Whatever a citizen happened to do last period: a rule of one's own may depend on it."""

    def harsher_on_the_outspoken(citizen, glance, institution):
        silent = citizen.expression == 0.0 and citizen.gravity == 0.0
        return citizen.score - (10.0 if silent else 50.0) * glance.share_flagged

    institution, _ = rules()
    friend = Person(500.0, 1.0, 1.0)
    for me in (citizen(), citizen(expression=1.0, gravity=1.0), citizen(expression=-1.0)):
        points = points_through(friend, 5.0, me, institution, harsher_on_the_outspoken)
        assert points == pytest.approx(2.0)
