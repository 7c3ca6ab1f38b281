"""The colours of every figure, told apart with any colour vision, and what always looks the same. No matplotlib."""

from __future__ import annotations

BLUE, VERMILION, GREEN, PINK, ORANGE, SKY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"
BLACK, BROWN, GREY, PURPLE, YELLOW = "#000000", "#8C564B", "#777777", "#9467BD", "#F0E442"
COLOURS = (BLUE, VERMILION, GREEN, PINK, ORANGE, SKY, BLACK, BROWN, GREY, PURPLE)
"""In the order in which they are given out: first those of Okabe and Ito (2008)."""
MARKERS = ("o", "D", "^", "P", "s", "v", "X", "<", "p", "h")
"""They repeat the distinction of the colours."""
SHADE, PALE = "#E0E0E0", "#ECE7D8"
"""What nothing reaches, and what is pointed out."""
TEXT = "#333333"

Look = tuple[str, str]
"""A colour and a marker, which may be none."""
LOOKS: dict[str, Look] = {
    "f*": (BLUE, "o"),
    "g_K": (VERMILION, "D"),
    "f_b:": (GREEN, "^"),
    "soft threshold": (PINK, "P"),
    "orbit average": (SKY, "v"),
    "sign(x_0)": (GREY, "s"),
    "constant": (BLACK, "_"),
    "reached": (ORANGE, ""),
    "bound on all rules": (BLACK, ""),
    "upper bound:": (BLACK, ""),
    "sampled": (BLACK, "+"),
}
"""Looks of what stands in several figures, by how its label begins; rules by their symbols (`tradeoff.model.RULES`)."""
