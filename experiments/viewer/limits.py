"""What one visitor, and all together, may take of the server."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Each can be set on the command line.

    Attributes:
        citizens: of a society at most.
        ties: friendships and follows of a society at its beginning, at most.
        sessions: visitors at once; who comes then is told so.
        each: of them from one address, so that nobody holds all places; 0: as many as there are;
            None: half of them where others than this machine are served.
        rate: messages a second that a visitor may send for long; twice as many in one go.
        idle: seconds after which a visitor who asks for nothing is sent away.
        periods: of a society at most.
        catch_up: citizen-periods that an address may have the server live through.
    """

    citizens: int = 20_000
    ties: int = 400_000
    sessions: int = 16
    each: int | None = None
    rate: float = 150.0
    idle: float = 1_800.0
    periods: int = 20_000
    catch_up: int = 50_000_000


MESSAGE_BYTES = 32_768
"""The longest message that is read."""
MOST_WAITING = 32
"""Messages that wait for their answer."""
IN_FLIGHT = 2
"""Frames sent that the page has not drawn yet, at most: a page that stops costs nothing then."""
SEND_SECONDS = 20.0
"""After so long a visitor who takes nothing off the line is gone."""
FASTEST = 240.0
"""Periods a second that can be asked for."""
RELIVED = 500_000
"""Citizen-periods that cost as much as a message, where a change needs the past again."""
MOST_CHANGES = 400
"""Rules that may change while one society lives: so many an address can hold."""
COST = {"open": 20.0, "export": 15.0, "study": 15.0, "step": 1.0}
"""Of an operation beyond that of any message, in messages; none for all others."""


class Allowance:
    """A bucket that fills with time: how much a visitor may still ask for.

    >>> allowance = Allowance(rate=10.0, now=0.0)
    >>> [allowance.take(15.0, now) for now in (0.0, 0.1, 2.0)]
    [True, False, True]
    """

    def __init__(self, rate: float, now: float) -> None:
        self.rate = rate
        self.left = 2.0 * rate
        self.then = now

    def take(self, cost: float, now: float) -> bool:
        """Whether there is so much left; it is taken if so."""
        self.left = min(self.left + (now - self.then) * self.rate, 2.0 * self.rate)
        self.then = now
        if self.left < cost:
            return False
        self.left -= cost
        return True
