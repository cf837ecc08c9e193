"""Every parameter of the model, declared once.

A parameter's name, symbol, default, range, unit, meaning and source stand in this folder and
nowhere else: validation, the command line, the documentation table, sweeps and the numeric records
that the rules read are all derived from these declarations. To add a parameter, add one line to a
section and read it in a rule (a test fails for a parameter that changes nothing).

Names are unique over all sections, so that ``--set name=value``, ``Society(name=value)`` and a
study's factors need no section. Defaults describe the scenario *guilt by association*. They are
round numbers of a plausible order, fixed before any study was run, and not fitted to anything.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from model.parameters.authority import Authority
from model.parameters.chance import Chance
from model.parameters.citizens import Citizens
from model.parameters.declare import LARGEST_SEED, SCORE_CEILING, SCORE_FLOOR, Section
from model.parameters.institution import Institution
from model.parameters.network import GENERATORS, Network
from model.parameters.population import Population

__all__ = [
    "ADAPTABLE", "DEFAULTS", "GENERATORS", "LARGEST_SEED", "SCORE_CEILING", "SCORE_FLOOR",
    "SECTIONS", "Authority", "Chance", "Citizens", "Institution", "Network", "Population",
    "Section", "citizens_record", "institution_record", "section_of",
]  # fmt: skip

SECTIONS: dict[str, type[Section]] = {
    "population": Population,
    "network": Network,
    "institution": Institution,
    "citizens": Citizens,
    "authority": Authority,
    "chance": Chance,
}


DEFAULTS: dict[str, Any] = {
    name: field.default for table in SECTIONS.values() for name, field in table.model_fields.items()
}
"""Every parameter's default by its flat name."""


ADAPTABLE: dict[str, float] = {
    "detection": 1.0, "dissent_penalty": 1.0, "association_penalty": 1.0, "news_gravity": 1.0,
    "praise_reward": 1.0, "arrest": 1.0, "tie_loss": 1.0, "severity": 1.0,
    "guilt_by_following": 1.0, "reach": -1.0, "tolerance": -1.0,
}  # fmt: skip
"""Parameters of the institution that an authority can move, with the direction that is harsher."""


@cache
def section_of() -> Mapping[str, str]:
    """Parameter name → section name.

    >>> section_of()["detection"]
    'institution'
    """
    return MappingProxyType(
        {name: section for section, table in SECTIONS.items() for name in table.model_fields}
    )


# The numeric records that rules read: the same names, as plain numbers that Numba can compile.
# Annotations in the rules name the sections above, whose attributes are the same.
InstitutionRecord = namedtuple("InstitutionRecord", list(Institution.model_fields))  # type: ignore[misc]
CitizensRecord = namedtuple("CitizensRecord", list(Citizens.model_fields))  # type: ignore[misc]


def institution_record(institution: Institution) -> Any:
    """The institution as float64: choices by their number."""
    return InstitutionRecord(*(float(value) for _, value in institution))


def citizens_record(citizens: Citizens, institution: Institution) -> Any:
    """The citizens' parameters as numbers; a belief that follows the truth gets its value."""
    values = dict(citizens)
    for name, value in values.items():
        if isinstance(value, str):
            values[name] = getattr(institution, value)
    return CitizensRecord(*(float(value) for value in values.values()))
