"""A world written down in the middle of its life, to go on from there to the same bits.

A checkpoint is one ``.npz`` file of plain arrays (no pickle): everything that the future depends
on and that the scenario alone doesn't give. It is read back into a world that was made anew from
the same scenario; a checkpoint of another scenario, network, rule or version is refused.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from model import memory
from model.compilation import fingerprint, package_digest
from model.errors import InputError
from model.state import Traits
from model.ties import TieArrays

if TYPE_CHECKING:
    from model.world import World

_ABOUT = "about"
_NO_CAPACITY = frozenset({"friend"})
"""Columns of which only the part in use is written."""


def identity(world: World, more: Mapping[str, Any] | None = None) -> str:
    """What has to be the same for a world to go on from a checkpoint, as JSON."""
    network = hashlib.sha256()
    if not world.is_drawn:  # else the scenario says it all
        for ends in (world.network.source, world.network.target):
            network.update(np.ascontiguousarray(ends).view(np.uint8).data)
    tables = {**world.scenario.tables(), "title": "", "story": ""}
    return json.dumps(
        {
            "scenario": tables, "network": network.hexdigest(), "model": package_digest(),
            "scoring": fingerprint(world.scoring) if world.own_rule else "",
            **(more or {}),
        },
        sort_keys=True, default=str,
    )  # fmt: skip


def save(path: Path, world: World, about: str, **more: NDArray[Any]) -> None:
    """Write a world down, whole or not at all.

    Args:
        path: the file; what was there before stays until the new one is whole.
        world: between two periods.
        about: its :func:`identity`.
        more: arrays of the caller's, given back by :func:`load`.

    Raises:
        OSError: if the disk is full; nothing half-written is left.
    """
    draft = path.with_name(f".{path.name}.draft")
    try:
        with draft.open("wb") as stream:
            columns: dict[str, Any] = {_ABOUT: np.array(about), **_columns(world)}
            columns |= {f"more.{name}": column for name, column in more.items()}
            np.savez(stream, **columns)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def load(path: Path, world: World, about: str) -> dict[str, NDArray[Any]]:
    """Put a world that was made anew where a checkpoint was written; returns the caller's arrays.

    Raises:
        InputError: if the file can't be read, or is of another scenario, network, rule or version.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            if (there := str(stored[_ABOUT])) != about:
                raise InputError(f"{path} is of another run: {_differing(there, about)}")
            _put_back(world, stored)
            return {name.removeprefix("more."): stored[name]
                    for name in stored.files if name.startswith("more.")}  # fmt: skip
    except InputError:
        raise
    except (BadZipFile, EOFError, KeyError, OSError, ValueError) as error:
        raise InputError(f"{path} is no checkpoint that can be read: {error}") from None


def _differing(there: str, about: str) -> str:
    old, new = json.loads(there), json.loads(about)
    keys = [
        f"{name} = {old['scenario'][part][name]!r} there, {value!r} here"
        for part, table in new["scenario"].items()
        if isinstance(table, dict)
        for name, value in table.items()
        if old["scenario"].get(part, {}).get(name) != value
    ]
    return ", ".join(keys) or "another " + " and ".join(
        name for name in {**old, **new} if old.get(name) != new.get(name)
    )


def _columns(world: World) -> dict[str, NDArray[Any]]:
    """Everything that changes."""
    ties = world.ties.arrays
    used = int(ties.used[0])
    found: dict[str, NDArray[Any]] = {
        "period": np.array(world.period), "counts": world.counts,
        "capacity": np.array(len(ties.friend)),
        **{f"traits.{name}": column for name, column in world.traits._asdict().items()},
        **{f"ties.{name}": column[:used] if name in _NO_CAPACITY else column
           for name, column in ties._asdict().items()},
    }  # fmt: skip
    for when, present in _records(world).items():
        found |= {f"{when}.conviction": present.conviction, f"{when}.record": present.record}
        found |= {f"{when}.life.{name}": column for name, column in present.life._asdict().items()}
    if world.generations is not None:
        found["born"] = world.generations.born
    if world.authority is not None:
        found["authority"] = world.authority.state()
        found["accounts"] = np.array(world.authority.accounts, float).reshape(-1, 3)
    return found


def _records(world: World) -> dict[str, Any]:
    """Both records, or the one where everybody reads what is newest."""
    return {"now": world.now} if world.one_by_one else {"now": world.now, "next": world.next}


def _put_back(world: World, stored: Any) -> None:
    for when, present in _records(world).items():
        present.conviction[:] = stored[f"{when}.conviction"]
        present.record[:] = stored[f"{when}.record"]
        for name, column in present.life._asdict().items():
            column[:] = stored[f"{when}.life.{name}"]
    world.traits = Traits(*(_placed(stored[f"traits.{name}"]) for name in Traits._fields))
    rows = {name: _placed(stored[f"ties.{name}"]) for name in TieArrays._fields
            if name not in _NO_CAPACITY}  # fmt: skip
    friend = memory.empty(int(stored["capacity"]), np.int32)
    used = stored["ties.friend"]
    friend[: len(used)] = used
    world.ties.arrays = TieArrays(**rows, friend=friend)
    world.counts[:] = stored["counts"]
    world.period = int(stored["period"])
    if world.generations is not None:
        world.generations.born[:] = stored["born"]
    if world.authority is not None:
        world.authority.put_back(stored["authority"], stored["accounts"])
    world.begin_period()


def _placed(column: NDArray[Any]) -> NDArray[Any]:
    """A column where the engine wants it: on huge pages if it is large."""
    return memory.filled(len(column), column.dtype, column)
