"""What is sent of a society: a JSON header and columns of bytes behind it, in one binary message.

``[u32 length of the header][header, JSON, UTF-8][columns one after the other]``, little-endian;
the header is padded with spaces so that columns begin at a multiple of four. Its ``columns`` say of
each what it is called, its type (``u1``, ``u4`` or ``f4``) and how many entries it has.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.store import plain as storable
from experiments.viewer.watched import Watched
from model.record import expression_of, is_flagged, score_of

SCORE_LOW, SCORE_HIGH, BARS = 350.0, 950.0, 60
_EXACT = 2**53


class Shade(StrEnum):
    """What citizens are coloured by."""

    expression = "expression"
    conviction = "conviction"
    score = "score"
    withheld = "withheld"
    """Self-censorship: conviction above 0 that is not spoken."""


def packed(header: Mapping[str, Any], columns: Mapping[str, NDArray[Any]]) -> bytes:
    """A message.

    >>> list(packed({"kind": "x"}, {"a": np.array([1, 2], np.uint32)})[-8:])
    [1, 0, 0, 0, 2, 0, 0, 0]
    """
    told = [[name, column.dtype.kind + str(column.dtype.itemsize), column.size]
            for name, column in columns.items()]  # fmt: skip
    head = json.dumps({**header, "columns": told}, allow_nan=False, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 4)
    parts = [len(head).to_bytes(4, "little"), head]
    for column in columns.values():
        raw = np.ascontiguousarray(column, column.dtype.newbyteorder("<")).tobytes()
        parts += [raw, b"\0" * (-len(raw) % 4)]
    return b"".join(parts)


def codes(watched: Watched) -> NDArray[np.uint8]:
    """(N,) what everybody said (0 praise, 1 silence, 2 dissent), and 4 for who is on record."""
    record = watched.world.now.record
    said = np.sign(expression_of(record)).astype(np.int8) + 1
    return said.astype(np.uint8) | (is_flagged(record).astype(np.uint8) << 2)


def shades(watched: Watched, by: Shade) -> NDArray[np.uint8]:
    """(N,) what everybody is coloured by, from 0 to 255; empty for what was said."""
    world = watched.world
    if by is Shade.expression:
        return np.empty(0, np.uint8)
    if by is Shade.score:
        share = (score_of(world.now.record) - SCORE_LOW) / (SCORE_HIGH - SCORE_LOW)
    elif by is Shade.conviction:
        share = (world.now.conviction + 1.0) / 2.0
    else:
        said = expression_of(world.now.record)
        share = np.clip(world.now.conviction - np.maximum(said, 0.0), 0.0, 1.0)
    return np.rint(share * 255.0).astype(np.uint8)


def bars(watched: Watched) -> list[int]:
    """How many have which score, in steps of ten points from 350 on."""
    place = ((score_of(watched.world.now.record) - SCORE_LOW) / 10.0).astype(np.int64)
    counted = np.bincount(np.minimum(place, BARS - 1), minlength=BARS)
    return [int(count) for count in counted]


def frame(
    number: int, societies: Sequence[Watched], by: Shade, told: list[int], about: Mapping[str, Any]
) -> bytes:
    """The societies now, and their series from the ``told``-th entry on; ``told`` is moved on."""
    columns: dict[str, NDArray[Any]] = {}
    worlds = []
    for k, watched in enumerate(societies):
        gone, come = watched.take_changes()
        columns |= {f"code{k}": codes(watched), f"shade{k}": shades(watched, by),
                    f"gone{k}": gone, f"come{k}": come}  # fmt: skip
        worlds.append({
            "series": watched.series[told[k] :], "bars": bars(watched),
            "ties": watched.world.ties.count(),
        })  # fmt: skip
        told[k] = len(watched.series)
    header = {
        "kind": "frame",
        **about,
        "frame": number,
        "period": societies[0].period,
        "worlds": worlds,
    }
    return packed(header, columns)


def plain(value: Any) -> Any:
    """Data as JavaScript has it: infinity and numbers beyond 2⁵³ as words, nan as nothing.

    >>> plain({"a": float("inf"), "b": [float("nan"), 1.5]})
    {'a': 'inf', 'b': [None, 1.5]}
    >>> plain(2**60)
    '1152921504606846976'
    """
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, float):
        return storable(value)
    if isinstance(value, int) and abs(value) > _EXACT:
        return str(value)
    return getattr(value, "name", value) if not isinstance(value, str) else value
