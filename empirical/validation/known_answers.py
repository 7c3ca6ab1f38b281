"""Networks whose worst case is known exactly for every image, plain and behind disguises that make life hard.

A disguise leaves every decision as it is: an attack that is as strong as it claims finds the same images through it.
`empirical.validation.known_network` is the network and its loader, in a file that needs torch alone; `publish` writes
the whole set for any other library.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import torch
from torch import Tensor

from empirical.compare.law_images import LEVELS, SPREAD, ExactRule, LawImages, exact_rules
from empirical.compute import tensor_files
from empirical.validation.known_network import KnownAnswer
from tradeoff.shared import checks, storage

CONSTANTS = {"spread": SPREAD, "levels": LEVELS, "dead": 0.0005, "steep": 1e4, "stair": 0.05}
"""What the disguises are made of: half width of a dead zone (in steps between pixel levels; clean images stand in it,
and what moves rarely does), the factor that saturates a softmax, the height of a stair."""
SCALES = (0.02, 50.0)
"""Least and largest scale of a hidden unit in the scrambled network."""
DISGUISES = {
    "plain": "the score itself",
    "cubed": "score^3: gradients vanish near the boundary",
    "scrambled": "two layers of ReLU pairs in a random basis, hidden units scaled from .02 to 50",
    "saturated": "logits times 10^4: the softmax is 0 or 1 in float32",
    "dead_zone": "flat around every pixel level, where clean images lie: a random start sees more, long runs may stick",
    "masked": "stairs: the gradient is 0 everywhere, the value still tells",
}
LINEAR_ONLY = ("scrambled", "dead_zone")
"""Disguises that g_K cannot wear."""
IMAGES, RADII = 500, (0.5, 1.0, 1.5)
"""What `publish` writes beside the networks: images, and worst scores at these scaled radii."""


@dataclass(frozen=True, eq=False)
class Known:
    """A network, the law and rule that it is, and the disguise that it wears."""

    law: LawImages
    rule: ExactRule
    disguise: str
    network: KnownAnswer

    @property
    def name(self) -> str:
        return f"{self.rule.name}-{self.disguise}"

    @property
    def facts(self) -> dict[str, str]:
        return _facts(self.rule, self.disguise)


def disguised(law: LawImages, rule: ExactRule, disguise: str) -> Known:
    """The network of a rule behind a disguise (a key of DISGUISES).

    Raises
    ------
    InputError
        For an unknown disguise, or one that g_K cannot wear.
    """
    checks.known("disguise", disguise, DISGUISES)
    if rule.orbit is not None and disguise in LINEAR_ONLY:
        raise checks.InputError(f"disguise={disguise!r} is for linear rules, not for {rule.name}; use plain")
    return Known(law, rule, disguise, KnownAnswer(_tensors(rule, disguise), _facts(rule, disguise)).eval())


def every(scaled_radius: float, *, side: int = 9, p: float = 0.7) -> list[Known]:
    """All rules behind all disguises: those of four quarter turns, and g_2 of two half turns."""
    quarter, half = LawImages(side, p, 4), LawImages(side, p, 2)
    rules = [(quarter, rule) for rule in exact_rules(quarter, scaled_radius)]
    rules += [(half, rule) for rule in exact_rules(half, scaled_radius) if rule.name == "g_2"]
    return [
        disguised(law, rule, disguise)
        for disguise in DISGUISES
        for law, rule in rules
        if rule.orbit is None or disguise not in LINEAR_ONLY
    ]


def _tensors(rule: ExactRule, disguise: str) -> dict[str, Tensor]:
    if rule.orbit is not None:
        return {"orbit": rule.orbit.flatten(1).float()}
    assert rule.weights is not None
    weights = rule.weights.flatten()
    return _scrambled(weights) if disguise == "scrambled" else {"weights": weights.float()}


def _facts(rule: ExactRule, disguise: str) -> dict[str, str]:
    numbers = {**CONSTANTS, "signal": rule.signal, "bias": rule.bias}
    return {"rule": rule.name, "disguise": disguise, **{name: repr(float(value)) for name, value in numbers.items()}}


def _scrambled(weights: Tensor) -> dict[str, Tensor]:
    """hidden (d, d) and outer (d,) with outer . hidden x = weights . x: a random basis, unevenly scaled."""
    generator = torch.Generator().manual_seed(0)
    size = len(weights)
    basis = torch.linalg.qr(torch.randn(size, size, generator=generator, dtype=torch.float64)).Q
    low, high = SCALES
    scales = low * (high / low) ** torch.rand(size, generator=generator, dtype=torch.float64)
    return {
        "hidden": (scales[:, None] * basis).float().contiguous(),
        "outer": ((basis @ weights.double()) / scales).float(),
    }


def publish(folder: Path, *, scaled_radius: float = 1.0, seed: int = 0) -> list[Path]:
    """Every network as a safetensors file, images with their exact worst scores, and the loader.

    ``worst_RULE`` (radii, images) is the least score towards the label under any attack within each radius: positive if
    and only if no attack succeeds.
    """
    found = every(scaled_radius)
    files: dict[str, bytes | str] = {
        f"{one.name}.safetensors": tensor_files.encoded(dict(one.network.named_buffers()), one.facts) for one in found
    }
    data = found[0].law.sample(IMAGES, seed=seed)
    tensors = {"images": data.images, "labels": data.labels}
    for one in found:
        scores = [one.rule.worst(data.images, data.labels, a) for a in RADII]
        tensors.setdefault(f"worst_{one.rule.name}", torch.stack(scores).float())
    facts = {
        "scaled_radius": json.dumps(RADII),
        "eps": json.dumps([found[0].law.eps(a) for a in RADII]),
        "f_robust": repr(scaled_radius),
        "seed": repr(seed),
    }
    files["images.safetensors"] = tensor_files.encoded(tensors, facts)
    files["known_network.py"] = resources.files("empirical.validation").joinpath("known_network.py").read_text()
    for name, content in files.items():
        storage.write_atomic(folder / name, content)
    return [folder / name for name in files]
