"""Networks are made for the images that they are trained on."""

import json
from dataclasses import asdict, replace

import pytest
import torch

from empirical.data.images import ImageSet
from empirical.training import example_networks, loop, trained
from empirical.training.config import LATER_FIELDS, TrainingConfig
from tradeoff.shared import checks

COLOURS = ((3, 16, 16), 4)


@pytest.fixture
def coloured():
    """(config, images) of a training on 40 colour images."""
    shape, classes = COLOURS
    generator = torch.Generator().manual_seed(0)
    images = torch.rand(40, *shape, generator=generator)
    data = ImageSet("given", "abc", classes, images, torch.arange(40) % classes, torch.arange(40))
    config = TrainingConfig(
        *("given", "abc", 10, "linear", "augmented", 0.0, 0.0, 0, 0.0, 3, 8, 0.01, 3), shape=shape, classes=classes
    )
    return config, data


@pytest.mark.parametrize(
    "network",
    ["linear", "colour_cnn:width=2", "resnet18:width=2", "p4_resnet18:width=4", "p4m_vgg16:width=4", "p4_cnn_pooled"],
)
@pytest.mark.parametrize("compute", ["float32", "bfloat16_channels_last"])
def test_a_network_for_colour_images_is_trained_and_read_again(coloured, cpu, tmp_path, network, compute):
    config, data = replace(coloured[0], network=network, compute=compute), coloured[1]
    model = loop.train(config, data, tmp_path, cpu)
    again, found = trained.load(tmp_path)
    assert found == config
    with torch.no_grad():
        assert torch.equal(again(data.images), model(data.images))
        assert again(data.images).shape == (40, 4)
    fresh = trained.fresh(config, seed=config.seed).state_dict()
    assert any(not torch.equal(fresh[name], tensor) for name, tensor in again.state_dict().items())


def test_configs_without_shape_are_of_grey_digits_and_keep_their_id():
    _, config = example_networks.load("p4")
    assert (config.shape, config.classes) == ((1, 28, 28), 10)
    assert config.id == "2f967b119fea"  # of the version that had no shape
    older = {name: value for name, value in asdict(config).items() if name not in ("shape", "classes")}
    assert TrainingConfig.from_content(json.loads(json.dumps(older))) == config
    assert {"shape", "classes"} <= LATER_FIELDS.keys()


def test_shape_and_classes_are_part_of_what_a_network_is(coloured):
    config = coloured[0]
    ids = {replace(config, **change).id for change in ({}, {"shape": (1, 16, 16)}, {"classes": 5})}
    assert len(ids) == 3
    assert replace(config, shape=list(config.shape)).id == config.id
    assert TrainingConfig.from_content(json.loads(json.dumps(asdict(config)))) == config


@pytest.mark.parametrize("change", [{"shape": (1, 28, 28)}, {"shape": (3, 16, 17)}, {"classes": 10}])
def test_images_of_another_shape_are_refused(coloured, cpu, tmp_path, change):
    with pytest.raises(checks.InputError, match=r"are not those of the images passed in, \(3, 16, 16\) and 4; make a"):
        loop.train(replace(coloured[0], **change), coloured[1], tmp_path, cpu)


@pytest.mark.parametrize("shape", [3, (28, 28), "3,32,32", (3, 0, 32), (3, 32, 1.5), None])
def test_a_shape_that_is_none_is_refused(coloured, shape):
    with pytest.raises(checks.InputError, match="shape="):
        replace(coloured[0], shape=shape)


def test_a_network_that_cannot_have_the_images_is_told_before_anything_is_written(coloured, cpu, tmp_path):
    images = replace(coloured[1], images=coloured[1].images[..., :12])
    config = replace(coloured[0], network="p4_vgg16", shape=(3, 16, 12))
    with pytest.raises(checks.InputError, match=r"network='p4_vgg16': shape=\(3, 16, 12\) is not square"):
        loop.train(config, images, tmp_path / "net", cpu)
    assert not (tmp_path / "net" / trained.WEIGHTS).exists()
