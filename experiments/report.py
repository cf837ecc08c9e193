"""The readable summaries that the command prints."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.show import number, out, table
from model.declared import declared

if TYPE_CHECKING:
    from experiments.run import Outcome
    from experiments.twins import Effect
    from model.measures import Measure
    from model.world import World

SUMMARY = (
    "dissent", "silence", "praise", "critics", "self_censorship", "critics_praising",
    "falsification_gap", "pluralistic_ignorance", "mean_score", "score_gini", "travel_permits",
    "better_visas", "ties_cut", "ties_cut_from_dissenters", "ties_formed", "degree_of_dissenters",
    "degree_of_others", "isolates", "assortativity_score", "assortativity_conviction",
)  # fmt: skip
"""The measures that every run's summary shows."""


def summary_of(world: World, asked: Iterable[str] = ()) -> list[str]:
    """The measures that a run's summary shows: those of what is in force, and those asked for."""
    from model.measures import MEASURES

    own = [name for name, entry in MEASURES.items() if entry.of in world.shown]
    return list(dict.fromkeys([*SUMMARY, *own, *asked]))


def print_run(
    world: World, outcome: Outcome, folder: Path | None, asked: Iterable[str] = ()
) -> None:
    """What became of one society."""
    from model.measures import MEASURES

    scenario = world.scenario
    out.print(f"[bold]{scenario.title or 'Scenario'}[/bold]: {' '.join(scenario.story.split())}\n")
    rows = []
    for name in summary_of(world, asked):
        first = outcome.series[name][0] if name in outcome.series else float("nan")
        rows.append([name, number(first), number(outcome.measures[name]), MEASURES[name].meaning])
    headers = [("measure", "left"), ("start", "right"), ("end", "right"), ("meaning", "left")]
    out.print(table(headers, rows))
    speed = world.citizens * world.period / max(outcome.seconds, 1e-9) / 1e6
    rate = f" ({speed:.1f} million citizen-periods/s, measures included)" if speed >= 0.1 else ""
    out.print(
        f"\n{world.citizens:,} citizens, {world.ties.count():,} ties, {world.period} periods, "
        f"seed {scenario.chance.seed}: {outcome.seconds:.2f} s{rate}"
    )
    out.print(f"fingerprint {outcome.fingerprint}")
    if folder is not None:
        out.print(f"written to {folder}: series.parquet, citizens.parquet, ties.parquet, run.json")


def print_effects(a: str, b: str, replicates: int, effects: list[Effect]) -> None:
    """The effect of a rule on each measure."""
    rows = []
    for effect in effects:
        low, high = effect.effect - effect.half_width, effect.effect + effect.half_width
        rows.append(
            [effect.measure, number(effect.mean_a), number(effect.mean_b), number(effect.effect),
             f"[{number(low)}, {number(high)}]", number(effect.independent).removesuffix(".0000")
             .removesuffix(".00")]
        )  # fmt: skip
    headers = [
        ("measure", "left"), ("A", "right"), ("B", "right"), ("B − A", "right"),
        ("95 % interval", "right"), ("independent", "right"),
    ]  # fmt: skip
    out.print(table(headers, rows))
    out.print(
        f"\nA is {a}, B is {b}: {replicates} pairs of twin worlds, paired by seed. 'independent' "
        "is the number of replicates of independent worlds that an interval as narrow would take."
    )


def print_parameters() -> None:
    """The parameter table for a terminal."""
    section = ""
    rows: list[list[str]] = []
    headers = [("name", "left"), ("", "left"), ("default", "right"), ("allowed", "left"),
               ("unit", "left"), ("meaning, and source", "left")]  # fmt: skip
    for row in [*declared(), None]:
        if row is None or row.section != section:
            if rows:
                out.print(table(headers, rows, title=f"[bold]\\[{section}][/bold]"))
                out.print()
            rows, section = [], row.section if row else ""
        if row:
            allowed = row.allowed.replace("[", "\\[")
            source = f" [dim]{row.source}[/dim]" if row.source != "definition" else ""
            rows.append(
                [row.name, row.symbol, row.default, allowed, row.unit, f"{row.meaning}.{source}"]
            )
    out.print("M1, M4, …: the mechanisms, listed in model/ODD.md")


def parameters_markdown() -> str:
    """The parameter table as it stands in ``model/ODD.md``."""
    lines = [
        "| table | name | symbol | default | allowed | unit | meaning | source |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.section} | `{row.name}` | {row.symbol} | {row.default} | {row.allowed} | "
        f"{row.unit} | {row.meaning} | {row.source} |"
        for row in declared()
    ]
    return "\n".join(lines) + "\n"


def mechanisms_markdown() -> str:
    """What turns each mechanism on, as it stands in ``model/ODD.md``."""
    from model.mechanisms import IN_EITHER_ENGINE, SWITCHES

    lines = ["| mechanism | turned on by | lived by |", "|---|---|---|"]
    for mechanism, switches in SWITCHES.items():
        engine = "either engine" if mechanism in IN_EITHER_ENGINE else "the full engine"
        lines.append(f"| {mechanism} | {', '.join(f'`{name}`' for name in switches)} | {engine} |")
    return "\n".join(lines) + "\n"


def print_measures() -> None:
    """The table of measures."""
    from model.measures import MEASURES
    from model.measures.lives import IN_FORCE

    rows = [[m.name, m.unit, _when(m), m.meaning, m.source]
            for m in MEASURES.values() if not m.name.endswith(IN_FORCE)]  # fmt: skip
    headers = [("name", "left"), ("unit", "left"), ("taken", "left"), ("meaning", "left"),
               ("source", "left")]  # fmt: skip
    out.print(table(headers, rows))
    out.print(
        f"\nNAME{IN_FORCE}: a numeric parameter of the institution, as it is in the period; taken "
        "every period where a program or an adaptive institution moves it"
    )


def _when(measure: Measure) -> str:
    if measure.dear:
        return "on request"
    return f"with {measure.of}" if measure.of else "every period"
