"""What the literature asks of a run. Measures look and never touch.

Each measure is a function of an :class:`Observation`, registered with its meaning and source.
Cheap ones read the citizens once and are taken every period; dear ones go through all ties, sort
or search the graph, and are taken on request.
"""

from model.measures import lives, network, scores, shares  # noqa: F401  (they register themselves)
from model.measures.registry import (
    MEASURES,
    Measure,
    Observation,
    are_of_sums,
    cheap_names,
    check_names,
    measure,
    measure_many,
    measures_noted,
)

# those that every run takes first, then those of mechanisms, then dear ones
_in_order = sorted(MEASURES.items(), key=lambda item: (item[1].dear, item[1].of != ""))
MEASURES.clear()
MEASURES.update(_in_order)

__all__ = [
    "MEASURES",
    "Measure",
    "Observation",
    "are_of_sums",
    "cheap_names",
    "check_names",
    "measure",
    "measure_many",
    "measures_noted",
]
