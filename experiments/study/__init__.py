"""Study files, from text to a plan of runs.

``factors`` is what varies; ``designs`` chooses points; ``plan`` names runs and gives them seeds;
``schema`` is the file itself; ``check`` is all that is known before the first run; ``loading``
finds and reads it; ``making`` is for models that aren't ours.
"""

from experiments.study.check import check_study
from experiments.study.loading import bundled_studies, load_study, study_of
from experiments.study.plan import Case, Plan
from experiments.study.schema import FigureOfTwoFactors, Replication, Study

__all__ = [
    "Case", "FigureOfTwoFactors", "Plan", "Replication", "Study", "bundled_studies",
    "check_study", "load_study", "study_of",
]  # fmt: skip
