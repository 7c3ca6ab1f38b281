"""What the probe counts, on models for which the count is known by hand."""

import json
from dataclasses import asdict, replace

import pytest
import torch
from torch import nn

from empirical import models
from empirical.data.images import ImageSet
from empirical.measurement.probe import PROBED, ROUNDING, probe
from empirical.measurement.run import run
from empirical.validation.faulty_models import IMAGES, Scored, brighter_left, halves, labelled, plan
from tradeoff.shared import checks

DATA = labelled(halves())


def asked(model, data=DATA, batch_size=IMAGES):
    return probe(model, data, batch_size=batch_size)


def of_score(score):
    return asked(Scored(score))


def bright(images):
    """(n,) whether the left half is the brighter one: every second image."""
    return brighter_left(images) > 0


def test_a_sound_network_answers_alike_however_it_is_asked(trained):
    found = asked(*trained)
    assert found.images == PROBED
    counts = (found.training, found.stubborn, found.with_gradients, found.written, found.outside, found.no_gradient)
    assert counts == (0,) * 6
    assert found.tensors_changed == ()
    assert found.twice == 0
    assert found.mixed < ROUNDING / 100


def test_the_model_is_left_as_it_was(trained):
    model, data = trained
    model.train()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    try:
        found = asked(model, data)
        assert found.training == found.modules == len(list(model.modules()))
        assert all(module.training for module in model.modules())
        assert all(parameter.requires_grad and parameter.grad is None for parameter in model.parameters())
        assert not model._forward_pre_hooks
        assert all(torch.equal(before[name], tensor) for name, tensor in model.state_dict().items())
    finally:
        model.eval()


@pytest.mark.parametrize("name", ["std_cnn", "p4_cnn_flat", "p4_cnn_pooled", "resnet18:width=4", "p4_vgg16:width=4"])
def test_networks_of_this_package_do_not_look_at_the_batch(name, digits):
    """In float32 they stay a hundred times below what is called rounding."""
    few = digits.take(torch.arange(16))
    assert asked(models.build(name, seed=0).eval(), few, batch_size=16).mixed < ROUNDING / 100


def test_one_module_in_training_mode_is_counted():
    model = nn.Sequential(nn.Flatten(), nn.Dropout(), nn.Linear(64, 2)).eval()
    model[1].train()
    assert asked(model).training == 1


class Stubborn(nn.Dropout):
    def train(self, mode=True):
        return super().train(True)


def test_a_module_that_refuses_eval_mode_is_counted():
    found = asked(nn.Sequential(nn.Flatten(), Stubborn(0.0), nn.Linear(64, 2)).eval())
    assert (found.training, found.stubborn) == (1, 1)


class Counting(nn.Module):
    """Sound but for a buffer that every pass changes."""

    def __init__(self):
        super().__init__()
        self.register_buffer("passes", torch.zeros(()))
        self.register_buffer("still", torch.zeros(3))

    def forward(self, images):
        self.passes += 1
        return Scored(brighter_left)(images)


def test_a_buffer_that_changes_is_named():
    found = asked(Counting().eval())
    assert found.tensors_changed == ("passes",)
    assert found.twice == 0


def test_differences_are_shares_of_the_mean_lead():
    """Scores are 1 and -1, alone or half of each: 0.2 of the mean is 0.2 alone and 0 together."""
    for scale in (1.0, 1e4):
        found = of_score(
            lambda images, scale=scale: scale * (brighter_left(images) - 0.2 * brighter_left(images).mean())
        )
        assert found.mixed == pytest.approx(0.2, abs=1e-6)
        assert found.twice == 0


def test_a_place_in_the_batch_that_no_single_image_has_is_seen():
    """Those from the ninth on are answered otherwise; the first eight, which are asked alone, are not.

    Leads are 2 for eight images and 1 for 24, and one of 1 becomes 2.
    """
    found = of_score(lambda images: brighter_left(images) * torch.where(torch.arange(len(images)) < 8, 1, 0.5))
    assert found.mixed == pytest.approx(1 / 1.25, abs=1e-6)


def test_batches_of_one_have_nothing_to_compare():
    found = asked(Scored(lambda images: brighter_left(images) - 0.2 * brighter_left(images).mean()), batch_size=1)
    assert (found.batch, found.mixed) == (1, 0)


def test_noise_is_seen_between_two_passes():
    assert of_score(lambda images: brighter_left(images) + 0.1 * torch.rand(len(images))).twice > ROUNDING


def test_answers_that_change_with_gradients_are_counted():
    found = of_score(lambda images: torch.where(bright(images) & images.requires_grad, -1, 1) * brighter_left(images))
    assert found.with_gradients == IMAGES // 2


def test_a_tie_that_rounding_breaks_does_not_count():
    """Half of the images have logits 1e-5 apart, beside leads of 1."""

    class Tied(nn.Module):
        def forward(self, images):
            lead = torch.where(bright(images), 1.0, -1e-5 if images.requires_grad else 1e-5) + 0 * images.mean(
                (1, 2, 3)
            )
            return torch.stack([1 + lead, torch.ones_like(lead)], dim=1)

    assert asked(Tied().eval()).with_gradients == 0


