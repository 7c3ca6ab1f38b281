"""Experiments by name, for ``python -m empirical reproduce NAME``."""

from empirical.experiments import digits

EXPERIMENTS = {"digits": digits}
