"""What the README says of the mean field and of null worlds, from stored tables."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

Rows = Sequence[Mapping[str, str]]

_FIELD = """
**The mean field** (`scored theory --out runs/theory`; here by default settings,
`results/theory/`): infinitely many people who all know each other, by the
model's own rules; without benefits, whose steps a mean score can't cross (± is a standard error).
Where all know all and are 1,600, dissent comes near it: {none} against {none_theory} with no
institution, {association} against {association_theory} with guilt by association. A hundred people
are off by more than chance ({hundred} under guilt by association). Conduct alone has two states at
rest, {rest_high} and {rest_low}, the first nearly marginal (of a push {marginal} is left a period
later), and societies under it go different ways. The theory fails where friends are few: in a small
world of ten friends guilt by association leaves {ten} dissent, with four friends {four}.
**Hysteresis**: among conforming critics the mean field falls silent when the penalty passes
{up_fold} points, and speaks again only below {down_fold}. Ramped societies of 1,600 fell at
{large_fell} and came back at {large_back} (medians), late as they must on the way; of {small} with
400 people {never} never came back.
"""

_NULLS = """
**Null worlds** (`scored controls guilt_by_association --replicates 20 --out
results/controls.csv`; differences sure at 5 % for all contrasts together). Dissenters have {gap}
friends fewer than others, and this *is* the records' doing: without scores the gap is {gap_off},
and if records name anybody (placebo) {gap_placebo}, though {cut_placebo} friendships end there and
{cut} here. Assortativity by score ({score}) is *not* a choice of friends: where no friendship ends
it is as large ({score_frozen}); points pass between friends. That the like-minded are friends is
not the score's doing either: it is as strong without any ({alike} and {alike_off}); parting adds
{alike_more} to what the placebo has.
"""


def mean_field(field: Rows, rest: Rows, ramp: Rows, folds: Mapping[str, str]) -> str:
    """The paragraph on theory.

    Args:
        field: dissent and the like, by theory and simulated; a table of ``scored theory``.
        rest: states at rest, likewise.
        ramp: where ramped societies fell and came back, likewise.
        folds: ``up`` and ``down``, likewise.
    """

    def one(scenario: str, where: str) -> Mapping[str, str]:
        (found,) = [row for row in field if row["scenario"] == scenario
                    and row["where"].startswith(where) and row["measure"] == "dissent"]  # fmt: skip
        return found

    def simulated(scenario: str, where: str) -> str:
        row = one(scenario, where)
        return f"{_short(row['simulated'])} ± {_short(row['standard_error'])}"

    association = "guilt_by_association"
    high, low = [row for row in rest if row["scenario"] == "conduct_only"]

    def medians(size: str) -> tuple[float, float, list[float]]:
        rows = [row for row in ramp if row["citizens"] == size]
        fell, back = (sorted(float(row[name]) for row in rows)
                      for name in ("falls_at", "returns_at"))  # fmt: skip
        middle = len(rows) // 2
        return (fell[middle - 1] + fell[middle]) / 2, (back[middle - 1] + back[middle]) / 2, back

    fell, back, _ = medians("1600")
    small = medians("400")[2]
    return _filled(_FIELD, {
        "none": simulated("no_institution", "all, N = 1,600"),
        "none_theory": _short(one("no_institution", "all, N = 1,600")["theory"]),
        "association": simulated(association, "all, N = 1,600"),
        "association_theory": _short(one(association, "all, N = 1,600")["theory"]),
        "hundred": simulated(association, "all, N = 100"),
        "rest_high": _short(high["dissent"]), "rest_low": _short(low["dissent"]),
        "marginal": _short(high["spectral_radius"]),
        "ten": simulated(association, "small world, 10"),
        "four": simulated(association, "small world, 4"),
        "up_fold": f"{float(folds['up']):.0f}", "down_fold": f"{float(folds['down']):.0f}",
        "large_fell": f"{fell:.0f}", "large_back": f"{back:.0f}", "small": str(len(small)),
        "never": str(sum(math.isinf(value) for value in small)),
    })  # fmt: skip


def null_worlds(rows: Rows) -> str:
    """The paragraph on null worlds.

    Args:
        rows: of the table that ``scored controls`` writes.
    """

    def one(measure: str, control: str) -> Mapping[str, str]:
        (found,) = [row for row in rows
                    if row["measure"] == measure and row["control"] == control]  # fmt: skip
        return found

    def own(measure: str) -> str:
        row = one(measure, "score off")
        return _short(str(float(row["mean"]) + float(row["difference"])))

    gap = one("isolation", "score off")
    alike = one("assortativity_conviction", "placebo")
    return _filled(_NULLS, {
        "gap": _short(str(float(gap["mean"]) + float(gap["difference"])), 2),
        "gap_off": _short(gap["mean"], 2),
        "gap_placebo": _short(one("isolation", "placebo")["mean"], 2),
        "cut": own("ties_cut"), "cut_placebo": _short(one("ties_cut", "placebo")["mean"]),
        "score": own("assortativity_score"),
        "score_frozen": _short(one("assortativity_score", "frozen")["mean"]),
        "alike": own("assortativity_conviction"),
        "alike_off": _short(one("assortativity_conviction", "score off")["mean"]),
        "alike_more": f"{_short(alike['difference'])} ± {_short(alike['half_width'])}",
    })  # fmt: skip


def _filled(text: str, numbers: Mapping[str, str]) -> str:
    return text.strip().format_map(numbers) + "\n"


def _short(value: str, digits: int = 3) -> str:
    """``.725`` for ``0.7253``."""
    return f"{float(value):.{digits}f}".replace("0.", ".", 1).replace("-", "−")
