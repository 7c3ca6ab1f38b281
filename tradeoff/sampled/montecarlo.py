"""SAMPLED: the same questions as `accuracy`, answered by counting, for any rule and any number of trials.

Two paths count. *orbit*: what the rule sees of x is drawn from its own law; the cost does not depend on the length.
*vectors*: full vectors x are drawn, moved by an actual element of the group, attacked in every coordinate and shown to
the rule; nothing of the theory is used beyond the rule's own attack. (A third, `tradeoff.sampled.smooth_path`, counts
nothing: it integrates out what can be and puts Sobol points on the rest.) Memory does not grow with the number of
trials.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal, get_args

import numpy as np

from tradeoff.model import normal_variates
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.question import Attack, Question
from tradeoff.model.rules import Rule
from tradeoff.sampled import blocks, orbit_path, vector_path
from tradeoff.shared import checks
from tradeoff.shared.results import Frequency

Path = Literal["auto", "orbit", "vectors"]
PATHS: tuple[Path, ...] = get_args(Path)


def standard(
    rule: Rule, dist: CyclicGaussian, *, trials: int, rng: np.random.Generator, path: Path = "auto"
) -> Frequency:
    """Sampled Pr(f(X) = Y)."""
    return tally([Question("standard", rule)], dist, trials=trials, rng=rng, path=path)[0]


def spatial(
    rule: Rule,
    dist: CyclicGaussian,
    *,
    trials: int,
    rng: np.random.Generator,
    shift: int | None = None,
    path: Path = "auto",
) -> Frequency:
    """Sampled Pr(f(r(X)) = Y), r uniform over the group, or r_j for j = ``shift``.

    >>> from tradeoff.codes import families
    >>> from tradeoff.model import rules
    >>> from tradeoff.codes.word import cyclic_word
    >>> law = CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), step=16), p=0.5)
    >>> seen = spatial(rules.bayes(law), law, trials=20_000, rng=np.random.default_rng(1))
    >>> seen.trials, 0.7629 in seen.interval()  # the exact value
    (20000, True)
    """
    return tally([Question("spatial", rule, shift=shift)], dist, trials=trials, rng=rng, path=path)[0]


def adversarial(
    rule: Rule,
    dist: CyclicGaussian,
    *,
    scaled_radius: float,
    trials: int,
    rng: np.random.Generator,
    attack: Attack = "worst",
    path: Path = "auto",
) -> Frequency:
    """Sampled accuracy under the rule's worst (or worst known) attack of scaled radius a, or under another one."""
    return tally([Question("adversarial", rule, scaled_radius, attack)], dist, trials=trials, rng=rng, path=path)[0]


def joint(
    rule: Rule,
    dist: CyclicGaussian,
    *,
    scaled_radius: float,
    trials: int,
    rng: np.random.Generator,
    attack: Attack = "worst",
    shift: int | None = None,
    path: Path = "auto",
) -> Frequency:
    """Sampled Pr(f(r(X) + A) = Y): a random element of the group first (or r_j, j = ``shift``), then the attack."""
    return tally([Question("joint", rule, scaled_radius, attack, shift)], dist, trials=trials, rng=rng, path=path)[0]


def fooling(
    rule: Rule,
    dist: CyclicGaussian,
    *,
    scaled_radius: float,
    trials: int,
    rng: np.random.Generator,
    path: Path = "auto",
) -> Frequency:
    """Sampled fooling rate: how often the attack changes the answer; it sees the answer, not the label."""
    return tally([Question("fooling", rule, scaled_radius)], dist, trials=trials, rng=rng, path=path)[0]


def invariance(
    rule: Rule,
    dist: CyclicGaussian,
    *,
    trials: int,
    rng: np.random.Generator,
    shift: int | None = None,
    path: Path = "auto",
) -> Frequency:
    """Sampled Pr(f(r(X)) = f(X)), r uniform over the group, or r_j for j = ``shift``."""
    return tally([Question("invariance", rule, shift=shift)], dist, trials=trials, rng=rng, path=path)[0]


def tally(
    questions: Sequence[Question],
    dist: CyclicGaussian,
    *,
    trials: int,
    rng: np.random.Generator,
    path: Path = "auto",
    workers: int = 1,
    progress: Callable[[int], object] = lambda done: None,
    keep: bool = False,
) -> list[Frequency]:
    """All questions on the same draws: one Frequency each, in their order.

    The answers share their samples, so they are dependent; each one alone is binomial. Blocks draw from spawned
    generators, so the numbers depend on the seed, the questions, the path and the trials, and not on ``workers``, the
    number of processes. ``auto`` takes orbit statistics where all rules allow it. ``progress`` is told how many trials
    are newly done. With ``keep``, Ctrl-C returns what has been counted so far: fewer trials, and as good as any.

    Raises
    ------
    InputError
        If ``trials`` or ``workers`` is below 1, or a path does not suit a rule.
    """
    trials = checks.at_least("trials", trials, 1, what="the number of samples")
    workers = checks.processes("workers", workers)
    work, block, numbers = plan(questions, dist, trials, path)
    # A batch of blocks takes a process some tenths of a second: the exchange does not matter, and Ctrl-C is answered.
    batch = max(1, (1 << 22) // (block * max(numbers, 4 * len(questions))))
    found = blocks.run(
        work, trials=trials, block=block, rng=rng, workers=workers, batch=batch, progress=progress, keep=keep
    )
    return [Frequency(int(hits), found.trials) for hits in found.counts]


def plan(questions: Sequence[Question], dist: CyclicGaussian, trials: int, path: Path) -> tuple[blocks.Work, int, int]:
    """What counts a block, how many samples a block has, and how many variates a sample takes."""
    chosen = path_of(questions, dist, path)
    numbers = orbit_path.dimensions(questions, dist) if chosen == "orbit" else dist.word.length
    compiled = trials * numbers >= normal_variates.PAYS
    if chosen == "orbit":
        return (
            partial(orbit_path.count, tuple(questions), dist, compiled),
            orbit_path.block_size(questions, dist),
            numbers,
        )
    return partial(vector_path.count, tuple(questions), dist, compiled), vector_path.block_size(dist), numbers


def path_of(questions: Sequence[Question], dist: CyclicGaussian, path: Path = "auto") -> Literal["orbit", "vectors"]:
    """The path that is taken."""
    checks.known("path", path, PATHS)
    foreign = [question.rule for question in questions if not orbit_path.handles(question.rule, dist)]
    if path == "orbit" and foreign:
        raise checks.InputError(
            f"path='orbit' does not suit a rule of type {type(foreign[0]).__name__} that may see all of x or was built "
            "for another word or group; use path='vectors'"
        )
    return "vectors" if path == "vectors" or foreign else "orbit"
