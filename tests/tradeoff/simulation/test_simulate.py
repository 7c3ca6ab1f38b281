"""The command as a person meets it: what it prints, writes, refuses and loads."""

import json
from pathlib import Path

import pytest

from tradeoff import simulate
from tradeoff.shared import checks
from tradeoff.simulation.options import RunOptions

QUICK = ["--trials", "200", "--scaled-radius", "0", "1", "--no-figure"]
HEAVY = {"torch", "scipy", "galois", "sympy", "numba", "matplotlib", "numpy", "tqdm"}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_a_run_prints_the_tables_and_writes_record_and_rows(tmp_path, capsys):
    assert simulate.main([*QUICK, "--out", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert max(len(line) for line in out.split("Written")[0].splitlines()) <= 80
    text = " ".join(out.split())
    assert "a = 1, eps = a/sqrt(64) = 0.125" in text
    assert "intervals miss their exact value" in text
    assert "expected; all share the same 200 draws" in text
    assert "Theorem 2 tested at its own radius a = 4, eps = 0.5 (sampled" in text
    assert "eta from 0.3000 to 1" in text
    record = json.loads(next(tmp_path.glob("run-*.json")).read_text())
    assert record["scenario"]["p"] == 0.7
    assert record["options"]["trials"] == 200
    assert set(record["versions"]) == {"tradeoff", "python", "numpy", "scipy"}
    assert {name.split("-")[0] for name in names(tmp_path)} == {"run", "rows"}


def test_the_figure_comes_as_png_and_svg_with_its_rows(tmp_path):
    arguments = ["--trials", "0", "--scaled-radius", "1", "--rules", "bayes", "robust", "--quiet"]
    assert simulate.main([*arguments, "--out", str(tmp_path)]) == 0
    suffixes = {(name.split("-")[0], name.split(".")[-1]) for name in names(tmp_path)}
    assert suffixes == {
        ("run", "json"),
        ("rows", "jsonl"),
        ("tradeoff", "jsonl"),
        ("tradeoff", "png"),
        ("tradeoff", "svg"),
    }


@pytest.mark.parametrize("change", [["--seed", "1"], ["--p", "0.8"], ["--length", "128"], ["--rules", "bayes"]])
def test_another_run_in_the_same_folder_never_overwrites(change, tmp_path):
    for more in ([], change):
        simulate.main([*QUICK, "--quiet", *more, "--out", str(tmp_path)])
    assert len(list(tmp_path.glob("rows-*.jsonl"))) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["--word=++-+", "--step", "4"],  # no shift but the identity
        ["--word=+", "--step", "1"],
        ["--word=++++", "--step", "1"],  # a word equal to all its shifts
        ["--length", "16"],  # eps reaches 1
        ["--p", "0.5"],
        ["--signal", "1e-9"],
        ["--signal", "1e5"],
        ["--scaled-radius", "1e6"],
        ["--family", "antiperiodic"],
        ["--family", "legendre", "--length", "7", "--step", "1"],
        ["--rules", "robust"],
        ["--rules", "bayes:1", "augmented:0,1", "augmented:-1,0,1", "robust_augmented", "constant"],
        ["--also", "fooling", "invariance", "label_blind", "--p", "0.5"],
        ["--group", "rolls", "--word=++-+--", "--step", "3"],
        ["--group", "dihedral", "--word=++-+--++++-+", "--step", "6"],
        ["--patterns", "-++-:3,++++:5"],
        ["--family", "bch", "--length", "15", "--step", "5"],
    ],
)
@pytest.mark.parametrize(
    "figure",
    [
        ["--no-figure"],
        pytest.param([], marks=pytest.mark.slow(twin="test_a_corner_case_is_drawn_without_a_warning")),
    ],
    ids=["rows", "drawn"],
)
def test_corner_cases_run_without_a_warning(arguments, figure, tmp_path):
    """A figure asks for every quantity at 41 radii."""
    given = [*arguments, *figure]
    given += [] if "--scaled-radius" in arguments else ["--scaled-radius", "0", "1"]
    assert simulate.main([*given, "--trials", "20", "--quiet", "--out", str(tmp_path)]) == 0
    lines = next(tmp_path.glob("rows-*.jsonl")).read_text().splitlines()
    assert all("NaN" not in line for line in lines)


