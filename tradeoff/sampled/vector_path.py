"""Counting over full vectors: what anyone would do, for any rule, and the check on everything that is cleverer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tradeoff.codes import groups
from tradeoff.model import rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.linear_scores import check_length
from tradeoff.model.question import Question
from tradeoff.shared import checks

Array = NDArray[np.float64]

PIECE_NUMBERS, PIECES = 1 << 17, 4
"""Normal variates a piece: a megabyte, so that the passes over it stay in the cache and the calls around it cost little
beside drawing it. A block has several, as starting its stream costs time, too."""


def piece_size(dist: CyclicGaussian) -> int:
    """Samples looked at together."""
    return max(1, PIECE_NUMBERS // dist.word.length)


def block_size(dist: CyclicGaussian) -> int:
    """Samples a block."""
    return PIECES * piece_size(dist)


def count(
    questions: Sequence[Question], dist: CyclicGaussian, compiled: bool, n: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Hits of each question on one block of n samples."""
    for question in questions:
        if isinstance(question.rule, rules.Linear):
            check_length(question.rule, dist)
        if isinstance(question.rule, rules.Augmented) and question.rule.word.length != dist.word.length:
            raise checks.InputError(
                f"the rule was built for {question.rule.word.length} coordinates and the law has {dist.word.length}; "
                "make them equal"
            )
    piece = piece_size(dist)
    parts = [_piece(questions, dist, compiled, min(piece, n - start), rng) for start in range(0, n, piece)]
    return np.asarray(np.sum(parts, axis=0))


def _piece(
    questions: Sequence[Question], dist: CyclicGaussian, compiled: bool, n: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    x0, x, y = dist.sample(n, rng, compiled=compiled)
    group = dist.word.group
    elements = rng.integers(group.order, size=n)
    at_random = likelier = x  # made only for questions that need them: they cost as much as drawing
    if any(question.shift is None and (question.moved or question.quantity == "invariance") for question in questions):
        at_random = groups.move_rows(group, x, elements)
    if any(question.attack == "label_blind" for question in questions):
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
    return np.array(counts, dtype=np.int64)


def _changes(question: Question, dist: CyclicGaussian, x0: Array, x: Array, moved: Array) -> int:
    """Answers that stay under the shift, or change under the attack on them."""
    rule = question.rule
    answers = rule.predict(x0, x)
    if question.quantity == "invariance":
        return int((rule.predict(x0, moved) == answers).sum())
    attacked = rule.attack(x0, x, answers, dist.eps(question.scaled_radius))
    return int((rule.predict(*attacked) != answers).sum())
