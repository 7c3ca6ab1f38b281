"""LaTeX becomes MathML as a whole or is refused."""

import pytest

from proofs.report.mathematics import mathml, typeset


def test_text_is_escaped_and_formulas_are_typeset():
    assert typeset("a < b & $x^2$.") == "a &lt; b &amp; <math><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math>."
    assert typeset(r"so \[x\] holds") == 'so <math display="block"><mrow><mi>x</mi></mrow></math> holds'
    assert "&#x0003C;" in mathml("a<b")


@pytest.mark.parametrize("latex", [r"\nosuchcommand x", "x}", "{x", "x_1_2", r"\left( x", r"\frac", ""])
def test_a_formula_that_is_not_understood_is_an_error(latex):
    with pytest.raises(ValueError, match="the formula"):
        mathml(latex)


@pytest.mark.parametrize("latex", ["a $x", r"\emph{so}", "$a$ and b$"])
def test_a_formula_without_its_dollars_is_an_error(latex):
    with pytest.raises(ValueError, match="is a dollar missing"):
        typeset(latex)
