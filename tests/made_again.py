"""Numbers that are made again, on another processor perhaps, agree within the errors that both of them state.

Another processor, BLAS or libm rounds otherwise. A closed form then differs in its last digits; what quadrature or a
search found may differ by as much as it states. Neither is compared by bits.
"""

import re

import numpy as np

from tradeoff.shared.results import ends

ROUNDING = 1e-8
"""Of figure data: they keep nine digits, so a number on the border between two is 1e-8 of itself away at most."""
ROUGHER = 3
"""An error that is stated is an estimate itself, from few replicates; it does not scatter by more than this factor."""


def agree(new, old):
    """Whether two answers (a number, an `Estimate` or a `Band`) can be the same number: their intervals meet."""
    first, second = ends(new), ends(old)
    slack = 1e-12  # closed forms: a few hundred roundings of numbers up to 1
    return first.low <= second.high + slack and second.low <= first.high + slack


def same_sheet(new, old):
    """Whether two sheets of `figure_data` show the same: the same words, and numbers within their errors."""
    return (
        _alike(new, old, "name", "title", "columns", "panel_height", "about")
        and len(new.panels) == len(old.panels)
        and all(map(_same_panel, new.panels, old.panels))
    )


def _same_panel(new, old):
    words = ("title", "x_label", "y_label", "written", "colours", "top_label", "top_unit")
    error = max((one.error for one in (*new.curves, *old.curves)), default=0.0)
    return (
        _alike(new, old, *words)
        and len(new.curves) == len(old.curves)
        and all(map(same_curve, new.curves, old.curves))
        and all(_close(getattr(new, r) or (), getattr(old, r) or (), 2 * error) for r in ("x_range", "y_range"))
    )


def same_curve(new, old):
    """Whether each of two curves lies in the other, made thicker by both errors to all sides.

    So a corner may lie elsewhere on the same straight line, and a steep curve a little to the left. Images and points
    are compared number by number. A curve that has become rougher by more than ROUGHER is another one: otherwise a
    quadrature that states a large enough error would agree with anything.
    """
    error = new.error + old.error
    if (
        not _alike(new, old, "label", "kind", "look", "x_names", "y_names")
        or new.error > ROUGHER * old.error + ROUNDING
    ):
        return False
    if new.kind in ("image", "points", "stems"):
        parts = ("x", "y", "low", "high", "x_low", "x_high")
        pairs = zip(new.rows, old.rows, strict=False)
        return (
            all(_close(getattr(new, part), getattr(old, part), error) for part in parts)
            and len(new.rows) == len(old.rows)
            and all(_close(a, b, error) for a, b in pairs)
        )
    return bool(new.x) == bool(old.x) and all(
        bool(getattr(new, part)) == bool(getattr(old, part))
        and _inside(new.x, getattr(new, part), old.x, getattr(old, part), error)
        and _inside(old.x, getattr(old, part), new.x, getattr(new, part), error)
        for part in ("y", "low", "high")
    )


def _alike(new, old, *names):
    return all(getattr(new, name) == getattr(old, name) for name in names)


def _close(new, old, error):
    return len(new) == len(old) and bool(
        (np.abs(np.subtract(new, old)) <= error + ROUNDING * np.maximum(1, np.abs(old))).all()
    )


def _inside(x, y, curve_x, curve_y, error):
    """Whether every point has the curve (its points joined) within ``error`` across and up."""
    if not curve_y:
        return not y
    order = np.lexsort((-np.array(curve_y), np.array(curve_x)))
    across, up = np.array(curve_x)[order], np.array(curve_y)[order]
    for a, b in zip(x, y, strict=True):
        wide, high = (error + ROUNDING * max(1, abs(number)) for number in (a, b))
        met = up[(across >= a - wide) & (across <= a + wide)]
        if a + wide < across[0] or a - wide > across[-1]:
            return False
        near = np.append(met, np.interp([a - wide, a + wide], across, up))
        if not near.min() - high <= b <= near.max() + high:
            return False
    return True


POINTS = 1e-3
"""Of a picture's coordinates, in points (1/72 inch), written to six places: layout is arithmetic on sizes of a thousand
points, so another processor's rounding moves none by as much, and no eye sees it."""
NAMES = re.compile(r"\b[a-z]?[0-9a-f]{10}\b")
"""Names of a picture's parts are hashes of their coordinates; only which of them are alike counts."""
NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?|-?\d+")


def same_picture(new, old):
    """Whether two SVG files (bytes) show the same: the same text, and coordinates but for rounding."""
    first, second = map(_named_in_order, (new, old))
    if NUMBER.sub("#", first) != NUMBER.sub("#", second):
        return False
    numbers = (np.array(NUMBER.findall(text), dtype=np.float64) for text in (first, second))
    return bool(np.abs(np.subtract(*numbers)).max(initial=0) <= POINTS)


def _named_in_order(picture):
    seen: dict[str, str] = {}
    return NAMES.sub(lambda match: seen.setdefault(match[0], f"name {len(seen)}"), picture.decode())
