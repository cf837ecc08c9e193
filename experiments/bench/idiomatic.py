"""The default society as a Mesa user would tune it by hand, and as a user of sparse matrices would.

Both are written for speed and for nothing else: numbers of the default scenario in place of
parameters, no other mechanism, no addressed luck. They do the same work by the same equations
(:mod:`model.rules`), which a test checks by the dissent and the friendships that come of it. The
sparse one leaves friendships as they are: it has less to do.
"""

from __future__ import annotations

import math
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from model.world import World

_DETECTION, _PENALTY, _ASSOCIATION, _REWARD, _RECOVERY, _GRAVE = 0.15, 20.0, 30.0, 1.0, 0.05, 2.0
_FORESIGHT, _STAKES, _EFFORT, _RATIONALITY, _SOLIDARITY, _NEWS = 10.0, 2.0, 0.25, 8.0, 0.5, 0.1
_FRIENDSHIP, _REVIEW, _SOCIABILITY, _CLOSURE, _MOST = 0.5, 0.2, 0.2, 0.7, 150
_INFLUENCE, _INTERNALISATION, _ANCHORING = 0.01, 0.005, 0.05


def worth(score: float) -> float:
    """What a score is worth."""
    held = 350.0 if score < 350.0 else 950.0 if score > 950.0 else score
    value = (held - 350.0) / 600.0
    if held >= 700.0:
        value += 0.25 if held < 750.0 else 0.5
    return value


class HandTuned(mesa.Agent):
    """A citizen with its own attributes and a list of its friends."""

    def __init__(self, model: HandTunedSociety, world: World, row: int) -> None:
        super().__init__(model)
        self.kappa = float(world.traits.self_censorship[row])
        self.gamma = float(world.traits.conformity[row])
        self.anchor = self.conviction = float(world.conviction[row])
        self.base, self.score = float(world.base_score[row]), float(world.score[row])
        self.said = self.gravity = 0.0
        self.friends: list[HandTuned] = []
        self.wanted = 0
        self.leave: HandTuned | None = None
        self.meet: HandTuned | None = None

    def step(self) -> None:
        """Look, speak, be scored, choose friends; what comes of it waits for ``advance``."""
        luck = self.model.random.random
        friends, score, conviction = self.friends, self.score, self.conviction
        n = len(friends)
        mean = burden = 0.0
        if n:
            for friend in friends:
                mean += friend.said
                burden += friend.gravity
            mean /= n
            burden /= n
        grave = _GRAVE if luck() < _NEWS else 1.0
        points = _RECOVERY * (self.base - score) - _ASSOCIATION * burden
        now = worth(score)
        quiet = worth(score + _FORESIGHT * points)
        loss = quiet - worth(score + _FORESIGHT * (points - _DETECTION * _PENALTY * grave))
        gain = worth(score + _FORESIGHT * (points + _REWARD)) - quiet
        if n:
            through = _FORESIGHT * _DETECTION * _ASSOCIATION * grave / n
            loss += _SOLIDARITY * n * (now - worth(score - through))
            stance = (1.0 - self.gamma) * conviction + self.gamma * mean
        else:
            stance = conviction
        weight = self.kappa * _STAKES
        dissent = math.exp(_RATIONALITY * (stance - weight * loss - _EFFORT))
        praise = math.exp(_RATIONALITY * (weight * gain - stance - _EFFORT))
        mark = luck() * (dissent + 1.0 + praise)
        said = 1.0 if mark < dissent else 0.0 if mark < dissent + 1.0 else -1.0
        recorded = grave if said > 0.0 and luck() < _DETECTION else 0.0
        after = score + points - _PENALTY * recorded + (_REWARD if said < 0.0 else 0.0)
        move = _INTERNALISATION * (said - conviction) + _ANCHORING * (self.anchor - conviction)
        if n:
            move += _INFLUENCE * self.gamma * (mean - conviction)
        self.after = (
            min(max(after, 350.0), 950.0), said, recorded, min(max(conviction + move, -1.0), 1.0)
        )  # fmt: skip
        self.leave = self.whom_to_leave() if burden > 0.0 and luck() < _REVIEW else None
        self.meet = self.whom_to_meet() if n < self.wanted and luck() < _SOCIABILITY else None

    def weighed(self, other: HandTuned, friends: int) -> float:
        """What a friend costs less what a friend is worth."""
        points = _FORESIGHT * _ASSOCIATION * other.gravity / friends
        cost = self.kappa * _STAKES * (worth(self.score) - worth(self.score - points))
        apart = abs(self.conviction - other.said)
        return cost - _FRIENDSHIP * (1.0 - self.gamma * apart / 2.0)

    def whom_to_leave(self) -> HandTuned | None:
        """The costliest friend, if that friendship is to end."""
        friends = self.friends
        first = self.model.random.randrange(len(friends))
        other = max(friends[first:] + friends[:first], key=lambda friend: friend.gravity)
        less = self.weighed(other, len(friends))
        if worth(self.score) == worth(
            self.score - _FORESIGHT * _ASSOCIATION * other.gravity / len(friends)
        ):
            return None  # a friend who costs nothing is never left
        chance = 1.0 / (1.0 + math.exp(-_RATIONALITY * less))
        return other if self.model.random.random() < chance else None

    def whom_to_meet(self) -> HandTuned | None:
        """A friend's friend or anybody, if both want it."""
        random = self.model.random
        if random.random() < _CLOSURE and self.friends:
            other = random.choice(random.choice(self.friends).friends)
        else:
            other = random.choice(self.model.everybody)
        if other is self or other in self.friends:
            return None
        for one, two in ((self, other), (other, self)):
            less = one.weighed(two, len(one.friends) + 1)
            if random.random() >= 1.0 / (1.0 + math.exp(_RATIONALITY * less)):
                return None
        return other

    def advance(self) -> None:
        """What was decided becomes so."""
        self.score, self.said, self.gravity, self.conviction = self.after
        if self.leave is not None and self.leave in self.friends:
            self.friends.remove(self.leave)
            self.leave.friends.remove(self)
        other = self.meet
        if other is None or other in self.friends:
            return
        if len(self.friends) < _MOST and len(other.friends) < _MOST:
            self.friends.append(other)
            other.friends.append(self)


