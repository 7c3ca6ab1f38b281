"""The table of networks holds the counts of the networks."""

import re

import pytest

from tests.docs.pages import page

ROW = re.compile(r"^\| `(\w+)` \|([^|]*)\| ([\d,]+) \| ([\d,.]+) \|", re.MULTILINE)
ROWS = ROW.findall(page("reference/networks"))


@pytest.mark.parametrize(("name", "what", "parameters", "macs"), ROWS, ids=[row[0] for row in ROWS])
def test_counts_in_the_table_are_those_of_the_network(name, what, parameters, macs):
    pytest.importorskip("torch", reason="the measurement room needs torch")
    from empirical import models

    shape = (1, 28, 28) if "MNIST" in what else (3, 32, 32)
    cost = models.cost_of(name, shape=shape)
    assert f"{cost.parameters:,}" == parameters
    assert f"{cost.macs / 1e6:,.2f}" == macs


def test_the_table_has_most_of_the_networks():
    assert len(ROWS) > 15
