"""What is written is whole, or it isn't there; what is damaged is named; nothing counts twice."""

import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from toys import Toy, cases_of, plan_of

from experiments.sweep.identity import StoreError
from experiments.sweep.locks import held_parts, writing
from experiments.sweep.merging import merge
from experiments.sweep.repair import set_aside
from experiments.sweep.running import Output, Result, run_one
from experiments.sweep.shards import read_shard, shards_in
from experiments.sweep.store import Store
from experiments.sweep.writer import Writer
from model.errors import InputError

PLAN = plan_of(*({"a": a} for a in range(10)))
CASES = cases_of(PLAN, replicates=3)


def new_store(folder):
    store = Store.create(folder, Toy().identity(), {"title": "toy"})
    store.put_points(PLAN.points, PLAN.keys)
    return store


def write(store, cases):
    writer = Writer(store, len(cases), {"part": [1, 1]})
    for case in cases:
        writer.add(run_one(Toy(), case))
    writer.flush()
    return writer


def test_rows_come_in_the_order_of_the_design_however_they_were_written(tmp_path):
    one, other = new_store(tmp_path / "one"), new_store(tmp_path / "other")
    write(one, CASES)
    shuffled = np.random.default_rng(1).permutation(len(CASES))
    for some in np.array_split(shuffled, 5):
        write(other, [CASES[k] for k in some])
    assert one.table() == other.table()
    assert one.table()["a"].to_pylist() == [a for a in range(10) for _ in range(3)]
    for store in (one, other):
        store.compact()
    names = [[s.path.name for s in shards_in(s.folder / "runs")] for s in (one, other)]
    assert names[0] == names[1], "the digest of the one file is the same"
    assert len(names[0]) == 1


