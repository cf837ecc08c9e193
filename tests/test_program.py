"""Ramps and switches: what an institution changes over time."""

import pytest

from model.errors import ScenarioError
from model.program import Change, in_force
from model.scenario import Scenario, load
from model.society import Society
from model.world import World

SWITCH = [{"parameter": "dissent_penalty", "at": 3, "to": 0.0},
          {"parameter": "dissent_penalty", "at": 6, "to": 50.0}]  # fmt: skip
UP_AND_DOWN = [{"parameter": "detection", "from": 2, "until": 6, "to": 0.55},
               {"parameter": "detection", "from": 6, "until": 8, "to": 0.15}]  # fmt: skip


def in_periods(name, periods, **parameters):
    world = World(citizens=50, **parameters)
    values = []
    for _ in range(periods):
        world.step()
        values.append(getattr(world.institution_record, name))
    return values


def test_steps_take_effect_in_their_period():
    assert in_periods("dissent_penalty", 7, program=SWITCH) == [20, 20, 0, 0, 0, 50, 50]


def test_ramps_move_evenly_up_and_down():
    values = in_periods("detection", 9, program=UP_AND_DOWN)
    assert values == pytest.approx([0.15, 0.15, 0.25, 0.35, 0.45, 0.55, 0.35, 0.15, 0.15])


def test_a_belief_that_follows_the_truth_follows_the_program():
    world = World(citizens=50, program=UP_AND_DOWN)
    world.run(6)
    assert world.citizens_record.believed_detection == pytest.approx(0.55)


def test_choices_and_whole_numbers_step():
    program = [{"parameter": "visibility", "at": 2, "to": "private"}]
    assert in_periods("visibility", 3, program=program) == [0, 2, 2]


@pytest.mark.parametrize("schedule", ["synchronous", "random_order"])
def test_both_engines_follow_it(schedule):
    settings = {"citizens": 80, "schedule": schedule, "program": SWITCH + UP_AND_DOWN, "seed": 3}
    a, b, without = World(**settings), Society(**settings), World(**{**settings, "program": []})
    for _ in range(10):
        a.step()
        b.step()
        without.step()
        assert a.fingerprint() == b.fingerprint()
    assert a.fingerprint() != without.fingerprint()


def test_a_mechanism_that_the_program_turns_on_needs_the_full_engine():
    program = [{"parameter": "arrest", "at": 5, "to": 1.0}]
    assert Scenario.model_validate({"program": program}).mechanisms() == ["M11 arrests"]


def test_until_it_begins_a_program_changes_nothing():
    assert in_force(Scenario().institution, [Change(parameter="detection", to=1.0, at=9)], 8) == {}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"parameter": "detektion", "at": 3, "to": 0.1}, "did you mean 'detection'"),
        ({"parameter": "mandatory_from", "at": 3, "to": 9.0}, "is a date itself"),
        ({"parameter": "effort", "at": 3, "to": 0.1}, "'effort' belongs to \\[citizens\\]"),
        ({"parameter": "detection", "at": 3, "to": 1.5}, "1.5 is not allowed; allowed: \\[0, 1\\]"),
        ({"parameter": "detection", "to": 0.5}, "either 'at' .* or 'from' and 'until'"),
        ({"parameter": "detection", "at": 3, "from": 2, "to": 0.5}, "either 'at'"),
        ({"parameter": "detection", "from": 5, "until": 5, "to": 0.5}, "a later 'until'"),
        ({"parameter": "detection", "at": 0, "to": 0.5}, "greater than or equal to 1"),
        ({"parameter": "detection", "when": 3, "to": 0.5}, "there is no key 'when'"),
        ({"parameter": "visibility", "from": 1, "until": 5, "to": "private"}, "cannot move evenly"),
    ],
)
def test_faults_name_the_table_and_what_is_allowed(tmp_path, change, says):
    lines = [f"{key} = {value!r}" for key, value in change.items()]
    path = tmp_path / "mine.toml"
    path.write_text("[[program]]\nparameter = 'recovery'\nat = 2\nto = 0.1\n\n[[program]]\n"
                    + "\n".join(lines))  # fmt: skip
    with pytest.raises(ScenarioError, match=says) as fault:
        load(path)
    assert "program 2" in str(fault.value)
    assert str(path) in str(fault.value)


def test_changes_of_one_parameter_must_not_overlap():
    program = [{"parameter": "detection", "from": 2, "until": 9, "to": 0.5},
               {"parameter": "detection", "at": 5, "to": 0.1}]  # fmt: skip
    with pytest.raises(ScenarioError, match="begins before the change above it has ended"):
        Scenario().replace(program=program)


def test_a_program_survives_a_change_of_parameters_and_the_way_to_workers():
    scenario = Scenario().replace(program=UP_AND_DOWN).replace(effort=0.1)
    assert [change.to for change in scenario.program] == [0.55, 0.15]
    assert Scenario.model_validate(scenario.tables()) == scenario
