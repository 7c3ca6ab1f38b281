"""Statements as LaTeX, from the trees that the checkers take: what a reader sees is what was checked."""

from __future__ import annotations

import sympy
from sympy import Basic

from proofs.language.statements import Statement

GREEK = frozenset({"delta", "epsilon", "eta", "lambda", "mu", "phi", "rho", "tau"})


def formula(statement: Statement) -> str:
    """The formula of a statement between dollars, with its hypotheses; empty for one that is cited."""
    if statement.checker == "lemma":
        return ""
    given = ", ".join(f"${latex(one)}$" for one in statement.given)
    return (
        ("there are numbers with " if statement.exists else "")
        + f"${latex(statement.relation)}$"
        + (f" given {given}" if given else "")
    )


def latex(tree: Basic) -> str:
    r"""A tree of a statement; the functions of the ledger know how they are written.

    >>> from proofs.language.notation import SPAT, p
    >>> from proofs.language.statements import at_most
    >>> latex(at_most(SPAT, p / 2))
    '\\text{Spat} \\leq \\frac{p}{2}'
    """
    names = {symbol: letter(symbol.name) for symbol in tree.free_symbols}
    # Words that stand beside each other need a space.
    return str(sympy.latex(tree, symbol_names=names, mul_symbol=r"\,"))


def letter(name: str) -> str:
    r"""A letter as it is, Greek by its command, a word upright; with its index.

    >>> letter("rho"), letter("Spat_0"), letter("g_+"), letter("a'"), letter("m/d")
    ('\\rho', '\\text{Spat}_{0}', 'g_{+}', "a'", 'm/d')
    """
    stem, mark, index = name.partition("_")
    word = stem.removesuffix("'")
    upright = word.isalpha() and len(word) > 1
    written = f"\\{word}" if word in GREEK else rf"\text{{{word}}}" if upright else word
    return written + stem[len(word) :] + (f"_{{{index}}}" if mark else "")
