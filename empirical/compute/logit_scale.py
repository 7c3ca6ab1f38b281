"""How large a difference of logits is, measured by what decides: by how much the largest logit leads the second.

A number added to all logits moves no answer, nor does a class that a large negative logit switches off; so neither may
move a tolerance. The largest absolute logit, which is at hand, is moved by both: with one class at -1e9 a share of 1e-4
of it is more than any two real classes ever lie apart.
"""

from __future__ import annotations

import torch
from torch import Tensor

REACH = 30.0
"""A class that trails the largest logit by more mean leads than this decides nothing and is not compared. In trained
networks the last class trails by 2 to 10."""
RESOLUTION = 4 * torch.finfo(torch.float32).eps
"""The share of a logit that float32 itself does not hold, which matters where a large number was added to all."""


def lead(logits: Tensor) -> Tensor:
    """(n, classes) -> (n,) by how much the largest logit leads; a single class leads by everything.

    >>> lead(torch.tensor([[3.0, 1.0, -1e9]])), lead(torch.tensor([[3.0, 1.0, 0.0]]) + 64)
    (tensor([2.]), tensor([2.]))
    """
    if logits.shape[1] == 1:
        return torch.full_like(logits[:, 0], torch.inf)
    first, second = logits.topk(2, dim=1).values.unbind(1)
    return first - second


def mean_lead(logits: Tensor) -> float:
    """The scale of a network's logits on some images."""
    return float(lead(logits).double().mean())


def tied(logits: Tensor, share: float) -> Tensor:
    """(n,) whether the largest logit leads by less than ``share`` of the mean lead, or than float32 holds."""
    return lead(logits) <= share * mean_lead(logits) + RESOLUTION * logits.amax(dim=1).abs()


def leading(logits: Tensor) -> Tensor:
    """(n, classes) whether a class is within REACH of the largest logit."""
    return logits.amax(dim=1, keepdim=True) - logits <= REACH * mean_lead(logits)


def apart(logits: Tensor, reference: Tensor) -> float:
    """The largest difference of two sets of logits of the same images, as a share of the mean lead of ``reference``.

    Logits are counted from the largest of their image, classes that decide nothing are left out, and so is what float32
    does not hold. Logits that are all tied have no scale: the difference is then in their own units.
    """
    counted = (logits - logits.amax(dim=1, keepdim=True)) - (reference - reference.amax(dim=1, keepdim=True))
    kept, scale = leading(reference), mean_lead(reference)
    far = (counted.abs() - RESOLUTION * reference.amax(dim=1, keepdim=True).abs())[kept]
    largest = float(far.clamp(min=0).max())
    return largest / scale if scale else largest
