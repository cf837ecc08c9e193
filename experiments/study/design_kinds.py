"""The kinds of designs by name, and what others call them."""

from __future__ import annotations

from typing import Any

from model.errors import nearest

KINDS = ("grid", "fraction", "one_at_a_time", "latin_hypercube", "sobol", "halton", "morris",
         "saltelli", "table")  # fmt: skip


_OTHER_NAMES = {
    "lhs": "latin_hypercube", "lhc": "latin_hypercube", "latin": "latin_hypercube",
    "factorial": "grid", "full_factorial": "grid", "full": "grid", "cartesian": "grid",
    "fractional": "fraction", "fractional_factorial": "fraction",
    "oat": "one_at_a_time", "ofat": "one_at_a_time", "oaat": "one_at_a_time",
    "csv": "table", "file": "table", "elementary_effects": "morris", "sobol_indices": "saltelli",
}  # fmt: skip
"""What others call these designs."""


def unknown_kind(kind: Any) -> str:
    """What to say after ``design.kind`` of one that doesn't exist.

    >>> unknown_kind("lhs").split(" (")[0]
    " = 'lhs'; did you mean 'latin_hypercube'?"
    """
    other = _OTHER_NAMES.get(str(kind).lower().replace("-", "_").replace(" ", "_"))
    meant = f"; did you mean '{other}'?" if other else nearest(str(kind), KINDS)
    return f" = {kind!r}{meant} (allowed: {', '.join(KINDS)})"
