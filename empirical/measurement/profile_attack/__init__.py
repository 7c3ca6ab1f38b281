"""How the eps of a robustness profile are attacked, by name: each says for every image where it is unfooled::

    adaptive    a search, then a full attack at each image's own eps, down where it fools; then the attacks of
                AutoAttack that follow another loss, and none, on every claim
    quick       the same without the latter
    per_eps     PGD at every eps by itself: what papers report, and what the first is judged by

Each is a `base.Schedule`.
"""

from __future__ import annotations

from tradeoff.shared.registry import Registry

SCHEDULES = Registry(
    {
        "adaptive": "empirical.measurement.profile_attack.adaptive:ADAPTIVE",
        "quick": "empirical.measurement.profile_attack.adaptive:QUICK",
        "per_eps": "empirical.measurement.profile_attack.per_eps:PER_EPS",
    }
)
"""Entries are `base.Schedule`."""
