"""What a mode does to a network, and that it is undone: flags, gradients, and every bit of its tensors."""

import pytest
import torch
from torch import nn

from empirical.attacks import ATTACKS
from empirical.compute.checksum import of_weights
from empirical.compute.forward import frozen
from empirical.compute.modes import kept, settled
from empirical.measurement.probe import probe
from empirical.validation.faulty_models import halves, labelled
from tests.empirical.attacks.laws import DRAWS as DRAWN
from tests.empirical.attacks.laws import OURS, make


class Folded(nn.Module):
    """Takes a low-rank update into its weight in eval mode, and out again in training mode, which rounds."""

    def __init__(self, inputs=64, classes=4):
        super().__init__()
        generator = torch.Generator().manual_seed(0)
        self.weight = nn.Parameter(torch.randn(classes, inputs, generator=generator), requires_grad=False)
        self.left = nn.Parameter(torch.randn(classes, 2, generator=generator))
        self.right = nn.Parameter(torch.randn(2, inputs, generator=generator))
        self.folded = False

    def train(self, mode=True):
        super().train(mode)
        if mode == self.folded:
            with torch.no_grad():
                self.weight += (-1 if mode else 1) * self.left @ self.right
            self.folded = not mode
        return self

    def forward(self, images):
        found = images.flatten(1) @ self.weight.T
        return found if self.folded else found + images.flatten(1) @ self.right.T @ self.left.T


class Cached(nn.Module):
    """Expands its filter into a buffer in eval mode, and drops it in training mode, as equivariant layers do."""

    def __init__(self):
        super().__init__()
        self.basis = nn.Parameter(torch.ones(2, 64))

    def train(self, mode=True):
        if mode and hasattr(self, "filter"):
            del self.filter
        elif not mode and self.training:
            self.register_buffer("filter", 2 * self.basis.detach())
        return super().train(mode)

    def forward(self, images):
        return images.flatten(1) @ (2 * self.basis if self.training else self.filter).T


class OnlyEval(nn.BatchNorm1d):
    """Stays in eval mode whatever it is told, as frozen statistics do."""

    def train(self, mode=True):
        return super().train(False)


def state(model):
    return {name: tensor.clone() for name, tensor in [*model.named_parameters(), *model.named_buffers()]}


def assert_as_it_was(model, before, modes):
    after = state(model)
    assert after.keys() == before.keys()
    assert all(torch.equal(after[name], before[name]) for name in before)
    assert [module.training for module in model.modules()] == modes


@pytest.mark.parametrize("name", OURS)
def test_a_folded_layer_is_unfolded_after_every_attack(name):
    model = nn.Sequential(Folded()).train()
    before, images = state(model), torch.rand(12, 1, 8, 8)
    make(name, eps=0.1)(model, images, torch.arange(12) % 4, torch.arange(12), draws=DRAWN)
    assert_as_it_was(model, before, [True, True])
    assert not model[0].folded
    model(images).sum().backward()
    assert model[0].left.grad is not None


def test_folding_alone_does_not_bring_the_bits_back():
    """So the test above has something to find."""
    model = Folded().train()
    before = state(model)
    assert not torch.equal(model.eval().train().weight, before["weight"])


def mixed():
    model = nn.Sequential(nn.Flatten(), Folded(), nn.Sequential(OnlyEval(4), nn.Dropout(), Folded(4, 3)), Cached())
    model.train()
    model[1].eval()
    model[2][1].eval()
    return model


@pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated")
@pytest.mark.parametrize(
    "build",
    [
        mixed,
        lambda: nn.Sequential(nn.Flatten(), nn.BatchNorm1d(64), nn.Dropout()).train(),
        lambda: Folded().eval(),
        lambda: nn.Sequential(Cached(), Cached().eval()),
        lambda: torch.jit.script(nn.Sequential(nn.Flatten(), nn.BatchNorm1d(64), nn.Dropout())).train(),
    ],
)
def test_every_module_is_in_its_own_mode_again(build):
    model = build()
    before, modes = state(model), [module.training for module in model.modules()]
    with settled(model):
        assert not any(module.training for module in model.modules())
        assert not any(parameter.requires_grad for parameter in model.parameters())
    assert_as_it_was(model, before, modes)


def test_what_a_pass_changes_stays_changed_for_the_probe_to_see():
    """A layer that stays in training mode counts on; only what `train` itself does is undone."""

    class Stubborn(nn.BatchNorm2d):
        def train(self, mode=True):
            return super().train(True)

    model = nn.Sequential(Stubborn(1), nn.Flatten(), nn.Linear(64, 2))
    assert set(probe(model, labelled(halves()), batch_size=32).tensors_changed) == {
        "0.num_batches_tracked",
        "0.running_mean",
        "0.running_var",
    }


def test_a_cached_layer_is_the_same_network_in_either_mode():
    model, data = nn.Sequential(Cached()), labelled(halves())
    name = of_weights(model)
    assert probe(model, data, batch_size=32).tensors_changed == ()
    assert of_weights(model) == name == of_weights(model.eval())


def test_an_exported_program_has_no_mode_to_change():
    network = nn.Sequential(nn.Flatten(), nn.Linear(64, 2), nn.Dropout()).eval()
    program = torch.export.export(network, (torch.rand(4, 1, 8, 8),)).module()
    for model in (program, nn.Sequential(program)):
        flags = [module.training for module in model.modules()]
        with frozen(model):
            assert torch.equal(model(halves()[:4]), network(halves()[:4]))
        assert [module.training for module in model.modules()] == flags


def test_kept_tensors_have_their_bits_again_whatever_kind_they_are():
    model = nn.BatchNorm1d(3)
    model.register_buffer("sparse", torch.eye(3).to_sparse())
    model.register_buffer("bytes", torch.arange(3, dtype=torch.uint8))
    before = {
        name: tensor.to_dense().clone() if tensor.is_sparse else tensor.clone() for name, tensor in state(model).items()
    }
    with kept(model):
        model(torch.rand(5, 3))
        model.sparse.mul_(2)
        model.bytes.add_(1)
    after = state(model)
    assert all(
        torch.equal(after[name].to_dense() if after[name].is_sparse else after[name], before[name]) for name in before
    )


def test_the_probe_tells_a_mode_that_matters_from_one_that_does_not():
    plain, dropping = (
        nn.Sequential(nn.Flatten(), nn.Linear(64, 2)),
        nn.Sequential(nn.Flatten(), nn.Dropout(), nn.Linear(64, 2)),
    )
    statistics = nn.Sequential(nn.Flatten(), nn.BatchNorm1d(64), nn.Linear(64, 2))
    before = state(statistics)
    found = [probe(model.train(), labelled(halves()), batch_size=32).by_mode for model in (plain, dropping, statistics)]
    assert found[0] == 0
    assert min(found[1:]) > 0.01
    assert all(torch.equal(tensor, before[name]) for name, tensor in state(statistics).items())


def test_a_pass_in_training_mode_that_fails_counts_as_another_network():
    """Batch statistics of a single image, and auxiliary logits beside the usual ones."""

    class Auxiliary(nn.Linear):
        def forward(self, images):
            found = super().forward(images.flatten(1))
            return (found, found) if self.training else found

    assert probe(Auxiliary(64, 2), labelled(halves()), batch_size=32).by_mode == 1
    alone = nn.Sequential(nn.Flatten(), nn.BatchNorm1d(64), nn.Linear(64, 2))
    assert probe(alone, labelled(halves()), batch_size=1).by_mode == 1


def test_every_attack_of_the_registry_is_tried_above():
    assert set(OURS) | {"autoattack"} >= set(ATTACKS)
