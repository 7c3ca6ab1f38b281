"""Rows -> text: the table of a run, its main row in words, and Theorem 2 put to the test."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence

from tradeoff.results import Interval
from tradeoff.rows import Row
from tradeoff.theorem2 import ATTACKS, Reading

QUANTITIES = ("standard", "spatial", "adversarial", "joint")
Key = tuple[str, str, str, float | None]


class Answers:
    """The rows of a run by rule, quantity and radius, computed and sampled side by side."""

    def __init__(self, rows: Iterable[Row], radii: Iterable[float] | None = None) -> None:
        """Take what belongs to the table; ``radii`` leaves out answers at any other radius."""
        chosen = None if radii is None else {None, *radii}
        self.computed: dict[Key, Row] = {}
        self.sampled: dict[Key, Row] = {}
        for row in rows:
            if (
                row.quantity in QUANTITIES
                and row.rule
                and not row.given
                and (chosen is None or row.scaled_radius in chosen)
            ):
                table = self.sampled if row.method == "montecarlo" else self.computed
                table[row.rule, json.dumps(row.rule_params), row.quantity, row.scaled_radius] = row
        self.rules = list(dict.fromkeys(key[:2] for key in self.computed))
        self.radii = sorted({key[3] for key in self.computed if key[3] is not None})

    def at(self, radius: float) -> list[tuple[str, str]]:
        """The rules that were tested at a radius."""
        return [rule for rule in self.rules if (*rule, "adversarial", radius) in self.computed]

    @staticmethod
    def key(rule: tuple[str, str], quantity: str, radius: float) -> Key:
        return (*rule, quantity, radius if quantity in ("adversarial", "joint") else None)

    def misses(self) -> tuple[int, int]:
        """How many Monte Carlo intervals miss their computed value, of how many. A bracket can't be missed."""
        pairs = [(self.computed[key], row) for key, row in self.sampled.items() if self.computed[key].method != "bound"]
        return sum(missed(computed, row) for computed, row in pairs), len(pairs)


def missed(computed: Row, sampled: Row) -> bool:
    """Whether the interval of the sampled value leaves out the computed one (with its error, if it has one)."""
    (least, most), (low, high) = computed.ends, sampled.ends
    rounding = 1e-12  # a quantity that is certain, such as 1, meets the end of its interval
    return computed.method != "bound" and (most < low - rounding or least > high + rounding)


def main_table(answers: Answers, length: int) -> str:
    """One block for each radius, one line for each rule, computed values beside sampled ones."""
    lines = []
    width = 22 if answers.sampled else 13
    for radius in answers.radii:
        head = f"a = {radius:g}, eps = a/sqrt({length}) = {radius / math.sqrt(length):.4g}"
        lines.append(f"{head:<36}" + "".join(f"{quantity:<{width}}" for quantity in QUANTITIES))
        for rule in answers.at(radius):
            cells = (_cell(answers, answers.key(rule, quantity, radius)) for quantity in QUANTITIES)
            lines.append(
                f"  {rule_label(*rule, tested_at=radius):<34}" + "".join(f"{cell:<{width}}" for cell in cells).rstrip()
            )
        lines.append("")
    return "\n".join(line.rstrip() for line in lines)


def _cell(answers: Answers, key: Key) -> str:
    computed, sampled = answers.computed[key], answers.sampled.get(key)
    text = f"{'<=' if computed.method == 'bound' else ''}{computed.number:.4f}"
    if sampled is None:
        return text
    half = max(sampled.ends[1] - sampled.number, sampled.number - sampled.ends[0])
    return f"{text} {sampled.number:.4f}±{half:.4f}{'*' if missed(computed, sampled) else ''}"


def rule_label(rule: str, params: str, tested_at: float | None = None) -> str:
    """The rule's name, with the radius it is built for if it is built for one."""
    built_for = json.loads(params).get("built_for")
    if built_for is None:
        return rule
    return f"{rule}, built for this a" if built_for == tested_at else f"{rule}, built for a = {built_for:g}"


