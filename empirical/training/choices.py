"""The names that a training config may hold, without torch: for flags and their help."""

from __future__ import annotations

CHOICES: dict[str, tuple[str, ...]] = {
    "interpolation": ("bilinear", "nearest"),
    "padding": ("zeros", "border", "reflection"),
    "resampling": ("float32", "float64"),
    "norm": ("linf", "l2"),
    "attack_mode": ("eval", "train"),
    "optimiser": ("adam", "sgd"),
    "schedule": ("constant", "linear", "step", "cosine", "one_cycle"),
    "compute": ("float32", "float32_channels_last", "bfloat16_channels_last", "fastest"),
}
"""By field of a config. A record says each choice; another value is refused."""

_ATTACK = {"eps", "attack_steps", "eps_warmup", "norm", "attack_step_size", "attack_mode"}
OBJECTIVES: dict[str, set[str]] = {
    "augmented": set(),
    "pgd": _ATTACK,
    "fgsm": _ATTACK - {"attack_steps"},
    "trades": _ATTACK | {"beta"},
    "max": _ATTACK | {"attacks"},
    "average": _ATTACK | {"attacks"},
}
"""The knobs of the attack that an objective looks at: two configs that differ in another one would be one network."""
ADVERSARIES = ("clean", "pgd", "fgsm", "flow", "rigid")
"""What "max" and "average" train against; "clean" stands for the images as they are."""
