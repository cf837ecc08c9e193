"""Published results in a small form; `scored dock` runs them whole (the slow test below)."""

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.docking import (
    NAMES,
    centola,
    daymude,
    daymude_sweep,
    durrett,
    gaisbauer,
    granovetter,
    holme_newman,
    kuran,
    linear,
    ross,
    target_of,
    watts,
)
from experiments.docking.running import dock
from experiments.docking.target import Verdict
from model.networks import EdgeList
from model.society import Society
from model.world import World

pytestmark = pytest.mark.theory


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_quick_runs_miss_no_published_figure(name):
    docked = dock(target_of(name), full=False, seed=1)
    assert [one for one in docked.findings if one.verdict is Verdict.missed] == []
    met = sum(one.verdict is Verdict.met for one in docked.findings)
    assert met >= 0.6 * len(docked.findings), "quick runs decide most of it"


@pytest.mark.parametrize("name", ["kuran", "gaisbauer"])
def test_a_target_from_its_runs_to_its_figure(name):
    target = target_of(name)
    if name == "kuran":
        docked = dock(target, full=False, seed=1, workers=1)
        assert not docked.missed
        assert len(docked.rows) == 2
        rows, findings = docked.rows, docked.findings
    else:
        rows = [{"q1": a, "q2": b, "Q1": c, "Q2": d} for (a, b), (c, d) in
                zip(((0.3, 0.3), (0.5, -0.4)), ((0.268, 0.1), (0.544, -0.44)),
                    strict=True)]  # fmt: skip
        findings = target.judge(rows, True)
        wrong = [one.what for one in findings if one.verdict is not Verdict.met]
        assert wrong == ["simulated near (0.268, 0.268): Q2"]
    figure = target.draw(rows, findings)
    assert target.title in figure.layout.title.text
    assert len(figure.data) >= 2


def test_granovetters_ladders_and_where_all_join():
    ladder = granovetter.Crowd(thresholds="ladder", citizens=100)
    assert granovetter.simulate(ladder, 1)["joined"] == 100.0
    broken = granovetter.Crowd(thresholds="ladder_without_1", citizens=100)
    assert granovetter.simulate(broken, 1)["joined"] == 1.0
    critical = granovetter.critical_spread()
    assert critical == pytest.approx(12.2221, abs=5e-5)
    assert granovetter.equilibrium(critical - 1e-6) == pytest.approx(6.20, abs=0.02)
    assert granovetter.equilibrium(critical + 1e-3) == pytest.approx(100.0, abs=0.01)
    crowd = granovetter.Crowd(sd=30.0, citizens=500)
    assert granovetter.simulate(crowd, 1)["joined"] == pytest.approx(99.3, abs=0.3)


def test_kurans_two_societies():
    assert kuran.simulate(kuran.Ten(society="A"), 1)["oppose"] == 10.0
    assert kuran.simulate(kuran.Ten(society="B"), 1)["oppose"] == 90.0


def test_watts_window_and_cascades_in_it_only():
    assert watts.window(0.18) == pytest.approx((1.0207, 5.7647), abs=1e-3)
    inside = [watts.simulate(watts.Cascade(degree=3.0, citizens=3_000), s) for s in range(12)]
    assert sum(run["global"] for run in inside) >= 7
    assert all(run["share"] > 0.8 for run in inside if run["global"])
    outside = [watts.simulate(watts.Cascade(degree=9.0, citizens=3_000), s) for s in range(6)]
    assert not any(run["global"] for run in outside)


def test_exponents_come_out_of_a_scaling_law_that_has_them():
    critical, a, b = 0.44, 0.5, 0.8
    generator = np.random.default_rng(3)
    cells = []
    for n in (400, 1_600, 6_400):
        for distance in (-6.0, -3.0, 0.0, 3.0, 6.0):
            phi = critical + distance * n**-0.7
            x = n**b * (phi - critical) / 6.0
            mean = n**-a * np.exp(-x - 0.1 * x**2)
            noise = generator.normal(size=200)
            noise -= noise.mean()
            cells.append(holme_newman.Near(n, phi, mean * (1.0 + 0.3 * noise)))
    found = holme_newman.scaling(cells)
    assert found == pytest.approx((critical, a, b), abs=5e-3)


@pytest.mark.parametrize("phi", [0.1, 0.9])
def test_holme_newman_ends_without_a_tie_between_opinions(phi):
    run = holme_newman.simulate(holme_newman.Society(phi=phi, citizens=400), 3)
    assert run["converged"]
    # few opinions are left where people copy, many where they move
    assert run["largest"] > 0.8 if phi == 0.1 else run["largest"] < 0.25


