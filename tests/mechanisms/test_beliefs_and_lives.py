"""Mechanisms M16 to M23: what people believe, pass on, leave and enforce.

Worked by hand, in both engines, in worlds of three or four people: see ``three_people.py``.
"""

import networkx as nx
import numpy as np
import pytest
from three_people import ANN, BEN, COL, LINE, PEOPLE, SURE, marked

from model.errors import InputError
from model.life import ENROLLED, OFF_GRID, PRESSING, RESISTING
from model.measures import measure
from model.society import Society
from model.world import World

# M16


def test_beliefs_learn_from_what_happens_to_friends(society):
    world, step = society(believed_detection=0.2, learning=0.5)
    step()
    assert world.now.life.belief.tolist() == pytest.approx([0.2, 0.2, 0.2])
    step()
    # Ben saw his only dissenting friend recorded; Ann and Col know no dissenter
    assert world.now.life.belief.tolist() == pytest.approx([0.2, 0.6, 0.2])


# M17


def test_the_innocent_are_accused(society):
    world, step = society(false_alarm=1.0, detection=0.0, learning=0.1, believed_false_alarm=0.0)
    step()
    assert world.flagged.tolist() == [False, True, True]
    assert measure(world, "innocents_flagged") == 1.0
    assert measure(world, "accused") == pytest.approx(2 / 3)
    assert world.score.tolist() == [650, 630, 630]


# M18


def test_the_young_believe_what_their_circle_says(society):
    world, step = society(turnover=1.0, inheritance=1.0, socialisation=1.0)
    step()
    # Ann spoke, and died with the others: half of what the old Ben's circle said was dissent
    assert world.conviction.tolist() == [0.0, 0.5, 0.0]
    assert world.traits.anchor.tolist() == [0.0, 0.5, 0.0]
    assert world.expression.tolist() == [0, 0, 0]
    assert world.ties.count() == 2
    assert measure(world, "born") == 1.0


def test_friendships_that_do_not_pass_on_end(society):
    world, step = society(turnover=1.0, inheritance=0.0, socialisation=0.0)
    step()
    assert world.ties.count() == 0
    assert world.counts.tolist() == [0, 0, 0, 0, 0, 2]  # each once
    assert set(world.conviction.tolist()) <= {0.0, 1.0}  # a founder's disposition


# M20


def test_who_lives_a_lie_leaves_the_grid(society):
    # All are silent (effort 2). Ben: |.9 − 0| − κλ·W(650) − .3 = .9 − .1 − .3 > 0; Col: .3 − .4 < 0
    world, step = society(
        given=dict(conviction=[0.0, 0.9, 0.3]), effort=2.0, stakes=0.2, exit=1.0, exit_price=0.3
    )
    step()
    assert marked(world, OFF_GRID) == [False, True, False]
    assert marked(world, ENROLLED) == [True, False, True]
    assert world.now.life.stake.tolist() == [1.0, 0.0, 1.0]
    assert measure(world, "off_grid") == pytest.approx(1 / 3)


# M21, M13


def test_lost_benefits_make_poorer(society):
    # At 690 and 650 points both doors are shut, .6·.75 and .6·.5; at 750 both are open, .6·.75 + .4
    world, step = society(
        given=dict(conviction=[0.0] * 3, wealth=[0.75, 0.5, 0.75], score=[690.0, 650.0, 750.0]),
        wealth_feedback=1.0, wealth_at_stake=0.4,
    )  # fmt: skip
    step()
    assert world.now.life.wealth.tolist() == pytest.approx([0.45, 0.3, 0.85])


# M23


def test_the_emperors_dilemma_among_four(society):
    # Three believers (c = −1) and Dan (c = .3), who all know each other.
    world, step = society(
        nx.complete_graph(4),
        given=dict(conviction=[-1.0, -1.0, -1.0, 0.3], self_censorship=[0.5] * 4,
                   conformity=[0.0] * 4, wealth=[0.5] * 4),
        effort=0.0, stakes=0.0, peer_pressure=1.0, enforcement_cost=0.125,
    )  # fmt: skip
    step()
    # Everybody says what he thinks, and since so far nobody said anything half disagrees: true
    # enforcement by 1·½ > .125, and by .3·½ > .125 against it.
    assert world.expression.tolist() == [-1, -1, -1, 1]
    assert marked(world, PRESSING) == [True, True, True, False]
    assert marked(world, RESISTING) == [False, False, False, True]
    step()
    # Dan's friends all press: 1 > .3. He complies, and presses too, since 1 > .3 + .125.
    assert world.expression.tolist() == [-1, -1, -1, -1]
    assert marked(world, PRESSING)[3]
    assert measure(world, "false_enforcement") == 1.0


def test_a_friends_dissent_that_costs_is_reason_to_press(society):
    # Ben, who believes nothing, expects to lose 15 points a period through Ann: κλ·150/600 = ½ > K
    world, step = society(peer_pressure=0.1, enforcement_cost=0.4)
    step()
    assert marked(world, PRESSING) == [False, False, False]
    step()
    assert marked(world, PRESSING) == [False, True, False]


def test_a_taste_is_refused_where_nobody_asks_for_it():
    with pytest.raises(InputError, match="taste: nobody asks for it"):
        World(network=LINE, given={"taste": [0.0, 0.0, 0.0]})


def test_agents_show_their_lives():
    society = Society(network=LINE, given=PEOPLE, rng=1, arrest=1.0, **SURE)
    society.step()
    assert society.citizens[ANN].life().detained == 10.0
    with pytest.raises(AttributeError, match="no mechanism beyond the score"):
        Society(network=LINE, given=PEOPLE, rng=1, **SURE).citizens[ANN].life()
    assert np.all(society.world.now.life.clean == [0, 1, 1])


def test_an_amnesty_reaches_both_operators(society):
    world, step = society(operators="mean")
    step()
    world.change(score=900.0)
    step()
    assert world.score[COL] == 900


def test_who_left_holds_no_benefits(society):
    # as above Ben leaves; his 850 points would open both doors
    world, step = society(
        given=dict(conviction=[0.0, 1.0, 0.0], wealth=[0.5, 1.0, 0.5]), effort=2.0, stakes=0.0,
        exit=1.0, exit_price=0.3, wealth_feedback=1.0, wealth_at_stake=0.4,
    )  # fmt: skip
    step()
    assert world.now.life.wealth[BEN] == pytest.approx(1.0)  # .6·1 + .4, a last time
    step()
    assert world.now.life.wealth[BEN] == pytest.approx(0.6)
    assert world.base_score[BEN] == pytest.approx(450 + 400 * 0.6)
    assert measure(world, "travel_permits") == 0.0