class HandTunedSociety(mesa.Model):
    """The default society, its people and ties those of a :class:`model.world.World`."""

    def __init__(self, citizens: int, seed: int = 1) -> None:
        super().__init__(rng=seed)
        world = World(citizens=citizens, seed=seed)
        self.everybody = [HandTuned(self, world, row) for row in range(citizens)]
        for source, target in zip(*(ends.tolist() for ends in world.ties.edges()), strict=True):
            self.everybody[source].friends.append(self.everybody[target])
            self.everybody[target].friends.append(self.everybody[source])
        for one in self.everybody:
            one.wanted = len(one.friends)

    def step(self) -> None:
        """One period."""
        for one in self.everybody:
            one.step()
        for one in self.everybody:
            one.advance()

    def dissent(self) -> float:
        """Share who dissent."""
        return sum(one.said > 0.0 for one in self.everybody) / len(self.everybody)

    def friendships(self) -> float:
        """Friends a citizen."""
        return sum(len(one.friends) for one in self.everybody) / len(self.everybody)


class SparseSociety:
    """The same by a sparse matrix and whole columns, on friendships that stay."""

    def __init__(self, citizens: int, seed: int = 1, **parameters: Any) -> None:
        world = World(citizens=citizens, seed=seed, **parameters)
        source, target = world.ties.edges()
        ones = np.ones(2 * len(source))
        ends = np.concatenate([source, target]), np.concatenate([target, source])
        self.ties = sparse.csr_array((ones, ends), shape=(citizens, citizens))
        self.friends = self.ties.sum(axis=1)
        self.random = np.random.default_rng(seed)
        self.kappa, self.gamma = (
            np.asarray(column, np.float64)
            for column in (world.traits.self_censorship, world.traits.conformity)
        )
        self.anchor = np.array(world.conviction, np.float64)
        self.conviction = self.anchor.copy()
        self.base, self.score = world.base_score.copy(), world.score.copy()
        self.seen = np.zeros((citizens, 2))
        """What was said, and the gravity of what was recorded."""

    def worth(self, score: NDArray[np.float64]) -> NDArray[np.float64]:
        """What scores are worth."""
        held = np.clip(score, 350.0, 950.0)
        return (held - 350.0) / 600.0 + 0.25 * (held >= 700.0) + 0.25 * (held >= 750.0)

    def step(self) -> None:
        """One period."""
        many = len(self.base)
        n = np.maximum(self.friends, 1.0)
        glance = self.ties @ self.seen
        mean, burden = glance[:, 0] / n, glance[:, 1] / n
        grave = np.where(self.random.random(many) < _NEWS, _GRAVE, 1.0)
        score = self.score
        points = _RECOVERY * (self.base - score) - _ASSOCIATION * burden
        quiet = self.worth(score + _FORESIGHT * points)
        loss = quiet - self.worth(score + _FORESIGHT * (points - _DETECTION * _PENALTY * grave))
        gain = self.worth(score + _FORESIGHT * (points + _REWARD)) - quiet
        through = _FORESIGHT * _DETECTION * _ASSOCIATION * grave / n
        loss += _SOLIDARITY * self.friends * (self.worth(score) - self.worth(score - through))
        stance = np.where(self.friends > 0, (1 - self.gamma) * self.conviction + self.gamma * mean,
                          self.conviction)  # fmt: skip
        weight = self.kappa * _STAKES
        dissent = np.exp(_RATIONALITY * (stance - weight * loss - _EFFORT))
        praise = np.exp(_RATIONALITY * (weight * gain - stance - _EFFORT))
        mark = self.random.random(many) * (dissent + 1.0 + praise)
        said = np.where(mark < dissent, 1.0, np.where(mark < dissent + 1.0, 0.0, -1.0))
        recorded = np.where((said > 0) & (self.random.random(many) < _DETECTION), grave, 0.0)
        after = score + points - _PENALTY * recorded + _REWARD * (said < 0)
        move = (
            _INTERNALISATION * (said - self.conviction)
            + _ANCHORING * (self.anchor - self.conviction)
            + np.where(self.friends > 0, _INFLUENCE * self.gamma * (mean - self.conviction), 0.0)
        )
        self.score = np.clip(after, 350.0, 950.0)
        self.conviction = np.clip(self.conviction + move, -1.0, 1.0)
        self.seen[:, 0], self.seen[:, 1] = said, recorded

    def dissent(self) -> float:
        """Share who dissent."""
        return float((self.seen[:, 0] > 0).mean())
