"""The laws of the house, read from the source with nothing but the standard library and pytest.

``python -m tests.test_architecture [ROOT]`` prints the house as a table: of this checkout, or of another one at ROOT.
"""

import ast
import re
import statistics
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("tradeoff", "proofs", "empirical")
ANYWHERE = "tradeoff.shared"
"""What `empirical` may take from `tradeoff` in every file; the rest only in its door."""
DOOR = "empirical/compare/"
DRAWING = {f"tradeoff/shared/drawing/{name}.py" for name in ("__init__", "curves", "images", "legend", "sheet")}
SLOW = {
    "matplotlib": DRAWING,
    "tradeoff.shared.drawing": DRAWING,  # it brings matplotlib
    "galois": set(),
    "numba": set(),
    "tqdm": set(),
    "sympy": set(),
}
"""Libraries that a file of `tradeoff` may import at its top, and where; elsewhere only inside a function."""


MOST_ENTRIES = 16
"""Files and folders that a folder may hold; more are not seen at a glance."""
MOST_LINES = 400
"""A file of a room may be so long."""


def sources(root: Path = ROOT) -> list[Path]:
    return [path for room in ROOMS for path in sorted((root / room).rglob("*.py"))]


def entries(root: Path = ROOT) -> dict[str, int]:
    """How many files and folders each folder of the rooms and of the tests holds; what tools leave does not count."""
    folders = [folder for top in (*ROOMS, "tests") for folder in [root / top, *(root / top).rglob("*")]]
    return {
        str(folder.relative_to(root)): sum(_counts(entry) for entry in folder.iterdir())
        for folder in folders
        if folder.is_dir() and _counts(folder)
    }


def _counts(entry: Path) -> bool:
    """Whether somebody wrote it: neither a cache, nor hidden, nor a folder of which only caches are left."""
    if entry.name.startswith((".", "__pycache__")):
        return False
    return entry.is_file() or any(_counts(inner) for inner in entry.iterdir())


def graph(root: Path = ROOT) -> dict[str, set[str]]:
    """The modules of the rooms, and which of them each imports at its top; not those that are for type checking."""
    found: dict[str, set[str]] = {}
    for path in sources(root):
        module = str(path.relative_to(root)).removesuffix(".py").replace("/", ".")
        top = at_top(ast.parse(path.read_text()))
        found[module.removesuffix(".__init__")] = imports(top, module)
    # `from proofs import x` inside the package names the package, whose __init__ imports x: no circle.
    return {
        module: {name for name in names & found.keys() - {module} if not module.startswith(name + ".")}
        for module, names in found.items()
    }


def circle(edges: dict[str, set[str]]) -> list[str]:
    """Modules that import each other in a circle, the first again at the end; empty if there is none."""
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> list[str]:
        if module in path:
            return [*path[path.index(module) :], module]
        for name in sorted(edges[module]) if module not in done else ():
            if closed := visit(name, (*path, module)):
                return closed
        done.add(module)
        return []

    return next((closed for module in edges if (closed := visit(module, ()))), [])


def floors(edges: dict[str, set[str]]) -> dict[str, int]:
    """For each module the length of the longest chain of imports below it, itself counted."""

    @cache
    def height(module: str) -> int:
        return 1 + max(map(height, edges[module]), default=0)

    return {module: height(module) for module in edges}


def house(root: Path = ROOT) -> str:
    """The house in numbers: folders, floors and files of each room."""
    edges, full = graph(root), entries(root)
    if closed := circle(edges):
        return f"no floors: {' -> '.join(closed)} is a circle"
    heights = floors(edges)
    lines = [f"{'room':<12}{'files':>6}{'folders':>9}{'most entries':>14}{'floors':>8}{'median':>8}{'longest':>9}"]
    for room in ROOMS:
        files = {path: len(path.read_text().splitlines()) for path in sources(root) if path.is_relative_to(root / room)}
        folders = {name: count for name, count in full.items() if name.split("/")[0] == room}
        counts = f"{len(files):>6}{len(folders):>9}{max(folders.values(), default=0):>14}"
        highest = max((height for name, height in heights.items() if name.split(".")[0] == room), default=0)
        written = [count for count in files.values() if count]
        sizes = f"{statistics.median(written or [0]):>8.0f}{max(written, default=0):>9}"
        lines.append(f"{room:<12}{counts}{highest:>8}{sizes}")
    chief = max(heights, key=lambda module: (heights[module], module))
    chain = [chief]
    while below := edges[chain[-1]]:
        chain.append(max(below, key=lambda module: (heights[module], module)))
    fullest = sorted(full.items(), key=lambda item: (-item[1], item[0]))[:8]
    longest = max(sources(root), key=lambda path: len(path.read_text().splitlines()))
    return "\n".join(
        [
            *lines,
            f"longest file: {longest.relative_to(root)}",
            "entries: " + ", ".join(f"{name} {count}" for name, count in fullest),
            f"longest chain: {' -> '.join(chain)}",
        ]
    )


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


