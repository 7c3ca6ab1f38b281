"""What is simulated (`Scenario`: its content is its identity) and how (`RunOptions`). No NumPy: --help is quick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tradeoff.codes import GROUPS
from tradeoff.shared import checks, storage
from tradeoff.shared.cli import option, text


@dataclass(frozen=True)
class Scenario:
    """The law of the data: a word, the step of its shifts, p and the signal.

    >>> Scenario(word="++-+", step=1, p=0.7).id == Scenario(word="++-+", step=1, p=0.7, signal=2).id
    True
    """

    word: str = option(
        text, "generator word c, written with + and -; in place of --family and --length", metavar="WORD"
    )
    step: int = option(
        checks.integer, "coordinates moved by the smallest shift (default: a quarter of the length)", metavar="M"
    )
    p: float = option(
        checks.reliability, "probability that x_0 shows the label, in [0.5, 1) (default: 0.7)", metavar="P", default=0.7
    )
    signal: float = option(
        checks.signal, "length s of the mean vector (default: 2, the paper's)", metavar="S", default=2.0
    )

    group: str = option(
        text,
        f"what moves the coordinates: {', '.join(GROUPS)} (default: cyclic, shifts by multiples of the step; "
        "rolls: an image with columns of STEP pixels, rolled along both axes; dihedral: shifts and reversals)",
        metavar="NAME",
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
