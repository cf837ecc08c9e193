"""Whether runs belong together: what must be the same in a folder and in what comes to it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from model.errors import InputError

_MAY_GROW = ("scenarios", "networks")
"""Tables of an identity to which entries may be added: digests by name."""


class StoreError(InputError):
    """A sweep's folder is not what it should be."""


def check_identity(
    folder: Path, had: Mapping[str, Any], wanted: Mapping[str, Any],
    advice: str = "choose another folder, or add --overwrite (which throws away what is there)",
) -> None:  # fmt: skip
    """Whether what is in a folder and what is to be written belong together.

    Some tables of the identity may grow (see ``_MAY_GROW``): what both have must be the same.

    Args:
        folder: to name in an error.
        had: what is there.
        wanted: what is to be written.
        advice: what can be done.

    Raises:
        StoreError: saying in what they differ.
    """
    faults = []
    for key in sorted(had.keys() | wanted.keys()):
        mine, theirs = had.get(key), wanted.get(key)
        if isinstance(mine, dict) and isinstance(theirs, dict):
            named = mine.keys() & theirs.keys() if key in _MAY_GROW else mine.keys() | theirs.keys()
            faults += [f"{key}.{name}: there {mine.get(name)!r}, now {theirs.get(name)!r}"
                       for name in sorted(named) if mine.get(name) != theirs.get(name)]  # fmt: skip
        elif mine != theirs:
            faults.append(f"{key}: there {mine!r}, now {theirs!r}")
    if faults:
        more = f"\n  and {len(faults) - 5} more" if len(faults) > 5 else ""
        raise StoreError(
            f"{folder} holds another sweep; {advice}\n  "
            + "\n  ".join(faults[:5]) + more
        )  # fmt: skip
