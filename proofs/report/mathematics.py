r"""LaTeX as HTML with MathML, which browsers typeset by themselves: no script, no font, no network.

>>> typeset(r"where $x<1$")
'where <math><mrow><mi>x</mi><mo>&#x0003C;</mo><mn>1</mn></mrow></math>'
"""

from __future__ import annotations

import re
from functools import cache
from html import escape

from latex2mathml.converter import convert

FORMULA = re.compile(r"\$([^$]*)\$|\\\[(.*?)\\\]", re.DOTALL)
LEFT = re.compile(r"\\[A-Za-z]+|<merror|<mi>[{}]")
"""What a formula leaves behind that was not understood."""
OPENED, CLOSED = re.compile(r"(?<!\\){"), re.compile(r"(?<!\\)}")
BAR = re.compile(r'<mo stretchy="false">(?=&#x0007C;)')
NAME = re.compile(r"(?<=<mi>(?:log|exp)</mi>)(?=<m(?:i|sub|frac|sqrt)>)")
OPENING = re.compile(r'<math xmlns="[^"]*" display="(inline|block)">')


def typeset(latex: str) -> str:
    """Text with formulas between dollars, and displays between backslashed brackets, as HTML.

    Raises
    ------
    ValueError
        For a formula that the converter does not understand as a whole.
    """
    made, end = [], 0
    for found in FORMULA.finditer(latex):
        made += [_plain(latex[end : found.start()]), mathml(found[1] or found[2], display=found[1] is None)]
        end = found.end()
    return "".join([*made, _plain(latex[end:])])


def _plain(text: str) -> str:
    if "$" in text or "\\" in text:
        raise ValueError(f"the text {text!r} between two formulas holds a dollar or a command; is a dollar missing?")
    return escape(text, quote=False)


@cache
def mathml(latex: str, *, display: bool = False) -> str:
    """A formula as MathML; on a line of its own, if ``display``."""
    try:
        made: str = convert(latex, display="block" if display else "inline")
    except Exception as problem:  # the library's exceptions have no class of their own
        raise ValueError(f"the formula {latex!r} is not LaTeX: {type(problem).__name__}") from problem
    left = LEFT.search(made)
    if left or len(OPENED.findall(latex)) != len(CLOSED.findall(latex)):
        raise ValueError(f"the formula {latex!r} is not understood: {left[0] if left else 'a brace'!r} is left of it")
    made = BAR.sub('<mo stretchy="false" lspace="0" rspace="0">', made)  # else both bars stand off like operators
    made = NAME.sub('<mspace width="0.167em" />', made)  # else a name touches what it is applied to
    # HTML knows math without a name space, and inline is what it takes for granted.
    return OPENING.sub('<math display="block">' if display else "<math>", made)
