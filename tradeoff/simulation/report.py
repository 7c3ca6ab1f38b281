"""Rows -> text: the table of a run, its main row in words, and Theorem 2 put to the test."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence

from tradeoff.bounds import theorem_bounds
from tradeoff.model.law import CyclicGaussian
from tradeoff.shared.results import Interval
from tradeoff.simulation.options import ALSO
from tradeoff.simulation.rows import LEVEL, Row, Sampling
from tradeoff.simulation.theorem2_check import ATTACKS, IntervalTest

QUANTITIES = ("standard", "spatial", "adversarial", "joint")
AT_RADIUS = ("adversarial", "joint", "fooling", "label_blind")
Key = tuple[str, str, str, float | None]


class Answers:
    """The rows of a run by rule, quantity and radius, computed and sampled side by side."""

    def __init__(self, rows: Iterable[Row], radii: Iterable[float] | None = None) -> None:
        """Take what belongs to the table; ``radii`` leaves out answers at any other radius."""
        chosen = None if radii is None else {None, *radii}
        self.computed: dict[Key, Row] = {}
        self.sampled: dict[Key, Row] = {}
        found: set[str] = set()
        for row in rows:
            if (column := column_of(row)) and row.rule and (chosen is None or row.scaled_radius in chosen):
                table = self.sampled if row.method == "montecarlo" else self.computed
                table[row.rule, json.dumps(row.rule_params), column, row.scaled_radius] = row
                found.add(column)
        self.columns = [column for column in (*QUANTITIES, *ALSO) if column in found]
        self.rules = list(dict.fromkeys(key[:2] for key in self.computed))
        self.radii = sorted({key[3] for key in self.computed if key[3] is not None})

    def at(self, radius: float) -> list[tuple[str, str]]:
        """The rules that were tested at a radius."""
        return [rule for rule in self.rules if (*rule, "adversarial", radius) in self.computed]

    @staticmethod
    def key(rule: tuple[str, str], quantity: str, radius: float) -> Key:
        return (*rule, quantity, radius if quantity in AT_RADIUS else None)

    def misses(self) -> tuple[int, int]:
        """How many different Monte Carlo intervals miss their computed value, of how many. A bracket can't be missed.

        Answers that are one number (adversarial and joint accuracy of an invariant rule) are counted once.
        """
        pairs = {
            (round(self.computed[key].number, 12), row.ends): missed(self.computed[key], row)
            for key, row in self.sampled.items()
            if self.computed[key].method != "bound"
        }
        return sum(pairs.values()), len(pairs)


def column_of(row: Row) -> str | None:
    """The column of the table that a row belongs to, if it belongs to one."""
    if row.shift is not None:
        return None
    if row.given == {"attack": "label_blind"}:
        return "label_blind"
    return row.quantity if not row.given and row.quantity in (*QUANTITIES, *ALSO) else None


def missed(computed: Row, sampled: Row) -> bool:
    """Whether the interval of the sampled value leaves out the computed one (with its error, if it has one)."""
    (least, most), (low, high) = computed.ends, sampled.ends
    rounding = 1e-12  # a quantity that is certain, such as 1, meets the end of its interval
    return computed.method != "bound" and (most < low - rounding or least > high + rounding)


def main_table(answers: Answers, length: int) -> str:
    """One block for each radius; of each rule a line of computed values, and below it a line of sampled ones."""
    blocks = [
        (a, [(rule, [_cell(answers, answers.key(rule, q, a)) for q in answers.columns]) for rule in answers.at(a)])
        for a in answers.radii
    ]
    width = 1 + max(
        len(text) for _, lines in blocks for _, cells in lines for text in (*sum(cells, ()), *answers.columns)
    )
    first = 1 + max(len(rule_label(*rule, tested_at=a)) for a, lines in blocks for rule, _ in lines)
    made = []
    for radius, lines in blocks:
        made.append(f"a = {radius:g}, eps = a/sqrt({length}) = {radius / math.sqrt(length):.4g}")
        made.append(" " * first + "".join(f"{quantity:<{width}}" for quantity in answers.columns))
        for rule, cells in lines:
            computed, sampled = zip(*cells, strict=True)
            made.append(
                f"{rule_label(*rule, tested_at=radius):<{first}}" + "".join(f"{one:<{width}}" for one in computed)
            )
            if any(sampled):
                made.append(" " * first + "".join(f"{one:<{width}}" for one in sampled))
        made.append("")
    return "\n".join(line.rstrip() for line in made) + "\n"


def _cell(answers: Answers, key: Key) -> tuple[str, str]:
    """What was computed, and what was sampled, if it was."""
    computed, sampled = answers.computed[key], answers.sampled.get(key)
    text = f"{bound_mark(computed)}{computed.number:.4f}"
    if sampled is None:
        return text, ""
    half = max(sampled.ends[1] - sampled.number, sampled.number - sampled.ends[0])
    short = f"{half:.4f}".removeprefix("0")
    return text, f"{sampled.number:.4f}±{short}{'*' if missed(computed, sampled) else ''}"


def bound_mark(row: Row) -> str:
    """<= or >= before a value that the worst attack found reaches, where that need not be the worst; else nothing."""
    if row.method != "bound":
        return ""
    return "<=" if row.number == row.ends[1] else ">="


def rule_label(rule: str, params: str, tested_at: float | None = None) -> str:
    """The rule's name, with the radius it is built for if it is built for one."""
    given = json.loads(params)
    built_for = given.get("built_for")
    if built_for is None:
        elements = given.get("members", [given["shift"]] if "shift" in given else [])
        return f"{rule}:{','.join(map(str, elements))}" if elements else rule
    return f"{rule}, built for this a" if built_for == tested_at else f"{rule}, built for a = {built_for:g}"


