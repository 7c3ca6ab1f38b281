"""The layers of `groups` for the four quarter turns."""

from __future__ import annotations

from functools import partial

from empirical.models.groups import P4, GroupConv, GroupLift, InvariantPool, PlanePool

P4Lift = partial(GroupLift, P4)
P4Conv = partial(GroupConv, P4)

__all__ = ["InvariantPool", "P4Conv", "P4Lift", "PlanePool"]
