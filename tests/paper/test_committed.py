"""What is committed is what the code gives, and nothing can be changed without notice."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.paper import writing
from experiments.paper.gallery import pages
from experiments.paper.studies import NAMES, paper_study
from experiments.paper.verify import verify, verify_pages

RESULTS = Path(__file__).parents[2] / "results"


@pytest.fixture
def spoilt(tmp_path):
    """A copy of the committed results of one small study."""
    out = tmp_path / "results"
    shutil.copytree(RESULTS / "hammer", out / "hammer")
    return out


@pytest.mark.parametrize("name", NAMES)
def test_a_study_is_what_the_code_gives(name):
    found = verify(paper_study(name), RESULTS, sample=2, seed=5)
    assert found.faults == []
    assert found.runs >= 2


def test_the_docked_panel_is_what_the_table_gives(tmp_path):
    from experiments.paper import docked

    for name in (*docked.TABLES, docked.FOLDER):
        source = RESULTS / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    assert docked.faults(tmp_path) == []
    table = tmp_path / docked.TABLES[0]
    table.write_text(table.read_text().replace(",met\n", ",missed\n", 1))
    faults = docked.faults(tmp_path)
    assert any("docking.csv" in fault for fault in faults)
    assert any("figure.json" in fault for fault in faults)


def test_the_pages_quote_what_is_stored():
    assert [path.name for path in pages(RESULTS)] == ["README.md", "README.md"]
    assert verify_pages(RESULTS) == []


def faults_of(out, sample=0, seed=1):
    return verify(paper_study("hammer"), out, sample, seed).faults


def renewed(out, name):
    """Let the manifest speak of a file as it is now: a forger would."""
    path = out / "hammer" / "manifest.json"
    told = json.loads(path.read_text())
    told["sha256"][name] = writing.digest((out / "hammer" / name).read_bytes())
    path.write_text(json.dumps(told))


def another_digit(path, pattern):
    """Change the last digit that a pattern finds first."""
    text = path.read_text()
    place = re.search(pattern, text).end() - 1
    digit = "3" if text[place] != "3" else "4"
    path.write_text(text[:place] + digit + text[place + 1 :])


@pytest.mark.parametrize(
    ("name", "pattern"),
    [("findings.md", r"arrests leave 5\.\d"), ("table.csv", r"dissent,20,0\.\d\d"),
     ("figure.json", r"\"y\": \[\s+\d\d\.\d"), ("figure.svg", r"d=\"M\d+")],
)  # fmt: skip
def test_a_changed_digit_is_noticed(spoilt, name, pattern):
    assert faults_of(spoilt) == []
    another_digit(spoilt / "hammer" / name, pattern)
    assert any(name in fault and "SHA-256" in fault for fault in faults_of(spoilt))
    renewed(spoilt, name)
    if name != "figure.svg":  # drawn by a browser: its checksum must do
        faults = faults_of(spoilt)
        assert len(faults) == 1
        assert f"{name}:" in faults[0]
        assert "from the data" in faults[0]


def test_a_changed_run_is_noticed_by_what_follows_from_it(spoilt):
    path = spoilt / "hammer" / "hammer_and_drug.parquet"
    table = pq.read_table(path)
    values = table["dissent"].to_pylist()
    values[7] += 0.001
    changed = table.set_column(table.column_names.index("dissent"), "dissent", pa.array(values))
    path.write_bytes(writing.parquet(changed))
    assert any("SHA-256" in fault for fault in faults_of(spoilt))
    renewed(spoilt, path.name)
    assert any("table.csv" in fault for fault in faults_of(spoilt))


def test_a_run_that_the_model_doesnt_give_is_noticed_though_all_else_agrees(spoilt):
    """Data forged with everything that follows from them: only the model can tell."""
    folder = spoilt / "hammer"
    path = folder / "hammer_and_drug.parquet"
    table = pq.read_table(path)
    values = np.array(table["dissent"].to_pylist()) + 1e-12
    changed = table.set_column(table.column_names.index("dissent"), "dissent", pa.array(values))
    path.write_bytes(writing.parquet(changed))
    study = paper_study("hammer")
    _, figure, findings, tidy = writing.told(study, writing.read_tables(study, folder))
    for name, data in (("figure.json", figure), ("findings.md", findings), ("table.csv", tidy)):
        (folder / name).write_bytes(data)
        renewed(spoilt, name)
    renewed(spoilt, path.name)
    assert faults_of(spoilt) == []
    faults = faults_of(spoilt, sample=2)
    assert len(faults) == 2
    assert all("dissent is stored as" in fault for fault in faults)


def test_a_missing_and_a_foreign_file_are_noticed(spoilt):
    (spoilt / "hammer" / "notes.txt").write_text("mine")
    assert any("nothing speaks of it" in fault for fault in faults_of(spoilt))
    (spoilt / "hammer" / "table.csv").unlink()
    assert any("is missing" in fault for fault in faults_of(spoilt))
    (spoilt / "hammer" / "manifest.json").unlink()
    assert any("scored reproduce" in fault for fault in faults_of(spoilt))


def test_a_number_of_a_page_that_is_changed_is_noticed(spoilt):
    from experiments.paper.gallery import TABLE_BEGIN, TABLE_END, write_pages

    above = spoilt.parent / "README.md"
    above.write_text(f"# Mine\n\n{TABLE_BEGIN}{TABLE_END}\n")
    write_pages(spoilt)
    assert verify_pages(spoilt) == []
    for path in (above, spoilt / "README.md"):
        text = path.read_text()
        another_digit(
            path, r"meet at a cost of 0\.1\d|cost of 0\.15 a citizen and period arrests leave 5\.\d"
        )
        faults = verify_pages(spoilt)
        assert len(faults) == 1
        assert str(path.name) in faults[0]
        path.write_text(text)


def test_a_table_of_the_documents_that_is_changed_is_noticed(tmp_path):
    for name in ("README.md", "results", "model/ODD.md"):
        source, place = RESULTS.parent / name, tmp_path / name
        place.parent.mkdir(exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, place)
    assert verify_pages(tmp_path / "results") == []
    for name, pattern in (("README.md", r"\| no institution \| 0\.\d"),
                          ("README.md", r"Durrett .*\| \.43"), ("README.md", r"74 of these"),
                          ("README.md", r"fell at\s\d"), ("README.md", r"Dissenters have \.2"),
                          ("results/README.md", r"\(exact\) \| 0\.\d")):  # fmt: skip
        path = tmp_path / name
        text = path.read_text()
        another_digit(path, pattern)
        faults = verify_pages(tmp_path / "results")
        assert len(faults) == 1
        assert str(path) in faults[0]
        path.write_text(text)
