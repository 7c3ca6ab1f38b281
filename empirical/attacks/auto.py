"""AutoAttack, where its package is installed: an outside verifier, with its own conventions."""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from empirical.attacks.ball import Ball
from empirical.attacks.base import held
from empirical.compute.draws import Draws
from tradeoff.shared import checks

PACKAGE = "autoattack"


def installed() -> bool:
    """Whether the package can be imported; it is not imported for that."""
    return importlib.util.find_spec(PACKAGE) is not None


@dataclass(frozen=True)
class AutoAttack:
    """The standard version of Croce & Hein's program, on pixels in [0, 1].

    Its draws follow from the key of ours, but by the order of its calls: an image's result depends on its batch. It
    returns images that it cannot fool as they were.
    """

    eps: float  # [0, 1] pixel scale; "8/255" is understood
    norm: str = "linf"
    version: str = "standard"

    def __post_init__(self) -> None:
        object.__setattr__(self, "eps", Ball(self.eps, self.norm).eps)

    def __call__(self, model: nn.Module, images: Tensor, labels: Tensor, indices: Tensor, *, draws: Draws) -> Tensor:
        """images (n, c, h, w) in [0, 1], labels (n,) -> adversarial images, same shape and range."""
        if not installed():
            raise checks.InputError(
                f"the package {PACKAGE!r} is not installed; pip install git+https://github.com/fra31/auto-attack, "
                "or use apgd_ce, apgd_dlr_t and square"
            )
        package: Any = importlib.import_module(PACKAGE)
        # It seeds torch's global generator.
        with (
            held(model, images, labels, indices, draws),
            torch.random.fork_rng([images.device] if images.is_cuda else []),
        ):
            verifier = package.AutoAttack(
                model,
                norm={"linf": "Linf", "l2": "L2"}[self.norm],
                eps=self.eps,
                version=self.version,
                seed=draws.key % 2**31,
                device=str(images.device),
                verbose=False,
            )
            moved: Tensor = verifier.run_standard_evaluation(images, labels, bs=len(images))
        return moved.detach()
