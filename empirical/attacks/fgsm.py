"""Fast gradient (sign) method (Goodfellow et al. 2015): one step from the image itself."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from empirical.attacks.ball import PIXELS, Ball, Bounds, Std
from empirical.attacks.pgd import PGD
from empirical.compute.draws import Draws


@dataclass(frozen=True)
class FGSM:
    """eps along the sign of the gradient, or along the gradient itself in l_2; no random start, so no draws."""

    eps: float  # [0, 1] pixel scale; "8/255" is understood; see `ball` for bounds and std
    norm: str = "linf"
    loss: str = "cross_entropy"
    bounds: Bounds = PIXELS
    std: Std = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "eps", Ball(self.eps, self.norm, self.bounds, self.std).eps)
        self._step()  # checks the rest

    def __call__(self, model: nn.Module, images: Tensor, labels: Tensor, indices: Tensor, *, draws: Draws) -> Tensor:
        """images (n, c, h, w) in the bounds, labels (n,) -> adversarial images, same shape and range."""
        return self._step()(model, images, labels, indices, draws=draws)

    def _step(self) -> PGD:
        return PGD(self.eps, 1, self.eps, self.norm, self.loss, 1, False, self.bounds, self.std)
