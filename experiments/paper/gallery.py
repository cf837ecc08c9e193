"""The page of all studies: what was asked, the figure, and what became of each hypothesis."""

from __future__ import annotations

import re
from pathlib import Path

from experiments.paper.studies import NAMES, paper_study
from experiments.paper.writing import FINDINGS, SVG, read_manifest, read_tables
from experiments.sweep.shards import write_whole
from model.errors import InputError

BEGIN, END = "<!-- gallery: scored reproduce -->", "<!-- gallery ends -->"
README = "README.md"


def gallery(folder: Path) -> str:
    """The gallery as Markdown, from what lies in a folder of results."""
    lines = [BEGIN, ""]
    for name in NAMES:
        place = folder / name
        try:
            read_manifest(place)
        except InputError:
            continue
        study = paper_study(name)
        tables = read_tables(study, place)
        first = tables[study.parts[0].file].study
        judged = study.about.judge(tables)
        verdicts = ", ".join(
            f"{sum(one.verdict == verdict for one in judged)} {verdict}"
            for verdict in ("supported", "contradicted", "undecided")
            if any(one.verdict == verdict for one in judged)
        )
        numbers = study.about.numbers(tables)
        found = " ".join(study.about.FOUND.split()).format_map(numbers)
        lines += [f"### {first.title}", "", f"*{' '.join(first.question.split())}*", ""]
        if (place / SVG).is_file():
            lines += [f"![{first.title}]({name}/{SVG})", ""]
        lines += [found, "", f"Of {len(judged)} hypotheses: {verdicts}. "
                  f"[What was expected, intervals, nulls, and what this doesn't show]"
                  f"({name}/{FINDINGS}).", ""]  # fmt: skip
    return "\n".join([*lines, END])


def write_gallery(folder: Path) -> None:
    """Put the gallery into the folder's README, between its marks; the rest of it stays."""
    path = folder / README
    text = path.read_text(encoding="utf-8") if path.is_file() else "# Results\n\n" + BEGIN + END
    write_whole(path, with_gallery(text, gallery(folder)).encode())


def with_gallery(text: str, own: str) -> str:
    """A page with another gallery between the marks; at its end if there are none.

    >>> with_gallery(f"a {BEGIN} old {END} b", "new")
    'a new b'
    """
    marked = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    if not marked.search(text):
        return f"{text.rstrip()}\n\n{own}\n"
    return marked.sub(lambda _: own, text, count=1)
