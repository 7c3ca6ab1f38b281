"""Convolution and pooling on a CPU, often quicker than torch's own where only the input needs a gradient.

They take the place of torch's inside a ``with`` block, whatever model calls them; what they do not cover goes to torch,
and `suited` tells whether a model gives the same answers and gradients with them. Three things are slow in torch there:
layouts that change from layer to layer, because images of one channel hide theirs; in bfloat16 the backward convolution
of a few channels that is padded, or has one channel at its end; pooling of channels that do not fill a vector, with its
eight bytes of index for every value. Whether they win depends on the processor (`benchmarks/gradients.py`): with matrix
units torch's own are quicker when images are channels last, so `kernels.choice` measures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn
from torch.autograd import forward_ad
from torch.overrides import TorchFunctionMode

from empirical.compute.device import out_of_memory
from empirical.compute.logit_scale import apart

ALIKE, LEAST_COSINE = 1e-4, 0.9
"""Logits that differ by less than this share of the mean lead, and gradients of this mean cosine, are the same."""
LANES = 16
"""Channels that a block of a convolution works on at once; others are filled up."""
BELOW_ZERO = -torch.finfo(torch.bfloat16).tiny
"""A threshold that 0 exceeds, and that no negative difference of two numbers of usual size does."""


class Kernels(TorchFunctionMode):
    """While active, `torch.conv2d` of stride 1 and 2 x 2 max pooling on the CPU are the ones below.

    The ``parameters`` that it is told of are brought into form once, and again when they have changed.

    >>> model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2)).requires_grad_(False)
    >>> images = torch.rand(2, 1, 8, 8)
    >>> with Kernels(model.parameters()):
    ...     found = model(images)
    >>> torch.allclose(found, model(images), atol=1e-6)
    True
    """

    def __init__(self, parameters: Iterable[Tensor] = ()) -> None:
        super().__init__()
        self._known = {id(parameter): parameter for parameter in parameters}
        self._forms: dict[int, tuple[Tensor, dict[str, Tensor]]] = {}

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        found = NotImplemented
        if func is torch.conv2d:
            found = self._conv2d(*args, **kwargs)
        elif func is F.max_pool2d or func is torch.max_pool2d:
            found = _max_pool2d(*args, **kwargs)
        elif func is Tensor.view and _ours(args[0]):
            return viewed(*args, **kwargs)
        return func(*args, **kwargs) if found is NotImplemented else found

    def _conv2d(
        self,
        input: Tensor,
        weight: Tensor,
        bias: Tensor | None = None,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
    ) -> Any:
        plain = _pair(stride) == (1, 1) and _pair(dilation) == (1, 1) and groups == 1 and not isinstance(padding, str)
        trained = weight.requires_grad or (bias is not None and bias.requires_grad)
        if plain and not trained and _ours(input) and _ours(weight) and _fit(input, weight, bias, _pair(padding)):
            return _Conv2d.apply(input, weight, bias, _pair(padding), self._form)
        return NotImplemented

    def _form(self, weight: Tensor, kind: str, make: Callable[[], Tensor]) -> Tensor:
        """The weight as ``make`` brings it into form; kept for a known parameter as long as it is what it was."""
        if self._known.get(id(weight)) is not weight:
            return make()
        copy, forms = self._forms.get(id(weight), (None, {}))
        if copy is None or not torch.equal(copy, weight):
            copy, forms = self._forms[id(weight)] = (weight.detach().clone(), {})
        if kind not in forms:
            forms[kind] = make()
        return forms[kind]


def suited(model: nn.Module, images: Tensor, prepared: Callable[[], Callable[[Tensor], Tensor]]) -> bool:
    """Whether the model does when ``prepared`` for other kernels, in float32, what it does by itself; on a few images.

    The model must be held by `frozen`. Pooling may choose another of equal values, so gradients need only be near.
    """
    compiled = any(type(module).__name__ == "OptimizedModule" for module in model.modules())
    if compiled or not len(images):
        return False  # a compiler would try to compile the kernels as well
    plain = _of_the_largest(model, images)
    try:
        ours = _of_the_largest(prepared(), images)
    except Exception as error:
        if out_of_memory(error):  # for the caller to try fewer images at once
            raise
        return False
    near = apart(ours[0], plain[0]) <= ALIKE
    gradients = torch.stack((plain[1], ours[1])).flatten(2)
    there = (gradients != 0).any(dim=2).any(dim=0)  # where neither has a slope there is nothing to compare
    alike = torch.cosine_similarity(*gradients[:, there])
    return near and (not len(alike) or float(alike.mean()) >= LEAST_COSINE)


def _of_the_largest(model: Callable[[Tensor], Tensor], images: Tensor) -> tuple[Tensor, Tensor]:
    """Logits, and the gradient of each image's largest."""
    given = images.detach().clone().requires_grad_()
    with torch.enable_grad():
        logits = model(given)
        (gradient,) = torch.autograd.grad(logits.amax(dim=1).sum(), given)
    return logits.detach(), gradient.nan_to_num(0.0, 0.0, 0.0)


