import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from empirical.data.images import ImageSet
from tradeoff.shared import checks


def small(**changes) -> ImageSet:
    parts = {
        "name": "test",
        "checksum": "0",
        "classes": 3,
        "images": torch.rand(6, 1, 4, 4),
        "labels": torch.tensor([0, 1, 2, 0, 1, 2]),
        "indices": torch.arange(6),
    }
    return ImageSet(**(parts | changes))


def test_the_digits_are_all_there(digits):
    assert digits.images.shape == (1797, 1, 28, 28)
    assert digits.images.dtype == torch.float32
    assert torch.bincount(digits.labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert digits.checksum == "103c8b0cc5696d23"


def test_enlarging_keeps_the_picture(digits):
    """Shrunk again by averaging, an enlarged digit is near its 8 x 8 original."""
    from sklearn.datasets import load_digits

    again = torch.nn.functional.interpolate(digits.images[:50], size=(8, 8), mode="area")[:, 0]
    original = torch.from_numpy(load_digits().images[:50]).float() / 16
    assert (again - original).abs().mean() < 0.08
    assert (again - original.roll(1, dims=0)).abs().mean() > 0.16
    assert (again - original.transpose(1, 2)).abs().mean() > 0.12


@given(st.integers(1, 5), st.integers(0, 50))
def test_a_split_parts_the_images(held_out, seed):
    training, held = small().split(held_out, seed=seed)
    assert len(held) == held_out
    assert sorted(training.indices.tolist() + held.indices.tolist()) == list(range(6))


def test_indices_stay_with_their_images(digits):
    _, held = digits.split(100)
    assert torch.equal(held.images, digits.images[held.indices])
    assert torch.equal(held.labels, digits.labels[held.indices])


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"images": torch.full((6, 1, 4, 4), 2.0)}, "divide 8-bit pixels by 255"),
        ({"images": torch.full((6, 1, 4, 4), float("nan"))}, "finite"),
        ({"images": torch.rand(6, 4, 4)}, "need the form"),
        ({"labels": torch.tensor([0, 1, 2, 3, 1, 2])}, "do not fit 3 classes"),
        ({"labels": torch.tensor([0, -1, 2, 0, 1, 2])}, "labels count from 0"),
        ({"labels": torch.tensor([0, 1])}, "got 2 labels"),
        ({"labels": torch.zeros(6, 1, dtype=torch.int64)}, "form \\(n,\\)"),
        ({"images": torch.rand(6, 1, 4, 4, dtype=torch.float64)}, "must be float32, int64, int64"),
        ({"indices": torch.arange(6, dtype=torch.int32)}, "must be float32, int64, int64"),
    ],
)
def test_bad_data_are_refused_at_the_door(changes, part):
    with pytest.raises(checks.InputError, match=part):
        small(**changes)


@pytest.mark.parametrize("held_out", [0, 6, 7])
def test_an_empty_part_is_refused(held_out):
    with pytest.raises(checks.InputError, match="held_out="):
        small().split(held_out)


def test_names_of_others_are_kept_as_they_are_shown():
    """They stand in summaries and figures, where a line feed would begin a line of its own."""
    names = ("a\nFLAG forged: none raised", "\x1b[2J", "\u202e")
    data = small(name="x\udcff\n", class_names=names).take(torch.tensor([0, 1]))
    assert (data.name, data.class_names) == (r"x\xff\n", (r"a\nFLAG forged: none raised", r"\x1b[2J", r"\u202e"))
