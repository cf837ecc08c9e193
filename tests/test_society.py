"""``Society`` is a Mesa model: what Mesa users expect works on it."""

import gc
import inspect
import weakref

import mesa
import numpy as np
import pandas as pd
import pytest

from model.citizen import Citizen
from model.errors import InputError
from model.scenario import load
from model.society import Society
from model.world import World


def test_it_is_a_mesa_model_with_agents():
    society = Society("guilt_by_association", rng=3, citizens=40)
    assert isinstance(society, mesa.Model)
    assert len(society.agents) == 40
    assert all(isinstance(agent, Citizen) for agent in society.agents)
    assert society.agents.agg("score", np.mean) == pytest.approx(society.world.score.mean())
    critics = society.agents.select(lambda citizen: citizen.conviction > 0)
    assert len(critics) == (society.world.conviction > 0).sum()
    first = society.citizens[0]
    assert {friend.row for friend in first.friends} == set(
        society.world.ties.friends_of(0).tolist()
    )
    assert first.label == "0"
    assert (first.expression, first.flagged) == (0.0, False)
    assert 0 <= first.self_censorship <= 1
    assert 0 <= first.conformity <= 1
    assert 350 <= first.base_score <= 950
    assert 0 <= first.wealth <= 1


def test_scenario_and_flat_parameters_both_work():
    a = Society("conduct_only", rng=5, citizens=60, detection=0.4)
    b = World("conduct_only", seed=5, citizens=60, detection=0.4)
    for _ in range(4):
        a.step()
        b.step()
    assert a.fingerprint() == b.fingerprint()
    assert a.steps == a.period == 4


@pytest.mark.parametrize(
    "rng", [7, np.int64(7), np.random.SeedSequence(7), np.random.default_rng(7)]
)
def test_mesas_kinds_of_rng_are_seeds(rng):
    society = Society(rng=rng, citizens=20)
    assert 0 <= society.world.scenario.chance.seed < 2**64
    if isinstance(rng, int | np.integer):
        assert society.world.scenario.chance.seed == 7


def test_bad_arguments_are_refused():
    with pytest.raises(InputError, match="did you mean 'compiled'"):
        Society(engine="compield")
    with pytest.raises(InputError, match="not a seed"):
        Society(rng="luck")
    with pytest.raises(InputError, match="either rng or seed"):
        Society(rng=1, seed=1)
    with pytest.raises(InputError, match="did you mean 'detection'"):
        Society(detectoin=0.3)


def test_a_data_collector_of_ones_own():
    society = Society(rng=1, citizens=30)
    collector = mesa.DataCollector(
        model_reporters={"gini": lambda model: model.measure("score_gini")},
        agent_reporters={"score": "score", "said": "expression"},
    )
    for _ in range(3):
        society.step()
        collector.collect(society)
    agents = collector.get_agent_vars_dataframe()
    assert isinstance(agents, pd.DataFrame)
    assert agents.shape == (90, 2)
    assert (collector.get_model_vars_dataframe()["gini"] > 0).all()
    own = society.datacollector.get_model_vars_dataframe()
    assert list(own["dissent"])[-1] == society.measure("dissent")
    assert len(own) == 3


def test_batch_run_sweeps_it():
    parameters = {
        "scenario": "guilt_by_association", "citizens": 30, "detection": [0.1, 0.5],
        "engine": ["compiled", "mesa"],
    }  # fmt: skip
    if "rng" in inspect.signature(mesa.batch_run).parameters:  # newer than Mesa 3.3
        seeds = {"rng": [1, 2]}
    else:
        parameters["seed"], seeds = [1, 2], {}
    rows = mesa.batch_run(Society, parameters, max_steps=4, display_progress=False, **seeds)
    frame = pd.DataFrame(rows)
    assert len(frame) == 8
    by_engine = frame.pivot_table(
        index=["detection", "seed"], columns="engine", values="mean_score"
    )
    assert (by_engine["compiled"] == by_engine["mesa"]).all()
    assert frame["mean_score"].nunique() == 4


def test_without_a_seed_iterations_differ_as_in_mesa(tmp_path):
    parameters = {"citizens": 30, "engine": "compiled"}
    rows = mesa.batch_run(Society, parameters, iterations=3, max_steps=3, display_progress=False)
    assert len({row["mean_score"] for row in rows}) == 3
    one = Society(citizens=30)
    again = Society(citizens=30, rng=one.world.scenario.chance.seed)
    assert again.fingerprint() == one.fingerprint() != Society(citizens=30).fingerprint()
    # a scenario that says its seed keeps it
    (tmp_path / "mine.toml").write_text("[chance]\nseed = 77\n")
    for scenario in (tmp_path / "mine.toml", load("conduct_only").replace(seed=77)):
        assert Society(scenario, citizens=30).world.scenario.chance.seed == 77
    seeds = {Society(load().replace(citizens=30)).world.scenario.chance.seed for _ in range(2)}
    assert len(seeds) == 2


def test_a_citizen_cannot_be_removed():
    society = Society(rng=1, citizens=20)
    with pytest.raises(NotImplementedError, match="cannot be removed"):
        society.citizens[3].remove()
    assert len(society.agents) == 20


def test_agents_are_made_only_when_asked_for():
    society = Society(engine="compiled", rng=1, citizens=50_000)
    society.step()
    assert society._citizens is None
    assert len(mesa.Model.agents.fget(society)) == 0, "Mesa has none registered"
    assert society.citizens[123].score == society.world.score[123]
    assert len(society.agents) == 50_000
    assert society.agents_by_type[Citizen] is not None


def test_agents_see_the_compiled_engines_state():
    a = Society(engine="compiled", rng=2, citizens=50)
    b = Society(engine="mesa", rng=2, citizens=50)
    citizen = a.citizens[7]
    for _ in range(5):
        a.step()
        b.step()
    assert citizen.score == b.citizens[7].score
    assert a.fingerprint() == b.fingerprint()


def test_a_closed_society_is_let_go():
    society = Society(rng=1, citizens=20)
    society.step()
    gone = weakref.ref(society)
    society.close()
    del society
    gc.collect()
    assert gone() is None
