"""What runs and sweeps leave on disk: tidy Parquet, and a JSON manifest of all that made them."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.compilation import package_digest
from model.errors import InputError

if TYPE_CHECKING:
    from experiments.run import Outcome
    from model.scenario import Scenario
    from model.world import World


CHECKPOINT, SERIES = "checkpoint.npz", "series.parquet"
RUN_FILES = frozenset({"run.json", SERIES, "citizens.parquet", "ties.parquet", CHECKPOINT})
SWEEP_FILES = frozenset({"sweep.json", "runs.parquet", "figure.html"})
"""What runs and sweeps write; a folder with anything else is never overwritten by them."""


@contextmanager
def new_folder(folder: Path, own: frozenset[str], overwrite: bool = False) -> Iterator[Path]:
    """A folder that appears whole or not at all.

    Everything is written beside it first and moved into place at the end; a failure leaves
    nothing, and what was there before stays.

    Raises:
        InputError: if the folder holds something and ``overwrite`` is not asked for.
    """
    folder = check_folder(folder, own, overwrite)
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    draft, before = beside / "draft", beside / "before"
    try:
        draft.mkdir()
        if folder.exists():
            draft.chmod(folder.stat().st_mode)
        yield draft
        try:
            if folder.exists():
                folder.rename(before)
            draft.rename(folder)
        except BaseException:
            if before.exists() and not folder.exists():
                before.rename(folder)
            raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def check_folder(folder: Path, own: frozenset[str], overwrite: bool) -> Path:
    """Whether results can go there, before time is spent on them; returns its real path.

    Raises:
        InputError: if it is a file, cannot be written, or holds something, unless all that it
            holds are files named in ``own`` and ``overwrite`` is asked for.
    """
    real = folder.resolve()
    if real == Path.cwd():
        raise InputError(f"{folder} is the folder you are in; name another one")
    there = next(path for path in (real, *real.parents) if path.exists())
    if not there.is_dir():
        raise InputError(f"{there} is a file, not a folder")
    try:
        for place in (real, real.parent) if there == real else (there,):
            tempfile.TemporaryFile(dir=place).close()
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror}") from None
    if there != real:
        return real
    names = {path.name for path in real.iterdir()}
    if names and not overwrite:
        raise InputError(f"{folder} is not empty; choose another folder, or add --overwrite")
    others = sorted(names - own)
    if others:
        raise InputError(
            f"{folder} holds something else than this writes ('{others[0]}'); it is not overwritten"
        )
    return real


def prepare(folder: Path) -> None:
    """Make a folder to which files are to be added, before time is spent on them.

    Raises:
        InputError: if it can't be had, or nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror}") from None


def write_table(path: Path, columns: Mapping[str, Any]) -> None:
    """Columns as a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table(dict(columns)), path, compression="zstd")


def write_parts(path: Path, parts: Iterable[Mapping[str, Any]]) -> None:
    """Parts of a table, each with the same columns, as one Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    tables = (pa.table(dict(columns)) for columns in parts)
    table = next(tables)
    with pq.ParquetWriter(path, table.schema, compression="zstd") as writer:
        while table is not None:
            writer.write_table(table)
            table = next(tables, None)


def write_json(path: Path, value: Any) -> None:
    """A JSON file, with numbers that JSON lacks as null or text."""
    path.write_text(json.dumps(plain(value), indent=1, ensure_ascii=False) + "\n", "utf-8")


def plain(value: Any) -> Any:
    """A value that JSON can hold: nan becomes null, infinity the text "inf"."""
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, float):
        if value != value:
            return None
        if value in (float("inf"), float("-inf")):
            return "inf" if value > 0 else "-inf"
    return value


def provenance() -> dict[str, Any]:
    """Versions and machine: what else may have decided a result."""
    packages = ("numba", "numpy", "scipy", "mesa", "pydantic", "pyarrow")
    return {
        "scored_society": version("scored-society"),
        "model_digest": package_digest(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in packages},
        "machine": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": ["scored", *sys.argv[1:]],
    }


def write_series(folder: Path, series: Mapping[str, Any]) -> None:
    """The series so far of a run that goes on."""
    draft = folder / f".{SERIES}.draft"
    try:
        write_table(draft, series)
        draft.replace(folder / SERIES)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def write_run(folder: Path, world: World, outcome: Outcome, overwrite: bool) -> None:
    """Series, final citizens, final ties and the manifest of one run."""
    from experiments.citizens import citizen_parts, tie_parts

    with new_folder(folder, RUN_FILES, overwrite) as draft:
        write_table(draft / SERIES, outcome.series)
        write_parts(draft / "citizens.parquet", citizen_parts(world))
        write_parts(draft / "ties.parquet", tie_parts(world))
        write_json(draft / "run.json", {**manifest(world, outcome), **provenance()})


def network_origin(file: str) -> dict[str, str]:
    """Which file a network came from, and the SHA-256 of its bytes; empty for a drawn one."""
    if not file:
        return {}
    digest = hashlib.sha256(Path(file).read_bytes()).hexdigest()
    return {"path": file, "sha256": digest}


def parameters_in_force(
    scenario: Scenario, network_file: str = "", citizens: int | None = None
) -> dict[str, Any]:
    """Every parameter as the run used it: None for those of a generator if a file was read.

    Args:
        scenario: what was asked for.
        network_file: a network given in place of the scenario's.
        citizens: how many people there were; None if runs differ.
    """
    values = scenario.parameters()
    file = network_file or scenario.network.network_file
    if file:
        values |= dict.fromkeys(type(scenario.network).model_fields)
        values |= {"network_file": file, "citizens": None}
    if citizens is not None:
        values["citizens"] = citizens
    if scenario.program:
        values["program"] = [change.model_dump(by_alias=True, exclude_none=True)
                             for change in scenario.program]  # fmt: skip
    return values


def manifest(world: World, outcome: Outcome) -> dict[str, Any]:
    """What a run is and what came of it."""
    return {
        "scenario": world.scenario.title,
        "mechanisms": world.mechanisms,
        "parameters": parameters_in_force(world.scenario, citizens=world.citizens),
        "seed": world.scenario.chance.seed,
        "scoring_rule": world.scoring.__name__,
        "periods": world.period,
        "citizens": world.citizens,
        "ties": world.ties.count(),
        "network_file": network_origin(world.scenario.network.network_file),
        "network_notes": world.network_notes,
        "measures": outcome.measures,
        "fingerprint": outcome.fingerprint,
        "seconds": round(outcome.seconds, 4),
    }
