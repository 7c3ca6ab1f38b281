r"""LaTeX as HTML with MathML, which browsers typeset by themselves: no script, no font, no network.

>>> typeset(r"where $x<1$")
'where <math xmlns="http://www.w3.org/1998/Math/MathML" display="inline"><mrow><mi>x</mi>...
"""

from __future__ import annotations

import re
from html import escape

FORMULA = re.compile(r"\$([^$]*)\$|\\\[(.*?)\\\]", re.DOTALL)
LEFT = re.compile(r"\\|<merror|[{}]")
"""What a formula leaves behind that was not understood."""


def typeset(latex: str) -> str:
    """Text with formulas between dollars, and displays between backslashed brackets, as HTML.

    Raises
    ------
    ValueError
        For a formula that the converter does not understand as a whole.
    """
    made, end = [], 0
    for found in FORMULA.finditer(latex):
        made += [escape(latex[end : found.start()], quote=False), _formula(found[1], found[2])]
        end = found.end()
    return "".join([*made, escape(latex[end:], quote=False)])


def _formula(inline: str | None, display: str | None) -> str:
    from latex2mathml.converter import convert

    text = display if inline is None else inline
    assert text is not None
    made: str = convert(text, display="block" if inline is None else "inline")
    shown = re.sub(r"<[^>]*>", "", made)
    left = LEFT.search(shown) if "\\{" not in text else re.search(r"\\|<merror", shown)
    if left or "<merror" in made:
        raise ValueError(f"the formula {text!r} is not understood: {shown!r} is left of it")
    return made
