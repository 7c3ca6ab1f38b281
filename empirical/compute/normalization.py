"""What a network's input is normalised by: numbers and names of them, checked without loading torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tradeoff.shared import checks

Numbers = float | str | Sequence[float]
"""One number, one for each channel (a tensor or an array, too), or either as text with commas between."""
DEVIATION = "a standard deviation of pixels in [0, 1]"


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


def _parts(name: str, values: Any) -> Sequence[object]:
    values = values.tolist() if hasattr(values, "tolist") else values  # tensors and arrays
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
        value = ",".join(map(str, value)) if isinstance(value, tuple) else value
        raise checks.InputError(f"{given}={value!r} needs {missing} beside it; give both, or normalize=cifar10")
    return Normalization(mean, std)
