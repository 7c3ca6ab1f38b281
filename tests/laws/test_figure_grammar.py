"""Every figure of the product speaks one grammar: sizes, axes, sources, and what a colour and a marker mean."""

from collections import defaultdict
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from matplotlib.colors import to_hex, to_rgb
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.text import Text

from tradeoff.codes import families
from tradeoff.codes.word import cyclic_word
from tradeoff.figures import FIGURES
from tradeoff.figures.word import compared
from tradeoff.shared import drawing, figure_data, palette

ROOT = Path(__file__).parents[2]
PUBLISHED = [
    path
    for folder in ("docs", "results")
    for path in sorted((ROOT / folder).rglob("*.jsonl"))
    if path.with_suffix(".svg").exists()
]
SHOWN = 7.0
"""Inches at which pages show a figure."""


@cache
def sheet(path):
    """A published figure, or the only one that none of is published."""
    if path is None:
        word = cyclic_word(families.golay_quarter(64, 16), 16)
        return compared([("golay", word), ("golay again", word)], most=0.25)
    return figure_data.from_lines(path.read_text())


@cache
def figure(path):
    return drawing.draw(sheet(path))


every = pytest.mark.parametrize("path", [*PUBLISHED, None], ids=lambda path: path.stem if path else "correlations")


def test_every_figure_is_asked():
    names = {sheet(path).name for path in (*PUBLISHED, None)}
    assert names >= {*FIGURES, "profiles", "joint", "digits", "tradeoff", "correlations"}


@every
def test_every_text_can_be_read_where_pages_show_it(path):
    made = figure(path)
    smallest = [
        (text.get_fontsize() * SHOWN / made.get_figwidth(), text.get_text())
        for text in made.findobj(Text)
        if text.get_text() and text.get_visible()
    ]
    assert min(smallest)[0] >= 8, min(smallest)


@every
def test_every_text_lies_inside_the_picture(path):
    made = drawing.draw(sheet(path))
    made.draw_without_rendering()
    box, width, height = made.get_tightbbox(), *made.get_size_inches()
    assert (box.x0, box.y0) >= (-0.02, -0.02)
    assert box.x1 <= width + 0.02
    assert box.y1 <= height + 0.02


@every
def test_axes_are_named_and_sources_said(path):
    for panel, axes in zip(sheet(path).panels, figure(path).axes, strict=False):
        assert panel.source in figure_data.SOURCES
        assert axes.get_title().startswith(panel.source)
        assert len(axes.get_title()) > len(panel.source) + 3
        pixels = any(curve.kind == "image" for curve in panel.curves) and not panel.x_label
        assert pixels or (panel.y_label and panel.y_label not in ("rate", "value"))
        assert pixels or panel.x_label


@every
def test_images_say_what_their_colours_stand_for(path):
    for panel in sheet(path).panels:
        if any(curve.kind == "image" for curve in panel.curves):
            assert panel.bar
    pictures = [one for axes in figure(path).axes for one in axes.findobj(AxesImage)]
    assert all(picture.cmap in (drawing.SCALE, drawing.SIGNS, drawing.LETTERS) for picture in pictures)
    assert bool(pictures) == any(axes.get_label() == "<colorbar>" for axes in figure(path).axes)


@every
def test_numbers_stand_out_from_their_cells(path):
    for axes in figure(path).axes:
        for text in axes.texts if axes.images else ():
            column, row = map(int, text.get_position())
            ground = axes.images[0].to_rgba(axes.images[0].get_array()[row, column])
            assert contrast(to_rgb(text.get_color()), to_rgb(ground)) >= 4.5


@every
def test_entries_of_a_legend_look_different(path):
    """In print without colours, too: lines of one style have another marker, or none where one line has none."""
    for legend in figure(path).legends:
        lines = [handle for handle in legend.legend_handles if isinstance(handle, Line2D)]
        for one, other in combinations(lines, 2):
            marked = (one.get_marker(), one.get_linestyle()), (other.get_marker(), other.get_linestyle())
            printed = {one.get_color(), other.get_color()} == {palette.BROWN}  # two curves of one statement
            assert printed or marked[0] != marked[1], (one.get_label(), other.get_label())


def test_a_colour_has_one_role():
    """In all figures together; what has no role never has the colour of one."""
    meant = defaultdict(set)
    for path in (*PUBLISHED, None):
        looks = drawing.looks_of(sheet(path).panels)
        for panel in sheet(path).panels:
            for curve in panel.curves:
                if curve.label in looks:
                    meant[looks[curve.label][0]].add(role(curve.label, sheet(path)))
    assert len(meant) >= 12
    of_roles = defaultdict(set)
    for name, (colour, _) in palette.ROLES.items():
        of_roles[colour].add(name)
    for colour, roles in meant.items():
        assert roles <= of_roles.get(colour, {""}), (colour, roles)


def role(label, drawn):
    """What a label stands for in a figure: the role of its first curve with one."""
    curves = [curve for panel in drawn.panels for curve in panel.curves if curve.label == label]
    return next(filter(None, map(drawing.role_of, curves)), "")


def test_no_colour_stands_for_two_things():
    looks = list(palette.ROLES.values())
    assert len(set(looks)) == len(looks)
    shared = {colour for colour, _ in looks if [one for one, _ in looks].count(colour) > 1}
    # No word; what is reached; what judges; the most robust rule, of one radius and of each.
    assert shared == {palette.GREY, palette.ORANGE, palette.BLACK, palette.GREEN}
    assert not {colour for colour, _ in looks} & set(palette.COLOURS)
    assert set(palette.BEGINNINGS.values()) <= set(palette.ROLES)
    assert len(set(palette.COLOURS)) == len(set(palette.MARKERS)) == len(palette.COLOURS)


