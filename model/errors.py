"""What can be wrong with the input, said so that the reader can put it right.

Every error that a user can cause is an :class:`InputError`: the command line prints it in one line
and exits with status 2. Anything else that is raised is a fault of this software.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class InputError(ValueError):
    """Something the user gave is wrong: what, where, what is allowed, the nearest valid choice."""


class ScenarioError(InputError):
    """A scenario file, a study file or a parameter is wrong."""


class NetworkError(InputError):
    """A network file or a generator's setting is wrong."""


def nearest(word: str, choices: Iterable[str]) -> str:
    """``"; did you mean 'x'?"`` for what looks most like ``word``, two if equally so, else nothing.

    >>> nearest("dissent_penality", ["dissent_penalty", "recovery"])
    "; did you mean 'dissent_penalty'?"
    >>> nearest("detektion", ["detention", "recovery", "detection"])
    "; did you mean 'detection' or 'detention'?"
    >>> nearest("zzz", ["dissent_penalty"])
    ''
    """
    close = difflib.get_close_matches(word, list(choices), n=2, cutoff=0.5)

    def likeness(choice: str) -> float:
        return difflib.SequenceMatcher(None, choice, word).ratio()

    equals = sorted(choice for choice in close if likeness(choice) >= likeness(close[0]))
    return f"; did you mean {' or '.join(map(repr, equals))}?" if equals else ""
