"""A world that is watched: what happened to its ties, and what was changed while it ran.

A change of the institution while the society lives becomes a step of the scenario's program. The
scenario therefore always says how the state came about: an address, a file, and a sweep begun from
here give it again to the bit.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

from experiments.viewer.changes import Pairs, Rows, missing, rows_of
from model.errors import InputError, nearest
from model.measures import measure_many
from model.parameters import Institution
from model.record import expression_of, is_flagged, score_of
from model.scenario import Scenario
from model.state import CUT, FORMED, LOST_TO_ARRESTS, LOST_TO_DEATHS, TO_JAIL, TO_LEAVE
from model.world import World

SERIES = (
    "dissent", "silence", "praise", "self_censorship", "mean_score", "degree_of_dissenters",
    "degree_of_others",
)  # fmt: skip
"""Measures taken every period, beside the ties that ended and began in it."""
LEFT, JAILED, OTHERWISE = range(3)
"""Why a tie ended: one of the two left, an arrest, or else (a death)."""
_MOST_EVENTS = 500_000
"""Ties' ends and beginnings that are remembered, the newest: 15 MB."""
_SAID_PERIODS = 300
"""Periods of which is remembered what everybody said."""


_EVENT = np.dtype([
    ("period", "<u4"), ("i", "<u4"), ("j", "<u4"), ("kind", "u1"), ("doing", "u1"),
    ("said_i", "i1"), ("said_j", "i1"), ("flagged", "u1"), ("score_i", "<f4"), ("score_j", "<f4"),
])  # fmt: skip
_BEGUN = 9
"""Kind of a tie that began; below it a reason of an end."""


