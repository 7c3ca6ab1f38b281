"""What a file claims, and what of it comes into memory: bombs, headers that lie, pipes, and the limit."""

import gzip
import io
import os
import struct
import tracemalloc
import zipfile

import numpy as np
import pytest
import torch
from PIL import Image

from empirical import data
from empirical.data import gathered, mnist
from empirical.data.cache import VARIABLE
from empirical.data.images import content_checksum
from tradeoff.shared import checks, machine

GREY = np.random.default_rng(0).integers(0, 256, (50, 4, 5), dtype=np.uint8)
LABELS = np.arange(50) % 7


def npy(array) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def header(text: str) -> bytes:
    """The beginning of a .npy file with any words in its header."""
    words = text.encode("latin1") + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(words)) + words


def archive(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(f"{name}.npy", content)
    return str(path)


# The limit


@pytest.mark.parametrize("kind", ["npz", "by columns", "folder"])
@pytest.mark.parametrize("limit", [1, 7, 50, 99])
def test_a_limit_gives_what_would_have_been_chosen_of_all(tmp_path, monkeypatch, kind, limit):
    monkeypatch.setattr("empirical.data.npz.AT_ONCE", 60)  # three images
    if kind == "folder":
        for row, label in enumerate(LABELS):
            (tmp_path / f"class{label}").mkdir(exist_ok=True)
            Image.fromarray(GREY[row]).save(tmp_path / f"class{label}" / f"{row:02}.png")
        spec = str(tmp_path)
    else:
        pixels = np.asfortranarray(GREY) if kind == "by columns" else GREY
        np.savez(tmp_path / "mine.npz", images=pixels, labels=LABELS)
        spec = str(tmp_path / "mine.npz")
    whole, few = data.read(spec), data.read(spec, limit=limit)
    expected = data.limited(whole, limit)
    assert few.checksum == whole.checksum == content_checksum(whole.images, whole.labels)
    for name in ("images", "labels", "indices"):
        assert torch.equal(getattr(few, name), getattr(expected, name))
    assert (few.classes, few.class_names, few.name) == (expected.classes, expected.class_names, expected.name)


def test_a_small_file_that_unfolds_to_much_takes_the_memory_of_its_limit(tmp_path, monkeypatch):
    """40 MB in an archive of 40 kB."""
    monkeypatch.setattr("empirical.data.npz.AT_ONCE", 2**18)
    zeros = np.zeros((10_000, 64, 64), np.uint8)
    path = archive(tmp_path / "bomb.npz", images=npy(zeros), labels=npy(np.zeros(len(zeros), np.uint8)))
    del zeros
    tracemalloc.start()
    found = data.read(path, limit=3)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found) == 3
    assert peak < 1e7


def test_what_does_not_fit_the_memory_is_refused_before_it_is_read(tmp_path, monkeypatch):
    np.savez(tmp_path / "mine.npz", images=GREY, labels=LABELS)
    monkeypatch.setattr(machine, "memory", lambda: 3000)
    says = r"data='.*mine\.npz': 50 images need 0\.0 GiB, and this machine has 0\.0; use a smaller limit"
    with pytest.raises(checks.InputError, match=says):
        data.read(str(tmp_path / "mine.npz"))
    assert len(data.read(str(tmp_path / "mine.npz"), limit=2)) == 2
    monkeypatch.setattr(machine, "memory", lambda: None)  # a system that does not tell
    assert len(data.read(str(tmp_path / "mine.npz"))) == 50


def test_a_machine_knows_its_memory():
    assert machine.memory() is None or machine.memory() > 2**27


def test_a_limit_of_nothing_is_refused_whatever_is_read():
    with pytest.raises(checks.InputError, match="limit=0 must be at least 1"):
        data.read("digits", limit=0)


# Headers of arrays


PLAIN = "{'descr': '|u1', 'fortran_order': False, 'shape': (50, 4, 5), }"
CRAFTED = {
    "ends inside": "{'descr': '|u1', 'fortran_order': False, 'shape': (50, 4",
    "never closed": "(" * 200,
    "deep": "[" * 90 + "]" * 90,
    "no number": "{'descr': '|u1', 'fortran_order': False, 'shape': (50, 'a'), }",
    "negative": "{'descr': '|u1', 'fortran_order': False, 'shape': (-50, -4, 5), }",
    "10**12 rows": "{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000000, 4, 5), }",
    "beyond int64": "{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999999, 4, 5), }",
    "a product of 0 in int64": "{'descr': '|u1', 'fortran_order': False, 'shape': (4294967296, 4294967296, 5), }",
    "a strange type": "{'descr': 'q9', 'fortran_order': False, 'shape': (50, 4, 5), }",
    "a type without size": "{'descr': '|V0', 'fortran_order': False, 'shape': (50, 4, 5), }",
    "no header": "\x00\x01",
}


