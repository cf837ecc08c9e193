"""Every parameter is declared whole, is checked, and matters."""

import re
from pathlib import Path

import pytest

from experiments.tables import stale
from model.declared import declared
from model.errors import ScenarioError
from model.parameters import SECTIONS, section_of
from model.scenario import Scenario, bundled, load, parse_settings
from model.world import World

ROWS = list(declared())
NAMES = [row.name for row in ROWS]

BUYING = {"approved_reward": 5.0, "disapproved_penalty": 5.0}
VOLUNTARY = {"mandatory_from": float("inf"), "adoption": 0.3}
ARRESTS = {"arrest": 0.5, "detection": 0.5}
FOLLOWING = {"follows": 6, "reach": 0.3, "guilt_by_following": 0.3}
OPERATORS = {"operators": "mean", "detection": 0.5}
STRATEGIC = {"expression_rule": "strategic"}
CLIMBING = {**STRATEGIC, "adaptation_rule": "hill_climbing"}
STEERING = {"adaptation_rule": "proportional", "adapts": ("detection",)}

# Another value, and what else must hold for it to be able to matter.
PERTURBED = {
    "citizens": (301, {}),
    "conviction_mean": (0.2, {}),
    "conviction_spread": (0.6, {}),
    "self_censorship": (0.6, {}),
    "self_censorship_concentration": (9.0, {}),
    "conformity": (0.6, {}),
    "conformity_concentration": (9.0, {}),
    "wealth": (0.6, {}),
    "wealth_concentration": (9.0, {}),
    "generator": ("erdos_renyi", {}),
    "network_file": ("FACES", {}),
    "mean_degree": (12.0, {}),
    "rewiring": (0.2, {}),
    "triad_probability": (0.9, {"generator": "powerlaw_cluster"}),
    "blocks": (5, {"generator": "stochastic_block"}),
    "mixing": (0.4, {"generator": "stochastic_block"}),
    "detection": (0.3, {}),
    "false_alarm": (0.05, {}),
    "dissent_penalty": (40.0, {}),
    "news_gravity": (4.0, {}),
    "association_penalty": (60.0, {}),
    "association_rule": ("worst", {}),
    "association_pull": (0.1, {}),
    "praise_reward": (5.0, {}),
    "recovery": (0.1, {}),
    "base_low": (500.0, {}),
    "base_high": (800.0, {}),
    "travel_threshold": (680.0, {}),
    "visa_threshold": (800.0, {}),
    "visibility": ("private", {}),
    "expression_rule": ("threshold", {"self_censorship": 0.0}),
    "rationality": (20.0, {}),
    "stakes": (4.0, {}),
    "effort": (0.1, {}),
    "foresight": (20.0, {}),
    "solidarity": (2.0, {}),
    "material": (3.0, {}),
    "travel_value": (1.0, {}),
    "visa_value": (1.0, {}),
    "precarity": (2.0, {}),
    "news_exposure": (0.5, {}),
    "believed_detection": (0.6, {}),
    "believed_false_alarm": (0.6, {}),
    "friendship_value": (0.1, {}),
    "review": (0.9, {}),
    "sociability": (0.9, {"friendship_value": 0.02}),
    "closure": (0.0, {"friendship_value": 0.02}),
    "max_friends": (3, {"friendship_value": 0.02}),
    "influence": (0.2, {}),
    "internalisation": (0.2, {}),
    "reactance": (0.2, {}),
    "anchoring": (0.3, {}),
    "seed": (2, {}),
    "schedule": ("random_order", {}),
    "taste_mean": (0.3, BUYING),
    "taste_spread": (0.2, BUYING),
    "approved_reward": (9.0, BUYING),
    "disapproved_penalty": (9.0, BUYING),
    "flexibility": (3.0, BUYING),
    "adaptation": (0.5, BUYING),
    "mandatory_from": (9.0, {}),
    "adoption": (0.9, VOLUNTARY),
    "reluctance": (0.1, VOLUNTARY),
    "privacy_concern": (2.0, VOLUNTARY),
    "flaunting": (0.5, {}),
    "social_worth": (3.0, {"flaunting": 0.5}),
    "arrest": (0.5, {}),
    "detention": (3, ARRESTS),
    "tie_loss": (0.5, ARRESTS),
    "detention_cost": (1.0, ARRESTS),
    "reach": (0.3, {}),
    "barred_for": (3, {"reach": 0.3}),
    "audience_value": (2.0, {"reach": 0.3}),
    "whitelist_after": (3, {}),
    "whitelist_value": (2.0, {"whitelist_after": 3}),
    "follows": (4, FOLLOWING),
    "guilt_by_following": (0.9, FOLLOWING),
    "operators": ("worst", {}),
    "first_sees_conduct": (0.8, OPERATORS),
    "second_sees_conduct": (0.2, OPERATORS),
    "first_sees_ties": (0.8, OPERATORS),
    "second_sees_ties": (0.2, OPERATORS),
    "first_sees_purchases": (0.2, {**OPERATORS, **BUYING}),
    "second_sees_purchases": (0.9, {**OPERATORS, **BUYING}),
    "learning": (0.3, {}),
    "exit": (0.1, {}),
    "exit_price": (0.1, {"exit": 0.1}),
    "wealth_feedback": (0.2, {"detection": 0.5}),
    "wealth_at_stake": (0.8, {"wealth_feedback": 0.2, "detection": 0.5}),
    "peer_pressure": (0.5, {}),
    "enforcement_cost": (0.3, {"peer_pressure": 0.5}),
    "turnover": (0.05, {}),
    "inheritance": (0.9, {"turnover": 0.05}),
    "socialisation": (0.9, {"turnover": 0.05}),
    "tolerance": (0.1, STRATEGIC),
    "severity": (2.0, STRATEGIC),
    "punishment": ("proportional", STRATEGIC),
    "adaptation_rule": ("proportional", {"adapts": ("detection",)}),
    "adapts": (("tolerance",), CLIMBING),
    "step": (0.2, CLIMBING),
    "dissent_cost": (0.1, CLIMBING),
    "monitoring_cost": (2.0, CLIMBING),
    "detention_upkeep": (2.0, {**CLIMBING, **ARRESTS}),
    "goal": (0.3, STEERING),
    "gain": (0.5, STEERING),
}


