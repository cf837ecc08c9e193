"""What docking found, as a table for the terminal, a file, and the papers' figures with ours."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.analysis.style import page
from experiments.analysis.writing import write_csv
from experiments.docking.running import Docked
from experiments.docking.target import Finding, Level, Verdict
from experiments.show import number, out, table
from experiments.sweep.shards import write_whole

_DIGITS = 4
_LEVELS = {Level.numerical: "num.", Level.distributional: "distr.", Level.relational: "sign"}
_EQUIVALENT = {True: "yes", False: "no", None: ""}
_SHOWN = {
    Verdict.met: "met", Verdict.undecided: "[yellow]undecided[/yellow]",
    Verdict.missed: "[bold red]missed[/bold red]",
}  # fmt: skip


def row_of(docked: Docked, finding: Finding) -> dict[str, Any]:
    """A finding as plain data."""
    return {
        "target": docked.target.name, "figure": finding.what, "source": finding.source,
        "relation": finding.relation, "published": finding.published,
        "published_error": finding.published_error, "ours": finding.ours,
        "standard_error": finding.error, "tolerance": finding.tolerance, "runs": finding.runs,
        "unconverged": finding.unconverged, "level": finding.level.value,
        "equivalent": finding.equivalent, "verdict": finding.verdict.value,
    }  # fmt: skip


def print_docked(docked: Docked, seconds: float) -> None:
    """A target's table."""
    target = docked.target
    verdicts = [finding.verdict for finding in docked.findings]
    rows = [
        [finding.what,
         ("" if finding.relation == "=" else f"{finding.relation} ") + _value(finding.published),
         _value(finding.ours), _value(finding.error) if finding.error else "exact",
         _value(finding.tolerance), _runs(finding),
         _LEVELS[finding.level], _EQUIVALENT[finding.equivalent], _SHOWN[finding.verdict]]
        for finding in docked.findings
    ]  # fmt: skip
    headers = [("figure", "left"), ("published", "right"), ("ours", "right"), ("s.e.", "right"),
               ("tolerance", "right"), ("runs", "right"),
               ("level", "left"), ("equiv.", "left"), ("", "left")]  # fmt: skip
    out.print(f"[bold]{target.name}[/bold]: {target.title} ({target.paper})")
    out.print(f"[dim]{target.how}; {len(docked.rows):,} runs, {seconds:.0f} s[/dim]")
    out.print(table(headers, rows))
    if any(finding.unconverged for finding in docked.findings):
        out.print("[dim]†: of them, so many had not come to rest when they were ended[/dim]")
    for contrast in docked.contrasts:
        levels = ", ".join(f"{name} {number(mean, _DIGITS)} (s.e. {number(error, 3)})"
                           for name, mean, error in contrast.values)  # fmt: skip
        out.print(f"{contrast.factor}: {contrast.what}: {levels}")
    told = f"{verdicts.count(Verdict.met)} of {len(verdicts)} met"
    for verdict in (Verdict.undecided, Verdict.missed):
        if many := verdicts.count(verdict):
            told += f", {many} {verdict.value}"
    out.print(told + "\n")


def _value(value: float) -> str:
    return f"{value:.1e}" if 0.0 < abs(value) < 1e-4 else number(value, _DIGITS)


def _runs(finding: Finding) -> str:
    return f"{finding.runs:,}" + (f", {finding.unconverged}†" if finding.unconverged else "")


def write_docked(found: Sequence[Docked], folder: Path) -> list[Path]:
    """``findings.csv``, ``order_and_size.csv``, and runs and a figure for each target."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [row_of(docked, finding) for docked in found for finding in docked.findings]
    written = [write_csv(folder / "findings.csv", rows)]
    factors = [
        {"target": docked.target.name, "factor": contrast.factor, "figure": contrast.what,
         "level": level, "ours": mean, "standard_error": error}
        for docked in found for contrast in docked.contrasts
        for level, mean, error in contrast.values
    ]  # fmt: skip
    if factors:
        written.append(write_csv(folder / "order_and_size.csv", factors))
    for docked in found:
        name = docked.target.name
        written.append(write_csv(folder / f"runs_{name}.csv", docked.rows))
        figure = docked.target.draw(docked.rows, docked.findings)
        write_whole(folder / f"{name}.html", page(figure, name))
        written.append(folder / f"{name}.html")
    return written


def markdown(rows: Sequence[Mapping[str, str]]) -> str:
    """The table of the README from what :func:`write_docked` wrote as ``findings.csv``."""
    lines = ["| target | figure | published | ours | may differ by | runs | |",
             "|---|---|---|---|---|---|---|"]  # fmt: skip
    before = ""
    for row in rows:
        relation = "" if row["relation"] == "=" else f"{row['relation']} "
        error = float(row["standard_error"])
        ours = _value(float(row["ours"])) + (f" ± {error:.2g}" if error else "")
        moving = f", {row['unconverged']}†" if int(row["unconverged"]) else ""
        named = row["target"].replace("_", " ") if row["target"] != before else ""
        before = row["target"]
        lines.append(
            f"| {named} | {row['figure']} ({row['source']}) "
            f"| {relation}{_value(float(row['published']))} | {ours} "
            f"| {_value(float(row['tolerance']))} | {int(row['runs']):,}{moving} "
            f"| {_in_words(row)} |"
        )
    return "\n".join(lines) + "\n"


def _in_words(row: Mapping[str, str]) -> str:
    if row["verdict"] != Verdict.met:
        return f"**{row['verdict']}**"
    return "equivalent" if row["equivalent"] == "True" else ""


def read_findings(path: Path) -> list[dict[str, str]]:
    """What was written as ``findings.csv``."""
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))
