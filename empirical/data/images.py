"""A set of labelled images in memory, checked once at the door."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from empirical.compute.draws import Draws
from empirical.compute.tensor_checks import described
from tradeoff.shared import checks
from tradeoff.shared.names import shown


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Images (n, channels, height, width) float32 in [0, 1], labels (n,) int64, and each image's index in its source.

    The index keys the random draws of an image, so it stays with the image through splits, orders and batches. The
    checksum is that of the source, and stays with its parts, too. ``class_names`` is empty where classes have none.
    Names are kept as `tradeoff.shared.names.shown` shows them.

    Raises
    ------
    InputError
        Pixels that are not finite or leave [0, 1], labels outside 0..classes-1, or lengths or names that do not fit.
    """

    name: str
    checksum: str
    classes: int
    images: Tensor
    labels: Tensor
    indices: Tensor
    class_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        tensors = {"images": self.images, "labels": self.labels, "indices": self.indices}
        for name, given in tensors.items():
            if not isinstance(given, Tensor) or not given.ndim:
                raise checks.InputError(f"data={self.name!r}: {name} are {described(given)}; pass a torch tensor")
        checks.at_least("classes", self.classes, 1, what="the number of classes")
        if not isinstance(self.name, str):
            raise checks.InputError(f"name={self.name!r} is not text; name the data, such as 'digits'")
        names = self.class_names
        if not isinstance(names, (tuple, list)) or not all(isinstance(one, str) for one in names):
            raise checks.InputError(f"data={self.name!r}: class_names are {names!r}; give a text for each class, or ()")
        # They come from folders and files of others, and stand in summaries and figures.
        object.__setattr__(self, "name", shown(self.name))
        object.__setattr__(self, "class_names", tuple(map(shown, self.class_names)))
        if self.images.ndim != 4 or not len(self.images) == len(self.labels) == len(self.indices) > 0:
            raise checks.InputError(
                f"data={self.name!r}: images {tuple(self.images.shape)} need the form (n, channels, height, width) "
                f"with n labels, got {len(self.labels)} labels; pass at least one image for each label"
            )
        if self.images.dtype != torch.float32 or self.labels.dtype != torch.int64 or self.indices.dtype != torch.int64:
            raise checks.InputError(
                f"data={self.name!r}: images are {self.images.dtype}, labels {self.labels.dtype}, indices "
                f"{self.indices.dtype}; they must be float32, int64, int64: use .float() and .long()"
            )
        if self.labels.ndim != 1 or self.indices.ndim != 1:
            raise checks.InputError(f"data={self.name!r}: labels and indices must have the form (n,); use .flatten()")
        # min and max are NaN where any pixel is.
        if not (self.images.min() >= 0 and self.images.max() <= 1):
            raise checks.InputError(
                f"data={self.name!r}: pixels must be finite and in [0, 1]; divide 8-bit pixels by 255"
            )
        if not (self.labels.min() >= 0 and self.labels.max() < self.classes):
            raise checks.InputError(
                f"data={self.name!r}: labels from {int(self.labels.min())} to {int(self.labels.max())} do not fit "
                f"{self.classes} classes; labels count from 0"
            )
        if len(self.class_names) not in (0, self.classes):
            raise checks.InputError(
                f"data={self.name!r} has {len(self.class_names)} class names for {self.classes} classes; "
                "name all or none"
            )

    def __len__(self) -> int:
        return len(self.labels)

    def class_name(self, label: int) -> str:
        """The name of a class; its number where it has none, as the further classes of a network have that knows more
        of them than the images show.
        """
        return self.class_names[label] if label < len(self.class_names) else str(label)

    def take(self, rows: Tensor) -> ImageSet:
        """The images in the given rows, in that order."""
        whole = isinstance(rows, Tensor) and rows.ndim == 1 and rows.dtype in (torch.int64, torch.bool)
        if not whole or (rows.dtype == torch.int64 and len(rows) and not -1 < rows.min() <= rows.max() < len(self)):
            raise checks.InputError(
                f"rows are {described(rows)}; pass a tensor of whole numbers from 0 to {len(self) - 1}, int64"
            )
        return replace(self, images=self.images[rows], labels=self.labels[rows], indices=self.indices[rows])

    def split(self, held_out: int, *, seed: int = 0) -> tuple[ImageSet, ImageSet]:
        """Training images and ``held_out`` others, chosen at random by ``seed`` and kept in the source's order."""
        held_out = checks.integer("held_out", held_out)
        if not 0 < held_out < len(self):
            raise checks.InputError(
                f"held_out={held_out} must leave both parts some of the {len(self)} images; try {len(self) // 4}"
            )
        order = Draws(seed, "split").permutation(len(self))
        return self.take(order[held_out:].sort().values), self.take(order[:held_out].sort().values)

    def to(self, device: torch.device) -> ImageSet:
        images, labels, indices = (part.to(device) for part in (self.images, self.labels, self.indices))
        return replace(self, images=images, labels=labels, indices=indices)


def content_checksum(images: Tensor, labels: Tensor) -> str:
    """Hash of float32 pixels, their shape and int64 labels: the same for the same images from any kind of file."""
    digest = hashlib.sha256(f"{tuple(images.shape)}".encode())
    digest.update(images.contiguous().numpy().tobytes())
    digest.update(labels.contiguous().numpy().tobytes())
    return digest.hexdigest()[:16]
