"""Where people are drawn: friends near each other, computed once for a network.

Pivot multidimensional scaling (Brandes & Pich 2007: distances to some pivots, two principal axes;
by SciPy), then friends pull and others push for some rounds (negative samples, as in Tang et al.
2016), which opens what lies on one point. A layout of 20,000 people takes two seconds and is kept,
in memory and in the user's cache folder, by the fingerprint of its network.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray

from model.chance import below, draws, key_of
from model.compilation import compiled

Floats = NDArray[np.float32]
_PIVOTS, _ROUNDS = 50, 150
_KEPT, _KEPT_FILES = 32, 500
_VERSION = 1
"""To be raised when the same network is to be drawn otherwise."""
_KEY = 0x1A07
_EVENT = 1


def fingerprint(citizens: int, source: NDArray[np.int32], target: NDArray[np.int32]) -> str:
    """Of a network, and of how it is drawn."""
    digest = hashlib.sha256(f"{_VERSION} {citizens} ".encode())
    for column in (source, target):
        digest.update(np.ascontiguousarray(column, "<i4").tobytes())
    return digest.hexdigest()[:40]


def scaled(citizens: int, source: Any, target: Any) -> NDArray[np.float64]:
    """(N, 2) pivot multidimensional scaling; parts that hang together lie side by side."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    if citizens < 3:
        return np.linspace(-1.0, 1.0, 2 * citizens).reshape(citizens, 2)
    ones = np.ones(len(source))
    graph = coo_array((ones, (source, target)), shape=(citizens, citizens)).tocsr()
    degree = np.bincount(source, minlength=citizens) + np.bincount(target, minlength=citizens)
    pivots = [int(degree.argmax())]
    distance = np.empty((min(_PIVOTS, citizens), citizens))
    nearest = np.full(citizens, np.inf)
    for k in range(len(distance)):  # each next pivot is the one farthest from all before
        row = dijkstra(graph, directed=False, indices=pivots[k], unweighted=True)
        known = row[np.isfinite(row)]
        distance[k] = np.where(np.isfinite(row), row, known.max(initial=0.0) + 2.0)
        nearest = np.minimum(nearest, distance[k])
        pivots.append(int(nearest.argmax()))
    squares = distance.T**2
    centred = -0.5 * (squares - squares.mean(0) - squares.mean(1, keepdims=True) + squares.mean())
    values, vectors = np.linalg.eigh(centred.T @ centred)
    place: NDArray[np.float64] = centred @ vectors[:, np.argsort(values)[-2:]]
    return place / np.maximum(place.std(0), 1e-9)


@compiled
def opened(place, source, target, rounds, key):
    """Friends pull, others push, in smaller and smaller steps (in place)."""
    citizens = len(place)
    for t in range(rounds):
        step = 0.08 * (1.0 - t / rounds)
        for e in range(len(source)):
            i, j = source[e], target[e]
            x, y = place[i, 0] - place[j, 0], place[i, 1] - place[j, 1]
            square = x * x + y * y
            pull = -2.0 * step * square / (1.0 + square) / (square + 1e-3)
            place[i, 0] += pull * x
            place[i, 1] += pull * y
            place[j, 0] -= pull * x
            place[j, 1] -= pull * y
            for side in range(2):
                a = i if side == 0 else j
                u = draws(key, _EVENT, t, e, side)
                for k in range(4):
                    b = below(u[k], citizens)
                    if a == b:
                        continue
                    x, y = place[a, 0] - place[b, 0], place[a, 1] - place[b, 1]
                    square = x * x + y * y
                    push = min(2.0 * step / ((square + 0.02) * (1.0 + square)), 2.0)
                    place[a, 0] += push * x
                    place[a, 1] += push * y


def layout(citizens: int, source: NDArray[np.int32], target: NDArray[np.int32]) -> Floats:
    """(N, 2) places in a square from −1 to 1, the same for the same network."""
    place = scaled(citizens, source, target)
    people = np.arange(citizens)
    spread: Any = np.array([np.cos(people * 2.399963), np.sin(people * 2.399963)]).T
    place = place + 0.02 * spread  # nobody lies on another
    if len(source):
        opened(place, source, target, _ROUNDS, key_of(_KEY))
    place -= np.median(place, 0)
    reach = np.quantile(np.abs(place).max(1), 0.99)
    return np.clip(place / max(reach, 1e-9), -1.15, 1.15).astype(np.float32) / np.float32(1.15)


class Layouts:
    """Layouts that were computed before: the newest in memory, all in a folder."""

    def __init__(self, folder: Path | None = None) -> None:
        given = os.environ.get("SCORED_CACHE_DIR")
        base = Path(given) if given else Path(platformdirs.user_cache_dir("scored-society"))
        self.folder = folder or base / "layouts"
        self._kept: OrderedDict[str, Floats] = OrderedDict()
        self._lock = Lock()

    def of(self, citizens: int, source: NDArray[np.int32], target: NDArray[np.int32]) -> Floats:
        """The layout of a network: remembered, read, or computed now."""
        name = fingerprint(citizens, source, target)
        with self._lock:
            found = self._kept.get(name)
        if found is None:
            found = self._read(name, citizens)
        if found is None:
            found = layout(citizens, source, target)
            self._write(name, found)
        with self._lock:
            self._kept[name] = found
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found

    def _read(self, name: str, citizens: int) -> Floats | None:
        try:
            found: Floats = np.load(self.folder / f"{name}.npy", allow_pickle=False)
        except (OSError, ValueError, EOFError):
            return None
        fits = found.shape == (citizens, 2) and found.dtype == np.float32
        return found if fits and bool(np.isfinite(found).all()) else None

    def _write(self, name: str, found: Floats) -> None:
        try:  # where nothing can be written it is computed again next time
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".part", delete=False) as part:
                np.save(part, found)
            Path(part.name).replace(self.folder / f"{name}.npy")
            self._forget()
        except OSError:
            return

    def _forget(self) -> None:
        """Delete all but the newest files."""
        files = sorted(self.folder.iterdir(), key=lambda file: file.stat().st_mtime)
        for file in files[:-_KEPT_FILES]:
            file.unlink(missing_ok=True)
