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
FENCE = re.compile(r"^```(\S*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """What stands between two fences: its language, and its text."""

    page: str
    language: str
    text: str


def blocks(*languages: str) -> list[Block]:
    """The fenced blocks of all pages in one of the languages, in reading order; without languages, all."""
    found = [Block(name, *match.groups()) for name, path in PAGES.items() for match in FENCE.finditer(path.read_text())]
    return [block for block in found if not languages or block.language in languages]


def commands() -> list[str]:
    """Every ``python -m ...`` line of a shell block, once, without its remark."""
    lines = [line.split("  #")[0].strip() for block in blocks("sh") for line in block.text.splitlines()]
    return list(dict.fromkeys(line for line in lines if line.startswith("python -m ")))


def page(name: str) -> str:
    """The text of a page of docs/, by its path there without the ending."""
    return (DOCS / f"{name}.md").read_text()
