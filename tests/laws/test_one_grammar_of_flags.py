"""One grammar of flags in all commands: found from their parsers, held to the table of `flag_rules`."""

import json
import re
import shlex
from dataclasses import MISSING, fields, replace
from pathlib import Path

import pytest

from tests.laws.flag_rules import called, every_command, line, rule
from tradeoff import __version__
from tradeoff.shared import cli, streams
from tradeoff.shared.cli import config_file, kinds
from tradeoff.shared.cli.options import GROUPS, flag_of
from tradeoff.shared.cli.parser import flag_name

ROOT = Path(__file__).parents[2]
COMMANDS = {called(command): command for command in every_command()}
FLAGS = [(command, name) for command, made in COMMANDS.items() for name in made.parser().flags]
LISTS = [(command, name) for command, name in FLAGS if COMMANDS[command].parser().flags[name].many]
SWITCHES = [(command, name) for command, name in FLAGS if COMMANDS[command].parser().flags[name].kind is kinds.switch]


def value(command, name, words, **more):
    """What a command reads for a flag."""
    given = COMMANDS[command].read(line(COMMANDS[command], *words, **more))
    (found,) = (one[name] for one in given if name in one)
    return found


def typed(command, name, text):
    """The words that give a flag a value, and what they are in the place of."""
    flag = COMMANDS[command].parser().flags[name]
    return ([text] if flag.front else [flag_name(name), text]), name if flag.front or flag.missing else ""


@pytest.mark.parametrize(("command", "name"), FLAGS)
def test_a_flag_accepts_what_its_rule_says(command, name):
    texts = rule(COMMANDS[command], name).accepts
    assert texts or (command, name) in SWITCHES
    for text in texts:
        words, without = typed(command, name, text)
        value(command, name, words, without=without)


@pytest.mark.parametrize(("command", "name"), FLAGS)
def test_what_is_impossible_is_refused_at_the_door_in_one_sentence(command, name, capsys):
    def never(*given):
        raise AssertionError("ran")

    made = replace(COMMANDS[command], run=never)
    for text in rule(made, name).refuses:
        words, without = typed(command, name, text)
        assert (
            cli.answered("program", lambda words=words, w=without: made(line(made, *words, without=w)), interrupted="")
            == 2
        )
        said = capsys.readouterr()
        assert said.out == ""
        assert re.fullmatch(rf"program: {name}\b.+\n", said.err), (text, said.err)
        assert len(said.err) < 700


@pytest.mark.parametrize(("command", "name"), LISTS)
def test_lists_take_commas_and_spaces_alike(command, name, tmp_path):
    one, two = rule(COMMANDS[command], name).accepts[:2]
    flag, without = flag_name(name), typed(command, name, "")[1]
    found = value(command, name, [f"{flag}={one}", f"{flag}={two}"], without=without)
    assert len(found) == 2
    for words in ([flag, one, two], [flag, f"{one},{two}"], [flag, f"{one},", two], [f"{flag}={one}", two]):
        assert value(command, name, words, without=without) == found
    for file, content in {
        "a.toml": f"{name} = {json.dumps([one, two])}",
        "a.json": json.dumps({name: f"{one}, {two}"}),
    }.items():
        (tmp_path / file).write_text(content)
        assert value(command, name, ["--config", str(tmp_path / file)], without=without) == found


@pytest.mark.parametrize(("command", "name"), LISTS)
@pytest.mark.parametrize("words", [["{one},,{two}"], [","], [], ["{one}", "{one}"]])
def test_lists_that_make_no_sense_are_refused(command, name, words, capsys):
    one, two = rule(COMMANDS[command], name).accepts[:2]
    given = [word.format(one=one, two=two) for word in words]
    if len(given) == 2 and COMMANDS[command].parser().flags[name].repeats:
        assert value(command, name, [flag_name(name), *given], without=typed(command, name, "")[1])
        return
    made = COMMANDS[command]
    assert cli.answered("program", lambda: made(line(made, flag_name(name), *given)), interrupted="") == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("form", ["toml", "json"])
