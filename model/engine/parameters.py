"""How parameters come into a compiled loop: as one array.

A named tuple of 80 numbers is unpacked entry by entry at each call, which takes 8 µs: an eighth of
a period of 1,000 citizens. An array is handed over in one piece, and the rules' named tuples are
made of it inside, where those that nobody reads cost nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba.np.unsafe.ndarray import to_fixed_tuple
from numpy.typing import NDArray

from model.parameters import CitizensRecord, InstitutionRecord
from model.rules.marker import rule

_OF_INSTITUTION = len(InstitutionRecord._fields)
_OF_CITIZENS = len(CitizensRecord._fields)
_to_tuple: Any = to_fixed_tuple  # Numba's intrinsics carry one argument more than callers give


def packed(institution: Any, citizens: Any) -> NDArray[np.float64]:
    """The two records as one array, for :func:`unpack`."""
    return np.array([*institution, *citizens], np.float64)


@rule
def unpack(parameters):
    """The two records out of an array; in compiled code only."""
    institution = _to_tuple(parameters[:_OF_INSTITUTION], _OF_INSTITUTION)
    citizens = _to_tuple(parameters[_OF_INSTITUTION:], _OF_CITIZENS)
    return InstitutionRecord(*institution), CitizensRecord(*citizens)
