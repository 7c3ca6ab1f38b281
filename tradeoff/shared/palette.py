"""The grammar of every figure: what a colour and a marker mean, told apart with any colour vision. No matplotlib.

A colour of ROLES has one meaning wherever it stands. What has no role there (a network of a user, the curve of some p)
takes a look of OTHERS, colours that no role has: those mean what the legend says.
"""

from __future__ import annotations

BLUE, VERMILION, GREEN, PINK, ORANGE, SKY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"
APRICOT, PINE = "#F2A36B", "#00563F"
BLACK, BROWN, GREY, VIOLET, NAVY = "#000000", "#8C564B", "#777777", "#5E3C99", "#00224E"
MINUS, PLUS = NAVY, "#FEE838"
"""Of letters: the ends of the scale of every image, on which brighter is more."""

Look = tuple[str, str]
"""A colour and a marker, which may be none."""
ROLES: dict[str, Look] = {
    "standard": (BLUE, "o"),
    "rotated": (VERMILION, "D"),
    "rotated in part": (APRICOT, "p"),
    "robust": (GREEN, "^"),
    "robust to more": (PINE, ">"),
    "robust at each radius": (GREEN, ""),
    "robust and invariant": (PINK, "P"),
    "invariant by build": (SKY, "v"),
    "without the word": (GREY, "s"),
    "constant": (GREY, "_"),
    "reached": (ORANGE, ""),
    "reached by linear rules": (ORANGE, "h"),
    "reached on a grid": (ORANGE, "x"),
    "bound": (BLACK, ""),
    "sampled": (BLACK, "+"),
    "printed": (BROWN, ""),
    "corrected": (VIOLET, ""),
    "word": (NAVY, "o"),
}
"""What a rule or network was made for, or what a line says. First those of Okabe and Ito (2008); in part is paler,
to more is darker."""
BEGINNINGS: dict[str, str] = {
    "f*": "standard",
    "g_K": "rotated",
    "f_b:": "robust",
    "soft threshold": "robust and invariant",
    "orbit average": "invariant by build",
    "sign(x_0)": "without the word",
    "constant": "constant",
    "upper bound:": "bound",
    "sampled": "sampled",
}
"""Roles of what stands in several figures, by how its label begins; rules by their symbols (`tradeoff.model.RULES`)."""
COLOURS = (
    *("#332288", "#999933", "#882255", "#44AA99", "#CC6677", "#117733", "#88CCEE", "#661100", "#AA4499"),
    "#6699CC",
)
"""Of what has no role, in the order in which they are given out: the muted ones of Tol (2021)."""
MARKERS = ("o", "D", "^", "P", "s", "v", "X", "<", "p", "h")
"""They repeat the distinction of the colours."""

SHADE, CLOSED, PALE = "#E0E0E0", "#8A8A8A", "#ECE7D8"
"""What nothing reaches, where a statement says nothing (hatched), and what is pointed out."""
TEXT, FAINT = "#333333", "#999999"


def luminance(colour: tuple[float, float, float]) -> float:
    """Relative luminance of red, green and blue in [0, 1], as WCAG 2 defines it: 0 is black, 1 is white.

    Examples
    --------
    >>> round(luminance((1.0, 1.0, 0.0)), 4)
    0.9278
    """
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ink(colour: tuple[float, float, float]) -> str:
    """Black or white, whichever stands out more from a ground of this colour: at least 4.5 to 1.

    Examples
    --------
    >>> ink((1.0, 1.0, 0.0)), ink((0.0, 0.0, 0.5))
    ('black', 'white')
    """
    ground = luminance(colour)
    return "black" if (ground + 0.05) / 0.05 > 1.05 / (ground + 0.05) else "white"
