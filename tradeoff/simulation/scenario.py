"""What is simulated (`Scenario`: its content is its identity) and how (`RunOptions`). No NumPy: --help is quick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tradeoff.codes import GROUPS
from tradeoff.shared import checks, storage
from tradeoff.shared.cli import INPUT, Kind, kinds, one_of, option, whole

WORD = Kind(lambda name, value: checks.word(str(kinds.written(name, value))), "WORD", "signs + and -, like ++-+")
STEP = whole(1, what="a number of coordinates")
LENGTH = whole(1, 1 << 20, what="a number of letters")
"""Longer words would outlast patience or memory."""


@dataclass(frozen=True)
class Scenario:
    """The law of the data: a word, the step of its shifts, p and the signal.

    >>> Scenario(word="++-+", step=1, p=0.7).id == Scenario(word="++-+", step=1, p=0.7, signal=2).id
    True
    """

    word: str = option(WORD, "generator word c; in place of --family and --length", group=INPUT)
    step: int = option(STEP, "coordinates moved by the smallest shift", group=INPUT, usual="a quarter of the length")
    p: float = option(
        Kind(checks.reliability, "P", "0.5 or more, below 1"),
        "probability that x_0 shows the label",
        group=INPUT,
        default=0.7,
    )
    signal: float = option(
        Kind(checks.signal, "S", "above 0"), "length s of the mean vector; the paper's is 2", group=INPUT, default=2.0
    )
    group: str = option(
        one_of(GROUPS),
        "what moves the coordinates: shifts by multiples of the step (cyclic), shifts and reversals (dihedral), or an "
        "image with columns of STEP pixels, rolled along both axes (rolls)",
        group=INPUT,
        default="cyclic",
    )

    def __post_init__(self) -> None:
        checks.word(self.word)
        checks.divisor(self.step, len(self.word))
        checks.known("group", self.group, GROUPS)
        checks.reliability("p", self.p)
        checks.signal("signal", self.signal)

    @property
    def content(self) -> dict[str, Any]:
        content = {"word": self.word, "step": self.step, "p": float(self.p), "signal": float(self.signal)}
        return storage.identifying(content | {"group": self.group}, later={"group": "cyclic"})

    @property
    def id(self) -> str:
        """Content hash of word, step, p, signal and group."""
        return storage.content_id(self.content)
