"""The page of all studies: what was asked, the figure, and what became of each hypothesis."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from experiments.paper import docked
from experiments.paper.judging import CONTRADICTED, SUPPORTED, UNDECIDED
from experiments.paper.studies import NAMES, paper_study
from experiments.paper.text import one_line
from experiments.paper.writing import FINDINGS, MANIFEST, SVG, read_tables
from experiments.sweep.shards import write_whole
from model.errors import InputError

BEGIN, END = "<!-- gallery: scored reproduce -->", "<!-- gallery ends -->"
TABLE_BEGIN, TABLE_END = "<!-- paper: scored reproduce -->", "<!-- paper ends -->"
README, OWN = "README.md", "results"
"""The project's own results, of which its README speaks; a quick try's lie elsewhere."""
_TAG = re.compile(r"<br>|<[^>]+>")


class Told(NamedTuple):
    """What a study's stored runs say, in short."""

    name: str
    title: str
    question: str
    finding: str
    found: str
    verdicts: str
    against: list[str]
    """Expectations that the runs contradict or leave undecided, with the verdict."""


def stories(folder: Path) -> list[Told]:
    """Of every study that lies in a folder of results."""
    found = []
    for name in NAMES:
        place = folder / name
        if not (place / MANIFEST).is_file():
            continue
        study = paper_study(name)
        tables = read_tables(study, place)
        first = tables[study.parts[0].file].study
        judged = study.about.judge(tables)
        numbers = study.about.numbers(tables)
        title = str(study.about.figure(tables, numbers).layout.title.text).split("</b>")[0]
        verdicts = ", ".join(
            f"{sum(one.verdict == verdict for one in judged)} {verdict}"
            for verdict in (SUPPORTED, CONTRADICTED, UNDECIDED)
            if any(one.verdict == verdict for one in judged)
        )
        found.append(Told(
            name, first.title, one_line(first.question),
            one_line(_TAG.sub(" ", title).replace("\u00a0", " ")),
            one_line(study.about.FOUND).format_map(numbers), verdicts,
            [f"{one.verdict}: {one_line(expected)}" for expected, one in
             zip(first.hypotheses, judged, strict=True) if one.verdict != SUPPORTED],
        ))  # fmt: skip
    return found


def gallery(told: list[Told], folder: Path) -> str:
    """The page of results: question, figure, what was found, what became of the hypotheses."""
    lines = [
        BEGIN,
        "",
        "**In short**",
        "",
        *(f"- [{one.title}](#{_anchor(one.title)}): {one.finding}." for one in told),
        "",
    ]
    for one in told:
        lines += [f"### {one.title}", "", f"*{one.question}*", ""]
        if (folder / one.name / SVG).is_file():
            lines += [f"![{one.title}]({one.name}/{SVG})", ""]
        lines += [one.found, "", f"Hypotheses: {one.verdicts}. [What was expected, nulls, and what "
                  f"this doesn't show]({one.name}/{FINDINGS}).", ""]  # fmt: skip
        if one.against:
            lines += [*(f"- *{text}*" for text in one.against), ""]
    if (folder / docked.FOLDER / SVG).is_file():
        lines += ["### Published results of the field", "", f"![Docked]({docked.FOLDER}/{SVG})", "",
                  "The [whole table](#docked-to-published-results) is below.", ""]  # fmt: skip
    return "\n".join([*lines, END])


def _anchor(title: str) -> str:
    """As pages of Markdown name a heading."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def table(told: list[Told]) -> str:
    """The same in a line each, for the project's README."""
    rows = [f"| [{one.title}](results/{one.name}/{FINDINGS}) | {one.finding} | {one.verdicts} |"
            for one in told]  # fmt: skip
    return "\n".join([TABLE_BEGIN, "| study | finding | hypotheses |", "|---|---|---|", *rows,
                      TABLE_END])  # fmt: skip


def pages(folder: Path) -> dict[Path, tuple[str, str]]:
    """The pages that quote numbers: what is there, and what follows from the stored runs."""
    told = stories(folder)
    path = folder / README
    there = path.read_text(encoding="utf-8") if path.is_file() else f"# Results\n\n{BEGIN}{END}\n"
    found = {path: (there, replaced(there, BEGIN, END, gallery(told, folder)))}
    above = folder.resolve().parent / README
    if (
        folder.resolve().name == OWN
        and above.is_file()
        and TABLE_BEGIN in (text := above.read_text(encoding="utf-8"))
    ):
        found[above] = (text, replaced(text, TABLE_BEGIN, TABLE_END, table(told)))
    return found


def write_pages(folder: Path) -> None:
    """Write what follows from the stored runs between the pages' marks; the rest of them stays."""
    for path, (there, wanted) in pages(folder).items():
        if there != wanted or not path.is_file():
            write_whole(path, wanted.encode())


def replaced(text: str, begin: str, end: str, own: str) -> str:
    """A page with something else between two marks; at its end if there are none.

    >>> replaced("a <b> old <e> b", "<b>", "<e>", "new")
    'a new b'
    """
    marked = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if (many := text.count(begin)) > 1:
        raise InputError(f"'{begin}' stands {many} times: which of these places is meant?")
    if not marked.search(text):
        return f"{text.rstrip()}\n\n{own}\n"
    return marked.sub(lambda _: own, text, count=1)
