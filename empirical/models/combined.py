"""Several networks as one: side by side, or one after the other where the first is not sure.

    parallel:of=std_cnn+p4_cnn_pooled            the mean of their probabilities
    cascade:of=std_cnn+p4_cnn_pooled,sure=90     the first answers where its largest probability is at least 90 %

Options of a member stand behind its name as usual, with ; in the place of a comma. All members are computed for all
images, so an answer does not depend on the batch. `Parallel` and `Cascade` take networks that are already trained, too.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from empirical.models.layers import CLASSES, GREY, Shape
from tradeoff.shared import checks

Members = tuple[nn.Module, ...]
"""The type of an option that names networks."""


class Parallel(nn.Module):
    """The logarithm of the mean of the members' probabilities.

    Examples
    --------
    >>> both = Parallel([nn.Flatten(), nn.Flatten()])
    >>> both(torch.zeros(1, 1, 2, 2)).exp()
    tensor([[0.2500, 0.2500, 0.2500, 0.2500]])
    """

    def __init__(self, members: Sequence[nn.Module]) -> None:
        super().__init__()
        self.members = nn.ModuleList(_several(members))

    def forward(self, images: Tensor) -> Tensor:
        logs = torch.stack([F.log_softmax(member(images), dim=1) for member in self.members])
        return logs.logsumexp(0) - logs.new_tensor(len(self.members)).log()


class Cascade(nn.Module):
    """Of each image the first member that is sure answers, else the last.

    A small change of an image may hand it to another member, at which logits jump: gradients do not see that, so
    measure it by an attack without gradients, too.

    Parameters
    ----------
    members : sequence of nn.Module
        The networks, from images to logits, in the order in which they are asked.
    sure : float
        The largest probability from which on a member answers, in [0, 1].
    """

    def __init__(self, members: Sequence[nn.Module], *, sure: float) -> None:
        super().__init__()
        self.members = nn.ModuleList(_several(members))
        self.sure = checks.share_of_one("sure", sure)

    def forward(self, images: Tensor) -> Tensor:
        *earlier, last = [F.log_softmax(member(images), dim=1) for member in self.members]
        for answer in reversed(earlier):
            certain = answer.detach().exp().amax(dim=1, keepdim=True) >= self.sure
            last = torch.where(certain, answer, last)
        return last

    def extra_repr(self) -> str:
        return f"sure={self.sure:g}"


def parallel(*, shape: Shape = GREY, classes: int = CLASSES, of: Members = ()) -> nn.Module:
    """Several networks side by side."""
    return Parallel(of)


def cascade(*, shape: Shape = GREY, classes: int = CLASSES, of: Members = (), sure: int = 90) -> nn.Module:
    """Several networks one after the other; ``sure`` is in per cent."""
    return Cascade(of, sure=checks.at_most("sure", sure, 100) / 100)


def _several(members: Sequence[nn.Module]) -> list[nn.Module]:
    if len(members) < 2:
        raise checks.InputError(
            f"of names {len(members)} networks, and two or more are combined; write of=std_cnn+p4_cnn_pooled"
        )
    return list(members)
