"""Which mechanisms a scenario turns on.

The core (scores from conduct and association, records, benefits, friendships) is always there and
has an engine of its own. Everything in :data:`SWITCHES` is off by default; a scenario that turns
any of it on is lived by the full engine, which knows them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from model.parameters import DEFAULTS

SWITCHES: dict[str, tuple[str, ...]] = {
    "M2 enrolment": ("mandatory_from",),
    "M3 two operators": ("operators",),
    "M8 lifestyle": ("approved_reward", "disapproved_penalty"),
    "M10 flaunting": ("flaunting",),
    "M11 arrests": ("arrest",),
    "M12 whitelist": ("whitelist_after",),
    "M14 block lists": ("guilt_by_following",),
    "M15 barred speakers": ("reach",),
    "M16 learned belief": ("learning",),
    "M18 turnover": ("turnover",),
    "M20 exit": ("exit",),
    "M21 wealth": ("wealth_feedback",),
    "M23 peer enforcement": ("peer_pressure",),
    "strategic dissent": ("expression_rule=strategic",),
    "spiral of silence": ("expression_rule=spiral",),
    "adaptive institution": ("adaptation_rule",),
}
"""Mechanism → what turns it on: a parameter with a value other than its default, or with that of
``parameter=value``."""


IN_EITHER_ENGINE = frozenset({"M18 turnover", "adaptive institution"})
"""Mechanisms that don't need the full engine: they act between periods."""


def turned_on(parameters: Mapping[str, Any]) -> list[str]:
    """The mechanisms of :data:`SWITCHES` that are on; what isn't named has its default.

    >>> turned_on({"arrest": 0.5})
    ['M11 arrests']
    """

    def on(switch: str) -> bool:
        name, names_value, value = switch.partition("=")
        is_now, default = parameters.get(name, DEFAULTS[name]), DEFAULTS[name]
        if names_value:
            return value == getattr(is_now, "name", is_now)
        return bool(is_now not in (default, getattr(default, "name", default)))

    return [mechanism for mechanism, switches in SWITCHES.items() if any(map(on, switches))]
