"""From what a page asks for to scenarios, before anything is built: what may be, and how large."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from experiments.viewer.limits import Limits
from experiments.viewer.messages import Open, Rules
from model.errors import InputError, nearest
from model.networks import EdgeList
from model.parameters import section_of
from model.scenario import Scenario

_SHARED = ("population", "network", "chance")
"""Sections that twins share, so that citizens are the same people with the same luck."""


def chosen(
    operation: Open, known: Mapping[str, Scenario], network: EdgeList | None, limits: Limits
) -> list[Scenario]:
    """The scenario that is asked for, and its twin's if there is one.

    Args:
        operation: what is asked for.
        known: scenarios that can be, by name.
        network: a real one in place of the scenarios', or None.
        limits: of a visitor.

    Raises:
        InputError: if it can't be, or is too much.
    """
    scenario = _scenario(operation.rules, known, network)
    scenarios = [scenario]
    if operation.twin is not None:
        for name in operation.twin.parameters:
            if section_of().get(name) in _SHARED:
                raise InputError(f"{name}: twins are the same people with the same luck")
        twin = _scenario(operation.twin, known, network)
        shared = {name: value for section in _SHARED
                  for name, value in getattr(scenario, section)}  # fmt: skip
        scenarios.append(twin.replace(**shared))
    _check_size(scenario, network, limits)
    _check_period(operation.period, _people(scenario, network) * len(scenarios), limits)
    return scenarios


def _scenario(
    rules: Rules, known: Mapping[str, Scenario], network: EdgeList | None
) -> Scenario:  # fmt: skip
    found = known.get(rules.scenario)
    if found is None:
        raise InputError(f"there is no scenario '{rules.scenario}' here")
    for name in rules.parameters:
        if name not in section_of():
            raise InputError(f"there is no parameter '{name}'{nearest(name, section_of())}")
        if name == "network_file":
            raise InputError("network_file: only who starts the server names files")
        if network is not None and section_of()[name] == "network":
            raise InputError(f"{name}: this server shows one network, from a file")
    parameters: dict[str, Any] = dict(rules.parameters)
    seed = str(parameters.get("seed", ""))
    if seed.isascii() and seed.isdigit():  # JavaScript has no number beyond 2⁵³: a word then
        parameters["seed"] = int(seed)
    program = [change.model_dump(by_alias=True, exclude_none=True) for change in found.program]
    steps = [{"parameter": name, "at": at, "to": value} for at, name, value in rules.changes]
    return found.replace(**parameters, program=[*program, *steps])


def _people(scenario: Scenario, network: EdgeList | None) -> int:
    return network.citizens if network is not None else scenario.population.citizens


def _check_size(scenario: Scenario, network: EdgeList | None, limits: Limits) -> None:
    people, drawn = _people(scenario, network), scenario.network
    if people > limits.citizens and not drawn.network_file:
        raise InputError(
            f"citizens = {people:,}: at most {limits.citizens:,} are shown here "
            "(the server's --max-citizens)"
        )
    ties = people * drawn.follows
    if network is None:
        each = people - 1 if drawn.generator == "complete" else drawn.mean_degree
        ties += int(people * each / 2)
    if ties > limits.ties:
        raise InputError(
            f"{ties:,} friendships and follows: at most {limits.ties:,} are shown here "
            "(the server's --max-ties)"
        )


def _check_period(period: int, people: int, limits: Limits) -> None:
    most = limits.periods
    if period <= most and people * period > limits.catch_up:
        most = limits.catch_up // max(people, 1)
    if period > most:
        raise InputError(f"period {period:,} is too far for a page: at most {most:,}")
