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

_PATIENCE = 60.0


class Busy(InputError):  # noqa: N818  (nothing is wrong with the input but its time)
    """Another process writes what this one would."""


def _lock_file(folder: Path, number: int, shards: int) -> Path:
    return folder / "locks" / f"{number}-of-{shards}.lock"


@contextmanager
def writing(folder: Path, number: int = 1, shards: int = 1) -> Iterator[None]:
    """Hold the right to write part ``number`` of ``shards`` into a sweep's folder.

    Raises:
        Busy: naming who holds it or a part that overlaps.
    """
    (folder / "locks").mkdir(exist_ok=True)
    own = FileLock(_lock_file(folder, number, shards))
    told = _lock_file(folder, number, shards).with_suffix(".json")
    with looking(folder):
        for other, of in _parts(folder):
            if (of == shards and other != number) or (other, of) == (number, shards):
                continue  # the other parts of the same division are no business of ours
            if _is_held(folder, other, of):
                raise Busy(_taken(folder, other, of))
        try:
            own.acquire(timeout=0)
        except Timeout:
            raise Busy(_taken(folder, number, shards)) from None
        told.write_text(json.dumps({"process": os.getpid(), "machine": platform.node()}))
    try:
        yield
    finally:
        told.unlink(missing_ok=True)
        own.release()


@contextmanager
def looking(folder: Path) -> Iterator[None]:
    """Nobody else looks at a folder's locks, or makes it, at the same time.

    To look whether a lock is held one must try to take it, which would be in others' way.
    """
    with FileLock(folder / "locks" / "look", timeout=_PATIENCE):
        yield


def _is_held(folder: Path, number: int, shards: int) -> bool:
    """Whether a process is writing that part now; the caller is ``looking``."""
    lock = FileLock(_lock_file(folder, number, shards))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False


def any_held(folder: Path) -> bool:
    """Whether any part is being written now; the caller is ``looking``."""
    return any(_is_held(folder, *part) for part in _parts(folder))


def held_parts(folder: Path) -> list[tuple[int, int]]:
    """The parts that are being written now: (number, of how many)."""
    if not (folder / "locks").is_dir():
        return []
    try:
        with looking(folder):
            return [part for part in _parts(folder) if _is_held(folder, *part)]
    except OSError:  # a folder that can be read only: nobody is writing there
        return []


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
