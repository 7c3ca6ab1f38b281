"""What attacks ascend: a number for each image that grows as the answer leaves the label.

All take logits (n, classes) and labels (n,) and return (n,). The label is the caller's choice: the true one measures
adversarial accuracy, the predicted one the fooling rate.
"""

from __future__ import annotations

from collections.abc import Callable

import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from tradeoff.shared import checks

TINY = 1e-12
"""Keeps the ratios finite where all logits are equal, as the authors of DLR do."""


def cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """-log softmax at the label. Its gradient vanishes in float32 where the network is very sure."""
    return F.cross_entropy(logits, labels, reduction="none")


def margin(logits: Tensor, labels: Tensor) -> Tensor:
    """max_{k != y} z_k - z_y (Carlini & Wagner 2017): positive exactly where the answer is wrong."""
    others = logits.scatter(1, labels[:, None], -float("inf")).max(dim=1).values
    return others - _at(logits, labels)


def fooled(logits: Tensor, labels: Tensor) -> Tensor:
    """(n,) whether the answer is another one than the label; what is not a number is no answer."""
    return (logits.argmax(dim=1) != labels) & ~logits.isnan().any(dim=1)


def dlr(logits: Tensor, labels: Tensor) -> Tensor:
    """Difference of logits ratio (Croce & Hein 2020, eq. 6): the margin over z_(1) - z_(3), free of scale and shift."""
    ordered = _ordered(logits, 3, "dlr")
    return margin(logits, labels) / (ordered[:, 0] - ordered[:, 2] + TINY)


def dlr_targeted(logits: Tensor, labels: Tensor, targets: Tensor) -> Tensor:
    """Towards the given class (Croce & Hein 2020, eq. 7): (z_t - z_y) / (z_(1) - (z_(3) + z_(4)) / 2)."""
    ordered = _ordered(logits, 4, "dlr_targeted")
    scale = ordered[:, 0] - (ordered[:, 2] + ordered[:, 3]) / 2 + TINY
    return (_at(logits, targets) - _at(logits, labels)) / scale


def _at(logits: Tensor, labels: Tensor) -> Tensor:
    return logits.gather(1, labels[:, None])[:, 0]


def _ordered(logits: Tensor, least: int, loss: str) -> Tensor:
    """The largest ``least`` logits, in falling order."""
    if logits.shape[1] < least:
        raise checks.InputError(
            f"loss={loss!r} needs logits of at least {least} classes, the model has {logits.shape[1]}; "
            "use loss='margin' or the attack apgd_ce"
        )
    return logits.topk(least, dim=1).values


Loss = Callable[[Tensor, Tensor], Tensor]
LOSSES: dict[str, Loss] = {"cross_entropy": cross_entropy, "margin": margin, "dlr": dlr}
