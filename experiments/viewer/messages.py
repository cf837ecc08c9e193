"""What a page may ask for: each operation with its values, and nothing else."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from experiments.viewer.frames import Shade
from experiments.viewer.limits import FASTEST
from model.errors import InputError

Name = Annotated[str, Field(min_length=1, max_length=80)]
Value = bool | int | float | Annotated[str, Field(max_length=200)]


class Operation(BaseModel):
    """One message of the page."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Rules(Operation):
    """A scenario, and what is changed of it."""

    scenario: Name
    parameters: dict[Name, Value] = Field(default_factory=dict, max_length=200)
    changes: list[tuple[Annotated[int, Field(ge=1, le=10_000_000)], Name, Value]] = Field(
        default_factory=list, max_length=500
    )
    """Steps of the institution: from which period, what, and its new value."""


class Open(Operation):
    """Begin a society, and its twin perhaps, and let it live to a period."""

    op: Literal["open"]
    rules: Rules
    twin: Rules | None = None
    period: int = Field(0, ge=0, le=10_000_000)
    tag: int = Field(0, ge=0, le=2**53)
    """Comes back with the answer: a page that has asked again meanwhile knows which it is."""


class Play(Operation):
    """Go on, period by period."""

    op: Literal["play"]
    until: int = Field(0, ge=0, le=10_000_000)
    """Period after which to pause; 0: none."""


class Pause(Operation):
    """Stop after this period."""

    op: Literal["pause"]


class Step(Operation):
    """Some periods, then stop."""

    op: Literal["step"]
    periods: int = Field(1, ge=1, le=100)


class Speed(Operation):
    """Periods a second."""

    op: Literal["speed"]
    periods: float = Field(ge=0.2, le=FASTEST)


class Alter(Operation):
    """A parameter of an institution takes another value from the next period on."""

    op: Literal["change"]
    name: Name
    value: Value
    world: int = Field(0, ge=0, le=1)


class Colour(Operation):
    """What citizens are coloured by."""

    op: Literal["colour"]
    by: Annotated[Shade, Field(strict=False)]


class Story(Operation):
    """Tell of a citizen."""

    op: Literal["story"]
    citizen: int = Field(ge=0)
    world: int = Field(0, ge=0, le=1)


class Find(Operation):
    """Who is called like this?"""

    op: Literal["find"]
    text: Annotated[str, Field(max_length=80)]


class Ack(Operation):
    """A frame has been drawn."""

    op: Literal["ack"]
    frame: int = Field(ge=0)


class Export(Operation):
    """A file of the run, or of its scenario."""

    op: Literal["export"]
    what: Literal["series", "citizens", "ties", "scenario"]
    form: Literal["parquet", "csv", "toml"]
    world: int = Field(0, ge=0, le=1)


class Study(Operation):
    """The study file of a sweep over one parameter, from the present society."""

    op: Literal["study"]
    parameter: Name
    begin: float
    end: float
    levels: int = Field(5, ge=2, le=50)
    replicates: int = Field(20, ge=1, le=10_000)
    world: int = Field(0, ge=0, le=1)


AnyOperation = Annotated[
    Open | Play | Pause | Step | Speed | Alter | Colour | Story | Find | Ack | Export | Study,
    Field(discriminator="op"),
]
_ADAPTER: TypeAdapter[Any] = TypeAdapter(AnyOperation)


def op_of(text: str) -> str:
    """The operation that a message names, be it allowed or not; nothing if it names none.

    >>> op_of('{"op": "open", "period": -1}'), op_of("[")
    ('open', '')
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    op = value.get("op") if isinstance(value, dict) else None
    return op[:20] if isinstance(op, str) else ""


def tag_of(text: str) -> dict[str, int]:
    """The tag of a refused opening, for its answer; nothing if it has none.

    >>> tag_of('{"op": "open", "tag": 3}'), tag_of("[")
    ({'tag': 3}, {})
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    tag = value.get("tag") if isinstance(value, dict) else None
    return {"tag": tag} if isinstance(tag, int) and 0 <= tag <= 2**53 else {}


def parsed(text: str) -> Any:
    """A page's message as an operation.

    Raises:
        InputError: saying what is wrong with it.

    >>> parsed('{"op": "step", "periods": 3}').periods
    3
    """
    try:
        return _ADAPTER.validate_json(text)
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise InputError(f"message refused: {where}: {fault['msg']}"[:300]) from None
