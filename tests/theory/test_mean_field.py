"""The mean field of the model: what is known in closed form, and what simulation makes of it."""

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import brentq

from experiments.theory import compare as compare_module
from experiments.theory import hysteresis
from experiments.theory.compare import Comparison, Ramp, compare, settings, states_at_rest
from experiments.theory.hysteresis import branch, fold, loop, there_and_back
from experiments.theory.mean_field import MeanField, State, state_from
from experiments.theory.report import course_figure, off_figure, ramp_figure, rest_rows, rows_of
from model.errors import InputError
from model.measures import measure_many
from model.scenario import load
from model.world import World

pytestmark = pytest.mark.theory

EQUAL = dict(
    generator="complete", conviction_spread=0.0, self_censorship_concentration=float("inf"),
    conformity_concentration=float("inf"), wealth_concentration=float("inf"), influence=0.0,
    internalisation=0.0, news_exposure=0.0, review=0.0, sociability=0.0, solidarity=0.0,
    travel_value=0.0, visa_value=0.0,
)  # fmt: skip


def closed_form(conviction, conformity, beta, effort, loss=0.0, gain=0.0):
    """Dissent, silence, praise of equal people: the logit's fixed point, written out."""

    def shares(m):
        s = (1 - conformity) * conviction + conformity * m
        weights = np.exp(beta * np.array([s - loss - effort, 0.0, -s + gain - effort]))
        return weights / weights.sum()

    m = brentq(lambda m: shares(m)[0] - shares(m)[2] - m, -1, 1)
    return shares(m)


@pytest.mark.parametrize(("conviction", "conformity"), [(0.1, 0.3), (-0.2, 0.2), (0.3, 0.4)])
def test_equal_people_meet_the_closed_form(conviction, conformity):
    scenario = load("conduct_only").replace(
        **EQUAL, citizens=1000, conviction_mean=conviction, conformity=conformity, rationality=3.0,
        effort=0.1, detection=0.5, dissent_penalty=60.0, praise_reward=3.0, recovery=0.5,
        self_censorship=0.5, stakes=2.0, foresight=4.0,
    )  # fmt: skip
    field = MeanField(scenario)
    assert len(field.types.anchor) == 1
    state = field.rest()
    loss, gain = 0.5 * 2.0 * 4.0 * 0.5 * 60.0 / 600, 0.5 * 2.0 * 4.0 * 3.0 / 600
    expected = closed_form(conviction, conformity, 3.0, 0.1, loss, gain)
    shares = field.shares(state)
    assert shares[:3] == pytest.approx(expected, abs=1e-9)
    # the score at rest: recovery balances what conduct brings
    pull = (shares[2] * 3.0 - shares[0] * 0.5 * 60.0) / 0.5
    assert shares[3] == pytest.approx(650.0 + pull, abs=1e-6)


def test_a_fixed_point_is_one_and_its_stability_is_what_iteration_does():
    scenario = load("guilt_by_association").replace(
        generator="complete", citizens=1000, travel_value=0.0, visa_value=0.0
    )
    field = MeanField(scenario, quantiles=(3, 2, 2, 1))
    rest = field.rest()
    assert np.abs(field.step(rest).flat() - rest.flat()).max() < 1e-9
    radius = field.radius(rest)
    assert 0.5 < radius < 1.0
    # the same by the whole Jacobian
    at = rest.flat()
    columns = []
    for k in range(len(at)):
        step = np.eye(len(at))[k] * 1e-6
        up, down = field.step(state_from(at + step)), field.step(state_from(at - step))
        columns.append((up.flat() - down.flat()) / 2e-6)
    whole = np.abs(np.linalg.eigvals(np.array(columns).T)).max()
    assert radius == pytest.approx(whole, abs=2e-3)
    # and by what is left of a push, a hundred periods on
    pushed = state_from(at + 1e-4)
    for _ in range(150):
        pushed = field.step(pushed)
    one = np.abs(pushed.flat() - at).max()
    for _ in range(20):
        pushed = field.step(pushed)
    other = np.abs(pushed.flat() - at).max()
    assert (other / one) ** (1 / 20) == pytest.approx(radius, abs=0.02)
    assert np.abs(field.fixed_point(pushed).flat() - rest.flat()).max() < 1e-6


def test_unequal_people_keep_their_weights():
    """Quantiles that fall together count as often as they do."""
    scenario = load("conduct_only").replace(self_censorship=0.9, self_censorship_concentration=0.01)
    types = MeanField(scenario).types
    assert types.self_censorship.mean() == pytest.approx(0.9, abs=0.1)


def test_a_state_survives_being_one_vector():
    state = State(np.arange(5.0), np.arange(3.0), np.arange(3.0) * 100)
    again = state_from(state.flat())
    for one, other in zip(state, again, strict=True):
        assert one == pytest.approx(other)


def test_many_people_who_all_know_each_other_follow_it():
    scenario = load("no_institution").replace(
        generator="complete", citizens=1500, review=0.0, sociability=0.0
    )
    rows, _ = MeanField(scenario, quantiles=(15, 5, 9, 1)).course(60)
    seen = []
    for seed in range(3):
        world = World(scenario, seed=seed, threads=1)
        world.run(60)
        seen.append(list(measure_many(world, ["dissent", "silence", "praise"]).values()))
    assert np.mean(seen, axis=0) == pytest.approx(rows[-1][:3], abs=0.03)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (dict(arrest=0.5), "no mean field of M11"),
        (dict(expression_rule="threshold"), "quantal"),
        (dict(association_rule="worst"), "worst"),
    ],
)
def test_what_the_theory_does_not_cover_is_refused(changes, says):
    with pytest.raises(InputError, match=says):
        MeanField(load("guilt_by_association").replace(**changes))


