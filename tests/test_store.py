"""Results appear whole or not at all, and what was there before is never lost."""

import json

import networkx as nx
import pyarrow.parquet as pq
import pytest

from experiments.run import simulate
from experiments.store import RUN_FILES, check_folder, new_folder, write_run
from model.errors import InputError
from model.world import World


def names(folder):
    return sorted(path.name for path in folder.rglob("*"))


def write(folder, text, then=lambda: None):
    with new_folder(folder, RUN_FILES, overwrite=True) as draft:
        (draft / "run.json").write_text(text)
        then()


def test_a_failure_while_writing_leaves_what_was_there(tmp_path):
    folder = tmp_path / "deep" / "run"
    write(folder, "first")
    with pytest.raises(ZeroDivisionError):
        write(folder, "second", then=lambda: 1 / 0)
    assert (folder / "run.json").read_text() == "first"
    assert names(tmp_path) == ["deep", "run", "run.json"]


def test_a_failure_while_replacing_puts_back_what_was_there(tmp_path, monkeypatch):
    """The power cut between taking the old away and putting the new in place."""
    folder = tmp_path / "run"
    write(folder, "first")
    rename = type(folder).rename

    def fails(path, target):
        if target == folder and (path / "run.json").read_text() == "second":
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(type(folder), "rename", fails)
    with pytest.raises(KeyboardInterrupt):
        write(folder, "second")
    assert (folder / "run.json").read_text() == "first"
    assert names(tmp_path) == ["run", "run.json"]


def test_replacing_leaves_only_the_new(tmp_path):
    folder = tmp_path / "run"
    write(folder, "first")
    write(folder, "second")
    assert (folder / "run.json").read_text() == "second"
    assert names(tmp_path) == ["run", "run.json"]


def test_looking_whether_a_folder_will_do_makes_none(tmp_path):
    check_folder(tmp_path / "a" / "b" / "c", RUN_FILES, overwrite=False)
    assert names(tmp_path) == []


def test_a_file_in_the_way_is_named(tmp_path):
    (tmp_path / "a").write_text("")
    for folder in (tmp_path / "a", tmp_path / "a" / "b"):
        with pytest.raises(InputError, match=f"{tmp_path / 'a'} is a file"):
            check_folder(folder, RUN_FILES, overwrite=True)


def test_what_mechanisms_know_of_citizens_is_kept(tmp_path):
    program = [{"parameter": "arrest", "at": 2, "to": 1.0}]
    world = World(
        citizens=60, seed=1, stakes=0.0, turnover=0.1, follows=2, guilt_by_following=0.1, reach=0.5,
        program=program,
    )  # fmt: skip
    outcome = simulate(world, 10)
    write_run(tmp_path / "run", world, outcome, overwrite=False)
    citizens = pq.read_table(tmp_path / "run" / "citizens.parquet").to_pydict()
    assert citizens["periods_clean"] == world.now.life.clean.tolist()
    assert citizens["born"] == world.generations.born.tolist()
    assert set(citizens["enrolled"]) == {True}
    assert any(citizens["detained_for"])
    manifest = json.loads((tmp_path / "run" / "run.json").read_text())
    assert manifest["parameters"]["program"] == program
    assert "M11 arrests" in manifest["mechanisms"]


@pytest.mark.parametrize("scenario", ["guilt_by_association", "sesame_as_reported"])
@pytest.mark.parametrize("named", [False, True])
def test_results_written_in_parts_are_those_written_whole(tmp_path, monkeypatch, scenario, named):
    network = nx.relabel_nodes(nx.connected_watts_strogatz_graph(250, 6, 0.2, seed=1), "c{}".format)
    world = World(scenario, network=network) if named else World(scenario, citizens=250)
    world.run(8)
    outcome = simulate(world, 1)
    for name, citizens in (("whole", 1_000), ("parts", 64)):
        monkeypatch.setattr("experiments.citizens._AT_A_TIME", citizens)
        write_run(tmp_path / name, world, outcome, overwrite=False)
    for table, groups in (("citizens", 4), ("ties", 4)):
        whole, parts = (pq.ParquetFile(tmp_path / name / f"{table}.parquet")
                        for name in ("whole", "parts"))  # fmt: skip
        assert (whole.num_row_groups, parts.num_row_groups) == (1, groups)
        assert parts.read().equals(whole.read())
        assert len(parts.read()) == (250 if table == "citizens" else world.ties.count())