@pytest.mark.parametrize(("command", "name"), FLAGS)
def test_a_file_gives_every_flag_and_the_command_line_wins(command, name, form, tmp_path):
    flag, path = COMMANDS[command].parser().flags[name], tmp_path / f"mine.{form}"
    first, second = (True, False) if (command, name) in SWITCHES else (rule(COMMANDS[command], name).accepts * 2)[:2]
    key = name.replace("_", "-")
    path.write_text(json.dumps({key: first}) if form == "json" else f"{key} = {json.dumps(first)}\n")
    words, without = ([], "") if (command, name) in SWITCHES else typed(command, name, second)
    said = value(command, name, ["--config", str(path)], without=without or name if without else "")
    if (command, name) in SWITCHES:
        back = f"--with-{key[3:]}" if key.startswith("no-") else f"--no-{key}"
        assert said is True
        assert value(command, name, ["--config", str(path), back]) is False
    else:
        assert said == value(command, name, typed(command, name, first)[0], without=without)
        both = value(command, name, ["--config", str(path), *words], without=without)
        assert both == value(command, name, words, without=without)
    assert flag.group in GROUPS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_the_common_flags(command, capsys):
    made = COMMANDS[command]
    assert {"out", "quiet"} <= made.parser().flags.keys()
    with pytest.raises(SystemExit) as end:
        made(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"robustness-tradeoff {__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_alike_and_says_every_default(command):
    made = COMMANDS[command]
    text = made.parser().format_help()
    told = [line[:-1] for line in text.splitlines() if line.removesuffix(":") in GROUPS]
    assert told == [name for name in GROUPS if name in told]
    assert "general" in told
    for config in made.configs:
        for spec in fields(config):
            flag = flag_of(spec)
            assert not re.search(r"\(default", flag.help), spec.name  # it is said by the default alone
            if flag.kind is not kinds.switch and spec.default not in (MISSING, None, ()):
                part = re.split(rf"^  {flag_name(spec.name)}\b", text, flags=re.MULTILINE)[1].split("\n  --")[0]
                assert "(default:" in " ".join(part.split()), spec.name


def test_a_name_is_called_alike_in_every_command():
    called_by: dict[str, set[str]] = {}
    for command, name in FLAGS:
        called_by.setdefault(name, set()).add(COMMANDS[command].parser().flags[name].metavar)
    assert {name: metavars for name, metavars in called_by.items() if len(metavars) > 1} == {}


@pytest.mark.parametrize("command", COMMANDS)
def test_unknown_keys_and_flags_are_refused_with_the_nearest(command, tmp_path, capsys):
    made = COMMANDS[command]
    (tmp_path / "mine.json").write_text('{"queit": true}')
    for words in (["--config", str(tmp_path / "mine.json")], ["--queit"]):
        assert cli.answered("program", lambda words=words: made(line(made, *words)), interrupted="") == 2
        said = capsys.readouterr().err
        assert re.search(
            r"unknown key 'queit'; the nearest (is|are) quiet.*\n|--queit \(did you mean --quiet[ ?]", said
        )


def printed_lines():
    """Every command line of ours in the README and the docs, without comments, pipes and files of the reader's own."""
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))):
        for found in re.findall(r"\bpython -m ([^#|`\n]+)", page.read_text()):
            room, *words = shlex.split(re.sub(r"--config \S+", "", found))
            name = words.pop(0) if room == "empirical" and words else room
            if name in COMMANDS and words:
                yield pytest.param(name, words, id=f"{page.name}: {found.strip()[:80]}")


@pytest.mark.parametrize(("command", "words"), list(printed_lines()))
def test_what_the_pages_print_can_be_typed(command, words):
    assert COMMANDS[command].read(words)


def shown_calls():
    """Every call that the help of a command shows, which begins with the command itself."""
    for name, command in COMMANDS.items():
        about = command.about.replace("\\\n", "")
        for words in re.findall(rf"^  {re.escape(command.program)} (.+)", about, re.MULTILINE):
            yield pytest.param(name, shlex.split(words), id=f"{name}: {words}")


