import pytest
import torch
from torch import nn

from empirical import models
from empirical.compute.draws import Draws
from empirical.compute.forward import predict
from empirical.data.images import ImageSet
from empirical.measurement import profiles
from empirical.transforms.resampling import random_angles, rotate
from tradeoff.shared import checks
from tradeoff.shared.results import Frequency

GRID = (0.0, 0.02, 0.05, 0.1)


def images(n: int = 30, seed: int = 0) -> ImageSet:
    """Noise away from the borders of [0, 1], so that an eps up to 0.25 is never clipped."""
    generator = torch.Generator().manual_seed(seed)
    pictures = 0.25 + 0.5 * torch.rand(n, 1, 28, 28, generator=generator)
    return ImageSet("noise", "0", 10, pictures, torch.randint(10, (n,), generator=generator), torch.arange(n))


class Centre(nn.Module):
    """Class 1 where the mean of the four middle pixels is above 1/2, else class 0: every answer is known by hand."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        score = x[:, 0, 13:15, 13:15].mean(dim=(1, 2)) - 0.5
        return torch.stack([-score, score], dim=1) * 10


class Left(nn.Module):
    """Class 1 where the left half is brighter: most rotations matter."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        score = x[..., :14].mean(dim=(1, 2, 3)) - x[..., 14:].mean(dim=(1, 2, 3))
        return torch.stack([-score, score], dim=1)


