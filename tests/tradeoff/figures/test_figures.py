"""Every figure of the theory: it can be made for laws of all kinds, and shows the numbers of the theory."""

from functools import partial

import numpy as np
import pytest

from tradeoff import figures
from tradeoff.bounds import frontier, min_cut, optima
from tradeoff.codes import families, groups, pixels
from tradeoff.codes.word import Word, cyclic_word
from tradeoff.exact import accuracy
from tradeoff.figures.word import placed
from tradeoff.model import rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.shared import checks

LAW = CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), 16), 0.7)
QUICK = [name for name in figures.FIGURES if name not in ("frontier", "robust_training")]


def curve(sheet, panel, label):
    (found,) = [one for one in sheet.panels[panel].curves if one.label == label and one.x]
    return found


@pytest.mark.parametrize("name", QUICK)
@pytest.mark.parametrize(
    "law",
    [
        LAW,
        CyclicGaussian(cyclic_word("++-", 3), 0.5),  # nothing moves
        CyclicGaussian(cyclic_word("+-+-", 1), 0.9),  # antiperiodic
        CyclicGaussian(Word("+-++" * 4, groups.dihedral(16, 4)), 0.7),
        CyclicGaussian(Word("+-++" * 4, groups.two_rolls(16, 4)), 0.7),
    ],
)
def test_a_figure_is_made_or_refused_in_advance(name, law):
    reason = figures.possible([name], law)[name]
    if reason is None:
        assert figures.build(name, law, radius=1.0).panels
    else:
        assert "has no ranges" in reason
        with pytest.raises(checks.InputError, match="has no ranges"):
            figures.build(name, law, radius=1.0)


def test_an_unknown_figure_is_refused():
    with pytest.raises(checks.InputError, match="figures='frontiers' is unknown; use one of words, radii"):
        figures.build("frontiers", LAW, radius=1.0)


def test_the_curves_of_rules_are_their_accuracies():
    sheet = figures.build("radii", LAW, radius=1.0)
    shown = curve(sheet, 0, "f*: Bayes rule of the data as they are")
    for a, value in zip(shown.x, shown.y, strict=True):
        assert value == pytest.approx(accuracy.adversarial(rules.bayes(LAW), LAW, scaled_radius=a), abs=1e-8)
    grey = curve(sheet, 0, "no rule reaches this")
    assert grey.low[0] == pytest.approx(optima.best_standard(LAW))


def test_the_frontier_lies_below_its_bound(monkeypatch):
    """With a coarser grid and fewer weights than a user's figure: the order does not rest on them."""
    law = CyclicGaussian(cyclic_word(families.golay_zero(64, 32), 32), 0.5)
    weights = frontier.WEIGHTS[::2]
    monkeypatch.setattr(frontier, "frontier", partial(frontier.frontier, weights=weights, cells=min_cut.CELLS))
    sheet = figures.build("frontier", law, radius=1.0)
    for panel in (0, 1):
        reached = curve(sheet, panel, "reached, by rules and coins between them")
        bound = curve(sheet, panel, "bound on all rules")
        assert (np.interp(reached.x, bound.x, bound.y) >= np.array(reached.y) - 1e-9).all()
        assert len(curve(sheet, panel, "best of all rules on a grid, for some weight").x) == len(weights)
    # The grid's rules are better than linear ones, so the picture is not of linear rules twice.
    linear = curve(sheet, 0, "linear rules, each the best for some weight")
    reached = curve(sheet, 0, "reached, by rules and coins between them")
    assert np.max(np.interp(linear.x, reached.x, reached.y) - np.array(linear.y)) > 0.003


@pytest.fixture(scope="module")
def demanded():
    """The frontier of LAW, and the figure of direction 2 that is drawn with it."""
    found = frontier.frontier(LAW, scaled_radius=1.0, weights=frontier.WEIGHTS[::2])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frontier, "frontier", lambda *arguments, **options: found)
        return found, figures.build("robust_training", LAW, radius=1.0)


def test_robust_training_shows_the_peak(demanded):
    _, sheet = demanded
    shown = curve(sheet, 0, "f_b: without augmentation")
    assert max(shown.y) == pytest.approx(0.8014, abs=1e-4)
    band = curve(sheet, 5, "best spatial accuracy of all rules lies in here")
    assert (np.diff(band.low) <= 1e-9).all()
    assert (np.array(band.low) <= np.array(band.high) + 1e-12).all()


def test_the_band_of_direction_2_holds_every_rule_of_the_frontier(demanded):
    """No point that is reached lies above the band's upper edge, at the steep end least of all."""
    found, sheet = demanded
    band = curve(sheet, 5, "best spatial accuracy of all rules lies in here")
    x, y = found.reached()
    assert (np.interp(x, band.x, band.high) >= y - 1e-8).all()
    coarse = np.linspace(band.x[0], band.x[-1], 25)
    assert (np.interp(x, coarse, np.interp(coarse, band.x, band.high)) < y - 1e-3).any()  # chords would cut rules off


def test_the_map_of_eta_meets_the_bounds():
    sheet = figures.build("eta", LAW, radius=1.0)
    least = curve(sheet, 2, "least eta of a rule, p = 0.7")
    assert least.y[-1] == pytest.approx(0.3)
    corrected = curve(sheet, 1, "corrected: between its bounds")
    assert corrected.x[0] == pytest.approx(0.3)
    assert corrected.low[0] == pytest.approx(corrected.high[0]) == pytest.approx(0.7)


def test_the_images_are_turned_by_a_move():
    law = CyclicGaussian(cyclic_word(pixels.word(9), 20), 0.7)
    sheet = figures.build("images", law, radius=1.0)
    word, moved = (np.array(sheet.panels[panel].curves[0].rows) for panel in (0, 1))
    assert (np.rot90(word) == moved).all()
    assert placed(law).name == "square"
    assert placed(LAW).name == "rolls"
