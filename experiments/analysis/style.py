"""How all figures of studies look and what they say."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

from experiments.study.schema import SCENARIO, Study
from model.declared import declared
from model.measures import MEASURES

FONT = "Helvetica, Arial, sans-serif"
SCALE = "Cividis"  # even in lightness and readable by the colour-blind
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe & Ito's, told apart by the colour-blind, darkest first."""
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
SYMBOLS = ("circle", "square", "diamond", "cross", "triangle-up", "x", "star")


def lay_out(figure: Any, study: Study, what: str, question: str = "", height: int = 520) -> None:
    """The question as title, what is shown below it, and the common look."""
    subtitle = (
        f"{study.scenario}, {study.periods} periods, means over the last {study.window}; {what}"
    )
    asked = " ".join((question or study.question or study.title).split())
    figure.update_layout(
        title={"text": f"{'<br>'.join(wrap(asked, 120))}<br><sup>{subtitle}</sup>", "x": 0.02,
               "font": {"size": 17}},
        font={"family": FONT, "size": 13}, template="plotly_white", height=height,
        margin={"t": _TOP, "l": 70, "r": 40, "b": _BOTTOM},
    )  # fmt: skip


_TOP, _BOTTOM = 130, 70


def legend_above(figure: Any) -> dict[str, Any]:
    """A legend on the right, between title and panels, however high the figure is."""
    panels = max(figure.layout.height - _TOP - _BOTTOM, 1)
    return {"orientation": "h", "x": 1.0, "xanchor": "right", "y": 1.0 + 34 / panels,
            "yanchor": "bottom"}  # fmt: skip


def title_of(measure: str) -> str:
    """A measure's meaning, in lines."""
    meaning = MEASURES[measure].meaning if measure in MEASURES else measure.replace("_", " ")
    return "<br>".join(wrap(meaning, 48))


def unit_of(measure: str) -> str:
    """A measure's unit; nothing for one that isn't ours."""
    return MEASURES[measure].unit if measure in MEASURES else ""


def axis(name: str) -> str:
    """A factor's name and unit."""
    row = next((row for row in declared() if row.name == name), None)
    if row is None or name == SCENARIO:
        return name.replace("_", " ")
    unit = f" ({row.unit})" if row.unit else ""
    return f"{name.replace('_', ' ')}{unit}"


def level(value: Any) -> str:
    """A level as an axis shows it."""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def translucent(colour: str, opacity: float) -> str:
    """A colour for a band.

    >>> translucent("#0072B2", 0.2)
    'rgba(0,114,178,0.2)'
    """
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
