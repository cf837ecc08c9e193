"""What figures draw is what is known of the runs, in the places that the axes name."""

import numpy as np
import pytest

from experiments.analysis.phase import phase_diagrams
from experiments.analysis.results import Results
from experiments.analysis.series import courses, series_figure
from experiments.analysis.style import in_lines, name_words, page
from experiments.search.optimise import Found, Trial
from experiments.search.report import search_figure
from experiments.study.loading import study_of
from experiments.study.schema import FigureOfTwoFactors


def study(factors, **more):
    return study_of({"title": "T", "periods": 10, "measures": ["dissent"], "factors": factors,
                     "replicates": 1, **more})  # fmt: skip


def runs_of(made, value):
    """A table of one run a point, with what a function of its parameters gives."""
    plan = made.plan()
    return {"point": plan.keys, "replicate": [0] * len(plan.keys),
            "dissent": [value(point) for point in plan.points]}  # fmt: skip


SAMPLE = {"kind": "latin_hypercube", "points": 320}
RANGES = {"detection": {"from": 0.0, "to": 1.0}, "review": {"from": 0.01, "to": 1.0,
                                                            "scale": "log"}}  # fmt: skip


def test_a_phase_diagram_of_a_sample_draws_parts_of_ranges_with_their_runs():
    made = study(RANGES, design=SAMPLE, twins=False)
    table = runs_of(made, lambda point: point["detection"])
    axes = FigureOfTwoFactors(x="detection", y="review", measures=["dissent"])
    figure = phase_diagrams(Results.of(made, table), made, axes)
    (map_,) = figure.data
    cells = len(map_.x) - 1, len(map_.y) - 1
    assert cells == (6, 6), "some eight points a cell, were they spread evenly"
    assert map_.x[0] == pytest.approx(0.0, abs=0.01)
    assert map_.x[-1] == pytest.approx(1.0, abs=0.01)
    assert list(map_.y) == sorted(map_.y)
    assert figure.layout.yaxis.type == "log"
    runs = np.array(map_.customdata)[..., 1]
    assert runs.sum() == 320
    mean = np.array(map_.z)
    for k in range(cells[0]):  # what was measured is where a point lies across
        column = mean[:, k][runs[:, k] > 0]
        assert (column >= map_.x[k]).all()
        assert (column <= map_.x[k + 1]).all()
    half = np.array(map_.customdata)[..., 0]
    assert np.isfinite(half[runs > 1]).all(), "independent points tell how sure a mean is"
    assert np.isnan(mean[runs == 0]).all()


def test_a_grid_keeps_its_levels():
    made = study({"detection": [0.1, 0.2], "schedule": ["synchronous", "random_order"]},
                 replicates=2)  # fmt: skip
    plan = made.plan()
    table = {"point": [key for key in plan.keys for _ in range(2)], "replicate": [0, 1] * 4,
             "dissent": [1.0, 3.0] * 2 + [5.0, 5.0] * 2}  # fmt: skip
    axes = FigureOfTwoFactors(x="schedule", y="detection", measures=["dissent"])
    (map_,) = phase_diagrams(Results.of(made, table), made, axes).data
    assert list(map_.x) == ["synchronous", "random_order"]
    assert list(map_.y) == ["0.1", "0.2"]
    assert np.array(map_.z).tolist() == [[2.0, 2.0], [5.0, 5.0]]
    halves = np.array(map_.customdata)[..., 0]
    assert halves[0] == pytest.approx(12.706 * np.sqrt(2.0) / np.sqrt(2.0), rel=1e-3)
    assert halves[1].tolist() == [0.0, 0.0]


def series_of(made, value, periods=(0, 5, 10)):
    plan, luck = made.plan(), np.random.default_rng(1).normal(size=made.replicates)
    rows = [(key, r, t, value(point, t) + luck[r]) for key, point in zip(plan.keys, plan.points,
            strict=True) for r in range(made.replicates) for t in periods]  # fmt: skip
    names = ("point", "replicate", "period", "dissent")
    return {name: np.array(column) for name, column in zip(names, zip(*rows, strict=True),
                                                           strict=True)}, luck  # fmt: skip


def test_a_course_is_the_mean_over_all_else_with_the_interval_of_luck():
    made = study({"detection": [0.1, 0.3], "conformity": [0.0, 1.0]}, replicates=8)
    columns, luck = series_of(made, lambda point, t: t * point["detection"] + point["conformity"])
    periods, curves = courses(made, columns, None, "detection", "dissent")
    assert periods == [0, 5, 10]
    half = 2.364624 * luck.std(ddof=1) / np.sqrt(8)  # Student, 7 degrees of freedom
    for t, curve in zip(periods, curves, strict=True):
        assert curve.x == [0.1, 0.3]
        assert curve.mean == pytest.approx([0.1 * t + 0.5 + luck.mean(), 0.3 * t + 0.5
                                            + luck.mean()])  # fmt: skip
        assert curve.high - curve.mean == pytest.approx([half, half], rel=1e-5)
    figure = series_figure(made, columns, None, "detection", ["dissent"])
    lines = [trace for trace in figure.data if trace.name]
    assert [line.name for line in lines] == ["0.1", "0.3"]
    assert lines[1].y[2] == pytest.approx(3.5 + luck.mean())
    assert "means over the last" not in figure.layout.title.text


def test_a_long_course_is_thinned_from_end_to_end():
    made = study({"detection": [0.1, 0.3]}, replicates=2)
    columns, _ = series_of(made, lambda point, t: t, periods=range(1001))
    periods, _ = courses(made, columns, None, "detection", "dissent")
    assert len(periods) == 60
    assert (periods[0], periods[-1]) == (0, 1000)


def test_the_course_of_a_search_and_its_best_point():
    made = study({"detection": {"from": 0.0, "to": 1.0}, "schedule": ["synchronous",
                 "random_order"]}, search={"maximise": "dissent", "trials": 4})  # fmt: skip
    values = [3.0, 1.0, float("nan"), 4.0]  # of one trial every run failed
    trials = [
        Trial(k, {"detection": k / 4, "schedule": "synchronous"}, {"dissent": value}, -value)
        for k, value in enumerate(values)
    ]
    figure = search_figure(made, Found(trials, trials[3], [], False))
    best, points = figure.data[0], figure.data[1]
    assert list(best.x) == [0, 1, 3]
    assert list(best.y) == [3.0, 3.0, 4.0]
    assert list(points.y) == [3.0, 1.0, 4.0]
    stars = [trace for trace in figure.data if trace.name == "the best"]
    assert [list(star.x) for star in stars] == [[3], [0.75], ["synchronous"]]


def test_long_words_get_room_below_their_axis():
    from plotly.subplots import make_subplots

    assert in_lines("guilt_by_association") == "guilt by<br>association"
    figure = make_subplots(cols=2)
    flat = name_words(figure, ["guilt_by_association", "exit"], 1, 1, 2)
    assert figure.layout.xaxis.tickangle == 0
    turned = name_words(figure, ["sesame_as_documented"] * 6, 1, 2, 2)
    assert figure.layout.xaxis2.tickangle == -40
    assert turned > flat > 0
    assert name_words(figure, [1.0, 2.0], 1, 1, 2) == 0


def test_a_page_needs_no_network_and_names_its_figure():
    made = study({"detection": [0.1, 0.3]}, replicates=2)
    columns, _ = series_of(made, lambda point, t: t)
    html = page(series_figure(made, columns, None, "detection", ["dissent"]), "series").decode()
    assert 'id="series"' in html
    assert 'src="http' not in html
