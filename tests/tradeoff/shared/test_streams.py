"""Commands whose output nobody can read, in processes of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tradeoff.shared import cli, streams

SCRIPT = """
import sys
from tradeoff.shared import checks, cli, streams

def run():
    if sys.argv[1:] == ["--help"]:
        cli.parser("program", "about ±").parse_args(sys.argv[1:])
    with streams.beside_files() as say:
        say("first ± line\\n" * 20_000)
        say("Written")
        open("file", "w").close()
    if "refuse" in sys.argv:
        raise checks.InputError("step=3 does not divide\\n\\x1b[2J the length")
    return 0

sys.exit(cli.answered("program", run, interrupted=""))
"""
needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no /dev/full")


@pytest.fixture(params=["", "1"], ids=["buffered", "unbuffered"])
def environment(request, tmp_path):
    return {
        "cwd": tmp_path,
        "env": {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": request.param},
    }


@needs_full
@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_a_full_device_is_told_in_a_sentence_when_the_files_are_written(children, environment, tmp_path, arguments):
    with open("/dev/full", "w") as full:
        ended = children.run("-c", SCRIPT, *arguments, stdout=full, **environment)
    told = "program: the output cannot be written (No space left on device); send it somewhere else\n"
    # argparse itself passes over output that fails at once, and then the help was asked for and not read.
    assert (ended.stderr, ended.returncode) in [(told, 2), *([("", 0)] if arguments else [])]
    assert (tmp_path / "file").exists() == (not arguments)


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_a_reader_that_has_gone_is_no_error(children, environment, tmp_path, arguments):
    read, write = os.pipe()
    os.close(read)
    with open(write, "w") as pipe:
        ended = children.run("-c", SCRIPT, *arguments, stdout=pipe, **environment)
    assert ended.stderr == ""
    assert ended.returncode in ((0, 1) if arguments else (1,))
    assert (tmp_path / "file").exists() == (not arguments)


def test_a_console_without_the_character_shows_a_question_mark(children, environment):
    environment["env"]["PYTHONIOENCODING"] = "ascii"
    ended = children.run("-c", SCRIPT, **environment)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[0] == "first ? line"


@needs_full
def test_an_error_that_cannot_be_told_keeps_its_exit_code(children, environment):
    with open("/dev/full", "w") as full:
        ended = children.run("-c", SCRIPT, "refuse", stderr=full, stdout=subprocess.DEVNULL, **environment)
    assert ended.returncode == 2


def test_an_error_is_one_line_whatever_is_in_it(children, environment):
    ended = children.run("-c", SCRIPT, "refuse", **environment)
    assert ended.stderr == "program: step=3 does not divide\\n\\x1b[2J the length\n"


def test_without_standard_output_the_work_is_done(children, environment, tmp_path):
    code = "import os, sys; os.close(1); os.execv(sys.executable, [sys.executable, '-c', sys.argv[1]])"
    ended = children.run("-c", code, SCRIPT, **environment)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert (tmp_path / "file").exists()


def test_the_error_of_output_comes_when_the_work_is_done(monkeypatch):
    done = []

    def gone(*texts, **options):
        raise BrokenPipeError

    monkeypatch.setattr("builtins.print", gone)
    with pytest.raises(BrokenPipeError), streams.beside_files() as say:  # noqa: PT012 (what comes after is the point)
        say("text")
        done.append("files")
    assert done == ["files"]


@pytest.mark.parametrize("name", ["x" * 5000, "missing", "a\nb\x1b"])
def test_a_file_that_nobody_checked_is_told_in_a_sentence(name, capsys):
    assert cli.answered("program", lambda: int(Path(name).read_text()), interrupted="") == 2
    said = capsys.readouterr().err
    assert said.startswith("program: '")
    assert "cannot be used (" in said
    assert said.count("\n") == 1
    assert len(said) < 400


def test_an_error_of_the_program_itself_is_none_of_its_user():
    def lost():
        raise OSError("no file is to blame")

    with pytest.raises(OSError, match="no file"):
        cli.answered("program", lost, interrupted="")


def test_flags_that_nobody_knows_are_not_told_in_full(capsys):
    made = cli.parser("program", "about")
    assert cli.answered("program", lambda: len(cli.read(made, ["--nonsense", "m " * 2500])), interrupted="") == 2
    said = capsys.readouterr().err
    assert said.startswith("program: unrecognized arguments: --nonsense m m ")
    assert said.endswith("; see program --help\n")
    assert len(said) < 300
