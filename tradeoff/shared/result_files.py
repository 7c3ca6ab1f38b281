"""The files of a result, each made and written by itself: one that fails takes none of the others along."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tradeoff.shared import checks, storage

Content = bytes | str
Made = TypeVar("Made")


@dataclass
class Outputs:
    """A folder, and what could not be made or written there. What matters most is added first; `check` comes last.

    ``makeable`` are the names of the files that could be made, also of one that the disk then refused.
    """

    folder: Path
    failed: list[str] = field(default_factory=list)
    makeable: set[str] = field(default_factory=set)

    def made(self, what: str, make: Callable[[], Made]) -> Made | None:
        """What ``make`` returns; None where it fails, which `check` tells."""
        try:
            return make()
        except Exception as error:  # of any kind: what was measured is worth more than the reason
            self.failed.append(f"{what} ({checks.reason(error)})")
            return None

    def add(self, what: str, files: Callable[[], Iterable[tuple[str, Content]]]) -> dict[str, Content]:
        """Write the named contents, each when it is made; return those that are written now."""
        written: dict[str, Content] = {}

        def write() -> None:
            for name, content in files():
                self.makeable.add(name)
                storage.write_atomic(self.folder / name, content)
                written[name] = content

        self.made(what, write)
        return written

    def check(self) -> None:
        """Tell what failed.

        Raises
        ------
        InputError
            If anything did.
        """
        if self.failed:
            raise checks.InputError(
                f"{len(self.failed)} of the outputs failed: {'; '.join(self.failed)}; the others stand in "
                f"{str(self.folder)!r}, and the same command makes these again"
            )
