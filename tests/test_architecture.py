"""The import law of the house, read from the source with nothing but the standard library."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("tradeoff", "proofs", "empirical")
ANYWHERE = "tradeoff.shared"
"""What `empirical` may take from `tradeoff` in every file; the rest only in its door."""
DOOR = "empirical/compare/"
SLOW = {
    "matplotlib": {
        "tradeoff/shared/drawing.py",
    },
    "galois": set(),
    "numba": set(),
    "tqdm": set(),
    "sympy": set(),
}
"""Libraries that a file of `tradeoff` may import at its top, and where; elsewhere only inside a function."""


def sources() -> list[Path]:
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


def imports(tree: ast.AST, module: str) -> set[str]:
    """Dotted names that a tree imports, relative ones resolved, `from a import b` as both a and a.b."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*module.split(".")[: -node.level], *([base] if base else [])])
            found |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return found


def violations(path: str, source: str) -> list[str]:
    """What a file of a room imports against the law."""
    room, names = path.split("/")[0], imports(ast.parse(source), path.removesuffix(".py").replace("/", "."))
    tops = {name.split(".")[0] for name in names}
    forbidden = {
        "tradeoff": {"torch", "empirical", "proofs"},
        "proofs": {"torch", "empirical"},
        "empirical": {"proofs"},
    }
    found = [f"{path} imports {name}" for name in sorted(tops & forbidden[room])]
    if room == "empirical" and not path.startswith(DOOR):
        theory = {name for name in names if name.startswith("tradeoff.")}
        allowed = {name for name in theory if name == ANYWHERE or name.startswith(ANYWHERE + ".")}
        found += [f"{path} imports {name}" for name in sorted(theory - allowed)]
    return found


def slow_at_top(path: str, source: str) -> list[str]:
    """Slow libraries imported when the file is, not when they are used."""
    tree = ast.parse(source)
    top = ast.Module([node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))], [])
    tops = {name.split(".")[0] for name in imports(top, "x")} | {
        name for name in imports(top, "x") if name.startswith("scipy.")
    }
    slow = {name for name, allowed in SLOW.items() if name in tops and path not in allowed}
    return sorted(slow | {name for name in tops if name.startswith("scipy.") and not name.startswith("scipy.special")})


@pytest.mark.parametrize("path", [str(path.relative_to(ROOT)) for path in sources()])
def test_imports_flow_one_way(path):
    source = (ROOT / path).read_text()
    assert violations(path, source) == []
    if path.startswith("tradeoff/"):
        assert slow_at_top(path, source) == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("tradeoff/model/rules.py", "import torch"),
        ("tradeoff/model/rules.py", "def f():\n    from empirical.statistics.records import x"),
        ("proofs/checking/claim.py", "from empirical.statistics import records"),
        ("empirical/training/loop.py", "from tradeoff.exact import accuracy"),
        ("empirical/training/loop.py", "from tradeoff.exact.accuracy import spatial"),
        ("empirical/compare/curves.py", "import proofs.checking.claim"),
    ],
)
def test_the_law_refuses_what_it_should(path, source):
    assert violations(path, source)


def test_the_doors_to_theory_are_open():
    assert violations("empirical/compare/curves.py", "from tradeoff.exact import profiles") == []
    assert violations("empirical/training/loop.py", "from tradeoff.shared.results import Frequency") == []


def test_slow_imports_at_the_top_are_seen():
    assert slow_at_top("tradeoff/model/rules.py", "import scipy.stats\nimport matplotlib.pyplot") == [
        "matplotlib",
        "scipy.stats",
    ]


def test_no_cycles_between_modules():
    """Imports at the top of files, without those for type checking, form no circle."""
    graph: dict[str, set[str]] = {}
    for path in sources():
        module = str(path.relative_to(ROOT)).removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        tree = ast.parse(path.read_text())
        top = ast.Module([node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))], [])
        graph[module] = imports(top, module)
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, f"circle: {' -> '.join([*path, module])}"
        if module not in done:
            for name in graph[module] & graph.keys() - {module}:
                # `from proofs import x` inside the package names the package, whose __init__ imports x: no circle.
                if not module.startswith(name + "."):
                    visit(name, (*path, module))
            done.add(module)

    for module in graph:
        visit(module, ())


def test_no_file_is_called_utils():
    assert not [path for path in sources() if path.stem in ("utils", "util", "helpers", "misc")]


def marks(path: Path) -> list[tuple[ast.expr, str | None]]:
    """Every mention of pytest.mark.slow in a file of tests, with the twin that it names."""
    tree = ast.parse(path.read_text())
    mentioned = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "slow"]
    calls = {node.func: node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    found: list[tuple[ast.expr, str | None]] = []
    for node in mentioned:
        call = calls.get(node)
        names = [one.value for one in call.keywords if one.arg == "twin"] if call else []
        twin = names[0].value if names and isinstance(names[0], ast.Constant) else None
        found.append((node, twin if isinstance(twin, str) else None))
    return found


def quick(path: Path) -> set[str]:
    """The tests of a file that are not slow as a whole."""
    tree = ast.parse(path.read_text())
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]

    def whole(function: ast.FunctionDef) -> bool:
        return any(ast.unparse(one).startswith("pytest.mark.slow") for one in function.decorator_list)

    return {one.name for one in functions if one.name.startswith("test_") and not whole(one)}


TESTS = sorted((ROOT / "tests").rglob("test_*.py"))


@pytest.mark.parametrize("path", TESTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_slow_test_names_a_fast_twin(path):
    """`@pytest.mark.slow(twin="test_x")`, in the same file or as path::test_x; the twin runs by default."""
    for node, twin in marks(path):
        assert twin is not None, f"{path}:{node.lineno}: slow names no twin"
        where, _, name = twin.rpartition("::")
        assert name in quick(ROOT / where if where else path), f"{path}:{node.lineno}: there is no quick {twin}"


def test_a_slow_test_without_a_twin_is_noticed(tmp_path):
    (tmp_path / "test_x.py").write_text("@pytest.mark.slow\ndef test_a(): ...\n\ndef test_b(): ...\n")
    assert [twin for _, twin in marks(tmp_path / "test_x.py")] == [None]
    assert quick(tmp_path / "test_x.py") == {"test_b"}
