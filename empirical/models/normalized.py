"""Normalisation inside the network, so that images and eps stay on the [0, 1] pixel scale everywhere outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from tradeoff.shared import checks

Numbers = float | str | Sequence[float]
"""One number, one for each channel, or either as text with commas between."""


DEVIATION = "a standard deviation of pixels in [0, 1]"


class Normalized(nn.Module):
    """(x - mean) / std, then the network; mean and std are one number each, or one for each channel."""

    mean: Tensor
    std: Tensor

    def __init__(self, network: nn.Module, mean: float | Sequence[float], std: float | Sequence[float]) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("mean", _buffer([checks.real("mean", one) for one in _parts("mean", mean)]))
        deviations = [checks.positive("std", one, what=DEVIATION) for one in _parts("std", std)]
        self.register_buffer("std", _buffer(deviations))
        self.training = network.training  # a wrapper is in the mode of what it wraps; torch would say training

    def forward(self, images: Tensor) -> Tensor:
        channels = max(len(self.mean) if self.mean.ndim else 1, len(self.std) if self.std.ndim else 1)
        if channels not in (1, images.shape[1]):
            # Broadcasting would make a grey image into one of three channels without a word.
            raise checks.InputError(
                f"mean and std are for {channels} channels, but the images have {images.shape[1]}; "
                "give one number, or one for each channel of the images"
            )
        logits: Tensor = self.network((images - self.mean) / self.std)
        return logits


def _buffer(values: Sequence[float]) -> Tensor:
    """() for one number, the form of all stored networks; (channels, 1, 1) for several."""
    numbers = torch.tensor(values, dtype=torch.float32)
    return numbers[0] if len(numbers) == 1 else numbers.reshape(-1, 1, 1)


@dataclass(frozen=True, init=False)
class Normalization:
    """The mean and standard deviation that a network's input was brought to in training, on the [0, 1] pixel scale.

    One number for all channels or one for each. Of text the numbers are read with commas between, and as fractions.

    >>> Normalization("0.1307", 0.3081), Normalization(0, "51/255")
    (Normalization(mean=(0.1307,), std=(0.3081,)), Normalization(mean=(0.0,), std=(0.2,)))

    Raises
    ------
    InputError
        For what is not a finite number, a std that is not positive, or a mean and a std for other numbers of channels.
    """

    mean: tuple[float, ...]
    std: tuple[float, ...]

    def __init__(self, mean: Numbers, std: Numbers) -> None:
        found_mean = tuple(checks.ratio("mean", one) for one in _parts("mean", mean))
        found_std = tuple(checks.positive("std", one, what=DEVIATION) for one in _parts("std", std))
        if len({len(found_mean), len(found_std)} - {1}) > 1:
            raise checks.InputError(
                f"mean has {len(found_mean)} numbers and std has {len(found_std)}; "
                "give one number, or as many of both as the images have channels"
            )
        object.__setattr__(self, "mean", found_mean)
        object.__setattr__(self, "std", found_std)

    def of(self, network: nn.Module) -> Normalized:
        """The network behind this normalisation, in the mode that the network is in."""
        return Normalized(network, self.mean, self.std)


def _parts(name: str, values: Numbers) -> Sequence[object]:
    parts = values.split(",") if isinstance(values, str) else values
    parts = parts if isinstance(parts, Sequence) else [parts]
    if not parts:
        raise checks.InputError(f"{name}={values!r} holds no number; write one, or one for each channel")
    return parts


PRESETS = {
    # Mean and deviation of all pixels of the 50,000 training images; a smaller std (.2023 .1994 .2010) is in use, too.
    "cifar10": Normalization((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)),
    "imagenet": Normalization((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
}
"""What many published networks of these data sets expect."""


def normalization(
    *, preset: str | None = None, mean: Numbers | None = None, std: Numbers | None = None
) -> Normalization | None:
    """What ``--normalize PRESET`` or ``--mean M --std S`` asks for; None where nothing is asked.

    >>> normalization(mean="0.5", std="0.2,0.3,0.4")
    Normalization(mean=(0.5,), std=(0.2, 0.3, 0.4))

    Raises
    ------
    InputError
        For an unknown preset, a preset together with numbers, or a mean without a std and the other way round.
    """
    if preset is not None:
        if mean is not None or std is not None:
            raise checks.InputError(
                f"normalize={preset!r} brings its own mean and std; give either normalize, or mean and std"
            )
        return PRESETS[checks.known("normalize", preset, PRESETS)]
    if mean is None and std is None:
        return None
    if mean is None or std is None:
        given, value, missing = ("std", std, "mean") if mean is None else ("mean", mean, "std")
        raise checks.InputError(f"{given}={value!r} needs {missing} beside it; give both, or normalize=cifar10")
    return Normalization(mean, std)
