"""Every symbol once, with its assumptions and the paper's letter."""

from __future__ import annotations

import sympy
import z3

d = sympy.Symbol("d", positive=True, integer=True)  # the paper's d, length of the word
m = sympy.Symbol("m", positive=True, integer=True)  # the paper's m, step
agree = sympy.Symbol("S", positive=True, integer=True)  # |S_j|, coordinates where c and r_j(c) agree
x = sympy.Symbol("x", real=True)  # x_t
y = sympy.Symbol("y", real=True)  # the label; y^2 = 1 where it matters
c = sympy.Symbol("c", real=True)  # c_t, letter of the word; c^2 = 1 where it matters
sign = sympy.Symbol("sign", real=True)  # r_j(c)_t / c_t, which is 1 on S_j and -1 off it
s = sympy.Symbol("s", positive=True)  # signal; the paper has 2
eta = sympy.Symbol("eta", nonnegative=True)
p = sympy.Symbol("p", positive=True)
share = sympy.Symbol("share", positive=True)  # m/d

P, ETA, SHARE = z3.Reals("p eta share")
RIGHT, WRONG = z3.Reals("right wrong")
"""Accuracy of f on X given that x_0 = y, and given that x_0 = -y, each averaged over the two labels."""

LAW = [z3.RealVal("1/2") <= P, P < 1]
RATES = [RIGHT >= 0, RIGHT <= 1, WRONG >= 0, WRONG <= 1]
STANDARD = P * RIGHT + (1 - P) * WRONG
"""Pr(f(X) = Y)."""
SWAPPED = P * (1 - WRONG) + (1 - P) * (1 - RIGHT)
"""Accuracy when an attack that leaves x_0 alone turns the law given y into the law given -y: an error for -y is
right for y, and the sign of x_0 that agrees with y disagrees with -y."""
