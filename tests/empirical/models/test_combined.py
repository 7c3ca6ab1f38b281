"""Ordinary and group convolutions side by side, and one after the other."""

import torch

from empirical import models
from empirical.models.combined import Joined
from tests.empirical.models.test_invariance import TOLD_APART, defect, shaken

IMAGES = torch.rand(3, 1, 28, 28, generator=torch.Generator().manual_seed(0))


def test_the_branches_see_the_same_images_and_their_features_are_joined_before_the_head():
    """320 features of StdCNN and 20 of the pooled P4 branch, in front of Table 1's head."""
    network = models.build("parallel", seed=0).network.eval()
    joined, first = network[0], network[1]
    assert isinstance(joined, Joined)
    features = joined(IMAGES)
    assert (features.shape[1], first.in_features) == (340, 340)
    for branch, part in zip(joined.branches, features.split([320, 20], dim=1), strict=True):
        assert torch.equal(branch(IMAGES), part)


def test_the_features_of_the_group_branch_do_not_turn_and_the_others_do():
    joined = models.build("parallel", seed=0).network[0].double().eval()
    images = IMAGES.double()
    changes = (joined(torch.rot90(images, 1, (2, 3))) - joined(images)).abs().split([320, 20], dim=1)
    assert changes[1].max() < 1e-12
    assert changes[0].max() > TOLD_APART


def test_a_cascade_is_equivariant_as_far_as_its_group_layers_go():
    """After the maximum over orientations the maps turn with the image; what comes behind is no longer alike."""
    network = models.build("cascade", seed=0).network.double().eval()
    early, images = network[:6], IMAGES.double()
    assert torch.allclose(early(torch.rot90(images, 1, (2, 3))), torch.rot90(early(images), 1, (2, 3)), atol=1e-12)
    assert defect(shaken(network, (1, 28, 28)), (1, 28, 28)) > TOLD_APART


def test_parameters_are_those_of_a_hand_calculation():
    """StdCNN's convolutions 6,450 and the GCNN's 25,350, heads on 340 and on 320 features of 50 and 10 units."""
    convolutions = {name: models.cost_of(name).parameters for name in ("std_cnn", "p4_cnn_pooled")}
    ordinary = convolutions["std_cnn"] - (320 * 50 + 50) - 510
    grouped = convolutions["p4_cnn_pooled"] - (20 * 50 + 50) - 510
    assert models.cost_of("parallel").parameters == ordinary + grouped + (340 * 50 + 50) + 510
    early, late = 90 + 10 + 10 * 10 * 4 * 9 + 10, (10 * 20 * 9 + 20) + (20 * 20 * 9 + 20)
    assert models.cost_of("cascade").parameters == early + late + (320 * 50 + 50) + 510
