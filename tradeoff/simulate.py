"""``python -m tradeoff.simulate``: a scenario in, a table, rows and a figure out. No mathematics here.

Only the flags are read at import, so that --help answers at once; the rest loads when a run starts.
"""

from __future__ import annotations

import json
import platform
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import tradeoff
from tradeoff import checks, flags, storage
from tradeoff.scenario import RunOptions, Scenario, describe, resolve, run_id

if TYPE_CHECKING:
    from tradeoff.distribution import CyclicGaussian
    from tradeoff.questions import Question
    from tradeoff.results import Answer, Frequency
    from tradeoff.rows import Asked, Row, Sampling

PROGRAM = "python -m tradeoff.simulate"
DESCRIPTION = """\
How does robustness to random shifts trade against l_inf robustness, in the model of Kamath et al.?

Prints each rule's standard, spatial, adversarial and joint accuracy, computed and sampled, tests Theorem 2 as
printed and as corrected, and writes rows (JSON lines) and a figure. Without flags: length 64, four quarter turns,
the word whose shift correlations are exactly 1/4, p = 0.7."""
CURVE_POINTS = 41
"""Radii of the figure's curves."""
SECOND_RADIUS = 1.0
"""The robust rule is built for each radius at which it is tested, and once for this one."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, run, and return the exit code: 2 for input that cannot be used."""
    try:
        made = flags.parser(PROGRAM, DESCRIPTION, Scenario, RunOptions)
        given, chosen = flags.read(made, arguments, Scenario, RunOptions)
        options = RunOptions(**chosen)
        return run(resolve(given, options), options)
    except checks.InputError as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of a pipe has seen enough
        sys.stderr.close()
        return 1
    except KeyboardInterrupt:
        print(f"{PROGRAM}: interrupted before anything was counted; nothing was written", file=sys.stderr)
        return 130


def run(scenario: Scenario, options: RunOptions) -> int:
    """Answer, print, write; 130 if Ctrl-C cut the sampling short: what was counted is printed, and no file written."""
    started = time.time()
    chosen = options.folder(scenario)
    folder = storage.output_folder("out", chosen) if chosen is not None else None
    rows, text, sampling = answer(scenario, options)
    if options.json:
        print("\n".join(row.to_json() for row in rows))
    elif not options.quiet:
        print(text)
    if sampling is not None and sampling.interrupted:
        print(f"{PROGRAM}: interrupted after {sampling.trials} samples; no files were written", file=sys.stderr)
        return 130
    if folder is not None:
        written = write(scenario, options, rows, folder, started)
        if not options.json and not options.quiet:
            print("\nWritten: " + ", ".join(map(str, written)))
    return 0


def answer(scenario: Scenario, options: RunOptions) -> tuple[list[Row], str, Sampling | None]:
    """All rows of a run, its text, and how it sampled, if it did."""
    from tradeoff import report, theorem2
    from tradeoff.rows import at_radii, clean_questions, exact, row, sampled_row

    dist, radii = law(scenario), options.radii
    a = 2 * dist.signal  # the radius of Theorem 2
    cleans = clean_questions(dist, options.chosen_rules, [SECOND_RADIUS, *radii, a])
    tests = [
        (clean, theorem2.questions(clean, dist)) for clean in cleans if clean.built_for in (None, SECOND_RADIUS, a)
    ]
    listed = [one for clean in cleans for one in at_radii(clean, tested(clean, radii), options.also)]
    listed += [one for _, test in tests for one in test.values()]
    asked = list({one.question: one for one in listed}.values())

    with progress_bar(options, "computing", len(asked)) as advance:
        computed = {}
        for one in asked:
            computed[one.question] = exact(one.question, dist)
            advance(1)
    rows = [row(scenario, one, computed[one.question]) for one in asked]
    answers: dict[Question, Answer | Frequency] = dict(computed)
    sampling = None
    if options.samples:
        from tradeoff.sampling import sample

        with progress_bar(options, "sampling", None if options.until_halfwidth else options.samples) as advance:
            drawn, sampling = sample(list(computed), dist, options, advance)
        found = dict(zip(computed, drawn, strict=True))
        rows += [sampled_row(scenario, one, found[one.question], sampling) for one in asked]
        answers = dict(found)

    seen = [(clean, {attack: answers[one.question] for attack, one in test.items()}) for clean, test in tests]
    level = sampling.level if sampling else None
    readings = [reading for clean, under in seen for reading in theorem2.read(clean, under, dist, level)]
    trials, seed = (sampling.trials, sampling.seed) if sampling else (None, None)
    rows += theorem2.rows(scenario, readings, dist, trials=trials, seed=seed)
    table = report.Answers(rows, radii)
    parts = [
        heading(scenario, dist),
        report.main_table(table, dist.word.length) + report.legend(table, sampling),
        report.aloud(table, signal=dist.signal),
        report.theorem2_table(readings, sampled=sampling is not None, radius=a, eps=dist.eps(a)),
        report.possible(dist),
    ]
    return rows, "\n\n".join(parts), sampling


