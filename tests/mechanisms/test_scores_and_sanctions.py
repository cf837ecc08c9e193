"""Mechanisms M2 to M15: who is scored for what, and what else is done to people.

Worked by hand, in both engines, in worlds of three or four people: see ``three_people.py``.
"""

import networkx as nx
import pytest
from three_people import ANN, BEN, COL, marked

from model.life import BARRED, DETAINED, ENROLLED, FLAUNTING
from model.measures import measure
from model.state import ARRESTS

# M2


def test_before_the_mandate_nobody_is_scored_who_does_not_want_to_be(society):
    world, step = society(mandatory_from=3.0, adoption=0.0)
    for _ in range(2):
        step()
        assert world.flagged.tolist() == [False] * 3
        assert world.score.tolist() == [650.0] * 3
    assert marked(world, ENROLLED) == [True] * 3  # for period 3, which comes
    step()
    assert world.flagged.tolist() == [True, False, False]
    assert world.score.tolist() == [630.0, 650.0, 650.0]
    assert world.now.life.since.tolist() == [3, 3, 3]


def test_who_gains_enrols_and_who_is_critical_does_not(society):
    # The score that one would get, 650, is worth half of the range, ½. Ben and Col: ½ − .4 > 0.
    # Ann: ½ − .4 − .5·1 < 0.
    world, step = society(
        mandatory_from=float("inf"), adoption=1.0, reluctance=0.4, privacy_concern=0.5
    )
    step()
    assert marked(world, ENROLLED) == [False, True, True]
    assert measure(world, "enrolled") == pytest.approx(2 / 3)
    assert measure(world, "enrolled_critics") == 0.0
    step()
    assert world.flagged.tolist() == [False] * 3  # Ann carries no score to take points from


def test_who_carries_no_score_is_not_judged_by_one(society):
    # Ann, 850 points, alone is enrolled; poor Ben's 450 would cost her by the pull, if he had them
    world, step = society(
        given=dict(conviction=[0.0] * 3, self_censorship=[1.0] * 3, wealth=[1.0, 0.0, 1.0]),
        mandatory_from=float("inf"), adoption=1.0, reluctance=0.5, association_pull=0.5, review=1.0,
        friendship_value=0.0,
    )  # fmt: skip
    for _ in range(3):
        step()
    assert marked(world, ENROLLED) == [True, False, True]
    assert world.score.tolist() == [850, 450, 850]
    assert world.ties.count() == 2


def test_friends_who_enrolled_draw_those_who_conform(society):
    # at first ½ − .9 < 0 for all; with a conformity of 1 and a friend enrolled ½ + ½ − .9 > 0
    world, step = society(
        given=dict(conformity=[0.0, 0.0, 1.0], wealth=[0.5, 1.0, 0.5]), base_high=950.0,
        mandatory_from=float("inf"), adoption=1.0, reluctance=0.9, privacy_concern=5.0,
    )  # fmt: skip
    step()
    assert marked(world, ENROLLED) == [False, True, False]  # Ben's 950 are worth 1
    step()
    assert marked(world, ENROLLED) == [False, True, True]


# M3


@pytest.mark.parametrize(
    ("operators", "ann", "ben"), [("mean", 640, 642.5), ("worst", 630, 635), ("merged", 630, 635)]
)
def test_two_operators_each_score_what_they_see(society, operators, ann, ben):
    # Only the first sees what Ann says and who her friends are; Ben loses 30/2 for her with it.
    world, step = society(
        operators=operators, first_sees_conduct=1.0, second_sees_conduct=0.0, first_sees_ties=1.0,
        second_sees_ties=0.0,
    )  # fmt: skip
    step()
    assert world.score.tolist() == [ann, 650, 650]
    step()
    assert world.score[BEN] == ben
    if operators != "merged":
        assert world.now.life.first_score.tolist() == [610, 635, 650]
        assert world.now.life.second_score.tolist() == [650, 650, 650]


