"""Experiments by name, each a file that says which networks are trained and how they are measured.

An entry is a function of a scale and a folder that returns the runs (`engine.Task`); what is published of their records
is an entry of the same name in `empirical.report.REPORTS`.
"""

from __future__ import annotations

from tradeoff.shared.registry import Registry

EXPERIMENTS = Registry({"digits": "empirical.experiments.kamath.digits:runs"})
SCALE_NAMES = ("smoke", "small")
"""How much of everything: to see that it works; honest science on two processors."""
