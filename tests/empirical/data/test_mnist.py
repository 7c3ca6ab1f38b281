"""The reader on small files that are made here, and on the real ones where TRADEOFF_DATA has them."""

import gzip
import os
import struct
from pathlib import Path

import numpy as np
import pytest
import torch

from empirical.data import DATASETS, mnist
from empirical.data.cache import VARIABLE
from tradeoff.shared import checks


def idx(array: np.ndarray) -> bytes:
    return struct.pack(f">I{array.ndim}I", 0x0800 + array.ndim, *array.shape) + array.tobytes()


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """Three training images and two test images, one file gzipped and the others not."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    rng, made = np.random.default_rng(0), tmp_path / "mnist"
    made.mkdir()
    for part, count in (("train", 3), ("t10k", 2)):
        pictures = rng.integers(0, 256, (count, 28, 28), dtype=np.uint8)
        (made / f"{part}-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(pictures)))
        (made / f"{part}-labels-idx1-ubyte").write_bytes(idx(np.arange(count, dtype=np.uint8)))
    return made


def test_images_and_labels_come_in_the_published_order(folder):
    data = DATASETS["mnist"]()
    assert data.images.shape == (5, 1, 28, 28)
    assert data.labels.tolist() == [0, 1, 2, 0, 1]
    raw = gzip.decompress((folder / "t10k-images-idx3-ubyte.gz").read_bytes())[16:]
    assert data.images[3, 0, 0, 1] == raw[1] / 255 * torch.tensor(1.0)
    assert data.images.max() <= 1


def test_other_bytes_have_another_checksum(folder):
    before = mnist.load().checksum
    (folder / "t10k-labels-idx1-ubyte").write_bytes(idx(np.array([4, 5], dtype=np.uint8)))
    assert mnist.load().checksum != before


def test_a_folder_that_is_not_there_is_named_in_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "nowhere"))
    with pytest.raises(checks.InputError, match=r"data='mnist' is not at .*nowhere/mnist'; set TRADEOFF_DATA"):
        mnist.load()


def test_without_the_variable_the_cache_is_looked_at(monkeypatch, tmp_path):
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    with pytest.raises(checks.InputError, match=r"\.cache"):
        mnist.load()


def test_without_a_home_folder_the_variable_is_named(monkeypatch):
    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(checks.InputError, match=r"no home folder, .*; set TRADEOFF_DATA to the folder"):
        mnist.load()


@pytest.mark.parametrize("folder", ["x" * 5000, "x/" * 5000, "a\x1b[2J\n"])
def test_a_folder_that_cannot_be_is_refused_in_a_sentence(monkeypatch, folder):
    monkeypatch.setenv(VARIABLE, folder)
    with pytest.raises(checks.InputError, match=r"; set TRADEOFF_DATA to the folder") as refusal:
        mnist.load()
    assert str(refusal.value).isprintable()
    assert len(str(refusal.value)) < 500


def test_a_missing_file_is_named(folder):
    (folder / "train-labels-idx1-ubyte").unlink()
    with pytest.raises(checks.InputError, match="lacks train-labels-idx1-ubyte"):
        mnist.load()


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-10],
        lambda content: b"",
        lambda content: content[:3],
        lambda content: b"not gzip at all",
        lambda content: gzip.compress(gzip.decompress(content)[:-1]),
        lambda content: gzip.compress(b"\x00\x00\x0d\x03" + gzip.decompress(content)[4:]),
    ],
)
def test_a_damaged_file_is_refused(folder, damage):
    path = folder / "train-images-idx3-ubyte.gz"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(checks.InputError, match="not a whole IDX file"):
        mnist.load()


@pytest.mark.skipif(
    not (Path(os.environ.get(VARIABLE, "nowhere")) / "mnist").is_dir(),
    reason=f"no mnist/ in the folder named in {VARIABLE}",
)
def test_the_real_images():
    data = mnist.load()
    assert torch.bincount(data.labels[60_000:]).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert data.images.shape == (70_000, 1, 28, 28)
    assert data.labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert data.images[:60_000].mean() == pytest.approx(0.1307, abs=1e-4)
