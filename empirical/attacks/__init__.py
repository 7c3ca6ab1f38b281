"""Attacks by name. A new one is a file with a frozen dataclass, and an entry here; the contract tests find it.

Attacks on pixels have ``eps`` and stay in a ball; spatial ones have limits in pixels and degrees.
"""

from collections.abc import Callable

from empirical.attacks.apgd import APGD, TargetedAPGD
from empirical.attacks.auto import AutoAttack, installed
from empirical.attacks.base import Attack
from empirical.attacks.deepfool import DeepFool
from empirical.attacks.fgsm import FGSM
from empirical.attacks.flow import Flow
from empirical.attacks.integrated import Integrated
from empirical.attacks.pgd import PGD
from empirical.attacks.rigid import Rigid
from empirical.attacks.square import Square

ATTACKS: dict[str, Callable[..., Attack]] = {
    "fgsm": FGSM,
    "pgd": PGD,
    "apgd_ce": APGD,
    "apgd_dlr_t": TargetedAPGD,
    "square": Square,
    "deepfool": DeepFool,
    "flow": Flow,
    "rigid": Rigid,
    "integrated": Integrated,
}
L_INF = ("fgsm", "pgd", "apgd_ce", "apgd_dlr_t", "square", "autoattack")
"""Attacks whose first argument is the radius of an l_inf ball."""
if installed():
    ATTACKS["autoattack"] = AutoAttack
