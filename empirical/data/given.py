"""Images that a caller has in memory: a DataLoader, a Dataset, or a pair of images and labels, as an ImageSet."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, IterableDataset, RandomSampler, TensorDataset

from empirical.compute.tensor_checks import described
from empirical.data import read
from empirical.data.images import ImageSet, content_checksum
from tradeoff.shared import checks

FORMS = (
    "an ImageSet, a name such as 'digits', a pair (images, labels), a TensorDataset or other dataset, or a DataLoader "
    "that does not shuffle"
)
CHANNELS = (1, 3)
BATCH = 256


def adopted(data: Any) -> ImageSet:
    """What a caller passes as images, as a set on the CPU or where it is.

    Parameters
    ----------
    data : ImageSet, str, pair, Dataset or DataLoader
        A name or a path is read as `empirical.data.read` does. Pairs are tensors or arrays: images (n, c, h, w),
        (n, h, w) or, of 1 or 3 channels, (n, h, w, c), and labels (n,). Pixels of type uint8 are divided by 255;
        floats must be in [0, 1], so that eps means the same for all networks.

    Raises
    ------
    InputError
        For anything else: what shuffles (an image must keep its random draws), what is normalised already, labels
        that are no class numbers.

    Examples
    --------
    >>> pixels = torch.zeros(4, 1, 8, 8, dtype=torch.uint8)
    >>> adopted((pixels, torch.tensor([0, 1, 1, 0]))).images.shape
    torch.Size([4, 1, 8, 8])
    """
    if isinstance(data, ImageSet):
        return data
    if isinstance(data, (str, Path)):
        return read(str(data))
    if isinstance(data, (tuple, list)) and len(data) == 2:
        return _set(*data)
    if isinstance(data, TensorDataset) and len(data.tensors) == 2:
        return _set(*data.tensors)
    if isinstance(data, DataLoader):
        if isinstance(data.sampler, RandomSampler):
            raise checks.InputError(
                "data is a DataLoader that shuffles, and an image would meet other random draws every time; pass "
                "loader.dataset, or a loader with shuffle=False"
            )
        return _set(*_gathered(data))
    if isinstance(data, Dataset) and not isinstance(data, IterableDataset):
        return _set(*_gathered(DataLoader(data, batch_size=BATCH)))
    raise checks.InputError(f"data is {described(data)}; pass {FORMS}")


def _gathered(batches: Iterable[Any]) -> tuple[Tensor, Tensor]:
    """All images and labels that a loader hands out, in its order."""
    images, labels = [], []
    for batch in batches:
        if not isinstance(batch, (tuple, list)) or len(batch) < 2:
            raise checks.InputError(
                f"data hands out {described(batch)} in place of (images, labels); pass a loader or a dataset of pairs"
            )
        images.append(torch.as_tensor(batch[0]))
        labels.append(torch.as_tensor(batch[1]))
    if not images:
        raise checks.InputError("data hands out no batch; pass at least one image")
    if len({tuple(part.shape[1:]) for part in images}) > 1:
        raise checks.InputError(
            f"data hands out images of shapes {sorted({tuple(part.shape[1:]) for part in images})}; bring all to one"
        )
    return torch.cat(images), torch.cat(labels)


def _set(images: Any, labels: Any) -> ImageSet:
    pixels, answers = _pixels(_tensor("images", images)), _answers(_tensor("labels", labels))
    if len(pixels) != len(answers) or not len(pixels):
        raise checks.InputError(f"data holds {len(pixels)} images and {len(answers)} labels; give each image one")
    checksum = content_checksum(pixels.cpu(), answers.cpu())
    indices = torch.arange(len(answers), device=answers.device)
    answers = answers.to(pixels.device)
    return ImageSet("images", checksum, int(answers.max()) + 1, pixels, answers, indices.to(pixels.device))


def _tensor(name: str, values: Any) -> Tensor:
    if isinstance(values, Tensor):
        return values.detach()
    if isinstance(values, (np.ndarray, list, tuple)):
        try:
            return torch.as_tensor(np.asarray(values))
        except (TypeError, ValueError) as error:
            raise checks.InputError(
                f"{name} are no numbers in rows of one length ({checks.reason(error)}); pass a tensor or an array"
            ) from None
    raise checks.InputError(f"{name} are {described(values)}; pass a tensor or an array")


def _pixels(images: Tensor) -> Tensor:
    """(n, c, h, w) float32 in [0, 1]."""
    if images.ndim == 3:
        images = images[:, None]
    if images.ndim == 4 and images.shape[1] not in CHANNELS and images.shape[3] in CHANNELS:
        images = images.permute(0, 3, 1, 2)
    if images.ndim != 4:
        raise checks.InputError(
            f"images are {described(images)}; they must have the form (n, channels, height, width), (n, height, width, "
            "channels) or (n, height, width)"
        )
    if images.dtype == torch.uint8:
        return (images.float() / 255).contiguous()
    if not images.is_floating_point():
        raise checks.InputError(f"images are {images.dtype}; pass uint8 from 0 to 255, or floats in [0, 1]")
    if len(images) and not (images.min() >= 0 and images.max() <= 1):
        raise checks.InputError(
            f"images run from {float(images.min()):.3g} to {float(images.max()):.3g} and must lie in [0, 1], on which "
            "eps is measured; leave normalisation out of the loader and put it in front of the network: "
            "empirical.models.Normalized(network, mean, std)"
        )
    return images.float().contiguous()


def _answers(labels: Tensor) -> Tensor:
    """(n,) int64 class numbers."""
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1:
        raise checks.InputError(
            f"labels are {described(labels)}; they must be (n,) class numbers: use labels.argmax(1) on one-hot rows"
        )
    if labels.is_floating_point() or labels.dtype == torch.bool or labels.is_complex():
        raise checks.InputError(f"labels are {labels.dtype}; they must be whole class numbers: use labels.long()")
    if len(labels) and int(labels.min()) < 0:
        raise checks.InputError(f"labels go down to {int(labels.min())}; classes count from 0")
    return labels.long()