def test_durretts_society_splits_where_ties_move_to_the_like_minded():
    apart = durrett.simulate(durrett.Voters(alpha=0.9, citizens=600), 2)
    assert apart["converged"]
    assert apart["minority"] > 0.3
    together = durrett.simulate(durrett.Voters(alpha=0.05, citizens=600), 2)
    assert together["converged"]
    assert together["minority"] < 0.1


def test_centolas_torus_and_what_a_few_believers_do():
    network = centola.torus(0.0, np.ones((4 * 625, 2)))
    degree = np.bincount(np.r_[network.source, network.target])
    assert set(degree.tolist()) == {8}
    many = [centola.simulate(centola.Neighbourhood(), seed) for seed in range(4)]
    assert np.mean([run["complying"] for run in many]) > 0.95
    few = [centola.simulate(centola.Neighbourhood(believers=0.002), s) for s in range(2)]
    assert max(run["complying"] for run in few) < 0.3


def test_a_spiral_by_hand():
    """Three people in a row: of two sides, with different courage."""
    world = World(
        "no_institution", network=load_path(3), expression_rule="spiral", seed=1,
        influence=0.0, internalisation=0.0, anchoring=0.0, review=0.0, sociability=0.0,
        given={"conviction": [0.5, -0.5, 0.5], "self_censorship": [0.4, 0.4, 0.9],
               "climate": [1.0, 1.5, 1.5]},
    )  # fmt: skip
    # confidence .462, .635, .635 against κ: the first two speak, the third doesn't dare
    world.step()
    assert world.expression.tolist() == [1.0, -1.0, 0.0]
    # the first hears one opponent: u = 0; the second too: .5, .245 < .4; the third as well: .5
    world.step()
    assert world.expression.tolist() == [0.0, 0.0, 0.0]
    assert world.now.life.climate.tolist() == [0.0, 0.5, 0.5]
    world.step()  # nobody speaks, nothing is learnt
    assert world.now.life.climate.tolist() == [0.0, 0.5, 0.5]


def load_path(n):
    import networkx as nx

    return nx.path_graph(n)


def test_ross_bots_always_speak():
    run = ross.simulate(ross.Bots(bots=0.2, citizens=200), 4)
    assert run["converged"]
    assert run["first"] >= 0.2
    assert run["first_wins"]


def test_gaisbauers_states_at_rest():
    for published in gaisbauer.STATES:
        found = gaisbauer.steady_state(published, 0.75, 0.2, 10.0)
        assert found == pytest.approx(published, abs=5.1e-4)
    small = gaisbauer.Groups(citizens=400, degree=60.0, alpha=0.002, rounds=3_000)
    run = gaisbauer.simulate(small, 1)
    assert (run["Q1"], run["Q2"]) == pytest.approx((0.268, 0.268), abs=0.06)


@pytest.mark.parametrize("influence", [0.0, 0.3])
def test_linear_opinions_meet_the_closed_form(influence):
    setting = linear.Linear(citizens=200, degree=6.0, influence=influence)
    run = linear.simulate(setting, 5)
    assert run["converged"]
    assert run["said"] < 1e-6
    assert run["thought"] < 1e-6
    world = linear.society(setting, 5)
    thought, said = linear.fixed_point(world)
    # the definition itself, person by person
    rules = world.scenario.citizens
    for i in range(20):
        friends = world.ties.friends_of(i)
        gamma, anchor = float(world.traits.conformity[i]), float(world.traits.anchor[i])
        heard = said[friends].mean() if len(friends) else thought[i]
        assert said[i] == pytest.approx((1 - gamma) * thought[i] + gamma * heard, abs=1e-12)
        if len(friends):
            move = rules.influence * gamma * (heard - thought[i])
            assert move + rules.anchoring * (anchor - thought[i]) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("mean", [0.05, 0.25, 0.45])
def test_desired_dissent_has_the_mean_that_is_asked(mean):
    middle = (np.arange(200_000) + 0.5) / 200_000
    drawn = daymude.truncated(mean, middle)
    assert drawn.mean() == pytest.approx(mean, abs=1e-5)
    assert drawn.min() >= 0.0
    assert drawn.max() <= 1.0


@pytest.mark.parametrize("kind", ["uniform", "proportional"])
def test_rounds_that_nobody_looks_at_change_nothing(kind):
    """The short way through many rounds, the ordinary engine and threads: the same bits."""
    setting = daymude.Authority(punishment=kind, citizens=3_000, beta=1.0)
    worlds = [daymude.world_of(setting, 5) for _ in range(3)]
    worlds[1].engine.threads = 2
    for world in worlds[:2]:
        world.run(40)
    for _ in range(40):
        worlds[2].step()
    assert len({world.fingerprint() for world in worlds}) == 1
    assert worlds[0].authority.accounts == worlds[2].authority.accounts
    assert worlds[0].authority.values != daymude.world_of(setting, 5).authority.values


