"""The ledger's formulas beside the numbers of `tradeoff`: pairs of a formula and a function, and their distance.

They are compared at points whose coordinates are whole multiples of 1/64, which floats hold exactly. Allowed are 1e-15
and 4 (1 + mu^2) ulp of the value, mu the largest argument of Phi, whose relative condition this is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sympy import Basic, Rational, Symbol

from proofs.checking.evaluate import ball
from proofs.language import formulas
from proofs.language.functions import Phi
from proofs.language.notation import K, a, b, delta, eta, mu, p, rho, s, share, z
from tradeoff.bounds import l2, optima, theorem_bounds, tsipras
from tradeoff.codes.word import cyclic_word
from tradeoff.exact import accuracy
from tradeoff.exact.normal_probabilities import h
from tradeoff.model import RULES, rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.shared.results import Band

ABSOLUTE, ULPS = 1e-15, 4
LENGTH = 64
"""Of the word; sqrt(64) is exact, and eps = a/8 leaves x_0 alone for every a below 8."""
Point = Mapping[Symbol, Fraction]


@dataclass(frozen=True)
class Agreement:
    """A formula of the ledger, the number of the package that should be its value, and the letters they need."""

    formula: Basic
    number: Callable[[Point], float]
    letters: tuple[Symbol, ...]


@dataclass(frozen=True)
class Difference:
    """How far a number lies from the formula's value, and how far it may."""

    found: float
    allowed: float


def compare(agreement: Agreement, point: Point) -> Difference:
    """The number against a ball of 60 digits around the formula's value."""
    exact = {letter: Rational(value.numerator, value.denominator) for letter, value in point.items()}
    value = ball(agreement.formula.subs(exact))
    steepest = max((abs(float(ball(one.args[0].subs(exact)))) for one in agreement.formula.atoms(Phi)), default=0.0)
    ulps = ULPS * (1 + steepest**2) * math.ulp(abs(float(value)))
    return Difference(abs(float(ball(Rational(agreement.number(point))) - value)), ABSOLUTE + ulps)


