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
    """A package and all that is inside, by name; the start of a command is no module to be imported."""
    top = ROOT.joinpath(*package.split("."))
    files = [top / "__init__.py", *sorted(top.rglob("*.py"))] if top.is_dir() else [top.with_suffix(".py")]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files if path.name != "__main__.py"]
    return list(dict.fromkeys(name.removesuffix(".__init__") for name in names))


def parsed(module: str) -> ast.Module:
    path = ROOT.joinpath(*module.split("."))
    return ast.parse((path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text())


def members(tree: ast.Module) -> list[str]:
    """What a module defines by itself, in its order: what it imports is not even looked at, which saves the time."""
    names = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names += [target.id for target in targets if isinstance(target, ast.Name)]
    return [name for name in dict.fromkeys(names) if not name.startswith("_")]


def section(module: str) -> str:
    """A heading and the docstrings of a module; nothing of one that is empty."""
    tree = parsed(module)
    if not tree.body:
        return ""
    chosen = f"   :members: {', '.join(members(tree))}\n" if members(tree) else ""
    return f"## {module}\n\n```{{eval-rst}}\n.. automodule:: {module}\n{chosen}```\n"


def with_modules(page: str) -> str:
    """The page with sections in place of its line."""
    return MODULES.sub(
        lambda line: "\n".join(section(module) for package in line[1].split() for module in modules(package)), page
    )


TABLE = re.compile(r"^((?![*\d -]).*(?<!::)\n\n)(?= +\S)", re.MULTILINE)
"""The end of a paragraph that stands before an indented block, and is no item of a list."""
VERBATIM = re.compile(r"((?<=::\n)(?:\n| +.*\n)+|^ *>>> (?:.+\n)+)", re.MULTILINE)
"""Blocks after a double colon, and examples."""
MARKS = re.compile(r"(``.*?``|`.*?`|^ *\* )|([*|])", re.DOTALL | re.MULTILINE)
"""What is left alone (code, the star of a list), and what would be markup."""


def plain(docstring: str) -> str:
    """The docstring as reStructuredText that shows what is written.

    A docstring is plain text with code between backticks: f* and |w| are no markup, and what is indented is a table.
    """
    parts = VERBATIM.split(TABLE.sub(r"\1::\n\n", docstring))
    parts[::2] = [MARKS.sub(lambda found: found[1] or "\\" + found[2], part) for part in parts[::2]]
    return "".join(parts)
