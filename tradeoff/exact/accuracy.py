"""EXACT: standard, spatial, adversarial and joint accuracy, fooling rate and rate of invariance of a rule.

A float is a closed form, right up to rounding. An `Estimate` comes from quadrature and carries its error. A `Band`
brackets what is known only from both sides. Notation: s signal, L log-odds of x_0, a = eps sqrt(d) scaled radius,
h(mu, b) = p Phi(mu + b) + (1 - p) Phi(mu - b).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeGuard

from tradeoff.codes import groups
from tradeoff.exact import accuracy, augmented_rules, linear_rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.question import MOVED, Attack, Question, check_attack
from tradeoff.model.rules import Augmented, Constant, Linear, Rule
from tradeoff.shared import checks
from tradeoff.shared.results import Answer, Band, Estimate, average, ends


def standard(rule: Rule, dist: CyclicGaussian) -> Answer:
    """Pr(f(X) = Y).

    >>> from tradeoff.codes import families
    >>> from tradeoff.model import rules
    >>> from tradeoff.codes.word import cyclic_word
    >>> law = CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), step=16), p=0.5)
    >>> round(standard(rules.bayes(law), law), 6)
    0.97725
    """
    return adversarial(rule, dist, scaled_radius=0.0)


def spatial(rule: Rule, dist: CyclicGaussian, *, shift: int | None = None) -> Answer:
    """Pr(f(r(X)) = Y) for r uniform over the whole group, the identity among it (Section 3); or for r_j, j = ``shift``.

    >>> from tradeoff.codes import families
    >>> from tradeoff.model import rules
    >>> from tradeoff.codes.word import cyclic_word
    >>> law = CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), step=16), p=0.5)
    >>> round(spatial(rules.bayes(law), law, shift=1), 6)  # Phi(1/2); Proposition 1 prints Phi(1)
    0.691462
    """
    return joint(rule, dist, scaled_radius=0.0, shift=shift)


def adversarial(rule: Rule, dist: CyclicGaussian, *, scaled_radius: float, attack: Attack = "worst") -> Answer:
    """Pr(f(X + A) = Y) under the worst attack A that sees the label, ``|A|`` <= eps = a/sqrt(d).

    ``attack`` names another: "mean_shift" is the one attack A = -a Y u of Theorem 2's proof (there 4 c_t y / sqrt(d),
    which swaps the classes); "label_blind" the worst attack A(X) that does not see the label, as Section 2 writes.
    """
    radius = checks.radius("scaled_radius", scaled_radius)
    check_attack(attack, moved=False)
    if attack == "label_blind":
        if isinstance(rule, Constant):
            return 0.5
        return (
            linear_rules.label_blind(rule, dist, radius)
            if is_linear(rule)
            else augmented_rules.label_blind(own(rule, dist), dist, radius)
        )
    return _right(rule, dist, radius, attack, 0)


def joint(
    rule: Rule, dist: CyclicGaussian, *, scaled_radius: float, attack: Attack = "worst", shift: int | None = None
) -> Answer:
    """Pr(f(r(X) + A) = Y): a uniformly random element of the group first (or r_j, j = ``shift``), then the attack."""
    radius = checks.radius("scaled_radius", scaled_radius)
    check_attack(attack, moved=True)
    return _right(rule, dist, radius, attack, None if shift is None else groups.index(dist.word.group, shift))


def fooling(rule: Rule, dist: CyclicGaussian, *, scaled_radius: float) -> Answer:
    """Fooling rate sup over A of Pr(f(X + A) != f(X)), ``|A|`` <= eps = a/sqrt(d): it sees the answer, not the label.

    1 - fooling = Pr(right whatever is added) + Pr(wrong whatever is added); Kamath et al., Section 2.
    """
    radius = checks.radius("scaled_radius", scaled_radius)
    right, wrong = (_right(rule, dist, radius, "worst", 0, wrong=wrong) for wrong in (False, True))
    if isinstance(right, Band) or isinstance(wrong, Band):
        first, second = ends(right), ends(wrong)
        return Band(max(0.0, 1 - first.high - second.high), 1 - first.low - second.low)
    if isinstance(right, Estimate) or isinstance(wrong, Estimate):
        first, second = ends(right), ends(wrong)
        low, high = 1 - first.high - second.high, 1 - first.low - second.low
        return Estimate(max(0.0, (low + high) / 2), (high - low) / 2)  # -1e-17 is rounding: see `augmented_rules`
    return max(0.0, 1 - right - wrong)


def invariance(rule: Rule, dist: CyclicGaussian, *, shift: int | None = None) -> Answer:
    """Rate of invariance Pr(f(r_j(X)) = f(X)) for j = ``shift``, or its mean over the group, the identity among it."""
    group = dist.word.group
    if isinstance(rule, Constant):
        return 1.0
    if is_linear(rule):
        rates = linear_rules.invariance(rule, dist)
        return float(rates.mean() if shift is None else rates[groups.index(group, shift)])
    chosen = range(group.order) if shift is None else [groups.index(group, shift)]
    return average([augmented_rules.invariance(own(rule, dist), dist, j) for j in chosen])


def is_linear(rule: Rule) -> TypeGuard[Linear]:
    return isinstance(rule, Linear)


def own(rule: Rule, dist: CyclicGaussian) -> Augmented:
    """The rule itself, if its accuracy is known other than by sampling.

    Raises
    ------
    TypeError
        For a rule of a kind that has no exact answer, or an augmented rule of another word.
    """
    if not isinstance(rule, Augmented):
        raise TypeError(
            f"no exact accuracy is known for a rule of type {type(rule).__name__}; sample it with "
            "tradeoff.sampled.montecarlo"
        )
    if rule.word != dist.word:
        raise TypeError(
            "this augmented rule was built for another word or group, and has no exact accuracy here; "
            "sample it with sampled.montecarlo"
        )
    return rule


def worst_attack_is_known(rule: Rule) -> bool:
    """Whether the rule's attack is the worst one, or only the worst that was found."""
    return not isinstance(rule, Augmented) or rule.statistic.attack_is_exact


def _right(
    rule: Rule, dist: CyclicGaussian, radius: float, attack: Attack, shift: int | None, *, wrong: bool = False
) -> Answer:
    """Pr(right on r_j(X) under the attack), j = ``shift`` or averaged; or wrong whatever is added."""
    if isinstance(rule, Constant):
        return 0.5
    if is_linear(rule):
        rates = linear_rules.right(rule, dist, radius, attack, wrong=wrong)
        return float(rates.mean() if shift is None else rates[shift])
    return augmented_rules.right(own(rule, dist), dist, radius, attack, shift=shift, wrong=wrong)


def exact(question: Question, dist: CyclicGaussian) -> Answer:
    """The theory's answer to a question."""
    answer: Callable[..., Answer] = getattr(accuracy, question.quantity)
    given: dict[str, Any] = {}
    if question.quantity in MOVED:
        given["shift"] = question.shift
    if question.attacked:
        given["attack"] = question.attack
    if question.attacked or question.quantity == "fooling":
        given["scaled_radius"] = question.scaled_radius
    return answer(question.rule, dist, **given)
