"""Images that a caller has in memory: a DataLoader, a Dataset, or a pair of images and labels, as an ImageSet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset

from empirical.compute.tensor_checks import described
from empirical.data import limited, loaders, read
from empirical.data.images import ImageSet, content_checksum
from tradeoff.shared import checks

FORMS = (
    "an ImageSet, a name such as 'digits', a pair (images, labels), a TensorDataset or other dataset, or a DataLoader "
    "that does not shuffle"
)
NAME = "images"
"""What a set is called that has no name of its own; a dataset is called by its class."""
CHANNELS = (1, 3)


def adopted(data: Any, *, limit: int | None = None) -> ImageSet:
    """What a caller passes as images, as a set on the CPU or where it is.

    Parameters
    ----------
    data : ImageSet, str, pair, Dataset or DataLoader
        A name or a path is read as `empirical.data.read` does. Pairs are tensors or arrays: images (n, c, h, w),
        (n, h, w) or, of 1 or 3 channels, (n, h, w, c), and labels (n,). Pixels of type uint8 are divided by 255;
        floats must be in [0, 1], so that eps means the same for all networks. A dataset or a loader hands out such
        pairs, the same ones in the same order each time: an image is known by its place.
    limit : int, optional
        Images at most, as `empirical.data.limited` chooses them.

    Raises
    ------
    InputError
        For anything else: what shuffles, augments at random or leaves images out (an image must keep its random
        draws), what is normalised already, labels that are no class numbers.

    Examples
    --------
    >>> pixels = torch.zeros(4, 1, 8, 8, dtype=torch.uint8)
    >>> adopted((pixels, torch.tensor([0, 1, 1, 0]))).images.shape
    torch.Size([4, 1, 8, 8])
    """
    if isinstance(data, (str, Path)):
        return read(str(data), limit=limit)
    whole = data if isinstance(data, ImageSet) else _in_memory(data)
    return whole if limit is None else limited(whole, limit)


def _in_memory(data: Any) -> ImageSet:
    if isinstance(data, (tuple, list)) and len(data) == 2:
        return _set(*data)
    if isinstance(data, TensorDataset) and len(data.tensors) == 2:
        return _set(*data.tensors)
    if isinstance(data, DataLoader) or (isinstance(data, Dataset) and not isinstance(data, IterableDataset)):
        source = loaders.source(data)
        plain = isinstance(source, (TensorDataset, list, tuple))
        name = NAME if plain else type(source).__name__
        return _set(*loaders.gathered(data), name=name, class_names=loaders.class_names(source))
    raise checks.InputError(f"data is {described(data)}; pass {FORMS}")


def _set(images: Any, labels: Any, *, name: str = NAME, class_names: tuple[str, ...] = ()) -> ImageSet:
    pixels, answers = _pixels(_tensor("images", images)), _answers(_tensor("labels", labels))
    if len(pixels) != len(answers) or not len(pixels):
        raise checks.InputError(f"data holds {len(pixels)} images and {len(answers)} labels; give each image one")
    checksum, classes = content_checksum(pixels.cpu(), answers.cpu()), int(answers.max()) + 1
    if classes > len(class_names):  # names of something else
        class_names = ()
    indices = torch.arange(len(answers), device=pixels.device)
    classes = len(class_names) or classes
    return ImageSet(name, checksum, classes, pixels, answers.to(pixels.device), indices, class_names)


def _tensor(name: str, values: Any) -> Tensor:
    if isinstance(values, Tensor):
        if values.layout is not torch.strided or values.is_nested or values.is_quantized or values.is_meta:
            raise checks.InputError(
                f"{name} are a sparse, nested, quantized or meta tensor ({described(values)}); pass a plain one, "
                f"such as {name}.to_dense()"
            )
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
    if images.ndim != 4 or 0 in images.shape[1:]:
        raise checks.InputError(
            f"images are {described(images)}; they must have the form (n, channels, height, width), (n, height, width, "
            "channels) or (n, height, width), with at least one pixel"
        )
    if images.dtype == torch.uint8:
        if len(images) and int(images.max()) == 1:
            raise checks.InputError(
                "images are uint8 and all pixels are 0 or 1 of 255, black and nearly black; if 1 is to be white, pass "
                "images.float()"
            )
        return (images.float() / 255).contiguous()
    if not images.is_floating_point():
        raise checks.InputError(f"images are {images.dtype}; pass uint8 from 0 to 255, or floats in [0, 1]")
    _check_range(images)
    return images.float().contiguous()


def _check_range(images: Tensor) -> None:
    """Pixels in [0, 1]; others are told apart by what they look like."""
    low, high = (float(images.min()), float(images.max())) if images.numel() else (0.0, 0.0)  # NaN where any pixel is
    if low >= 0 and high <= 1:
        return
    if low >= 0 and 2 < high <= 255:
        way_out = "divide pixels of 8 bits by 255"
    else:
        way_out = (
            "leave normalisation out of the loader and put it in front of the network: "
            "empirical.models.Normalized(network, mean, std)"
        )
    raise checks.InputError(
        f"images run from {low:.3g} to {high:.3g}; they must be finite and in [0, 1], on which eps is measured: "
        + way_out
    )


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
    labels = labels.long()
    if len(labels) and int(labels.min()) < 0:
        raise checks.InputError(f"labels go down to {int(labels.min())}; classes count from 0")
    return labels
