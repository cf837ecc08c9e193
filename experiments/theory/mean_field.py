"""The mean field of the model: infinitely many citizens who all see all others.

Citizens are divided into types by conviction, self-censorship, conformity and wealth (the middle
quantiles of their distributions, all combinations). All see one glance: the means of the period
before. A type's expected expression, record, next score and next conviction follow from the model's
own rules; a period is a map from means to means. Its fixed points and their stability are the
theory's answer. What it leaves out: friends of one's own (small worlds, pruning), fluctuations of a
citizen's score around its mean, and chance.
"""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.choices import ExpressionRule
from model.compilation import compiled
from model.engine.parameters import packed, unpack
from model.errors import InputError
from model.parameters import citizens_record, institution_record
from model.population import beta, truncated_normal
from model.rules.conviction import next_conviction
from model.rules.expression import logit_weights, utilities
from model.rules.records import (
    PLAIN_BELIEF,
    PLAIN_LIFESTYLE,
    PLAIN_STAKE,
    CitizenState,
    Glance,
    acting,
)
from model.rules.scoring import base_score, clamp, weighted_table
from model.rules.surveillance import chance_of_record
from model.scenario import Scenario

Floats = NDArray[np.float64]

SHARES = ("dissent", "silence", "praise", "score")
_QUANTILES = (7, 5, 5, 3)
_ENOUGH, _RESIDUAL, _NEAR = 1e-8, 1e-12, 1e-3
_PUSH, _EIGEN = 1e-6, 1e-6


class Types(NamedTuple):
    """Kinds of citizens, all equally many: (K,) each."""

    anchor: Floats
    self_censorship: Floats
    conformity: Floats
    wealth: Floats


class State(NamedTuple):
    """A society of types."""

    means: Floats
    """(5,) of a glance: mean expression, shares dissenting and flagged, mean gravity, score."""
    conviction: Floats
    """(K,)."""
    score: Floats
    """(K,) expected."""

    def flat(self) -> Floats:
        """As one vector, scores in units of 100 points so that all is of one order."""
        means = self.means.copy()
        means[4] /= 100.0
        return np.concatenate([means, self.conviction, self.score / 100.0])


def state_from(flat: Floats) -> State:
    """The inverse of :meth:`State.flat`."""
    kinds = (len(flat) - 5) // 2
    means = flat[:5].copy()
    means[4] *= 100.0
    return State(means, flat[5 : 5 + kinds].copy(), flat[5 + kinds :] * 100.0)


@compiled
def _live(anchor, kappa, gamma, wealth, means, conviction, score, friends, parameters, new):
    """One period of each type; ``new`` (K, 2) takes conviction and score; returns sums.

    The sums are of expression, dissent, flagged, gravity, score, silence and praise.
    """
    institution, citizens = unpack(parameters)
    glance = Glance(friends, means[0], means[1], means[2], means[3], 0.0, means[4])
    sums = np.zeros(7)
    for k in range(len(anchor)):
        me = CitizenState(
            conviction[k], anchor[k], kappa[k], gamma[k], wealth[k],
            base_score(wealth[k], institution), score[k], 0.0, 0.0, PLAIN_LIFESTYLE, PLAIN_STAKE,
            PLAIN_BELIEF,
        )  # fmt: skip
        new[k, 0] = new[k, 1] = 0.0
        for news in range(2):
            share = citizens.news_exposure if news == 1 else 1.0 - citizens.news_exposure
            grave = institution.news_gravity if news == 1 else 1.0
            dissent, praise = utilities(me, glance, grave, institution, citizens, weighted_table)
            weights = logit_weights(dissent, praise, citizens.rationality)
            total = weights[0] + weights[1] + weights[2]
            for act in range(3):
                said = 1.0 if act == 0 else (-1.0 if act == 1 else 0.0)
                chance = share * weights[act] / total
                caught = chance_of_record(said, institution.detection, institution.false_alarm)
                gravity = grave if said > 0.0 else 1.0
                for recorded in range(2):
                    odds = chance * (caught if recorded == 1 else 1.0 - caught)
                    now = acting(me, said, gravity if recorded == 1 else 0.0)
                    new[k, 0] += odds * next_conviction(now, glance, citizens)
                    new[k, 1] += odds * clamp(weighted_table(now, glance, institution))
                sums[0] += chance * said
                sums[1] += chance * (said > 0.0)
                sums[2] += chance * caught
                sums[3] += chance * caught * gravity
                sums[5] += chance * (said == 0.0)
                sums[6] += chance * (said < 0.0)
        sums[4] += new[k, 1]
    return sums


