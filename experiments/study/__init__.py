"""Study files, from text to a plan of runs.

``factors`` is what varies; ``designs`` chooses points; ``plan`` names runs and gives them seeds;
``schema`` is the file itself and everything that is checked before the first run.
"""

from experiments.study.plan import Case, Plan
from experiments.study.schema import (
    FigureOfTwoFactors,
    Replication,
    Study,
    bundled_studies,
    check_study,
    load_study,
    study_of,
)

__all__ = [
    "Case", "FigureOfTwoFactors", "Plan", "Replication", "Study", "bundled_studies",
    "check_study", "load_study", "study_of",
]  # fmt: skip
