"""What runs and sweeps leave on disk: tidy Parquet, and a JSON manifest of all that made them."""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.compilation import package_digest
from model.errors import InputError

if TYPE_CHECKING:
    from experiments.run import Outcome
    from model.world import World


@contextmanager
def new_folder(folder: Path, overwrite: bool = False) -> Iterator[Path]:
    """A folder that appears whole or not at all.

    Everything is written beside it first and moved into place at the end; a failure leaves
    nothing, and what was there before stays.

    Raises:
        InputError: if the folder holds something and ``overwrite`` is not asked for.
    """
    check_folder(folder, overwrite)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror}") from None
    try:
        draft.chmod(0o755)
        yield draft
        if folder.exists():
            shutil.rmtree(folder)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def check_folder(folder: Path, overwrite: bool) -> None:
    """Whether results can go there, before time is spent on them.

    Raises:
        InputError: if it is a file or holds something, unless that is an earlier run of this
            software and ``overwrite`` is asked for.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise InputError(f"{folder} is a file, not a folder")
    names = {path.name for path in folder.iterdir()}
    if names and not overwrite:
        raise InputError(f"{folder} is not empty; choose another folder, or add --overwrite")
    if names and not names & {"run.json", "sweep.json"}:
        raise InputError(f"{folder} holds other things than a run; it is not overwritten")


def write_table(path: Path, columns: Mapping[str, Any]) -> None:
    """Columns as a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table(dict(columns)), path, compression="zstd")


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


def write_run(folder: Path, world: World, outcome: Outcome, overwrite: bool) -> None:
    """Series, final citizens, final ties and the manifest of one run."""
    labels = world.labels
    source, target = world.ties.edges()
    with new_folder(folder, overwrite) as draft:
        write_table(draft / "series.parquet", outcome.series)
        write_table(
            draft / "citizens.parquet",
            {
                "label": labels,
                "conviction": world.conviction,
                "first_conviction": world.traits.anchor,
                "self_censorship": world.traits.self_censorship,
                "conformity": world.traits.conformity,
                "wealth": world.traits.wealth,
                "base_score": world.base_score,
                "score": world.score.copy(),
                "expression": world.expression,
                "flagged": world.flagged,
                "friends": world.ties.arrays.degree,
                "first_friends": world.traits.wanted,
            },
        )
        write_table(
            draft / "ties.parquet",
            {
                "source": [labels[i] for i in source.tolist()],
                "target": [labels[i] for i in target.tolist()],
            },
        )
        write_json(draft / "run.json", {**manifest(world, outcome), **provenance()})


def manifest(world: World, outcome: Outcome) -> dict[str, Any]:
    """What a run is and what came of it."""
    return {
        "scenario": world.scenario.title,
        "parameters": world.scenario.parameters(),
        "seed": world.scenario.chance.seed,
        "scoring_rule": world.scoring.__name__,
        "periods": world.period,
        "citizens": world.citizens,
        "ties": world.ties.count(),
        "network_notes": world.network.notes,
        "measures": outcome.measures,
        "fingerprint": outcome.fingerprint,
        "seconds": round(outcome.seconds, 4),
    }
