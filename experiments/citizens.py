"""Citizens and their friendships as columns, to be written or looked at; also in parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from model import life as marks
from model.record import expression_of, is_flagged, score_of

if TYPE_CHECKING:
    from model.world import World

_AT_A_TIME = 1_000_000
"""Citizens in a part: columns of a hundred million need not exist at once."""


def citizen_parts(world: World) -> Iterator[dict[str, Any]]:
    """:func:`citizen_columns` of one part of the citizens after the other."""
    labels = labelling(world)
    for part in _parts(world):
        yield citizen_columns(world, part, labels)


def tie_parts(world: World) -> Iterator[dict[str, Any]]:
    """:func:`tie_columns` of one part of the citizens after the other."""
    labels = labelling(world)
    for part in _parts(world):
        yield tie_columns(world, part, labels)


def _parts(world: World) -> Iterator[slice]:
    for begin in range(0, world.citizens, _AT_A_TIME):
        yield slice(begin, min(begin + _AT_A_TIME, world.citizens))


def labelling(world: World) -> Callable[[Any], Any]:
    """What gives citizens' labels by their numbers: names in the network's file, or the numbers.

    As Arrow text, which for millions takes a tenth of the room of Python's.
    """
    import pyarrow as pa

    if world.names is None:
        return lambda numbers: pa.array(numbers).cast(pa.string())
    names = pa.array(world.names)
    return lambda numbers: names.take(pa.array(numbers))


def citizen_columns(
    world: World, part: slice | None = None, labels: Callable[[Any], Any] | None = None
) -> dict[str, Any]:
    """All that is known now of each citizen.

    Args:
        world: the society.
        part: of the citizens; all by default.
        labels: what :func:`labelling` gave, where many parts are asked for.
    """
    part = part or slice(0, world.citizens)
    record = world.now.record[part]
    return {
        "label": (labels or labelling(world))(np.arange(part.start, part.stop)),
        "conviction": world.conviction[part],
        "first_conviction": world.traits.anchor[part],
        "self_censorship": world.traits.self_censorship[part],
        "conformity": world.traits.conformity[part],
        "wealth": world.traits.wealth[part],
        "base_score": world.base_scores(part),
        "score": score_of(record),
        "expression": expression_of(record),
        "flagged": is_flagged(record),
        "friends": world.ties.arrays.degree[part],
        "first_friends": world.traits.wanted[part],
        **_life_columns(world, part),
    }


def tie_columns(
    world: World, part: slice | None = None, labels: Callable[[Any], Any] | None = None
) -> dict[str, Any]:
    """Friendships now, each once, by labels: those whose lower end is in the part.

    Args:
        world: the society.
        part: of the citizens; all by default.
        labels: what :func:`labelling` gave, where many parts are asked for.
    """
    part = part or slice(0, world.citizens)
    label = labels or labelling(world)
    source, target = world.ties.edges(part.start, part.stop)
    return {"source": label(source), "target": label(target)}


def _life_columns(world: World, part: slice) -> dict[str, Any]:
    """What only mechanisms beyond the score know of citizens; nothing if none is in force."""
    columns: dict[str, Any] = {}
    if world.full:
        life = world.now.life
        named = ("enrolled", "flaunting", "off_grid", "pressing", "resisting", "accused")
        columns |= {name: life.marks[part] & getattr(marks, name.upper()) != 0 for name in named}
        columns |= {"enrolled_since": life.since[part], "detained_for": life.detained[part],
                    "barred_for": life.barred[part], "periods_clean": life.clean[part],
                    "stake": life.stake[part], "belief": life.belief[part],
                    "taste": world.traits.taste[part], "lifestyle": life.lifestyle[part],
                    "wealth_now": life.wealth[part],
                    "first_operator_score": life.first_score[part],
                    "second_operator_score": life.second_score[part]}  # fmt: skip
        following = world.ties.arrays.following
        if len(following):
            columns["following"] = following[part]
    if world.generations is not None:
        columns["born"] = world.generations.born[part]
    return columns
