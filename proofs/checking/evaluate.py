"""The value of a closed expression: as a rational number, or as an Arb ball that contains it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import sympy
from flint import arb, ctx
from sympy import Basic, Symbol

from proofs.checking.mixture_bound import NotBoundedError, mixture_bound, normal_cdf
from proofs.language.counting import COUNTS, Count
from proofs.language.functions import MixtureBound, Phi, PhiInverse

BITS = 200


class NoValueError(ValueError):
    """The expression has no value here: a letter is left, a root of a negative number, a division by 0."""


@dataclass(frozen=True)
class Arithmetic:
    """How numbers are made and raised to powers, and which functions there are."""

    number: Callable[[sympy.Rational], Any]
    power: Callable[[Any, sympy.Rational], Any]
    functions: dict[type, Callable[..., Any]]
    letters: Mapping[Symbol, Any] = field(default_factory=dict)


def _ball(number: sympy.Rational) -> arb:
    return arb(int(number.p)) / int(number.q)


def _ball_power(base: arb, exponent: sympy.Rational) -> arb:
    if exponent.q == 2:
        base, exponent = base.sqrt(), 2 * exponent
    return arb(base) ** int(exponent) if exponent.is_integer else (base.log() * _ball(exponent)).exp()


def _fraction_power(base: Fraction, exponent: sympy.Rational) -> Fraction:
    if not exponent.is_integer:
        raise NoValueError(f"{base}^({exponent}) is not rational")
    return Fraction(base) ** int(exponent)


BALLS = Arithmetic(
    _ball,
    _ball_power,
    {
        Phi: normal_cdf,
        PhiInverse: lambda one: arb(2).sqrt() * (2 * one - 1).erfinv(),
        MixtureBound: mixture_bound,
        sympy.exp: lambda one: one.exp(),
        sympy.log: lambda one: one.log(),
        sympy.Abs: abs,
        sympy.sign: lambda one: one.sgn(),
    },
)
RATIONALS = Arithmetic(
    lambda number: Fraction(int(number.p), int(number.q)),
    _fraction_power,
    {sympy.Abs: abs, sympy.floor: lambda one: Fraction(one // 1)},
)


def ball(tree: Basic) -> arb:
    """A ball that contains the value of a closed expression, about 60 digits wide.

    Raises
    ------
    NoValueError
        If there is none, or Arb cannot tell.
    """
    ctx.prec = BITS
    found: arb = _value(tree, BALLS)
    if not found.is_finite():
        raise NoValueError(f"{tree} has no finite value")
    return found


def ball_on(tree: Basic, letters: Mapping[Symbol, arb]) -> arb:
    """A ball that contains the values of a tree where each letter is somewhere in its own ball.

    Raises
    ------
    NoValueError
        If it has no finite value somewhere there, or Arb cannot tell.
    """
    found: arb = _value(tree, replace(BALLS, letters=letters))
    if not found.is_finite():
        raise NoValueError(f"{tree} has no finite value")
    return found


def rational(tree: Basic) -> Fraction:
    """The value of a closed expression of rational arithmetic and counted quantities."""
    return Fraction(_value(tree, RATIONALS))


def _value(tree: Basic, kind: Arithmetic) -> Any:
    if isinstance(tree, sympy.Rational):
        return kind.number(tree)
    if isinstance(tree, Symbol) and tree in kind.letters:
        return kind.letters[tree]
    if isinstance(tree, Count):
        try:
            counted = Fraction(COUNTS[str(tree.args[0])](*map(_argument, tree.args[1:])))
            return kind.number(sympy.Rational(counted.numerator, counted.denominator))
        except (ValueError, IndexError, ZeroDivisionError) as error:
            raise NoValueError(str(error)) from None
    if isinstance(tree, (sympy.Add, sympy.Mul)):
        return _fold([_value(one, kind) for one in tree.args], adds=isinstance(tree, sympy.Add))
    try:
        if isinstance(tree, sympy.Pow) and tree.args[1].is_Rational:
            return kind.power(_value(tree.args[0], kind), tree.args[1])
        if tree.func in kind.functions:
            return kind.functions[tree.func](*(_value(one, kind) for one in tree.args))
    except ZeroDivisionError:
        raise NoValueError(f"{tree} divides by 0") from None
    except NotBoundedError as error:
        raise NoValueError(str(error)) from None
    if kind is BALLS and tree in (sympy.pi, sympy.E):
        return arb.pi() if tree is sympy.pi else arb(1).exp()
    raise NoValueError(f"{tree} has no value")


def _fold(values: Sequence[Any], *, adds: bool) -> Any:
    result = values[0]
    for one in values[1:]:
        result = result + one if adds else result * one
    return result


def _argument(tree: Basic) -> Any:
    """What a counted quantity takes: a text, a number, or rows of these."""
    if isinstance(tree, sympy.Tuple):
        return tuple(map(_argument, tree.args))
    return tree.name if isinstance(tree, sympy.core.symbol.Str) else rational(tree)
