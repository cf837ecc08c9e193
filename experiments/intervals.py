"""Confidence intervals of means."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import stdtrit

CONFIDENCE = 0.95


def half_width(variance: Any, n: Any, freedom: Any) -> Any:
    """Half of Student's 95 % interval: ``t(freedom) · √(variance / n)``; numbers or arrays."""
    return stdtrit(freedom, 0.5 + CONFIDENCE / 2) * np.sqrt(variance / n)
