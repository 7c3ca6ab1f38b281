"""How a run samples: which path, how many processes, when to stop, and what Ctrl-C leaves."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import cast

import numpy as np

from tradeoff.model.law import CyclicGaussian
from tradeoff.model.question import Question
from tradeoff.sampled import montecarlo, smooth_path, stopping
from tradeoff.shared.results import Estimate, Frequency
from tradeoff.simulation.options import RunOptions
from tradeoff.simulation.rows import LEVEL, Sampling

PAYS = 1_000_000_000
"""Normal variates from which on a second process is worth starting: half a second against some seconds of work."""
MOST_PROCESSES = 8


def sample(
    questions: Sequence[Question],
    dist: CyclicGaussian,
    options: RunOptions,
    progress: Callable[[int], object] = lambda done: None,
) -> tuple[Sequence[Frequency | Estimate], Sampling]:
    """Answers in the order of the questions, and how they came about."""
    rng = np.random.default_rng(options.seed)
    if options.path == "smooth":
        found = []
        for question in questions:
            found.append(smooth_path.estimate(question, dist, trials=options.samples, rng=rng))
            progress(options.samples // len(questions))
        return found, Sampling(options.seed, "smooth", None, smooth_path.points(options.samples))
    path = montecarlo.path_of(questions, dist, cast(montecarlo.Path, options.path))
    needed = options.samples
    if options.until_halfwidth is not None:
        needed = int(min(stopping.trials_needed(options.until_halfwidth), 1e12))
    most = options.workers or processes(questions, dist, needed, path)

    def more(trials: int) -> list[Frequency]:
        # The first looks of a sequential run are too short for processes to be started.
        workers = most if options.until_halfwidth is None else min(most, processes(questions, dist, trials, path))
        return montecarlo.tally(
            questions, dist, trials=trials, rng=rng, path=path, workers=workers, progress=progress, keep=True
        )

    if options.until_halfwidth is None:
        counted = more(options.samples)
        cut = counted[0].trials < options.samples
        return counted, Sampling(options.seed, path, LEVEL, counted[0].trials, cut)
    done = stopping.until(more, halfwidth=options.until_halfwidth, level=LEVEL)
    return done.found, Sampling(options.seed, path, done.level, done.found[0].trials, not done.narrow)


def processes(questions: Sequence[Question], dist: CyclicGaussian, trials: int, path: montecarlo.Path) -> int:
    """One process for short work, as many as there are processors for long work, eight at most."""
    _, _, numbers = montecarlo.plan(questions, dist, trials, path)
    return min(os.cpu_count() or 1, MOST_PROCESSES) if trials * numbers >= PAYS else 1
