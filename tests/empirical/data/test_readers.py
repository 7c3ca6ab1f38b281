"""Images to measure on: named sets, folders of class folders, NumPy archives."""

import pickle
import zipfile

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from empirical import data
from empirical.data import class_folders
from empirical.data.images import ImageSet, content_checksum
from tradeoff.shared import checks

BYTES = np.random.default_rng(0).integers(0, 256, (6, 8, 10, 3), dtype=np.uint8)
"""Six colour images, 8 high and 10 wide."""
LABELS = np.array([0, 0, 1, 1, 1, 2])


def archive(path, **arrays_):
    np.savez(path, **arrays_)
    return str(path)


@pytest.fixture
def folder(tmp_path):
    """The six images in the class folders ant, bee and cat."""
    made = tmp_path / "pets"
    for row, (pixels, label) in enumerate(zip(BYTES, LABELS, strict=True)):
        place = made / ("ant", "bee", "cat")[label]
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(place / f"{row}.png")
    return made


# Named sets


def test_every_set_to_train_on_has_a_part_to_measure_on():
    assert data.MEASURED.keys() == data.DATASETS.keys()


def test_no_network_of_this_package_is_measured_on_its_training_images(digits):
    from empirical.experiments.kamath import digits as experiment

    config = experiment.tasks(digits, experiment.SCALES["small"], "x")[0].run.training
    training, _ = digits.split(config.held_out)
    measured = data.read("digits")
    assert len(measured) == 400
    assert measured.checksum == digits.checksum == config.data_checksum
    assert not set(measured.indices.tolist()) & set(training.indices.tolist())
    assert torch.equal(measured.images, digits.images[measured.indices])


def test_mnist_is_measured_on_the_published_test_images(tmp_path, monkeypatch):
    import struct

    from empirical.data.cache import VARIABLE

    monkeypatch.setenv(VARIABLE, str(tmp_path))
    (tmp_path / "mnist").mkdir()
    for part, count in (("train", 3), ("t10k", 2)):
        pictures, labels = np.full((count, 28, 28), count, np.uint8), np.full(count, count, np.uint8)
        for name, array in ((f"{part}-images-idx3-ubyte", pictures), (f"{part}-labels-idx1-ubyte", labels)):
            header = struct.pack(f">I{array.ndim}I", 0x0800 + array.ndim, *array.shape)
            (tmp_path / "mnist" / name).write_bytes(header + array.tobytes())
    found = data.read("mnist")
    assert found.labels.tolist() == [2, 2]
    assert torch.equal(found.images, torch.full((2, 1, 28, 28), 2.0) / 255)


