"""Experiments with scored societies: one run, pairs of twins, sweeps, their analysis and figures.

For Python: :func:`run_scenarios`, :class:`Store`, :class:`ScoredRun`, :class:`MesaRun`,
:class:`Sweep`,
:func:`load_study` and :func:`make_plan`; imported only when asked for, since the command must start
at once.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "MesaRun": "experiments.sweep.mesa_model",
    "ScoredRun": "experiments.sweep.scored",
    "Store": "experiments.sweep.store",
    "Sweep": "experiments.sweep.sweep",
    "load_study": "experiments.study",
    "make_plan": "experiments.study.making",
    "run_scenarios": "experiments.sweep.api",
}
__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'experiments' has no attribute '{name}'")
