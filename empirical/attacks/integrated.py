"""Flow and rigid motion at once, ascended together: in the spirit of the integrated spatial attack of seeds/000.

Of that paper only captions and the abstract are at hand: what is built here is a flow field composed with a rotation
and a shift in one sampling grid, not a re-implementation.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from empirical.attacks.base import held
from empirical.attacks.flow import Flow, Knob, descend, no_flow, roughness
from empirical.attacks.losses import margin
from empirical.attacks.rigid import Rigid
from empirical.compute.draws import Draws
from empirical.transforms.resampling import rigid_flow, rigid_matrix
from tradeoff.shared import checks


@dataclass(frozen=True)
class Integrated:
    """From the worst of k random rigid motions, Adam on angle, shift and flow field together until fooled.

    What falls is the margin loss of `Flow`; the image is resampled once.
    """

    angle_deg: float = 30.0
    shift_px: float = 3.0
    flip: bool = False
    limit_px: float | None = 2.0  # of the flow field, along an axis
    tau: float = 0.005
    kappa: float = 0.0
    steps: int = 100
    k: int = 10
    rate_deg: float = 1.0  # Adam's steps
    rate_px: float = 0.1

    def __post_init__(self) -> None:
        Flow(self.limit_px, self.tau, self.kappa, self.steps, self.rate_px)
        checks.at_least("k", self.k, 1, what="the number of random starts tried")
        Rigid(self.angle_deg, self.shift_px, self.flip, None, self.k)
        checks.positive("rate_deg", self.rate_deg, what="Adam's step in degrees")

    def __call__(self, model: nn.Module, images: Tensor, labels: Tensor, indices: Tensor, *, draws: Draws) -> Tensor:
        """images (n, c, h, w), black 0, labels (n,), indices (n,) -> moved images, values between black and theirs."""
        angle, shift, field, flip = self.motion(model, images, labels, indices, draws=draws)
        return _moved(images.detach(), angle, shift, field, flip)

    def motion(
        self, model: nn.Module, images: Tensor, labels: Tensor, indices: Tensor, *, draws: Draws
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """angle_deg (n,), shift_px (n, 2), the flow field in pixels (n, 2, h, w), and whether mirrored (n,)."""
        start = Rigid(self.angle_deg, self.shift_px, self.flip, None, self.k)
        worst = start.table(model, images, labels, indices, draws=draws).worst()
        images, flip = images.detach(), worst[:, 3] > 0
        knobs = [
            Knob(worst[:, 0], self.angle_deg, self.rate_deg),
            Knob(worst[:, 1:3], self.shift_px, self.rate_px),
            Knob(no_flow(images), self.limit_px, self.rate_px),
        ]

        def objective(at: list[Tensor], rows: Tensor) -> tuple[Tensor, Tensor]:
            logits = model(_moved(images[rows], at[0], at[1], at[2], flip[rows]))
            return logits, -margin(logits, labels[rows]).clamp(max=self.kappa) + self.tau * roughness(at[2])

        with held(model, images, labels, indices, draws):
            angle, shift, field = descend(objective, knobs, labels, self.steps)
        return angle, shift, field, flip


def _moved(images: Tensor, angle_deg: Tensor, shift_px: Tensor, field: Tensor, flip: Tensor) -> Tensor:
    _, _, height, width = images.shape
    return rigid_flow(images, rigid_matrix(angle_deg, shift_px, flip, height, width), field)
