"""The loops of the compiled engine, built around a choice rule and a scoring rule.

:func:`build` returns the loops for one pair of rules; the rules are inlined. The sequence of a
citizen's period is that of :class:`model.citizen.Citizen`; the equations are in :mod:`model.rules`
for both.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from model.compilation import compiled, fingerprint
from model.engine.deciding import build_deciding
from model.engine.parameters import unpack
from model.engine.settling import settle_from, settle_one
from model.engine.speaking import build_speaking
from model.own_rule import fresh
from model.rules.scoring import weighted_table
from model.state import BLOCK, living_state_of, state_of
from model.tally import note
from model.ties import has_space


class Kernels(NamedTuple):
    """The compiled loops for one pair of rules."""

    synchronous: Any
    """With ``periods`` = 0, a part of the citizens lives a period on the old record and writes the
    new one. Else all live so many periods, ties settled, records exchanged and ``notes`` taken
    after each; returns how many are whole, and to where ties are settled in the one that isn't, for
    want of space."""
    one_by_one: Any
    """In a given order everybody lives a period on the newest record, ties included."""


def build(choice_rule: str, scoring: Callable[..., float], full: bool) -> Kernels:
    """The loops for a choice rule (by name) and a scoring rule (a function).

    ``full``: with all mechanisms beyond the score; the choice rule is looked up as it runs then.
    """
    own = "" if scoring is weighted_table else fingerprint(scoring)
    return _build("full" if full else choice_rule, scoring, own)


@lru_cache(maxsize=32)
def _build(kind: str, scoring: Any, own: str) -> Kernels:
    """``own`` is the fingerprint of a researcher's own rule: an edited one is built anew."""
    also = f"{kind} {own}"
    if own:
        scoring = fresh(scoring)
    full = kind == "full"
    decide_once, decide_block = build_deciding(scoring, bool(own), full)
    if full:
        from model.engine.full import build_living  # a start without mechanisms needs none of it

        state = living_state_of
        speak_once, speak_block = build_living(scoring, bool(own))
    else:
        state = state_of
        speak_once, speak_block, _ = build_speaking(kind, scoring, bool(own))

    def synchronous(
        begin, end, periods, scratch, traits, now, new, ties, decisions, parameters, key, period,
        bound, counts, notes,
    ):  # fmt: skip
        institution, citizens = unpack(parameters)
        for k in range(max(periods, 1)):
            first = begin
            while first < end:
                stop = min(first + BLOCK, end)
                speak_block(
                    scratch, first, stop - first, traits, now, new, ties, decisions, institution,
                    citizens, key, period + k,
                )  # fmt: skip
                decide_block(
                    scratch, first, stop - first, traits, now, ties, decisions, institution,
                    citizens, key, period + k,
                )  # fmt: skip
                first = stop
            if periods > 0:
                done = settle_from(
                    scratch.words, 0, decisions, ties, now.record, bound, counts,
                    institution.tie_loss, key, period + k,
                )  # fmt: skip
                if done < end:
                    return k, done
                now, new = new, now
                note(
                    notes, k, now, ties.degree, institution.travel_threshold,
                    institution.visa_threshold, counts,
                )  # fmt: skip
        return periods, 0

    def one_by_one(
        begin,
        order,
        traits,
        now,
        ties,
        decisions,
        parameters,
        key,
        period,
        bound,
        counts,
    ):
        institution, citizens = unpack(parameters)
        for k in range(begin, len(order)):
            if not has_space(ties, bound):
                return k
            i = order[k]
            citizen = state(i, traits, now, institution)  # before it changes
            speak_once(i, traits, now, now, ties, decisions, institution, citizens, key, period)
            decide_once(
                i, citizen, traits, now, ties, decisions, institution, citizens, key, period
            )
            settle_one(
                i, decisions, ties, now.record, bound, counts, institution.tie_loss, key, period
            )
        return len(order)

    return Kernels(
        compiled(synchronous, allocates=False, also=also),
        compiled(one_by_one, allocates=False, also=also),
    )
