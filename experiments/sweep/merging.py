"""Parts of one sweep, run in folders of their own, brought together."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from experiments.sweep.identity import StoreError, check_identity
from experiments.sweep.shards import write_shard
from experiments.sweep.store import Store


def merge(sources: Iterable[str | Path], target: str | Path) -> Store:
    """Bring the runs of several folders of one sweep together in a new one.

    Raises:
        StoreError: if they are not of one sweep, or a run has two different results.
    """
    stores = [Store(source) for source in sources]
    if not stores:
        raise StoreError("nothing to merge")
    first = stores[0]
    if Path(target).resolve() in {store.folder.resolve() for store in stores}:
        raise StoreError(f"--out {target} is one of the folders to be merged; name a new one")
    for store in stores[1:]:
        check_identity(
            store.folder, store.about["identity"], first.about["identity"],
            f"only parts of one sweep can be merged (compared with {first.folder})",
        )  # fmt: skip
    about = {key: value for key, value in first.about.items() if key not in ("format", "identity")}
    merged = Store.create(target, first.about["identity"], about)
    rows = [row for store in stores for row in store.points().to_pylist()]
    unique = {row["point"]: row for row in rows}
    merged.put_points(
        [
            {name: value for name, value in row.items() if name != "point"}
            for row in unique.values()
        ],
        unique,
    )
    for number, store in enumerate(stores):
        for name in ("series", "timings", "runs"):
            table = store.stored(name)
            if table.num_rows:
                write_shard(merged.folder / name, f"from-{number}", table)
        for kind in ("sessions", "failures"):
            for path in (store.folder / kind).iterdir():
                shutil.copy2(path, merged.folder / kind / path.name)
    merged.compact()
    return merged
