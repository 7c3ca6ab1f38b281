"""SAMPLED: the same questions as `accuracy`, answered by counting over full vectors x, for any rule.

Nothing of the theory is used beyond the rule's own attack: data are drawn, moved by an actual shift, attacked in
every coordinate, and shown to the rule. Memory does not grow with the number of trials.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from tradeoff import checks, groups, rules
from tradeoff.distribution import CyclicGaussian
from tradeoff.questions import Attack, Question
from tradeoff.results import Frequency
from tradeoff.rules import Rule

Array = NDArray[np.float64]

BLOCK_NUMBERS = 1 << 15
"""Normal variates a block: 256 kB, so that the passes over a block stay in the cache (2.7 times faster than 2 MB)."""


def standard(rule: Rule, dist: CyclicGaussian, *, trials: int, rng: np.random.Generator) -> Frequency:
    """Sampled Pr(f(X) = Y)."""
    return tally([Question("standard", rule)], dist, trials=trials, rng=rng)[0]


def spatial(
    rule: Rule, dist: CyclicGaussian, *, trials: int, rng: np.random.Generator, shift: int | None = None
) -> Frequency:
    """Sampled Pr(f(r(X)) = Y), r uniform over the group, or r_j for j = ``shift``.

    >>> from tradeoff import families, rules
    >>> from tradeoff.codes import cyclic_word
    >>> law = CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), step=16), p=0.5)
    >>> seen = spatial(rules.bayes(law), law, trials=20_000, rng=np.random.default_rng(1))
    >>> seen.trials, 0.7629 in seen.interval()  # the exact value
    (20000, True)
    """
    return tally([Question("spatial", rule, shift=shift)], dist, trials=trials, rng=rng)[0]


def adversarial(
    rule: Rule,
    dist: CyclicGaussian,
    *,
    scaled_radius: float,
    trials: int,
    rng: np.random.Generator,
    attack: Attack = "worst",
) -> Frequency:
    """Sampled accuracy under the rule's worst (or worst known) attack of scaled radius a, or under another one."""
    return tally([Question("adversarial", rule, scaled_radius, attack)], dist, trials=trials, rng=rng)[0]


def joint(
    rule: Rule,
    dist: CyclicGaussian,
    *,
    scaled_radius: float,
    trials: int,
    rng: np.random.Generator,
    attack: Attack = "worst",
    shift: int | None = None,
) -> Frequency:
    """Sampled Pr(f(r(X) + A) = Y): a random element of the group first (or r_j, j = ``shift``), then the attack."""
    return tally([Question("joint", rule, scaled_radius, attack, shift)], dist, trials=trials, rng=rng)[0]


def fooling(
    rule: Rule, dist: CyclicGaussian, *, scaled_radius: float, trials: int, rng: np.random.Generator
) -> Frequency:
    """Sampled fooling rate: how often the attack changes the answer; it sees the answer, not the label."""
    return tally([Question("fooling", rule, scaled_radius)], dist, trials=trials, rng=rng)[0]


def invariance(
    rule: Rule, dist: CyclicGaussian, *, trials: int, rng: np.random.Generator, shift: int | None = None
) -> Frequency:
    """Sampled Pr(f(r(X)) = f(X)), r uniform over the group, or r_j for j = ``shift``."""
    return tally([Question("invariance", rule, shift=shift)], dist, trials=trials, rng=rng)[0]


def tally(
    questions: Sequence[Question],
    dist: CyclicGaussian,
    *,
    trials: int,
    rng: np.random.Generator,
    progress: Callable[[int], object] = lambda done: None,
) -> list[Frequency]:
    """All questions on the same draws: one Frequency each, in their order.

    The answers share their samples, so they are dependent; each one alone is binomial. Blocks draw from spawned
    generators, so the numbers depend on the seed and on the number of trials only. ``progress`` is told after each
    block how many trials it had.

    Errors
    ------
    InputError
        If ``trials`` is below 1.
    """
    checks.at_least("trials", trials, 1, what="the number of samples")
    hits = [0] * len(questions)
    block = max(1, BLOCK_NUMBERS // dist.word.length)
    for start in range(0, trials, block):
        n = min(block, trials - start)
        for i, count in enumerate(_count(questions, dist, n, rng.spawn(1)[0])):
            hits[i] += count
        progress(n)
    return [Frequency(count, trials) for count in hits]


def _count(questions: Sequence[Question], dist: CyclicGaussian, n: int, rng: np.random.Generator) -> list[int]:
    """Correct answers to each question on one block of n draws."""
    x0, x, y = dist.sample(n, rng)
    group = dist.word.group
    at_random = groups.move_rows(group, x, rng.integers(group.order, size=n))
    likelier = rules.bayes(dist).predict(x0, x)  # what an attacker who cannot see the label takes for it
    counts = []
    for question in questions:
        moved = at_random if question.shift is None else groups.move(group, x, groups.index(group, question.shift))
        if question.quantity in ("invariance", "fooling"):
            counts.append(_changes(question, dist, x0, x, moved))
            continue
        seen_x0, seen = x0, moved if question.moved else x
        eps = dist.eps(question.scaled_radius)
        if question.attacked and question.attack == "mean_shift":
            seen = seen - (eps * y)[:, None] * dist.word.signs
        elif question.attacked:
            target = likelier if question.attack == "label_blind" else y
            seen_x0, seen = question.rule.attack(x0, seen, target, eps)
        counts.append(int((question.rule.predict(seen_x0, seen) == y).sum()))
    return counts


def _changes(question: Question, dist: CyclicGaussian, x0: Array, x: Array, moved: Array) -> int:
    """Answers that stay under the shift, or change under the attack on them."""
    rule = question.rule
    answers = rule.predict(x0, x)
    if question.quantity == "invariance":
        return int((rule.predict(x0, moved) == answers).sum())
    attacked = rule.attack(x0, x, answers, dist.eps(question.scaled_radius))
    return int((rule.predict(*attacked) != answers).sum())
