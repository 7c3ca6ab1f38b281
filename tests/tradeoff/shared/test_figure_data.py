"""Figures as data: what is written is what is read, and what is drawn is what is in the file."""

import json
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
from matplotlib.text import Text

from tradeoff.shared import checks, figure_data
from tradeoff.shared import drawing as pictures
from tradeoff.shared import drawing as sheet_figure
from tradeoff.shared.figure_data import Curve, Panel, Sheet

SHEET = Sheet(
    "test",
    "A title",
    (
        Panel(
            "left",
            "x",
            "y",
            (
                figure_data.line("one", [0, 1, 2], [0.1, np.nan, 1 / 3]),
                figure_data.line("two", [0.5], [0.25], "points"),
                figure_data.between("grey", [0, 1], 0.0, [0.5, 0.6], "region"),
                figure_data.between("hatch", [0, 1], 0.7, [0.8, 0.9], "hatched"),
                figure_data.between("band", [0, 1], 0.2, 0.4),
                Curve("", "stems", (0.0, 1.0), (0.5, -0.5)),
            ),
            (0, 2),
        ),
        Panel("right", curves=(figure_data.image([[0.1, 0.9]], x=[1, 2]),), written=True),
        Panel("signs", curves=(figure_data.image([[1, -1], [-1, 1]]),), colours="signs"),
    ),
    about={"p": 0.7},
)


def test_lines_and_back():
    assert figure_data.from_lines(SHEET.to_lines()) == SHEET


def test_a_curve_keeps_its_error_rounded_up():
    made = [
        figure_data.line("", [0], [1], error=1.234e-6),
        figure_data.between("", [0], 0, 1, error=1.234e-6),
        figure_data.image([[1]], error=1.234e-6),
    ]
    assert {one.error for one in made} == {1.3e-6}
    assert SHEET.panels[0].curves[0].error == 0
    old = SHEET.to_lines().replace('"error": 0.0, ', "")
    assert figure_data.from_lines(old) == SHEET  # files of before


def test_every_line_is_an_object_of_its_own():
    kinds = [json.loads(line)["kind"] for line in SHEET.to_lines().splitlines()]
    assert kinds == ["sheet", "panel", *["curve"] * 6, "panel", "curve", "panel", "curve"]


@pytest.mark.parametrize("text", ["", "x", "{}", '{"kind": "panel"}', '{"kind": "sheet", "schema": 2}\n', "[1]\n"])
def test_another_file_is_refused(text):
    with pytest.raises(checks.InputError, match="is not a figure's data"):
        figure_data.from_lines(text)


def test_numbers_keep_nine_digits_and_leave_gaps_out():
    one = SHEET.panels[0].curves[0]
    assert one.x == (0.0, 2.0)
    assert one.y == (0.1, 0.333333333)


def test_the_drawing_holds_the_numbers():
    figure = sheet_figure.draw(SHEET)
    left, right, signs, spare = figure.axes[:4]
    assert left.lines[0].get_xdata().tolist() == [0.0, 2.0]
    assert left.lines[0].get_ydata().tolist() == [0.1, 0.333333333]
    assert left.get_xlim() == (0, 2)
    assert right.images[0].get_array().tolist() == [[0.1, 0.9]]
    assert [text.get_text() for text in right.texts] == [".100", ".900"]
    assert signs.images[0].cmap.N == 2  # no place of x_0
    assert not spare.axison
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["one", "two", "grey", "hatch", "band"]


def test_equal_labels_have_one_colour_in_all_panels():
    panels = (
        Panel("a", curves=(figure_data.line("f", [0, 1], [0, 1]), figure_data.line("g", [0, 1], [1, 0]))),
        Panel("b", curves=(figure_data.line("g", [0, 1], [1, 0]),)),
    )
    first, second = sheet_figure.draw(Sheet("s", "t", panels)).axes
    assert first.lines[1].get_color() == second.lines[0].get_color() != first.lines[0].get_color()


def test_the_same_sheet_makes_the_same_bytes():
    assert pictures.encode(sheet_figure.draw(SHEET), "svg") == pictures.encode(
        sheet_figure.draw(figure_data.from_lines(SHEET.to_lines())), "svg"
    )


FORGED = "a\x1b[2J\x00\u202e\udcff$x_{$ \\ $y^{$"
"""Control characters, which no SVG may hold, and what would be read as mathematics that does not end."""


def named(text):
    curve = figure_data.line(text, [0, 1], [0, 1])
    table = figure_data.image([[0.1, 0.9]], x_names=[text, "b"], y_names=[text])
    panel = Panel(text, text, text, (curve,), top_label=text)
    return Sheet("names", text, (panel, Panel(f"{text}\nsecond line", curves=(table,))))


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_any_name_can_be_drawn(kind):
    """As title, label, axis, and name of a column, none of it mathematics."""
    drawn = pictures.draw(named(FORGED))
    picture = pictures.encode(drawn, kind)
    if kind == "svg":
        ElementTree.fromstring(picture)
    texts = ["".join(text.get_text().split()) for text in drawn.findobj(Text) if "$" in text.get_text()]
    assert len(texts) >= 8
    assert all(r"a\x1b[2J\x00\u202e\xff$x_{$\$y^{$" in text for text in texts)


def test_numbers_keep_the_name_as_it_is():
    assert figure_data.from_lines(named(FORGED).to_lines()) == named(FORGED)
    assert named(FORGED).to_lines().isascii()


@pytest.mark.parametrize("settings", [{"text.usetex": True}, {"figure.dpi": 31, "font.size": 30, "lines.linewidth": 9}])
def test_a_picture_does_not_depend_on_the_settings_of_its_user(settings):
    """Neither in what is drawn nor in what they are afterwards."""
    usual = pictures.encode(pictures.draw(SHEET), "svg")
    with matplotlib.rc_context(settings):
        before = dict(matplotlib.rcParams)
        assert pictures.encode(pictures.draw(SHEET), "svg") == usual
        assert dict(matplotlib.rcParams) == before