def test_a_corner_case_is_drawn_without_a_warning(tmp_path):
    given = ["--word=++-+", "--step", "4", "--scaled-radius", "0", "1", "--trials", "20", "--quiet"]
    assert simulate.main([*given, "--out", str(tmp_path)]) == 0
    assert list(tmp_path.glob("*.svg"))


def test_further_rules_and_columns_stand_in_the_table(capsys):
    simulate.main(
        [
            "--rules",
            "bayes:1",
            "augmented:-1,0,1",
            "--also",
            "fooling",
            "label_blind",
            "--scaled-radius",
            "0",
            "1",
            "--json",
        ]
    )
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {json.dumps(row["rule_params"]) for row in rows if row["rule"]} == {'{"shift": 1}', '{"members": [0, 1, 3]}'}
    blind = [row for row in rows if row["given"] == {"attack": "label_blind"}]
    worst = {
        (row["rule"], row["scaled_radius"]): row
        for row in rows
        if row["quantity"] == "adversarial" and not row["given"]
    }
    assert len(blind) == 4
    assert all(row["high"] >= worst[row["rule"], row["scaled_radius"]]["low"] for row in blind)  # less is known to it
    assert {row["quantity"] for row in rows} >= {"fooling"}


def test_rules_given_twice_are_tested_once():
    assert RunOptions(rules=("bayes", "bayes")).chosen_rules == ("bayes",)
    assert simulate.main(["--rules", "bayes", "bayes", "--json"]) == 2  # on a command line it is a slip


def test_brackets_are_never_told_as_exact(tmp_path, capsys):
    """Six shifts of many patterns: the worst attack is a search, and every line that rests on it says so."""
    arguments = ["--family", "search", "--length", "60", "--step", "10"]
    arguments += ["--rules", "bayes", "augmented", "--scaled-radius", "1", "--trials", "0"]
    simulate.main([*arguments, "--out", str(tmp_path)])
    text = " ".join(capsys.readouterr().out.split())
    assert "<=0.6" in text
    assert "<= and >= mark what the worst attack found reaches" in text
    assert "lowers the third to at most" in text
    assert ">= marks an eta under the worst attack found" in text


def test_the_same_command_writes_the_same_rows(tmp_path):
    for folder in ("a", "b"):
        simulate.main([*QUICK, "--quiet", "--out", str(tmp_path / folder)])
    one, two = (next((tmp_path / folder).glob("rows-*.jsonl")).read_bytes() for folder in ("a", "b"))
    assert one == two


