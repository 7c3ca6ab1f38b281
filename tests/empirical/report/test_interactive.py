"""What a session shows of a measurement."""

import sys
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from matplotlib import pyplot
from matplotlib.figure import Figure

from empirical.report.text.network import text
from empirical.statistics.readings import readings
from empirical.validation.flags import flags
from tests.empirical.small_runs import IMAGES, measured, without
from tradeoff.shared import checks
from tradeoff.shared.cli import fitted


def test_the_repr_is_one_short_line():
    assert repr(measured()).startswith(f"<Measured plain: {IMAGES} images of digits; ")
    assert len(repr(measured())) < 160
    assert "tensor" not in repr(measured())


def test_the_summary_is_the_text_of_the_command():
    assert measured().summary() == fitted(text([measured()], [flags(measured())]))
    assert "eps 0.2 " in measured().summary(at=0.2).splitlines()[2]


def test_every_reading_is_a_row_of_the_table():
    table = measured().to_pandas()
    assert len(table) == len(readings(measured()))
    for reading, (_, row) in zip(readings(measured()), table.iterrows(), strict=True):
        assert (row.quantity, row.value) == (reading.quantity, pytest.approx(reading.value, nan_ok=True))
        if reading.rate is not None:
            assert (row.hits, row.trials) == (reading.rate.hits, reading.rate.trials)
    rates = table[table.quantity == "one_minus_fooling"]
    assert rates.grid.tolist() == [0.0, 0.02, 0.05, 0.2]
    assert ((rates.low <= rates.value) & (rates.value <= rates.high)).all()


def test_without_pandas_the_way_to_it_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(checks.InputError, match=r"pip install 'robustness-tradeoff\[pandas\]'"):
        measured().to_pandas()


@pytest.mark.parametrize(
    ("quantity", "axis"),
    [("one_minus_fooling", "eps"), ("invariance", "degrees"), ("translation_accuracy", "pixels")],
)
def test_a_profile_is_drawn_into_axes_with_its_names(quantity, axis):
    ax = Figure().subplots()
    assert measured().plot(quantity, ax=ax) is ax
    other = replace(measured("turned"), name="another")
    other.plot(quantity, ax=ax, label="turned in training")
    one, two = ax.lines
    expected = [reading.value for reading in readings(measured()) if reading.quantity == quantity]
    assert one.get_ydata().tolist() == expected
    assert one.get_color() != two.get_color()
    assert one.get_marker() != two.get_marker()
    assert axis in ax.get_xlabel()
    assert ax.get_ylabel() == quantity.replace("_", " ")
    assert [label.get_text() for label in ax.get_legend().get_texts()] == ["plain", "turned in training"]


def test_without_axes_the_current_ones_are_taken():
    try:
        assert measured().plot() is pyplot.gca()
    finally:
        pyplot.close("all")


@pytest.mark.parametrize("quantity", ["hope", "clean_accuracy", "joint_one_minus_fooling"])
def test_what_is_no_curve_cannot_be_drawn(quantity):
    with pytest.raises(checks.InputError, match="is no curve of this measurement; use one of one_minus_fooling"):
        measured().plot(quantity, ax=Figure().subplots())


def test_a_notebook_shows_a_table_and_what_qualifies_it():
    shown = replace(measured(), failed={"distance": "a < b"})._repr_html_()
    tree = ElementTree.fromstring(f"<div>{shown}</div>")
    assert [cell.text for cell in tree.findall(".//tbody//th")] == ["plain"]
    assert len(tree.findall(".//td")) == len(tree.findall(".//thead//th")) - 1
    assert "not measured: distance (a < b)" in [item.text for item in tree.findall(".//li")]
    bare = without(measured(), "moves", "joint", "control", "exact", "distance", "audit", "robustness")
    assert "accuracy" in bare._repr_html_()
