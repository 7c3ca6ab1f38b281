"""Attacks by name. A new one is a file with a frozen dataclass that has ``eps``, and an entry here."""

from collections.abc import Callable

from empirical.attacks.base import Attack
from empirical.attacks.pgd import PGD

ATTACKS: dict[str, Callable[..., Attack]] = {"pgd": PGD}
