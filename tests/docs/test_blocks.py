"""Every fenced block of every page runs: sessions as doctests, lines of Python, lines of a shell.

Languages: ``python`` is a session (>>>), ``py`` lines without answers, ``sh`` commands; others are no code to be run. A
line ``<!-- not run: REASON -->`` before a block leaves it out.
"""

import doctest
import importlib
import os
import shlex

import pytest

from tests.docs.pages import PAGES, ROOT, blocks, commands
from tradeoff.shared import cli
from tradeoff.simulation.options import RunOptions, resolve
from tradeoff.simulation.scenario import Scenario

LANGUAGES = {"python", "py", "sh", "text", "toml", "json", "{toctree}", "{include}"}
SESSIONS = sorted({block.page for block in blocks("python")})


def test_every_block_is_of_a_language_that_this_file_knows():
    assert {block.language for block in blocks()} <= LANGUAGES


@pytest.mark.parametrize("name", SESSIONS)
def test_sessions_run(name, monkeypatch):
    monkeypatch.chdir(ROOT)
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    outcome = doctest.testfile(str(PAGES[name]), module_relative=False, optionflags=flags)
    assert outcome.failed == 0
    assert all(">>>" in block.text for block in blocks("python") if block.page == name)


def test_the_tour_is_a_session():
    assert "docs/tutorials/theory.md" in SESSIONS


# Lines of Python

SAYS = {"docs/how-to/measure.md": "95 % intervals", "docs/reference/attacks.md": "Frequency"}
"""What the lines of a page print, among other things."""
LINES = list(dict.fromkeys(block.page for block in blocks("py")))


def own_lines(capsys, folder, changes=()):
    """Run the lines of Python in a folder, page by page, each (text, other text) of ``changes`` put in first."""
    torch = pytest.importorskip("torch", reason="the measurement room needs torch")
    from empirical import models

    model = models.build("std_cnn", seed=0)
    torch.save(model.state_dict(), folder / "mine.pth")
    for page in LINES:
        given = {"model": model, "images": torch.rand(4, 1, 28, 28), "labels": torch.zeros(4).long()}
        for block in blocks("py"):
            text = block.text if block.page == page else ""
            for before, after in changes:
                text = text.replace(before, after)
            exec(text, given)
        assert SAYS.get(page, "") in capsys.readouterr().out
    assert {*SAYS} <= {*LINES}
    return [block.text for block in blocks("py")]


@pytest.fixture
def in_a_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.slow(twin="test_lines_of_python_run_on_few_images")
def test_lines_of_python_run(capsys, in_a_folder):
    own_lines(capsys, in_a_folder)


def test_lines_of_python_run_on_few_images(capsys, in_a_folder):
    fewer = {'limited(read("digits"), 200)': 'limited(read("digits"), 8)', "grid=(7, 3)": "grid=(2, 2)"}
    fewer["angles=[30, 180])"] = "angles=[180], steps=4, queries=20, skip=['distance', 'audit'])"
    texts = own_lines(capsys, in_a_folder, fewer.items())
    assert all(sum(text in block for block in texts) == 1 for text in fewer)


# Lines of a shell

DOORS = {
    "tradeoff.simulate": "tradeoff.simulate",
    "tradeoff.words": "tradeoff.words",
    "tradeoff.gallery": "tradeoff.gallery",
    "proofs": "proofs.__main__",
    "empirical": "empirical.__main__",
}
"""Where the main function of a command is, which reads its flags by `cli.read`."""


class ReadError(Exception):
    """The flags of a line were read, and what is to be done is known."""


def arguments_of(line):
    """The module of a line, and what follows it; what a pipe does with the output is another program's."""
    _, _, module, *rest = shlex.split(line.split(" | ")[0])
    return module, rest


@pytest.fixture
def reads_only(monkeypatch, tmp_path):
    """Commands read their flags, make what holds them, and stop there; the files that lines name are there."""
    real = cli.read

    def read(made, arguments, *configs):
        values = real(made, arguments, *configs)
        if configs == (Scenario, RunOptions):
            resolve(values[0], RunOptions(**values[1]))
        else:
            assert [config(**given) for config, given in zip(configs, values, strict=True)]
        raise ReadError

    monkeypatch.setattr(getattr(cli, "command", cli), "read", read)  # where a command looks it up
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my.toml").write_text("p = 0.7\nscaled_radius = [0.5, 1]\n")


@pytest.mark.parametrize("line", [line for line in commands() if arguments_of(line)[0] in DOORS])
def test_flags_of_every_line_can_be_read(line, reads_only):
    module, rest = arguments_of(line)
    if module in ("proofs", "empirical"):
        pytest.importorskip("torch", reason="the measurement room needs torch")
    with pytest.raises(ReadError):
        importlib.import_module(DOORS[module]).main(rest)


def test_a_flag_that_does_not_exist_is_not_read(reads_only, capsys):
    assert importlib.import_module(DOORS["tradeoff.simulate"]).main(["--frontier-of", "1"]) == 2
    assert "--frontier-of" in capsys.readouterr().err


def test_every_line_is_of_a_command_that_this_file_knows():
    others = {arguments_of(line)[0] for line in commands()} - DOORS.keys()
    assert others == {"proofs.recheck"}  # it reads its flags by itself


GALLERY = [block.text.strip() for block in blocks("sh") if block.page == "docs/gallery.md"]
ELSEWHERE = {
    "python -m proofs": "every claim is checked in tests/proofs",
    "python -m proofs.recheck": "the committed certificates are checked in tests/proofs/recheck",
    "python -m empirical measure": "tests/empirical/commands",
    "python -m empirical verify": "tests/empirical/commands",
    "python -m empirical reproduce": "tests/empirical/experiments",
    "python -m empirical examples": "tests/empirical/training",
    "python -m empirical check-attack": "tests/empirical/validation",
    "python -m empirical known-answers": "tests/empirical/validation",
    "python -m tradeoff.gallery": "tests/tradeoff/figures",
    "python -m tradeoff.simulate --figures all": "every figure by itself, there",
    **dict.fromkeys(GALLERY, "the gallery, there"),
}
"""Lines that take minutes, or a network of one's own, are run as a whole where this says."""
HERE = [line for line in commands() if not any(f"{line} ".startswith(f"{start} ") for start in ELSEWHERE)]


@pytest.mark.slow(twin="test_flags_of_every_line_can_be_read")
@pytest.mark.parametrize("line", HERE)
def test_lines_run(line, tmp_path, children):
    (tmp_path / "my.toml").write_text("p = 0.7\nscaled_radius = [0.5, 1]\n")
    module, rest = arguments_of(line)
    done = children.run("-m", module, *rest, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stderr
    assert done.stdout
