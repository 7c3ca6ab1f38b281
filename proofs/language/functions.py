"""Named functions that statements are written with: Phi, and finite quantities of words, pictures and kernels.

SymPy leaves them as they are, so that the numbers inside stay data; `proofs.checking.evaluate` knows what they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import (
    Add,
    Function,
    Mul,
    NumberSymbol,
    Pow,
    Rational,
    Symbol,
    erf,
    exp,
    oo,
    pi,
    preorder_traversal,
    sqrt,
)


class Phi(Function):  # type: ignore[misc]
    """The standard normal distribution function."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> Any:
        """Its density."""
        return exp(-(self.args[0] ** 2) / 2) / sqrt(2 * pi)


class PhiInverse(Function):  # type: ignore[misc]
    """Its inverse."""

    nargs = 1

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return _applied(printer, r"\Phi^{-1}", self.args, exp)


class MixtureBound(Function):  # type: ignore[misc]
    """``MixtureBound(lambda, s, a, rho, q, slabs)``: the certified bound of `proofs.checking.mixture_bound`."""

    nargs = 6

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return _applied(printer, "U", self.args, exp)


class Slope(Function):  # type: ignore[misc]
    """``Slope(tree, letter)``: a derivative that a checker takes, so that changes of the tree come before it."""

    nargs = 2

    def doit(self, **hints: Any) -> Any:
        """The derivative; as it stands where the second argument is no letter, or the tree has steps or corners."""
        tree, letter = self.args
        taken = tree.doit()
        smooth = all(isinstance(one, SMOOTH) for one in preorder_traversal(taken))
        return taken.diff(letter) if isinstance(letter, Symbol) and smooth else self

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        tree, letter = self.args
        return _applied(printer, rf"\frac{{d}}{{d {printer.doprint(letter)}}}", (tree,), exp)


class Lim(Function):  # type: ignore[misc]
    """``Lim(tree, letter, end)``: a limit at oo or -oo that a checker takes."""

    nargs = 3

    def doit(self, **hints: Any) -> Any:
        """The limit of a polynomial in Phi's of growing polynomials of the letter; else as it stands."""
        tree, letter, end = self.args
        if not isinstance(letter, Symbol) or end not in (oo, -oo) or (letter.is_positive and end == -oo):
            return self
        found = _limit(tree, letter, end)
        return self if found is None else found

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        tree, letter, end = self.args
        return _applied(printer, rf"\lim_{{{printer.doprint(letter)} \to {printer.doprint(end)}}}", (tree,), exp)


def _applied(printer: Any, name: str, arguments: Sequence[Any], exp: str | None) -> str:
    """A function in LaTeX; in brackets where it is raised to a power."""
    made = rf"{name} \left( {', '.join(map(printer.doprint, arguments))} \right)"
    return made if exp is None else rf"\left( {made} \right)^{{{exp}}}"


def _limit(tree: Any, letter: Symbol, end: Any) -> Any:
    """The limit of sums, products and powers of what has a finite limit; None if unknown."""
    if not tree.has(letter):
        return tree
    if isinstance(tree, Phi):
        return _far(tree.args[0], letter, end)
    whole = isinstance(tree, Pow) and tree.exp.is_Integer and tree.exp.is_nonnegative
    if not whole and not isinstance(tree, (Add, Mul)):
        return None
    parts = [_limit(one, letter, end) for one in tree.args]
    return None if None in parts else tree.func(*parts)


def _far(argument: Any, letter: Symbol, end: Any) -> Any:
    """Phi at the end; None if unknown. SymPy's limit of erf(t - mu) for t -> -oo is 1 where mu is a letter."""
    polynomial = argument.as_poly(letter)
    if polynomial is None or any(one.has(letter) for one in polynomial.all_coeffs()):
        return None
    leading = polynomial.LC()
    if not all(isinstance(one, (Mul, Pow, Symbol, Rational)) for one in preorder_traversal(leading)):
        return None  # a sum may be 0 without looking so
    goes = leading * end ** polynomial.degree()
    return (1 + erf(goes)) / 2 if goes in (oo, -oo) else None


SMOOTH = (Add, Mul, Pow, Symbol, Rational, NumberSymbol, Phi, exp)
"""What a derivative is taken of."""