def test_a_join_cut_short_counts_nothing_twice(tmp_path, monkeypatch):
    store = new_store(tmp_path / "s")
    write(store, CASES[:20])
    write(store, CASES[20:])
    before = store.table()
    unlink = Path.unlink

    def cut(path, missing_ok=False):
        if path.parent.name == "runs":
            raise KeyboardInterrupt
        unlink(path, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", cut)
        with pytest.raises(KeyboardInterrupt):
            store.compact()
    assert store.count() == 2 * len(CASES), "old and new are both there"
    assert len(store.finished().points) == len(CASES)
    assert store.table() == before
    store.compact()
    assert store.count() == len(CASES)
    assert store.table() == before


def test_two_different_results_of_one_run_are_not_passed_over(tmp_path):
    store = new_store(tmp_path / "s")
    write(store, CASES[:2])
    writer = Writer(store, 1, {"part": [1, 1]})
    writer.add(Result(CASES[1], Output({"total": -1.0, "word": "w"}), 0.1))
    writer.flush()
    with pytest.raises(StoreError, match=f"run {CASES[1].name} has two different results"):
        store.table()


@pytest.mark.parametrize("fault", ["flipped", "truncated", "emptied"])
def test_a_changed_shard_is_named_put_aside_and_its_runs_count_as_missing(tmp_path, fault):
    store = new_store(tmp_path / "s")
    write(store, CASES[:12])
    write(store, CASES[12:])
    victim = shards_in(store.folder / "runs")[0]
    content = bytearray(victim.path.read_bytes())
    if fault == "flipped":
        content[len(content) // 2] ^= 1
    victim.path.write_bytes({"flipped": content, "truncated": content[:-9], "emptied": b""}[fault])
    for read in (store.table, store.finished):
        with pytest.raises(StoreError, match=victim.path.name):
            read()
    moved = set_aside(store)
    assert [path.name for path in moved] == [f"runs-{victim.path.name}"]
    finished = store.finished()
    left = PLAN.missing(PLAN.runs(3), finished.points, finished.replicates)
    assert len(left) == victim.rows
    assert (
        moved[0].read_bytes()
        == {"flipped": content, "truncated": content[:-9], "emptied": b""}[fault]
    ), "kept for whoever wants to know what happened"


def test_a_changed_series_takes_its_runs_with_it(tmp_path):
    store = new_store(tmp_path / "s")
    writer = Writer(store, 4, {"part": [1, 1]})
    for case in CASES[:4]:
        writer.add(Result(case, Output({"total": 1.0}, {"period": [0, 1], "x": [0.5, 0.6]}), 0.1))
    writer.flush()
    assert store.table("series").num_rows == 8
    shard = shards_in(store.folder / "series")[0]
    shard.path.write_bytes(b"nothing")
    assert len(set_aside(store)) == 1
    assert store.count() == 0, "the runs are made again"


def test_a_series_lost_amid_a_join_takes_its_runs_with_it(tmp_path, monkeypatch):
    store = new_store(tmp_path / "s")
    for some in (CASES[:2], CASES[2:4]):
        writer = Writer(store, 2, {"part": [1, 1]})
        for case in some:
            writer.add(Result(case, Output({"total": 1.0}, {"period": [0], "x": [0.5]}), 0.1))
        writer.flush()
    with monkeypatch.context() as patch:  # cut after the series are joined, before the runs are
        patch.setattr(Store, "stored", cut_after_series(Store.stored))
        with pytest.raises(KeyboardInterrupt):
            store.compact()
    (joined,) = shards_in(store.folder / "series")
    assert joined.name == "all"
    assert store.table("series").num_rows == 4
    joined.path.write_bytes(b"nothing")
    set_aside(store)
    assert store.count() == 0


def cut_after_series(sort):
    def sorted_or_cut(store, name):
        if name == "timings":
            raise KeyboardInterrupt
        return sort(store, name)

    return sorted_or_cut


def test_columns_come_in_one_order_whatever_run_came_first(tmp_path):
    plan = plan_of({"a": 1, "extra": 2}, {"a": 2})
    cases = cases_of(plan, 2)
    digests = []
    for name, order in (("one", cases), ("other", cases[::-1])):
        store = Store.create(tmp_path / name, Toy().identity())
        store.put_points(plan.points, plan.keys)
        for case in order:
            write(store, [case])
        store.compact()
        digests.append([shard.digest for shard in shards_in(store.folder / "runs")])
    assert digests[0] == digests[1]


def test_a_value_of_another_kind_is_its_runs_failure(tmp_path):
    store = new_store(tmp_path / "s")
    write(store, CASES[:2])
    writer = Writer(store, 2, {"part": [1, 1]})
    writer.add(Result(CASES[2], Output({"total": "many", "word": "w"}), 0.1))
    writer.add(run_one(Toy(), CASES[3]))
    writer.flush()
    assert store.table().num_rows == 3
    (failed,) = store.failures()
    assert failed["error"] == "total = 'many' is a text, but other runs gave a number there"


def test_only_named_parts_of_an_identity_may_grow(tmp_path):
    Store.create(tmp_path / "s", {"fixed": {"width": "5"}})
    with pytest.raises(StoreError, match=r"fixed\.width: there '5', now None"):
        Store.create(tmp_path / "s", {"fixed": {}})


def test_many_may_begin_at_once(tmp_path):
    """The jobs of an array all make the folder."""
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: Store.create(tmp_path / "s", {"toy": 1}), range(24)))
    assert len(made) == 24


def test_looking_keeps_nobody_from_writing(tmp_path):
    store = new_store(tmp_path / "s")
    stop = threading.Event()

    def look():
        while not stop.is_set():
            held_parts(store.folder)

    looker = threading.Thread(target=look)
    looker.start()
    try:
        for _ in range(40):
            with writing(store.folder):
                pass
    finally:
        stop.set()
        looker.join()


def test_series_whose_runs_were_never_written_do_not_count(tmp_path):
    store = new_store(tmp_path / "s")
    writer = Writer(store, 2, {"part": [1, 1]})
    writer.add(Result(CASES[0], Output({"total": 1.0}, {"period": [0], "x": [0.5]}), 0.1))
    writer.flush()
    for path in (store.folder / "runs").iterdir():  # the power went between the two
        path.unlink()
    assert store.table("series").num_rows == 0


def test_another_sweep_is_refused_and_says_in_what_it_differs(tmp_path):
    new_store(tmp_path / "s")
    with pytest.raises(StoreError, match="toy: there 1, now 2"):
        Store.create(tmp_path / "s", {"toy": 2})
    assert json.loads((tmp_path / "s" / "sweep.json").read_text())["identity"] == {"toy": 1}


