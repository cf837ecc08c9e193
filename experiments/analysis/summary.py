"""What came of each point: mean, spread and a bootstrapped interval."""

from __future__ import annotations

from typing import Any

import numpy as np

from experiments.analysis.results import Results

_RESAMPLES = 2_000


def summarise(results: Results, measures: list[str], seed: int) -> list[dict[str, Any]]:
    """A row for each point and measure.

    The interval is the bias-corrected and accelerated bootstrap's (Efron 1987) over replicates, by
    SciPy; it needs no normal distribution. With fewer than three values there is none.

    Returns:
        ``point``, parameters, ``measure``, ``n`` values, ``mean``, ``sd``, ``median``, ``low`` and
        ``high`` ends of the 95 % interval of the mean.
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
            if n >= 3 and np.ptp(values) > 0.0:
                interval = bootstrap(
                    (values,), np.mean, n_resamples=_RESAMPLES, method="BCa", rng=generator
                ).confidence_interval
                low, high = float(interval.low), float(interval.high)
            elif n >= 3:
                low = high = float(values[0])
            rows.append({
                "point": results.plan.keys[k], **point, "measure": measure, "n": n,
                "mean": float(values.mean()) if n else float("nan"),
                "sd": float(values.std(ddof=1)) if n > 1 else float("nan"),
                "median": float(np.median(values)) if n else float("nan"),
                "low": low, "high": high,
            })  # fmt: skip
    return rows
