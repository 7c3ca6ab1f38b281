"""Labels of networks: they name folders and stand in figures, and equal ones make training seeds of one network."""

from __future__ import annotations

import re

from torch import nn

from empirical.compute import checksum
from tradeoff.shared import checks

LABEL = re.compile(r"[A-Za-z0-9_.-]+")
NOT_IN_LABELS = re.compile(r"[^A-Za-z0-9_.-]+")


def label(what: str, text: str) -> str:
    """The text, if it can be a label; ``what`` is the argument that it was given as.

    Raises
    ------
    InputError
        If it is empty, or holds anything but letters, digits, _ - and dots.
    """
    if not isinstance(text, str) or not LABEL.fullmatch(text):
        raise checks.InputError(
            f"{what}={text!r} cannot name a network; use letters, digits, _ - and . only, such as robust-1"
        )
    return text


def as_label(text: str) -> str:
    """The text with what a label cannot hold replaced."""
    return NOT_IN_LABELS.sub("-", text) or "network"


def of_model(model: nn.Module) -> str:
    """A label for a network that was given none: its class, and enough of its checksum to tell it from others.

    >>> of_model(nn.Identity())
    'Identity-...'
    """
    return f"{as_label(type(model).__name__)}-{checksum.of_weights(model)[:8]}"
