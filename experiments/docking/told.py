"""What the README says of docking: ours, errors and verdicts from ``results/docking.csv``.

Published values stand here as the papers (or the code that runs them again) give them, ranges
included; the whole table in ``results/README.md`` has those that ours are judged by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from experiments.docking.target import Verdict

Rows = Sequence[Mapping[str, str]]

_TABLE = (
    # result, what, and of published and ours each: target, beginning of the figure's name
    ("Daymude et al. 2025", "100,000 people, δ = .25, β = 4, random starts: dissent suppressed",
     "yes", "{many} of {runs:.0f} runs (at 1,000 people {few} of {few_runs:.0f})"),
    ("the same", "β up to which half of the runs are suppressed, δ = .12, .25, .48, uniform",
     "3.2, 6.5, 7.7 to 8", "{half_12}, {half_25}, {half_48}"),
    ("the same, by the colours of their figure", "β at which half of the dissent is left",
     "3.33, 6.38, 8.32", "{left_12}, {left_25}, {left_48}"),
    ("Granovetter 1978", "who joins at a spread of thresholds of 12.2, 12.25 (100 from 12.2221 on)",
     "5.5 %, 100 %", "{joined_low:.1f} %, {joined_high:.0f} %"),
    ("Kuran 1991", "one person's threshold: who opposes, of ten", "1, 9",
     "{kuran_a:.0f}, {kuran_b:.0f}"),
    ("Watts 2002", "P(global cascade), mean degree 3", ".875 (run)", "{watts}"),
    ("Holme & Newman 2006", "largest community, φ = .4", ".425 ± .011 (run)", "{holme}"),
    ("Durrett et al. 2012", "minority, ties to one's own, α = .44", ".447 (run)", "{durrett}"),
    ("Centola et al. 2005", "compliance, 1 % believers on a torus, after 300 rounds (most runs "
     "still flicker)", ".175 ± .024 (run)", "{centola}"),
    ("Ross et al. 2019", "the most central one's side wins", ".60 to .70", "{ross}"),
    ("Gaisbauer et al. 2020", "the silent group's Q (still drifting by thousandths)", "−.440",
     "{gaisbauer}"),
    ("Friedkin & Johnsen 1990", "distance from the closed form", "0", "at most {linear:.1e}"),
)  # fmt: skip

_TEXT = """
*(run)*: not printed in the paper; made by independent code for this comparison, as are {run_rows}
of the {rows} figures; {printed} are printed in the papers or drawn in their figures, {exact} follow
from the papers' rules, and {formula} are published equations, solved. {own} come from the model's
rules or runs: {met} of these are met, {missed} missed and {undecided} undecided. *Met* is a point
estimate within the tolerance. Of the {judged} that chance decides, with a tolerance that doesn't
grow with it, {proved} are shown to be equivalent; {unproved} are met but not shown so, {daymude} of
them Daymude et al.'s, mostly at 100,000 people, where runs are dear.
**Missed**: proportional punishment of people who desire little dissent (δ = .12), where half of the
runs are suppressed up to a boldness of {proportional_12} and the target, read from the published
figure by eye, has 1.4 to 1.7 (its colours say 1.32; `experiments/docking/daymude_sweep.py` redraws
the sweep and says how they were read; ours rises with δ, {proportional_12}, {proportional_25},
{proportional_48}, where the published boundary looks flat). And Holme & Newman's exponent b:
{exponent_b} from four sizes against .7. The exponent a ({exponent_a} against .61) and the critical
φ ({critical} against .458) come from the same fit; by its details b is .37 to .55 and a .53 to .67
(`experiments/docking/holme_newman.py`). **Undecided**: 10,000 people of Daymude et al., for want of
published runs. **Not judged**: Ross et al.'s 2 to 4 % of bots, since it isn't said where they sit
and among how many friends (`experiments/docking/ross.py` shows both).
"""


def docked(rows: Rows) -> str:
    """The README's table and paragraph.

    Args:
        rows: of ``docking.csv``.
    """
    numbers = _numbers(rows)
    lines = ["| result | what | published | here |", "|---|---|---|---|"]
    for result, what, published, ours in _TABLE:
        lines.append(f"| {result} | {what} | {published} | {ours.format_map(numbers)} |")
    return "\n".join([*lines, "", _TEXT.strip().format_map(numbers)]) + "\n"


def _numbers(rows: Rows) -> dict[str, object]:
    def row(target: str, begins: str) -> Mapping[str, str]:
        (one,) = [one for one in rows
                  if one["target"] == target and one["figure"].startswith(begins)]  # fmt: skip
        return one

    def value(target: str, begins: str) -> float:
        return float(row(target, begins)["ours"])

    def pair(target: str, begins: str, digits: int) -> str:
        one = row(target, begins)
        return " ± ".join(
            f"{float(one[name]):.{digits}f}".removeprefix("0")
            for name in ("ours", "standard_error")
        )

    own = [one for one in rows if one["source"] != "formula"]
    verdicts = Counter(one["verdict"] for one in own)
    sources = Counter(one["source"] for one in rows)
    judged = [one for one in rows if one["equivalent"]]
    unproved = [one for one in judged
                if one["equivalent"] != "True" and one["verdict"] == Verdict.met]  # fmt: skip
    large, small = row("daymude", "N = 100,000"), row("daymude", "uniform, β = 4: P")
    uniform, proportional = (
        {f"{key}_{delta}": pair("daymude", f"{kind}, δ = 0.{delta}: β with half of {what}", 2)
         for delta in ("12", "25", "48") for key, what in keys}
        for kind, keys in (("uniform", (("half", "runs"), ("left", "dissent"))),
                           ("proportional", (("proportional", "runs"),)))
    )  # fmt: skip
    return {
        **uniform, **proportional,
        "many": round(float(large["ours"]) * float(large["runs"])), "runs": float(large["runs"]),
        "few": round(float(small["ours"]) * float(small["runs"])),
        "few_runs": float(small["runs"]),
        "joined_low": value("granovetter", "spread 12.2:"),
        "joined_high": value("granovetter", "spread 12.25:"),
        "kuran_a": value("kuran", "society A") / 10.0,
        "kuran_b": value("kuran", "society B") / 10.0,
        "watts": pair("watts", "z = 3:", 3), "holme": pair("holme_newman", "φ = 0.4:", 3),
        "durrett": pair("durrett", "to own opinion, α = 0.44", 3),
        "centola": pair("centola", "torus, 1% random", 3),
        "ross": pair("ross", "the most central", 3),
        "gaisbauer": f"{value('gaisbauer', 'simulated near (0.544, -0.44): Q2'):.3f}"
                     .replace("-0", "−"),
        "linear": max(float(one["ours"]) for one in rows if one["target"] == "linear"),
        "exponent_a": pair("holme_newman", "exponent a", 2),
        "exponent_b": pair("holme_newman", "exponent b", 2),
        "critical": pair("holme_newman", "critical φ", 3),
        "rows": len(rows), "own": len(own), "met": verdicts["met"], "missed": verdicts["missed"],
        "undecided": verdicts["undecided"], "judged": len(judged),
        "proved": len([one for one in judged if one["equivalent"] == "True"]),
        "unproved": len(unproved),
        "daymude": len([one for one in unproved if one["target"] == "daymude"]),
        "run_rows": sources["run"], "printed": sources["pub"] + sources["fig"],
        "exact": sources["exact"], "formula": sources["formula"],
    }  # fmt: skip