def test_without_out_files_go_to_a_folder_named_by_the_scenario(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    simulate.main([*QUICK, "--quiet"])
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["12bac74b3e83"]


def test_json_prints_rows_and_nothing_else_and_writes_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert simulate.main(["--json"]) == 0
    captured = capsys.readouterr()
    rows = [json.loads(line) for line in captured.out.splitlines()]
    assert {row["method"] for row in rows} == {"exact", "quadrature", "bound"}
    assert captured.err == ""
    assert names(tmp_path) == set()


@pytest.mark.parametrize("form", [["--word=-+-+"], ["--word", "-+-+"], ["--word", "-+-+", "--length", "4"]])
def test_words_may_begin_with_a_minus(form, capsys):
    assert simulate.main([*form, "--step", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0])["length"] == 4


def test_a_config_file_gives_options_and_flags_win(tmp_path, capsys):
    config = tmp_path / "run.toml"
    config.write_text('p = 0.6\nscaled-radius = [0.5]\nrules = ["bayes"]\njson = true\nlength = 128\n')
    assert simulate.main(["--config", str(config), "--p", "0.8"]) == 0
    row = json.loads(capsys.readouterr().out.splitlines()[0])
    assert (row["p"], row["length"], row["step"], row["rule"]) == (0.8, 128, 32, "bayes")


# Arguments, and what the one sentence has to contain.
REFUSED = [
    (["--word=+-x-"], ["word='+-x-'", "'x'", "+ and - only"]),
    (["--word="], ["word=''", "is empty"]),
    (["--step", "3"], ["step=3 does not divide the word length 64", "use one of"]),
    (["--step", "x"], ["step='x'", "whole number"]),
    (["--p", "1"], ["p=1", "[0.5, 1)", "p=0.7"]),
    (["--p", "0.4"], ["p=0.4", "[0.5, 1)"]),
    (["--p", "high"], ["p='high'", "not a number", "[0.5, 1)"]),
    (["--signal", "0"], ["signal=0", "positive"]),
    (["--scaled-radius", "-1"], ["scaled_radius=-1", "not negative"]),
    (["--scaled-radius", "1", "inf"], ["scaled_radius=inf", "finite"]),
    (["--trials", "-5"], ["trials=-5 must be at least 0"]),
    (["--trials", "some"], ["trials='some'", "whole number"]),
    (["--seed", "-1"], ["seed=-1 must be at least 0"]),
    (["--rules", "bayes", "best"], ["rules='best' is unknown", "orbit_average"]),
    (["--family", "golden"], ["family='golden' is unknown", "golay_quarter"]),
    (["--family", "legendre", "--length", "64"], ["odd prime length", "try 7"]),
    (["--length", "62"], ["length=62 is not divisible by 4", "--step"]),
    (["--out", "/dev/null/folder"], ["out='/dev/null/folder' cannot be written", "name a folder"]),
    (["--config", "nowhere.toml"], ["config='nowhere.toml' cannot be read", "exists"]),
    (["--colour"], ["--colour", "--help"]),
    (["--p"], ["--p", "expected one argument"]),
    (["--word=+-x"], ["word='+-x'", "'x'"]),
    (["--length", "1e9"], ["length=1000000000", "at most"]),
    (["--trials", "1e30"], ["trials=", "at most"]),
    (["--signal", "1e300"], ["signal=1e300", "at most"]),
    (["--scaled-radius", "1e308"], ["scaled_radius=1e308", "at most"]),
    (["--length", "4", "--step", "4"], ["got 4/4 = 1", "try length=16, step=4"]),
    (["--out="], ["out=''", "name a file or folder"]),
]


@pytest.mark.parametrize(("arguments", "parts"), REFUSED)
def test_bad_input_ends_with_code_2_and_one_sentence(arguments, parts, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert simulate.main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert all(part in captured.err for part in parts), captured.err


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("pp = 0.7", ["unknown key 'pp'", "the nearest is p"]),
        ("p = ", ["is not TOML"]),
        ('p = "high"', ["p='high'", "not a number"]),
        ("rules = 3", ["rules=3 is not text"]),
        ("json = 1", ["json=1 is not true or false"]),
        ("word = 5", ["word=5 is not text"]),
        ("trials = true", ["trials=True is not a whole number"]),
        ("no_figure = true\nno-figure = true", ["twice", "keep one"]),
        ("scaled_radius = []", ["scaled_radius=[] is not a list with at least one value"]),
        (f"p = {10**400}", ["p=1000", "...", "try p=0.7"]),
        (f"trials = {10**400}", ["trials=1000", "days and more", "use at most"]),
        (f"workers = {10**400}", ["workers=1000", "use at most 256"]),
        ("seed = " + "9" * 5000, ["is not TOML", "4300 digits"]),
        ("p = " + "[" * 5000 + "]" * 5000, ["is nested too deeply"]),
        ('out = "a\\u0000b"', [r"out='a\x00b' holds the character NUL", "name a file or folder"]),
        ('family = "\\u001b[2J\\u202e"', [r"family='\x1b[2J\u202e' is unknown"]),
    ],
)
def test_a_bad_config_file_ends_with_code_2_and_one_sentence(content, parts, tmp_path, capsys):
    config = tmp_path / "run.toml"
    config.write_text(content)
    assert simulate.main(["--config", str(config)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert all(part in error for part in parts), error


def loaded(children, *arguments: str) -> set[str]:
    """Top-level modules that a fresh interpreter holds after the command."""
    code = (
        "import sys, runpy\n"
        f"sys.argv = ['tradeoff.simulate', *{list(arguments)!r}]\n"
        "try: runpy.run_module('tradeoff.simulate', run_name='__main__')\n"
        "except SystemExit as end: assert end.code in (0, None), end.code\n"
        "print('MODULES', *sorted(sys.modules))\n"
    )
    done = children.run("-c", code)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split()[1:])


def test_help_loads_nothing_heavy(children):
    assert not {name.split(".")[0] for name in loaded(children, "--help")} & HEAVY


def test_an_exact_answer_loads_numpy_and_scipy_special_only(children):
    found = loaded(children, "--json")
    assert not {name.split(".")[0] for name in found} & (HEAVY - {"numpy", "scipy"})
    rooms = {
        ".".join(name.split(".")[:2]) for name in found if name.startswith("scipy.") and not name.startswith("scipy._")
    }
    assert rooms <= {"scipy.special", "scipy.version", "scipy.__config__"}, rooms


def test_a_traceback_is_never_shown(children):
    done = children.run("-m", "tradeoff.simulate", "--p", "2")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_python_m_tradeoff_says_what_can_be_done(children):
    done = children.run("-m", "tradeoff")
    assert "python -m tradeoff.simulate" in done.stdout
    assert "python -m proofs" in done.stdout


def test_the_front_page_knows_the_version_and_nothing_else(capsys):
    from tradeoff import __version__
    from tradeoff.__main__ import main

    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"robustness-tradeoff {__version__}\n"
    with pytest.raises(checks.InputError, match="arguments='simulate' are not known here"):
        main(["simulate"])


def rows_of(capsys, *arguments):
    assert simulate.main([*arguments, "--scaled-radius", "1", "--rules", "bayes", "augmented", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [line for line in lines if line["method"] == "montecarlo"]


@pytest.mark.parametrize("path", ["orbit", "vectors", "smooth"])
def test_every_sampled_row_names_its_path(path, capsys):
    rows = rows_of(capsys, "--path", path, "--trials", "3000")
    assert {row["path"] for row in rows} == {path}
    assert {row["level"] for row in rows} == {None if path == "smooth" else 0.99}
    assert {row["trials"] for row in rows} == {2048 if path == "smooth" else 3000}


def test_sampling_stops_when_every_interval_is_narrow(capsys):
    rows = rows_of(capsys, "--until-halfwidth", "0.01")
    assert max(max(row["high"] - row["value"], row["value"] - row["low"]) for row in rows) <= 0.01
    assert {row["level"] > 0.99 for row in rows} == {True}
    assert len({row["trials"] for row in rows}) == 1


def test_the_number_of_processes_changes_no_number(capsys):
    made = [rows_of(capsys, "--trials", "60000", "--path", "vectors", "--workers", workers) for workers in ("1", "2")]
    assert made[0] == made[1]


def test_a_million_shifts_are_done_where_they_can_be_and_refused_in_advance_where_not(capsys):
    """K = d = 2^16 here: linear rules in seconds; the augmented rule names the gigabytes that it would take."""
    many = ["--family", "search", "--length", str(1 << 16), "--step", "1", "--trials", "1000", "--json"]
    assert simulate.main([*many, "--rules", "bayes", "orbit_average", "--scaled-radius", "1"]) == 0
    capsys.readouterr()
    assert simulate.main([*many, "--rules", "augmented"]) == 2
    assert "would fill 103 GB; use a larger step" in capsys.readouterr().err
