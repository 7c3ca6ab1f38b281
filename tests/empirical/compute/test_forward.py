"""What is said of a network that fails, wherever it is asked; and what of logits that are none."""

import pytest
import torch
from torch import nn

from empirical.compute.device import out_of_memory
from empirical.compute.forward import ModelError, ascent, frozen, predict
from empirical.measurement.run import run
from empirical.validation.faulty_models import Scored, brighter_left, halves, labelled, plan
from tests.empirical.attacks.laws import DRAWS, OURS, make
from tradeoff.shared import checks


class Saying(nn.Module):
    """A linear network behind which something happens."""

    def __init__(self, answer):
        super().__init__()
        self.linear, self.answer = nn.Linear(64, 3), answer

    def forward(self, images):
        return self.answer(self.linear(images.flatten(1)))


def raising(error):
    def answer(logits):
        raise error

    return Saying(answer).eval()


ERRORS = [
    (AssertionError("Wrong image height! Expected 224 but got 8!"), r"\(AssertionError: Wrong image height!"),
    (AssertionError(), r"\(AssertionError\)"),
    (TypeError("forward() takes 1 argument"), r"\(TypeError: forward\(\) takes"),
    (AttributeError("no attribute 'w'"), r"\(AttributeError: no attribute"),
    (KeyError("w"), r"\(KeyError: 'w'\)"),
    (IndexError("out of range"), r"\(IndexError: out of range"),
    (ValueError(), r"\(ValueError\)"),
    (NotImplementedError(), r"\(NotImplementedError\)"),
    (RuntimeError("\n\n mat1 and mat2"), r"\(RuntimeError: mat1 and mat2"),
    (RecursionError("maximum depth"), r"\(RecursionError: maximum depth"),
]


@pytest.mark.parametrize(("error", "said"), ERRORS)
def test_whatever_a_network_raises_is_one_sentence(error, said):
    images = torch.rand(2, 1, 8, 8)
    with pytest.raises(ModelError, match=rf"model cannot take images of shape \(2, 1, 8, 8\) {said}") as seen:
        predict(raising(error), images)
    assert "\n" not in str(seen.value)
    with pytest.raises(ModelError, match=said):
        run(raising(error), labelled(halves()), plan(0.1))


@pytest.mark.parametrize("name", OURS)
def test_every_attack_says_it_in_one_sentence(name):
    images, labels, indices = torch.rand(2, 1, 8, 8), torch.tensor([0, 2]), torch.arange(2)
    with pytest.raises(ModelError, match=r"\(TypeError: no\); pass images of the size and channels"):
        make(name, eps=0.1)(raising(TypeError("no")), images, labels, indices, draws=DRAWS)


def test_memory_that_runs_out_is_for_the_caller_to_see():
    for error in (MemoryError(), torch.OutOfMemoryError("no room"), RuntimeError("can't allocate memory")):
        with pytest.raises(type(error)) as seen:
            predict(raising(error), torch.rand(2, 1, 8, 8))
        assert out_of_memory(seen.value)


def test_an_error_that_is_not_the_networks_passes_as_it_is():
    model = Saying(lambda logits: logits)

    def work():
        with frozen(model):
            model(torch.rand(2, 1, 8, 8))
            raise KeyError("ours")

    with pytest.raises(KeyError, match="ours"):
        work()
    assert not model._forward_hooks
    assert not model._forward_pre_hooks


def test_the_copy_of_a_network_that_is_held_tells_its_errors_too():
    """As the bfloat16 twin does, which is made while the network is held."""
    import copy

    model = raising(KeyError("w"))

    def work():
        with frozen(model):
            copy.deepcopy(model)(torch.rand(2, 1, 8, 8))

    with pytest.raises(ModelError, match="KeyError: 'w'"):
        work()


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda z: z[:, :1], r"returned \(2, 1\) for 2 images, one logit for each.*return both logits, \[0, z\]"),
        (lambda z: z[:, 0], r"returned \(2,\) for 2 images, one logit for each.*torch.stack\(\[torch.zeros_like"),
        (lambda z: (z, z), r"model returned tuple for 2 images; it must return logits"),
        (lambda z: None, r"model returned NoneType for 2 images"),
        (lambda z: z[None], r"model returned \(1, 2, 3\) for 2 images"),
        (lambda z: z.argmax(1, keepdim=True).expand(2, 3), r"of type torch.int64; it must return logits, not labels"),
    ],
)
@pytest.mark.parametrize("asked", ["predict", "pgd", "deepfool", "square"])
def test_what_is_no_logits_is_refused_with_a_way_out(answer, message, asked):
    model, images, labels = Saying(answer), torch.rand(2, 1, 8, 8), torch.zeros(2, dtype=torch.int64)
    attack = None if asked == "predict" else make(asked, eps=0.1)
    with pytest.raises(ModelError, match=message):
        attack(model, images, labels, torch.arange(2), draws=DRAWS) if attack else predict(model, images)


