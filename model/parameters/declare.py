"""How a parameter is declared."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

SCORE_FLOOR = 350.0
SCORE_CEILING = 950.0
"""The ends of the score scale (M1): those of Sesame Credit and of the 2015 report."""

LARGEST_SEED = 2**64 - 1

DEFINITION = "definition"
REPORT = "2015 report (see README)"

Probability = Annotated[float, Field(ge=0, le=1)]


def parameter(
    default: Any,
    symbol: str,
    unit: str,
    meaning: str,
    source: str,
    **limits: Any,
) -> Any:
    """Declare one parameter; ``limits`` are pydantic's ``ge``, ``gt``, ``le``, ``lt``."""
    return Field(
        default,
        description=meaning,
        json_schema_extra={"symbol": symbol, "unit": unit, "source": source},
        **limits,
    )


class Section(BaseModel):
    """A table of a scenario file. Frozen; unknown names and wrong types are errors."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, validate_default=True, allow_inf_nan=True
    )