def test_from_the_merger_on_both_operators_have_one_score(society):
    merger = [{"parameter": "operators", "at": 3, "to": "merged"}]
    world, step = society(operators="mean", first_sees_conduct=1.0, second_sees_conduct=0.0,
                          program=merger)  # fmt: skip
    step()
    step()
    assert measure(world, "operators_apart") > 0.0
    step()
    assert measure(world, "operators_apart") == 0.0


def test_merged_data_join_what_one_operator_sees_with_what_the_other_knows(society):
    # The first sees what is said and not by whose friends, the second the opposite.
    apart = dict(
        first_sees_conduct=1.0, second_sees_conduct=0.0, first_sees_ties=0.0, second_sees_ties=1.0
    )
    for operators, ben in (("mean", 650), ("worst", 650), ("merged", 635)):
        world, step = society(operators=operators, **apart)
        step()
        step()
        assert world.score[BEN] == ben


# M8


def test_what_one_buys_counts_and_gives_way_to_what_it_brings(society):
    world, step = society(
        given=dict(taste=[1.0, -1.0, 0.0], conviction=[0.0, 0.0, 0.0]), approved_reward=6.0,
        disapproved_penalty=6.0, flexibility=1.0, adaptation=1.0,
    )  # fmt: skip
    step()
    assert world.score.tolist() == [656, 644, 650]
    # What is at stake from one end to the other is 2·60 points over ten periods, a fifth of the
    # range, times κλ = 2, halved: Ben and Col move by .2; Ann's κ is 0.
    assert world.now.life.lifestyle.tolist() == pytest.approx([1.0, -0.8, 0.2])
    assert measure(world, "lifestyle_adapted") == pytest.approx(0.4 / 3)


def test_habits_return_to_taste_when_purchases_are_no_longer_scored(society):
    world, step = society(
        given=dict(taste=[1.0, -1.0, 0.0], conviction=[0.0, 0.0, 0.0]), approved_reward=6.0,
        disapproved_penalty=6.0, adaptation=1.0,
    )  # fmt: skip
    step()
    assert world.now.life.lifestyle[COL] > 0.0
    off = [
        {"parameter": "approved_reward", "at": 2, "to": 0.0},
        {"parameter": "disapproved_penalty", "at": 2, "to": 0.0},
    ]
    world, step = society(
        given=dict(taste=[1.0, -1.0, 0.0], conviction=[0.0, 0.0, 0.0]), approved_reward=6.0,
        disapproved_penalty=6.0, adaptation=1.0, program=off,
    )  # fmt: skip
    step()
    step()
    assert world.now.life.lifestyle.tolist() == [1.0, -1.0, 0.0]


# M10


def test_friends_who_flaunt_make_a_score_matter_more(society):
    star = nx.star_graph(["Col", "Ann", "Ben"])  # Col in the middle
    order = sorted(star)
    wealth = {"Ann": 0.75, "Ben": 0.5, "Col": 0.5}  # 750, 650, 650 points
    world, step = society(
        star, given=dict(conviction=[0.0] * 3, wealth=[wealth[name] for name in order]),
        flaunting=1.0, social_worth=2.0,
    )  # fmt: skip
    step()
    assert marked(world, FLAUNTING) == [True, False, False]
    step()
    assert world.now.life.stake.tolist() == [1.0, 1.0, 2.0]  # 1 + 2·½


# M11


def test_friendships_with_the_detained_freeze(society):
    cut = dict(review=1.0, friendship_value=0.1)
    world, step = society(**cut)
    step()
    step()
    assert world.ties.friends_of(BEN).tolist() == [COL]  # Ann costs Ben half the range
    world, step = society(arrest=1.0, detention=5, **cut)
    step()
    step()
    assert world.ties.friends_of(BEN).tolist() == [ANN, COL]


def test_an_arrest_silences_for_its_length(society):
    world, step = society(arrest=1.0, detention=2)
    said = []
    for _ in range(5):
        step()
        said.append(world.expression[ANN])
    assert said == [1, 0, 0, 1, 0]
    assert world.counts[ARRESTS] == 2
    assert world.ties.count() == 2  # friendships freeze
    assert marked(world, DETAINED) == [True, False, False]
    assert measure(world, "arrests") == pytest.approx(2 / 3)


