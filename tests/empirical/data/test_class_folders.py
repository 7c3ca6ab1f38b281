"""Folders as other systems leave them, and images of 16 bits."""

import struct
import unicodedata
import zlib

import numpy as np
import pytest
import torch
from PIL import Image

from empirical import data
from empirical.data import class_folders, pictures
from tradeoff.shared import checks

FINE = np.random.default_rng(0).integers(0, 65536, (5, 7, 3), dtype=np.uint16)
"""One colour image of 16 bits."""


def png(pixels: np.ndarray, *, bits: int = 16) -> bytes:
    """A PNG file, made by its specification alone."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    height, width = pixels.shape[:2]
    kind = 2 if pixels.ndim == 3 else 0
    rows = b"".join(b"\0" + row.astype(">u2" if bits == 16 else "u1").tobytes() for row in pixels)
    start = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + start + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.fixture
def folder(tmp_path):
    for name in ("ant", "bee"):
        (tmp_path / name).mkdir()
        Image.fromarray((FINE[..., 0] >> 8).astype(np.uint8)).save(tmp_path / name / "0.png")
    return tmp_path


# Sixteen bits


@pytest.mark.parametrize("pixels", [FINE, FINE[..., 0]], ids=["colour", "grey"])
def test_sixteen_bits_are_read_as_sixteen_bits(tmp_path, pixels):
    (tmp_path / "ant").mkdir()
    (tmp_path / "ant" / "0.png").write_bytes(png(pixels))
    found = data.read(str(tmp_path)).images[0]
    channels = pixels.transpose(2, 0, 1) if pixels.ndim == 3 else pixels[None]
    assert torch.equal(found, torch.from_numpy(channels.astype(np.float32)) / 65535)


def test_images_of_eight_and_sixteen_bits_go_together(folder):
    (folder / "bee" / "1.png").write_bytes(png((FINE[..., 0] >> 8) * 257))
    found = data.read(str(folder)).images
    assert torch.allclose(found[2], found[0], rtol=0, atol=1e-7)


@pytest.mark.parametrize("pixels", [FINE, FINE[..., 0]], ids=["colour", "grey"])
def test_a_cut_image_of_sixteen_bits_is_refused(tmp_path, pixels):
    (tmp_path / "ant").mkdir()
    content = png(pixels)
    (tmp_path / "ant" / "0.png").write_bytes(content[: len(content) // 2])
    with pytest.raises(checks.InputError, match=r"ant/0\.png is not a whole image"):
        data.read(str(tmp_path))


def test_a_form_is_known_from_the_header(folder):
    assert pictures.form(folder, folder / "ant" / "0.png") == (5, 7, 1)


# Pixels of 0 and 1


def test_pixels_of_zero_and_one_are_asked_about_in_a_folder(tmp_path):
    (tmp_path / "ant").mkdir()
    Image.fromarray(np.eye(5, dtype=np.uint8)).save(tmp_path / "ant" / "0.png")
    with pytest.raises(
        checks.InputError, match=r"all pixels are 0 or 1 of 255, .* if 1 is to be white, save them as 255"
    ):
        data.read(str(tmp_path))


def test_pixels_of_zero_and_one_are_asked_about_in_an_archive(tmp_path):
    half = (np.arange(6 * 20) % 2).reshape(6, 4, 5)
    for pixels, refused in ((half.astype(np.uint8), True), (half * np.uint8(255), False), (half / 1.0, False)):
        pixels = pixels if pixels.dtype != np.int64 else pixels.astype(np.uint8)
        np.savez(tmp_path / "mine.npz", images=pixels, labels=np.zeros(6, int))
        if refused:
            with pytest.raises(checks.InputError, match="all pixels are 0 or 1 of 255"):
                data.read(str(tmp_path / "mine.npz"))
        else:
            assert data.read(str(tmp_path / "mine.npz")).images.max() == 1


def test_black_images_are_black(tmp_path):
    np.savez(tmp_path / "mine.npz", images=np.zeros((2, 4, 5), np.uint8), labels=np.zeros(2, int))
    assert data.read(str(tmp_path / "mine.npz")).images.max() == 0


# What systems leave, and how they write names


@pytest.mark.parametrize("name", ["Thumbs.db", "desktop.ini", ".DS_Store", "ehthumbs.db", "._0.png", "Icon\r"])
def test_what_a_system_leaves_does_not_count(folder, name):
    before = data.read(str(folder)).checksum
    for place in (folder, folder / "ant", folder / "bee"):
        (place / name).write_bytes(b"x")
    assert data.read(str(folder)).checksum == before


@pytest.mark.parametrize("name", ["__MACOSX", "@eaDir", ".Trashes"])
def test_a_folder_that_a_system_leaves_is_no_class(folder, name):
    (folder / name).mkdir()
    (folder / name / "0.png").write_bytes(b"x")
    assert data.read(str(folder)).class_names == ("ant", "bee")


@pytest.mark.parametrize("written", ["NFC", "NFD"])
@pytest.mark.parametrize("listed", ["NFC", "NFD"])
def test_accents_are_inside_their_letters_however_they_are_written(tmp_path, written, listed):
    for name in ("zebra", "éland"):
        place = tmp_path / unicodedata.normalize(written, name)
        place.mkdir()
        for file in ("z.png", "é.png"):
            Image.fromarray((FINE[..., 0] >> 8).astype(np.uint8) + np.uint8(file != "z.png")).save(
                place / unicodedata.normalize(written, file)
            )
    found = data.read(str(tmp_path))
    assert found.class_names == ("zebra", "éland")
    assert (found.images[0] < found.images[1]).any()
    (tmp_path / class_folders.ORDER).write_text(unicodedata.normalize(listed, "éland\nzebra\n"), encoding="utf-8")
    assert data.read(str(tmp_path)).class_names == ("éland", "zebra")


def test_two_folders_that_show_the_same_name_are_refused(tmp_path):
    for form in ("NFC", "NFD"):
        (tmp_path / unicodedata.normalize(form, "é")).mkdir()
    if len(list(tmp_path.iterdir())) == 1:
        pytest.skip("this file system composes names itself")
    with pytest.raises(checks.InputError, match="two class folders whose names show as 'é'; rename one of them"):
        data.read(str(tmp_path))


def test_a_mark_of_bytes_in_front_of_the_names_is_no_part_of_them(folder):
    (folder / class_folders.ORDER).write_bytes(b"\xef\xbb\xbfbee\r\nant\r\n")
    assert data.read(str(folder)).class_names == ("bee", "ant")


def test_the_folder_that_one_is_in_has_its_own_name(folder, monkeypatch):
    monkeypatch.chdir(folder / "ant")
    assert data.read("..").name == folder.name
    monkeypatch.chdir(folder)
    assert data.read(".").name == folder.name
