"""A figure as data: panels of curves, so that numbers -> file -> picture are three steps and each can be made again.

One JSON object a line: the sheet's name and title first, then its curves panel by panel. `tradeoff.shared.drawing`
draws it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from tradeoff.shared import checks, storage
from tradeoff.shared.names import quoted

SCHEMA = 1
Kind = Literal["line", "dashed", "dotted", "points", "stems", "band", "region", "hatched", "image"]
"""How a curve is drawn: a band or a region fills between ``low`` and ``high``, an image has ``rows`` of numbers."""
SOURCES = ("measured", "predicted", "exact", "sampled", "exact and sampled")
"""Of a panel's numbers: a network measured, the theory asked about a network, the theory itself, its law drawn from."""
DIGITS = 9
"""Numbers are kept to so many digits: what differs beyond is rounding, of another processor or number of threads."""


@dataclass(frozen=True)
class Curve:
    """Numbers with a label; an empty label stays out of the legend, and equal labels have one colour.

    ``look`` names the label whose colour and marker a curve takes, or a role of `palette.ROLES`; its own by default. An
    image has ``x_names`` and
    ``y_names`` where its columns and rows stand for something else than the numbers in ``x`` and ``y``.

    Points have intervals up and down from ``low`` to ``high``, and across from ``x_low`` to ``x_high``.

    ``error``: how far a point may be off, up or across, as the quadrature or the search behind it states; 0 for what is
    known in closed form. Another processor finds the curve again within the errors of both.
    """

    label: str
    kind: Kind = "line"
    x: tuple[float, ...] = ()
    y: tuple[float, ...] = ()
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    rows: tuple[tuple[float, ...], ...] = ()
    error: float = 0.0
    look: str = ""
    x_names: tuple[str, ...] = ()
    y_names: tuple[str, ...] = ()
    x_low: tuple[float, ...] = ()
    x_high: tuple[float, ...] = ()


@dataclass(frozen=True)
class Panel:
    """Curves that share axes. ``written``: an image's numbers stand in its cells. Ranges are (low, high) or free.

    A ``top_label`` is that of a second scale on top: what is across, divided by ``top_unit``. ``source``, which of
    SOURCES the numbers come from, stands before the title. ``bar`` says what the colours of an image stand for.
    """

    title: str
    x_label: str = ""
    y_label: str = ""
    curves: tuple[Curve, ...] = ()
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None
    written: bool = False
    colours: str = "plain"  # of an image: plain (0 to 1), signs (-1, 0, 1), signed (around 0)
    top_label: str = ""
    top_unit: float = 1.0
    source: str = ""
    bar: str = ""


@dataclass(frozen=True)
class Sheet:
    """One figure: its panels, how high each is in inches, and ``about`` which law and options made it."""

    name: str
    title: str
    panels: tuple[Panel, ...]
    columns: int = 2
    about: dict[str, Any] = field(default_factory=dict)
    panel_height: float = 2.4

    def about_run(self, about: dict[str, Any]) -> Sheet:
        """A copy that says in ``about`` which law and options made it."""
        return replace(self, about=about)

    def to_lines(self) -> str:
        """JSON lines: the sheet without its panels, then each panel without its curves, each followed by its curves."""
        head = {**asdict(self), "schema": SCHEMA, "kind": "sheet"}
        lines = [{key: value for key, value in head.items() if key != "panels"}]
        for panel in self.panels:
            content = asdict(panel)
            lines.append({"kind": "panel", **{key: value for key, value in content.items() if key != "curves"}})
            lines += [{"kind": "curve", "drawn": curve.pop("kind"), **curve} for curve in content["curves"]]
        return "".join(storage.json_line(line) + "\n" for line in lines)


def from_lines(text: str) -> Sheet:
    """The sheet that `Sheet.to_lines` wrote.

    Raises
    ------
    InputError
        If the text is not such a file.
    """
    try:
        head, *rest = [json.loads(line) for line in text.splitlines()]
        if head.pop("kind") != "sheet" or head.pop("schema") != SCHEMA:
            raise ValueError
        panels: list[dict[str, Any]] = []
        for line in rest:
            kind = line.pop("kind")
            if kind == "panel":
                panels.append({**{key: _tuple(value) for key, value in line.items()}, "curves": []})
            else:
                drawn = line.pop("drawn")
                panels[-1]["curves"].append(Curve(kind=drawn, **{key: _tuple(value) for key, value in line.items()}))
        made = tuple(Panel(**{**panel, "curves": tuple(panel["curves"])}) for panel in panels)
        return Sheet(panels=made, **head)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        raise checks.InputError(f"text={quoted(text)} is not a figure's data; write it with Sheet.to_lines") from None


def numbers(values: ArrayLike) -> tuple[float, ...]:
    """Numbers as a curve keeps them: rounded to DIGITS digits."""
    return tuple(float(f"{value:.{DIGITS}g}") for value in np.asarray(values, dtype=np.float64).reshape(-1))


def line(label: str, x: ArrayLike, y: ArrayLike, kind: Kind = "line", *, error: float = 0.0, look: str = "") -> Curve:
    """A curve through points; NaNs are left out."""
    across, up = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    kept = ~np.isnan(up)
    return Curve(label, kind, numbers(across[kept]), numbers(up[kept]), error=_rough(error), look=look)


def between(
    label: str,
    x: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    kind: Kind = "band",
    *,
    error: float = 0.0,
    look: str = "",
) -> Curve:
    """What lies between two curves."""
    shape = np.shape(x)
    ends = (np.broadcast_to(np.asarray(end, dtype=np.float64), shape) for end in (low, high))
    lower, upper = ends
    return Curve(label, kind, numbers(x), low=numbers(lower), high=numbers(upper), error=_rough(error), look=look)


def image(
    rows: ArrayLike,
    *,
    x: Sequence[float] = (),
    y: Iterable[float] = (),
    x_names: Sequence[str] = (),
    y_names: Sequence[str] = (),
    error: float = 0.0,
) -> Curve:
    """A table of numbers (rows, columns), drawn as coloured cells; ``x`` and ``y``: what columns and rows stand for."""
    table = np.asarray(rows, dtype=np.float64)
    made = tuple(numbers(row) for row in table)
    across, down = numbers(list(x)), numbers(list(y))
    return Curve(
        *("", "image", across, down),
        rows=made,
        error=_rough(error),
        x_names=tuple(x_names),
        y_names=tuple(y_names),
    )


def _rough(error: float) -> float:
    """An error, rounded up to two digits."""
    return float(f"{1.05 * error:.1e}")


def _tuple(value: Any) -> Any:
    return tuple(_tuple(one) for one in value) if isinstance(value, list) else value