def test_strategists_alone_are_the_mesa_agents_too():
    settings = dict(
        network=load_path(1), citizens=1, expression_rule="strategic", recovery=0.0, stakes=1.0,
        internalisation=0.0, anchoring=0.0, adaptation_rule="hill_climbing", detection=0.5,
        adapts=("tolerance", "severity", "detection"), seed=3,
        given={"conviction": [0.7], "self_censorship": [0.3]},
    )  # fmt: skip
    settings.pop("citizens")
    a, b = World("no_institution", **settings), Society("no_institution", **settings)
    a.run(30)
    for _ in range(30):
        b.step()
    assert a.fingerprint() == b.fingerprint()


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**40), kind=st.sampled_from(["uniform", "proportional"]),
    rule=st.sampled_from(["none", "hill_climbing", "proportional"]),
    rates=st.tuples(*(st.sampled_from([0.0, 0.1]) for _ in range(5))), penalty=st.booleans(),
    change=st.sampled_from([{}, {"taste": 0.3}, {"conviction": 0.4}, {"score": 500.0}]),
)  # fmt: skip
def test_whoever_lives_alone_lives_as_by_the_ordinary_engine(
    seed, kind, rule, rates, penalty, change
):
    """The conditions of the short way suffice, whatever else a scenario or a reader sets."""
    names = ("internalisation", "reactance", "anchoring", "recovery", "news_exposure")
    changes = dict(zip(names, rates, strict=True))
    if rule != "none":
        changes |= {"adaptation_rule": rule, "adapts": ("detection", "severity")}
    worlds = []
    for _ in range(2):
        world = World(
            "no_institution", network=EdgeList(30, *np.empty((2, 0), np.int32)), seed=seed,
            expression_rule="strategic", punishment=kind, tolerance=0.1, severity=0.5,
            detection=0.3, dissent_penalty=20.0 * penalty, stakes=1.0, conviction_mean=0.3,
            threads=1, **changes,
        )  # fmt: skip
        world.run(1)
        world.change(**change)
        worlds.append(world)
    worlds[0].run(7)
    for _ in range(7):
        worlds[1].step()
    assert worlds[0].fingerprint() == worlds[1].fingerprint()


def test_an_authority_of_timid_people_suppresses_them():
    timid = daymude.simulate(daymude.Authority(beta=0.5, citizens=300), 1)
    assert timid["suppressed"]
    assert 500 <= timid["suppressed_in"] <= 5_000
    assert timid["dissent"] < 0.25 * timid["desired"]
    bold = daymude.simulate(daymude.Authority(beta=9.0, citizens=300), 1)
    assert not bold["suppressed"]
    assert bold["suppressed_in"] == 0


def test_boundary_and_contour_of_suppression_are_found_where_they_are():
    # half of the runs suppressed at 6; of dissent a half left at 6.5, straight between .25 and .75
    rows = [
        {"punishment": "uniform", "delta": 0.25, "start": "random", "beta": beta, "desired": 0.2,
         "suppressed": k < 6 * (beta < 6.0) + 3 * (beta == 6.0),
         "dissent": 0.2 * {4.0: 0.1, 5.0: 0.1, 6.0: 0.25, 7.0: 0.75, 8.0: 1.0}[beta]}
        for beta in (4.0, 5.0, 6.0, 7.0, 8.0) for k in range(6)
    ]  # fmt: skip
    boundary, contour = daymude_sweep.sweep_findings(rows)
    assert boundary.ours == pytest.approx(6.0, abs=0.15)
    assert boundary.error > 0.0
    assert contour.ours == pytest.approx(6.5)
    assert (contour.source, contour.published) == ("fig", 6.38)
    figure = go.Figure().set_subplots(1, 2)
    daymude_sweep.put_sweep(figure, "uniform", rows, 1)
    heat = figure.data[0]
    assert heat.x[4] == 0.26
    assert np.isnan(heat.z[0][0])  # no run of this cell
    assert list(figure.data[2].y) == [pytest.approx(6.5)]  # only one δ was run


def test_where_a_share_never_passes_a_half_the_nearest_end_is_told():
    beta = np.array([1.0, 2.0, 3.0])
    assert daymude_sweep.half_by_steps(beta, np.array([0.1, 0.2, 0.3])) == 3.0
    assert daymude_sweep.half_by_steps(beta, np.array([0.6, 0.7, 0.8])) == 1.0
    # not rising: pooled to .5 over the first two
    assert daymude_sweep.half_by_steps(beta, np.array([0.6, 0.2, 0.8])) == pytest.approx(2.25)
