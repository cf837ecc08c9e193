"""Who may write into a sweep's folder: one process at a time, or the n processes of n parts.

Locks are the operating system's (by way of ``filelock``), so they end with the process however it
ends; nothing has to be cleaned up after a crash.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from model.errors import InputError

_PATIENCE = 10.0


def _lock_file(folder: Path, number: int, shards: int) -> Path:
    return folder / "locks" / f"{number}-of-{shards}.lock"


@contextmanager
def writing(folder: Path, number: int = 1, shards: int = 1) -> Iterator[None]:
    """Hold the right to write part ``number`` of ``shards`` into a sweep's folder.

    Raises:
        InputError: naming who holds it or a part that overlaps.
    """
    (folder / "locks").mkdir(exist_ok=True)
    own = FileLock(_lock_file(folder, number, shards))
    told = _lock_file(folder, number, shards).with_suffix(".json")
    with FileLock(folder / "locks" / "look", timeout=_PATIENCE):
        for other, of in _parts(folder):
            if (of == shards and other != number) or (other, of) == (number, shards):
                continue  # the other parts of the same division are no business of ours
            if is_held(folder, other, of):
                raise InputError(_taken(folder, other, of))
        try:
            own.acquire(timeout=0)
        except Timeout:
            raise InputError(_taken(folder, number, shards)) from None
        told.write_text(json.dumps({"process": os.getpid(), "machine": platform.node()}))
    try:
        yield
    finally:
        told.unlink(missing_ok=True)
        own.release()


def is_held(folder: Path, number: int, shards: int) -> bool:
    """Whether a process is writing that part now."""
    lock = FileLock(_lock_file(folder, number, shards))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False


def held_parts(folder: Path) -> list[tuple[int, int]]:
    """The parts that are being written now: (number, of how many)."""
    return [part for part in _parts(folder) if is_held(folder, *part)]


def _parts(folder: Path) -> list[tuple[int, int]]:
    parts = []
    for path in sorted((folder / "locks").glob("*-of-*.lock")):
        number, _, shards = path.stem.partition("-of-")
        parts.append((int(number), int(shards)))
    return parts


def _taken(folder: Path, number: int, shards: int) -> str:
    try:
        told = json.loads(_lock_file(folder, number, shards).with_suffix(".json").read_text())
        who = f"process {told['process']} on {told['machine']}"
    except (OSError, ValueError):
        who = "another process"
    part = f" (part {number} of {shards})" if shards > 1 else ""
    return f"{folder}: {who} is writing this sweep{part}; wait for it, or stop it"
