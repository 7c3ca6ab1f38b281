"""What a model is asked before it is measured: does it answer the same image alike, whoever asks, however often?

All on a few images, by plain forward passes and one gradient of each; `validation.flags` says what the numbers mean.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from empirical.attacks.losses import cross_entropy
from empirical.compute import checksum, forward
from empirical.compute.device import out_of_memory
from empirical.compute.draws import Draws
from empirical.compute.forward import frozen
from empirical.compute.gradients import Gradients, supported
from empirical.compute.logit_scale import apart, tied
from empirical.compute.modes import kept, settled
from empirical.data import limited
from empirical.data.images import ImageSet
from empirical.measurement.batches import chunk

PROBED = 64
"""Images that are asked about, chosen at random; no more than a piece holds."""
ALONE = 8
"""Those of them that are also handed over one by one."""
ROUNDING = 1e-3
"""Logits that differ by less than this share of the mean lead are the same up to rounding (`logit_scale`).

A float32 operation rounds to 6e-8; what a batch of another size adds up in another order differs by 1e-6 in a shallow
network and by 1e-4 in one that amplifies rounding a thousand times. Noise or the mean of a batch moves logits by more.
"""


@dataclass(frozen=True)
class Probe:
    """Plain numbers about a model on a few images; differences of logits are shares of the mean lead.

    Where a count is of images, it is of ``images``.
    """

    images: int
    batch: int  # images of a forward pass
    modules: int
    training: int  # modules in training mode when the model was handed over
    by_mode: float  # largest difference to a pass in the mode in which it was handed over
    stubborn: int  # modules that stay in training mode when the model is put into eval mode
    tensors_changed: tuple[str, ...]  # parameters and buffers that passes in eval mode changed
    twice: float  # largest difference between two passes over the same batches
    mixed: float  # largest difference to a pass over other batches, or over single images
    with_gradients: int  # answered otherwise where gradients are computed, ties up to rounding left out
    written: int  # images that the model changed in place
    outside: int  # images of which it left pixels outside [0, 1], or no numbers
    grey: int  # the answer to the image that is 0.5 everywhere
    no_gradient: int  # the gradient of the cross-entropy at the answer is exactly 0 everywhere, in float32
    no_gradient_bfloat16: int | None  # the same in bfloat16; None where the device has none of its own


NOT_ASKED = Probe(0, 0, 0, 0, math.nan, 0, (), math.nan, math.nan, 0, 0, 0, 0, 0, None)
"""In place of what a network says that is not at hand."""


def probe(model: nn.Module, data: ImageSet, *, batch_size: int) -> Probe:
    """Ask the model, in the state in which it is handed over; it is left as it was, but for what it does to itself.

    Raises
    ------
    InputError
        If the model cannot take the images, or a single one, does not return finite logits (n, classes), or has no
        gradient by its images.
    """
    training = sum(module.training for module in model.modules())
    images = limited(data, min(PROBED, chunk(data.images))).images
    as_given = _in_its_mode(model, images[:batch_size]) if training else None
    with settled(model):
        return _asked(model, images, training, as_given, batch_size)


def _asked(model: nn.Module, images: Tensor, training: int, as_given: Tensor | None, batch_size: int) -> Probe:
    """What is asked of the model in eval mode, beside what it said before."""
    stubborn = sum(module.training for module in model.modules())
    before = _tensors(model)
    given = images.clone()  # without the copies of `frozen`: what the model does to it is the question
    with torch.no_grad():
        first = _logits(model, given, batch_size)
    with frozen(model), torch.no_grad():
        again = _logits(model, images, batch_size)
        mixed = _in_other_batches(model, images, first, batch_size)
        grey = _logits(model, torch.full_like(images[:1], 0.5), 1)
    answers = first.argmax(dim=1)
    logits, gradient = _with_gradients(model, images, answers, batch_size)
    after = _tensors(model)
    return Probe(
        images=len(images),
        batch=min(batch_size, len(images)),
        modules=len(list(model.modules())),
        training=training,
        by_mode=_by_mode(first, as_given) if training else 0.0,
        stubborn=stubborn,
        tensors_changed=tuple(name for name in sorted(before | after) if before.get(name) != after.get(name)),
        twice=apart(again, first),
        mixed=mixed,
        with_gradients=int(((logits.argmax(dim=1) != answers) & ~tied(first, ROUNDING)).sum()),
        written=int((given != images).flatten(1).any(dim=1).sum()),
        outside=int((~((given >= 0) & (given <= 1))).flatten(1).any(dim=1).sum()),
        grey=int(grey.argmax()),
        no_gradient=_zeros(gradient),
        no_gradient_bfloat16=_zeros_in_bfloat16(model, images, answers, batch_size),
    )


def _in_its_mode(model: nn.Module, images: Tensor) -> Tensor | None:
    """Logits of a pass in the mode that the model is in, which leaves no trace; None if there are none."""
    cuda = [images.device] if images.is_cuda else []
    with kept(model), torch.random.fork_rng(cuda), torch.no_grad():
        try:
            return forward.logits(model, images.clone())
        except Exception as error:
            if out_of_memory(error):
                raise
            return None


def _by_mode(logits: Tensor, as_given: Tensor | None) -> float:
    """How far logits in the given mode are from those in eval mode; a whole mean lead where there are none."""
    if as_given is None or as_given.shape[1] != logits.shape[1]:
        return 1.0
    return apart(as_given, logits[: len(as_given)])


def _tensors(model: nn.Module) -> dict[str, str]:
    """The content of every parameter and buffer, hashed: a copy might not fit the memory."""
    named = checksum.named_tensors(model)
    return {name: hashlib.sha256(checksum.content(tensor)).hexdigest() for name, tensor in named}


def _logits(model: nn.Module, images: Tensor, batch_size: int) -> Tensor:
    return torch.cat([forward.logits(model, batch) for batch in images.split(batch_size)])


def _in_other_batches(model: nn.Module, images: Tensor, logits: Tensor, batch_size: int) -> float:
    """The largest change of logits where images are alone, or in another order and in batches of half the size."""
    order = Draws(0, "mixed").permutation(len(images)).to(images.device)
    half = max(min(batch_size, len(images)) // 2, 1)
    mixed = apart(_logits(model, images[order], half), logits[order])
    return max(mixed, apart(_logits(model, images[:ALONE], 1), logits[:ALONE]))


def _with_gradients(model: nn.Module, images: Tensor, answers: Tensor, batch_size: int) -> tuple[Tensor, Tensor]:
    """Logits of the pass that computes gradients in float32, and the gradients."""
    with frozen(model):
        return _passes(Gradients(model, "float32"), images, answers, batch_size)


def _zeros_in_bfloat16(model: nn.Module, images: Tensor, answers: Tensor, batch_size: int) -> int | None:
    """None, too, for a model that does not run in bfloat16, in which it is then not measured either."""
    if not supported(images.device):
        return None
    with frozen(model):
        try:
            return _zeros(_passes(Gradients(model, "bfloat16"), images, answers, batch_size)[1])
        except Exception as error:
            if out_of_memory(error):
                raise
            return None


def _passes(gradients: Gradients, images: Tensor, answers: Tensor, batch_size: int) -> tuple[Tensor, Tensor]:
    batches = zip(images.split(batch_size), answers.split(batch_size), strict=True)
    found = [gradients(batch, partial(_against, own)) for batch, own in batches]
    return torch.cat([one[0] for one in found]), torch.cat([one[2] for one in found])


def _against(answers: Tensor, logits: Tensor) -> Tensor:
    return cross_entropy(logits, answers)


def _zeros(gradient: Tensor) -> int:
    """Images at which the gradient has no sign for an attack to follow; `Gradients` puts 0 for what is not finite."""
    return int((gradient == 0).flatten(1).all(dim=1).sum())