CONFORMING = load("conduct_only").replace(
    generator="complete", citizens=1000, review=0.0, sociability=0.0, travel_value=0.0,
    visa_value=0.0, conformity=0.7, conformity_concentration=float("inf"), conviction_mean=0.5,
    praise_reward=0.0, detection=0.3,
)  # fmt: skip


@pytest.fixture(scope="module")
def ring():
    return loop(CONFORMING, "dissent_penalty", 0.0, 60.0, steps=13)


def test_the_loop_has_two_stable_branches_and_an_unstable_one_between(ring):
    assert 25.0 < ring.down_fold < ring.up_fold < 60.0
    inside = (ring.down_fold + ring.up_fold) / 2.0
    up = branch(CONFORMING, "dissent_penalty", np.array([0.0, inside]), ring.up.states[0])
    down = branch(CONFORMING, "dissent_penalty", np.array([60.0, inside]), ring.down.states[0])
    assert up.dissent[-1] > 0.7
    assert down.dissent[-1] < 0.2
    between = [share for value, share in ring.unstable]
    assert between
    assert all(0.1 < share < 0.9 for share in between)
    assert between == sorted(between), "the harsher the rule, the more dissenters it takes to last"


def test_a_fold_is_where_the_branch_ends(ring):
    for value, lasts in ((ring.up_fold - 0.05, True), (ring.up_fold + 0.05, False)):
        path = branch(CONFORMING, "dissent_penalty", np.array([40.0, value]), ring.up.states[0])
        assert (path.dissent[-1] > 0.5) == lasts
    again = fold(CONFORMING, "dissent_penalty", ring.up, ring.up.falls()[0])
    assert again == pytest.approx(ring.up_fold, abs=2e-3)


def test_where_there_is_no_loop_it_is_said():
    with pytest.raises(InputError, match="no loop"):
        loop(CONFORMING.replace(conformity=0.1), "dissent_penalty", 0.0, 100.0, steps=6)


def test_a_finer_grid_of_types_has_the_same_folds(ring, monkeypatch):
    monkeypatch.setattr(hysteresis, "QUANTILES", (17, 7, 1, 5))
    up = branch(CONFORMING, "dissent_penalty", np.array([0.0, ring.up_fold - 1, ring.up_fold + 1]))
    assert up.dissent[1] > 0.5 > up.dissent[2]
    values = np.array([60.0, ring.down_fold + 1, ring.down_fold - 1])
    down = branch(CONFORMING, "dissent_penalty", values, up.states[-1])
    assert down.dissent[1] < 0.5 < down.dissent[2]


def test_a_way_there_and_back():
    ramped, values = there_and_back(CONFORMING, "dissent_penalty", 0.0, 100.0, 10, 50)
    assert len(values) == 110
    assert values[:9].tolist() == [0.0] * 9
    assert values.max() == 100.0
    assert values[-1] == pytest.approx(0.0, abs=2.1)
    assert np.argmax(values) == pytest.approx(59, abs=1)
    assert ramped.program


def test_crossings_by_hand_and_who_never_comes_back_counts():
    still = [0.0] * compare_module._REST
    values = np.array([*still, 0.0, 30.0, 60.0, 100.0, 60.0, 20.0, 0.0])
    low = [0.0] * len(still)  # all are silent at first, which is no fall
    dissent = {5: np.array([[*low, 0.9, 0.8, 0.1, 0.0, 0.1, 0.7, 0.9],
                            [*low, 0.9, 0.2, 0.0, 0.0, 0.0, 0.0, 0.1],
                            [*low, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9]])}  # fmt: skip
    crossed = Ramp(None, values, dissent).crossings(5)
    assert crossed[0].tolist() == [60.0, 20.0]
    assert crossed[1].tolist() == [30.0, -np.inf]
    assert crossed[2][0] == np.inf


def test_figures_show_theory_over_simulation(ring):
    def one(name, where, covered):
        course = np.full((20, 4), 0.3)
        return Comparison(name, where, covered, np.full(4, 0.3), np.full(4, 0.31),
                          np.full(4, 0.01), course,
                          course[None] + [[[0.01]], [[0.02]]])  # fmt: skip

    found = [one("no_institution", f"all, N = {n}", True) for n in (100, 400, 1600)]
    found.append(one("no_institution", "small world", False))
    assert len(course_figure(found).data) == 3 * 9
    assert len(off_figure(found).data) == 9
    assert len(rows_of(found)) == 16
    values = np.r_[np.linspace(0, 60, 10), np.linspace(60, 0, 10)]
    figure = ramp_figure(Ramp(ring, values, {100: np.full((2, 20), 0.5)}))
    assert len(figure.data) == 2 * 2 + 3


def test_every_setting_can_be_compared():
    assert len({(name, where) for name, where, *_ in settings()}) == len(settings())
    assert sum(covered for _, _, covered, _, _ in settings()) == 9


@pytest.mark.slow
def test_a_large_society_is_nearer_to_the_theory_than_a_small_one():
    found = [one for one in compare(8, 2) if one.name == "no_institution" and one.covered]
    off = [float(np.abs(one.simulated[:3] - one.theory[:3]).max()) for one in found]
    assert off[-1] < off[0]
    assert off[-1] < 0.02


def test_the_readmes_states_at_rest_are_what_the_theory_gives():
    path = Path(__file__).parents[2] / "results" / "theory" / "at_rest.csv"
    with path.open(encoding="utf-8") as stream:
        stored = list(csv.DictReader(stream))
    found = rest_rows(states_at_rest())
    assert len(found) == len(stored)
    for row, own in zip(stored, found, strict=True):
        for name, value in own.items():
            wanted = row[name] if name == "scenario" else pytest.approx(float(row[name]), rel=1e-6)
            assert value == wanted
