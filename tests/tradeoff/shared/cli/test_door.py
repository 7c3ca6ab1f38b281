"""The door of every command: files that cannot be used, texts that can be no path."""

import os
from dataclasses import dataclass

import pytest

from tradeoff.shared import checks, cli


@dataclass(frozen=True)
class Options:
    out: str = cli.option(cli.place, "a folder", default="runs")


def read(*arguments: object) -> Options:
    return Options(**cli.read(cli.parser("test", "A test.", Options), [str(one) for one in arguments], Options)[0])


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_mark_of_bytes_in_front_of_a_config_is_no_part_of_it(tmp_path, mark):
    (tmp_path / "mine.toml").write_bytes(mark + b'out = "there"\r\n')
    assert read("--config", tmp_path / "mine.toml").out == "there"


@pytest.mark.parametrize(
    "content", [b"\xff\xfeo\x00", b"out = ", b"\x00", b"out = " + b"[" * 50_000, b"out = " + b"9" * 5000]
)
def test_a_config_that_is_no_toml_is_a_sentence(tmp_path, content):
    (tmp_path / "mine.toml").write_bytes(content)
    with pytest.raises(checks.InputError, match=r"config='.*mine\.toml' (is not TOML|is nested too deeply)"):
        read("--config", tmp_path / "mine.toml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "mine.toml")
    with pytest.raises(checks.InputError, match="it is no regular file"):
        read("--config", tmp_path / "mine.toml")


@pytest.mark.parametrize("name", ["c" * 5000, "no.toml", "a\0b"])
def test_a_config_that_is_not_there_is_a_sentence(name):
    with pytest.raises(checks.InputError, match="config=") as refused:
        read("--config", name)
    assert len(str(refused.value)) < 500


@pytest.mark.parametrize(("out", "says"), [("", "names nothing"), ("a\0b", "holds the character NUL")])
def test_a_path_is_some_text(out, says):
    with pytest.raises(checks.InputError, match=rf"out=.* {says}.*; name a file or folder \(\. is the folder that"):
        read("--out", out)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (PermissionError(13, "Permission denied", "/secret"), "'/secret' cannot be used (Permission denied)"),
        (OSError(36, "File name too long", "x" * 5000), "cannot be used (File name too long)"),
        (OSError(28, "No space left on device", "records.jsonl"), "'records.jsonl' cannot be used (No space left"),
    ],
)
def test_what_the_disk_refuses_is_a_sentence(capsys, error, says):
    def fails() -> int:
        raise error

    assert cli.answered("test", fails, interrupted="") == 2
    said = capsys.readouterr().err
    assert says in said
    assert len(said) < 500
