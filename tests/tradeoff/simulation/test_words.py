"""The command that lists words, as a person meets it."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tradeoff import words
from tradeoff.codes import FAMILIES

SMALL = ["--length", "16", "--step", "4", "--family", "golay_quarter", "golay_zero", "legendre", "search"]


def found(capsys, *arguments):
    code = words.main([*arguments, "--json"])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_every_family_answers_with_a_word_or_a_reason(capsys):
    code, lines = found(capsys, "--length", "80", "--step", "20", "--min-distance", "3/8")
    assert code == 0
    assert [line["family"] for line in lines] == list(FAMILIES)
    for line in lines:
        assert (line["word"] is None) == (line["reason"] is not None)
    made = {line["family"]: line for line in lines if line["word"]}
    assert {"golay_quarter", "golay_zero", "antiperiodic", "sidelnikov", "search"} == set(made)
    assert made["golay_quarter"]["relative_distance"] == "3/8"
    assert made["golay_zero"]["relative_distance"] == "1/2"


def test_distances_and_patterns_are_those_of_the_word(capsys):
    """Counted here by comparing the word with its shifts, and its columns with each other up to sign."""
    _, lines = found(capsys, *SMALL)
    for line in lines:
        if line["word"] is None:
            continue
        signs = np.array([1 if letter == "+" else -1 for letter in line["word"]])
        shifted = [np.roll(signs, -line["step"] * j) for j in range(len(signs) // line["step"])]
        assert Fraction(line["relative_distance"]) == min(
            Fraction(int((signs != other).sum()), len(signs)) for other in shifted[1:]
        )
        shown = ["".join("+" if sign * column[0] > 0 else "-" for sign in column) for column in np.array(shifted).T]
        assert {p["pattern"]: p["count"] for p in line["patterns"]} == {text: shown.count(text) for text in shown}


def test_a_word_that_is_too_close_is_shown_and_marked(capsys):
    code = words.main(["--word=+++++-++", "--step", "2", "--quiet", "--no-figure", "--json"])
    assert code == 1
    assert json.loads(capsys.readouterr().out)["reaches"] is False


def test_an_orbit_that_repeats_says_so(capsys, tmp_path):
    assert words.main(["--word=++-++-++-++-", "--step", "3", "--out", str(tmp_path)]) == 1
    text = capsys.readouterr().out
    assert "TOO CLOSE" in text
    assert "only 1 different words for 4 elements" in text


def test_your_own_patterns_under_another_group(capsys):
    _, (line,) = found(capsys, "--patterns", "+-+-:2,++++:6", "--group", "dihedral")
    assert (line["length"], line["step"], line["group"], line["elements"]) == (32, 8, "dihedral", 8)


def test_the_picture_and_the_lines_are_written_and_repeat_to_the_byte(tmp_path):
    for folder in ("a", "b"):
        assert words.main([*SMALL, "--quiet", "--out", str(tmp_path / folder)]) == 0
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == ["correlations.jsonl", "correlations.png", "correlations.svg", "words.jsonl"]
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in names)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--length", "3000", "--step", "1500"],
        ["--length", "7", "--step", "7"],
        ["--length", "24", "--step", "6", "--group", "dihedral"],
        ["--length", "24", "--step", "6", "--group", "rolls"],
    ],
)
def test_long_words_one_shift_and_other_groups_are_drawn(arguments, tmp_path):
    words.main([*arguments, "--family", "search", "--quiet", "--out", str(tmp_path)])
    assert {path.suffix for path in tmp_path.iterdir()} == {".jsonl", ".png", ".svg"}


def test_the_same_question_goes_to_the_same_folder_and_another_elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for seed in ("0", "0", "1"):
        words.main([*SMALL, "--no-figure", "--quiet", "--seed", seed])
    assert len(list((tmp_path / "runs").iterdir())) == 2


REFUSED = [
    (["--length", "0"], "length=0 must be at least 1"),
    (["--length", "2000000"], "use at most 1048576"),
    (["--length", "62"], "not divisible by 4; give --step"),
    (["--length", "64", "--step", "7"], "step=7 does not divide"),
    (["--min-distance", "0"], "min_distance=0 is not allowed"),
    (["--min-distance", "9/8"], "min_distance=9/8 is not allowed"),
    (["--min-distance", "1/0"], "min_distance='1/0' is not a number"),
    (["--min-distance", "far"], "min_distance='far' is not a number"),
    (["--family", "golay"], "family='golay' is unknown"),
    (["--group", "square"], "group='square' is unknown"),
    (["--word", "+-", "--patterns", "+-:1"], "exclude each other"),
    (["--word", "+x"], "contains 'x'"),
    (["--word", "++-+", "--length", "7"], "leave --length and --family out"),
    (["--patterns", "++-+:3", "--family", "search"], "leave --length and --family out"),
    (["--patterns", ""], "patterns='' has no signs"),
    (["--seed", "-1"], "seed=-1 must be at least 0"),
    (["--out", ""], "out='' names nothing"),
]


@pytest.mark.parametrize(("arguments", "part"), REFUSED)
def test_bad_input_ends_in_one_sentence_and_writes_nothing(arguments, part, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert words.main(arguments) == 2
    captured = capsys.readouterr()
    assert part in captured.err
    assert captured.err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_an_interrupted_search_leaves_one_sentence(monkeypatch, capsys, tmp_path):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(words, "look", interrupted)
    assert words.main(["--out", str(tmp_path)]) == 130
    assert "interrupted; nothing was written" in capsys.readouterr().err


@pytest.mark.parametrize("out", ["mine", "deep/er"])
def test_files_go_where_the_flag_says(out, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert words.main([*SMALL, "--no-figure", "--out", out]) == 0
    assert [path.relative_to(tmp_path) for path in tmp_path.rglob("*.jsonl")] == [Path(out, "words.jsonl")]
    assert f"Written: {Path(out, 'words.jsonl')}" in capsys.readouterr().out


def test_a_name_that_forges_a_line_stays_on_its_own(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert words.main([*SMALL, "--no-figure", "--out", "a\nTOO CLOSE\x1b[2J\udcff"]) == 0
    written = capsys.readouterr().out.splitlines()[-1]
    assert written == r"Written: a\nTOO CLOSE\x1b[2J\xff/words.jsonl"


def test_a_figure_that_cannot_be_drawn_does_not_take_the_lines_along(tmp_path, monkeypatch):
    def fail(sheet, **_):
        raise RuntimeError("no room for the labels")

    monkeypatch.setattr("tradeoff.shared.drawing.sheet.draw", fail)
    with pytest.raises(RuntimeError, match="no room"):
        words.main(["--length", "16", "--step", "4", "--family", "golay_zero", "--quiet", "--out", str(tmp_path)])
    assert {path.name for path in tmp_path.iterdir()} == {"words.jsonl", "correlations.jsonl"}
    assert json.loads((tmp_path / "words.jsonl").read_text())["family"] == "golay_zero"
