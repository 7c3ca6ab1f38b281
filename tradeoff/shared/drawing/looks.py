"""Which colour and marker each label of a figure has."""

from __future__ import annotations

from collections.abc import Iterable

from tradeoff.shared.figure_data import Curve, Panel
from tradeoff.shared.palette import BEGINNINGS, BLACK, COLOURS, MARKERS, ROLES, Look


def labelled(panels: Iterable[Panel]) -> list[Curve]:
    """The first curve of each label, in order of appearance; a line stands before points of its label."""
    found: dict[str, Curve] = {}
    for curve in (curve for panel in panels for curve in panel.curves if curve.label):
        if curve.label not in found or found[curve.label].kind == "points":
            found[curve.label] = curve
    return list(found.values())


def looks_of(panels: Iterable[Panel]) -> dict[str, Look]:
    """A colour and a marker for each label that is not a region: those of its role, or else ones that no other has."""
    curves = [curve for curve in labelled(panels) if curve.kind not in ("region", "hatched")]
    own = {curve.label for curve in curves}
    looks: dict[str, Look] = {}
    for curve in curves:
        role = role_of(curve)
        if role and curve.look not in own:
            looks[curve.label] = ROLES[role]
    others = [curve.label for curve in curves if curve.label not in looks and curve.look not in own]
    return looks | {label: _look(number) for number, label in enumerate(others)}


def role_of(curve: Curve) -> str:
    """The role that a curve says, or that its label begins with; empty if there is none."""
    if curve.look:
        return curve.look if curve.look in ROLES else ""
    return next((role for start, role in BEGINNINGS.items() if curve.label.startswith(start)), "")


def _look(number: int) -> Look:
    """The look of the label of this number: colours first, then another marker to each."""
    count = len(COLOURS)
    return COLOURS[number % count], MARKERS[(number + number // count) % count]


def look_of(curve: Curve, looks: dict[str, Look]) -> Look:
    """That of the label or role it names, or of its own."""
    named = curve.look or curve.label
    return looks.get(named) or ROLES.get(named) or looks.get(curve.label) or (BLACK, "o")
