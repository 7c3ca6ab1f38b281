"""How a scenario is run (`RunOptions`), and how the two are put together. No NumPy: --help is quick."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tradeoff.codes import FAMILIES, families
from tradeoff.figures import FIGURES
from tradeoff.model import RULES
from tradeoff.sampled import AUTO, PATHS
from tradeoff.shared import checks, storage
from tradeoff.shared.cli import option, place, switch, text
from tradeoff.shared.names import quoted, shown
from tradeoff.simulation.scenario import Scenario

DEFAULT_RULES = ("bayes", "sign_x0", "orbit_average", "augmented", "robust")

MAIN_FIGURE, ALL_FIGURES = "tradeoff", "all"

ALSO = ("invariance", "fooling", "label_blind")
"""Columns that a run can have beside standard, spatial, adversarial and joint accuracy."""

MOST_COORDINATES, MOST_TRIALS = 1 << 20, 10**12
"""Above them a run would outlast patience or memory; it is refused in advance."""

DEFAULT_FAMILY, DEFAULT_LENGTH, DEFAULT_TRIALS = "golay_quarter", 64, 50_000


@dataclass(frozen=True)
class RunOptions:
    """Everything that does not change what the scenario is."""

    family: str | None = option(
        text, f"named family of words: {', '.join(FAMILIES)} (default: {DEFAULT_FAMILY})", metavar="NAME", default=None
    )
    image: int | None = option(
        checks.integer,
        "side n of a square image (odd): a word of length n^2 - 1 with quarter turns of correlation 1/4; in place of "
        "--word or --family",
        metavar="N",
        default=None,
    )
    length: int | None = option(
        checks.integer, f"length d of the word (default: {DEFAULT_LENGTH})", metavar="D", default=None
    )
    patterns: str | None = option(
        text,
        "columns of the word, each a pattern of K signs and how often it occurs, like +++-:12,++++:4; in place of "
        "--word or --family",
        metavar="PATTERN:COUNT,...",
        default=None,
    )
    scaled_radius: tuple[float, ...] = option(
        checks.radius,
        "scaled radii a = eps * sqrt(d) of the attack (default: 0 0.5 1 1.5 2 3 4)",
        metavar="A",
        many=True,
        default=(0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0),
    )
    rules: tuple[str, ...] = option(
        text,
        f"rules to test: {', '.join(RULES)}; bayes:J is f*_J, augmented:J,J,... augments with these elements of "
        f"the group alone (default: {' '.join(DEFAULT_RULES)})",
        metavar="RULE",
        many=True,
        default=DEFAULT_RULES,
    )
    also: tuple[str, ...] = option(
        text,
        f"further columns: {', '.join(ALSO)} (the attack that does not see the label)",
        metavar="COLUMN",
        many=True,
        default=(),
    )
    figures: tuple[str, ...] = option(
        text,
        f"figures to draw: {MAIN_FIGURE} (the default: this table as a picture), {', '.join(FIGURES)}, or "
        f"{ALL_FIGURES} (all that the law allows)",
        metavar="NAME",
        many=True,
        default=(MAIN_FIGURE,),
    )
    directions: bool = option(
        switch, "say as well where the paper's two monotone claims hold for this law", default=False
    )
    trials: int | None = option(
        checks.integer,
        f"samples for each Monte Carlo value (default: {DEFAULT_TRIALS}; 0 for none, the default with --json)",
        metavar="N",
        default=None,
    )
    until_halfwidth: float | None = option(
        checks.real,
        "in place of --trials: sample until every interval is at most this long to either side, by a rule that keeps "
        "a coverage of 99 %",
        metavar="H",
        default=None,
    )
    path: str = option(
        text,
        "how to sample: auto (orbit where all rules allow it), orbit (statistics of the orbit; the cost does not "
        "depend on the length), vectors (full vectors, actual moves and attacks), smooth (x_0 and one direction "
        "integrated out, Sobol points on the rest: an estimate, no counts)",
        metavar="PATH",
        default=AUTO,
    )
    workers: int | None = option(
        checks.integer, "processes that sample (default: more than one where it pays)", metavar="N", default=None
    )
    seed: int = option(checks.integer, "seed of the Monte Carlo generator (default: 0)", metavar="N", default=0)
    out: str | None = option(
        place, "folder for rows and figure (default: runs/<scenario id>; none with --json)", metavar="DIR", default=None
    )
    json: bool = option(switch, "write the rows to standard output as JSON lines, and nothing else", default=False)
    no_figure: bool = option(switch, "write the rows but no figure", default=False)
    quiet: bool = option(switch, "no table, no progress bar", default=False)

    def __post_init__(self) -> None:
        for radius in self.scaled_radius:
            checks.radius("scaled_radius", radius)
        for rule in self.rules:
            parse_rule(rule)
        for column in self.also:
            checks.known("also", column, ALSO)
        for figure in self.figures:
            checks.known("figures", figure, (MAIN_FIGURE, *FIGURES, ALL_FIGURES))
        if self.json and (self.directions or self.chosen_figures != (MAIN_FIGURE,)):
            raise checks.InputError(
                "json writes rows and nothing else; leave --json out, or --figures and --directions"
            )
        if self.quiet and self.directions:
            raise checks.InputError("directions are said in words and quiet says none; leave one of them out")
        if self.family is not None:
            checks.known("family", self.family, FAMILIES)
        checks.at_least("trials", self.samples, 0, what="a number of samples")
        if self.samples > MOST_TRIALS:
            days = shown(-(-self.samples // (86400 * 10**7)))
            raise checks.InputError(
                f"trials={shown(self.samples)} would take {days} days and more, at ten million samples a second for "
                f"each question at best; use at most {MOST_TRIALS}, or path=smooth for more digits"
            )
        if self.until_halfwidth is not None:
            if self.trials is not None:
                raise checks.InputError("trials and until_halfwidth exclude each other; give one of them")
            if self.path == "smooth":
                raise checks.InputError(
                    "path='smooth' counts nothing and has no intervals; leave --until-halfwidth out"
                )
            if not 0 < self.until_halfwidth < 0.5:
                raise checks.InputError(
                    f"until_halfwidth={self.until_halfwidth:g} is not allowed: it must lie strictly between 0 and 0.5; "
                    "try 0.001"
                )
        checks.known("path", self.path, (AUTO, *PATHS))
        if self.workers is not None:
            checks.processes("workers", self.workers)
        checks.at_least("seed", self.seed, 0, what="the seed of a random generator")

    @property
    def samples(self) -> int:
        """The number of trials, its default resolved."""
        if self.trials is None:
            return 0 if self.json and self.until_halfwidth is None else DEFAULT_TRIALS
        return self.trials

    @property
    def radii(self) -> tuple[float, ...]:
        """The scaled radii in ascending order, each once."""
        return tuple(sorted(set(map(float, self.scaled_radius))))

    @property
    def chosen_rules(self) -> tuple[str, ...]:
        """The rules, each once."""
        return tuple(dict.fromkeys(self.rules))

    @property
    def chosen_figures(self) -> tuple[str, ...]:
        """The figures, each once; `all` stands for every name."""
        if ALL_FIGURES in self.figures:
            return (MAIN_FIGURE, *FIGURES)
        return tuple(dict.fromkeys(self.figures))

    @property
    def content(self) -> dict[str, Any]:
        """The options that change what the files say."""
        radii, rules = list(self.radii), list(self.chosen_rules)
        content = {
            "scaled_radius": radii,
            "rules": rules,
            "trials": self.samples,
            "seed": self.seed,
            "also": sorted(set(self.also)),
            "path": self.path,
            "until_halfwidth": self.until_halfwidth,
            "figures": list(self.chosen_figures),
        }
        later = {"also": [], "path": AUTO, "until_halfwidth": None, "figures": [MAIN_FIGURE]}
        return storage.identifying(content, later)

    def folder(self, scenario: Scenario) -> Path | None:
        """Where files go, or None for none."""
        if self.out is None and self.json:
            return None
        return Path("runs", scenario.id) if self.out is None else Path(self.out)


def parse_rule(spec: str) -> tuple[str, tuple[int, ...]]:
    """A rule's name and the elements of the group that it is asked for.

    >>> parse_rule("augmented:-1,0,1")
    ('augmented', (-1, 0, 1))
    """
    name, colon, numbers = spec.partition(":")
    checks.known("rules", name, RULES)
    if not colon:
        return name, ()
    if not RULES[name].elements:
        able = ", ".join(rule for rule, entry in RULES.items() if entry.elements)
        raise checks.InputError(
            f"rules={quoted(spec)} is not understood: {name} is for the whole group; only {able} take "
            "elements, like augmented:0,1"
        )
    elements = tuple(checks.integer("rules", number) for number in numbers.split(","))
    if RULES[name].elements == "shift" and len(elements) > 1:
        raise checks.InputError(
            f"rules={quoted(spec)} names {len(elements)} elements, and {name} takes one; write {name}:1"
        )
    return name, elements


def resolve(given: dict[str, Any], options: RunOptions) -> Scenario:
    """The scenario of the given flags: a word, or a family with its length; the step defaults to a quarter turn.

    >>> resolve({"p": 0.6}, RunOptions(length=256)).step
    64
    """
    given = dict(given)
    name, columns = _source(given, options)
    word = given.get("word")
    length = len(checks.word(word)) if word is not None else options.length
    length = DEFAULT_LENGTH if length is None else length
    if options.length not in (None, length):
        raise checks.InputError(
            f"length={options.length} contradicts the {name}, which has {length} letters; leave --length away"
        )
    checks.at_least("length", length, 1, what="the number of coordinates beside x_0")
    checks.at_most("length", length, MOST_COORDINATES)
    if "step" not in given:
        if columns is None and length % 4:
            raise checks.InputError(f"length={length} is not divisible by 4; give --step, or a length such as 64")
        given["step"] = length // 4 if columns is None else columns
    if name == "patterns" and given["step"] != columns:
        raise checks.InputError(
            f"step={given['step']} contradicts the patterns, of which there are {columns}; leave --step away"
        )
    if word is None:
        given["word"] = FAMILIES[options.family or DEFAULT_FAMILY].build(length, given["step"])
    return Scenario(**given)


def _source(given: dict[str, Any], options: RunOptions) -> tuple[str | None, int | None]:
    """Which option names the word, and how many columns it has; the word of patterns or of an image goes into given."""
    sources = {
        "word": given.get("word"),
        "family": options.family,
        "patterns": options.patterns,
        "image": options.image,
    }
    named = [name for name, source in sources.items() if source is not None]
    if len(named) > 1:
        raise checks.InputError(f"{' and '.join(named)} exclude each other; give one of them")
    if options.patterns is not None:
        columns = families.parse_patterns(options.patterns)
        given["word"] = families.from_columns(columns)
        return "patterns", len(columns)
    if options.image is not None:
        from tradeoff.codes import pixels  # needs NumPy

        given["word"] = pixels.word(options.image)
    return (named[0] if named else None), None


def run_id(scenario: Scenario, options: RunOptions) -> str:
    """Hash of the scenario and of all options that change what the files say: part of every file name.

    So no run overwrites another, wherever it writes.
    """
    return storage.content_id({"scenario": scenario.content, "options": options.content})


def describe(scenario: Scenario, options: RunOptions) -> dict[str, Any]:
    """The whole configuration as JSON: what a record of the run holds."""
    return {
        "scenario": {"id": scenario.id, **scenario.content},
        "options": {**asdict(options), "trials": options.samples},
        "run": run_id(scenario, options),
    }