def test_parts_of_an_identity_may_grow_but_not_change(tmp_path):
    Store.create(tmp_path / "s", {"scenarios": {"x": "1"}})
    grown = {"scenarios": {"x": "1", "y": "2"}}
    Store.create(tmp_path / "s", grown).remember({"identity": grown}, [], [])
    with pytest.raises(StoreError, match=r"scenarios\.y: there '2', now '3'"):
        Store.create(tmp_path / "s", {"scenarios": {"y": "3"}})


def test_overwriting_removes_a_sweep_and_nothing_else(tmp_path):
    store = new_store(tmp_path / "s")
    write(store, CASES)
    Store.create(tmp_path / "s", {"toy": 2}, overwrite=True)
    assert Store(tmp_path / "s").count() == 0
    (tmp_path / "s" / "thesis.tex").write_text("years")
    with pytest.raises(StoreError, match=r"thesis\.tex"):
        Store.create(tmp_path / "s", {"toy": 3}, overwrite=True)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("years")
    with pytest.raises(StoreError, match="something else"):
        Store.create(tmp_path / "mine", {"toy": 3}, overwrite=True)


def test_a_full_disk_leaves_nothing_half_written_and_loses_nothing_in_memory(tmp_path, monkeypatch):
    store = new_store(tmp_path / "s")
    writer = Writer(store, 5, {"part": [1, 1]})
    for case in CASES[:5]:
        writer.add(run_one(Toy(), case))

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            writer.flush()
    assert store.count() == 0
    hidden = [p for p in store.folder.rglob(".*") if p.is_file()]
    assert hidden == []
    writer.flush()  # space was made
    assert store.count() == 5


def test_two_writers_of_one_part_are_refused_and_parts_of_one_division_are_not(tmp_path):
    store = new_store(tmp_path / "s")
    with writing(store.folder, 1, 2):
        with writing(store.folder, 2, 2):
            pass
        for other in ((1, 2), (1, 1), (1, 3)):
            with (
                pytest.raises(InputError, match="is writing this sweep"),
                writing(store.folder, *other),
            ):
                pass
    with writing(store.folder, 1, 1):
        pass


def test_merged_parts_are_the_whole(tmp_path):
    whole = new_store(tmp_path / "whole")
    write(whole, CASES)
    whole.compact()
    for number in (0, 1, 2):
        write(new_store(tmp_path / str(number)), CASES[number::3])
    merged = merge([tmp_path / "0", tmp_path / "1", tmp_path / "2"], tmp_path / "merged")
    assert merged.table() == whole.table()
    names = [[s.digest for s in shards_in(s.folder / "runs")] for s in (whole, merged)]
    assert names[0] == names[1]


def test_a_failure_is_told_until_the_run_succeeds(tmp_path):
    store = new_store(tmp_path / "s")
    writer = Writer(store, 2, {"part": [1, 1]})
    writer.add(Result(CASES[0], None, 0.1, "ValueError: no", "Traceback …", "raised"))
    writer.add(Result(CASES[1], None, 0.1, "ValueError: no", "Traceback …", "raised"))
    assert [f["replicate"] for f in store.failures()] == [0, 0]
    with (store.folder / "failures" / "x.jsonl").open("w") as log:
        log.write('{"point": 1, "repl')  # the power went here
    write(store, CASES[:1])
    (left,) = store.failures()
    assert left["point"] == CASES[1].point
    assert left["parameters"] == {"a": 1}
    assert left["trace"] == "Traceback …"


def test_both_kinds_of_frames(tmp_path):
    store = new_store(tmp_path / "s")
    write(store, CASES)
    assert store.load()["total"].tolist() == store.load(frame="polars")["total"].to_list()
    with pytest.raises(StoreError, match="allowed: pandas, polars"):
        store.load(frame="arrow")


def test_a_shard_is_read_only_if_it_is_whole(tmp_path):
    store = new_store(tmp_path / "s")
    write(store, CASES[:1])
    shard = shards_in(store.folder / "runs")[0]
    assert read_shard(shard).num_rows == 1
    shard.path.unlink()
    assert read_shard(shard) is None