def trajectory(**parameters):
    world = World(**{"citizens": 300, "threads": 1, **parameters})
    prints = []
    for _ in range(25):
        world.step()
        prints.append(world.fingerprint())
    return prints


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_changes_a_trajectory(name, tmp_path):
    value, context = PERTURBED[name]
    if name == "network_file":
        value = str(tmp_path / "net.csv")
        Path(value).write_text("\n".join(f"{i},{(i + 1) % 300}" for i in range(300)))
    # news is as grave as opinions unless there is some: the table holds what each needs
    assert trajectory(**{**context, name: value}) != trajectory(**context)


def test_every_parameter_is_declared_whole():
    assert len(set(NAMES)) == len(NAMES) == sum(len(s.model_fields) for s in SECTIONS.values())
    for row in ROWS:
        assert row.meaning, row.name
        assert row.source, row.name
        assert row.allowed, row.name
        assert re.fullmatch(r"[a-z][a-z_]*", row.name)


def test_the_tables_in_the_documents_are_fresh():
    assert not stale(), "run `make tables` to write the generated tables anew"


@pytest.mark.parametrize("name", list(bundled()))
def test_bundled_scenarios_are_whole(name):
    scenario = load(name)
    assert scenario.title
    assert len(scenario.story.strip().splitlines()) == 2


