"""Every run once, whatever becomes of the workers."""

import pytest
from toys import Toy, cases_of, plan_of

from experiments.sweep.coordinator import BrokenError, Coordinator
from experiments.sweep.processes import LocalProcesses
from experiments.sweep.serial import Serial


@pytest.fixture
def two():
    processes = LocalProcesses(2)
    yield processes
    processes.shutdown()


def outcomes(executor, cases, timeout=None):
    coordinator = Coordinator(Toy(), executor, timeout)
    results = list(coordinator.run(cases, len(cases)))
    assert sorted(r.case.name for r in results) == sorted(c.name for c in cases), "each run once"
    return {r.case.parameters["a"]: r for r in results}, coordinator


def test_processes_and_no_processes_give_the_same(two):
    cases = cases_of(plan_of(*({"a": a} for a in range(200))))
    apart, _ = outcomes(two, cases)
    here, _ = outcomes(Serial(), cases)
    assert {a: r.output for a, r in apart.items()} == {a: r.output for a, r in here.items()}
    assert here[3].output.values["total"] == 30 + cases[3].seed % 7


def test_a_run_that_raises_harms_no_other(two):
    points = [{"a": a, "how": "raises" if a % 10 == 0 else "well"} for a in range(60)]
    results, coordinator = outcomes(two, cases_of(plan_of(*points)))
    failed = {a for a, r in results.items() if r.output is None}
    assert failed == {0, 10, 20, 30, 40, 50}
    assert results[20].kind == "raised"
    assert results[20].error == "ValueError: a = 20 is too much"
    assert "in run" in results[20].trace
    assert coordinator.deaths == 0


def test_a_run_that_kills_its_worker_is_found_and_the_others_are_unharmed(two):
    points = [{"a": a, "how": "dies" if a == 41 else "well"} for a in range(80)]
    results, coordinator = outcomes(two, cases_of(plan_of(*points)))
    assert {a for a, r in results.items() if r.output is None} == {41}
    assert results[41].kind == "died"
    assert coordinator.deaths >= 3


def test_a_run_over_its_time_is_ended_whether_it_notices_or_not(two):
    points = [{"a": a, "how": {5: "slow", 9: "hangs"}.get(a, "well")} for a in range(20)]
    results, coordinator = outcomes(two, cases_of(plan_of(*points)), timeout=0.5)
    assert {a: r.kind for a, r in results.items() if r.output is None} == {
        5: "timeout", 9: "timeout"
    }  # fmt: skip
    assert "not finished after 0.5 s" in results[5].error
    assert "toys.py" in results[9].trace, "where it hung is told"
    assert coordinator.deaths == 0, "nothing was lost but what hung"


def test_what_cannot_be_sent_back_is_a_failure_of_its_run(two):
    points = [{"a": 0, "how": "unsendable"}, {"a": 1}]
    results, _ = outcomes(two, cases_of(plan_of(*points)))
    assert results[0].output is None
    assert "no number or text: a table can't hold it" in results[0].error
    assert results[1].output is not None


def test_a_run_that_exits_is_a_failure_of_its_own(two):
    points = [{"a": a, "how": "exits" if a == 3 else "well"} for a in range(20)]
    results, coordinator = outcomes(two, cases_of(plan_of(*points)))
    assert {a for a, r in results.items() if r.output is None} == {3}
    assert results[3].error == "SystemExit: 3"
    assert coordinator.deaths == 0


def test_workers_that_all_die_end_the_sweep(two):
    cases = cases_of(plan_of(*({"a": a, "how": "dies"} for a in range(50))))
    coordinator = Coordinator(Toy(), two)
    with pytest.raises(BrokenError, match="died one after the other"):
        list(coordinator.run(cases, len(cases)))


def test_told_to_stop_it_gives_out_nothing_more_and_takes_what_is_done(two):
    cases = cases_of(plan_of(*({"a": a} for a in range(500))))
    coordinator = Coordinator(Toy(seconds=0.01), two)
    results = []
    for result in coordinator.run(cases, len(cases)):
        results.append(result)
        if len(results) == 30:
            coordinator.stop()
    names = [r.case.name for r in results]
    assert 30 <= len(names) < 400
    assert len(set(names)) == len(names)
    assert all(r.output is not None for r in results)