class Watched:
    """A world with what a watcher wants to know of it.

    Args:
        scenario: which.
        network: an edge list in place of the scenario's, or None.
    """

    def __init__(self, scenario: Scenario, network: Any = None) -> None:
        self.network = network
        self._begin(scenario)

    def _begin(self, scenario: Scenario) -> None:
        self.world = World(scenario, network=self.network, threads=1)
        self.rows: Rows = rows_of(self.world.ties)
        self.first_friends = self.rows.degree
        self.events: list[np.ndarray] = []
        self.count = 0
        self.looked = self.rows
        """Friends as they were when changes were last asked for."""
        self.series: list[list[float | None]] = [self._measured(0, 0)]
        self.said = deque([self._expression()], maxlen=_SAID_PERIODS)

    @property
    def scenario(self) -> Scenario:
        """The scenario, with all that was changed on the way."""
        return self.world.scenario

    @property
    def period(self) -> int:
        """Periods lived."""
        return self.world.period

    def _expression(self) -> np.ndarray:
        return np.sign(expression_of(self.world.now.record)).astype(np.int8)

    def _measured(self, ended: int, formed: int) -> list[float | None]:
        values = measure_many(self.world, list(SERIES))
        row = [float(self.world.period), *values.values(), float(ended), float(formed)]
        return [value if np.isfinite(value) else None for value in row]

    def step(self) -> None:
        """One period, and what it did to ties."""
        world = self.world
        record = world.now.record.copy()
        before = world.counts.copy()
        world.step()
        rows = rows_of(world.ties)
        gone, come = missing(self.rows, rows), missing(rows, self.rows)
        self.rows = rows
        self._remember(gone, come, record)
        done = world.counts - before
        ended = int(done[CUT] + done[LOST_TO_ARRESTS] + done[LOST_TO_DEATHS])
        self.series.append(self._measured(ended, int(done[FORMED])))
        self.said.append(self._expression())

    def _remember(self, gone: Pairs, come: Pairs, record: np.ndarray) -> None:
        pairs = np.concatenate([gone, come]).astype(np.int64)
        if not len(pairs):
            return
        i, j = pairs[:, 0], pairs[:, 1]
        pending, leave = self.world.decisions.pending, self.world.decisions.leave
        by_i = (pending[i] & TO_LEAVE > 0) & (leave[i] == j)
        by_j = (pending[j] & TO_LEAVE > 0) & (leave[j] == i)
        jailed = (pending[i] | pending[j]) & TO_JAIL > 0
        event = np.zeros(len(pairs), _EVENT)
        event["period"], event["i"], event["j"] = self.world.period, i, j
        event["kind"] = np.where(by_i | by_j, LEFT, np.where(jailed, JAILED, OTHERWISE))
        event["kind"][len(gone) :] = _BEGUN
        event["doing"] = by_i + 2 * by_j
        event["flagged"] = is_flagged(record[i]) + 2 * is_flagged(record[j])
        for end, who in (("i", i), ("j", j)):
            event[f"said_{end}"] = np.sign(expression_of(record[who]))
            event[f"score_{end}"] = score_of(record[who])
        self.events.append(event)
        self.count += len(event)
        while self.count > _MOST_EVENTS and len(self.events) > 1:
            self.count -= len(self.events.pop(0))

    def take_changes(self) -> tuple[Pairs, Pairs]:
        """Ties that are no more, and ties that are new, since this was last asked."""
        before, self.looked = self.looked, self.rows
        return missing(before, self.rows), missing(self.rows, before)

    def change(self, name: str, value: Any) -> int:
        """Let the institution change from the next period on.

        Args:
            name: of a parameter of the institution.
            value: the new one.

        Returns:
            how many periods have to be lived again by :meth:`step`, because a mechanism is new or
            gone; they are the same past.

        Raises:
            InputError: for what can't be changed while the society lives; nothing changes then.
        """
        if name not in Institution.model_fields:
            raise InputError(
                f"'{name}' is no parameter of the institution{nearest(name, MOVABLE)}; others "
                "take effect when the society begins anew"
            )
        old = self.scenario
        at = self.period + 1
        ramps = (one for one in old.program if one.parameter == name and one.begin is not None)
        until = max((ramp.last for ramp in ramps), default=0)
        if until >= at:
            raise InputError(f"{name} is moved by the scenario's own program until period {until}")
        if self.period == 0:
            new = old.replace(**{name: value})
        else:
            kept = [change.model_dump(exclude_none=True, by_alias=True) for change in old.program
                    if not (change.parameter == name and change.at == at)]  # fmt: skip
            new = old.replace(program=[*kept, {"parameter": name, "at": at, "to": value}])
        if new.mechanisms() == old.mechanisms() and self.period > 0:
            self.world.scenario = new
            self.world.shown = new.shown()
            return 0
        periods = self.period
        self.network = self.world.network  # the same: nothing of it can be changed here
        self._begin(new)
        return periods

    def moved_by_program(self) -> dict[str, Any]:
        """Parameters that are another in the next period than at the beginning, by name."""
        now = self.scenario.institution_in(self.period + 1)
        return {name: value for name, value in now
                if value != getattr(self.scenario.institution, name)}  # fmt: skip

    def story(self, citizen: int) -> dict[str, Any]:
        """What is to be told of one citizen: who they are, what they said, who left whom, why."""
        world = self.world
        i = citizen
        events = [self._told(i, event) for block in self.events
                  for event in block[(block["i"] == i) | (block["j"] == i)]]  # fmt: skip
        return {
            "citizen": i, "label": world.labels[i], "period": self.period,
            "score": float(world.score[i]), "conviction": float(world.conviction[i]),
            "first_conviction": float(world.traits.anchor[i]),
            "self_censorship": float(world.traits.self_censorship[i]),
            "conformity": float(world.traits.conformity[i]),
            "wealth": float(world.traits.wealth[i]),
            "said": [int(said[i]) for said in self.said],
            "flagged": bool(world.flagged[i]),
            "thresholds": [world.institution.travel_threshold, world.institution.visa_threshold],
            "friends": [int(j) for j in np.sort(world.ties.friends_of(i))],
            "first_friends": int(self.first_friends[i]),
            "events": events[-60:],
        }  # fmt: skip

    def _told(self, i: int, event: Any) -> dict[str, Any]:
        first = int(event["i"]) == i
        other = "j" if first else "i"
        doing = int(event["doing"])
        return {
            "period": int(event["period"]), "friend": int(event[other]),
            "label": self.world.labels[int(event[other])],
            "kind": "begun" if event["kind"] == _BEGUN
            else ("left", "arrest", "death")[event["kind"]],
            "own": bool(doing & (1 if first else 2)), "friends": bool(doing & (2 if first else 1)),
            "said": int(event[f"said_{other}"]), "score": float(event[f"score_{other}"]),
            "flagged": bool(event["flagged"] & (2 if first else 1)),
        }  # fmt: skip


MOVABLE = tuple(name for name in Institution.model_fields if name != "mandatory_from")
"""Parameters that can change while the society lives; ``mandatory_from`` is a date itself."""
