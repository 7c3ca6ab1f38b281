"""What the API pages of the site consist of, from the source alone: sections for modules, and docstrings as plain text.

A page of docs/reference/api names packages in a line ``<!-- modules: tradeoff.exact tradeoff.sampled -->``. While it is
read, a section for every module of these packages takes its place, so that no list of modules has to be kept and
nothing is written into the tree.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
MODULES = re.compile(r"^<!-- modules: (.+) -->$", re.MULTILINE)


def modules(package: str) -> list[str]:
    """A package and all that is inside, by name; what begins with an underscore is private or a command's start."""
    top = ROOT.joinpath(*package.split("."))
    files = [top / "__init__.py", *sorted(top.rglob("*.py"))] if top.is_dir() else [top.with_suffix(".py")]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files]
    public = [name.removesuffix(".__init__") for name in names if not name.endswith("__main__")]
    return list(dict.fromkeys(public))


def members(module: str) -> list[str]:
    """What a module defines by itself, in its order: what it imports is not even looked at, which saves the time."""
    path = ROOT.joinpath(*module.split("."))
    tree = ast.parse((path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text())
    names = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names += [target.id for target in targets if isinstance(target, ast.Name)]
    return [name for name in dict.fromkeys(names) if not name.startswith("_")]


def sections(packages: str) -> str:
    """A heading and the docstrings of every module of the packages."""
    return "\n".join(
        f"## {name}\n\n```{{eval-rst}}\n.. automodule:: {name}\n   :members: {', '.join(members(name))}\n```\n"
        for package in packages.split()
        for name in modules(package)
    )


def with_modules(page: str) -> str:
    """The page with sections in place of its line."""
    return MODULES.sub(lambda line: sections(line[1]), page)


MARKS = re.compile(r"(``.*?``|`.*?`|^ *\* )|([*|])", re.DOTALL | re.MULTILINE)
"""What is left alone (code, the star of a list), and what would be markup."""
VERBATIM = re.compile(r"((?<=::\n)(?:\n| +.*\n)+|^ *>>> (?:.+\n)+)", re.MULTILINE)
"""Blocks after a double colon, and examples."""


def plain(lines: list[str]) -> None:
    """Docstrings are plain text with code between backticks: f* and |w| are no markup. Changes ``lines``."""
    if any("*" in line or "|" in line for line in lines):
        parts = VERBATIM.split("\n".join([*lines, ""]))
        parts[::2] = [MARKS.sub(lambda found: found[1] or "\\" + found[2], part) for part in parts[::2]]
        lines[:] = "".join(parts).split("\n")[:-1]
