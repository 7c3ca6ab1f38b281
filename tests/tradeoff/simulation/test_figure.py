import numpy as np
import pytest

from tradeoff.shared import drawing as pictures
from tradeoff.simulation import figure as figures
from tradeoff.simulation.options import RunOptions, resolve
from tradeoff.simulation.run import answer, curves

OPTIONS = RunOptions(scaled_radius=(0.0, 1.0, 2.0), trials=300)


@pytest.fixture(scope="module")
def parts():
    scenario = resolve({}, OPTIONS)
    return answer(scenario, OPTIONS)[0], curves(scenario, OPTIONS)


def test_curves_and_points_show_the_numbers_of_the_rows(parts):
    figure = figures.tradeoff(*parts, OPTIONS.radii)
    left = figure.axes[0]
    bayes = next(
        line for line in left.lines if line.get_color() == figures.STYLES["bayes"][0] and len(line.get_xdata()) > 10
    )
    at_one = np.interp(1.0, bayes.get_xdata(), bayes.get_ydata())
    expected = next(
        row.value for row in parts[0] if row.rule == "bayes" and row.scaled_radius == 1.0 and row.method == "exact"
    )
    assert at_one == pytest.approx(expected, abs=1e-12)


def test_sampled_points_carry_their_intervals(parts):
    """The vertical extent of the bayes error bar at a = 1 is the row's interval."""
    left = figures.tradeoff(*parts, OPTIONS.radii).axes[0]
    row = next(
        r for r in parts[0] if r.rule == "bayes" and r.scaled_radius == 1.0 and r.method == "montecarlo" and not r.given
    )
    bars = [segment for bar in left.collections if hasattr(bar, "get_segments") for segment in bar.get_segments()]
    extents = [(segment[:, 1].min(), segment[:, 1].max()) for segment in bars if np.allclose(segment[:, 0], 1.0)]
    assert any(np.allclose(extent, row.ends, atol=1e-12) for extent in extents)


def test_the_grey_regions_begin_where_no_rule_reaches(parts):
    """Left at R*(a), right at R*(1) and at the spatial accuracy of g_K."""
    left, right = figures.tradeoff(*parts, OPTIONS.radii).axes
    ceiling = {row.scaled_radius: row.value for row in parts[1] if row.quantity == "best_adversarial"}
    edge = left.collections[0].get_paths()[0].vertices
    assert any(np.allclose(point, (1.0, ceiling[1.0]), atol=1e-12) for point in edge)
    best = next(row.value for row in parts[1] if row.rule == "augmented" and row.quantity == "spatial")
    corners = [patch.get_xy() for patch in right.patches]
    assert any(np.isclose(corner[1], ceiling[1.0]) for corner in corners)
    assert any(np.isclose(corner[0], best) for corner in corners)


def test_axes_carry_their_units(parts):
    left, right = figures.tradeoff(*parts, OPTIONS.radii).axes
    assert "scaled radius" in left.get_xlabel()
    assert "a = 1" in right.get_ylabel()
    assert "spatial accuracy" in right.get_xlabel()


@pytest.mark.parametrize(("kind", "magic"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_a_figure_is_the_same_bytes_every_time(parts, kind, magic):
    one, two = (pictures.encode(figures.tradeoff(*parts, OPTIONS.radii), kind) for _ in range(2))
    assert one == two
    assert one.startswith(magic)


def test_one_radius_and_one_rule_are_enough_for_a_figure():
    options = RunOptions(scaled_radius=(0.7,), trials=0, rules=("sign_x0",))
    scenario = resolve({}, options)
    figure = figures.tradeoff(answer(scenario, options)[0], curves(scenario, options), options.radii)
    assert len(figure.axes) == 2
