"""The drawings of the audit page keep to the grammar of figures: sizes of text, and colours of the palette."""

import re

import pytest

from proofs.ledger import CLAIMS
from proofs.report import drawings
from tradeoff.shared import palette

SHOWN = 700
"""Pixels at which a page shows a drawing at most; a point has 4/3 of them."""
NEUTRAL = {"#FFF", palette.TEXT, palette.SHADE, palette.PALE, palette.GREY, palette.BLACK, palette.MINUS, palette.PLUS}
PRINTED, CORRECTED = palette.ROLES["printed"][0], palette.ROLES["corrected"][0]


def drawn():
    # In the ledger's order: processes that share the tests must find them in one.
    found = [claim.picture for claim in CLAIMS.values() if claim.picture and claim.picture[0] != "sides"]
    named = dict.fromkeys(found)
    made = {name: drawings.DRAWINGS[str(name[0])](*name[1:]) for name in named}
    return made | {("bars",): drawings.bars([("left", 1.0), ("right", -0.5)])}


every = pytest.mark.parametrize("picture", drawn().values(), ids=lambda picture: picture.split("<title>")[1][:20])


def test_every_kind_is_asked():
    assert {name[0] for name in drawn()} == {*drawings.DRAWINGS, "bars"}


@every
def test_texts_can_be_read(picture):
    width = float(re.search(r'viewBox="0 0 ([0-9.]+)', picture)[1])
    sizes = [float(size) for size in re.findall(r'font-size="([0-9.]+)"', picture)]
    assert min(sizes) * min(1, SHOWN / width) * 3 / 4 >= 8


@every
def test_colours_are_those_of_the_palette(picture):
    """Neutral ones, those without a meaning, and of those with one only that of Theorem 2 as printed and corrected."""
    colours = {colour.upper() for colour in re.findall(r"#[0-9a-fA-F]+", picture)}
    assert colours <= NEUTRAL | set(palette.COLOURS) | {PRINTED, CORRECTED}
    assert not ({PRINTED, CORRECTED} & colours) or "bound" in picture or "corrected" in picture


def test_printed_and_corrected_differ_in_print_without_colours():
    dashed, filled = re.findall(r"<polygon [^>]*>", drawings.interval())
    assert "stroke-dasharray" in dashed
    assert PRINTED in dashed
    assert "stroke-dasharray" not in filled
    assert CORRECTED in filled
