"""Imported once by the server that workers come from: what takes seconds to start."""

import numpy as np

import model.world  # noqa: F401
from model.engine.settling import turns

turns(np.empty(2, np.int64), (0, 0), 0)  # the first compiled call fills Numba's registries