@pytest.mark.parametrize("spec", ["", "letters", "nowhere/else", "pictures.zip"])
def test_what_is_no_data_is_refused(spec, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(checks.InputError, match=r"data='.*' is unknown; use digits, .*, a folder .* FILE\.npz"):
        data.read(spec)


# The same images from any kind of file


def test_a_folder_and_an_archive_of_the_same_images_are_the_same_data(folder, tmp_path):
    one, two = data.read(str(folder)), data.read(archive(tmp_path / "pets.npz", images=BYTES, labels=LABELS))
    assert one.checksum == two.checksum
    assert torch.equal(one.images, two.images)
    assert torch.equal(one.labels, two.labels)
    assert one.images.shape == (6, 3, 8, 10)
    assert one.images[0, 2, 3, 4] == torch.tensor(float(BYTES[0, 3, 4, 2])) / 255


@given(
    arrays(np.uint8, st.tuples(st.integers(1, 4), st.integers(4, 6), st.integers(4, 6), st.sampled_from([1, 3]))),
    st.sampled_from(["images", "x", "x_test"]),
    st.sampled_from(["labels", "y", "y_test"]),
)
def test_the_order_of_axes_does_not_matter(tmp_path_factory, pixels, images, labels):
    """(n, h, w, c) and (n, c, h, w) of the same pixels, under any of the names, are one and the same data."""
    assume(pixels.max() != 1)  # which is asked about
    place, answers = tmp_path_factory.mktemp("npz"), np.arange(len(pixels))
    last = data.read(archive(place / "last.npz", **{images: pixels, labels: answers}))
    first = data.read(archive(place / "first.npz", **{images: pixels.transpose(0, 3, 1, 2), labels: answers}))
    assert last.checksum == first.checksum
    assert torch.equal(last.images, torch.from_numpy(pixels.transpose(0, 3, 1, 2) / 255).float())


@given(arrays(np.float32, (3, 4, 5), elements=st.floats(0, 1, width=32)), st.sampled_from([np.float32, np.float64]))
def test_floats_are_kept_as_they_are(tmp_path_factory, pixels, kind):
    path = tmp_path_factory.mktemp("npz") / "grey.npz"
    found = data.read(archive(path, x=pixels.astype(kind), y=np.zeros(3, np.int8)))
    assert torch.equal(found.images, torch.from_numpy(pixels)[:, None])
    assert found.classes == 1


@given(st.integers(0, 5), st.integers(0, 239), st.integers(0, 5))
def test_the_checksum_sees_every_pixel_and_label(image, pixel, label):
    images, labels = torch.from_numpy(BYTES).float() / 255, torch.from_numpy(LABELS)
    before = content_checksum(images, labels)
    other, answers = images.clone(), labels.clone()
    other.view(6, -1)[image, pixel] += 0.5
    answers[label] += 1
    assert len({before, content_checksum(other, labels), content_checksum(images, answers)}) == 3
    assert content_checksum(images.permute(0, 3, 1, 2), labels) != before
    assert content_checksum(images.clone(), labels.clone()) == before


# A limited number


@given(st.integers(1, 60), st.integers(1, 60))
def test_a_smaller_choice_is_part_of_a_larger_one(one, two):
    total = 50
    whole = ImageSet("sorted", "0", 5, torch.rand(total, 1, 2, 2), torch.arange(total) // 10, torch.arange(total))
    small, large = (data.limited(whole, n) for n in sorted((one, two)))
    assert len(small) == min(one, two, total)
    assert set(small.indices.tolist()) <= set(large.indices.tolist())
    assert small.indices.tolist() == sorted(small.indices.tolist())
    assert torch.equal(small.images, whole.images[small.indices])
    assert data.limited(whole, total) is whole


def test_a_choice_from_images_sorted_by_class_has_all_classes():
    labels = torch.arange(10).repeat_interleave(100)
    whole = ImageSet("sorted", "0", 10, torch.rand(1000, 1, 2, 2), labels, torch.arange(1000))
    assert set(data.limited(whole, 100).labels.tolist()) == set(range(10))


def test_a_limit_of_nothing_is_refused(digits):
    with pytest.raises(checks.InputError, match="limit=0 must be at least 1"):
        data.limited(digits, 0)


# Folders


def test_classes_are_sorted_by_name_and_keep_it(folder):
    found = data.read(str(folder))
    assert (found.name, found.classes, found.class_names) == ("pets", 3, ("ant", "bee", "cat"))
    assert found.labels.tolist() == LABELS.tolist()
    assert data.limited(found, 2).class_names == found.class_names


def test_grey_images_have_one_channel_and_a_lossy_format_is_near(tmp_path):
    smooth = np.add.outer(np.arange(16), np.arange(16)).astype(np.uint8) * 8
    for kind in ("png", "BMP", "jpg", "JPEG"):
        (tmp_path / kind).mkdir()
        Image.fromarray(smooth).save(tmp_path / kind / f"one.{kind}")
    found = data.read(str(tmp_path))
    assert found.images.shape == (4, 1, 16, 16)
    assert found.class_names == ("BMP", "JPEG", "jpg", "png")
    assert torch.equal(found.images[0], found.images[3])
    assert (found.images - found.images[3]).abs().max() < 0.03


def test_a_file_of_names_orders_the_classes(folder):
    (folder / class_folders.ORDER).write_text("dog\ncat\n\nbee\nant\n", encoding="utf-8")
    found = data.read(str(folder))
    assert found.class_names == ("dog", "cat", "bee", "ant")
    assert found.labels.tolist() == [1, 2, 2, 2, 3, 3]
    assert torch.equal(found.images[0, 0], torch.from_numpy(BYTES[5, :, :, 0]).float() / 255)


def test_hidden_files_do_not_count(folder):
    (folder / ".cache").mkdir()
    (folder / "bee" / ".hidden").write_text("x")
    (folder / "read_me.txt").write_text("x")
    assert len(data.read(str(folder))) == 6


def save(place, pixels, *, mode="RGB", name="x.png"):
    Image.fromarray(pixels).convert(mode).save(place / name)


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


DAMAGES = {
    "no images in class folders": lambda folder: [path.unlink() for path in folder.glob("*/*.png")],
    r"bee/x\.png is 10 x 9 RGB, ant/0\.png is 10 x 8 RGB; bring": lambda folder: save(
        folder / "bee", np.zeros((9, 10, 3), np.uint8)
    ),
    r"bee/x\.png is 10 x 8 grey, ant/0\.png is 10 x 8 RGB": lambda folder: save(folder / "bee", BYTES[0], mode="L"),
    r"bee/x\.png has mode RGBA; save it as grey \(L\) or RGB": lambda folder: save(
        folder / "bee", BYTES[0], mode="RGBA"
    ),
    r"bee/x\.png has mode P": lambda folder: save(folder / "bee", BYTES[0], mode="P"),
    r"bee/x\.png has mode 1;": lambda folder: save(folder / "bee", BYTES[0], mode="1"),
    r"bee/3\.png is not a whole image \(.*\); replace or remove it": lambda folder: cut(folder / "bee" / "3.png"),
    r"cat/x\.png is not a whole image": lambda folder: (folder / "cat" / "x.png").write_bytes(b"not a picture"),
    r"cat/y\.png is not a whole image": lambda folder: (folder / "cat" / "y.png").write_bytes(b""),
    r"cat/z\.jpg is not a whole image": lambda folder: Image.fromarray(BYTES[0]).save(folder / "cat/z.jpg", "GIF"),
    r"cat/x\.webp is no image that is read here; a class folder holds \.bmp": lambda folder: (
        folder / "cat" / "x.webp"
    ).write_bytes(b""),
    r"cat/more is a folder": lambda folder: (folder / "cat" / "more").mkdir(),
    r"x\.png lies outside the class folders": lambda folder: save(folder, BYTES[0]),
    r"lacks the class folder 'cat'; write every class once": lambda folder: (folder / "classes.txt").write_text(
        "ant\nbee\n"
    ),
    r"names 'bee' twice": lambda folder: (folder / "classes.txt").write_text("ant\nbee\ncat\nbee\n"),
    r"classes\.txt' cannot be read": lambda folder: (folder / "classes.txt").write_bytes(b"\xff\xfe\xff"),
}


@pytest.mark.parametrize("part", DAMAGES)
def test_a_folder_that_is_not_as_it_should_be_is_refused_with_the_file_named(folder, part):
    DAMAGES[part](folder)
    with pytest.raises(checks.InputError, match=part):
        data.read(str(folder))


@pytest.mark.parametrize("kind", ["jpg", "bmp"])
def test_a_cut_image_is_refused_in_every_format(folder, kind):
    path = folder / "ant" / f"9.{kind}"
    Image.fromarray(BYTES[0]).save(path)
    data.read(str(folder))
    cut(path)
    with pytest.raises(checks.InputError, match=f"ant/9.{kind} is not a whole image"):
        data.read(str(folder))


def test_numbers_as_class_names_must_be_in_their_order(tmp_path):
    for name in range(11):
        (tmp_path / str(name)).mkdir()
        save(tmp_path / str(name), BYTES[0])
    with pytest.raises(
        checks.InputError, match=r"class folders are 0, 1, 10, 2, \.\.\., not the order of their numbers"
    ):
        data.read(str(tmp_path))
    (tmp_path / class_folders.ORDER).write_text("\n".join(str(name) for name in range(11)))
    assert data.read(str(tmp_path)).class_names[2] == "2"
    (tmp_path / class_folders.ORDER).unlink()
    (tmp_path / "10" / "x.png").unlink()
    (tmp_path / "10").rmdir()
    assert data.read(str(tmp_path)).labels.tolist() == list(range(10))


# Archives


GREY = BYTES[..., 0]
FAULTS = {
    r"has images and x; it must hold exactly one": {"images": GREY, "x": GREY, "labels": LABELS},
    r"has labels; it must hold exactly one array named images, x or x_test": {"labels": LABELS},
    r"has images; it must hold exactly one array named labels, y or y_test": {"images": GREY},
    r"has no array; it must": {},
    r"images are int64; save them as uint8": {"images": GREY.astype(np.int64), "labels": LABELS},
    r"images are bool": {"images": GREY > 0, "labels": LABELS},
    r"pixels run from 0 to 255; .*divide 8-bit values by 255.*--normalize": {
        "images": np.linspace(0, 255, 6 * 80).reshape(6, 8, 10),
        "labels": LABELS,
    },
    r"pixels run from -1 to 1": {"images": np.linspace(-1, 1, 480).reshape(6, 8, 10), "labels": LABELS},
    r"pixels run from nan to nan": {"images": np.full((6, 8, 10), np.nan), "labels": LABELS},
    r"pixels run from 0 to 1; they must be finite and in \[0, 1\]": {
        "images": np.linspace(0, 1 + 1e-9, 480).reshape(6, 8, 10),
        "labels": LABELS,
    },
    r"images of shape \(6, 80\) are not \(n, height, width\)": {"images": GREY.reshape(6, 80), "labels": LABELS},
    r"shape \(6, 3, 8, 3\) both the second and the last axis can be": {
        "images": np.zeros((6, 3, 8, 3), np.uint8),
        "labels": LABELS,
    },
    r"shape \(6, 1, 8, 1\) both": {"images": np.zeros((6, 1, 8, 1)), "labels": LABELS},
    r"shape \(6, 8, 10, 4\) neither the second nor the last axis": {
        "images": np.zeros((6, 8, 10, 4), np.uint8),
        "labels": LABELS,
    },
    r"is empty: images have shape \(0, 8, 10\)": {"images": GREY[:0], "labels": LABELS[:0]},
    r"has 6 images and 5 labels; give each image one": {"images": GREY, "labels": LABELS[:5]},
    r"labels are float64 of shape \(6,\); .* \.astype\(int\)": {"images": GREY, "labels": LABELS.astype(float)},
    r"labels are int64 of shape \(6, 1\); .* \.ravel\(\)": {"images": GREY, "labels": LABELS[:, None]},
    r"labels are float64 of shape \(6, 3\); .* \.argmax\(1\)": {"images": GREY, "labels": np.eye(3)[LABELS]},
    r"labels are bool": {"images": GREY, "labels": LABELS > 0},
    r"labels run from -1 to 1; they count the classes from 0": {"images": GREY, "labels": LABELS - 1},
    r"labels run from 0 to 18446744073709551615": {
        "images": GREY,
        "labels": np.array([0, 0, 1, 1, 1, 2**64 - 1], dtype=np.uint64),
    },
    r"array of Python objects, which only pickle can read, and pickle can run code": {
        "images": np.array([GREY[0], 1], dtype=object),
        "labels": LABELS[:2],
    },
}


@pytest.mark.parametrize("part", FAULTS)
def test_an_archive_that_is_not_as_it_should_be_is_refused(tmp_path, part):
    with pytest.raises(checks.InputError, match=part):
        data.read(archive(tmp_path / "mine.npz", **FAULTS[part]))


def test_no_object_in_an_archive_is_ever_brought_to_life(tmp_path):
    """A pickle that would write a file when it is read, in each of the places where one could lie."""

    class Trap:
        def __reduce__(self):
            return (open, (str(tmp_path / "sprung"), "w"))

    for number, parts in enumerate(({"images": [Trap()], "labels": [0]}, {"images": GREY[:1], "labels": [Trap()]})):
        path = archive(tmp_path / f"{number}.npz", **{name: np.array(part) for name, part in parts.items()})
        with pytest.raises(checks.InputError, match="pickle can run code"):
            data.read(path)
    (tmp_path / "plain.npz").write_bytes(pickle.dumps(Trap()))
    with pytest.raises(checks.InputError, match="not a whole NumPy archive"):
        data.read(str(tmp_path / "plain.npz"))
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("compress", [np.savez, np.savez_compressed])
def test_an_archive_cut_or_changed_anywhere_is_refused(tmp_path, compress):
    path = tmp_path / "mine.npz"
    compress(path, images=BYTES, labels=LABELS)
    whole = path.read_bytes()
    for length in range(0, len(whole), 97):
        path.write_bytes(whole[:length])
        with pytest.raises(checks.InputError, match="not a whole NumPy archive"):
            data.read(str(path))
    middle = len(whole) // 2  # inside the pixels: the checksum of the zip notices
    path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :])
    with pytest.raises(checks.InputError, match="not a whole NumPy archive"):
        data.read(str(path))


def test_what_only_looks_like_an_archive_is_refused(tmp_path):
    np.save(tmp_path / "one.npy", GREY)
    (tmp_path / "one.npy").rename(tmp_path / "one.npz")
    with zipfile.ZipFile(tmp_path / "text.npz", "w") as file:
        file.writestr("images", "a letter")
        file.writestr("labels", "another")
    for name in ("one.npz", "text.npz"):
        with pytest.raises(checks.InputError, match=r"not a whole NumPy archive .*numpy\.savez\(file"):
            data.read(str(tmp_path / name))
    with pytest.raises(checks.InputError, match="is not there; name an archive that exists"):
        data.read(str(tmp_path / "none.npz"))


def test_class_names_are_for_all_classes_or_none(digits):
    from dataclasses import replace

    with pytest.raises(checks.InputError, match="1 class names for 10 classes; name all or none"):
        replace(digits, class_names=("zero",))
