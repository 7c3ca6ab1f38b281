"""What was published is made again from arrays and network: each file that says something else is told."""

import hashlib
import json
import re
import shutil

import pytest
import torch

from empirical.data import limited, read
from empirical.measurement import run as measurement
from empirical.measurement.plan import Plan
from empirical.report import publish, published
from tests.empirical.small_runs import linear
from tests.tradeoff.shared.damage import change_digit, flip
from tradeoff.shared import checks

PLAN = Plan(
    *((0.02, 0.05), (60.0,), (1,)),
    draws=2,
    steps=3,
    search_steps=2,
    gradients="float32",
    audit=4,
    queries=3,
    skip=("distance",),
)
NETWORKS = {"plain": 0.0, "turned": 180.0}


@pytest.fixture(scope="module")
def models():
    return {name: linear(0, turned=turned) for name, turned in NETWORKS.items()}


@pytest.fixture(autouse=True)
def sketches(monkeypatch):
    """Pictures are not drawn, which takes most of the time: bytes that depend on the numbers stand for them."""

    def files(sheet):
        yield f"{sheet.name}.jsonl", sheet.to_lines()
        for kind in ("png", "svg"):
            yield f"{sheet.name}.{kind}", kind.encode() + hashlib.sha256(sheet.to_lines().encode()).digest()

    monkeypatch.setattr(publish.drawing, "files", files)
    monkeypatch.setattr(publish.drawing, "encode", lambda figure, kind: figure)
    monkeypatch.setattr(publish.adversarial_examples, "sheet", lambda groups: b"".join(g.name.encode() for g in groups))


def measured(models, folder):
    images = limited(read("digits"), 24)
    return [
        measurement.run(model, images, PLAN, name=name, folder=folder, keep_adversarial=True)
        for name, model in models.items()
    ]


@pytest.fixture(scope="module")
def arrays(models, tmp_path_factory):
    folder = tmp_path_factory.mktemp("arrays")
    return folder, measured(models, folder)


@pytest.fixture
def folder(arrays, tmp_path):
    shutil.copytree(arrays[0], tmp_path / "out")
    publish.publish(tmp_path / "out", arrays[1]).check()
    return tmp_path / "out"


def own(folder, name="plain"):
    return next(folder.glob(f"{name}-*"))


def compared(folder, models, name="plain"):
    return published.compare(own(folder, name), models[name], read("digits"))


def sealed_again(folder):
    """As one would who wants to deceive: the index is made to fit."""
    (folder / publish.INDEX).write_text(publish.index(folder, [own(folder, name).name for name in NETWORKS]))


def test_what_was_published_is_the_same_when_it_is_made_again(folder, models):
    for name in NETWORKS:
        found = compared(folder, models, name)
        assert (found.complaints, found.notes) == ((), ())
        assert found.files == len([path for path in folder.rglob("*") if path.is_file()]) - 2 * 3 - 1
        assert (
            found.text() == f"Published: {found.files} files, made again from the arrays and the network, are the same."
        )


FILES = [
    *("summary.txt", "pairs.jsonl", "adversarial.png"),
    *(f"{name}.{kind}" for name in ("profiles", "joint") for kind in ("jsonl", "png", "svg")),
    *("plain/records.jsonl", "plain/result.json", "turned/records.jsonl", "turned/result.json"),
]


def place(folder, name):
    run, _, file = name.rpartition("/")
    return own(folder, run) / file if run else folder / file


def test_the_files_below_are_all_that_are_published(folder):
    kept = {"run.json", "samples.safetensors", "fingerprint.safetensors", publish.INDEX}
    paths = {path for path in folder.rglob("*") if path.is_file() and path.name not in kept}
    assert paths == {place(folder, name) for name in FILES}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("harm", ["flipped", "gone"])