@pytest.mark.parametrize(("command", "words"), list(shown_calls()))
def test_what_the_help_shows_can_be_typed_and_fits_the_page(command, words):
    made = COMMANDS[command]
    assert [config(**values) for config, values in zip(made.configs, made.read(words), strict=True)]
    shown = [line for line in made.about.splitlines() if line.startswith("  ")]
    assert max(map(len, shown)) <= 80


def test_the_help_of_measure_shows_three_calls():
    assert [call.values[0] for call in shown_calls()].count("measure") == 3


def test_help_loads_nothing_heavy(children):
    code = """
import sys
from tests.laws.flag_rules import every_command
for command in every_command():
    assert command.parser().format_help().startswith("usage: ")
heavy = {"torch", "matplotlib", "scipy", "sklearn", "sympy", "z3", "flint", "galois", "numba", "numpy"}
print(sorted(heavy & sys.modules.keys()))
"""
    done = children.run("-c", code)
    assert done.stdout == "[]\n", done.stderr


def test_what_is_impossible_is_said_without_loading_anything_heavy(children):
    """Every value that `flag_rules` refuses, and flags of `measure` and `verify` that do not go together."""
    code = """
import sys
HEAVY = {"torch", "matplotlib", "scipy", "sklearn", "sympy", "z3", "flint", "galois", "numba", "pandas"}
class Blocked:
    def find_spec(self, name, *more):
        assert name.split(".")[0] not in HEAVY, name
sys.meta_path.insert(0, Blocked())
from empirical.__main__ import main
from tests.laws.flag_rules import called, every_command, line, rule
from tradeoff.shared import checks
from tradeoff.shared.cli.parser import flag_name
def refused(command, words):
    try:
        command(words)
    except checks.InputError:
        return 1
    raise SystemExit(f"{command.program} takes {words}")
count = 0
for command in every_command():
    for name, flag in command.parser().flags.items():
        for text in rule(command, name).refuses:
            words = [text] if flag.front else [flag_name(name), text]
            count += refused(command, line(command, *words, without=name if flag.front or flag.missing else ""))
for words in (
    ["measure", "--model", "a.py:b", "c.py:d", "--weights", "w.pth"],
    ["measure", "--model", "a.py:b", "--mean", ".5"],
    ["measure", "--model", "a.py:b", "--mean", ".5", "--std", ".2", "--normalize", "cifar10"],
    ["verify", "runs/x", "--model", "a.py:b", "--std", ".2"],
    ["nothing"],
):
    assert main(words) == 2
print(count)
"""
    done = children.run("-c", code)
    assert int(done.stdout or 0) > 300, done.stderr
    assert done.stderr.count("\n") == 5, done.stderr


def test_quiet_hushes_remarks_and_progress_and_no_result(capsys, monkeypatch):
    def run(given):
        streams.remark("a remark")
        with cli.bar(3, "work") as advance:
            advance(1)
        print("a result")
        return 0

    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    made = replace(COMMANDS["known-answers"], run=run)
    assert made(["--quiet"]) == 0
    assert capsys.readouterr() == ("a result\n", "")
    assert made([]) == 0
    assert capsys.readouterr().err.startswith("a remark\n")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"p": 1, "p": 2}', "has 'p' twice"),
        ("[1]", "is not JSON"),
        ("{", "is not JSON"),
        ("[" * 100_000, "is nested too deeply"),
        ('{"p": ' + "9" * 5000 + "}", "is not JSON"),
        ('{"q": {"p": 1}}', "unknown key 'q'; use any of p"),
    ],
)
def test_a_json_file_that_cannot_be_used_is_a_sentence(content, says, tmp_path):
    (tmp_path / "mine.json").write_text(content)
    with pytest.raises(ValueError, match=re.escape(says)):
        config_file.values(str(tmp_path / "mine.json"), ["p"])


@pytest.mark.parametrize("command", COMMANDS)
def test_help_fits_the_page(command, capsys):
    with pytest.raises(SystemExit):
        COMMANDS[command].parser().parse_args(["--help"])
    assert [line for line in capsys.readouterr().out.splitlines() if len(line) > 80] == []