def test_an_arrest_may_cost_friends(society):
    world, step = society(arrest=1.0, tie_loss=1.0)
    step()
    assert world.ties.friends_of(ANN).tolist() == []
    assert world.ties.friends_of(BEN).tolist() == [COL]
    assert world.counts.tolist()[:5] == [0, 0, 0, 1, 1]


def test_who_fears_arrest_keeps_silent(society):
    # Col would say .8 − .25 > 0, but fears 1 · 10 periods · .05 · κλ = 1
    given = dict(conviction=[0.0, 0.0, 0.8])
    world, step = society(given=given, dissent_penalty=0.0, association_penalty=0.0)
    step()
    assert world.expression.tolist() == [0, 0, 1]
    world, step = society(
        given=given, dissent_penalty=0.0, association_penalty=0.0, arrest=1.0, detention=10,
        detention_cost=0.05,
    )  # fmt: skip
    step()
    assert world.expression.tolist() == [0, 0, 0]


# M12


def test_a_clean_record_puts_one_on_the_whitelist(society):
    world, step = society(whitelist_after=2, dissent_penalty=0.0, association_penalty=0.0)
    step()
    assert measure(world, "whitelisted") == 0.0
    step()
    assert world.now.life.clean.tolist() == [0, 2, 2]
    assert measure(world, "whitelisted") == pytest.approx(2 / 3)


def test_who_has_more_of_a_clean_record_has_more_to_lose(society):
    # Col: .6 − .25 > 0 with nothing to lose; after a period half the list's worth, ½·½·κλ = ½, is.
    # Nobody is recorded in truth.
    world, step = society(
        given=dict(conviction=[0.0, 0.0, 0.6]), detection=0.0, believed_detection=1.0,
        dissent_penalty=0.0, association_penalty=0.0, whitelist_after=2, whitelist_value=0.5,
    )  # fmt: skip
    step()
    assert world.expression[COL] == 1
    step()
    assert world.expression[COL] == 0


# M14


def test_guilt_by_whom_one_follows_and_unfollowing(society):
    world, step = society(follows=1, reach=0.0, barred_for=5, guilt_by_following=1.0, review=1.0,
                          dissent_penalty=0.0, association_penalty=0.0)  # fmt: skip
    ties = world.ties.arrays
    ties.followed[:] = [-1, ANN, -1]
    ties.following[:] = [0, 1, 0]
    step()
    assert marked(world, BARRED) == [True, False, False]
    step()
    # Ben follows nobody but Ann, who is barred, and so is he; κλ·10·1·¼ > .5: he stops following
    assert marked(world, BARRED) == [True, True, False]
    assert ties.following.tolist() == [0, 0, 0]
    assert ties.followed.tolist() == [-1, -1, -1]
    assert world.ties.count() == 2  # friendship has two ends, and nobody reviewed that


def test_guilt_does_not_feed_on_itself(society):
    # Ann and Ben follow each other. Both are recorded once; then detection ends.
    off = [{"parameter": "detection", "at": 2, "to": 0.0}]
    world, step = society(
        follows=1, reach=0.0, barred_for=3, guilt_by_following=1.0, review=0.0, program=off,
        given=dict(conviction=[1.0, 1.0, 0.0], self_censorship=[0.0, 0.0, 1.0]),
    )  # fmt: skip
    ties = world.ties.arrays
    ties.followed[:] = [BEN, ANN, -1]
    ties.following[:] = [1, 1, 0]
    step()
    assert marked(world, BARRED) == [True, True, False]  # both for their own words
    for _ in range(3):
        step()
    assert marked(world, BARRED) == [False, False, False]


# M15


@pytest.mark.parametrize(("reach", "said"), [(1.0, 1), (0.0, 0)])
def test_a_barred_speaker_seems_silent(society, reach, said):
    # Ben says what friends say: half of them dissent, ½ − .25 > 0; or none that he hears
    world, step = society(
        given=dict(conformity=[0.0, 1.0, 0.0], self_censorship=[0.0, 0.0, 1.0]), reach=reach,
        barred_for=1,
    )  # fmt: skip
    step()
    step()
    assert world.expression.tolist() == [1, said, 0]