def legend(answers: Answers, sampling: Sampling | None) -> str:
    """How to read a cell, and how often the intervals miss."""
    lines = []
    if any(row.method == "bound" for row in answers.computed.values()):
        lines.append("<= and >= mark what the worst attack found reaches; it is not proved to be the worst.")
    if sampling is None:
        return "\n".join(["Cells: closed form or quadrature. No Monte Carlo (trials = 0).", *lines])
    if sampling.level is None:
        how = (
            f"below it an estimate from about {sampling.trials} Sobol points, ± four standard errors of 16 scramblings"
        )
        return "\n".join([f"Cells: closed form or quadrature, {how}.", *lines])
    (k, n), level = answers.misses(), sampling.level
    stopped = "" if level == LEVEL else f" (each covers with at least {LEVEL:.0%}, whenever sampling stops)"
    interval = f"{100 * level:.6g} % interval{stopped}"
    what = {"orbit": "orbit statistics", "vectors": "full vectors"}[sampling.path]
    return "\n".join(
        [
            f"Cells: closed form or quadrature, below it Monte Carlo with the longer half of its {interval}.",
            *lines,
            f"{k} of {n} intervals miss their exact value (marked *; equal numbers counted once), about "
            f"{n * (1 - level):.1f} expected; all share the same {sampling.trials} draws of {what}, so misses come in "
            "groups.",
        ]
    )


def aloud(answers: Answers, *, signal: float) -> str:
    """The row of f* at the radius nearest to half the signal, and what augmentation does to it, as one sentence."""
    radius = main_radius(answers.radii, signal)
    first, other = answers.at(radius)[0], ("augmented", "{}")

    def row(rule: tuple[str, str], quantity: str) -> Row:
        return answers.computed[answers.key(rule, quantity, radius)]

    def percent(found: Row) -> str:
        return f"{'at most ' if found.method == 'bound' else ''}{found.number:.1%}"

    standard, spatial, adversarial = (row(first, quantity) for quantity in QUANTITIES[:3])
    text = (
        f"In words, at a = {radius:g}: the rule {rule_label(*first, tested_at=radius)} is right on {percent(standard)} "
        f"of the data as they are, on {percent(spatial)} after a random shift, and on {percent(adversarial)} under the "
        "worst attack"
    )
    if first == other or other not in answers.rules:
        return text + "."
    changes = [
        f"{change(after.number - before.number)} the {place} to {percent(after)}"
        for before, after, place in (
            (spatial, row(other, "spatial"), "second"),
            (adversarial, row(other, "adversarial"), "third"),
        )
    ]
    return f"{text}; augmenting with all shifts (augmented, g_K) {changes[0]} and {changes[1]}."


def main_radius(radii: Sequence[float], signal: float) -> float:
    """The radius that the sentence and the figure's plane show: the one nearest to half the signal."""
    return min(radii, key=lambda a: abs(a - signal / 2))


def change(difference: float) -> str:
    """raises, lowers, or leaves, at the precision of the sentence (0.1 points)."""
    return "leaves" if abs(difference) < 5e-4 else "raises" if difference > 0 else "lowers"


def theorem2_table(tests: Sequence[IntervalTest], *, sampled: bool, radius: float, eps: float) -> str:
    """The tests, one line each."""
    how = "sampled eta and Spat with their intervals" if sampled else "computed eta and Spat"
    labels = [rule_label(test.rule, json.dumps(test.rule_params)) for test in tests]
    first = 1 + max(map(len, labels), default=0)
    lines = [
        f"Theorem 2 tested at its own radius a = {radius:g}, eps = {eps:.4g} "
        f"({how}; a verdict allows for both errors).",
        "Below each rule and attack: the printed interval, then the corrected one.",
        f"{'rule':<{first}}{'attack':<13}{'eta':<17}Spat",
    ]
    for label, test in zip(labels, tests, strict=True):
        printed = f"[{test.printed.lower:.4f}, {test.printed.upper:.4f}] {test.printed_verdict}"
        corrected = (
            f"[{test.corrected.lower:.4f}, {test.corrected.upper:.4f}] {test.corrected_verdict}"
            if test.corrected
            else test.corrected_verdict
        )
        eta = f">={test.eta:.4f}" if test.eta_is_least else _with_half(test.eta, test.eta_range, sampled)
        spatial = _with_half(test.spatial, test.spatial_range, sampled)
        lines.append(f"{label:<{first}}{ATTACKS[test.attack]:<13}{eta:<17}{spatial}")
        lines.append(f"{'':<{first}}{printed:<29}{corrected}")
    if any(test.eta_is_least for test in tests):
        lines.append(">= marks an eta under the worst attack found, not proved to be the worst.")
    return "\n".join(lines)


def _with_half(value: float, interval: Interval, sampled: bool) -> str:
    return f"{value:.4f}±{max(interval.high - value, value - interval.low):.4f}" if sampled else f"{value:.4f}"


def possible(dist: CyclicGaussian) -> str:
    """Which eta can occur at all, and where the printed upper bound says something."""
    radius = 2 * dist.signal
    feasible, informative = (
        theorem_bounds.feasible_eta(dist, scaled_radius=radius),
        theorem_bounds.theorem2_informative(dist),
    )
    reason = "doing nothing is an attack, too" if dist.eps(radius) < 1 else "an eps of 1 or more can take x_0 away"
    text = (
        f"infeasible: no rule has such an eta against all attacks. Possible at a = {radius:g}: "
        f"eta from {feasible.low:.4f} to 1 (p = {dist.p:g}; {reason})."
    )
    if informative is None:
        return text + " For none of them is the printed upper bound below 1."
    end = min(informative.high, 1)
    return text + f" The printed upper bound is below 1 for eta from {informative.low:.4f} to {end:.4f}."