class Constant(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.flatten(1).sum(1, keepdim=True) * 0 + torch.tensor([[0.0, 1.0, 0.0]])


def by_name(found):
    return {profile.quantity: profile for profile in found}


def test_a_model_with_known_margins_is_fooled_exactly_where_it_must_be():
    """The answer of an image changes at eps if and only if its mean is within eps of 1/2."""
    data = images(200)
    margin = (data.images[:, 0, 13:15, 13:15].mean(dim=(1, 2)) - 0.5).abs()
    grid = (0.0, 0.05, 0.1, 0.2)
    found = by_name(profiles.robustness(Centre(), data, grid, steps=10))["one_minus_fooling"]
    for eps, seen in zip(grid, found.frequencies, strict=True):
        assert abs(margin - eps).min() > 1e-5
        assert seen.hits == int((margin > eps).sum())


def test_both_readings_follow_from_one_pass():
    """1 - fooling counts all that stay; adversarial accuracy those that are right and stay; and their share."""
    data = images(200)
    model = Centre()
    labels = predict(model, data.images).clone()
    labels[::3] = 1 - labels[::3]
    found = by_name(
        profiles.robustness(model, ImageSet("t", "0", 2, data.images, labels, data.indices), (0.0, 0.1), steps=10)
    )
    right = predict(model, data.images) == labels
    stays = (data.images[:, 0, 13:15, 13:15].mean(dim=(1, 2)) - 0.5).abs() > 0.1
    assert found["one_minus_fooling"].frequencies[1].hits == int(stays.sum())
    assert found["adversarial_accuracy"].frequencies[1].hits == int((stays & right).sum())
    assert found["one_minus_fooling_given_correct"].frequencies[1].hits == int((stays & right).sum())
    assert found["one_minus_fooling_given_correct"].frequencies[1].trials == int(right.sum())
    assert found["adversarial_accuracy"].frequencies[0].hits == int(right.sum())


def test_eps_zero_and_range_zero_change_nothing():
    model, data = models.build("std_cnn", seed=0), images()
    robust = by_name(profiles.robustness(model, data, GRID, steps=3))
    turned = by_name(profiles.invariance(model, data, (0.0, 90.0), draws=2))
    clean = profiles.clean_accuracy(model, data)
    assert robust["one_minus_fooling"].rates[0] == turned["invariance"].rates[0] == 1.0
    assert robust["adversarial_accuracy"].frequencies[0] == clean
    assert turned["spatial_accuracy"].rates[0] == clean.rate


def test_profiles_of_robustness_fall():
    rates = by_name(profiles.robustness(models.build("std_cnn", seed=1), images(), GRID, steps=3))[
        "one_minus_fooling"
    ].rates
    assert sorted(rates, reverse=True) == list(rates)


def test_when_nothing_stands_any_more_nothing_is_attacked():
    """All margins are below 0.25: from there on the rate is 0, also for a network that cannot take an empty batch."""

    class NeverEmpty(Centre):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            assert len(x)
            return super().forward(x)

    found = by_name(profiles.robustness(NeverEmpty(), images(), (0.0, 0.25, 0.5, 1.0), steps=10))["one_minus_fooling"]
    assert found.rates == (1.0, 0.0, 0.0, 0.0)


def test_a_constant_model_is_perfectly_robust_and_invariant():
    """Why both of the paper's metrics have to stand beside accuracy."""
    data = images()
    robust, turned = (
        profiles.robustness(Constant(), data, GRID, steps=2),
        profiles.invariance(Constant(), data, (180.0,)),
    )
    assert by_name(robust)["one_minus_fooling"].rates == (1.0,) * 4
    assert by_name(turned)["invariance"].rates == (1.0,)
    assert by_name(robust)["adversarial_accuracy"].frequencies[3].hits == int((data.labels == 1).sum())


def test_a_model_of_the_middle_pixels_is_invariant_to_quarter_turns_but_not_to_all():
    data = images(100)
    assert by_name(profiles.invariance(Centre(), data, (180.0,), draws=3))["invariance"].rates[0] < 1
    quarter = torch.rot90(data.images, 1, (2, 3))
    assert torch.equal(predict(Centre(), quarter), predict(Centre(), data.images))


def test_invariance_counts_the_rotations_that_it_says():
    """Every draw has its own angles in the whole range; written out with the transform alone."""
    data, model, draws = images(60), Left(), 4
    answers = predict(model, data.images)
    labels = torch.where(torch.arange(60) % 3 == 0, 1 - answers, answers)
    data = ImageSet("t", "0", 2, data.images, labels, data.indices)
    same = spatial = both = 0
    shares = set()
    for draw in range(draws):
        angles = random_angles(data.indices, 180.0, Draws(0, "rotation", draw))
        shares.add(float(angles[0]))
        turned = predict(model, rotate(data.images, angles))
        same += int((turned == answers).sum())
        spatial += int((turned == labels).sum())
        both += int(((turned == answers) & (answers == labels)).sum())
    found = by_name(profiles.invariance(model, data, (180.0,), draws=draws))
    assert len(shares) == draws
    assert found["invariance"].frequencies[0].hits == same
    assert found["spatial_accuracy"].frequencies[0].hits == spatial
    assert found["invariance_given_correct"].frequencies[0] == Frequency(both, draws * 40)
    assert len({same, spatial, both, draws * 60}) == 4


def test_trials_count_images_times_draws():
    found = by_name(profiles.invariance(Centre(), images(30), (0.0, 30.0), draws=4))
    assert found["invariance"].frequencies[0].trials == 120


@pytest.mark.parametrize("batch_size", [7, 30])
def test_the_batch_size_does_not_matter(batch_size):
    """Draws are keyed by the image; a margin near float rounding could differ, none here is that near."""
    data = images(100)
    assert profiles.robustness(Centre(), data, GRID, steps=5, batch_size=batch_size) == profiles.robustness(
        Centre(), data, GRID, steps=5
    )
    assert profiles.invariance(Centre(), data, (45.0,), batch_size=batch_size) == profiles.invariance(
        Centre(), data, (45.0,)
    )


def test_fractions_of_255_are_understood():
    found = by_name(profiles.robustness(Centre(), images(), ("8/255", 0), steps=2))["one_minus_fooling"]
    assert found.grid == (0.0, 8 / 255)


def test_two_measurements_merge():
    data = images(20)
    first, second = data.take(torch.arange(8)), data.take(torch.arange(8, 20))
    parts = [
        by_name(profiles.robustness(Centre(), part, GRID, steps=3))["one_minus_fooling"] for part in (first, second)
    ]
    assert parts[0] + parts[1] == by_name(profiles.robustness(Centre(), data, GRID, steps=3))["one_minus_fooling"]


class Broken(nn.Module):
    def __init__(self, answer) -> None:
        super().__init__()
        self.answer = answer

    def forward(self, x: torch.Tensor):
        return self.answer(x)


@pytest.mark.parametrize(
    ("answer", "part"),
    [
        (lambda x: torch.full((len(x), 3), float("nan")), "NaN or infinite logits"),
        (lambda x: torch.full((len(x), 3), float("inf")), "NaN or infinite logits"),
        (lambda x: x, r"returned \(30, 1, 28, 28\) for 30 images"),
        (lambda x: torch.zeros(len(x)), r"returned \(30,\)"),
        (lambda x: torch.zeros(3, 10), r"returned \(3, 10\)"),
        (lambda x: [1, 2], "returned list"),
        (lambda x: x.flatten(1) @ torch.zeros(3, 2), r"cannot take images of shape \(30, 1, 28, 28\)"),
    ],
)
def test_a_model_that_answers_nonsense_is_refused_in_one_sentence(answer, part):
    with pytest.raises(checks.InputError, match=part):
        profiles.clean_accuracy(Broken(answer), images())


@pytest.mark.parametrize("grid", [(-0.1,), (2.0,), ("8/0",)])
def test_bad_grids_are_refused(grid):
    with pytest.raises(checks.InputError, match="eps="):
        profiles.robustness(Centre(), images(), grid)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="torch sees no CUDA device")
def test_the_gpu_measures_what_the_cpu_measures():
    """The same draws on both; single images may differ by rounding."""
    model, data, device = models.build("std_cnn", seed=0), images(200), torch.device("cuda")
    here = by_name(profiles.robustness(model, data, GRID, steps=5))["one_minus_fooling"]
    there = by_name(profiles.robustness(model.to(device), data.to(device), GRID, steps=5))["one_minus_fooling"]
    assert max(abs(a - b) for a, b in zip(here.rates, there.rates, strict=True)) <= 0.02