@pytest.mark.parametrize("what", CRAFTED)
@pytest.mark.parametrize("member", ["images", "labels"])
def test_a_crafted_header_is_answered_in_a_sentence(tmp_path, what, member):
    members = {"images": npy(GREY), "labels": npy(LABELS)}
    path = archive(tmp_path / "mine.npz", **members | {member: header(CRAFTED[what]) + GREY.tobytes()})
    with pytest.raises(checks.InputError, match=r"data='.*mine\.npz'") as refused:
        data.read(path)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("size", [999, 1001])
def test_an_array_of_another_size_than_its_header_says_is_refused(tmp_path, size):
    path = archive(tmp_path / "mine.npz", images=header(PLAIN) + bytes(size), labels=npy(LABELS))
    with pytest.raises(checks.InputError, match=rf"images claims the shape \(50, 4, 5\) of uint8 and has {size + 74}"):
        data.read(path)


def test_a_name_that_comes_twice_is_refused(tmp_path):
    path = archive(tmp_path / "mine.npz", images=npy(GREY), labels=npy(LABELS))
    with zipfile.ZipFile(path, "a") as file, pytest.warns(UserWarning, match="Duplicate name"):
        file.writestr("images.npy", npy(GREY))
    with pytest.raises(checks.InputError, match="must hold exactly one array named images"):
        data.read(path)


# IDX files


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    made = tmp_path / "mnist"
    made.mkdir()
    pictures = np.zeros((2, 28, 28), np.uint8)
    (made / "t10k-images.idx3-ubyte").write_bytes(idx(pictures.shape) + pictures.tobytes())
    (made / "t10k-labels.idx1-ubyte.gz").write_bytes(gzip.compress(idx((2,)) + bytes(2)))
    return made


def idx(sizes) -> bytes:
    return struct.pack(f">I{len(sizes)}I", 0x0800 + len(sizes), *sizes)


def test_names_with_a_dot_are_known_too(folder):
    assert mnist.published_test().images.shape == (2, 1, 28, 28)


SIZES = [(2**32 - 1, 2**32 - 1, 2**32 - 1), (2**32 - 1, 28, 28), (10**6, 28, 28), (2, 56, 14), (0, 28, 28), (3, 28, 28)]


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("zipped", [False, True])
def test_sizes_that_no_published_file_has_are_refused(folder, sizes, zipped):
    content = idx(sizes) + bytes(2 * 28 * 28)
    for path in folder.glob("t10k-images*"):
        path.unlink()
    if zipped:
        (folder / "t10k-images-idx3-ubyte.gz").write_bytes(gzip.compress(content))
    else:
        (folder / "t10k-images-idx3-ubyte").write_bytes(content)
    with pytest.raises(checks.InputError, match="is not a whole IDX file of 3 dimensions"):
        mnist.published_test()


def test_a_file_that_unfolds_to_more_than_it_says_is_not_unfolded(folder):
    bomb = gzip.compress(idx((2,)) + bytes(50_000_000))
    (folder / "t10k-labels.idx1-ubyte.gz").write_bytes(bomb)
    tracemalloc.start()
    with pytest.raises(checks.InputError, match="it holds more than the 2 bytes of its header"):
        mnist.published_test()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10 * len(bomb) + 2_000_000


# Pipes, and many classes


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
@pytest.mark.parametrize("name", ["ant/0.png", "mine.npz", "classes.txt"])
def test_a_pipe_is_not_waited_for(tmp_path, name):
    (tmp_path / "ant").mkdir()
    Image.fromarray(GREY[0]).save(tmp_path / "ant" / "1.png")
    os.mkfifo(tmp_path / name)
    if name == "classes.txt":
        assert len(data.read(str(tmp_path))) == 1
        return
    with pytest.raises(checks.InputError, match=r"is no regular file|is not there"):
        data.read(str(tmp_path / name if name == "mine.npz" else tmp_path))


def test_many_class_names_take_no_time_of_their_own(tmp_path, monkeypatch):
    """Each name is looked up, and not searched for."""
    (tmp_path / "class0").mkdir()
    Image.fromarray(GREY[0]).save(tmp_path / "class0" / "1.png")
    compared = []

    class Counted(str):
        def __eq__(self, other):
            compared.append(1)
            return str.__eq__(self, other)

        __hash__ = str.__hash__

    listed = [Counted(f"class{number}") for number in range(2000)]
    monkeypatch.setattr("empirical.data.class_folders._listed", lambda order: listed)
    (tmp_path / "classes.txt").write_text("x")
    assert data.read(str(tmp_path)).classes == 2000
    assert len(compared) < 20 * len(listed)


def test_many_images_are_kept_in_their_order():
    labels = torch.arange(300)
    found = gathered.Gathered(gathered.Path("x"), (1, 1, 1), labels, 300, 40)
    for row in range(300):
        found.add(np.full((1, 1, 1, 1), row / 300))
    kept = found.whole("x")
    assert torch.equal(kept.images.flatten(), (kept.labels / 300).float())
