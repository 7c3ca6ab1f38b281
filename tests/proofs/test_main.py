"""The command: its table, JSON, single claims, mutations, and what it refuses."""

import json
import re
from dataclasses import replace

import pytest

from proofs import __main__ as command
from proofs.ledger import CLAIMS
from proofs.mutation.mutants import Outcome
from proofs.report import text as report


def test_the_command_prints_a_table_and_ends_with_0(capsys, examined):
    assert command.main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    said = " ".join(" ".join(lines[len(CLAIMS) :]).split())
    assert re.match(rf"{len(CLAIMS)} claims: \d+ proved, .*; all as recorded \(\d+\.\d s\)$", said)
    assert all(line.split()[1] in CLAIMS for line in lines[: len(CLAIMS)])
    assert max(map(len, lines)) <= 80
    assert "\x1b" not in "".join(lines)


def test_a_verdict_that_differs_from_the_record_ends_with_1(monkeypatch, capsys, examined):
    changed = replace(CLAIMS["prop1-deviation"], recorded="proved")
    monkeypatch.setitem(CLAIMS, "prop1-deviation", changed)
    assert command.main([]) == 1
    text = capsys.readouterr().out
    assert "recorded as proved" in text
    assert "changed: prop1-deviation" in text


def test_colours_only_where_somebody_sees_them(monkeypatch):
    assert "\x1b[31mrefuted" in report.paint("refuted", True)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert command.in_colour()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not command.in_colour()


def test_json_has_one_object_a_line(capsys, examined):
    assert command.main(["--json"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["id"] for one in found] == list(CLAIMS)
    assert all(one["verdict"] == one["recorded"] and one["evidence"] for one in found)
    assert {"id", "source", "statement", "verdict", "recorded", "evidence", "seconds"} <= found[0].keys()
    assert all({"role", "checker", "statement", "formula", "holds"} <= step.keys() for step in found[0]["evidence"])


def test_one_claim_is_shown_with_all_its_evidence(capsys):
    assert command.main(["--claim", "thm2-upper"]) == 0
    text = capsys.readouterr().out
    for statement in CLAIMS["thm2-upper"].evidence:
        assert statement.role in text
    assert "equal at" in text
    assert "1 claims: 1 proved" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--claim", "thm3"], "claim='thm3' is unknown; use one of s2-label-blind"),
        (["--mutations", "--workers", "0"], "workers=0 must be at least 1: it is a number of processes"),
        (["--mutations", "--workers", "two"], "workers='two' is not a whole number"),
        (["--out", "/dev/null/x"], "out='/dev/null/x' cannot be written"),
        (["--smtlib", "--json"], "json and smtlib exclude each other; give one of them"),
        (["--mutations", "--smtlib", "--certificates"], "mutations and smtlib and certificates exclude"),
        (
            ["--clam", "thm2-upper"],
            "unrecognized arguments: --clam thm2-upper (did you mean --claim?); see python -m proofs --help",
        ),
    ],
)
def test_bad_arguments_are_refused(arguments, message, capsys):
    assert command.main(arguments) == 2
    assert message in capsys.readouterr().err


def test_the_mutations_of_a_claim_are_counted(tmp_path, capsys):
    out = ["--out", str(tmp_path), "--quiet"]
    assert command.main(["--mutations", "--claim", "prop1-existence", "--workers", "1", *out]) == 0
    text = capsys.readouterr().out
    assert (tmp_path / "mutations.txt").read_text() == text
    assert "survived because: +++- agrees with each of its shifts in 2 places" in text
    assert re.search(r"\d+ mutants \(.*\): \d+ killed, \d+ survived \(.* 0 unexplained\)$", text.strip())


def test_a_survivor_without_a_reason_ends_with_1(monkeypatch, capsys):
    monkeypatch.delitem(command_reasons(), "prop1-existence.0: 1 -> 2")
    assert command.main(["--mutations", "--claim", "prop1-existence", "--workers", "1"]) == 1
    assert "1 unexplained" in capsys.readouterr().out


def test_a_reason_for_nothing_ends_with_1(monkeypatch, capsys):
    monkeypatch.setitem(command_reasons(), "prop1-existence.0: 7 -> 8", "no such mutant")
    assert command.main(["--mutations", "--claim", "prop1-existence", "--workers", "1"]) == 1
    assert "reasons for mutants that do not survive: prop1-existence.0: 7 -> 8" in capsys.readouterr().out


def command_reasons():
    from proofs.mutation.equivalent import REASONS

    return REASONS


def test_several_processes_find_the_same(capsys):
    found = []
    for workers in ("1", "2"):
        assert command.main(["--mutations", "--claim", "prop1-existence", "--workers", workers]) == 0
        found.append(capsys.readouterr().out)
    assert found[0] == found[1]


def test_open_kills_are_reported():
    text = report.mutation_summary([Outcome("a.0: 1 -> 2", "constant", True, True)], [])
    assert text.endswith("; 1 of the killed were left open by their checker")


def test_the_page_is_written_whole(tmp_path, capsys, examined, coarse_tables):
    assert command.main(["--out", str(tmp_path / "audit")]) == 0
    assert [path.name for path in (tmp_path / "audit").iterdir()] == ["audit.html"]
    assert "audit.html written" in " ".join(capsys.readouterr().out.split())


def test_help_says_what_can_be_done(capsys):
    with pytest.raises(SystemExit) as end:
        command.main(["--help"])
    assert end.value.code == 0
    assert "Exit code 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("missing", "arguments"), [("sympy", []), ("z3", []), ("flint", []), ("latex2mathml", ["--out", "x"])]
)
def test_a_missing_library_is_named_in_one_sentence(missing, arguments, children, tmp_path):
    arguments = [str(tmp_path / one) if one == "x" else one for one in arguments]
    code = f"import sys; sys.modules[{missing!r}] = None; from proofs.__main__ import main; sys.exit(main({arguments}))"
    done = children.run("-c", code)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert missing in done.stderr
    assert "pip install -e '.[proofs]'" in done.stderr
