"""The exponential of a number that is not positive, and the logit, in plain arithmetic."""

from __future__ import annotations

import math

from model.rules.marker import rule

_LEAST = -40.0
_HALVINGS = 8


@rule
def exponential(x: float) -> float:
    """``exp(x)`` for x ≤ 0 to a relative error below 10⁻¹³; what lies below −40 counts as −40.

    Weights of choices are compared with draws of 32 bits (2⁻³² = exp(−22)), so less than exp(−40)
    = 4·10⁻¹⁸ makes no difference. Mathematical libraries differ in the last bit from machine to
    machine, additions and multiplications don't: with these, one seed gives one history
    everywhere, and the compiler can compute several citizens at once. ``exp = cosh + sinh``, each
    by its Taylor series of degree ten at x/2⁸, then eight squarings (scaling and squaring, Higham
    2008).

    >>> exponential(0.0), round(exponential(-1.0), 12)
    (1.0, 0.367879441171)
    """
    y = max(x, _LEAST) * (1.0 / 256.0)
    square = y * y
    cosh = 1.0 / 40320.0 + square * (1.0 / 3628800.0)
    cosh = 1.0 / 720.0 + square * cosh
    cosh = 1.0 / 24.0 + square * cosh
    cosh = 1.0 / 2.0 + square * cosh
    cosh = 1.0 + square * cosh
    sinh = 1.0 / 5040.0 + square * (1.0 / 362880.0)
    sinh = 1.0 / 120.0 + square * sinh
    sinh = 1.0 / 6.0 + square * sinh
    sinh = 1.0 + square * sinh
    power = cosh + y * sinh
    for _ in range(_HALVINGS):
        power *= power
    return power


@rule
def logit(advantage: float, rationality: float) -> float:
    """Chance of doing what brings ``advantage`` over not doing it: ``1 / (1 + exp(−β·a))``.

    With β = inf it is done if and only if it pays; with chance ½ if it makes no difference.
    (McFadden 1974.)
    """
    if math.isinf(rationality):
        if advantage == 0.0:
            return 0.5
        return 1.0 if advantage > 0.0 else 0.0
    if advantage >= 0.0:
        return 1.0 / (1.0 + exponential(-rationality * advantage))
    odds = exponential(rationality * advantage)
    return odds / (1.0 + odds)
