"""Labels of networks: they name folders and stand in figures, and equal ones make training seeds of one network."""

from __future__ import annotations

import re

from torch import nn

from empirical.compute import checksum
from tradeoff.shared import checks, storage
from tradeoff.shared.names import quoted

LABEL = re.compile(r"[A-Za-z0-9_.-]+")
LONGEST = 100
"""Letters of a label: folders and files are called by it, and names have an end."""
NOT_IN_LABELS = re.compile(r"[^A-Za-z0-9_.-]+")


def label(what: str, text: str) -> str:
    """The text, if it can be a label; ``what`` is the argument that it was given as.

    Raises
    ------
    InputError
        If it is empty, too long, or holds anything but letters, digits, _ - and dots.
    """
    if not isinstance(text, str) or not LABEL.fullmatch(text):
        raise checks.InputError(
            f"{what}={text!r} cannot name a network; use letters, digits, _ - and . only, such as robust-1"
        )
    if len(text) > LONGEST:
        raise checks.InputError(
            f"{what}={quoted(text, 40)} has {len(text)} letters, and a network's name at most {LONGEST}; "
            "use a shorter one"
        )
    return text


def as_label(text: str) -> str:
    """The text with what a label cannot hold replaced; of a long one the beginning, and what tells it from others."""
    found = NOT_IN_LABELS.sub("-", text) or "network"
    return found if len(found) <= LONGEST else f"{found[: LONGEST - 13]}-{storage.content_id(text)}"


def of_model(model: nn.Module) -> str:
    """A label for a network that was given none: its class, and enough of its checksum to tell it from others.

    >>> of_model(nn.Identity())
    'Identity-...'
    """
    return f"{as_label(type(model).__name__)}-{checksum.of_weights(model)[:8]}"
