"""The gallery: its page is the one that the command makes, its pictures are drawn from its numbers."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.made_again import ROUNDING, same_curve, same_picture, same_sheet
from tradeoff import gallery, simulate
from tradeoff.bounds import least_favourable
from tradeoff.figures import FIGURES
from tradeoff.gallery import ENTRIES
from tradeoff.shared import figure_data
from tradeoff.simulation.run import law as law_of
from tradeoff.simulation.run import one_radius

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
QUICK = ("words", "images", "eta", "joint")
SLOWER = ("radii", "augmentation", "augmentation-reversed")
SLOWEST = ("robust-training", "frontier", "frontier-4")


def test_the_page_is_the_one_that_the_command_makes():
    assert (DOCS / "gallery.md").read_text() == gallery.page()


def test_every_figure_of_the_theory_is_shown():
    assert {entry.figure for entry in ENTRIES.values()} == set(FIGURES)


HEAVY = ("frontier", "frontier-4", "robust-training")
DRAWN_LATER = pytest.mark.slow(twin="test_the_picture_is_drawn_from_the_numbers")


@pytest.mark.parametrize("name", [pytest.param(name, marks=DRAWN_LATER if name in HEAVY else ()) for name in ENTRIES])
def test_the_picture_is_drawn_from_the_numbers(name):
    numbers = (DOCS / "gallery" / f"{name}.jsonl").read_text()
    assert same_picture(gallery.draw(numbers), (DOCS / "gallery" / f"{name}.svg").read_bytes())


def test_a_picture_of_other_numbers_is_another():
    made = (DOCS / "gallery" / "eta.svg").read_bytes()
    number = re.search(rb"L (\d+\.\d{5})1 ", made)[1]  # across, of a point of a line
    assert same_picture(made.replace(number + b"1 ", number + b"2 "), made)
    assert not same_picture(made.replace(number + b"1 ", number.replace(b".", b"0.") + b"1 "), made)
    assert not same_picture(made.replace(b"</g>", b"", 1), made)


def published(name):
    return figure_data.from_lines((DOCS / "gallery" / f"{name}.jsonl").read_text())


@pytest.mark.parametrize(
    "name",
    [
        *QUICK,
        *SLOWER,
        *(
            pytest.param(name, marks=pytest.mark.slow(twin="test_lines_of_the_frontier_are_made_again"))
            for name in SLOWEST
        ),
    ],
)
def test_the_numbers_are_made_again_by_the_command(name):
    made = figure_data.from_lines(gallery.make(ENTRIES[name])["jsonl"])
    assert same_sheet(made, published(name))


@pytest.mark.parametrize(("name", "weight"), [("frontier", 0.5), ("frontier-4", 0.95)])
def test_lines_of_the_frontier_are_made_again(name, weight):
    """The bound's line for one weight touches the published curve: its corners are on file."""
    scenario, options = gallery.settings(ENTRIES[name])
    law = law_of(scenario)
    radius = one_radius(law, options)
    line = least_favourable.bound(law, weight, scaled_radius=radius).value
    (curve,) = [one for one in published(name).panels[0].curves if one.label == "bound on all rules"]
    level = float(np.max(weight * np.array(curve.x) + (1 - weight) * np.array(curve.y)))
    slack = curve.error + least_favourable.TOLERANCE + line.error
    assert level == pytest.approx(line.interval.high, abs=slack)
    assert slack < 1e-3


def test_within_its_error_a_copy_passes_and_beyond_it_does_not():
    """Also where a curve is steep: there a small step across is a large one up."""
    for name in ("radii", "frontier"):
        sheet = published(name)
        for panel, number in [(p, n) for p in (0, 1) for n in range(len(sheet.panels[p].curves))]:
            curve = sheet.panels[panel].curves[number]
            for part in (part for part in ("x", "y", "low", "high") if getattr(curve, part) and curve.kind == "line"):
                for size, same in ((0.9, True), (30.0, False)):
                    moved = np.array(getattr(curve, part)) + size * (2 * curve.error + ROUNDING)
                    assert same_curve(replace(curve, **{part: tuple(moved)}), curve) is same
    assert same_sheet(sheet, sheet)
    assert not same_sheet(sheet, replace(sheet, title="another"))
    assert not same_curve(replace(curve, error=1.0), curve)  # rough enough to agree with anything
    for other in ({"look": "another"}, {"label": "another"}, {"kind": "dashed"}):
        assert not same_curve(replace(curve, **other), curve)
    points = figure_data.line("seen", [0.0, 1.0, 2.0], [0.0, 0.5, 1.0], "points")
    assert not same_curve(replace(points, x=(0.0, 1.2, 2.0), y=(0.0, 0.6, 1.0)), points)  # slid along its neighbours
    assert not same_sheet(sheet, published("frontier-4"))


