"""Registries name what they hold, so that listing names loads nothing; every name leads somewhere."""

import subprocess
import sys

import pytest

from tradeoff.codes import FAMILIES, GROUPS
from tradeoff.figures import FIGURES
from tradeoff.model import RULES
from tradeoff.shared.registry import loaded

PLACES = [
    *(entry.place for entry in RULES.values()),
    *(family.place for family in FAMILIES.values()),
    *(place for entry in FIGURES.values() for place in (entry.build, *entry.needs)),
]


@pytest.mark.parametrize("place", dict.fromkeys(PLACES))
def test_every_entry_leads_to_a_function(place):
    assert callable(loaded(place))


def test_a_group_is_made_by_its_name():
    assert [GROUPS[name](12, 3).order for name in GROUPS] == [4, 12, 8]


def test_listing_names_loads_nothing_heavy():
    code = """
import sys
from tradeoff.codes import FAMILIES, GROUPS
from tradeoff.figures import FIGURES
from tradeoff.model import RULES
from tradeoff.sampled import PATHS
assert all((FAMILIES, GROUPS, FIGURES, RULES, PATHS))
print(*{name.split(".")[0] for name in sys.modules} & {"numpy", "scipy", "matplotlib", "galois", "multiprocessing"})
"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"
