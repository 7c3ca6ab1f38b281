"""A scenario answered, printed and written: rows, a text, figures and the record of the run. No mathematics here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from tradeoff.shared import checks, cli, machine, storage, streams
from tradeoff.shared.names import shown
from tradeoff.shared.progress import Progress
from tradeoff.simulation.options import ALL_FIGURES, MAIN_FIGURE, RunOptions, describe, run_id
from tradeoff.simulation.scenario import Scenario

if TYPE_CHECKING:
    from tradeoff.model.law import CyclicGaussian
    from tradeoff.model.question import Question
    from tradeoff.shared.figure_data import Sheet
    from tradeoff.shared.results import Answer, Estimate, Frequency
    from tradeoff.simulation.questions import Asked
    from tradeoff.simulation.rows import Row, Sampling

PROGRAM = "python -m tradeoff.simulate"
CURVE_POINTS = 41
"""Radii of the figure's curves."""

SECOND_RADIUS = 1.0
"""The robust rule is built for each radius at which it is tested, and once for this one."""


def run(scenario: Scenario, options: RunOptions) -> int:
    """Answer, print, write; 130 if Ctrl-C cut the sampling short: what was counted is printed, and no file written."""
    started = machine.Stopwatch()
    chosen = options.folder(scenario)
    folder = storage.output_folder("out", chosen) if chosen is not None else None
    figures, left_out = drawable(scenario, options) if folder is not None else ([], {})
    if options.directions:
        check_directions(scenario)
    rows, text, sampling = answer(scenario, options)
    with streams.beside_files() as say:
        say("\n".join(row.to_json() for row in rows) if options.json else cli.fitted(text))
        if sampling is not None and sampling.interrupted:
            streams.complain(f"{PROGRAM}: interrupted after {sampling.trials} samples; no files were written")
            return 130
        if options.directions:
            say("\n" + cli.fitted(directions_text(scenario, options)))
        written: list[Path] = []
        try:
            for path in write(scenario, options, rows, figures, left_out, folder, started) if folder else ():
                written.append(path)
        except KeyboardInterrupt:
            names = ", ".join(map(shown, written)) or "nothing"
            streams.complain(f"{PROGRAM}: interrupted while figures were drawn; written and whole: {names}")
            return 130
        if written and not options.json and not options.quiet:
            say(cli.fitted("\nWritten: " + ", ".join(map(shown, written))))
    return 0


def check_directions(scenario: Scenario) -> None:
    """Refuse a law whose moves have no ranges, before any work is done."""
    from tradeoff.bounds import least_favourable
    from tradeoff.exact import profiles

    dist = law(scenario)
    profiles.angles(dist)
    least_favourable.check(dist)


def directions_text(scenario: Scenario, options: RunOptions) -> str:
    """Where the paper's two monotone claims hold for this law."""
    from tradeoff.simulation import directions

    dist = law(scenario)
    with progress_bar(options, "directions", None):
        return directions.report(dist, [a for a in options.radii if a], radius=one_radius(dist, options))


def one_radius(dist: CyclicGaussian, options: RunOptions) -> float:
    """Where rules are compared at one radius: the main one of the options, or half the signal if that is 0."""
    from tradeoff.simulation import report

    return report.main_radius(options.radii, dist.signal) or dist.signal / 2


def answer(scenario: Scenario, options: RunOptions) -> tuple[list[Row], str, Sampling | None]:
    """All rows of a run, its text, and how it sampled, if it did."""
    from tradeoff.simulation import report, theorem2_check
    from tradeoff.simulation.questions import clean_questions
    from tradeoff.simulation.rows import row, sampled_row

    dist, radii = law(scenario), options.radii
    a = 2 * dist.signal  # the radius of Theorem 2
    cleans = clean_questions(dist, options.chosen_rules, [SECOND_RADIUS, *radii, a])
    attacked = [
        (clean, theorem2_check.questions(clean, dist))
        for clean in cleans
        if clean.built_for in (None, SECOND_RADIUS, a)
    ]
    asked = _every_question(cleans, attacked, options)
    computed = _computed(asked, dist, options)
    sampled, sampling = _sampled(asked, dist, options)
    answers = sampled or computed
    rows = [row(scenario, one, computed[one.question]) for one in asked]
    if sampling is not None:
        rows += [sampled_row(scenario, one, sampled[one.question], sampling) for one in asked]

    level, trials, seed = (sampling.level, sampling.trials, sampling.seed) if sampling else (None, None, None)
    interval_tests = [
        test
        for clean, under in attacked
        for test in theorem2_check.interval_tests(
            clean, {attack: answers[one.question] for attack, one in under.items()}, dist, level
        )
    ]
    rows += theorem2_check.rows(scenario, interval_tests, dist, trials=trials, seed=seed)
    table = report.Answers(rows, radii)
    parts = [
        heading(scenario, dist),
        report.main_table(table, dist.word.length) + report.legend(table, sampling),
        report.aloud(table, signal=dist.signal),
        report.theorem2_table(interval_tests, sampled=sampling is not None, radius=a, eps=dist.eps(a)),
        report.possible(dist),
    ]
    return rows, "\n\n".join(parts), sampling