class MeanField:
    """The map of a scenario.

    Args:
        scenario: with quantal expression and without mechanisms beyond the score.
        friends: how many each has, where rules count them; by default all others.
        quantiles: types of conviction, self-censorship, conformity and wealth.

    Raises:
        InputError: for a scenario that the theory doesn't cover.
    """

    def __init__(
        self,
        scenario: Scenario,
        friends: float | None = None,
        quantiles: tuple[int, int, int, int] = _QUANTILES,
    ) -> None:
        beyond = scenario.mechanisms()
        if beyond or scenario.program:
            raise InputError(f"no mean field of {', '.join(beyond) or 'a program'}")
        if scenario.citizens.expression_rule is not ExpressionRule.quantal:
            raise InputError("the mean field is that of quantal expression")
        if scenario.institution.association_rule.name == "worst":
            raise InputError("no mean field of association_rule = worst: the gravest of all")
        self.scenario = scenario
        self.friends = friends or float(scenario.population.citizens - 1)
        self.types = types_of(scenario, quantiles)
        self.parameters = packed(
            institution_record(scenario.institution),
            citizens_record(scenario.citizens, scenario.institution),
        )
        self._shares = np.zeros(3)

    def first(self, expression: float = 0.0) -> State:
        """All silent and unrecorded, or all having said ``expression``."""
        base: Any = base_score(self.types.wealth, self.scenario.institution)  # type: ignore[arg-type]
        means = np.array([expression, float(expression > 0), 0.0, 0.0, float(base.mean())])
        return State(means, self.types.anchor.copy(), np.asarray(base, float))

    def step(self, state: State) -> State:
        """The next period."""
        kinds = len(self.types.anchor)
        new = np.empty((kinds, 2))
        sums = _live(
            *self.types, state.means, state.conviction, state.score, self.friends,
            self.parameters, new,
        ) / kinds  # fmt: skip
        self._shares = np.array([sums[1], sums[5], sums[6]])
        return State(sums[:5], new[:, 0], new[:, 1])

    def shares_now(self) -> Floats:
        """(3,) shares of dissent, silence and praise in the period stepped last."""
        return self._shares

    def course(self, periods: int, state: State | None = None) -> tuple[Floats, State]:
        """(periods, 4) shares of dissent, silence, praise, and the mean score; the last state."""
        state = state or self.first()
        rows = np.empty((periods, 4))
        for t in range(periods):
            state = self.step(state)
            rows[t] = [*self._shares, state.means[4]]
        return rows, state

    def rest(self, state: State | None = None, most: int = 50_000) -> State:
        """The fixed point to which a state leads: period by period, the last of it by Newton.

        Raises:
            InputError: if it leads to none within ``most`` periods.
        """
        state = state or self.first()
        for _ in range(most):
            following = self.step(state)
            if np.abs(following.flat() - state.flat()).max() < _ENOUGH:
                return self._polished(following)
            state = following
        raise InputError(f"the mean field doesn't come to rest within {most} periods")

    def _polished(self, state: State) -> State:
        """A state nearly at rest, at rest: Newton's method without a Jacobian (scipy)."""
        from scipy.optimize import newton_krylov

        def moved(flat: Floats) -> Floats:
            return self.step(state_from(flat)).flat() - flat

        at = state.flat()
        if np.abs(moved(at)).max() < _RESIDUAL:
            return state
        found = np.asarray(newton_krylov(moved, at, f_tol=_RESIDUAL))
        if np.abs(found - at).max() > _NEAR:
            raise InputError("the mean field rests nowhere near where it seemed to")
        return state_from(found)

    def shares(self, state: State) -> Floats:
        """Dissent, silence and praise one period on, and the mean score, of a state."""
        following = self.step(state)
        return np.array([*self._shares, following.means[4]])

    def radius(self, state: State) -> float:
        """Spectral radius of the map's Jacobian at a fixed point: below 1 it is stable.

        The largest eigenvalue by Arnoldi's method (scipy) on central differences of the map.
        """
        from scipy.sparse.linalg import LinearOperator, eigs

        at = state.flat()

        def pushed(push: Floats) -> Floats:
            push = push.ravel()
            size = _PUSH / max(float(np.linalg.norm(push)), _PUSH)
            up = self.step(state_from(at + size * push)).flat()
            down = self.step(state_from(at - size * push)).flat()
            return (up - down) / (2.0 * size)

        jacobian = LinearOperator((len(at), len(at)), matvec=pushed, dtype=float)
        first = np.random.default_rng(1).normal(size=len(at))
        largest = eigs(jacobian, k=1, which="LM", v0=first, tol=_EIGEN, return_eigenvectors=False)
        return float(np.abs(largest[0]))

    def fixed_point(self, near: State) -> State:
        """A fixed point near a state, stable or not, by Newton's method (scipy).

        Raises:
            InputError: if none is found.
        """
        from scipy.optimize import root

        found = root(lambda x: self.step(state_from(x)).flat() - x, near.flat(), method="hybr",
                     options={"xtol": 1e-12})  # fmt: skip
        if not found.success or np.abs(found.fun).max() > 1e-8:
            raise InputError(f"no fixed point near there: {found.message}")
        return state_from(found.x)


def types_of(scenario: Scenario, quantiles: tuple[int, int, int, int]) -> Types:
    """All combinations of the middle quantiles of the four traits."""
    p = scenario.population

    def middle(many: int) -> Floats:
        return (np.arange(many) + 0.5) / many

    columns = [
        truncated_normal(p.conviction_mean, p.conviction_spread, middle(quantiles[0])),
        beta(p.self_censorship, p.self_censorship_concentration, middle(quantiles[1])),
        beta(p.conformity, p.conformity_concentration, middle(quantiles[2])),
        beta(p.wealth, p.wealth_concentration, middle(quantiles[3])),
    ]
    # equal people are one type
    distinct = [column[:1] if np.ptp(column) == 0.0 else column for column in columns]
    grid = np.array(list(itertools.product(*distinct)))
    return Types(*(np.ascontiguousarray(column) for column in grid.T))