class _Conv2d(torch.autograd.Function):
    """Cross-correlation of stride 1; the gradient is that of the input alone."""

    @staticmethod
    def forward(
        ctx: Any, images: Tensor, weight: Tensor, bias: Tensor | None, pads: tuple[int, int], form: Any
    ) -> Tensor:
        ctx.shape, ctx.pads, ctx.form = images.shape, pads, form
        ctx.save_for_backward(weight)
        if _by_rows_better(images.shape, weight):
            return _conv_by_rows(channels_last(images), weight, bias, pads, form)
        return F.conv2d(channels_last(images), form(weight, "forward", lambda: channels_last(weight)), bias, 1, pads)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        (weight,) = ctx.saved_tensors
        gradient = channels_last(gradient)
        if _by_rows_better(ctx.shape, weight):
            return _back_by_rows(gradient, weight, ctx.shape, ctx.pads, ctx.form), None, None, None, None
        turned = ctx.form(weight, "turned", lambda: channels_last(weight.flip(2, 3).transpose(0, 1)))
        high, wide = (size - 1 - pad for size, pad in zip(weight.shape[2:], ctx.pads, strict=True))
        if weight.dtype == torch.bfloat16 and len(weight) < 2 * LANES and len(weight) % LANES:
            gradient, high, wide = F.pad(gradient, (wide, wide, high, high)), 0, 0
        return F.conv2d(gradient, turned, None, 1, (high, wide)), None, None, None, None


def _by_rows_better(shape: Sequence[int], weight: Tensor) -> bool:
    """Whether the zeros in `_rows` are fewer than those that fill a block of input channels."""
    return weight.dtype == torch.bfloat16 and shape[3] * weight.shape[1] <= LANES * weight.shape[3]


def _rows(weight: Tensor, width: int, out_width: int, pad: int) -> Tensor:
    """(kh, width ci, out_width co): row i of the kernel as a matrix from a row of inputs to a row of outputs."""
    apart = torch.arange(width)[:, None] + pad - torch.arange(out_width)  # (width, out_width): column in the kernel
    size = weight.shape[3]
    spread = weight[..., apart.clamp(0, size - 1)] * ((apart >= 0) & (apart < size))  # (co, ci, kh, width, out_width)
    return spread.permute(2, 3, 1, 4, 0).reshape(weight.shape[2], width * weight.shape[1], -1)


def _conv_by_rows(images: Tensor, weight: Tensor, bias: Tensor | None, pads: tuple[int, int], form: Any) -> Tensor:
    """One product of matrices: for each row of outputs, the rows of inputs under the kernel."""
    (n, channels, height, width), (out_channels, _, high, wide) = images.shape, weight.shape
    out_height, out_width = height + 2 * pads[0] - high + 1, width + 2 * pads[1] - wide + 1
    row = width * channels

    def make() -> Tensor:
        return _rows(weight, width, out_width, pads[1]).reshape(high * row, -1).t().contiguous()

    flat = F.pad(images.permute(0, 2, 3, 1).reshape(n, height, row), (0, 0, pads[0], pads[0]))
    under = flat.unfold(1, high, 1).transpose(2, 3).reshape(n * out_height, high * row)
    found = _empty((n, out_channels, out_height, out_width), images)
    start = images.new_zeros(1) if bias is None else bias.repeat(out_width)
    torch.addmm(
        start, under, form(weight, f"rows {width} {pads[1]} forward", make).t(), out=_stretches(found, n * out_height)
    )
    return found


def _back_by_rows(gradient: Tensor, weight: Tensor, shape: Sequence[int], pads: tuple[int, int], form: Any) -> Tensor:
    """One product of matrices for each row of the kernel, added up as whole stretches of memory."""
    (n, channels, height, width), (out_height, out_width) = shape, gradient.shape[2:]

    def make() -> Tensor:
        return _rows(weight, width, out_width, pads[1]).transpose(1, 2).contiguous()

    flat, row = _stretches(gradient, n * out_height), width * channels
    found = gradient.new_zeros(n, height * row)
    for down, matrix in enumerate(form(weight, f"rows {width} {pads[1]} back", make), start=-pads[0]):
        low, high = max(down, 0), min(down + out_height, height)  # row r of the gradient lies over row r + down
        part = (flat @ matrix).view(n, out_height * row)
        found[:, low * row : high * row] += part[:, (low - down) * row : (high - down) * row]
    return found.view(n, height, width, channels).permute(0, 3, 1, 2)


