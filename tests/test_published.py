"""Published figures are drawn from the numbers that lie beside them."""

from pathlib import Path

import pytest

from tests.made_again import same_picture
from tradeoff.shared import drawing, figure_data

RESULTS = Path(__file__).parents[1] / "results"
FIGURES = [path for path in sorted(RESULTS.rglob("*.jsonl")) if path.with_suffix(".svg").exists()]


def test_every_published_picture_has_its_numbers():
    drawn = {path.with_suffix("") for path in RESULTS.rglob("*.svg")}
    assert drawn == {path.with_suffix("") for path in FIGURES}
    assert len(drawn) >= 4


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.stem)
def test_a_published_picture_is_drawn_from_its_numbers(path):
    sheet = figure_data.from_lines(path.read_text())
    assert same_picture(drawing.encode(drawing.draw(sheet), "svg"), path.with_suffix(".svg").read_bytes())