def test_the_same_quantity_runs_the_same_way():
    """Ranges of moves grow upwards in every surface."""
    surfaces = [
        curve.y_names or curve.y
        for path in PUBLISHED
        for panel in sheet(path).panels
        if "range" in panel.y_label
        for curve in panel.curves
    ]
    assert len(surfaces) >= 8
    for rows in surfaces:
        numbers = [float(str(row).strip("±°")) for row in rows]
        assert numbers == sorted(numbers, reverse=True)  # the first row is the upper one


def test_planes_of_accuracies_lie_the_same_way():
    """Adversarial accuracy across, spatial or joint accuracy up."""
    panels = [panel for path in PUBLISHED for panel in sheet(path).panels if panel.x_label.startswith("adversarial")]
    assert len(panels) >= 6
    assert all(panel.y_label.split()[0] in ("spatial", "joint") for panel in panels)


def test_the_same_rule_looks_the_same_in_every_figure():
    """The most robust rule at b = 1, and the network trained at eps .1 that it stands for."""
    wanted = {"f_b: most robust at b = 1", "f_b, b = 1", "rule: most robust, b = 1", "PGD, eps 0.1"}
    found = defaultdict(set)
    for path in PUBLISHED:
        for label, look in drawing.looks_of(sheet(path).panels).items():
            if label in wanted:
                found[label].add(look)
    assert found.keys() == wanted
    assert set().union(*found.values()) == {palette.ROLES["robust"]}


def test_no_rule_hides_another_at_the_same_place():
    """Lone points at one place are smaller one by one, and above all others."""
    points = [figure_data.line(label, [0.5], [0.5], "points") for label in ("f*: a", "g_K: b", "f_b: c")]
    many = figure_data.line("linear", [0.5, 0.6], [0.5, 0.6], "points", look="reached by linear rules")
    panel = figure_data.Panel("", curves=(*points, many))
    *lone, others = drawing.draw(figure_data.Sheet("", "", (panel,))).axes[0].lines
    sizes = [line.get_markersize() for line in lone]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 3
    assert min(sizes) > others.get_markersize()
    assert min(line.get_zorder() for line in lone) > others.get_zorder()


def overlaps(texts):
    boxes = [text.get_window_extent() for text in texts if text.get_text()]
    return [(one, other) for one, other in combinations(boxes, 2) if one.overlaps(other)]


@pytest.mark.parametrize("columns", [7, 14, 33])
def test_numbers_and_names_of_many_columns_do_not_run_into_each_other(columns):
    rows, names = [[0.123] * columns] * 2, [f"{eps}/255" for eps in range(columns)]
    image = figure_data.image(rows, x_names=names, y_names=["±180°", "0°"])
    panels = tuple(figure_data.Panel(name, "eps", "range", (image,), written=True, bar="rate") for name in "ab")
    made = drawing.draw(figure_data.Sheet("", "", panels))
    made.draw_without_rendering()
    for axes in made.axes[:2]:
        ticks = axes.get_xticklabels()
        assert len(ticks) >= 5
        assert not overlaps(ticks)
        assert not overlaps(axes.texts)
        assert bool(axes.texts) == (columns <= drawing.MOST_WRITTEN)


@pytest.mark.parametrize("count", [3, 64])
def test_a_long_legend_takes_no_room_from_the_panels(count):
    lines = tuple(figure_data.line(f"net{k}", [0, 1], [0, k]) for k in range(count))
    panels = tuple(figure_data.Panel(title, "eps", "share of answers", lines) for title in "abc")
    made = drawing.draw(figure_data.Sheet("", "what to see", panels))
    made.draw_without_rendering()
    heights = [axes.get_position().height * made.get_figheight() for axes in made.axes[:3]]
    assert min(heights) > 0.6 * panels_height(panels)
    names = [axes.yaxis.label.get_window_extent() for axes in made.axes[:3]]
    assert not [pair for pair in combinations(names, 2) if pair[0].overlaps(pair[1])]


def panels_height(panels):
    return figure_data.Sheet("", "", panels).panel_height


def test_a_title_of_two_lines_says_first_what_to_see():
    title = "Higher is better: " + "a word " * 15
    assert (
        drawing.draw(figure_data.Sheet("", title, (figure_data.Panel(""),)))
        .get_suptitle()
        .startswith("Higher is better:\na word")
    )


def contrast(one, other):
    bright, dark = sorted((palette.luminance(one), palette.luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_ink_stands_out_from_every_ground():
    for step in range(256):
        ground = (step / 255,) * 3
        assert contrast(to_rgb(palette.ink(ground)), ground) >= 4.5
    assert contrast((1, 1, 1), (0, 0, 0)) == pytest.approx(21)
    assert contrast(to_rgb("#777777"), (1, 1, 1)) == pytest.approx(4.48, abs=0.01)  # as WCAG's examples have it


def test_a_sheet_that_breaks_the_grammar_is_seen():
    """The checks above can fail."""
    path = next(path for path in PUBLISHED if path.stem == "radii")
    bare = replace(sheet(path), panels=tuple(replace(panel, source="", y_label="") for panel in sheet(path).panels))
    assert not any(axes.get_title().startswith("exact") for axes in drawing.draw(bare).axes)
    assert to_hex(drawing.draw(bare).axes[0].lines[0].get_color()).upper() == palette.BLUE


def test_a_label_like_a_role_is_no_role():
    """A network of a user that is called bound is no bound, nor is a second one drawn like it."""
    lines = [figure_data.line(name, [0, 1], [0, 1]) for name in ("bound", "standard", "reached")]
    found = drawing.looks_of([figure_data.Panel("", curves=tuple(lines))])
    assert len(set(found.values())) == 3
    assert {colour for colour, _ in found.values()} <= set(palette.COLOURS)