def test_the_way_out_of_a_single_logit_is_one():
    """The wrapper of the message, on a network of two classes."""
    inner = nn.Sequential(nn.Flatten(), nn.Linear(64, 1), nn.Flatten(0))

    class Both(nn.Module):
        def forward(self, images):
            z = inner(images)
            return torch.stack([torch.zeros_like(z), z], 1)

    images = torch.rand(8, 1, 8, 8)
    assert torch.equal(predict(Both(), images), (inner(images) > 0).long())


@pytest.mark.parametrize("labels", [[0, -1], [0, 3], [[0], [1]], [0], [0.0, 1.0], None])
@pytest.mark.parametrize("name", OURS)
def test_labels_that_are_none_of_the_classes_are_refused_by_every_attack(name, labels):
    model, images = Saying(lambda logits: logits), torch.rand(2, 1, 8, 8)
    given = None if labels is None else torch.tensor(labels)
    with pytest.raises(checks.InputError, match=r"labels (are|hold|go)|but labels go up to 3"):
        make(name, eps=0.1, candidates=3)(model, images, given, torch.arange(2), draws=DRAWS)


@pytest.mark.parametrize("name", OURS)
def test_images_and_indices_of_another_form_are_refused_by_every_attack(name):
    model, labels = Saying(lambda logits: logits), torch.tensor([0, 1])
    attack = make(name, eps=0.1)
    for images in (torch.rand(2, 64), torch.zeros(2, 1, 8, 8, dtype=torch.uint8), None, [[0.0]]):
        with pytest.raises(checks.InputError, match="images are"):
            attack(model, images, labels, torch.arange(2), draws=DRAWS)
    if name not in ("flow", "deepfool"):  # which draw nothing and look at no index
        for indices in (torch.arange(3), torch.rand(2), None):
            with pytest.raises(checks.InputError, match="indices are"):
                attack(model, torch.rand(2, 1, 8, 8), labels, indices, draws=DRAWS)


def test_a_gradient_that_is_no_number_is_no_slope():
    model = Saying(lambda logits: logits)
    at = torch.rand(2, 1, 8, 8)
    at[0, 0, 0, 0] = 0  # the root's slope there is infinite

    def loss(logits):
        return logits.sum(dim=1)

    class Rooted(nn.Module):
        def forward(self, images):
            return model(images.sqrt())

    assert not torch.autograd.grad(Rooted()(given := at.clone().requires_grad_()).sum(), given)[0].isfinite().all()
    gradient = ascent(Rooted(), at, loss)[2]
    assert gradient.isfinite().all()
    assert gradient[0, 0, 0, 0] == 0
    assert (gradient[1] != 0).all()


def test_a_network_without_a_gradient_is_told_by_an_attack_that_needs_one():
    model = Saying(lambda logits: logits.detach())
    images, labels = torch.rand(2, 1, 8, 8), torch.zeros(2, dtype=torch.int64)
    model.linear.bias.data[0] = 9  # nothing is fooled from the start
    for name in ("pgd", "fgsm", "apgd_ce", "deepfool"):
        with pytest.raises(ModelError, match="model has no gradient by its images"):
            make(name, eps=0.1)(model, images, labels, torch.arange(2), draws=DRAWS)
    assert make("square", eps=0.1)(model, images, labels, torch.arange(2), draws=DRAWS).shape == images.shape


def test_a_part_in_which_the_network_fails_takes_no_other_along(tmp_path):
    """One that fails on images that were moved; when it is asked again with that mended, the rest is measured."""
    original, grid = labelled(halves()), plan(0.1)
    found = run(Scored(_strict), original, grid, folder=tmp_path)
    assert found.failed.keys() == {"robustness", "audit"}
    assert "KeyError: 'moved'" in found.failed["robustness"]
    assert found.plan.parts == ()
    assert found.samples.keys() == {"answers.answers"}
    mended = run(Scored(brighter_left), original, grid, folder=tmp_path)
    assert mended.run == found.run
    assert not mended.failed
    assert {"robustness.nearest", "audit.unfooled"} <= mended.samples.keys()


def _strict(images):
    """Only images of black, white and even grey, and no others."""
    if not ((images == 0) | (images == 1) | (images == 0.5)).all():
        raise KeyError("moved")
    return brighter_left(images)