def test_a_flipped_bit_and_a_missing_file_are_told(name, harm, folder, models):
    path = place(folder, name)
    if harm == "gone":
        path.unlink()
    else:
        flip(path, 8 * (path.stat().st_size // 2))
    found = compared(folder, models)
    assert path.name in " ".join(found.complaints)
    assert found.text().startswith("PUBLISHED OTHERWISE:")


TAMPERED = [
    ("plain/records.jsonl", r'"hits": (\d+)', r"records\.jsonl, line 1\.hits is \d+, and \d+ is what the arrays"),
    ("plain/records.jsonl", r'"standard_error": (0\.\d{3})', r"line \d+\.standard_error"),
    ("plain/records.jsonl", r'"quantity": "\w+", "run": "\w+", "schema": (\d)', r"line 1\.schema"),
    ("plain/result.json", r'"hits": (\d+)', r"result\.json: robustness_tradeoff\.readings\[1\]\.hits is"),
    ("plain/result.json", r'"clean_acc": "(\d+)', r"result\.json: clean_acc is"),
    ("plain/result.json", r'"gradient_evaluations": (\d+)', r"gradient_evaluations is"),
    ("plain/result.json", r'"text": "[^"\d]+(\d+)', r"flags\[\d+\]\.text is"),
    ("turned/records.jsonl", r'"value": (0\.\d{3})', r"turned.*line \d+\.value"),
    ("summary.txt", r"Clean accuracy (0\.\d+)", r"summary\.txt, line \d+: '  Clean accuracy"),
    ("summary.txt", r"(\d+) of 24", r"summary\.txt, line"),
    ("pairs.jsonl", r'"difference": -?(0\.\d{3})', r"pairs\.jsonl, line"),
    ("profiles.jsonl", r'"y": \[(\d\.\d+)', r"profiles\.jsonl, line \d+\.y\[1\] is"),
    ("joint.jsonl", r'"rows": \[\[(\d\.\d+)', r"joint\.jsonl, line"),
]


@pytest.mark.parametrize("name", ["profiles.jsonl", "plain/records.jsonl"])
def test_a_file_that_is_nested_too_deeply_is_told(name, folder, models):
    place(folder, name).write_text("[" * 100_000)
    sealed_again(folder)
    (said,) = compared(folder, models).complaints
    assert re.search(r"l is not JSON \(maximum recursion depth", said)


@pytest.mark.parametrize(("name", "pattern", "complaint"), TAMPERED)
def test_a_number_that_was_changed_on_purpose_is_told(name, pattern, complaint, folder, models):
    """The index fits again, so nothing but making it again can tell."""
    change_digit(place(folder, name), pattern)
    sealed_again(folder)
    (said,) = compared(folder, models).complaints
    assert re.search(complaint, said), said


def test_every_hit_of_the_records_changed_at_once_is_told(folder, models):
    path = place(folder, "plain/records.jsonl")
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    raised = [line | {"hits": (line["hits"] or 0) + 1} for line in lines]
    path.write_text("".join(json.dumps(line) + "\n" for line in raised))
    assert len(compared(folder, models).complaints) == 2  # its SHA-256, and the first of the numbers


@pytest.mark.parametrize("name", ["profiles.png", "joint.svg", "adversarial.png"])
def test_another_picture_is_told(name, folder, models):
    (folder / name).write_bytes(b"another")
    sealed_again(folder)
    assert compared(folder, models).complaints == (f"{name} is not the picture of these numbers",)


def test_pictures_of_another_version_are_not_compared_and_that_is_said(folder, models, monkeypatch):
    monkeypatch.setattr(publish, "drawn_by", lambda: "matplotlib 99")
    (note,) = compared(folder, models).notes
    assert note.startswith("pictures, since matplotlib 3")
    assert compared(folder, models).complaints == ()


def test_a_flag_that_was_taken_away_is_told(folder, models):
    path = place(folder, "plain/result.json")
    content = json.loads(path.read_text())
    content["robustness_tradeoff"]["flags"][1] |= {"raised": True}
    path.write_text(json.dumps(content, indent=2) + "\n")
    sealed_again(folder)
    (said,) = compared(folder, models).complaints
    assert "flags[2].raised is true, and false is what the arrays" in said


@pytest.mark.parametrize("text", [None, "", "{}\n", "[1]\n", "nonsense\n"])
def test_an_index_that_is_gone_or_no_index_is_told(text, folder, models):
    if text is None:
        (folder / publish.INDEX).unlink()
    else:
        (folder / publish.INDEX).write_text(text)
    (said,) = compared(folder, models).complaints
    assert said.startswith("published.json is missing or damaged")


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c["robustness_tradeoff"].pop("plan"),
        lambda c: c["robustness_tradeoff"].update(batch_size=0),
        lambda c: c["robustness_tradeoff"].update(plan=3),
        lambda c: c["robustness_tradeoff"]["flags"].append("x"),
        lambda c: c.clear(),
    ],
)
def test_a_result_that_says_too_little_is_told(change, folder, models):
    path = place(folder, "plain/result.json")
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))
    assert "cannot be made again" in compared(folder, models).complaints[-1]


def test_a_run_of_an_earlier_call_is_compared_by_itself(folder, models, arrays):
    """The files beside it are of another run now."""
    publish.publish(folder, arrays[1][:1]).check()
    found = compared(folder, models, "turned")
    assert (found.files, found.complaints) == (2, ())
    assert found.notes == ("published.json is of other runs, and so are the files beside it.",)
    change_digit(place(folder, "turned/records.jsonl"), r'"hits": (\d+)')
    assert compared(folder, models, "turned").complaints


def test_a_run_of_which_nothing_was_published_has_nothing_to_compare(arrays, models):
    found = compared(arrays[0], models)
    assert found.text() == "Not compared: nothing was published beside the arrays."
    assert found.complaints == ()


def test_other_images_are_refused(folder, models):
    with pytest.raises(checks.InputError, match="images: the run on file was made with"):
        published.compare(own(folder), models["plain"], limited(read("digits"), 24).take(torch.tensor([0, 1])))
