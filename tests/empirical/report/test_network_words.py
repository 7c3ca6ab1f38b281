"""Networks that come with the package have words; those of users keep their names."""

from dataclasses import replace

import pytest
import torch
from matplotlib.text import Text

from empirical.compute.checksum import of_weights
from empirical.report.figures import rotation
from empirical.report.network_words import trained, words
from empirical.statistics.over_seeds import networks
from empirical.training import example_networks
from tests.empirical.small_runs import measured
from tradeoff.shared.palette import ROLES


def named(name, checksum=""):
    found = measured()
    return networks([replace(found, name=name, content={**found.content, "model": checksum})])[0]


@pytest.mark.parametrize("name", example_networks.EXAMPLES)
def test_an_example_is_called_by_how_it_was_trained(name):
    model, config = example_networks.load(name)
    ((label, role),) = words([named(name, of_weights(model))])
    assert label == trained(theta=config.augment_deg, eps=config.eps, network=config.network)[0] != name
    assert role in ROLES


def test_the_words_of_all_examples_differ():
    models = {name: of_weights(example_networks.load(name)[0]) for name in example_networks.EXAMPLES}
    found = words([named(name, checksum) for name, checksum in models.items()])
    assert len({label for label, _ in found}) == len({ROLES[role] for _, role in found[:5]}) + 1 == len(models)
    assert ("rotated up to ±180°", "rotated") in found


def test_a_network_of_a_user_keeps_its_name():
    """Of the name of an example but not of its weights; and where its name is what an example would be called."""
    assert words([named("p4", "another"), named("mine")]) == [("p4", ""), ("mine", "")]
    shipped = named("std_theta0", of_weights(example_networks.load("std_theta0")[0]))
    assert words([shipped, named("standard")]) == [("std_theta0", ""), ("standard", "")]


def test_the_turned_digit_is_of_mnist_where_that_is_there(monkeypatch):
    found = rotation.rotation_convention().get_supxlabel()
    monkeypatch.setattr(rotation, "data_folder", lambda name: None)
    monkeypatch.setitem(rotation.MEASURED, "mnist", lambda: replace(measured().data, name="mnist"))
    assert rotation.rotation_convention().get_supxlabel() == "one digit of mnist"
    assert ("corners are cut off" in found) == ("mnist" not in found)


def test_the_turned_digit_is_enlarged_where_mnist_is_not_there(monkeypatch, tmp_path):
    monkeypatch.setenv("TRADEOFF_DATA", str(tmp_path))
    figure = rotation.rotation_convention()
    assert "corners are cut off" in figure.get_supxlabel()
    assert min(text.get_fontsize() for text in figure.findobj(match=Text) if text.get_text()) >= 8
    assert torch.equal(torch.tensor(figure.axes[0].images[0].get_array()), measured_seven())


def measured_seven():
    from empirical.data import DATASETS

    return DATASETS["digits"]().images[7, 0]
