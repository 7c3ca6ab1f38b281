import json
from dataclasses import replace
from functools import partial

import pytest

from empirical.report import publish, robustbench
from empirical.report.text import network as measured_text
from empirical.statistics import paired, records
from empirical.statistics.readings import readings
from empirical.statistics.records import reading_of
from empirical.validation.flags import Flag
from tests.empirical.small_runs import measured, without
from tradeoff.shared import checks
from tradeoff.shared.cli import PAGE, fitted

FLAGS = [Flag("weak", True, True, "it is weak")]
DRAWN = {f"{name}.{kind}" for name in ("profiles", "joint") for kind in ("jsonl", "png", "svg")}
FIGURES = DRAWN | {"adversarial.png"}


def weak(run):
    return FLAGS


def none(run):
    return []


def files(folder) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_one_network_is_published_whole(tmp_path):
    found = measured()
    published = publish.publish(tmp_path, [found], weak)
    published.check()
    summary = published.summary
    own = f"plain-{found.run}"
    assert set(files(tmp_path)) == FIGURES | {
        "summary.txt",
        "published.json",
        f"{own}/records.jsonl",
        f"{own}/result.json",
    }
    assert summary == measured_text.text([found], [FLAGS])
    assert (tmp_path / "summary.txt").read_text() == fitted(summary, PAGE)
    assert [reading_of(one) for one in records.read(tmp_path / own / "records.jsonl")] == readings(found)
    result = robustbench.parse((tmp_path / own / "result.json").read_text())
    assert result == robustbench.result(found, FLAGS)
    assert result.ours["flags"][0]["text"] == "it is weak"


@pytest.fixture
def no_figures(monkeypatch):
    """Figures are left out, for a test of the other files."""
    monkeypatch.setattr(publish, "_figures", lambda groups: ({}, ""))


@pytest.fixture
def vector_figures(monkeypatch):
    """Figures as SVG alone: most of the time goes into dots."""
    monkeypatch.setattr(publish.drawing, "files", partial(publish.drawing.files, kinds=("svg",)))
    monkeypatch.setattr(publish.adversarial_examples, "why_not", lambda groups: "this test draws no images")


def test_several_networks_have_their_pairs(tmp_path, no_figures):
    found = [measured("plain"), measured("turned")]
    publish.publish(tmp_path, found, lambda run: FLAGS if run.name == "plain" else [])
    lines = (tmp_path / "pairs.jsonl").read_text().splitlines()
    assert [paired.row(json.loads(line)) for line in lines] == paired.rows(found)
    results = [robustbench.parse((tmp_path / f"{one.name}-{one.run}" / "result.json").read_text()) for one in found]
    assert [[flag["name"] for flag in result.ours["flags"]] for result in results] == [["weak"], []]


@pytest.mark.slow(twin="test_one_network_published_again_is_the_same_bytes")
def test_published_again_it_is_the_same_bytes(tmp_path):
    publish.publish(tmp_path, [measured("plain"), measured("turned")], none)
    before = files(tmp_path)
    publish.publish(tmp_path, [measured("plain"), measured("turned")], none)
    assert files(tmp_path) == before


def test_one_network_published_again_is_the_same_bytes(tmp_path, vector_figures):
    found = without(measured(), "joint")
    publish.publish(tmp_path, [found], none)
    before = files(tmp_path)
    publish.publish(tmp_path, [found], none)
    assert files(tmp_path) == before


def test_what_is_left_out_is_said_and_older_figures_go(tmp_path):
    for name in FIGURES:
        (tmp_path / name).write_bytes(b"older")
    samples = {name: values for name, values in measured().samples.items() if "adversarial" not in name}
    found = without(replace(measured(), samples=samples), "moves", "joint", "control")
    summary = publish.publish(tmp_path, [found], none).summary
    assert "Not drawn: joint, because it needs the part joint" in summary
    assert "Not drawn: adversarial, because adversarial images of plain were not kept." in summary
    common = {name for name in files(tmp_path) if "/" not in name}
    assert common == {"summary.txt", "published.json", "profiles.jsonl", "profiles.png", "profiles.svg"}


def test_a_measurement_on_file_is_left_alone(tmp_path, no_figures):
    """The run's own arrays lie in the same folder."""
    found = measured()
    (tmp_path / f"plain-{found.run}").mkdir()
    kept = tmp_path / f"plain-{found.run}" / "samples.safetensors"
    kept.write_bytes(b"arrays")
    publish.publish(tmp_path, [found], none)
    assert kept.read_bytes() == b"arrays"


def test_refusals_come_before_anything_is_written(tmp_path):
    one = measured()
    other = replace(measured("turned"), data=replace(one.data, checksum="other"))
    with pytest.raises(checks.InputError, match="measure both on the same images"):
        publish.publish(tmp_path, [one, other], none)
    assert files(tmp_path) == {}


BREAKS = {
    "records": ("records_of", "records.jsonl"),
    "flags": ("flags", None),
    "result": ("robustbench.result", "result.json"),
    "summary": ("network.text", "summary.txt"),
    "figure": ("profiles.joint", "joint.jsonl"),
    "reasons": ("adversarial_examples.why_not", "adversarial.png"),
    "sheet": ("adversarial_examples.sheet", "adversarial.png"),
}
"""What is broken, and the file that is lost by it."""


@pytest.mark.parametrize("broken", BREAKS)
def test_an_output_that_fails_takes_no_other_along(tmp_path, monkeypatch, broken, quick_figures):
    """And the failure is told at the end, in one sentence."""
    place, lost = BREAKS[broken]

    def fails(*given, **named):
        return [][1]

    found = measured()
    (tmp_path / "adversarial.png").write_bytes(b"older")
    asked = fails if broken == "flags" else weak
    if broken != "flags":
        monkeypatch.setattr(f"empirical.report.publish.{place}", fails)
    published = publish.publish(tmp_path, [found], asked)
    with pytest.raises(
        checks.InputError, match=r"1 of the outputs failed: .*IndexError.*; the others stand in"
    ) as told:
        published.check()
    assert "\n" not in str(told.value)
    own = f"plain-{found.run}"
    whole = {"summary.txt", "published.json", "profiles.jsonl", "joint.jsonl", "adversarial.png"}
    if broken == "reasons":  # without them no figure is begun
        whole -= {"profiles.jsonl", "joint.jsonl"}
    names = {path.removeprefix(f"{own}/") for path in files(tmp_path)}
    assert names == (whole | {"records.jsonl", "result.json"}) - {lost}


@pytest.fixture
def quick_figures(monkeypatch):
    """Numbers of figures without their pictures."""
    monkeypatch.setattr(publish.drawing, "files", partial(publish.drawing.files, kinds=()))
    monkeypatch.setattr(publish.drawing, "encode", lambda figure, kind: b"picture")


def test_a_full_disk_keeps_what_can_be_written(tmp_path, monkeypatch, quick_figures):
    found, write = measured(), publish.storage.write_atomic

    def full(path, content):
        if path.name in ("result.json", "summary.txt"):
            raise checks.InputError(f"{str(path)!r} cannot be written (No space left on device); free some space")
        write(path, content)

    (tmp_path / "summary.txt").write_text("older")
    monkeypatch.setattr(publish.storage, "write_atomic", full)
    published = publish.publish(tmp_path, [found], weak)
    with pytest.raises(checks.InputError, match=r"result\.json.*No space left on device"):
        published.check()
    assert published.results == ("",)
    assert (tmp_path / "summary.txt").read_text() == "older"
    assert (tmp_path / f"plain-{found.run}" / "records.jsonl").exists()
