"""Strategic dissent and an institution that adapts (Daymude, Axelrod & Forrest 2025)."""

import math

import numpy as np
import pytest

from model.authority import Account, AdaptiveAuthority
from model.chance import key_of
from model.errors import ScenarioError
from model.parameters import Authority, Institution, institution_record
from model.rules.strategy import (
    best_under_proportional,
    best_under_uniform,
    chance_observed,
    punishment,
)
from model.scenario import Scenario
from model.state import ARRESTS
from model.world import World


def worth_holding_out(bold, surveillance, tolerance, severity):
    """The least desired dissent that is acted out although punished, found by bisection."""
    low, high = tolerance, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        act = best_under_uniform(middle, bold, surveillance, tolerance, severity)
        low, high = (low, middle) if act == middle else (middle, high)
    return high


@pytest.mark.theory
@pytest.mark.parametrize(("surveillance", "boundary"), [(0.2, 0.711538), (0.5, 0.785714)])
def test_the_boundary_of_defiance_under_uniform_punishment(surveillance, boundary):
    found = worth_holding_out(1.0, surveillance, 0.25, 0.6)
    assert found == pytest.approx(boundary, abs=1e-6)


@pytest.mark.theory
@pytest.mark.parametrize(("surveillance", "severity", "act"), [(0.2, 1.0, 0.625),
                                                               (0.5, 1.5, 0.291667)])  # fmt: skip
def test_the_best_act_under_proportional_punishment(surveillance, severity, act):
    found = best_under_proportional(1.0, 1.0, surveillance, 0.25, severity)
    assert found == pytest.approx(act, abs=1e-6)


@pytest.mark.theory
@pytest.mark.parametrize("rule", ["uniform", "proportional"])
@pytest.mark.parametrize("bold", [0.1, 0.5, 1.0, 3.0])
@pytest.mark.parametrize("surveillance", [0.0, 0.3, 0.9, 1.0])
@pytest.mark.parametrize("severity", [0.0, 0.4, 1.3])
def test_the_closed_form_is_the_best_of_all_acts(rule, bold, surveillance, severity):
    tolerance = 0.25
    institution = institution_record(
        Institution(tolerance=tolerance, severity=severity, punishment=rule)
    )
    best = best_under_uniform if rule == "uniform" else best_under_proportional

    def loss(desired, act):
        caught = chance_observed(act, surveillance)
        return bold * (desired - act) + caught * punishment(act, act > tolerance, institution)

    for desired in (0.1, 0.25, 0.4, 0.8, 1.0):
        act = best(desired, bold, surveillance, tolerance, severity)
        assert 0.0 <= act <= desired
        others = [loss(desired, other) for other in np.linspace(0.0, desired, 2001)]
        assert loss(desired, act) <= min(others) + 1e-9


def test_a_society_of_strategists_by_hand():
    # κ = ½ and λ = 1: a boldness of 1. Desired .8 is above .7115 and acted out, .5 and .2 aren't.
    world = World(
        generator="complete", citizens=3, expression_rule="strategic", stakes=1.0, detection=0.2,
        tolerance=0.25, severity=0.6, news_exposure=0.0,
        given=dict(conviction=[0.8, 0.5, 0.2], self_censorship=[0.5] * 3, conformity=[0.0] * 3),
    )  # fmt: skip
    world.step()
    assert world.expression.tolist() == pytest.approx([0.8, 0.25, 0.2], abs=1e-6)


def climber(adapts=("tolerance", "severity", "detection"), **rules):
    return AdaptiveAuthority(
        Authority(adaptation_rule="hill_climbing", adapts=adapts, **rules),
        Institution(detection=0.5),
        key_of(7),
    )