def _every_question(
    cleans: Sequence[Asked], attacked: Sequence[tuple[Asked, dict[str, Asked]]], options: RunOptions
) -> list[Asked]:
    """What the table and the tests of Theorem 2 need to know, each question once."""
    from tradeoff.simulation.questions import at_radii

    listed = [one for clean in cleans for one in at_radii(clean, tested(clean, options.radii), options.also)]
    listed += [one for _, under in attacked for one in under.values()]
    return list({one.question: one for one in listed}.values())


def _computed(asked: Sequence[Asked], dist: CyclicGaussian, options: RunOptions) -> dict[Question, Answer | Frequency]:
    """The exact answer to each question."""
    from tradeoff.exact.accuracy import exact

    computed: dict[Question, Answer | Frequency] = {}
    with progress_bar(options, "computing", len(asked)) as advance:
        for one in asked:
            computed[one.question] = exact(one.question, dist)
            advance(1)
    return computed


def _sampled(
    asked: Sequence[Asked], dist: CyclicGaussian, options: RunOptions
) -> tuple[dict[Question, Frequency | Estimate], Sampling | None]:
    """The sampled answer to each question, and how it came about; nothing where no samples are asked for."""
    if not options.samples:
        return {}, None
    from tradeoff.simulation.sampling import sample

    questions = [one.question for one in asked]
    with progress_bar(options, "sampling", None if options.until_halfwidth else options.samples) as advance:
        drawn, sampling = sample(questions, dist, options, advance)
    return dict(zip(questions, drawn, strict=True)), sampling


def drawable(scenario: Scenario, options: RunOptions) -> tuple[list[str], dict[str, str]]:
    """The figures that will be drawn, and of `all` those that the law does not allow, with the reason.

    Raises
    ------
    InputError
        For a figure that is asked for by its name and cannot be drawn: before any work is done.
    """
    if options.no_figure or options.json:
        return [], {}
    chosen = options.chosen_figures
    if set(chosen) == {MAIN_FIGURE}:
        return list(chosen), {}
    from tradeoff import figures

    reasons = figures.possible([name for name in chosen if name != MAIN_FIGURE], law(scenario))
    left_out = {name: reason for name, reason in reasons.items() if reason is not None}
    for name, reason in left_out.items():
        if ALL_FIGURES not in options.figures:
            raise checks.InputError(f"figures={name} cannot be drawn: {reason}")
        streams.remark(f"{PROGRAM}: the figure {name} is left out: {reason}")
    return [name for name in chosen if name not in left_out], left_out


def sheet(name: str, scenario: Scenario, options: RunOptions, rows: Sequence[Row] = ()) -> Sheet:
    """The numbers of a figure: of the run's table from its ``rows``, else of the theory at the options' main radius."""
    dist = law(scenario)
    with progress_bar(options, f"figure {name}", None) as advance:
        if name == MAIN_FIGURE:
            from tradeoff.simulation import figure

            made = figure.tradeoff(rows, curves(scenario, options), options.radii)
        else:
            from tradeoff import figures

            made = figures.build(name, dist, radius=one_radius(dist, options), progress=advance)
    return made.about_run({"scenario": scenario.content, "scaled_radius": list(options.radii)})


def law(scenario: Scenario) -> CyclicGaussian:
    """The distribution that a scenario names."""
    from tradeoff.codes import GROUPS
    from tradeoff.codes.word import Word
    from tradeoff.model.law import CyclicGaussian

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
        f"Word {shown(scenario.word, 64)}: {facts}"
    )


def progress_bar(options: RunOptions, what: str, total: int | None) -> AbstractContextManager[Progress]:
    """The bar of a run that may be quiet."""
    return cli.bar(total, what, quiet=options.quiet or options.json)


def curves(scenario: Scenario, options: RunOptions) -> list[Row]:
    """Computed answers on a grid of radii, for the lines of the figure."""
    import numpy as np

    from tradeoff.exact.accuracy import exact, worst_attack_is_known
    from tradeoff.simulation import report
    from tradeoff.simulation.questions import clean_questions
    from tradeoff.simulation.rows import best_row, row

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


def write(
    scenario: Scenario,
    options: RunOptions,
    rows: Sequence[Row],
    chosen: Sequence[str],
    left_out: dict[str, str],
    folder: Path,
    started: machine.Stopwatch,
) -> Iterator[Path]:
    """The rows of the run, each chosen figure with its numbers as it is made, and in the end the record of the run."""
    run = run_id(scenario, options)

    def files() -> Iterator[tuple[str, bytes | str]]:
        yield f"rows-{run}.jsonl", _lines(rows)
        for name in chosen:
            from tradeoff.shared import drawing

            yield from drawing.files(sheet(name, scenario, options, rows), name=f"{name}-{run}")
        content = {**record(scenario, options, started), **({"figures_left_out": left_out} if left_out else {})}
        yield f"run-{run}.json", json.dumps(content, indent=2) + "\n"

    for name, content in files():
        storage.write_atomic(folder / name, content)
        yield folder / name


def _lines(rows: Sequence[Row]) -> str:
    return "".join(row.to_json() + "\n" for row in rows)


def record(scenario: Scenario, options: RunOptions, started: machine.Stopwatch) -> dict[str, object]:
    """Configuration, versions and machine of a run."""
    return {
        **describe(scenario, options),
        "versions": machine.versions("numpy", "scipy"),
        "machine": {**machine.describe(), "device": "cpu"},
        "started": started.started,
        "seconds": round(started.seconds, 3),
    }