def law(scenario: Scenario) -> CyclicGaussian:
    """The distribution that a scenario names."""
    from tradeoff.codes import Word
    from tradeoff.distribution import CyclicGaussian
    from tradeoff.groups import GROUPS

    group = GROUPS[scenario.group](len(scenario.word), scenario.step)
    return CyclicGaussian(Word(scenario.word, group), scenario.p, scenario.signal)


def tested(clean: Asked, radii: Sequence[float]) -> Sequence[float]:
    """A rule that is built for one radius is tested there; the others, and the second robust rule, everywhere."""
    if clean.built_for in (None, SECOND_RADIUS):
        return radii
    return [a for a in radii if a == clean.built_for]


def heading(scenario: Scenario, dist: CyclicGaussian) -> str:
    """What is simulated, in two lines."""
    word = dist.word
    facts = "no shift but the identity"
    if word.shifts > 1:
        others = word.correlations[1:]
        facts = f"shift correlations {others.min():g} to {others.max():g}, relative distance {word.relative_distance:g}"
    moves = f"{word.shifts} shifts by {scenario.step}"
    if scenario.group != "cyclic":
        moves = f"{scenario.group} group of {word.shifts}, step {scenario.step}"
    return (
        f"Scenario {scenario.id}: length {word.length}, {moves}, "
        f"p = {scenario.p:g}, signal {scenario.signal:g}\n"
        f"Word {checks.shorten_text(scenario.word, 64)}: {facts}"
    )


@contextmanager
def progress_bar(options: RunOptions, what: str, total: int | None) -> Iterator[Callable[[int], object]]:
    """A bar on the error stream where that is a terminal, once it has taken a second."""
    if options.quiet or options.json or not sys.stderr.isatty():
        yield lambda done: None
        return
    from tqdm import tqdm

    with tqdm(total=total, desc=what, unit_scale=True, leave=False, delay=1) as bar:
        yield bar.update


def curves(scenario: Scenario, options: RunOptions) -> list[Row]:
    """Computed answers on a grid of radii, for the lines of the figure."""
    import numpy as np

    from tradeoff import report
    from tradeoff.accuracy import worst_attack_is_known
    from tradeoff.rows import best_row, clean_questions, exact, row

    dist = law(scenario)
    grid = sorted({*options.radii, *np.linspace(0, max(dist.signal, *options.radii), CURVE_POINTS).tolist()})
    # The robust rule changes fastest where its radius nears the signal, so its path is sampled more densely there.
    path = (dist.signal * (1 - np.linspace(1, 0, CURVE_POINTS) ** 3)).tolist()
    main_radius = report.main_radius(options.radii, dist.signal)
    rows = [best_row(scenario, dist, a) for a in grid]
    for clean in clean_questions(dist, options.chosen_rules, [SECOND_RADIUS, *path]):
        quick = worst_attack_is_known(clean.question.rule)
        radii = [main_radius] if clean.built_for not in (None, SECOND_RADIUS) else grid if quick else options.radii
        asked = [clean.about("spatial"), *(clean.about("adversarial", a) for a in radii)]
        rows += [row(scenario, one, exact(one.question, dist)) for one in asked]
    return rows


def write(scenario: Scenario, options: RunOptions, rows: Sequence[Row], folder: Path, started: float) -> list[Path]:
    """The record of the run, its rows, and (unless switched off) the figure with the rows of its curves."""
    lines = {"rows": rows}
    images: dict[str, bytes] = {}
    if not (options.no_figure or options.json):
        from tradeoff import figures, pictures

        lines["curves"] = curves(scenario, options)
        figure = figures.tradeoff(rows, lines["curves"], options.radii)
        images = {kind: pictures.encode(figure, kind) for kind in ("png", "svg")}
    run = run_id(scenario, options)
    files: dict[str, bytes | str] = {
        f"{name}-{run}.jsonl": "".join(row.to_json() + "\n" for row in some) for name, some in lines.items()
    }
    files |= {f"tradeoff-{run}.{kind}": data for kind, data in images.items()}
    files[f"run-{run}.json"] = json.dumps(record(scenario, options, started), indent=2) + "\n"
    for name, content in files.items():
        storage.write_atomic(folder / name, content)
    return [folder / name for name in files]


def record(scenario: Scenario, options: RunOptions, started: float) -> dict[str, object]:
    """Configuration, versions and machine of a run."""
    import numpy
    import scipy

    return {
        **describe(scenario, options),
        "versions": {
            "tradeoff": tradeoff.__version__,
            "python": platform.python_version(),
            "numpy": numpy.__version__,
            "scipy": scipy.__version__,
        },
        "machine": {"system": platform.system(), "architecture": platform.machine(), "device": "cpu"},
        "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(started)),
        "seconds": round(time.time() - started, 3),
    }


if __name__ == "__main__":
    sys.exit(main())
