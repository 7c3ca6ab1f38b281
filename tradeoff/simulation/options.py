"""How a scenario is run (`RunOptions`), and how the two are put together. No NumPy: --help is quick."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tradeoff.codes import FAMILIES, families
from tradeoff.figures import FIGURES
from tradeoff.model import RULES
from tradeoff.sampled import AUTO, PATHS
from tradeoff.shared import checks, cli, storage
from tradeoff.shared.cli import INPUT, OUTPUT, Kind, kinds, one_of, option, switch, whole
from tradeoff.shared.names import quoted, shown
from tradeoff.simulation.scenario import LENGTH, Scenario

DEFAULT_RULES = ("bayes", "sign_x0", "orbit_average", "augmented", "robust")

MAIN_FIGURE, ALL_FIGURES = "tradeoff", "all"

ALSO = ("invariance", "fooling", "label_blind")
"""Columns that a run can have beside standard, spatial, adversarial and joint accuracy."""

MOST_TRIALS = 10**12
"""More samples would outlast patience; they are refused in advance."""

DEFAULT_FAMILY, DEFAULT_LENGTH, DEFAULT_TRIALS = "golay_quarter", 64, 50_000


def _rule(name: str, value: object) -> str:
    spec = str(kinds.text(name, value))
    parse_rule(spec)
    return spec


def _halfwidth(name: str, value: object) -> float:
    halfwidth = checks.real(name, value)
    if not 0 < halfwidth < 0.5:
        raise checks.InputError(
            f"{name}={shown(value)} is not allowed: it must lie strictly between 0 and 0.5; try 0.001"
        )
    return halfwidth


def _patterns(name: str, value: object) -> str:
    columns = str(kinds.written(name, value))
    families.parse_patterns(columns)
    return columns


PATTERNS = Kind(_patterns, "PATTERN:COUNT,...", "like +++-:12,++++:4")
RULE = Kind(_rule, "RULE", f"of {', '.join(RULES)}", parts=kinds.at_names)


@dataclass(frozen=True)
class RunOptions:
    """Everything that does not change what the scenario is."""

    family: str | None = option(
        one_of(FAMILIES), "named family of words", group=INPUT, default=None, usual=DEFAULT_FAMILY
    )
    image: int | None = option(
        whole(1, what="the side of an image"),
        "side n of a square image (odd): a word of length n^2 - 1 with quarter turns of correlation 1/4; in place of "
        "--word or --family",
        group=INPUT,
        default=None,
    )
    length: int | None = option(LENGTH, "length d of the word", group=INPUT, default=None, usual=str(DEFAULT_LENGTH))
    patterns: str | None = option(
        PATTERNS,
        "columns of the word, each a pattern of K signs and how often it occurs; in place of --word or --family",
        group=INPUT,
        default=None,
    )
    scaled_radius: tuple[float, ...] = option(
        kinds.scaled_radius,
        "scaled radii a of the attack",
        many=True,
        default=(0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0),
    )
    rules: tuple[str, ...] = option(
        RULE,
        "rules to test; bayes:J is f*_J, augmented:J,J,... augments with these elements of the group alone",
        many=True,
        default=DEFAULT_RULES,
    )
    also: tuple[str, ...] = option(
        one_of(ALSO),
        "further columns (label_blind: the attack that does not see the label)",
        many=True,
        default=(),
        usual="none",
    )
    trials: int | None = option(
        whole(0, 10**400, what="a number of samples"),
        "samples for each Monte Carlo value",
        default=None,
        usual=f"{DEFAULT_TRIALS}; with --json 0, which is none",
    )
    until_halfwidth: float | None = option(
        Kind(_halfwidth, "H", "above 0, below 0.5"),
        "in place of --trials: sample until every interval is at most this long to either side, by a rule that keeps "
        "a coverage of 99 %",
        default=None,
    )
    path: str = option(
        one_of((AUTO, *PATHS)),
        "how to sample: orbit where all rules allow it (auto), statistics of the orbit, whose cost does not depend on "
        "the length (orbit), full vectors, actual moves and attacks (vectors), or x_0 and one direction integrated "
        "out, Sobol points on the rest: an estimate, no counts (smooth)",
        default=AUTO,
    )
    workers: int | None = cli.workers_option("sample", None, usual="more than one where it pays")
    seed: int = cli.seed_option("the Monte Carlo generator")
    figures: tuple[str, ...] = option(
        one_of((MAIN_FIGURE, *FIGURES, ALL_FIGURES)),
        f"figures to draw; {MAIN_FIGURE} is this table as a picture, {ALL_FIGURES} is all that the law allows",
        many=True,
        group=OUTPUT,
        default=(MAIN_FIGURE,),
    )
    directions: bool = option(
        switch, "say as well where the paper's two monotone claims hold for this law", group=OUTPUT, default=False
    )
    out: str | None = cli.out_option("rows and figures", usual="runs/<scenario id>; none with --json")
    json: bool = cli.json_option("rows")
    no_figure: bool = cli.no_figure_option()
    quiet: bool = cli.quiet_option()

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
            _halfwidth("until_halfwidth", self.until_halfwidth)
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
    LENGTH("length", length)
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
