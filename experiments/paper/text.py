"""Numbers as the findings write them, and the findings themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.paper.judging import Judged, mean_and_half
from experiments.paper.study import PaperStudy
from experiments.study.schema import Study

DIGITS = 3


def rounded(value: float, digits: int = DIGITS) -> str:
    """A number with so many significant digits, without an exponent where it can be.

    >>> rounded(0.012345), rounded(-1234.5), rounded(float("nan")), rounded(0.0)
    ('0.0123', '−1,234', 'none', '0')
    """
    if np.isnan(value):
        return "none"
    if value == 0.0:
        return "0"
    places = max(digits - 1 - int(np.floor(np.log10(abs(value)))), 0)
    return f"{value:,.{min(places, 6)}f}".replace("-", "−")


def mean_text(values: NDArray[np.float64], scale: float = 1.0, unit: str = "") -> str:
    """A mean with its 95 % interval: ``12.3 ± 0.4``; the interval decides the digits.

    >>> mean_text(np.array([0.1, 0.12, 0.11, 0.13]), 100, " %")
    '11.5 ± 2.1 %'
    """
    mean, half, _ = mean_and_half(values)
    return with_half(mean * scale, half * scale, unit)


def with_half(mean: float, half: float, unit: str = "") -> str:
    """A number and half of its interval, with digits that the interval allows.

    >>> with_half(0.0, 0.0, " %"), with_half(-0.00001, 0.0031)
    ('0 % in every run', '0.0000 ± 0.0031')
    """
    if np.isnan(mean):
        return "none"
    if np.isnan(half):
        return f"{rounded(mean)}{unit}"
    if half == 0.0:
        return f"{rounded(mean)}{unit} in every run"
    places = min(max(1 - int(np.floor(np.log10(half))), 0), 6)
    number = f"{mean:,.{places}f}"
    if float(number.replace(",", "")) == 0.0:
        number = number.removeprefix("-")
    return f"{number} ± {half:,.{places}f}{unit}".replace("-", "−")


def findings(
    study: PaperStudy, first: Study, judged: Sequence[Judged], numbers: Mapping[str, str],
    runs: int, parts: Sequence[str],
) -> str:  # fmt: skip
    """``findings.md``: what was asked, expected and found, and what it doesn't show."""
    lines = [f"# {first.title}", "", f"**Asked.** {one_line(first.question)}", "",
             "**Expected**, written before the run, and what came of it:", "",
             "| expected | compared | measured (95 % interval) | n | null | verdict |",
             "|---|---|---|---:|---|---|"]  # fmt: skip
    for expected, one in _paired(study.name, first.hypotheses, judged):
        lines.append(
            f"| {one_line(expected)} | {one.claim} | {with_half(one.mean, one.half_width)} "
            f"| {one.replicates} | {one.null} | {one.verdict} |"
        )
    lines += [
        "", f"**Found.** {one_line(study.about.FOUND).format_map(numbers)}", "",
        f"**What it doesn't show.** {one_line(study.about.LIMITS).format_map(numbers)}", "",
        "![figure](figure.svg)", "",
        f"{runs:,} runs; made by `scored reproduce {study.name}`, from "
        + ", ".join(f"`experiments/studies/{part}.toml`" for part in parts)
        + ". The table is `table.csv`, every run in the Parquet files; `scored verify` compares.",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _paired(name: str, hypotheses: Sequence[str], judged: Sequence[Judged]) -> Any:
    if len(hypotheses) != len(judged):
        raise ValueError(f"{name}: {len(hypotheses)} hypotheses, {len(judged)} judged")
    return zip(hypotheses, judged, strict=True)


def one_line(text: str) -> str:
    """Words without line breaks."""
    return " ".join(text.split())