def test_images_that_are_changed_in_place_are_counted():
    def lighter(images):
        images[bright(images)] += 0.25
        return brighter_left(images)

    found = of_score(lighter)
    assert (found.written, found.outside) == (IMAGES // 2, IMAGES // 2)
    found = of_score(lambda images: brighter_left(images.clamp_(0.1, 0.9)))
    assert (found.written, found.outside) == (IMAGES, 0)
    assert torch.equal(DATA.images, halves())


@pytest.mark.parametrize(("offset", "answer"), [(0.1, 0), (-0.1, 1)])
def test_the_answer_to_the_grey_image(offset, answer):
    assert of_score(lambda images: brighter_left(images) + offset).grey == answer


def test_images_without_a_gradient_are_counted():
    """Only the sure ones: exp(-2e4) is 0 in float32, exp(-2) is not."""
    found = of_score(lambda images: torch.where(bright(images), 1e4, 1.0) * brighter_left(images))
    assert found.no_gradient == IMAGES // 2
    assert found.no_gradient_bfloat16 in (None, IMAGES // 2)


def test_bfloat16_is_asked_where_the_device_and_the_model_have_it(monkeypatch):
    """On devices without it the same numbers are computed slowly, so that this runs everywhere."""
    monkeypatch.setattr("empirical.measurement.probe.supported", lambda device: True)
    sure = Scored(lambda images: 1e4 * brighter_left(images))
    assert asked(sure).no_gradient_bfloat16 == IMAGES
    only_float32 = Scored(lambda images: brighter_left(images) @ torch.eye(len(images)))
    assert asked(only_float32).no_gradient_bfloat16 is None
    monkeypatch.setattr("empirical.measurement.probe.supported", lambda device: False)
    assert asked(sure).no_gradient_bfloat16 is None


class Broken(nn.Module):
    def __init__(self, answer):
        super().__init__()
        self.answer = answer

    def forward(self, images):
        return self.answer(Scored(brighter_left)(images))


def raise_value_error(logits):
    if len(logits) == 1:
        raise ValueError("Expected more than 1 value per channel when training")
    return logits


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda logits: logits.squeeze(0), r"model returned \(2,\) for 1 images"),
        (
            raise_value_error,
            r"model cannot take images of shape \(1, 1, 8, 8\) \(ValueError: Expected more than 1 value",
        ),
        (lambda logits: logits.detach(), r"model has no gradient by its images \(.*without detach, numpy or no_grad"),
        (lambda logits: logits / 0, "model returned NaN or infinite logits"),
        (lambda logits: logits[:, 0], r"model returned \(32,\) for 32 images"),
    ],
)
def test_a_model_that_cannot_be_measured_is_refused_in_one_sentence(answer, message):
    with pytest.raises(checks.InputError, match=message):
        asked(Broken(answer).eval())


def test_logits_that_are_all_0_are_no_division_by_0():
    found = of_score(lambda images: 0 * brighter_left(images))
    assert (found.twice, found.mixed) == (0, 0)


def test_a_probe_is_plain_numbers(trained):
    """It survives JSON, up to the tuple, and holds no infinity."""
    found = asked(*trained)
    again = json.loads(json.dumps(asdict(found), allow_nan=False))
    assert type(found)(**{**again, "tensors_changed": tuple(again["tensors_changed"])}) == found


def test_a_run_asks_anew_when_it_is_resumed(tmp_path):
    """In another mode the same run is found, and the probe says what is true now."""
    model = Scored(brighter_left)
    first = run(model, DATA, plan(0.1), folder=tmp_path)
    second = run(model.train(), DATA, plan(0.1), folder=tmp_path)
    assert second.run == first.run
    assert (first.probe.training, second.probe.training) == (0, 1)
    assert replace(second.probe, training=0) == first.probe
    assert all(torch.equal(first.samples[name], second.samples[name]) for name in first.samples)


def test_a_probe_that_does_not_fit_the_memory_takes_smaller_batches():
    def narrow(images):
        if len(images) > 8:
            raise torch.OutOfMemoryError("no room")
        return brighter_left(images)

    found = run(Scored(narrow), DATA, plan(0.1))
    assert (found.probe.batch, found.batch_size) == (8, 8)


def test_more_images_are_a_random_choice():
    """Sorted by class, the first 64 would be one class."""
    many = DATA.images[DATA.labels.argsort()].repeat_interleave(8, dim=0)
    data = ImageSet("sorted", "0", 2, many, torch.arange(2).repeat_interleave(len(many) // 2), torch.arange(len(many)))
    found = probe(Scored(lambda x: torch.where(bright(x), 1e4, 1.0) * brighter_left(x)), data, batch_size=64)
    assert found.images == PROBED
    assert 10 < found.no_gradient < 54  # either side with probability 1e-9 where the choice is fair
