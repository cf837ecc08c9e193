"""Write the generated tables into the documents that hold them: ``make tables``."""

from __future__ import annotations

from pathlib import Path

from experiments.bench.told import markdown as bench_markdown
from experiments.bench.told import read as read_bench
from experiments.docking.report import markdown as docking_markdown
from experiments.docking.report import read_findings
from experiments.docking.told import docked
from experiments.institutions import markdown, read_csv
from experiments.report import mechanisms_markdown, parameters_markdown
from experiments.theory.told import mean_field, null_worlds

_ROOT = Path(__file__).parents[1]
_END = "<!-- end -->"


def _tables(root: Path) -> dict[tuple[str, str], str]:
    """(document, the comment above the table) → the table."""
    results = root / "results"
    theory = {name: read_findings(results / "theory" / f"{name}.csv")
              for name in ("mean_field", "at_rest", "hysteresis", "folds")}  # fmt: skip
    return {
        ("README.md", "<!-- docked: results/docking.csv -->\n"):
            docked(read_findings(results / "docking.csv")),
        ("README.md", "<!-- theory: results/theory/ -->\n"):
            mean_field(theory["mean_field"], theory["at_rest"], theory["hysteresis"],
                       theory["folds"][0]),
        ("README.md", "<!-- benchmarks: results/benchmarks.json -->\n"):
            bench_markdown(read_bench(results / "benchmarks.json")),
        ("README.md", "<!-- nation: results/nation.json -->\n"):
            bench_markdown(read_bench(results / "nation.json")),
        ("README.md", "<!-- controls: results/controls.csv -->\n"):
            null_worlds(read_findings(results / "controls.csv")),
        ("model/ODD.md", "<!-- parameters: scored parameters --format markdown -->\n"):
            parameters_markdown(),
        ("model/ODD.md", "<!-- mechanisms: model/mechanisms.py -->\n"): mechanisms_markdown(),
        ("README.md", "<!-- institutions: results/institutions.csv -->\n"):
            markdown(read_csv(root / "results" / "institutions.csv")),
        ("results/README.md", "<!-- docking: results/docking.csv -->\n"):
            docking_markdown(read_findings(root / "results" / "docking.csv")),
    }  # fmt: skip


def stale() -> list[str]:
    """The documents whose tables differ from what they are made of."""
    return [name for (name, _), (old, new) in texts(_ROOT).items() if old != new]


def texts(root: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """(document, the comment above the table) → what stands there, and what should.

    Args:
        root: of a clone.
    """
    found = {}
    for (name, begin), table in _tables(root).items():
        text = (root / name).read_text("utf-8")
        _, rest = text.split(begin)
        found[name, begin] = rest.split(_END)[0], table
    return found


def main() -> None:
    """Replace every table by the one that is made now."""
    for (name, begin), (_, table) in texts(_ROOT).items():
        path = _ROOT / name
        before, rest = path.read_text("utf-8").split(begin)
        after = rest.split(_END, 1)[1]
        path.write_text(before + begin + table + _END + after, "utf-8")


if __name__ == "__main__":
    main()
