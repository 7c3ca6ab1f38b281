"""What a caller may pass as images, and what is told of the rest."""

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, Dataset, IterableDataset, Subset, TensorDataset

import empirical
from empirical.data import limited, read
from empirical.data.given import adopted
from empirical.training import example_networks
from tradeoff.shared import checks

PIXELS = torch.randint(256, (6, 3, 8, 8), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
IMAGES, LABELS = PIXELS.float() / 255, torch.tensor([0, 1, 2, 0, 1, 2])
PAIRS = TensorDataset(IMAGES, LABELS)


class Stream(IterableDataset):
    def __iter__(self):
        yield from PAIRS


class Own(Dataset):
    """As many write it: whole numbers in place of tensors."""

    def __len__(self):
        return 6

    def __getitem__(self, row):
        return IMAGES[row], int(LABELS[row])


SAME = {
    "pair": (IMAGES, LABELS),
    "list": [IMAGES, LABELS],
    "arrays": (IMAGES.numpy(), LABELS.numpy()),
    "bytes": (PIXELS, LABELS),
    "channels last": (PIXELS.permute(0, 2, 3, 1).numpy(), LABELS.tolist()),
    "double": (IMAGES.double(), LABELS.int()),
    "column of labels": (IMAGES, LABELS[:, None]),
    "TensorDataset": PAIRS,
    "dataset": Own(),
    "subset": Subset(PAIRS, range(6)),
    "loader": DataLoader(PAIRS, batch_size=4),
    "loader of a dataset": DataLoader(Own(), batch_size=5),
    "loader of a stream": DataLoader(Stream(), batch_size=4),
}


@pytest.mark.parametrize("kind", SAME)
def test_the_same_images_in_any_form_are_one_set(kind):
    found = adopted(SAME[kind])
    assert torch.equal(found.images, IMAGES)
    assert torch.equal(found.labels, LABELS)
    assert found.indices.tolist() == list(range(6))
    assert (found.classes, found.checksum) == (3, adopted(SAME["pair"]).checksum)


def test_grey_images_may_lack_their_channel():
    assert adopted((IMAGES[:, 0], LABELS)).images.shape == (6, 1, 8, 8)


def test_a_set_stays_itself_and_a_name_is_read():
    data = read("digits")
    assert adopted(data) is data
    assert adopted("digits").checksum == data.checksum


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (Stream(), "pass an ImageSet, a name"),
        (3, "data is int; pass an ImageSet, a name"),
        ((IMAGES,), "pass an ImageSet, a name"),
        (
            (IMAGES * 2 - 1, LABELS),
            r"images run from -1 to 1; they must be finite and in \[0, 1\].*Normalized\(network, mean, std\)",
        ),
        ((IMAGES * float("nan"), LABELS), "images run from nan"),
        ((PIXELS.long(), LABELS), "pass uint8 from 0 to 255"),
        ((IMAGES[0, 0], LABELS), r"images are torch.float32 \(8, 8\)"),
        ((IMAGES[:, :, :0], LABELS), r"images are torch.float32 \(6, 3, 0, 8\).*with at least one pixel"),
        ((IMAGES, torch.eye(3)[LABELS]), r"use labels.argmax\(1\)"),
        ((IMAGES, LABELS.float()), r"use labels.long\(\)"),
        ((IMAGES, LABELS - 1), "labels go down to -1"),
        ((IMAGES, LABELS[:4]), "6 images and 4 labels"),
        ((IMAGES[:0], LABELS[:0]), "0 images and 0 labels"),
        ((IMAGES, "labels"), "labels are str"),
        ((IMAGES, [0, [1, 2]]), "labels are no numbers"),
        ((PIXELS.float(), LABELS), r"images run from 0 to 255; .* divide pixels of 8 bits by 255"),
        (((PIXELS > 128).to(torch.uint8), LABELS), r"all pixels are 0 or 1 of 255.*pass images\.float\(\)"),
        ((IMAGES.to_sparse(), LABELS), r"images are a sparse, .*images\.to_dense\(\)"),
        ((IMAGES.to("meta"), LABELS), "or meta tensor"),
        ("nowhere", "data='nowhere' is unknown"),
    ],
)
def test_what_is_no_set_of_images_is_refused_in_one_sentence(data, part):
    with pytest.raises(checks.InputError, match=part):
        adopted(data)


def test_images_of_a_loader_are_those_of_a_file_of_them(tmp_path):
    """So a run that was made of a loader is verified with an archive of its images."""
    np.savez(tmp_path / "mine.npz", images=IMAGES.numpy(), labels=LABELS.numpy())
    np.savez(tmp_path / "bytes.npz", images=PIXELS.numpy(), labels=LABELS.numpy())
    known = adopted(DataLoader(PAIRS, batch_size=4)).checksum
    assert [read(str(tmp_path / file)).checksum for file in ("mine.npz", "bytes.npz")] == [known, known]


def test_ones_that_are_floats_are_white():
    assert adopted(((PIXELS > 128).float(), LABELS)).images.max() == 1


@pytest.mark.parametrize("type_", ["uint8", "int16", "uint16", "uint32", "uint64"])
def test_labels_are_of_any_whole_type(type_):
    assert torch.equal(adopted((IMAGES, LABELS.numpy().astype(type_))).labels, LABELS)


@pytest.mark.parametrize("limit", [1, 4, 6, 9])
def test_a_limit_chooses_as_that_of_a_name(limit):
    """A row keeps its index, which keys its draws, whatever the limit is."""
    found = adopted(DataLoader(PAIRS, batch_size=4), limit=limit)
    assert torch.equal(found.images, IMAGES[found.indices])
    assert torch.equal(found.indices, limited(adopted(PAIRS), limit).indices)
    assert len(found) == min(limit, 6)


def test_measuring_a_loader_is_measuring_its_images():
    """The same counts as from the set that the loader was made of."""
    model, few = example_networks.load("std_theta0")[0], limited(read("digits"), 8)
    how = {"attack_schedule": "quick", "eps": (0, 0.1), "skip": ("joint", "distance", "audit", "exact", "control")}
    loader = DataLoader(TensorDataset(few.images, few.labels), batch_size=3)
    by_loader = empirical.measure(model, loader, **how)
    by_set = empirical.measure(model, (few.images.numpy(), few.labels.numpy()), **how)
    nearest = [found.samples["robustness.nearest"] for found in (by_loader, by_set)]
    assert np.array_equal(*nearest)
