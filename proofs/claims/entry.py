"""One line that a paper prints, and the claims of the ledger about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["display", "claim", "definition"]
Rows = tuple[tuple[Kind, str, tuple[str, ...]], ...]
"""The lines of a part: what kind of sentence, the quote, the ids of the claims."""


@dataclass(frozen=True)
class Entry:
    """One printed formula or sentence with its place. ``words`` are a quote, with formulas between dollars."""

    section: str
    kind: Kind
    words: str
    claims: tuple[str, ...]
