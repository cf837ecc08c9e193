"""What came of each point: mean, spread and a bootstrapped interval."""

from __future__ import annotations

from typing import Any

import numpy as np

from experiments.analysis.results import Results
from experiments.intervals import half_width

_RESAMPLES = 2_000
_BOOTSTRAP_FROM = 20


def summarise(results: Results, measures: list[str], seed: int) -> list[dict[str, Any]]:
    """A row for each point and measure.

    From 20 values on the interval is the bias-corrected and accelerated bootstrap's (Efron 1987),
    by SciPy, which needs no normal distribution; with fewer it would be too narrow, and Student's
    stands there. With one value there is none.

    Returns:
        ``point``, parameters, ``measure``, ``n`` values, ``mean``, ``sd``, ``median``, ``low`` and
        ``high`` ends of the 95 % interval of the mean, and which ``interval`` it is.
    """
    from scipy.stats import bootstrap

    generator = np.random.default_rng(seed)
    rows = []
    for measure in measures:
        table = results.values(measure)
        for k, point in enumerate(results.plan.points):
            values = table[k][~np.isnan(table[k])]
            n = len(values)
            low = high = float("nan")
            kind = ""
            if n >= _BOOTSTRAP_FROM and np.ptp(values) > 0.0:
                interval = bootstrap(
                    (values,), np.mean, n_resamples=_RESAMPLES, method="BCa", rng=generator
                ).confidence_interval
                low, high, kind = float(interval.low), float(interval.high), "bootstrap"
            elif n >= 2:
                half = float(half_width(values.var(ddof=1), n, n - 1))
                low, high, kind = values.mean() - half, values.mean() + half, "Student"
            rows.append({
                "point": results.plan.keys[k], **point, "measure": measure, "n": n,
                "mean": float(values.mean()) if n else float("nan"),
                "sd": float(values.std(ddof=1)) if n > 1 else float("nan"),
                "median": float(np.median(values)) if n else float("nan"),
                "low": low, "high": high, "interval": kind,
            })  # fmt: skip
    return rows
