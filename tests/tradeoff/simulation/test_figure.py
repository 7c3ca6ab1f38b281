"""The picture of a run's table, as data: the numbers of its rows, with their intervals; and drawn."""

import numpy as np
import pytest

from tradeoff.model import RULES
from tradeoff.shared import drawing, figure_data, palette
from tradeoff.simulation import figure
from tradeoff.simulation.options import RunOptions, resolve
from tradeoff.simulation.run import answer, curves

OPTIONS = RunOptions(scaled_radius=(0.0, 1.0, 2.0), trials=300)


@pytest.fixture(scope="module")
def rows():
    return answer(resolve({}, OPTIONS), OPTIONS)[0]


@pytest.fixture(scope="module")
def fine():
    return curves(resolve({}, OPTIONS), OPTIONS)


@pytest.fixture(scope="module")
def sheet(rows, fine):
    return figure.tradeoff(rows, fine, OPTIONS.radii)


def curve(sheet, panel, label, *kinds):
    (one,) = [one for one in sheet.panels[panel].curves if one.label.startswith(label) and one.kind in kinds]
    return one


def row_of(rows, **wanted):
    return next(row for row in rows if not row.given and all(getattr(row, key) == wanted[key] for key in wanted))


def test_curves_show_the_numbers_of_the_rows(rows, sheet):
    bayes = curve(sheet, 0, "f*", "line")
    row = row_of(rows, rule="bayes", quantity="adversarial", scaled_radius=1.0, method="exact")
    assert np.interp(1.0, bayes.x, bayes.y) == pytest.approx(row.value, abs=1e-9)
    assert len(bayes.x) > 10


def test_sampled_points_carry_their_intervals(rows, sheet):
    points = curve(sheet, 0, "f*", "points")
    row = row_of(rows, rule="bayes", quantity="adversarial", scaled_radius=1.0, method="montecarlo")
    at = points.x.index(1.0)
    assert (points.low[at], points.y[at], points.high[at]) == pytest.approx((row.low, row.value, row.high), abs=1e-9)


def test_crosses_have_both_intervals(rows, sheet):
    crosses = curve(sheet, 1, "sampled", "points")
    across = row_of(rows, rule="augmented", quantity="adversarial", scaled_radius=1.0, method="montecarlo")
    at = crosses.x.index(pytest.approx(across.value, abs=1e-9))
    assert (crosses.x_low[at], crosses.x_high[at]) == pytest.approx(across.ends, abs=1e-9)
    up = row_of(rows, rule="augmented", quantity="spatial", method="montecarlo")
    assert (crosses.low[at], crosses.y[at], crosses.high[at]) == pytest.approx((up.low, up.value, up.high), abs=1e-9)


def test_the_grey_regions_begin_where_no_rule_reaches(fine, sheet):
    """Left at R*(a), right at R*(1) and at the spatial accuracy of g_K."""
    ceiling = {row.scaled_radius: row.value for row in fine if row.quantity == "best_adversarial"}
    left = curve(sheet, 0, "no rule reaches this", "region")
    assert left.low == pytest.approx(tuple(ceiling[a] for a in sorted(ceiling)), abs=1e-8)
    best = row_of(fine, rule="augmented", quantity="spatial").value
    above, beside = [one for one in sheet.panels[1].curves if one.kind == "region"]
    assert above.low == pytest.approx((best,) * 2, abs=1e-8)
    assert beside.x[0] == pytest.approx(ceiling[1.0], abs=1e-8)


def test_axes_carry_their_units(sheet):
    left, right = sheet.panels
    assert "scaled radius" in left.x_label
    assert "eps" in left.top_label
    assert left.top_unit == 8.0  # sqrt(64)
    assert "a = 1" in right.x_label
    assert "spatial accuracy" in right.y_label


def test_a_panel_says_whether_it_shows_samples(rows, fine, sheet):
    assert {panel.source for panel in sheet.panels} == {"exact and sampled"}
    computed = [row for row in rows if row.method != "montecarlo"]
    assert {panel.source for panel in figure.tradeoff(computed, fine, OPTIONS.radii).panels} == {"exact"}


def test_what_is_drawn_is_what_is_in_the_file(sheet):
    again = figure_data.from_lines(sheet.to_lines())
    assert again == sheet
    left, right = drawing.draw(again).axes
    shown = next(
        line for line in left.lines if line.get_color() == palette.ROLES["standard"][0] and len(line.get_xdata()) > 9
    )
    assert tuple(shown.get_ydata()) == curve(sheet, 0, "f*", "line").y
    (top,) = left.child_axes
    assert top.get_xlabel() == sheet.panels[0].top_label
    bars = [segment for bar in right.collections if hasattr(bar, "get_segments") for segment in bar.get_segments()]
    crosses = curve(sheet, 1, "sampled", "points")
    assert sum(np.ptp(bar[:, 0]) > 0 for bar in bars) == sum(np.ptp(bar[:, 1]) > 0 for bar in bars) == len(crosses.x)


@pytest.mark.parametrize(("kind", "magic"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_a_figure_is_the_same_bytes_every_time(sheet, kind, magic):
    first, second = (drawing.encode(drawing.draw(sheet), kind) for _ in range(2))
    assert first == second
    assert first.startswith(magic)


def test_one_radius_and_one_rule_are_enough_for_a_figure():
    options = RunOptions(scaled_radius=(0.7,), trials=0, rules=("sign_x0",))
    scenario = resolve({}, options)
    made = figure.tradeoff(answer(scenario, options)[0], curves(scenario, options), options.radii)
    assert len(drawing.draw(made).axes) == 2


def test_a_bound_is_dashed_and_a_rule_for_some_elements_has_its_own_name():
    options = RunOptions(scaled_radius=(1.0, 2.0), trials=0, rules=("augmented", "bayes:1"))
    scenario = resolve({"word": "++-+--++++-+", "step": 2}, options)
    rows = answer(scenario, options)[0]
    made = figure.tradeoff(rows, curves(scenario, options), options.radii)
    labels = {one.label: one.kind for one in made.panels[0].curves}
    assert labels["bayes:1"] == "line"
    bounded = any(row.method == "bound" and row.rule == "augmented" and row.quantity == "adversarial" for row in rows)
    assert (labels["g_K: augmented, of the moved data"] == "dashed") == bounded
    assert (figure.FOUND in labels) == bounded


def test_every_rule_has_a_look_of_its_own():
    looks = {
        name: palette.ROLES[role]
        for name in RULES
        for start, role in palette.BEGINNINGS.items()
        if figure.label((name, "{}")).startswith(start)
    }
    assert looks.keys() == RULES.keys()
    assert len(set(looks.values())) == len(RULES)
