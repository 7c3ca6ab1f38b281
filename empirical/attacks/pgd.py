"""Projected gradient ascent in the l_inf or l_2 ball (Madry et al. 2018)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from torch import Tensor, nn

from empirical.attacks.ball import PIXELS, Ball, Bounds, Region, Std
from empirical.attacks.base import best_of, held
from empirical.attacks.losses import LOSSES
from empirical.compute.draws import Draws
from empirical.compute.forward import ascent
from tradeoff.shared import checks


@dataclass(frozen=True)
class PGD:
    """Random start, ``steps`` steps of steepest ascent, each projected on the ball and on the bounds.

    The default step size 2.5 eps / steps crosses the ball from any start; a fixed 0.01 with 40 steps (the paper's)
    cannot for eps above 0.2. One run returns its last image; with more ``restarts`` the best one counts, and images
    that were fooled are not attacked again. Restart r draws as ``restart=r`` does.
    """

    eps: float  # [0, 1] pixel scale; "8/255" is understood; see `ball` for bounds and std
    steps: int = 40
    step_size: float | None = None
    norm: str = "linf"
    loss: str = "cross_entropy"  # a name in LOSSES
    restarts: int = 1
    random_start: bool = True
    bounds: Bounds = PIXELS
    std: Std = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "eps", self.ball.eps)
        checks.at_least("steps", self.steps, 1, what="the number of gradient steps")
        if self.step_size is not None:
            object.__setattr__(self, "step_size", checks.size("step_size", self.step_size))
        checks.known("loss", self.loss, LOSSES)
        checks.boolean("random_start", self.random_start)
        checks.at_least("restarts", self.restarts, 1, what="the number of runs")
        if self.restarts > 1 and not self.random_start:
            raise checks.InputError(
                f"restarts={self.restarts} with random_start=False would repeat one run; use restarts=1"
            )

    @property
    def ball(self) -> Ball:
        return Ball(self.eps, self.norm, self.bounds, self.std)

    def __call__(self, model: nn.Module, images: Tensor, labels: Tensor, indices: Tensor, *, draws: Draws) -> Tensor:
        """images (n, c, h, w) in the bounds, labels (n,), indices (n,) -> adversarial images, same shape and range."""
        region = self.ball.around(images)

        def run(rows: Tensor, restart: int) -> Tensor:
            return self._climb(model, region.take(rows), labels[rows], indices[rows], draws.again(restart))

        with held(model, images, labels, indices, draws):
            if self.restarts == 1:
                return self._climb(model, region, labels, indices, draws)
            return best_of(model, images, labels, [partial(run, restart=r) for r in range(self.restarts)])

    def _climb(self, model: nn.Module, region: Region, labels: Tensor, indices: Tensor, draws: Draws) -> Tensor:
        size = 2.5 * self.eps / self.steps if self.step_size is None else self.step_size
        at = region.start(indices, draws) if self.random_start else region.images
        for _ in range(self.steps):
            _, _, gradient = ascent(model, at, lambda logits: LOSSES[self.loss](logits, labels))
            at = region.step(at, gradient, size)
        return at.detach()
