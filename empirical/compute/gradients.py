"""Gradients of a loss by the images, in bfloat16 where that is faster, and counted.

An attack needs a direction, not digits: bfloat16 serves it at half the cost, and so do quicker `kernels`, of which some
let another of several equal values lead. What an attack finds is then verified in float32, so that these choices
can weaken an attack and never forge a success.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from empirical.compute.device import out_of_memory
from empirical.compute.forward import ascent, frozen, slopes
from empirical.compute.kernels import Prepared
from empirical.compute.logit_scale import lead
from tradeoff.shared import checks

DTYPES = ("float32", "bfloat16")
"""In which gradients can be computed."""
ALIKE = 0.7
"""Least mean cosine between the gradients of both precisions for bfloat16 to be taken."""
LOST = 0.25
"""And the largest share of the answers' leads that it may lose: of logits near 1e5 it tells none apart."""
PROBES = 8
"""Images on which the precisions are compared."""


class Gradients:
    """(at, loss) -> logits, losses, gradient in float32; ``evaluations`` counts images, as every library would,
    and ``queries`` those that only logits were asked for.

    The model must be held by `frozen` while this is used; in bfloat16 a copy of it works. ``kernels`` is a name in
    `kernels.KERNELS`; `kernels.choice` says which suit the model.

    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(4, 2))
    >>> gradients = Gradients(model, "float32")
    >>> logits, losses, gradient = gradients(torch.zeros(3, 1, 2, 2), lambda logits: logits[:, 0])
    >>> gradient.shape, gradients.evaluations
    (torch.Size([3, 1, 2, 2]), 3)
    """

    def __init__(self, model: nn.Module, precision: str, *, kernels: str = "torch") -> None:
        checks.known("precision", precision, DTYPES)
        self.evaluations = self.queries = 0
        self._prepared = Prepared(model, kernels, torch.bfloat16 if precision == "bfloat16" else torch.float32)

    def __call__(self, at: Tensor, loss: Callable[[Tensor], Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """Logits (n, classes), losses (n,), and the gradient of their sum (n, c, h, w)."""
        self.evaluations += len(at)
        given = self._prepared.laid(at.detach()).detach().requires_grad_()
        with torch.enable_grad():
            logits = self._prepared(given).float()
            losses = loss(logits)
            (gradient,) = slopes(losses, [given])
        return logits.detach(), losses.detach(), gradient.float()

    def logits(self, at: Tensor) -> Tensor:
        """Logits (n, classes) without a gradient."""
        self.queries += len(at)
        with torch.no_grad():
            return self._prepared(at).float()


def supported(device: torch.device) -> bool:
    """Whether the device computes in bfloat16 itself, and does not merely imitate it."""
    if device.type == "cuda":
        return torch.cuda.get_device_capability(device) >= (8, 0)
    known: dict[str, object] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(known.get("avx512_bf16") or known.get("amx_bf16"))


def precision_for(
    model: nn.Module, images: Tensor, labels: Tensor, asked: str = "auto", *, probes: int = PROBES
) -> tuple[str, str]:
    """The precision of the gradients, and why: bfloat16 where the device has it and the model's gradients keep theirs.

    Raises
    ------
    InputError
        If bfloat16 is asked for by name and the model cannot work in it.
    """
    checks.known("gradients", asked, ("auto", *DTYPES))
    if asked == "float32":
        return asked, "asked for"
    if asked == "auto" and not supported(images.device):
        return "float32", "this device has no bfloat16 of its own"
    suits, reason = _bfloat16(model, images[:probes], labels[:probes])
    if suits:
        return "bfloat16", reason
    if asked == "bfloat16":
        raise checks.InputError(f"gradients='bfloat16' does not suit this model: {reason}; use auto or float32")
    return "float32", reason


def _bfloat16(model: nn.Module, images: Tensor, labels: Tensor) -> tuple[bool, str]:
    """Whether gradients and leads of the logit at the label are those of torch in float32, and why or why not."""

    def at_label(logits: Tensor) -> Tensor:
        return logits.gather(1, labels[:, None])[:, 0]

    with frozen(model):
        exact, _, slope = ascent(model, images, at_label)
        try:
            rough, _, rough_slope = Gradients(model, "bfloat16")(images, at_label)
        except Exception as error:
            if out_of_memory(error):  # for the caller to try fewer images at once
                raise
            return False, f"the model does not run in bfloat16 ({checks.reason(error)})"
    cosine = torch.nn.functional.cosine_similarity(slope.flatten(1), rough_slope.flatten(1), dim=1).nan_to_num(0.0)
    alike = float(cosine.mean())
    if not alike >= ALIKE:
        return False, f"its gradients in bfloat16 are others (mean cosine {alike:.2f}, at least {ALIKE} is needed)"
    lost = float((lead(rough) - lead(exact)).abs().sum() / lead(exact).sum().clamp(min=torch.finfo(torch.float32).tiny))
    if not lost <= LOST:
        return False, f"its logits in bfloat16 lose {lost:.2g} of the leads of its answers (up to {LOST} is borne)"
    return True, f"gradients agree with float32 (mean cosine {alike:.3f})"
