"""All images and labels of a DataLoader or a Dataset, in its order, where that is the same each time.

The draws of an image are keyed by its place, so what shuffles, augments at random or leaves images out is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import (
    DataLoader,
    Dataset,
    IterableDataset,
    RandomSampler,
    Subset,
    SubsetRandomSampler,
    WeightedRandomSampler,
)

from empirical.compute.tensor_checks import described
from tradeoff.shared import checks, machine

SHUFFLING = (RandomSampler, SubsetRandomSampler, WeightedRandomSampler)
BATCH = 256
READ_TWICE = 64
"""Images that are asked for a second time: of so many a random flip leaves all alone once in 2^64 times."""
Batches = list[tuple[Tensor, Tensor]]


def gathered(data: DataLoader[Any] | Dataset[Any]) -> tuple[Tensor, Tensor]:
    """Images (n, ...) and labels (n, ...) in the order in which they are handed out, of any type and range.

    Entries behind the label are not looked at.

    Raises
    ------
    InputError
        For what fails while it is read, hands out no pairs of one form and type, shuffles, leaves a last batch out,
        changes when it is read again, or does not fit the memory.
    """
    loader = data if isinstance(data, DataLoader) else DataLoader(data, batch_size=BATCH)
    _check_order(loader)
    batches = list(_batches(loader))
    if not batches:
        raise checks.InputError("data hands out no batch; pass at least one image")
    for name, part in (("images", 0), ("labels", 1)):
        forms = sorted({f"{batch[part].dtype} {tuple(batch[part].shape[1:])}" for batch in batches})
        if len(forms) > 1:
            raise checks.InputError(
                f"data hands out {name} of {' and '.join(forms[:3])}; bring all to one form and type"
            )
    _check_steady(loader, batches)
    return torch.cat([images for images, _ in batches]), torch.cat([labels for _, labels in batches])


def source(data: DataLoader[Any] | Dataset[Any]) -> Any:
    """The dataset inside loaders and subsets."""
    found: Any = data.dataset if isinstance(data, DataLoader) else data
    while isinstance(found, Subset):
        found = found.dataset
    return found


def class_names(dataset: Any) -> tuple[str, ...]:
    """The names under ``classes``, where those of torchvision have them; () if there are none."""
    names = getattr(dataset, "classes", ())
    whole = isinstance(names, (list, tuple)) and all(isinstance(name, str) for name in names)
    return tuple(names) if whole else ()


def _check_order(loader: DataLoader[Any]) -> None:
    """Refuse what says of itself that it shuffles or leaves images out."""
    batched: Any = loader.batch_sampler
    sampler: Any = getattr(batched, "sampler", loader.sampler)
    if isinstance(sampler, SHUFFLING) or getattr(sampler, "shuffle", False) is True:
        raise checks.InputError(
            f"data is a DataLoader that shuffles ({type(sampler).__name__}), and an image would meet other random "
            "draws every time; pass loader.dataset, or a loader with shuffle=False"
        )
    if not getattr(batched, "drop_last", False):
        return
    stream = isinstance(loader.dataset, IterableDataset)
    left = 0 if stream else len(sampler) % batched.batch_size
    if left or stream:
        what = "the images of its last batch" if stream else f"the last {left} of {len(sampler)} images"
        raise checks.InputError(
            f"data is a DataLoader that leaves out {what}; pass loader.dataset, or a loader with drop_last=False"
        )


def _batches(loader: DataLoader[Any]) -> Iterator[tuple[Tensor, Tensor]]:
    """(images, labels) of each batch; of a loader that does not batch, each image is one."""
    first = True
    try:
        for batch in loader:
            if not isinstance(batch, (tuple, list)) or len(batch) < 2:
                raise checks.InputError(
                    f"data hands out {described(batch)} in place of (images, labels); pass a loader or a dataset of "
                    "pairs"
                )
            images, labels = (torch.as_tensor(part).detach() for part in batch[:2])
            if labels.ndim == 0:
                images, labels = images[None], labels[None]
            if first:
                _check_memory(loader, images)
            first = False
            yield images, labels
    except checks.InputError:
        raise
    except Exception as error:  # code of the caller's own may raise anything
        raise checks.InputError(
            f"data failed while it was read ({checks.reason(error)}); it must hand out (image, label) with the image "
            "as a tensor: for pictures, torchvision.transforms.ToTensor() as the transform of the dataset"
        ) from error


def _check_memory(loader: DataLoader[Any], images: Tensor) -> None:
    """Refuse more images of this form than the memory holds, where the loader says how many there are."""
    count = 0 if isinstance(loader.dataset, IterableDataset) else len(loader.sampler)  # type: ignore[arg-type]
    size, there = 4 * images[:1].numel() * count, machine.memory()
    if there is not None and size > there:
        raise checks.InputError(
            f"data holds {count:,} images, which need {size / 2**30:,.1f} GiB, and this machine has "
            f"{there / 2**30:,.1f}; pass fewer, such as torch.utils.data.Subset(dataset, range(0, {count}, 100))"
        )


def _check_steady(loader: DataLoader[Any], batches: Batches) -> None:
    """Read the beginning once more: the same bits, or there is chance in it that no name gives away."""
    again, read = _batches(loader), 0
    for images, labels in batches:
        found = next(again, None)
        if found is None or not (_same(found[0], images) and _same(found[1], labels)):
            raise checks.InputError(
                "data hands out other images when it is read again: it shuffles, augments at random, or can be read "
                "once only; pass the dataset with the transform of its test images, or tensors (images, labels)"
            )
        read += len(images)
        if read >= READ_TWICE:
            return


def _same(one: Tensor, two: Tensor) -> bool:
    """Whether two tensors hold the same numbers, NaN at the same places."""
    return one.dtype == two.dtype and torch.equal(one.nan_to_num(), two.nan_to_num())
