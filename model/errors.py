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
    """``"; did you mean 'x'?"`` for the choice that looks most like ``word``, else nothing.

    >>> nearest("dissent_penality", ["dissent_penalty", "recovery"])
    "; did you mean 'dissent_penalty'?"
    >>> nearest("zzz", ["dissent_penalty"])
    ''
    """
    close = difflib.get_close_matches(word, list(choices), n=1, cutoff=0.5)
    return f"; did you mean '{close[0]}'?" if close else ""