def law(point: Point, *, step: int = LENGTH // 2) -> CyclicGaussian:
    """The model at a point: a word of two halves that agree in as many places as the point's rho says."""
    half = LENGTH // 2
    differing = int((1 - point.get(rho, Fraction(1, 4))) * half / 2)
    text = "+" * half + "-" * differing + "+" * (half - differing)
    return CyclicGaussian(cyclic_word(text, step), float(point[p]), float(point.get(s, Fraction(2))))


def value(answer: object) -> float:
    """A closed form's number; an estimate or a bracket is none."""
    if not isinstance(answer, float):
        raise TypeError(f"{answer!r} is no closed form")
    return answer


def _band(point: Point, *, radius: bool) -> Band:
    where = {"scaled_radius": float(point[a]), "shift": 1} if radius else {}
    band = theorem_bounds.theorem2_corrected(law(point), float(point[eta]), **where)  # type: ignore[arg-type]
    if not isinstance(band, Band):
        raise ValueError(f"eta={point[eta]} is not possible here: {band.reason}")
    return band


def _printed(point: Point) -> Band:
    return theorem_bounds.theorem2_formula(law(point, step=int(LENGTH * point[share])), float(point[eta]))


def _tsipras(point: Point) -> float:
    return value(tsipras.theorem1(law(point), float(point[delta])))


def _apart(point: Point) -> CyclicGaussian:
    """The model whose word differs from its shift in a share delta of the places."""
    return law({**point, rho: 1 - 2 * point[delta]})


def _attacked(name: str) -> Callable[[Point], float]:
    return lambda at: value(accuracy.adversarial(RULES[name].build(law(at)), law(at), scaled_radius=float(at[a])))


def _spatial(name: str, **shift: int) -> Callable[[Point], float]:
    return lambda at: value(accuracy.spatial(RULES[name].build(law(at)), law(at), **shift))


AGREEMENTS: dict[str, Agreement] = {
    "normal.h": Agreement(formulas.H, lambda at: float(h(float(at[p]), float(at[mu]), float(at[b]))), (p, mu, b)),
    "optima.best_standard": Agreement(formulas.BAYES, lambda at: optima.best_standard(law(at)), (p, s)),
    "accuracy.standard": Agreement(
        formulas.BAYES, lambda at: value(accuracy.standard(rules.bayes(law(at)), law(at))), (p, s)
    ),
    "accuracy.spatial, one shift": Agreement(formulas.MOVED, _spatial("bayes", shift=1), (p, s, rho)),
    "accuracy.spatial, average": Agreement(formulas.AVERAGED.subs(K, 2), _spatial("bayes"), (p, s, rho)),
    "accuracy.adversarial": Agreement(formulas.ATTACKED, _attacked("bayes"), (p, s, a)),
    "accuracy.adversarial, label_blind": Agreement(
        formulas.LABEL_BLIND,
        lambda at: value(
            accuracy.adversarial(
                rules.bayes(law({**at, p: Fraction(1, 2)})),
                law({**at, p: Fraction(1, 2)}),
                scaled_radius=float(at[a]),
                attack="label_blind",
            )
        ),
        (s, a),
    ),
    "accuracy.spatial of robust": Agreement(
        formulas.ROBUST_MOVED,
        lambda at: value(accuracy.spatial(rules.robust(law(at), scaled_radius=float(at[a])), law(at), shift=1)),
        (p, s, rho, a),
    ),
    "optima.best_adversarial": Agreement(
        formulas.ROBUST_BEST, lambda at: optima.best_adversarial(law(at), scaled_radius=float(at[a])), (p, s, a)
    ),
    "accuracy.adversarial of robust": Agreement(
        formulas.ROBUST_BEST,
        lambda at: value(
            accuracy.adversarial(rules.robust(law(at), scaled_radius=float(at[a])), law(at), scaled_radius=float(at[a]))
        ),
        (p, s, a),
    ),
    "bounds.feasible_eta": Agreement(
        1 - formulas.ROBUST_BEST,
        lambda at: theorem_bounds.feasible_eta(law(at), scaled_radius=float(at[a])).low,
        (p, s, a),
    ),
    "optima.best_spatial, two shifts": Agreement(
        formulas.INVARIANT_BEST, lambda at: value(optima.best_spatial(law(at))), (p, s, rho)
    ),
    "accuracy.adversarial of augmented": Agreement(formulas.INVARIANT_ATTACKED, _attacked("augmented"), (p, s, rho, a)),
    "bounds.proposition1_printed": Agreement(
        formulas.PRINTED_MOVED, lambda at: theorem_bounds.proposition1_printed(float(at[delta])), (delta,)
    ),
    "bounds.proposition1_corrected": Agreement(
        formulas.MOVED_BOUND, lambda at: theorem_bounds.proposition1_corrected(_apart(at)), (p, s, delta)
    ),
    "bounds.proposition1_averaged": Agreement(
        formulas.AVERAGED_BOUND.subs(K, 2), lambda at: theorem_bounds.proposition1_averaged(_apart(at)), (p, s, delta)
    ),
    "bounds.theorem2_formula, lower": Agreement(formulas.PRINTED_LOWER, lambda at: _printed(at).lower, (p, eta, share)),
    "bounds.theorem2_formula, upper": Agreement(formulas.PRINTED_UPPER, lambda at: _printed(at).upper, (p, eta, share)),
    "bounds.theorem2_corrected, lower": Agreement(formulas.LOWER, lambda at: _band(at, radius=False).lower, (p, eta)),
    "bounds.theorem2_corrected, upper": Agreement(formulas.UPPER, lambda at: _band(at, radius=False).upper, (p, eta)),
    "bounds.theorem2_corrected, lower at a": Agreement(
        formulas.LOWER_AT, lambda at: _band(at, radius=True).lower, (p, s, rho, a, eta)
    ),
    "bounds.theorem2_corrected, upper at a": Agreement(
        formulas.UPPER_AT, lambda at: _band(at, radius=True).upper, (p, s, rho, a, eta)
    ),
    "l2.best_adversarial": Agreement(
        formulas.ROBUST_BEST, lambda at: value(l2.best_adversarial(law(at), radius=float(at[a]))), (p, s, a)
    ),
    "l2.adversarial": Agreement(
        formulas.ATTACKED,
        lambda at: l2.adversarial(rules.bayes(law(at)), law(at), radius=float(at[a])),
        (p, s, a),
    ),
    "optima.best_joint, two shifts": Agreement(
        formulas.INVARIANT_BEST.subs(s, s - a),
        lambda at: value(optima.best_joint(law(at), scaled_radius=float(at[a]))),
        (p, s, rho, a),
    ),
    "bounds.theorem2_informative": Agreement(
        (1 - p) / p, lambda at: value(getattr(theorem_bounds.theorem2_informative(law(at)), "high", None)), (p,)
    ),
    "tsipras.theorem1": Agreement(formulas.TSIPRAS, _tsipras, (p, delta)),
    "tsipras.hinge": Agreement(
        formulas.SHORTFALL,
        lambda at: tsipras.hinge(tsipras.law(1, 0.5, 1.0), 0.0, float(at[z]), used=1),
        (z,),
    ),
}
"""By the name of the function in `tradeoff`."""
