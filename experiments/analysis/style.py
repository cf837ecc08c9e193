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


def lay_out(
    figure: Any, study: Study, what: str, question: str = "", height: int = 520,
    varied: tuple[str, ...] = (), along: bool = False,
) -> None:  # fmt: skip
    """The question as title, what is shown below it, and the common look.

    Args:
        figure: to be changed.
        study: what was asked.
        what: is shown.
        question: in place of the study's.
        height: in pixels.
        varied: factors that the figure shows by itself.
        along: whether it shows all the way, and not what is measured at its end.
    """
    scenarios = len(study.levels()[SCENARIO].all()) if SCENARIO in study.factors else 1
    named = study.scenario if scenarios == 1 else f"{scenarios} scenarios"
    over = ", averaged" if scenarios > 1 and SCENARIO not in varied else ""
    window = "at the end" if study.window == 1 else f"means over the last {study.window}"
    subtitle = f"{named}{over}; {study.periods} periods{'' if along else f', {window}'}; {what}"
    asked = " ".join((question or study.question or study.title).split())
    put_question(figure, asked, subtitle, height)


def put_question(figure: Any, question: str, below: str, height: int) -> None:
    """A question as title, what is shown below it, and the look that all figures share."""
    figure.update_layout(
        title={"text": f"{'<br>'.join(wrap(question, 120))}<br><sup>{below}</sup>", "x": 0.02,
               "font": {"size": 17}, "y": 1.0 - 22 / height, "yanchor": "top"},
        font={"family": FONT, "size": 13}, template="plotly_white", height=height,
        margin={"t": _TOP, "l": 70, "r": 50, "b": _BOTTOM},
        modebar={"orientation": "v"},  # beside the panels, where no legend lies
    )  # fmt: skip
    clear = "rgba(0,0,0,0)"  # labels stand off their axis
    figure.update_xaxes(ticks="outside", ticklen=4, tickcolor=clear)
    figure.update_yaxes(ticks="outside", ticklen=4, tickcolor=clear)


_TOP, _LEGEND, _BOTTOM = 120, 40, 70
"""Pixels above the panels, more of them with a legend, and below."""
BESIDE = 120
"""Pixels on the right of panels with a colour bar."""


def legend_above(figure: Any, title: str = "") -> None:
    """Put a legend between title and panels, however high the figure is."""
    top, height = _TOP + _LEGEND, figure.layout.height + _LEGEND
    figure.update_layout(
        height=height, margin={"t": top}, title={"y": 1.0 - 22 / height},
        legend={"orientation": "h", "x": 0.0, "xanchor": "left", "yanchor": "bottom",
                "y": 1.0 + 42 / max(height - top - _BOTTOM, 1), "title": {"text": title}},
    )  # fmt: skip


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


_WORD_ROOM = 110.0
"""Pixels that a word's label has, across, before it is turned."""
_WIDTH = 1_000.0
"""What a figure is wide at least."""


def in_lines(word: Any, width: int = 13) -> str:
    """A word's label, in lines: ``guilt_by_association`` as ``guilt by<br>association``."""
    return "<br>".join(wrap(str(word).replace("_", " "), width))


def name_words(figure: Any, levels: list[Any], row: int, column: int, columns: int) -> int:
    """Give an x axis of words labels that don't overlap; returns the pixels that they need.

    Args:
        figure: with the panel.
        levels: in their order; numbers are left to Plotly.
        row: of the panel.
        column: of the panel.
        columns: that the figure has.
    """
    if not any(isinstance(value, str) for value in levels):
        return 0
    room = _WIDTH / columns / max(len(levels), 1)
    labels = [in_lines(value) for value in levels]
    flat = room >= _WORD_ROOM
    if not flat:
        labels = [str(value).replace("_", " ") for value in levels]
    figure.update_xaxes(
        tickvals=[level(value) for value in levels], ticktext=labels, automargin=True,
        tickangle=0 if flat else -40, row=row, col=column,
    )  # fmt: skip
    lines = max(label.count("<br>") for label in labels) + 1
    return 16 * lines if flat else int(4.8 * max(map(len, labels)))


def logs_of(study: Study) -> set[str]:
    """The factors that are spread in the logarithm."""
    return {name for name, factor in study.levels().items() if getattr(factor, "log", False)}


def page(figure: Any, name: str) -> bytes:
    """A figure as a page of its own that needs no network."""
    html = figure.to_html(
        include_plotlyjs=True, full_html=True, div_id=name, config={"displaylogo": False}
    )
    return str(html).encode()


def translucent(colour: str, opacity: float) -> str:
    """A colour for a band.

    >>> translucent("#0072B2", 0.2)
    'rgba(0,114,178,0.2)'
    """
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
