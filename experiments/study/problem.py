"""What SALib wants to know of factors; here all of them lie in the unit cube."""

from __future__ import annotations

from typing import Any


def problem(factors: int, names: list[str] | None = None) -> dict[str, Any]:
    """SALib's description of so many factors, each between 0 and 1."""
    return {
        "num_vars": factors,
        "names": names or [f"x{k}" for k in range(factors)],
        "bounds": [[0.0, 1.0]] * factors,
    }


def salib_seed(seed: int) -> int:
    """A study's seed as one that NumPy's older generators take."""
    return seed % 2**32
