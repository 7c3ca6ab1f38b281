"""The command's figures and directions: drawn by name, refused in advance, whole or absent."""

import json

import pytest

from tradeoff import simulate
from tradeoff.simulation import options, run
from tradeoff.simulation.options import RunOptions, resolve
from tradeoff.simulation.run import drawable


def test_figures_are_drawn_by_name(tmp_path, capsys):
    assert simulate.main(["--trials", "0", "--out", str(tmp_path), "--figures", "words", "eta"]) == 0
    names = sorted(path.name.split("-")[0] + path.suffix for path in tmp_path.iterdir())
    wanted = ["eta.jsonl", "eta.png", "eta.svg", "rows.jsonl", "run.json", "words.jsonl", "words.png", "words.svg"]
    assert names == wanted


def test_a_figure_that_the_law_does_not_allow_is_refused_before_any_work(tmp_path, capsys, monkeypatch):
    def no_work(*arguments):
        raise AssertionError("worked before looking")

    monkeypatch.setattr(run, "answer", no_work)
    given = ["--group", "dihedral", "--out", str(tmp_path), "--figures", "augmentation"]
    assert simulate.main(given) == 2
    assert "figures=augmentation cannot be drawn: a dihedral group has no ranges" in capsys.readouterr().err


def test_all_figures_leaves_out_what_cannot_be_drawn_and_says_so(capsys):
    options = RunOptions(figures=("all",))
    scenario = resolve({"group": "dihedral"}, options)
    found, left_out = drawable(scenario, options)
    assert "radii" in found
    assert "augmentation" not in found
    assert "has no ranges" in left_out["augmentation"]
    assert "the figure augmentation is left out: a dihedral group has no ranges" in capsys.readouterr().err
    assert len(drawable(resolve({}, options), options)[0]) == 9


def test_unknown_figures_and_no_figures(capsys):
    assert simulate.main(["--figures", "front"]) == 2
    assert "figures='front' is unknown; use one of tradeoff, words" in capsys.readouterr().err
    assert drawable(resolve({}, RunOptions()), RunOptions(no_figure=True)) == ([], {})


def test_an_image_names_its_word(capsys):
    assert simulate.main(["--image", "9", "--json"]) == 0
    row = json.loads(capsys.readouterr().out.splitlines()[0])
    assert (row["length"], row["step"]) == (80, 20)
    assert simulate.main(["--image", "11"]) == 2
    assert "correlation=7/30" in capsys.readouterr().err
    assert simulate.main(["--image", "9", "--family", "search"]) == 2
    assert "family and image exclude each other" in capsys.readouterr().err


def test_the_directions_are_said_when_asked_for(capsys, tmp_path):
    given = ["--trials", "0", "--no-figure", "--out", str(tmp_path), "--scaled-radius", "1"]
    assert simulate.main(given) == 0
    assert "Direction 1" not in capsys.readouterr().out
    assert simulate.main([*given, "--directions"]) == 0
    assert "does not hold: spatial accuracy rises, then falls (claimed: falls)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--json", "--figures", "eta"], "json writes rows and nothing else"),
        (["--json", "--directions"], "json writes rows and nothing else"),
        (["--directions", "--group", "dihedral"], "a dihedral group has no ranges"),
    ],
)
def test_flags_that_contradict_each_other_are_refused_before_any_work(given, message, capsys, monkeypatch, tmp_path):
    def no_work(*arguments):
        raise AssertionError("worked before looking")

    monkeypatch.setattr(run, "answer", no_work)
    assert simulate.main([*given, "--out", str(tmp_path)]) == 2
    assert message in capsys.readouterr().err


def test_ctrl_c_during_figures_keeps_what_is_finished(capsys, monkeypatch, tmp_path):
    from tradeoff import figures

    def stop(name, *arguments, **given):
        if name == "eta":
            raise KeyboardInterrupt
        return build(name, *arguments, **given)

    build = figures.build
    monkeypatch.setattr(figures, "build", stop)
    given = ["--trials", "0", "--quiet", "--out", str(tmp_path), "--figures", "words", "eta"]
    assert simulate.main(given) == 130
    names = sorted(path.name.split("-")[0] + path.suffix for path in tmp_path.iterdir())
    assert names == ["rows.jsonl", "words.jsonl", "words.png", "words.svg"]
    assert "interrupted while figures were drawn; written and whole: " in capsys.readouterr().err


def test_the_record_names_the_figures_that_were_left_out(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(options, "FIGURES", ("words", "joint"))
    given = ["--trials", "0", "--out", str(tmp_path), "--figures", "all", "--group", "dihedral"]
    assert simulate.main([*given, "--length", "16", "--word", "+-++" * 4]) == 0
    (path,) = tmp_path.glob("run-*.json")
    assert "has no ranges" in json.loads(path.read_text())["figures_left_out"]["joint"]
