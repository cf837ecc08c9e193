"""The society as a Mesa model: agents, collectors and batch runs as Mesa users expect.

``Society`` wraps a :class:`model.world.World`. With the ``mesa`` engine every citizen's ``step``
runs in Python: what a modeller reads, debugs and subclasses. With the ``compiled`` engine the same
model advances hundreds of times faster, and agents are made only if somebody asks for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import mesa
import numpy as np
from mesa.agent import AgentSet
from numpy.typing import ArrayLike

from model.citizen import Citizen
from model.engine.settling import fill_with_turns, first_to_settle
from model.errors import InputError, nearest
from model.measures import measure
from model.networks import EdgeList
from model.scenario import DEFAULT, Scenario, load
from model.world import World

if TYPE_CHECKING:
    import networkx

ENGINES = ("mesa", "compiled")


class Society(mesa.Model):
    """A society on a friendship graph under a scoring institution.

    Args:
        scenario: a bundled scenario's name, a TOML file, or a :class:`Scenario`.
        engine: ``mesa`` (each citizen's ``step`` in Python) or ``compiled``; both give the same
            bits.
        rng: the seed, as in Mesa: a whole number. It decides the graph, the citizens and every
            event. A numpy generator gives one from its stream. By default the scenario's own, and
            if that has none a new one each time, as in Mesa (``world.scenario.chance.seed``).
        seed: an older name of ``rng`` in Mesa, for ``batch_run``.
        network, scoring, given: as in :class:`World`.
        parameters: any parameter by its flat name, so that ``batch_run`` can sweep them.

    >>> society = Society("guilt_by_association", citizens=50, rng=4)
    >>> society.step()
    >>> society.period, len(society.agents)
    (1, 50)
    """

    def __init__(
        self,
        scenario: str | Path | Scenario = DEFAULT,
        *,
        engine: Literal["mesa", "compiled"] = "mesa",
        rng: Any = None,
        seed: int | None = None,
        network: EdgeList | networkx.Graph | str | Path | None = None,
        scoring: Callable[..., float] | None = None,
        given: Mapping[str, ArrayLike] | None = None,
        **parameters: Any,
    ) -> None:
        if engine not in ENGINES:
            raise InputError(
                f"there is no engine '{engine}'{nearest(str(engine), ENGINES)} "
                f"(engines: {', '.join(ENGINES)})"
            )
        if rng is not None and seed is not None:
            raise InputError("give either rng or seed, not both")
        own_seed = _seed_of(rng if rng is not None else seed)
        scenario = load(scenario)
        if own_seed is None and "seed" not in {*parameters, *scenario.chance.model_fields_set}:
            own_seed = _seed_of(np.random.SeedSequence())
        if own_seed is not None:
            parameters["seed"] = own_seed
        world = World(scenario, network=network, scoring=scoring, given=given, **parameters)
        # Mesa's own generators are unused by the rules but follow the same seed
        super().__init__(rng=world.scenario.chance.seed)
        self.engine = engine
        self.world = world
        self._citizens: list[Citizen] | None = None
        self.datacollector = mesa.DataCollector(
            model_reporters={name: _reporter(name) for name in _COLLECTED}
        )

    @property
    def period(self) -> int:
        """Periods lived so far."""
        return self.world.period

    @property
    def citizens(self) -> list[Citizen]:
        """The agents in the order of their rows; made when first asked for."""
        if self._citizens is None:
            self._citizens = []  # so that Mesa's registration doesn't come back here
            self._citizens = [Citizen(self, row) for row in range(self.world.citizens)]
        return self._citizens

    @property
    def agents(self) -> AgentSet:
        """All citizens as a Mesa AgentSet; made when first asked for."""
        if getattr(self, "world", None) is not None:
            _ = self.citizens
        return super().agents

    @agents.setter
    def agents(self, agents: Any) -> None:
        raise AttributeError("the citizens of a Society are fixed by its scenario")

    def step(self) -> None:
        """One period."""
        if self.engine == "compiled":
            self.world.step()
            self.datacollector.collect(self)
            return
        self.world.begin_period()
        if self.world.one_by_one:
            self._step_one_by_one()
        else:
            self._step_synchronous()
        self.datacollector.collect(self)

    def _step_synchronous(self) -> None:
        world, citizens = self.world, self.citizens
        for citizen in citizens:
            citizen.step()
        first = first_to_settle(world.citizens, world.key, world.period)
        for citizen in citizens[first:] + citizens[:first]:
            citizen.advance()
        world.publish()
        world.end_period()

    def _step_one_by_one(self) -> None:
        world, citizens = self.world, self.citizens
        order = np.empty(world.citizens, np.int64)
        fill_with_turns(order, world.key, world.period)
        for row in order.tolist():
            citizens[row].step()
            citizens[row].advance()
        world.end_period()

    def measure(self, name: str) -> float:
        """A measure of the society as it is now; see :mod:`model.measures`."""
        return measure(self.world, name)

    def fingerprint(self) -> str:
        """SHA-256 of state and ties; equal for both engines."""
        return self.world.fingerprint()

    def close(self) -> None:
        """Let go of Mesa's hold on this model (Mesa before 3.5 keeps every model for ever)."""
        ids = getattr(mesa.Agent, "_ids", None)
        if ids is not None:
            ids.pop(self, None)


_COLLECTED = ("dissent", "praise", "silence", "self_censorship", "mean_score", "ties_cut")


def _reporter(name: str) -> Callable[[Society], float]:
    return lambda society: society.measure(name)


def _seed_of(rng: Any) -> int | None:
    """The whole number behind Mesa's many kinds of ``rng``."""
    if rng is None or (isinstance(rng, int) and not isinstance(rng, bool)):
        return rng
    if isinstance(rng, np.integer):
        return int(rng)
    if isinstance(rng, np.random.SeedSequence):
        return int(rng.generate_state(1, np.uint64)[0])
    try:
        return int(np.random.default_rng(rng).integers(2**63))
    except (TypeError, ValueError):
        raise InputError(f"rng = {rng!r} is not a seed: give a whole number") from None