@pytest.mark.parametrize("name", QUICK)
def test_the_command_on_the_page_makes_the_same_picture(name, tmp_path, capsys):
    command = gallery.command(ENTRIES[name])
    assert f"```sh\n{command}\n```" in (DOCS / "gallery.md").read_text()
    arguments = command.removeprefix(f"{simulate.PROGRAM} ").split()
    assert simulate.main([*arguments, "--trials", "0", "--quiet", "--out", str(tmp_path)]) == 0
    (made,) = tmp_path.glob("*.svg")
    # The same as from here, to the byte; the committed one may have been rounded by another processor.
    assert made.read_bytes() == gallery.make(ENTRIES[name])["svg"]


def test_the_command_writes_page_and_figures(tmp_path, capsys):
    assert gallery.main(["--out", str(tmp_path), "--figures", "words", "--quiet"]) == 0
    assert (tmp_path / "gallery" / "words.svg").read_bytes() == gallery.make(ENTRIES["words"])["svg"]
    assert same_sheet(figure_data.from_lines((tmp_path / "gallery" / "words.jsonl").read_text()), published("words"))
    assert not (tmp_path / "gallery.md").exists()  # its other figures are not there
    assert gallery.main(["--figures", "nothing"]) == 2
    assert "figures='nothing' is unknown; use one of words" in capsys.readouterr().err


def test_links_of_the_page_lead_somewhere():
    targets = re.findall(r"\]\(([^)#]+)\)", (DOCS / "gallery.md").read_text())
    assert len(targets) > len(ENTRIES)
    assert all((DOCS / target).exists() for target in targets)


def gap(name, panel, end=0.0):
    """The largest distance between what is reached and what is allowed, ``end`` of robustness left out."""
    sheet = figure_data.from_lines((DOCS / "gallery" / f"{name}.jsonl").read_text())
    curves = {curve.label: curve for curve in sheet.panels[panel].curves if curve.x and curve.y}
    reached, bound = curves["reached, by rules and coins between them"], curves["bound on all rules"]
    at = np.linspace(reached.x[0], reached.x[-1] - end, 400)
    return float(np.max(np.interp(at, bound.x, bound.y) - np.interp(at, reached.x, reached.y)))


def test_the_page_of_limits_says_how_closely_the_frontier_is_known():
    text = " ".join((ROOT / "docs/explanation/limits.md").read_text().split())
    quoted = re.search(
        r"at most (\.\d+) of spatial accuracy for two moves \((\.\d+) but for the last \.005 of robustness\) and "
        r"(\.\d+) for four, by (\.\d+) of joint accuracy",
        text,
    )
    found = [
        gap("frontier", 0),
        gap("frontier", 0, 0.005),
        gap("frontier-4", 0),
        max(gap("frontier", 1), gap("frontier-4", 1)),
    ]
    for number, value in zip(quoted.groups(), found, strict=True):
        assert 0.75 * float(number) < value <= float(number)


def test_the_gallery_says_what_a_little_spatial_accuracy_buys():
    """Giving up .02 of the best spatial accuracy buys more than .1 of robustness, four moves, p = .7."""
    sheet = figure_data.from_lines((DOCS / "gallery" / "frontier-4.jsonl").read_text())
    (reached,) = [curve for curve in sheet.panels[0].curves if curve.label.startswith("reached")]
    assert np.interp(reached.x[0] + 0.1, reached.x, reached.y) > reached.y[0] - 0.02