def legend(answers: Answers, trials: int) -> str:
    """How to read a cell, and how often the intervals miss."""
    if not trials:
        return "Cells: closed form or quadrature. No Monte Carlo (trials = 0)."
    bounded = any(row.method == "bound" for row in answers.computed.values())
    k, n = answers.misses()
    return (
        "Cells: closed form or quadrature, then Monte Carlo with the longer half of its 99 % interval.\n"
        + ("<= marks an upper bound: the worst attack found, not proved to be the worst.\n" if bounded else "")
        + f"{k} of {n} intervals miss their exact value (marked *), about {n / 100:.1f} expected; "
        f"all rows share the same {trials} draws, so misses come in groups."
    )


def aloud(answers: Answers, *, signal: float) -> str:
    """The row of f* at the radius nearest to half the signal, and what augmentation does to it, as one sentence."""
    radius = main_radius(answers.radii, signal)
    first = answers.at(radius)[0]
    standard, spatial, adversarial = (_value(answers, first, quantity, radius) for quantity in QUANTITIES[:3])
    text = (
        f"In words, at a = {radius:g}: the rule {first[0]} is right on {standard:.1%} of the data as they are, "
        f"on {spatial:.1%} after a random shift, and on {adversarial:.1%} under the worst attack"
    )
    other = ("augmented", "{}")
    if first == other or other not in answers.rules:
        return text + "."
    changes = [
        f"{change(after - before)} the {place} to {after:.1%}"
        for quantity, before, place in (("spatial", spatial, "second"), ("adversarial", adversarial, "third"))
        for after in [_value(answers, other, quantity, radius)]
    ]
    return f"{text}; augmenting with all shifts (augmented, g_K) {changes[0]} and {changes[1]}."


def main_radius(radii: Sequence[float], signal: float) -> float:
    """The radius that the sentence and the figure's plane show: the one nearest to half the signal."""
    return min(radii, key=lambda a: abs(a - signal / 2))


def change(difference: float) -> str:
    """raises, lowers, or leaves, at the precision of the sentence (0.1 points)."""
    return "leaves" if abs(difference) < 5e-4 else "raises" if difference > 0 else "lowers"


def _value(answers: Answers, rule: tuple[str, str], quantity: str, radius: float) -> float:
    return answers.computed[answers.key(rule, quantity, radius)].number


def theorem2_table(readings: Sequence[Reading], *, sampled: bool, radius: float, eps: float) -> str:
    """The readings, one line each."""
    how = "sampled" if sampled else "exact"
    lines = [
        f"Theorem 2 tested at its own radius a = {radius:g}, eps = {eps:.4g} ({how} eta and Spat).",
        f"{'rule':<30}{'attack':<13}{'eta':<9}{'printed interval':<29}{'corrected interval':<29}Spat",
    ]
    for reading in readings:
        printed = f"[{reading.printed.lower:.4f}, {reading.printed.upper:.4f}] {reading.printed_verdict}"
        corrected = (
            f"[{reading.corrected.lower:.4f}, {reading.corrected.upper:.4f}] {reading.corrected_verdict}"
            if reading.corrected
            else reading.corrected_verdict
        )
        name = rule_label(reading.rule, json.dumps(reading.rule_params))
        lines.append(
            f"{name:<30}{ATTACKS[reading.attack]:<13}{reading.eta:<9.4f}{printed:<29}{corrected:<29}{reading.spatial:.4f}"
        )
    return "\n".join(lines)


def possible(feasible: Interval, informative: Interval | None, *, radius: float, p: float) -> str:
    """Which eta can occur at all, and where the printed upper bound says something."""
    text = (
        f"infeasible: no rule has such an eta against all attacks. Possible at a = {radius:g}: "
        f"eta from {feasible.low:.4f} to 1 (p = {p:g}; doing nothing is an attack, too)."
    )
    if informative is None:
        return text + " For none of them is the printed upper bound below 1."
    return (
        text
        + f" The printed upper bound is below 1 for eta from {informative.low:.4f} to {min(informative.high, 1):.4f}."
    )