PLACE = re.compile(rf"({'|'.join(ROOMS)})((?:\.\w+)+):\w+")
"""What a lazy registry holds: "module:attribute"."""


def lazily(tree: ast.AST) -> set[str]:
    """Modules that a registry of this file loads when it is asked."""
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return {place[1] + place[2] for text in texts if (place := PLACE.fullmatch(text))}


def at_top(tree: ast.Module) -> ast.Module:
    """What is imported when a file is, also under a condition or a try, but for type checking."""
    found: list[ast.stmt] = []
    left = list(tree.body)
    while left:
        node = left.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found.append(node)
        elif isinstance(node, ast.Try) or (isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.unparse(node.test)):
            left += [
                *node.body,
                *node.orelse,
                *(one for handler in getattr(node, "handlers", ()) for one in handler.body),
            ]
    return ast.Module(found, [])


def violations(path: str, source: str) -> list[str]:
    """What a file of a room imports against the law."""
    tree = ast.parse(source)
    room, names = path.split("/")[0], imports(tree, path.removesuffix(".py").replace("/", ".")) | lazily(tree)
    tops = {name.split(".")[0] for name in names}
    forbidden = {
        "tradeoff": {"torch", "empirical", "proofs"},
        "proofs": {"torch", "empirical"},
        "empirical": {"proofs"},
    }
    found = [f"{path} imports {name}" for name in sorted(tops & forbidden[room])]
    if room == "empirical" and not path.startswith(DOOR):
        theory = {name for name in names if name.split(".")[0] == "tradeoff"}
        allowed = {name for name in theory if name == ANYWHERE or name.startswith(ANYWHERE + ".")}
        found += [f"{path} imports {name}" for name in sorted(theory - allowed)]
    return found


def slow_at_top(path: str, source: str) -> list[str]:
    """Slow libraries imported when the file is, not when they are used."""
    top = at_top(ast.parse(source))
    tops = {name.split(".")[0] for name in imports(top, "x")} | {
        name for name in imports(top, "x") if name.startswith("scipy.")
    }
    tops |= {slow for slow in SLOW for name in imports(top, "x") if f"{name}.".startswith(f"{slow}.")}
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
        ("empirical/training/loop.py", "import tradeoff\ntradeoff.exact.accuracy"),
        ("empirical/data/__init__.py", 'PLACES = {"a": "tradeoff.exact.accuracy:spatial"}'),
        ("tradeoff/codes/__init__.py", 'PLACES = {"a": "empirical.data.digits:load"}'),
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
    assert slow_at_top("tradeoff/words.py", "try:\n    import galois\nexcept ImportError:\n    galois = None") == [
        "galois"
    ]
    assert slow_at_top("tradeoff/words.py", "from tradeoff.shared import drawing") == ["tradeoff.shared.drawing"]
    assert slow_at_top("tradeoff/words.py", "if TYPE_CHECKING:\n    import galois") == []
    assert slow_at_top("tradeoff/words.py", "from tradeoff.shared.drawing.images import SCALE") == [
        "tradeoff.shared.drawing"
    ]


def test_no_cycles_between_modules():
    """Imports at the top of files, without those for type checking, form no circle."""
    assert circle(graph()) == []
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]


def test_no_cycles_between_folders():
    """The folders of a room lie above each other, too."""
    edges: dict[str, set[str]] = {}
    for module, names in graph().items():
        own = folder_of(module)
        edges.setdefault(own, set()).update(folder_of(name) for name in names if folder_of(name) != own)
    assert circle({name: others & edges.keys() for name, others in edges.items()}) == []


def folder_of(module: str) -> str:
    """The folder that a module lies in, two floors down at most; a package is named by itself."""
    path = ROOT / module.replace(".", "/")
    parts = module.split(".")
    return ".".join(parts[:2] if path.is_dir() else parts[:-1][:2])


def test_floors_are_counted_from_below():
    assert floors({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == {"a": 3, "b": 2, "c": 1}


def test_a_folder_is_seen_at_a_glance():
    assert {name: count for name, count in entries().items() if count > MOST_ENTRIES} == {}


def test_a_file_of_a_room_is_not_too_long():
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in sources()}
    assert {path: length for path, length in lengths.items() if length > MOST_LINES} == {}


def test_the_house_is_told_in_numbers(tmp_path):
    """Of this checkout, and of another one, whatever its layout."""
    assert [line.split()[0] for line in house().splitlines()[1:4]] == list(ROOMS)
    (tmp_path / "tradeoff").mkdir()
    (tmp_path / "tradeoff" / "one.py").write_text("import tradeoff.two\n")
    (tmp_path / "tradeoff" / "two.py").write_text("import math\n\n\nx = 1\n")
    told = house(tmp_path).splitlines()
    assert told[1].split() == ["tradeoff", "2", "1", "2", "2", "2", "4"]
    assert told[-1] == "longest chain: tradeoff.one -> tradeoff.two"


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


if __name__ == "__main__":
    print(house(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT))
