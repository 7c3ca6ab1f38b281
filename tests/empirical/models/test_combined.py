"""Networks side by side and one after the other."""

import pytest
import torch
from torch import nn

from empirical import models
from empirical.models.combined import Cascade, Parallel
from tradeoff.shared import checks


class Says(nn.Module):
    """The same probabilities for every image, or for bright images others than for dark ones."""

    def __init__(self, dark, bright=None):
        super().__init__()
        self.dark, self.bright = torch.tensor(dark).log(), torch.tensor(bright or dark).log()

    def forward(self, images):
        return torch.where(images.mean((1, 2, 3))[:, None] > 0.5, self.bright, self.dark) + 3.0


DARK_AND_BRIGHT = torch.stack([torch.zeros(1, 2, 2), torch.ones(1, 2, 2)])


def test_parallel_networks_answer_with_the_mean_of_their_probabilities():
    found = Parallel([Says([0.8, 0.2]), Says([0.3, 0.7]), Says([0.1, 0.9])])(DARK_AND_BRIGHT).exp()
    assert torch.allclose(found, torch.tensor([[0.4, 0.6]]).expand(2, 2))


@pytest.mark.parametrize(("sure", "expected"), [(0.9, [0.3, 0.05]), (0.5, [0.6, 0.05]), (0.99, [0.3, 0.3])])
def test_a_cascade_asks_the_next_network_where_the_first_is_not_sure(sure, expected):
    cascade = Cascade([Says([0.6, 0.4], [0.05, 0.95]), Says([0.3, 0.7])], sure=sure)
    assert torch.allclose(cascade(DARK_AND_BRIGHT).exp()[:, 0], torch.tensor(expected))


def test_in_a_cascade_of_three_the_first_that_is_sure_answers():
    members = [Says([0.6, 0.4]), Says([0.1, 0.9]), Says([0.5, 0.5])]
    assert torch.allclose(Cascade(members, sure=0.55)(DARK_AND_BRIGHT).exp()[:, 0], torch.tensor(0.6))
    assert torch.allclose(Cascade(members, sure=0.8)(DARK_AND_BRIGHT).exp()[:, 0], torch.tensor(0.1))
    assert torch.allclose(Cascade(members, sure=0.95)(DARK_AND_BRIGHT).exp()[:, 0], torch.tensor(0.5))


def test_gradients_are_those_of_the_member_that_answers():
    images = DARK_AND_BRIGHT.clone().requires_grad_()
    first, second = nn.Sequential(nn.Flatten(), nn.Linear(4, 2)), nn.Sequential(nn.Flatten(), nn.Linear(4, 2))
    for sure, member in ((0.0, first), (1.0, second)):
        (found,) = torch.autograd.grad(Cascade([first, second], sure=sure)(images)[:, 0].sum(), images)
        (alone,) = torch.autograd.grad(member(images).log_softmax(1)[:, 0].sum(), images)
        assert torch.equal(found, alone)


def test_members_have_weights_of_their_own_and_costs_add_up():
    built = models.build("parallel:of=mlp:width=4+mlp:width=4", seed=0)
    one, two = built.network.members
    assert not torch.equal(one[1].weight, two[1].weight)
    parts = [models.cost_of("mlp:width=4"), models.cost_of("linear")]
    whole = models.cost_of("cascade:of=mlp:width=4+linear")
    assert (whole.parameters, whole.macs) == (sum(p.parameters for p in parts), sum(p.macs for p in parts))


@pytest.mark.parametrize("make", [Parallel, lambda members: Cascade(members, sure=0.5)])
def test_one_network_is_not_combined(make):
    with pytest.raises(checks.InputError, match="of names 1 networks"):
        make([nn.Flatten()])
    with pytest.raises(checks.InputError, match="sure=2"):
        Cascade([nn.Flatten(), nn.Flatten()], sure=2)
