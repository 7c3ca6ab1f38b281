"""The reader on small files that are made here, and on the real ones where they are."""

import numpy as np
import pytest
import torch

from empirical.data import DATASETS, MEASURED, cache, cifar
from tradeoff.shared import checks

SETS = {"cifar10": cifar.CIFAR10, "cifar100": cifar.CIFAR100}


@pytest.fixture(params=SETS)
def made(request, tmp_path, monkeypatch):
    """(layout, folder, records of all files): two images in each file."""
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path))
    layout, rng = SETS[request.param], np.random.default_rng(0)
    folder = tmp_path / layout.folder
    folder.mkdir()
    records = {}
    for number, file in enumerate((*layout.train, *layout.test)):
        records[file] = rng.integers(0, 256, (2, layout.label_bytes + 3072), dtype=np.uint8)
        records[file][:, : layout.label_bytes] = [[0] * (layout.label_bytes - 1) + [number % 10]] * 2
        (folder / file).write_bytes(records[file].tobytes())
    return layout, folder, records


def test_training_images_come_before_the_test_images(made):
    layout, _, records = made
    data = DATASETS[layout.name]()
    assert len(data) == 2 * len(records)
    assert data.labels.tolist() == [number % 10 for number in range(len(records)) for _ in range(2)]
    assert (data.classes, data.images.shape[1:]) == (layout.classes, (3, 32, 32))
    test = MEASURED[layout.name]()
    assert torch.equal(test.images, data.images[-2:])
    assert test.indices.tolist() == [0, 1]
    assert test.checksum != data.checksum


def test_pixels_are_planes_of_red_green_and_blue_row_by_row(made):
    layout, _, records = made
    image = MEASURED[layout.name]().images[1]
    raw = records[layout.test[0]][1, layout.label_bytes :].astype(np.float32) / np.float32(255)
    for channel, row, column in ((0, 0, 1), (1, 5, 0), (2, 31, 31)):
        assert image[channel, row, column] == raw[channel * 1024 + row * 32 + column]


def test_names_of_classes_are_read_where_there_is_one_for_each(made):
    layout, folder, _ = made
    assert MEASURED[layout.name]().class_names == ()
    names = [f"class{k}" for k in range(layout.classes)]
    (folder / layout.names).write_text("\n".join(names) + "\n")
    assert MEASURED[layout.name]().class_name(3) == "class3"
    (folder / layout.names).write_text("too few")
    assert MEASURED[layout.name]().class_names == ()


@pytest.mark.parametrize(
    ("harm", "part"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-1]), "is not a whole file of"),
        (lambda path: path.write_bytes(b""), "is not a whole file of"),
        (lambda path: path.write_bytes(b"\xff" * len(path.read_bytes())), "has label 255 of"),
        (lambda path: path.unlink(), "lacks test"),
    ],
)
def test_a_damaged_file_is_refused_by_name(made, harm, part):
    layout, folder, _ = made
    harm(folder / layout.test[0])
    with pytest.raises(checks.InputError, match=part) as refusal:
        MEASURED[layout.name]()
    assert layout.test[0] in str(refusal.value)


@pytest.mark.parametrize("name", SETS)
def test_a_folder_that_is_not_there_is_named(monkeypatch, tmp_path, name):
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path))
    with pytest.raises(checks.InputError, match=f"data='{name}' is not at .*{SETS[name].folder}"):
        DATASETS[name]()


@pytest.mark.parametrize("name", SETS)
def test_the_published_test_images(name):
    try:
        data = MEASURED[name]()
    except checks.InputError as error:
        pytest.skip(str(error))
    assert len(data) == 10_000
    counts = torch.bincount(data.labels, minlength=data.classes)
    assert counts.min() == counts.max() == 10_000 // data.classes
    assert len(data.class_names) == data.classes
