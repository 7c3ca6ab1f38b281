"""Formulas of the ledger as LaTeX: all of it words that TeX knows, the functions as a reader writes them."""

import re

import pytest
from sympy import Symbol, oo

from proofs.language.counting import count
from proofs.language.functions import Lim, MixtureBound, Phi, PhiInverse, Slope
from proofs.language.latex import formula, latex
from proofs.language.notation import RIGHT, eta, p, z
from proofs.language.statements import above, at_most, cited, forall, solvable
from proofs.ledger import CLAIMS

COMMANDS = frozenset(
    {"Phi", "delta", "epsilon", "eta", "lambda", "mu", "phi", "pi", "rho", "tau"}
    | {"frac", "sqrt", "exp", "log", "lim", "max", "min", "infty", "to", "wedge", "leq", "geq", "neq"}
    | {"text", "left", "right", "begin", "end"}
)


def test_all_formulas_are_written_with_commands_of_mathematics():
    formulas = [formula(statement) for claim in CLAIMS.values() for statement in claim.evidence]
    used = {name for one in formulas for name in re.findall(r"\\([A-Za-z]+)", one)}
    assert used <= COMMANDS
    assert all(one.count("{") == one.count("}") and one.count("$") % 2 == 0 for one in formulas)
    shown = [bool(one) == (s.checker != "lemma") for one, s in zip(formulas, statements(), strict=True)]
    assert all(shown)


def statements():
    return [statement for claim in CLAIMS.values() for statement in claim.evidence]


@pytest.mark.parametrize(
    ("tree", "written"),
    [
        (Phi(z), r"\Phi{\left(z \right)}"),
        (PhiInverse(1 - eta) ** 2, r"\left( \Phi^{-1} \left( 1 - \eta \right) \right)^{2}"),
        (Slope(Phi(z), z), r"\frac{d}{d z} \left( \Phi{\left(z \right)} \right)"),
        (Lim(Phi(z), z, oo), r"\lim_{z \to \infty} \left( \Phi{\left(z \right)} \right)"),
        (MixtureBound(1, 2, 3, 4, 5, 6), r"U \left( 1, 2, 3, 4, 5, 6 \right)"),
        (count("same", "++-", 1), r"\text{same}(\text{++-}, 1)"),
        (
            count("worst_response", 8, ((1, 2), (3, 4))),
            r"\text{worst response}(8, \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix})",
        ),
        (count("moved_digits", (2, 7), 1, 1), r"\text{moved digits}((2, 7), 1, 1)"),
        (p * RIGHT, r"p\,\text{right}"),
        (Symbol("sum'"), r"\text{sum}'"),
    ],
)
def test_a_function_is_written_as_a_reader_does(tree, written):
    assert latex(tree) == written


def test_a_statement_has_its_hypotheses():
    assert formula(forall("printed", "", at_most(eta, 1), above(p, 0))) == r"$\eta \leq 1$ given $p > 0$"
    assert formula(solvable("printed", "", above(p, 0), above(1, p))).startswith("there are numbers with $")
    assert formula(cited("printed", "a fact")) == ""
