"""Every symbol once, with its assumptions and the paper's letter.

A letter's assumptions hold in every statement: the checkers add them by themselves.
"""

from __future__ import annotations

import sympy
from sympy import Integer, Rational, Symbol

from proofs.language.statements import (
    ratio,
)


def real(names: str) -> tuple[Symbol, ...]:
    """Real letters without further assumptions; a statement about them names its hypotheses."""
    return tuple(sympy.symbols(names, real=True, seq=True))


d, m, s = sympy.symbols("d m s", positive=True)  # the paper's length and step; its signal, |mean| = s, is 2
K, S = sympy.symbols("K S", positive=True)  # d/m shifts; |S_j|, the coordinates where c and r_j(c) agree
k = Symbol("k", positive=True)
c, y, sign, x0 = real("c y sign x_0")  # c_t; the label; r_j(c)_t/c_t, which is 1 on S_j and -1 off it; the bit
LETTERS = frozenset({c, y, sign, x0})
"""Each is 1 or -1: an identity about them must hold for both."""
x, total, mean, attack, moved = real("x_t T mean A moved")
p, eta, share, rho, delta = real("p eta m/d rho delta")
a, b, mu, t, q, z, eps, odds = real("a b mu t q z epsilon L")
RIGHT, WRONG = real("right wrong")
"""Accuracy of f on X given that x_0 = y, and given that x_0 = -y, each averaged over the two labels."""
SPAT, ADV, STD, INV, FOOL = real("Spat Adv Std Inv Fool")

LAW = (p >= Rational(1, 2), p < 1)
STANDARD = p * RIGHT + (1 - p) * WRONG
"""Pr(f(X) = Y)."""
SWAPPED = p * (1 - WRONG) + (1 - p) * (1 - RIGHT)
"""Accuracy when an attack that leaves x_0 alone turns the law given y into the law given -y: an error for -y is
right for y, and the sign of x_0 that agrees with y disagrees with -y."""
ROBUST = (1 - eta <= STANDARD, 1 - eta <= SWAPPED)
"""What the hypothesis of Theorem 2 says about two of its attacks: none at all, and the one that swaps the classes."""

HALF, ZERO, ONE, TWO = ratio("1/2"), Integer(0), Integer(1), Integer(2)
