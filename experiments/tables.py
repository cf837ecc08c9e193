"""Write the generated tables into the documents that hold them: ``make tables``."""

from __future__ import annotations

from pathlib import Path

from experiments.report import parameters_markdown

_BEGIN = "<!-- parameters: scored parameters --format markdown -->\n"
_END = "<!-- end -->"


def main() -> None:
    """Replace the parameter table of ``model/ODD.md`` by the declared one."""
    path = Path(__file__).parents[1] / "model" / "ODD.md"
    before, rest = path.read_text("utf-8").split(_BEGIN)
    _, after = rest.split(_END)
    path.write_text(before + _BEGIN + parameters_markdown() + _END + after, "utf-8")


if __name__ == "__main__":
    main()
