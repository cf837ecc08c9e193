"""From results to shards: a process's own pieces of a sweep's tables, and its word on progress."""

from __future__ import annotations

import json
import os
import platform
import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from experiments.store import plain
from experiments.sweep.running import Result
from experiments.sweep.shards import shards_in, write_whole
from experiments.sweep.store import Store

_MOST_ROWS = 2_000
_LEAST_SECONDS, _MOST_SECONDS = 2.0, 30.0
_MOST_SHARDS = 64


class Writer:
    """Writes what one process finds into a store, a shard at a time.

    A shard is written every 2,000 runs or 30 seconds, more often in the first two minutes: what a
    power cut takes is half a minute or a quarter of the work, whichever is less.
    """

    def __init__(self, store: Store, wanted: int, about: Mapping[str, Any] | None = None) -> None:
        self.store = store
        self.id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}"
        self.finished = self.failed = 0
        self.wanted = wanted
        self._runs: list[dict[str, Any]] = []
        self._series: list[pa.Table] = []
        self._timings: list[dict[str, Any]] = []
        self._shards = 0
        self._kinds = store.kinds()
        self._last = self._begun = time.monotonic()
        self._about = dict(about or {})
        self._started = datetime.now(UTC).isoformat(timespec="seconds")
        self._tell()

    def add(self, result: Result) -> None:
        """Take a result; a failure is written at once."""
        case = result.case
        if result.output is not None and (misfit := self._misfit(result.output.values)):
            result = result._replace(output=None, error=misfit, kind="raised")
        if result.output is None:
            self.failed += 1
            self._fail(result)
            return
        self.finished += 1
        named = {"point": case.point, "replicate": case.replicate}
        # 64-bit seeds exceed what many readers take as a whole number
        self._runs.append({**named, **case.parameters, "seed": str(case.seed),
                           **result.output.values})  # fmt: skip
        self._timings.append({**named, "seconds": result.seconds, "session": self.id})
        if result.output.series is not None:
            rows = len(result.output.series["period"])
            keys = {name: pa.array([key] * rows) for name, key in named.items()}
            self._series.append(pa.table({**keys, **result.output.series}))

    def _misfit(self, values: dict[str, Any]) -> str:
        """Why a run's values have no place beside those of other runs; nothing if they have."""
        for name, value in values.items():
            if value is None:
                continue
            kind = kind_of(value)
            first = self._kinds.setdefault(name, kind)
            if kind != first:
                return f"{name} = {value!r} is a {kind}, but other runs gave a {first} there"
        return ""

    def flush_if_due(self) -> None:
        """Write what has gathered, if it is enough or old enough."""
        now = time.monotonic()
        patience = min(_MOST_SECONDS, max(_LEAST_SECONDS, (self._last - self._begun) / 4))
        if len(self._runs) >= _MOST_ROWS or now - self._last >= patience:
            self.flush()

    def flush(self) -> None:
        """Write what has gathered.

        Raises:
            OSError: if it can't be written; it is kept then, for another try.
        """
        if self._runs:
            self.store.put(f"{self.id}-{self._shards:05d}", self._runs, self._series, self._timings)
            self._shards += 1
            self._runs, self._series, self._timings = [], [], []
        self._last = time.monotonic()
        self._tell()

    def _tell(self) -> None:
        """What ``scored status`` reads."""
        told = {
            **self._about,
            "session": self.id, "started": self._started,
            "updated": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(time.monotonic() - self._begun, 1),
            "process": os.getpid(), "host": platform.node(),
            "finished": self.finished, "failed": self.failed, "wanted": self.wanted,
        }  # fmt: skip
        content = json.dumps(plain(told), indent=1, ensure_ascii=False)
        write_whole(self.store.folder / "sessions" / f"{self.id}.json", content.encode())

    def _fail(self, result: Result) -> None:
        case = result.case
        told = {
            "point": case.point, "replicate": case.replicate, "seed": case.seed,
            "parameters": case.parameters, "kind": result.kind, "error": result.error,
            "trace": result.trace, "seconds": round(result.seconds, 3),
            "when": datetime.now(UTC).isoformat(), "session": self.id,
        }  # fmt: skip
        line = json.dumps(plain(told), ensure_ascii=False) + "\n"
        with (self.store.folder / "failures" / f"{self.id}.jsonl").open(
            "a", encoding="utf-8"
        ) as log:
            log.write(line)
            log.flush()
            os.fsync(log.fileno())

    def join_if_many(self) -> None:
        """Join shards if there are many; the caller writes alone."""
        if len(shards_in(self.store.folder / "runs")) > _MOST_SHARDS:
            self.store.compact()


def kind_of(value: Any) -> str:
    """What a column of such values holds.

    >>> kind_of("word"), kind_of(True), kind_of(1), kind_of(0.5)
    ('text', 'truth', 'number', 'number')
    """
    if isinstance(value, str):
        return "text"
    return "truth" if isinstance(value, bool) else "number"