def test_hill_climbing_keeps_what_costs_less_and_takes_back_what_costs_more():
    institution = institution_record(Institution())
    authority = climber()
    first = dict(authority.values)
    trial = authority.trial(0)
    moved = [name for name in first if trial[name] != first[name]]
    assert len(moved) == 1
    assert abs(trial[moved[0]] - first[moved[0]]) <= 0.05
    authority.learn(0, Account(0.5, 0.1, 0.0), institution)  # nothing to compare with: it stays
    assert authority.values == trial
    assert authority.last_cost == pytest.approx(0.6)
    authority.learn(1, Account(0.6, 0.1, 0.0), institution)
    assert authority.values == trial
    assert authority.last_cost == pytest.approx(0.7), "the rejected cost is the next comparator"
    second = authority.trial(2)
    authority.learn(2, Account(0.65, 0.0, 0.0), institution)  # less than .7, more than .6
    assert authority.values == second


def test_trials_stay_in_range_and_move_each_parameter_evenly():
    authority = climber(adapts=("tolerance", "detection", "dissent_penalty"), step=0.2)
    seen = {name: [] for name in authority.values}
    for period in range(3000):
        trial = authority.trial(period)
        for name, value in trial.items():
            if value != authority.values[name]:
                seen[name].append(value)
    for name, values in seen.items():
        assert 850 < len(values) < 1150, name
    assert min(seen["tolerance"]) >= 0.05
    assert max(seen["tolerance"]) <= 0.45
    assert min(seen["dissent_penalty"]) >= 0.0
    assert max(seen["dissent_penalty"]) == pytest.approx(140.0, abs=2.0)  # .2 of 600 points
    assert np.mean(seen["detection"]) == pytest.approx(0.5, abs=0.02)


def test_proportional_control_moves_by_the_excess_of_dissent():
    world = World(
        citizens=300, adaptation_rule="proportional", goal=0.1, gain=0.2, reach=0.5,
        adapts=("detection", "dissent_penalty", "reach"),
    )  # fmt: skip
    world.step()
    excess = (world.expression > 0).mean() - 0.1
    values = world.authority.values
    assert values["detection"] == pytest.approx(0.15 + 0.2 * excess)
    assert values["dissent_penalty"] == pytest.approx(20.0 + 0.2 * 600 * excess)
    assert values["reach"] == pytest.approx(0.5 - 0.2 * excess), "less audience is harsher"
    world.step()
    assert world.institution_record.detection == pytest.approx(0.15 + 0.2 * excess)


def test_proportional_control_reaches_its_goal():
    world = World(citizens=4000, adaptation_rule="proportional", adapts=("detection",), goal=0.3,
                  gain=0.02)  # fmt: skip
    world.run(400)
    shares = []
    for _ in range(50):
        world.step()
        shares.append((world.expression > 0).mean())
    assert np.mean(shares) == pytest.approx(0.3, abs=0.02)


@pytest.mark.parametrize(
    ("adapts", "says"),
    [
        (("tolerrance",), "did you mean 'tolerance'"),
        (("visibility",), "nothing that an authority can move"),
        ((), "names no parameter"),
        (("severity",), "nobody responds to severity"),
        (("arrest",), "'arrest' has a program already"),
    ],
)
def test_what_cannot_adapt_is_refused(adapts, says):
    program = [{"parameter": "arrest", "at": 3, "to": 0.5}]
    with pytest.raises(ScenarioError, match=says):
        Scenario().replace(adapts=adapts, adaptation_rule="proportional", program=program)


def test_what_an_authority_may_turn_on_is_on():
    world = World(
        citizens=300, adaptation_rule="proportional", adapts=("arrest",), goal=0.0, gain=1.0
    )
    assert "M11 arrests" in world.mechanisms
    world.run(5)
    assert world.counts[ARRESTS] > 0


def test_learning_has_no_meaning_under_strategy():
    with pytest.raises(ScenarioError, match="learning"):
        Scenario().replace(expression_rule="strategic", learning=0.1)


def test_boldness_without_weight_knows_no_fear():
    world = World(
        citizens=50, expression_rule="strategic", stakes=0.0, severity=1000.0, conformity=0.0,
        conformity_concentration=math.inf,
    )  # fmt: skip
    desired = np.maximum(world.conviction, 0.0)
    world.step()
    assert np.allclose(world.expression, desired, atol=1e-6)
