"""The pages that a reader has: the README, CONTRIBUTING, and all of docs/, with their fenced blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
README = (ROOT / "README.md").read_text()
PAGES = {str(path.relative_to(ROOT)): path for path in [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]}
"""By path from the root."""
FENCE = re.compile(r"(?:^<!-- not run: (\S.*) -->\n)?^```(\S*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """What stands between two fences: its language, its text, and why it is not run, where a line before it says so."""

    page: str
    not_run: str | None
    language: str
    text: str


def blocks(*languages: str) -> list[Block]:
    """The fenced blocks in one of the languages that are run, in reading order; without languages, all there are."""
    found = [Block(name, *match.groups()) for name, path in PAGES.items() for match in FENCE.finditer(path.read_text())]
    if not languages:
        return found
    return [block for block in found if block.language in languages and not block.not_run]


def commands() -> list[str]:
    """Every ``python -m ...`` line of a shell block, once, without its remark."""
    lines = [line.split("  #")[0].strip() for block in blocks("sh") for line in block.text.splitlines()]
    return list(dict.fromkeys(line for line in lines if line.startswith("python -m ")))


def page(name: str) -> str:
    """The text of a page of docs/, by its path there without the ending."""
    return (DOCS / f"{name}.md").read_text()
