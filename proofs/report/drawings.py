"""Small drawings for the audit page: a counterexample as inline SVG. Every number drawn is computed here or given."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

import numpy as np
from sympy.core.relational import Relational

from proofs.checking.check import put_in
from proofs.checking.claim import Finding
from proofs.checking.evaluate import NoValueError, ball
from proofs.language.formulas import LOWER, PRINTED_LOWER, PRINTED_UPPER, UPPER
from proofs.language.notation import eta, p, share
from proofs.language.statements import Statement, ratio, show
from tradeoff.codes import groups
from tradeoff.shared.palette import BLACK, BROWN, COLOURS, GREY, MINUS, NAVY, PALE, PLUS, SHADE, TEXT, VIOLET

WIDTH, CELL = 480, 18
FIRST, SECOND, THIRD = COLOURS[0], COLOURS[2], COLOURS[5]
"""Of what has no role: dark enough for a text in the same colour."""


def picture(finding: Finding) -> str:
    """The drawing of a claim, empty if it has none and no counterexample in numbers."""
    name, *arguments = finding.claim.picture or ("sides",)
    if name != "sides":
        return DRAWINGS[str(name)](*arguments)
    numbers = [pair for step in finding.steps if (pair := two_numbers(step.statement)) is not None]
    rows = [bar for pair in numbers for bar in pair]
    if arguments:
        rows = [(str(label), value) for label, (_, value) in zip(arguments, rows, strict=True)]
    return bars(rows) if rows else ""


def two_numbers(statement: Statement) -> list[tuple[str, float]] | None:
    """The two sides of a counterexample in numbers, with what they are."""
    if statement.role != "counterexample" or statement.checker not in ("arb", "exact"):
        return None
    if not isinstance(statement.relation, Relational):
        return None
    closed = put_in(statement.relation, statement.given)
    try:
        values = [float(ball(side).mid()) for side in closed.args]
    except NoValueError:
        return None
    return [(_short(show(side)), value) for side, value in zip(statement.relation.args, values, strict=True)]


def bars(rows: Sequence[tuple[str, float]]) -> str:
    """One bar for each number, from 0, with its value."""
    low, high = min(0.0, *(value for _, value in rows)), max(0.0, *(value for _, value in rows))
    scale, left = 190 / ((high - low) or 1.0), 170
    parts = []
    for place, (label, value) in enumerate(rows):
        y, start = 8 + 24 * place, left + (min(value, 0) - low) * scale
        parts.append(_text(left - 8, y + 12, label, anchor="end"))
        parts.append(_box(start, y, max(abs(value) * scale, 1), 16, FIRST if place % 2 == 0 else SECOND))
        parts.append(_text(left + (max(value, 0) - low) * scale + 5, y + 12, f"{value:.4g}"))
    parts.append(_line(left - low * scale, 2, left - low * scale, 8 + 24 * len(rows), GREY))
    return _svg(parts, 14 + 24 * len(rows), "bars: " + ", ".join(f"{label} {value:.4g}" for label, value in rows))


def normals(curves: Sequence[tuple[object, ...]], shaded: tuple[float, float], caption: str) -> str:
    """Normal densities, each with a label, a mean and perhaps a deviation; an interval shaded."""
    laws = [(str(label), float(str(mean)), float(str(rest[0])) if rest else 1.0) for label, mean, *rest in curves]
    low = min(mean - 3.2 * width for _, mean, width in laws)
    high = max(mean + 3.2 * width for _, mean, width in laws)
    peak = max(1 / width for _, _, width in laws)

    def at(x: float) -> float:
        return 10 + (x - low) / (high - low) * (WIDTH - 20)

    a, b = max(shaded[0], low), min(shaded[1], high)
    parts = [_box(at(a), 18, at(b) - at(a), 112, PALE), _text(at((a + b) / 2), 12, caption, anchor="middle")]
    for colour, (label, mean, width) in zip((FIRST, SECOND, THIRD), laws, strict=False):
        points = []
        for step in range(121):
            x = low + (high - low) * step / 120
            points.append(f"{at(x):.1f},{130 - 95 / width / peak * math.exp(-(((x - mean) / width) ** 2) / 2):.1f}")
        parts.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(_text(at(mean), 130 - 95 / width / peak - 3, label, anchor="middle", colour=colour))
    parts += [_line(10, 130, WIDTH - 10, 130, GREY), _line(at(0), 126, at(0), 134, GREY)]
    parts.append(_text(at(0), 146, "0", anchor="middle"))
    return _svg(parts, 150, f"normal densities: {', '.join(label for label, _, _ in laws)}; shaded: {caption}")


def word_shifts(word: str, step: int) -> str:
    """A word over its shifts by multiples of ``step``: agreeing places framed, |S| beside each."""
    letters = [1 if letter == "+" else -1 for letter in word]
    parts, count = [], len(word) // step
    for j in range(min(count, 4)):
        row = groups.shift(np.array(letters), step, j).tolist()
        y = 6 + j * (CELL + 8)
        parts.append(_text(4, y + 13, "c" if j == 0 else f"r_{j}(c)"))
        for place, letter in enumerate(row):
            x = 52 + place * CELL
            parts.append(_box(x, y, CELL - 2, CELL - 2, PLUS if letter > 0 else MINUS))
            parts.append(
                _text(
                    x + CELL / 2 - 1,
                    y + 12,
                    "+" if letter > 0 else "-",
                    anchor="middle",
                    colour=TEXT if letter > 0 else "#fff",
                )
            )
            if j and letter == letters[place]:
                parts.append(_line(x, y + CELL, x + CELL - 2, y + CELL, SECOND, 2.5))
        agree = sum(a == b for a, b in zip(row, letters, strict=True))
        if j:
            parts.append(_text(60 + len(word) * CELL, y + 13, f"|S_{j}| = {agree} of {len(word)}"))
    height = 10 + min(count, 4) * (CELL + 8)
    return _svg(parts, height, f"the word {word} and its shifts by {step}", width=max(WIDTH, 170 + len(word) * CELL))


def feasible() -> str:
    """For several p the eta that some rule has, and among them those where the printed upper bound is below 1."""
    parts, left, size = (
        [
            _text(
                WIDTH / 2,
                12,
                "eta that some rule has (grey), and where the printed bound is below 1 (brown)",
                anchor="middle",
            )
        ],
        60,
        330,
    )
    for place, text in enumerate(("0.5", "0.6", "0.7", "0.8", "0.9")):
        y, chance = 22 + 22 * place, float(text)
        least, informative = 1 - chance, min(1.0, (1 - chance) / chance)
        parts.append(_text(left - 6, y + 11, f"p = {text}", anchor="end"))
        parts.append(_box(left, y, size * least, 14, "none", stroke=BLACK))
        parts.append(_box(left + size * least, y, size * (1 - least), 14, SHADE))
        parts.append(_box(left + size * least, y, size * (informative - least), 14, BROWN))
        if size * least > 60:
            parts.append(_text(left + size * least / 2, y + 11, "no rule", anchor="middle", colour=BLACK))
    parts += [_text(left, 146, "0", anchor="middle"), _text(left + size, 146, "eta = 1", anchor="middle")]
    return _svg(parts, 150, "possible eta for p from 0.5 to 0.9: from 1 - p to 1")


def interval() -> str:
    """The printed and the corrected interval at p = 0.7, two shifts, for every possible eta."""
    left, size, base = 50, 300, 150
    parts = [
        _text(
            WIDTH / 2,
            12,
            "p = 0.7, m = d/2: spatial accuracy, printed (dashed) and corrected (filled)",
            anchor="middle",
        )
    ]
    for lower, upper, colour, look in (
        (PRINTED_LOWER, PRINTED_UPPER, BROWN, 'fill-opacity="0" stroke-width="2" stroke-dasharray="6 4"'),
        (LOWER, UPPER, VIOLET, 'fill-opacity="0.3"'),
    ):
        edges: list[list[tuple[float, float]]] = [[], []]
        for step in range(31):
            error = ratio("0.3") + ratio("0.7") * step / 30
            point = {p: ratio("0.7"), share: ratio("0.5"), eta: error}
            for edge, bound in zip(edges, (lower, upper), strict=True):
                edge.append((left + size * float(error), base - 120 * min(1.0, float(bound.subs(point)))))
        outline = " ".join(f"{x:.1f},{y:.1f}" for x, y in [*edges[0], *reversed(edges[1])])
        parts.append(f'<polygon points="{outline}" fill="{colour}" {look} stroke="{colour}"/>')
    parts += [_line(left, base, left + size, base, GREY), _line(left, base, left, base - 125, GREY)]
    for x, label in ((0.0, "0"), (0.3, "1 - p"), (1.0, "eta = 1")):
        parts.append(_text(left + size * x, base + 14, label, anchor="middle"))
    parts += [_text(left - 5, base - 116, "1", anchor="end"), _text(left - 5, base, "0", anchor="end")]
    return _svg(parts, base + 20, "the corrected interval lies inside the printed one")


def plane(points: Sequence[tuple[str, float, float]]) -> str:
    """Rules as points: the first accuracy to the right, the second upwards."""
    left, base, size = 60, 150, 130
    parts = [
        _box(left, base - size, size, size, "none", stroke=GREY),
        _text(left + size / 2, base + 14, "under attack", anchor="middle"),
    ]
    parts.append(_text(left - 6, base - size / 2, "moved", anchor="end"))
    for colour, (label, x, y) in zip((FIRST, SECOND), points, strict=False):
        parts.append(f'<circle cx="{left + size * x:.1f}" cy="{base - size * y:.1f}" r="5" fill="{colour}"/>')
        parts.append(_text(left + size * x + 9, base - size * y + 4, f"{label}: ({x:g}, {y:g})", colour=colour))
    return _svg(parts, base + 20, "; ".join(f"{label} at ({x:g}, {y:g})" for label, x, y in points))


def turns() -> str:
    """The turns of three steps, as clock hands."""
    parts = []
    for place, (label, count) in enumerate((("m = d: 1 turn", 1), ("m = d/2: 2 turns", 2), ("m = d/4: 4 turns", 4))):
        x, y = 70 + 140 * place, 60
        parts.append(f'<circle cx="{x}" cy="{y}" r="42" fill="none" stroke="{GREY}"/>')
        for j in range(count):
            angle = 2 * math.pi * j / count
            parts.append(_line(x, y, x + 42 * math.sin(angle), y - 42 * math.cos(angle), NAVY, 3))
        parts.append(_text(x, 122, label, anchor="middle"))
    return _svg(parts, 130, "a smaller step m has more turns")


def kernels(tables: Sequence[tuple[str, Sequence[Sequence[object]]]]) -> str:
    """Tables of numbers side by side."""
    parts = []
    for place, (label, table) in enumerate(tables):
        left = 20 + 200 * place
        parts.append(_text(left + 54, 12, label, anchor="middle"))
        for i, row in enumerate(table):
            for j, entry in enumerate(row):
                parts.append(_box(left + 36 * j, 20 + 28 * i, 34, 26, PALE))
                parts.append(_text(left + 36 * j + 17, 37 + 28 * i, str(entry), anchor="middle"))
    return _svg(parts, 110, ", ".join(label for label, _ in tables))


DRAWINGS: dict[str, Callable[..., str]] = {
    "normals": normals,
    "shifts": word_shifts,
    "feasible": feasible,
    "interval": interval,
    "plane": plane,
    "turns": turns,
    "kernels": kernels,
}


def _short(text: str, most: int = 24) -> str:
    return text if len(text) <= most else text[: most - 3] + "..."


def _svg(parts: Sequence[str], height: float, title: str, width: float = WIDTH) -> str:
    return (
        f'<svg role="img" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )


def _text(x: float, y: float, text: str, *, anchor: str = "start", colour: str = TEXT) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="12" font-family="sans-serif" text-anchor="{anchor}" '
        f'fill="{colour}">{escape(text)}</text>'
    )


def _box(x: float, y: float, width: float, height: float, fill: str, stroke: str = "none") -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}" fill="{fill}" '
        f'stroke="{stroke}"/>'
    )


def _line(x: float, y: float, to_x: float, to_y: float, colour: str, width: float = 1) -> str:
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{colour}" stroke-width="{width}"/>'
