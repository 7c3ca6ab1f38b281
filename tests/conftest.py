"""Hypothesis profiles and the generator that tests of chance draw from."""

import os

import numpy as np
import pytest
from hypothesis import settings

from tests.processes import children  # noqa: F401 (a fixture)

# ci repeats the same examples on every run; thorough looks further: see CONTRIBUTING.md.
settings.register_profile("dev", max_examples=60, deadline=None)
settings.register_profile("ci", max_examples=60, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))


@pytest.fixture
def rng() -> np.random.Generator:
    """A fixed seed, so that a failure can be repeated; it was not chosen to pass."""
    return np.random.default_rng(20261120)
