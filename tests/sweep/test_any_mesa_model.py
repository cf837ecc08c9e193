"""The runner alone, with models that aren't ours: Mesa's own examples."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from mesa.examples.basic.boltzmann_wealth_model.model import BoltzmannWealth
from mesa.examples.basic.schelling.model import Schelling
from toys import Toy

from experiments import MesaRun, Store, run_scenarios
from experiments.sweep.running import Deadline
from model.errors import InputError

GRID = [{"n": n, "width": width} for n in (20, 50) for width in (5, 10)]


@pytest.fixture(scope="module")
def rows():
    return run_scenarios(GRID, MesaRun(BoltzmannWealth, until=15), replicates=4, seed=7)


def test_one_row_a_run_with_what_the_model_collects(rows):
    assert len(rows) == 16
    assert {"point", "replicate", "n", "width", "seed", "Gini"} <= set(rows.columns)
    assert rows["Gini"].between(0, 1).all()
    assert rows.attrs["failures"] == []


def test_a_row_is_the_run_that_it_names(rows):
    row = rows.iloc[9]
    output = MesaRun(BoltzmannWealth, until=15).run(
        {"n": int(row["n"]), "width": int(row["width"])}, int(row["seed"]), Deadline()
    )
    assert output.values["Gini"] == row["Gini"]


def test_replicates_differ_which_mesas_own_batch_run_gets_wrong(rows):
    assert rows.groupby("point")["Gini"].nunique().min() > 1


@pytest.mark.parametrize("kind", ["own processes", "a pool that somebody brings"])
def test_processes_give_the_same(rows, kind):
    configuration = MesaRun(BoltzmannWealth, until=15)
    if kind == "own processes":
        again = run_scenarios(GRID, configuration, replicates=4, seed=7, executor=2)
    else:
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            again = run_scenarios(GRID, configuration, replicates=4, seed=7, executor=pool)
    assert again.equals(rows)


def test_a_store_goes_on_and_refuses_another_model(rows, tmp_path):
    configuration = MesaRun(BoltzmannWealth, until=15, series=True)
    made = []
    run_scenarios(GRID[:2], configuration, replicates=4, seed=7, store=tmp_path / "s",
                  on_result=made.append)  # fmt: skip
    assert len(made) == 8
    all_rows = run_scenarios(GRID, configuration, replicates=4, seed=7, store=tmp_path / "s",
                             on_result=made.append)  # fmt: skip
    assert len(made) == 16
    assert all_rows.equals(rows)
    series = Store(tmp_path / "s").load("series")
    assert len(series) == 16 * 16
    last = series[series["period"] == 15].reset_index(drop=True)
    assert last["Gini"].tolist() == rows["Gini"].tolist()
    with pytest.raises(InputError, match="until: there 15, now 16"):
        run_scenarios(GRID, MesaRun(BoltzmannWealth, until=16), seed=7, store=tmp_path / "s")


def test_a_model_that_stops_by_itself_and_attributes_as_measures():
    configuration = MesaRun(Schelling, until=500, measures=["happy", "running"],
                            fixed={"height": 10, "width": 10})  # fmt: skip
    rows = run_scenarios([{"homophily": 0.1}], configuration, replicates=2)
    assert not rows["running"].any(), "all were content before step 500"
    assert (rows["happy"] > 0).all()


class Seedless:
    def __init__(self, n=1):
        pass


def test_a_model_whose_runs_cannot_be_repeated_is_refused():
    with pytest.warns(UserWarning, match="takes neither rng nor seed"):
        rows = run_scenarios([{"n": 1}], MesaRun(Seedless))
    assert len(rows) == 0
    assert len(rows.attrs["failures"]) == 1


def test_failures_are_told_and_others_are_there():
    with pytest.warns(UserWarning, match=r"1 of 3 runs failed.*'how': 'raises'.*too much"):
        rows = run_scenarios([{"a": 1}, {"a": 2, "how": "raises"}, {"a": 3}], Toy())
    assert rows["a"].tolist() == [1, 3]
    assert "Traceback" in rows.attrs["failures"][0]["trace"]
