"""Loaders and datasets: what is taken, in which order, and what chance in them is noticed."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch.utils.data import (
    BatchSampler,
    DataLoader,
    Dataset,
    IterableDataset,
    RandomSampler,
    Subset,
    SubsetRandomSampler,
    TensorDataset,
    WeightedRandomSampler,
)

from empirical.data.given import adopted
from tradeoff.shared import checks, machine

IMAGES = torch.rand(6, 3, 8, 8, generator=torch.Generator().manual_seed(0))
LABELS = torch.tensor([0, 1, 2, 0, 1, 2])
PAIRS = TensorDataset(IMAGES, LABELS)


class Made(Dataset):
    """Six images, each made by a function of its row."""

    def __init__(self, image, classes=None):
        self.image = image
        if classes is not None:
            self.classes = classes

    def __len__(self):
        return 6

    def __getitem__(self, row):
        return self.image(row), int(LABELS[row])


class Stream(IterableDataset):
    def __iter__(self):
        yield from PAIRS


def flipped(row):
    return IMAGES[row].flip(-1) if torch.rand(()) < 0.5 else IMAGES[row]


def turned(row):
    return np.roll(IMAGES[row].numpy(), np.random.default_rng().integers(8))


SHUFFLED = {
    "shuffle": DataLoader(PAIRS, shuffle=True),
    "rows": DataLoader(PAIRS, sampler=SubsetRandomSampler(range(6))),
    "weights": DataLoader(PAIRS, sampler=WeightedRandomSampler([1] * 6, 6)),
    "batches": DataLoader(PAIRS, batch_sampler=BatchSampler(RandomSampler(PAIRS), 2, False)),
    "says so": DataLoader(PAIRS, sampler=SimpleNamespace(shuffle=True)),
}


@pytest.mark.parametrize("kind", SHUFFLED)
def test_a_loader_that_shuffles_is_refused(kind):
    with pytest.raises(checks.InputError, match=r"DataLoader that shuffles \(\w+\), .*pass loader\.dataset"):
        adopted(SHUFFLED[kind])


class Order:
    """A sampler that does not look like one: another order each time."""

    def __init__(self):
        self.time = 0

    def __iter__(self):
        self.time += 1
        return iter(torch.arange(6).roll(self.time).tolist())

    def __len__(self):
        return 6


ONCE = iter(PAIRS)


class Once(IterableDataset):
    def __iter__(self):
        return iter(list(ONCE))


CHANGING = {
    "order": lambda: DataLoader(PAIRS, sampler=Order()),
    "order of single images": lambda: DataLoader(PAIRS, batch_size=1, sampler=Order()),
    "augmented": lambda: Made(turned),
    "flipped": lambda: DataLoader(Made(flipped), batch_size=1),
    "read once": lambda: DataLoader(Once()),
}


@pytest.mark.parametrize("kind", CHANGING)
def test_what_changes_when_it_is_read_again_is_refused(kind):
    """A flip leaves all six images as they were once in 2^6 times twice over: the seed is fixed."""
    torch.manual_seed(1)
    with pytest.raises(checks.InputError, match=r"other images when it is read again.*transform of its test images"):
        adopted(CHANGING[kind]())


def test_no_more_than_the_beginning_is_read_twice():
    read = []
    many = TensorDataset(torch.rand(1000, 1, 2, 2), torch.zeros(1000, dtype=torch.int64))

    class Counted(Dataset):
        def __len__(self):
            return 1000

        def __getitem__(self, row):
            read.append(row)
            return many[row]

    assert len(adopted(DataLoader(Counted(), batch_size=50))) == 1000
    assert len(read) == 1000 + 100  # two batches hold 64 images


def test_pixels_that_are_no_numbers_are_called_that():
    """And not a change: NaN differs from itself."""
    with pytest.raises(checks.InputError, match="images run from nan"):
        adopted(Made(lambda row: IMAGES[row] / 0 * 0))


@pytest.mark.parametrize(
    ("loader", "part"),
    [
        (DataLoader(PAIRS, batch_size=4, drop_last=True), "leaves out the last 2 of 6 images; .*drop_last=False"),
        (DataLoader(Stream(), batch_size=4, drop_last=True), "leaves out the images of its last batch"),
    ],
)
def test_a_loader_that_leaves_images_out_is_refused(loader, part):
    with pytest.raises(checks.InputError, match=part):
        adopted(loader)


def test_a_loader_that_would_leave_images_out_and_has_none_to_is_taken():
    assert len(adopted(DataLoader(PAIRS, batch_size=3, drop_last=True))) == 6


@pytest.mark.parametrize("workers", [0, 1])
def test_processes_of_a_loader_change_nothing(workers):
    found = adopted(DataLoader(PAIRS, batch_size=4, num_workers=workers))
    assert torch.equal(found.images, IMAGES)


def test_a_loader_without_batches_hands_out_images():
    assert torch.equal(adopted(DataLoader(PAIRS, batch_size=None)).images, IMAGES)


def test_what_stands_behind_the_label_is_not_looked_at():
    triples = TensorDataset(IMAGES, LABELS, torch.arange(6))
    assert torch.equal(adopted(DataLoader(triples, batch_size=4)).labels, LABELS)


def picture(row):
    image = pytest.importorskip("PIL.Image")
    return image.fromarray((255 * IMAGES[row].permute(1, 2, 0)).byte().numpy())


def missing(row):
    raise FileNotFoundError("pictures/1.png")


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (Made(picture), r"PIL\..*ToTensor\(\) as the transform of the dataset"),
        (Made(missing), r"failed while it was read \(FileNotFoundError: pictures/1\.png\)"),
        (Made(lambda row: IMAGES[row, :, : 8 - row]), "failed while it was read"),
        (
            DataLoader(Made(lambda row: IMAGES[row, :, : 8 - row]), batch_size=1),
            r"images of torch.float32 \(3, 3, 8\) and",
        ),
        (
            DataLoader(Made(lambda row: IMAGES[row].to([torch.float, torch.uint8][row % 2])), batch_size=1),
            "one form and",
        ),
        (DataLoader(TensorDataset(IMAGES)), r"hands out list in place of \(images, labels\)"),
        (DataLoader([{"image": IMAGES[0], "label": 0}]), "hands out dict in place of"),
        (DataLoader([]), "hands out no batch"),
    ],
)
def test_what_hands_out_no_images_of_one_form_is_told_in_one_sentence(data, part):
    with pytest.raises(checks.InputError, match=part) as refused:
        adopted(data)
    assert "\n" not in str(refused.value)


def test_more_than_the_memory_holds_is_refused_at_the_first_batch(monkeypatch):
    read = []
    monkeypatch.setattr(machine, "memory", lambda: 6 * 4 * 192 - 1)
    with pytest.raises(
        checks.InputError, match=r"holds 6 images, which need .* GiB.*Subset\(dataset, range\(0, 6, 100"
    ):
        adopted(DataLoader(Made(lambda row: read.append(row) or IMAGES[row]), batch_size=2))
    assert read == [0, 1]
    monkeypatch.setattr(machine, "memory", lambda: 6 * 4 * 192)
    assert len(adopted(PAIRS)) == 6


NAMES = ["cat", "dog", "owl", "yak"]


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (Made(IMAGES.__getitem__, NAMES), tuple(NAMES)),
        (DataLoader(Subset(Made(IMAGES.__getitem__, NAMES), [0, 1])), tuple(NAMES)),
        (Made(IMAGES.__getitem__, NAMES[:2]), ()),  # fewer than labels: names of something else
        (Made(IMAGES.__getitem__, 4), ()),
        (PAIRS, ()),
    ],
)
def test_classes_of_a_dataset_keep_their_names(data, names):
    found = adopted(data)
    assert found.class_names == names
    assert found.classes == (len(names) or 3)
    assert found.name == ("images" if data is PAIRS else "Made")
