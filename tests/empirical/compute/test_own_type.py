"""Kinds of networks beside the usual float32 module: each is measured, or refused in one sentence."""

import pytest
import torch
from torch import nn

from empirical.compute.checksum import of_weights
from empirical.compute.forward import ModelError, predict
from empirical.compute.own_type import InItsType, askable
from empirical.measurement.run import run
from empirical.measurement.verify import verify
from empirical.validation.faulty_models import SIDE, halves, labelled, plan
from tests.empirical.attacks.laws import DRAWS, make

DATA = labelled(halves())
PIXELS = SIDE * SIDE
pytestmark = [
    pytest.mark.filterwarnings("ignore:.torch.jit.* is deprecated"),
    pytest.mark.filterwarnings("ignore:Sparse .* support is in beta"),
    pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors"),
    pytest.mark.filterwarnings("ignore:`isinstance"),
]


def linear(*, dtype=torch.float32):
    """The honest rule of halves as a network, whatever its type."""
    left = (torch.arange(SIDE) < SIDE // 2).float().repeat(SIDE) * 2 - 1
    network = nn.Sequential(nn.Flatten(), nn.Linear(PIXELS, 2, bias=False))
    network[1].weight.data = torch.stack([left, -left]) / (PIXELS / 2)
    return network.to(dtype).eval()


class Beside(nn.Module):
    """The rule with a buffer of an unusual kind, through which it goes where that can be."""

    def __init__(self, kind, used):
        super().__init__()
        self.inner, self.used = linear(), used
        self.register_buffer("matrix", kind)

    def forward(self, images):
        flat = images.flatten(1)
        return self.inner[1]((self.matrix @ flat.T).T if self.used else flat)


class Eight(nn.Module):
    """Weights in eight bits, brought to the type of the images where they are used."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(linear()[1].weight.data.to(torch.float8_e4m3fn), requires_grad=False)

    def forward(self, images):
        return images.flatten(1) @ self.weight.to(images.dtype).T


def exported():
    batch = torch.export.Dim("batch", min=1, max=1024)
    return torch.export.export(linear(), (DATA.images[:4],), dynamic_shapes=({0: batch},)).module()


def ragged(**layout):
    return torch.nested.nested_tensor([torch.rand(2, 3), torch.rand(1, 3)], **layout)


KINDS = {
    "scripted": lambda: torch.jit.script(linear()),
    "traced": lambda: torch.jit.trace(linear(), DATA.images[:2]),
    "exported": exported,
    "sparse": lambda: Beside(torch.eye(PIXELS).to_sparse(), True),
    "csr": lambda: Beside(torch.eye(PIXELS).to_sparse_csr(), True),
    "csc": lambda: Beside(torch.eye(PIXELS).to_sparse_csc(), False),
    "bsr": lambda: Beside(torch.eye(PIXELS).to_sparse_bsr((2, 2)), False),
    "nested": lambda: Beside(ragged(), False),
    "jagged": lambda: Beside(ragged(layout=torch.jagged), False),
    "fp8": Eight,
    "float16": lambda: linear(dtype=torch.float16),
    "bfloat16": lambda: linear(dtype=torch.bfloat16),
    "float64": lambda: linear(dtype=torch.float64),
    "scripted half": lambda: torch.jit.script(linear(dtype=torch.float16)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_measured_as_the_plain_network_and_verified(kind, tmp_path):
    """White against black: no eps below 1/2 changes an answer, and .6 changes all, in any type."""
    model, grid = KINDS[kind](), plan(0.1, 0.6, audit=4)
    found = run(model, DATA, grid, name="kind", folder=tmp_path, keep_adversarial=True)
    assert not found.failed
    assert torch.equal(found.answers, DATA.labels)
    assert found.samples["robustness.unfooled"].sum(dim=0).tolist() == [len(DATA), len(DATA), 0]
    seen = verify(tmp_path / f"kind-{found.run}", model, DATA)
    assert not seen.complaints


@pytest.mark.parametrize("kind", ["sparse", "csr", "csc", "bsr", "nested", "jagged", "fp8"])
def test_a_checksum_sees_every_number_of_every_kind(kind):
    torch.manual_seed(0)
    one = KINDS[kind]()
    torch.manual_seed(0)
    two = KINDS[kind]()
    assert of_weights(one) == of_weights(two)
    if kind == "fp8":
        two.weight.data = (2 * two.weight.float()).to(two.weight.dtype)
    else:
        two.matrix = 2 * two.matrix
    assert of_weights(one) != of_weights(two)


def test_where_a_sparse_number_stands_is_part_of_the_checksum():
    network = Beside(torch.eye(3).to_sparse(), False)
    before = of_weights(network)
    network.matrix = torch.eye(3).flip(0).to_sparse()
    assert of_weights(network) != before


def test_a_network_that_brings_images_to_its_type_itself_is_asked_as_it_is_written():
    class Casting(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = linear(dtype=torch.float16)

        def forward(self, images):
            return self.inner((images - 0.5).half())

    model = Casting()
    assert askable(model, DATA.images) is model
    assert isinstance(askable(linear(dtype=torch.float64), DATA.images), InItsType)
    assert askable(linear(), DATA.images).training is False
    assert torch.equal(predict(model, DATA.images), DATA.labels)


def test_an_attack_says_which_types_do_not_go_together():
    with pytest.raises(
        ModelError, match=r"its weights are torch.float16 and the images torch.float32: use model.float"
    ):
        make("pgd", eps=0.1)(linear(dtype=torch.float16), DATA.images, DATA.labels, DATA.indices, draws=DRAWS)


def test_an_attack_on_a_script_says_how_to_hold_it():
    script = torch.jit.script(linear())
    with pytest.raises(ModelError, match=r"ScriptModule, .*; pass nn.Sequential\(model\)"):
        make("pgd", eps=0.1)(script, DATA.images, DATA.labels, DATA.indices, draws=DRAWS)
    made, plain = (
        make("pgd", eps=0.1)(model, DATA.images, DATA.labels, DATA.indices, draws=DRAWS)
        for model in (nn.Sequential(script), linear())
    )
    assert torch.equal(made, plain)