def test_the_default_scenario_is_the_declared_defaults():
    assert load("guilt_by_association").parameters() == Scenario().parameters()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("detection", 1.5, "allowed: [0, 1]"),
        ("detection", -0.1, "allowed: [0, 1]"),
        ("detection", float("nan"), "allowed: [0, 1]"),
        ("detection", "high", "allowed: [0, 1]"),
        ("detection", True, "allowed: [0, 1]"),
        ("citizens", 0, "allowed: whole, [1"),
        ("citizens", 10.5, "allowed: whole, [1"),
        ("visibility", "publik", "did you mean 'public'?"),
        ("generator", "watts_strogats", "did you mean 'watts_strogatz'?"),
        ("believed_detection", 2.0, "allowed: [0, 1] or 'detection'"),
        ("seed", 2**64, "2^64 − 1"),
        ("seed", -1, "allowed: whole, [0"),
        ("conformity_concentration", 0.0, "allowed: (0, inf]"),
    ],
)
def test_bad_values_are_refused_with_what_is_allowed(name, value, says):
    with pytest.raises(ScenarioError) as error:
        Scenario().replace(**{name: value})
    assert f"{section_of()[name]}.{name}" in str(error.value)
    assert says in str(error.value)


def test_unknown_names_are_refused_with_the_nearest():
    with pytest.raises(ScenarioError, match="did you mean 'dissent_penalty'"):
        Scenario().replace(disent_penalty=3)


FILES = [
    ("[institution]\ndetection = 2\n", "line 2: institution.detection = 2"),
    ("\n[citizens]\n\nratonality = 3\n", "line 4: citizens.ratonality: there is no parameter"),
    ("[citizens]\ndetection = 0.3\n", "'detection' belongs in [institution]"),
    ("[instituton]\ndetection = 0.3\n", "did you mean 'institution'?"),
    ("[institution\n", "not valid TOML"),
    ("extends = 'no_institutions'\n", "did you mean 'no_institution'?"),
    ("extends = 3\n", "is not the name of a scenario"),
    ("story = 3\n", "story"),
]


@pytest.mark.parametrize(("text", "says"), FILES)
def test_a_bad_file_is_one_clear_error(tmp_path, text, says):
    file = tmp_path / "mine.toml"
    file.write_text(text)
    with pytest.raises(ScenarioError) as error:
        load(file)
    assert says in str(error.value)
    assert "mine.toml" in str(error.value) or "no_institution" in says


def test_a_file_may_extend_another(tmp_path):
    (tmp_path / "parent.toml").write_text(
        "extends = 'conduct_only'\n[institution]\ndetection = 0.4\n"
    )
    child = tmp_path / "child.toml"
    child.write_text("extends = 'parent.toml'\ntitle = 'Child'\n[citizens]\nstakes = 1\n")
    scenario = load(child)
    assert scenario.title == "Child"
    assert scenario.institution.detection == 0.4
    assert scenario.institution.association_penalty == 0.0
    assert scenario.citizens.stakes == 1.0
    (tmp_path / "parent.toml").write_text("extends = 'child.toml'\n")
    with pytest.raises(ScenarioError, match="circle"):
        load(child)


def test_settings_are_read_as_toml_or_bare_words():
    assert parse_settings(["detection=0.25", "blocks = 3", "visibility=private"]) == {
        "detection": 0.25, "blocks": 3, "visibility": "private",
    }  # fmt: skip
    with pytest.raises(ScenarioError, match="name=value"):
        parse_settings(["detection"])


def test_the_readmes_scenario_file_loads_as_printed(tmp_path):
    text = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    (block,) = [part.split("```")[0] for part in text.split("```toml\n")[1:]]
    (tmp_path / "mine.toml").write_text(block, "utf-8")
    mine, base = load(tmp_path / "mine.toml"), load("guilt_by_association")
    changed = {name: value for name, value in mine.parameters().items()
               if value != base.parameters()[name]}  # fmt: skip
    assert changed == {"association_penalty": 90.0, "visibility": "friends"}
