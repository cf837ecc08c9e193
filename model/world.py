"""A world: a scenario brought to life on a network, advanced period by period.

``World`` is the compiled path: it imports neither Mesa nor pandas. :class:`model.society.Society`
wraps one for Mesa. Both advance the same columns by the same rules to the same bits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from model.chance import key_of
from model.choices import Adaptation, Schedule
from model.engine.compiled import CompiledEngine
from model.engine.parameters import packed
from model.errors import InputError
from model.mechanisms import IN_EITHER_ENGINE
from model.networks import EdgeList, build_network
from model.own_rule import check_scores, try_out
from model.parameters import Institution, citizens_record, institution_record
from model.population import change, first_values
from model.record import expression_of, is_flagged, score_of
from model.rules.scoring import base_score, weighted_table
from model.scenario import DEFAULT, Scenario, load
from model.state import COUNTED, empty_decisions, empty_present
from model.tally import tally
from model.threads import available_cores
from model.ties import Ties

if TYPE_CHECKING:
    import networkx

    from model.authority import AdaptiveAuthority
    from model.engine.interface import Engine
    from model.generations import Generations
    from model.tally import Notes

_THREADS_PAY_FROM = 50_000
_KEPT = 1_000_000
"""Citizens up to whom a drawn network is kept beside the ties that came of it."""
_AT_A_TIME = 1_000_000
"""Citizens whose ties are listed at a time for a fingerprint."""


class World:
    """A society's whole state and the engine that advances it.

    Args:
        scenario: a bundled scenario's name, a TOML file, or a :class:`Scenario`.
        network: an edge list, a networkx graph or a file, in place of the scenario's.
        scoring: a scoring rule ``rule(citizen, glance, institution) -> new score`` in place of the
            scenario's table of weights.
        given: citizen columns in place of drawn ones: ``conviction``, ``self_censorship``,
            ``conformity``, ``wealth``, ``score``, ``expression``, each of shape (N,); also
            ``taste`` where M8 is on, and ``climate`` under the spiral of silence.
        threads: for the compiled engine; by default one for small societies, else all cores.
            The results are the same for every number.
        engine: another one (:mod:`model.engine.interface`) in place of the compiled.
        parameters: any parameter by its flat name, for example ``detection=0.3``.

    Raises:
        InputError: if anything given is wrong.

    >>> world = World("no_institution", citizens=100, seed=7)
    >>> world.run(10)
    >>> world.period, world.ties.count()
    (10, 500)
    """

    def __init__(
        self,
        scenario: str | Path | Scenario = DEFAULT,
        *,
        network: EdgeList | networkx.Graph | str | Path | None = None,
        scoring: Callable[..., float] | None = None,
        given: Mapping[str, ArrayLike] | None = None,
        threads: int | None = None,
        engine: Engine | None = None,
        **parameters: Any,
    ) -> None:
        self.scenario = load(scenario).replace(**parameters)
        self.scoring = scoring or weighted_table
        built = build_network(self.scenario, network)
        self.citizens = built.citizens
        self.names = built.labels
        """The citizens' names in the network's file; None for a drawn network."""
        self.network_notes = built.notes
        """What had to be put right as the network was read."""
        self.ties = Ties(
            self.citizens, built.source, built.target,
            self.scenario.citizens.max_friends, self.scenario.network.follows,
        )  # fmt: skip
        self.is_drawn = network is None and not self.scenario.network.network_file
        """Whether the network follows from the scenario alone."""
        self._network = None if self.is_drawn and self.citizens > _KEPT else built
        del built
        self.max_friends = self.ties.max_friends
        self.mechanisms = self.scenario.mechanisms()
        self.shown = self.scenario.shown()
        self.full = not IN_EITHER_ENGINE.issuperset(self.mechanisms)
        """Whether mechanisms beyond the score are in force, so that the full engine is needed."""
        threads = threads or _default_threads(self.citizens)
        self.traits, self.now = first_values(
            self.scenario, self.citizens, self.ties.arrays.degree, self.full, given, threads
        )
        # one after the other, everybody reads what is newest: there is one record only
        self.next = self.now if self.one_by_one else empty_present(self.citizens, self.full)
        self.decisions = empty_decisions(self.citizens)
        self.key = key_of(self.scenario.chance.seed)
        if self.scenario.network.follows:
            from model.follows import fill_follows  # here and below: only who needs it waits for it

            fill_follows(self.ties.arrays, self.scenario.network.follows, self.key)
        self.period = 0
        self._institution: Institution | None = None
        self.authority: AdaptiveAuthority | None = None
        if self.scenario.authority.adaptation_rule is not Adaptation.none:
            from model.authority import AdaptiveAuthority

            self.authority = AdaptiveAuthority(
                self.scenario.authority, self.scenario.institution_in(1), self.key
            )
        self.begin_period()
        if self.own_rule:
            try_out(self.scoring, self.institution_record)
        self.counts = np.zeros(COUNTED, np.int64)
        """What happened so far: places are named in :mod:`model.state`."""
        self.generations: Generations | None = None
        if self.scenario.citizens.turnover > 0.0:
            from model.generations import founders

            self.generations = founders(self)
        self.engine: Engine = engine or CompiledEngine(threads)

    @property
    def own_rule(self) -> bool:
        """Whether the scoring rule is a researcher's own."""
        return self.scoring is not weighted_table

    @property
    def one_by_one(self) -> bool:
        """Whether citizens act one after the other on the newest record."""
        return self.scenario.chance.schedule is Schedule.random_order

    @property
    def uneventful(self) -> bool:
        """Whether nothing happens between periods but what a compiled loop can do itself."""
        return (
            not (self.one_by_one or self.own_rule or self.scenario.program)
            and self.authority is None
            and self.generations is None
        )

    def needs_compilation(self) -> bool:
        """Whether the next period has to wait for the engine to be compiled."""
        return self.engine.needs_compilation(self)

    def compile(self) -> None:
        """Compile (or load) the engine now, on a world of a few people with the same rules."""
        small = World(
            self.scenario.replace(network_file="", generator="complete", citizens=12),
            scoring=self.scoring,
            threads=1,
        )
        small.run(2)

    def run(self, periods: int, notes: Notes | None = None) -> None:
        """Advance by so many periods (a whole number ≥ 0).

        Args:
            periods: how many.
            notes: room for so many periods (:func:`model.tally.empty_notes`): what measures of sums
                need of each is noted there on the way.
        """
        if not isinstance(periods, int | np.integer) or periods < 0:
            raise InputError(f"periods = {periods!r} is not a whole number ≥ 0")
        self.engine.run(self, int(periods), notes)

    def step(self) -> None:
        """Advance by one period."""
        self.engine.run(self, 1)

    def begin_period(self) -> None:
        """Put the institution in force that the scenario's program has for this period."""
        institution = self.scenario.institution_in(self.period + 1)
        if self.authority is not None:
            trial = self.authority.trial(self.period)
            institution = Institution.model_validate({**dict(institution), **trial})
        if institution is not self._institution:
            self._institution = institution
            self.institution_record = institution_record(institution)
            self.citizens_record = citizens_record(self.scenario.citizens, institution)
            self.parameters = packed(self.institution_record, self.citizens_record)

    @property
    def institution(self) -> Institution:
        """The institution as it is in the period being lived, or lived last."""
        assert self._institution is not None  # noqa: S101  (set from the beginning)
        return self._institution

    def end_period(self) -> None:
        """Everybody has lived it, with whichever engine."""
        if self.own_rule:
            check_scores(self.scoring, self)
        if self.authority is not None:
            from model.authority import account_of

            account = account_of(self.now, self.institution_record)
            self.authority.learn(self.period, account, self.institution_record)
        if self.generations is not None:
            from model.generations import succeed

            succeed(self, self.generations)
        self.period += 1

    def add_up(self, row: NDArray[np.float64]) -> None:
        """Write the sums over citizens as they are now, the fields of :class:`model.tally.Tally`.

        Args:
            row: (16,) to be written.
        """
        tally(
            self.now, self.ties.arrays.degree, self.institution.travel_threshold,
            self.institution.visa_threshold, row,
        )  # fmt: skip

    def publish(self) -> None:
        """Make what was written in this period the record that is read in the next."""
        self.now, self.next = self.next, self.now

    def change(self, **columns: ArrayLike) -> None:
        """Set citizens' columns now, for an intervention between two periods.

        Args:
            columns: any of ``conviction``, ``self_censorship``, ``conformity``, ``wealth``,
                ``score``, ``expression``, each of shape (N,) or one number for all. A first
                conviction stays the anchor; what is recorded stays recorded.

        Raises:
            InputError: for another name, shape or a value out of range; nothing is changed then.

        >>> world = World(citizens=100)
        >>> world.run(50)
        >>> world.change(score=np.maximum(world.score, 700.0))  # an amnesty
        >>> float(world.score.min())
        700.0
        """
        change(columns, self.traits, self.now)

    # what a reader may want to look at (a copy or a view: see :meth:`change`)

    @property
    def conviction(self) -> NDArray[np.float32]:
        """(N,) private stances now."""
        view = self.now.conviction.view()
        return _read_only(view)

    @property
    def score(self) -> NDArray[np.float64]:
        """(N,) scores now."""
        scores: NDArray[np.float64] = score_of(self.now.record)
        return _read_only(scores)

    @property
    def base_score(self) -> NDArray[np.float64]:
        """(N,) what ability to pay alone would give."""
        return _read_only(self.base_scores(slice(None)))

    def base_scores(self, part: slice) -> NDArray[np.float64]:
        """The base scores of a part of the citizens."""
        now: Any = self.now.life.wealth if self.full else self.traits.wealth
        wealth: Any = now[part].astype(np.float64)
        base: Any = base_score(wealth, self.institution_record)
        return cast("NDArray[np.float64]", base)

    @property
    def expression(self) -> NDArray[np.float64]:
        """(N,) what is said in public now: −1 praise, 0 silence, +1 dissent."""
        said: NDArray[np.float64] = expression_of(self.now.record)
        return _read_only(said)

    @property
    def flagged(self) -> NDArray[np.bool_]:
        """(N,) whether dissent was recorded in the last period."""
        recorded: NDArray[np.bool_] = is_flagged(self.now.record)
        return _read_only(recorded)

    @property
    def labels(self) -> list[str]:
        """The citizens' names in the network's file, or their numbers."""
        return self.names or [str(i) for i in range(self.citizens)]

    @property
    def network(self) -> EdgeList:
        """The ties of the beginning; those of a large drawn network are drawn again."""
        return self._network or build_network(self.scenario)

    def fingerprint(self) -> str:
        """SHA-256 of the state and the ties: equal for equal worlds, whatever engine ran them."""
        digest = hashlib.sha256()

        def absorb(column: NDArray[Any]) -> None:
            little = column.astype(column.dtype.newbyteorder("<"), copy=False)
            digest.update(np.ascontiguousarray(little).view(np.uint8).data)

        for column in (
            np.array([self.citizens, self.period, *self.counts]), self.conviction,
            self.now.record, *self.now.life,
        ):  # fmt: skip
            absorb(column)
        for ends in self._all_ends():
            absorb(ends)
        for column in (
            self.ties.arrays.followed,
            *((self.generations.born, *self.traits) if self.generations else ()),
            *((self.authority.state(),) if self.authority else ()),
        ):  # fmt: skip
            absorb(column)
        return digest.hexdigest()

    def _all_ends(self) -> Iterator[NDArray[np.int32]]:
        """All sources, then all targets, of large societies without a list of either."""
        if self.citizens <= _AT_A_TIME:
            yield from self.ties.edges()
            return
        for end in (0, 1):
            for begin in range(0, self.citizens, _AT_A_TIME):
                yield self.ties.edges(begin, begin + _AT_A_TIME)[end]

    def nbytes(self) -> dict[str, int]:
        """Memory of the state: of citizens' columns, and of ties."""
        columns = (*self.traits, *self.decisions, *(column for present in (self.now, self.next)
                   for column in (present.conviction, present.record, *present.life)))  # fmt: skip
        return {"citizens": sum(column.nbytes for column in columns), "ties": self.ties.nbytes()}


def _read_only(values: Any) -> Any:
    """Refuse assignments that would be lost, or that would pass by :meth:`World.change`."""
    values.flags.writeable = False
    return values


def _default_threads(citizens: int) -> int:
    return 1 if citizens < _THREADS_PAY_FROM else available_cores()
