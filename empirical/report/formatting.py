"""How values of a measurement are written: numbers, intervals, counts, sentences, tables.

Sentences are left unbroken; `tradeoff.shared.cli.fitted` breaks them for the page that they are shown on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from empirical.statistics.over_seeds import Value
from tradeoff.shared.results import Interval


def spread(value: Value) -> str:
    """0.953 (0.906 to 0.981)."""
    return f"{value.value:.3f} ({between(value.interval)})"


def briefly(value: Value) -> str:
    """0.953 (.906-.981), for a cell of a table."""
    low, high = (f"{end:.3f}".removeprefix("0") if math.isfinite(end) else "?" for end in ends(value.interval))
    return f"{value.value:.3f} ({low}-{high})"


def ends(interval: Interval) -> tuple[float, float]:
    """Both ends."""
    return interval.low, interval.high


def between(interval: Interval, *, sign: bool = False) -> str:
    """0.906 to 0.981; an end that one image or one seed cannot tell is a question mark."""
    form = "+.3f" if sign else ".3f"
    return " to ".join(f"{end:{form}}" if math.isfinite(end) else "?" for end in (interval.low, interval.high))


def counted(value: Value) -> str:
    """0.953 (143 of 150; 0.906 to 0.981)."""
    return f"{value.value:.3f} ({value.hits:,} of {value.trials:,}; {between(value.interval)})"


def probability(p_value: float) -> str:
    """P = 0.021, or p < 1e-06."""
    return f"p = {p_value:.2g}" if p_value >= 1e-6 else "p < 1e-06"


def eps_text(eps: float) -> str:
    """An eps as it is usually written: in steps of 8-bit pixels where it is a whole number of them, and no short one.

    >>> eps_text(8 / 255), eps_text(0.3), eps_text(0.2)
    ('8/255', '0.3', '0.2')
    """
    steps = round(255 * eps)
    return f"{steps}/255" if steps / 255 == eps and f"{eps:.4g}" != str(eps) and eps > 0 else f"{eps:.12g}"


def sentence(text: str) -> str:
    """One line, indented by two: two blanks in a row are the gap of a table, and no sentence has them."""
    return "  " + paragraph(text)


def paragraph(text: str) -> str:
    """One line, from the edge of the page."""
    return " ".join(text.split())


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, indent: int = 4) -> list[str]:
    """Columns as wide as their widest cell, two spaces between them."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    return [
        (" " * indent + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))).rstrip()
        for row in (head, *rows)
    ]
