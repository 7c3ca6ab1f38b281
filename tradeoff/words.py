"""``python -m tradeoff.words``: which words exist for a length and a step, with their distances and patterns.

Every family of `tradeoff.codes.FAMILIES` is tried; each word found is verified by its exact integer correlations. Only
the flags are read at import, so that --help answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradeoff.codes import FAMILIES, GROUPS
from tradeoff.codes.families import from_columns, parse_patterns
from tradeoff.shared import checks, cli, storage, streams
from tradeoff.shared.cli import INPUT, Command, Kind, fitted, one_of, option
from tradeoff.shared.names import shown
from tradeoff.simulation.options import DEFAULT_LENGTH, PATTERNS
from tradeoff.simulation.scenario import LENGTH, STEP, WORD

if TYPE_CHECKING:
    from tradeoff.codes.word import Word

PROGRAM = "python -m tradeoff.words"
DESCRIPTION = """\
Which words of a length have shifts that stay far apart?

Tries every family, verifies each word by exact integer correlations, and prints its smallest relative distance to
another of its shifts, its correlations and its pattern frequencies; draws each word with its autocorrelation. Exit code
1 if no word reaches the distance asked for."""
PAPERS = Fraction(3, 8)
"""The relative distance of Section 3."""
MOST_WRITTEN = 100_000
"""Signs of patterns and correlations that a JSON line may hold."""
MOST_SHOWN = 6
"""Patterns in the text."""


@dataclass(frozen=True)
class Options:
    """What to look for, and where to write it."""

    length: int | None = option(LENGTH, "length d of the words", group=INPUT, default=None, usual=str(DEFAULT_LENGTH))
    step: int | None = option(
        STEP, "coordinates moved by the smallest shift", group=INPUT, default=None, usual="a quarter of the length"
    )
    family: tuple[str, ...] | None = option(
        one_of(FAMILIES), "families to try", group=INPUT, many=True, default=None, usual="all"
    )
    word: str | None = option(WORD, "a word of your own, in place of the families", group=INPUT, default=None)
    patterns: str | None = option(PATTERNS, "columns of your own, in place of the families", group=INPUT, default=None)
    group: str = option(one_of(GROUPS), "what moves the coordinates", group=INPUT, default="cyclic")
    min_distance: Fraction = option(  # noqa: RUF009  (option is dataclasses.field)
        Kind(checks.share, "DELTA", "above 0, at most 1"),
        "smallest relative distance between the word and its other shifts; the paper's is 3/8",
        default=PAPERS,
    )
    seed: int = cli.seed_option("the search")
    out: str | None = cli.out_option("lines and figure", usual="runs/words-<id>; none with --json")
    json: bool = cli.json_option("words")
    no_figure: bool = cli.no_figure_option()
    quiet: bool = cli.quiet_option()

    def __post_init__(self) -> None:
        LENGTH("length", self.size)
        checks.at_least("seed", self.seed, 0, what="the number of a random stream")
        checks.known("group", self.group, GROUPS)
        for name in self.family or ():
            checks.known("family", name, FAMILIES)
        if self.word is not None and self.patterns is not None:
            raise checks.InputError("word and patterns exclude each other; give one of them")

    @property
    def size(self) -> int:
        """The length, its default resolved."""
        return DEFAULT_LENGTH if self.length is None else self.length


@dataclass(frozen=True)
class Found:
    """One family's answer: a verified word, or the reason why it has none."""

    family: str
    length: int
    step: int
    group: str
    word: str | None = None
    reason: str | None = None
    elements: int | None = None
    different_words: int | None = None
    relative_distance: str | None = None  # exact, as a fraction
    reaches: bool = False
    correlation_min: float | None = None
    correlation_max: float | None = None
    mean_correlation: float | None = None
    correlations: list[float] | None = None
    patterns: list[dict[str, Any]] | None = None

    def to_json(self) -> str:
        """One line of JSON, keys sorted."""
        return storage.json_line(asdict(self))


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, look, and return the exit code: 1 if nothing is found, 2 for input that cannot be used."""
    return cli.answered(PROGRAM, lambda: COMMAND(arguments), interrupted="; nothing was written")


def run(options: Options) -> int:
    """Look, print, write; 0 if a word reaches the distance, else 1."""
    asked, folder = plan(options), None
    if options.out is not None or not options.json:
        chosen = Path("runs", f"words-{_id(options)}") if options.out is None else options.out
        folder = storage.output_folder("out", chosen)
    found = look(asked, options)
    lines = [one.to_json() for one in found]
    with streams.beside_files() as say:
        say("\n".join(lines) if options.json else fitted(report(found, options)))
        written = [] if folder is None else write(found, lines, options, folder)
        if written and not options.json and not options.quiet:
            say(fitted("\nWritten: " + ", ".join(map(shown, written))))
    return 0 if any(one.reaches for one in found) else 1


def _id(options: Options) -> str:
    """Content hash of what is asked, without where and how loud the answer is written."""
    content = {**asdict(options), "min_distance": str(options.min_distance)}
    return storage.content_id(
        {key: content[key] for key in content if key not in ("out", "json", "no_figure", "quiet")}
    )


def plan(options: Options) -> list[tuple[str, str | None, int]]:
    """What is to be tried: a name, the word if it is given, and the step."""
    if options.word is None and options.patterns is None:
        step = _quarter(options.size) if options.step is None else checks.divisor(options.step, options.size)
        return [(name, None, step) for name in dict.fromkeys(options.family or FAMILIES)]
    if options.length is not None or options.family is not None:
        raise checks.InputError("a word or patterns of your own have their own length; leave --length and --family out")
    if options.patterns is not None:
        columns = parse_patterns(options.patterns)
        name, own, usual = "patterns", from_columns(columns), len(columns)
    else:
        name, own = "word", checks.word(options.word or "")
        usual = options.step or _quarter(len(own))
    LENGTH("length", len(own))
    return [(name, own, checks.divisor(usual if options.step is None else options.step, len(own)))]


def look(asked: Sequence[tuple[str, str | None, int]], options: Options) -> list[Found]:
    """A verified word or a reason for each."""
    return [
        _tried(name, step, options) if own is None else _verified(name, own, step, options) for name, own, step in asked
    ]


def _quarter(length: int) -> int:
    if length % 4:
        raise checks.InputError(f"length={length} is not divisible by 4; give --step, or a length such as 64")
    return length // 4


def _tried(name: str, step: int, options: Options) -> Found:
    extra = {"min_distance": options.min_distance, "seed": options.seed} if name == "search" else {}
    try:
        made = FAMILIES[name].build(options.size, step, **extra)
    except checks.InputError as refusal:
        return Found(name, options.size, step, options.group, reason=str(refusal))
    return _verified(name, made, step, options)


def _verified(name: str, letters: str, step: int, options: Options) -> Found:
    """A word with what its exact correlations say."""
    word = _word(letters, step, options.group)
    others = word.agreements[1:]
    distance = Fraction(int(word.length - others.max()), 2 * word.length) if others.size else None
    few = word.shifts <= MOST_WRITTEN
    return Found(
        family=name,
        length=word.length,
        step=step,
        group=options.group,
        word=letters,
        elements=word.shifts,
        different_words=word.different,
        relative_distance=None if distance is None else str(distance),
        reaches=distance is None or distance >= options.min_distance,
        correlation_min=float(word.correlations.min()),
        correlation_max=float(word.correlations[1:].max()) if others.size else None,
        mean_correlation=word.mean_correlation,
        correlations=word.correlations.tolist() if few else None,
        patterns=_patterns(word),
    )


def _word(letters: str, step: int, group: str) -> Word:
    from tradeoff.codes.word import Word

    return Word(letters, GROUPS[group](len(checks.word(letters)), step))


def _patterns(word: Word) -> list[dict[str, Any]] | None:
    """Each pattern, up to sign, with the number of coordinates that show it; nothing where that would be a book."""
    if word.shifts * word.length > MOST_WRITTEN:
        return None
    counts = (word.patterns.frequencies * word.length).round().astype(int).tolist()
    listed = [{"pattern": text, "count": count} for text, count in zip(word.patterns.texts, counts, strict=True)]
    return sorted(listed, key=lambda one: (-one["count"], one["pattern"]))


def report(found: Sequence[Found], options: Options) -> str:
    """A block for each word, a line for each family without one."""
    first = found[0]
    head = f"Words of length {first.length}, step {first.step}: relative distance at least {options.min_distance}"
    blocks = [head if options.group == "cyclic" else f"{head}, {options.group} group"]
    blocks += [_block(one) for one in found if one.word is not None]
    missing = [f"  {one.family}: {one.reason}" for one in found if one.word is None]
    if missing:
        blocks.append("\n".join(["None from:", *missing]))
    return "\n\n".join(blocks)


def _block(one: Found) -> str:
    assert one.word is not None
    if one.relative_distance is None:
        facts = "the group has no element but the identity"
    else:
        low, high = one.correlation_min, one.correlation_max
        facts = (
            f"relative distance {one.relative_distance} = {float(Fraction(one.relative_distance)):.4g}, "
            f"correlations {low:.4g} to {high:.4g}, mean with itself {one.mean_correlation:.4g}"
        )
        if one.different_words != one.elements:
            facts += f"; only {one.different_words} different words for {one.elements} elements"
    mark = "" if one.reaches else "  TOO CLOSE"
    lines = [f"{one.family}{mark}: {facts}", f"  word      {shown(one.word, 96)}"]
    if one.patterns is None:
        lines.append(f"  patterns  not listed: {one.elements} signs at each of {one.length} coordinates")
    else:
        listed = ", ".join(
            f"{shown(p['pattern'], 24)} {Fraction(p['count'], one.length)}" for p in one.patterns[:MOST_SHOWN]
        )
        more = len(one.patterns) - MOST_SHOWN
        lines.append(f"  patterns  {listed}" + (f", and {more} more" if more > 0 else ""))
    return "\n".join(lines)


def write(found: Sequence[Found], lines: Sequence[str], options: Options, folder: Path) -> list[Path]:
    """The lines, then (unless switched off) the figure of words and autocorrelations with its numbers."""
    written = [folder / "words.jsonl"]
    storage.write_atomic(written[0], "".join(line + "\n" for line in lines))
    made = [one for one in found if one.word is not None]
    if made and not (options.no_figure or options.json):
        from tradeoff.figures.word import compared
        from tradeoff.shared import drawing

        pairs = [(one.family, _word(one.word or "", one.step, options.group)) for one in made]
        for name, content in drawing.files(compared(pairs, most=float(1 - 2 * options.min_distance))):
            storage.write_atomic(folder / name, content)
            written.append(folder / name)
    return written


COMMAND = Command(PROGRAM, DESCRIPTION, (Options,), lambda given: run(Options(**given)))

if __name__ == "__main__":
    sys.exit(main())