def _max_pool2d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    halves = _pair(kernel_size) == (2, 2) and _pair(stride or kernel_size) == (2, 2) and _pair(padding) == (0, 0)
    usual = _pair(dilation) == (1, 1) and not (ceil_mode or return_indices)
    if halves and usual and _ours(input) and input.numel() and min(input.shape[2:]) >= 2:
        return _Halved.apply(input)
    return NotImplemented


class _Halved(torch.autograd.Function):
    """The maximum of each 2 x 2 window, of two rows and then of two columns.

    Of equal values the upper one, then the left one gets the gradient.
    """

    @staticmethod
    def forward(ctx: Any, images: Tensor) -> Tensor:
        n, channels, height, width = ctx.shape = images.shape
        pixels = channels_last(images).permute(0, 2, 3, 1)[:, : height // 2 * 2, : width // 2 * 2]
        upper, lower = pixels[:, 0::2], pixels[:, 1::2]
        left, right = torch.maximum(upper, lower).view(-1, 2, channels).unbind(1)
        # Differences of whole stretches: comparisons, or pieces of a few channels, would take four times as long.
        ctx.save_for_backward(upper - lower, left.contiguous() - right.contiguous())
        found = _empty((n, channels, height // 2, width // 2), images)
        torch.maximum(left, right, out=_stretches(found, len(left)))
        return found

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        upper_leads, left_leads = ctx.saved_tensors
        n, channels, height, width = ctx.shape
        flat = channels_last(gradient).permute(0, 2, 3, 1).reshape(-1, channels)
        left = _where_not_negative(left_leads, flat)
        row = torch.stack((left, flat - left), 1).view(upper_leads.shape)
        upper = _where_not_negative(upper_leads, row)
        whole = height % 2 == 0 and width % 2 == 0
        found = (gradient.new_empty if whole else gradient.new_zeros)(n, height, width, channels)
        inner = found[:, : height // 2 * 2, : width // 2 * 2]
        inner[:, 0::2], inner[:, 1::2] = upper, row - upper
        return found.permute(0, 3, 1, 2)


def _where_not_negative(leads: Tensor, gradient: Tensor) -> Tensor:
    found: Tensor = torch.ops.aten.threshold_backward(gradient, leads, BELOW_ZERO)
    return found


def _ours(values: Tensor) -> bool:
    """Plain images on a CPU; in no transformation as `torch.vmap`, nor where torch chooses the precision itself."""
    plain = type(values) in (Tensor, nn.Parameter) and values.ndim == 4 and values.layout is torch.strided
    known = values.dtype in (torch.bfloat16, torch.float32) and values.device.type == "cpu"
    if not (plain and known) or torch.is_autocast_enabled("cpu"):
        return False
    return not torch._C._are_functorch_transforms_active() and forward_ad._current_level < 0


def _fit(images: Tensor, weight: Tensor, bias: Tensor | None, pads: tuple[int, ...]) -> bool:
    """Nothing for torch to refuse, and no margin that is wider than the kernel reaches back."""
    sizes = zip(images.shape[2:], weight.shape[2:], pads, strict=True)
    inside = all(0 <= pad < size <= pixels + 2 * pad for pixels, size, pad in sizes)
    alike = bias is None or (bias.dtype == weight.dtype and bias.shape == weight.shape[:1])
    alike = alike and images.dtype == weight.dtype and images.shape[1] == weight.shape[1]
    return inside and alike and len(images) > 0


def channels_last(images: Tensor) -> Tensor:
    """Channels last in memory, and seen to be so by torch also where there is one channel."""
    if images.shape[1] > 1:
        return images.contiguous(memory_format=torch.channels_last)
    (_, _, height, width), stride = images.shape, images.stride()
    if stride == (height * width, 1, width, 1):
        return images
    plain = images.contiguous()
    return plain.as_strided(plain.shape, (height * width, 1, width, 1))


def viewed(values: Tensor, *shape: Any, **named: Any) -> Tensor:
    """`Tensor.view` of what kernels made channels last, where a view is possible in torch's own layout alone."""
    try:
        return values.view(*shape, **named)
    except RuntimeError:
        return values.contiguous().view(*shape, **named)


def _empty(shape: Sequence[int], like: Tensor) -> Tensor:
    """Channels last. What a function returns must be no view, or a model could not work on it in place."""
    return torch.empty(shape, dtype=like.dtype, device=like.device, memory_format=torch.channels_last)


def _stretches(images: Tensor, rows: int) -> Tensor:
    """(rows, -1), the same memory: images that are channels last."""
    return images.permute(0, 2, 3, 1).view(rows, -1)


def _pair(value: Any) -> tuple[int, ...]:
    pair = tuple(value) if isinstance(value, Sequence) else (value,)
    return pair * 2 if len(pair) == 1 else pair
