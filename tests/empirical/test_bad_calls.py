"""Bad calls of public functions, as tables: each argument with values that it must refuse, in a sentence of ours."""

import dataclasses
import math

import pytest
import torch
from torch import nn

import empirical
from empirical import data, models
from empirical.attacks import ATTACKS
from empirical.attacks.ball import Ball
from empirical.compare.law_images import LawImages
from empirical.compute import device, forward
from empirical.compute.draws import Draws
from empirical.compute.gradients import Gradients, precision_for
from empirical.compute.normalization import Normalization, normalization
from empirical.data.images import ImageSet
from empirical.measurement import labels
from empirical.measurement.plan import Plan
from empirical.measurement.run import run
from empirical.models.normalized import Normalized
from empirical.report import robustbench
from empirical.statistics import exact_tests, over_seeds, paired, rates, readings, student, verdicts
from empirical.training import example_networks
from empirical.training.config import TrainingConfig
from empirical.transforms import moves, resampling
from empirical.validation import check_attack, networks_on_law
from empirical.validation.faulty_models import halves, labelled, plan
from tests.empirical.attacks.laws import OURS
from tradeoff.shared import checks

DATA, N = labelled(halves()), 4
IMAGES, INDICES, LABELS = torch.rand(N, 1, 8, 8), torch.arange(N), torch.arange(N) % 2
ZEROS, PLACES = torch.zeros(N), torch.zeros(N, 2)
NETWORK = nn.Sequential(nn.Flatten(), nn.Linear(64, 2)).eval()
DRAWS = Draws(0, "bad")

NO_NUMBER = [None, "x", "", [], {}, object(), math.nan, "1/0", torch.tensor([1.0, 2.0]), (1, 2)]
NOT_FINITE = [*NO_NUMBER, math.inf, -math.inf, True]
NO_SIZE = [*NOT_FINITE, -1]
NO_COUNT = [*NO_SIZE, 1.5]
NO_NAME = [None, "nope", "", [], {}, 3, math.nan, object()]
NO_IMAGES = [None, "x", 3, [], torch.rand(N, 64), torch.zeros(N, 1, 8, 8, dtype=torch.uint8)]
NO_ANGLES = [None, "x", 30.0, torch.zeros(N, 64), ZEROS[:2], ZEROS * math.nan, ZEROS + math.inf, ZEROS > 0]


def config(**given):
    names = {"data": "digits", "data_checksum": "x", "network": "std_cnn", "objective": "augmented"}
    counts = {"held_out": 4, "attack_steps": 0, "updates": 1, "batch_size": 1, "seed": 0}
    sizes = {"augment_deg": 0.0, "eps": 0.0, "eps_warmup": 0.0, "learning_rate": 0.1}
    return TrainingConfig(**names | counts | sizes | given)


def images(**given):
    usual = {"name": "n", "checksum": "c", "classes": 2, "images": IMAGES, "labels": LABELS, "indices": INDICES}
    return ImageSet(**usual | given)


SIZES = ("eps", "step_size", "tau", "kappa", "overshoot", "angle_deg", "shift_px", "limit_px")
SETTINGS = {
    **dict.fromkeys(SIZES, NO_SIZE),
    **{name: [*NO_SIZE, 0] for name in ("rate_px", "rate_deg", "share")},
    **{name: [*NO_COUNT, 0] for name in ("steps", "restarts", "queries", "targets", "candidates")},
    "k": NO_COUNT,
    "norm": NO_NAME,
    "loss": NO_NAME,
    "bounds": ["x", [], {}, math.nan, 1, (1,), (1, 0), ("0", "1"), (0, math.nan), (None, 1), object()],
    "std": [*(value for value in NO_SIZE if not isinstance(value, tuple)), 0, (), (0.1, -1)],
    "random_start": [None, 1, "yes", []],
    "early_stop": [None, 1, "yes", []],
    "flip": [None, 1, "yes", []],
    "grid": ["x", 3, (1,), (0, 1), (1.5, 1), object()],
}
MAY_BE_NONE = {"step_size", "limit_px", "candidates", "bounds", "std", "grid"}


def settings():
    """Every field of every attack with what it must refuse."""
    for name in OURS:
        for field in dataclasses.fields(ATTACKS[name]):
            needs = (
                {"eps": 0.1} if "eps" in SETTINGS and name not in ("deepfool", "flow", "rigid", "integrated") else {}
            )
            for value in SETTINGS[field.name]:
                nothing = value is None and (field.name in MAY_BE_NONE or name == "deepfool")
                if not nothing:
                    yield f"{name} {field.name}", lambda n=name, g=needs | {field.name: value}: ATTACKS[n](**g)


COUNT_OF_CONFIG = ("held_out", "updates", "batch_size")
TABLE = {
    "plan eps": (lambda bad: Plan(eps=bad), [None, "x", 3, [2], ["x"], [math.nan], torch.tensor(1.5), object()]),
    "plan angles": (lambda bad: Plan(angles=bad), [None, "x", -3, [-1], [math.inf], [1e300], [None]]),
    "plan shifts": (lambda bad: Plan(shifts=bad), [None, "x", -3, [-1], [1.5], [math.inf], [1e20]]),
    "plan draws": (lambda bad: Plan(draws=bad), [*NO_COUNT, 0]),
    "plan steps": (lambda bad: Plan(steps=bad), [*NO_COUNT, 0]),
    "plan seed": (lambda bad: Plan(seed=bad), NO_COUNT),
    "plan schedule": (lambda bad: Plan(attack_schedule=bad), NO_NAME),
    "plan skip": (lambda bad: Plan(skip=bad), [None, "nope", ["nope"], [None]]),
    "plan content": (Plan.from_content, [None, "x", 3, [], {"nope": 1}]),
    **{f"config {name}": (lambda bad, n=name: config(**{n: bad}), [*NO_COUNT, 0]) for name in COUNT_OF_CONFIG},
    **{f"config {name}": (lambda bad, n=name: config(**{n: bad}), NO_SIZE) for name in ("eps", "learning_rate")},
    **{f"config {name}": (lambda bad, n=name: config(**{n: bad}), [None, 3, [], {}]) for name in ("data", "objective")},
    "config std": (lambda bad: config(std=bad), [*(one for one in NO_SIZE if one != (1, 2)), 0]),
    "config seed": (lambda bad: config(seed=bad), NO_COUNT),
    "set images": (lambda bad: images(images=bad), [*NO_IMAGES, IMAGES * 2, IMAGES * math.nan, IMAGES.double()]),
    "set labels": (lambda bad: images(labels=bad), [None, "x", 3, LABELS.float(), LABELS - 1, LABELS + 7, LABELS[:2]]),
    "set indices": (lambda bad: images(indices=bad), [None, "x", 3, INDICES.float(), INDICES[:2], INDICES[:, None]]),
    "set classes": (lambda bad: images(classes=bad), [*NO_COUNT, 0, 1]),
    "set names": (lambda bad: images(class_names=bad), [None, 3, "ab", ("a",), (1, 2)]),
    "set name": (lambda bad: images(name=bad), [None, 3, []]),
    "set take": (images().take, [None, "x", [0], torch.tensor([N]), torch.tensor([-1]), torch.tensor([0.5])]),
    "set split": (images().split, [*NO_COUNT, 0, N]),
    "read": (data.read, [None, 3, [], b"x", "", "nope", "nope.npz"]),
    "limited": (lambda bad: data.limited(DATA, bad), [*NO_COUNT, 0]),
    "limited data": (lambda bad: data.limited(bad, 3), [None, [], IMAGES]),
    "draws seed": (lambda bad: Draws(bad, "p"), [*NOT_FINITE, 1.5]),
    "draws restart": (lambda bad: Draws(0, "p", bad), [*NOT_FINITE, 1.5]),
    "draws again": (DRAWS.again, [*NOT_FINITE, 1.5]),
    "draws purpose": (lambda bad: Draws(0, bad), [None, 3, []]),
    "draws shape": (lambda bad: DRAWS.uniform(INDICES, bad), [None, 3, "x", (-1,), (1.5,), [2]]),
    "draws count": (lambda bad: DRAWS.integers(INDICES, (2,), bad), [*NO_COUNT, 0, 2**32]),
    "draws order": (DRAWS.permutation, [*NO_COUNT, 1e300]),
    "rotate images": (lambda bad: resampling.rotate(bad, ZEROS), NO_IMAGES),
    "rotate angles": (lambda bad: resampling.rotate(IMAGES, bad), NO_ANGLES),
    "rigid shifts": (lambda bad: resampling.rigid(IMAGES, ZEROS, bad, ZEROS > 0), [None, ZEROS, PLACES * math.nan]),
    "rigid flips": (lambda bad: resampling.rigid(IMAGES, ZEROS, PLACES, bad), [None, True, ZEROS, PLACES > 0]),
    "flow": (lambda bad: resampling.flow(IMAGES, bad), [None, 1.0, PLACES, torch.zeros(N, 2, 8, 7)]),
    "flow images": (lambda bad: resampling.flow(bad, torch.zeros(N, 2, 8, 8)), NO_IMAGES),
    "quarter turns": (lambda bad: resampling.quarter_turn(IMAGES, bad), [*NOT_FINITE, 1.5]),
    "range": (lambda bad: resampling.random_angles(INDICES, bad, DRAWS), NO_SIZE),
    "rotation": (lambda bad: resampling.random_rotation(IMAGES, INDICES, bad, DRAWS), NO_SIZE),
    "moved range": (lambda bad: moves.moved(IMAGES, INDICES, bad, 1, seed=0, draw=0), NO_SIZE),
    "moved pixels": (lambda bad: moves.moved(IMAGES, INDICES, 1.0, bad, seed=0, draw=0), NO_COUNT),
    "moved indices": (lambda bad: moves.moved(IMAGES, bad, 1.0, 1, seed=0, draw=0), [None, [0], INDICES[:2], ZEROS]),
    "exactly": (lambda bad: moves.exactly(IMAGES, bad), NO_NAME),
    "fits": (lambda bad: moves.fits(IMAGES, bad), NO_NAME),
    "all moved": (lambda bad: moves.all_moved(IMAGES, INDICES, lambda *given: given[0], bad), [*NO_COUNT, 0]),
    "build": (lambda bad: models.build(bad, seed=0), NO_NAME),
    "build seed": (lambda bad: models.build("std_cnn", seed=bad), [*NOT_FINITE, 1.5]),
    "normalized std": (lambda bad: Normalized(NETWORK, 0.0, bad), [None, "x", [], -1, 0, math.nan, math.inf, [1, 0]]),
    "normalization mean": (lambda bad: Normalization(bad, 1), [None, "x", [], math.nan, math.inf]),
    "preset": (lambda bad: normalization(preset=bad), [value for value in NO_NAME if value is not None]),
    "example": (example_networks.load, NO_NAME),
    "device": (device.choose, NO_NAME),
    "precision": (lambda bad: Gradients(NETWORK, bad), NO_NAME),
    "gradients": (lambda bad: precision_for(NETWORK, IMAGES, LABELS, bad), NO_NAME),
    "label": (lambda bad: labels.label("name", bad), [None, "", 3, "a b", "../a"]),
    "predict images": (lambda bad: forward.predict(NETWORK, bad), NO_IMAGES),
    "predict model": (lambda bad: forward.predict(bad, IMAGES), [None, 3, abs, "x"]),
    "predict batch": (lambda bad: forward.predict(NETWORK, IMAGES, batch_size=bad), [*NO_COUNT, 0]),
    "around": (Ball(0.1).around, NO_IMAGES),
    "run batch": (lambda bad: run(NETWORK, DATA, plan(0.1), batch_size=bad), ["x", 0, -1, 1.5, math.nan, 1e308]),
    "measure model": (lambda bad: empirical.measure(bad, DATA), [None, 3, abs, "x"]),
    "measure data": (lambda bad: empirical.measure(NETWORK, bad), [None, 3, IMAGES, "nowhere"]),
    "measure name": (lambda bad: empirical.measure(NETWORK, DATA, name=bad), ["", 3, "a b"]),
    "summary": (empirical.summary_of, [None, 3, DATA]),
    "rate": (rates.rate, [None, [], 3, torch.tensor(1.0), torch.zeros(0)]),
    "rate level": (rates.rate(LABELS > 0).interval, [*NOT_FINITE, 0, 1]),
    "reading level": (readings.Reading("a", None, None, None, 1.0, 1.0, 5).interval, [*NOT_FINITE, 0, 1]),
    "student level": (lambda bad: student.interval(0.5, 0.1, 5, level=bad), [*NOT_FINITE, 0, 1]),
    "student n": (lambda bad: student.interval(0.5, 0.1, bad), [*NO_COUNT, 0]),
    "tail hits": (lambda bad: exact_tests.upper_tail(bad, 5, 0.5), [*NO_COUNT, 6]),
    "tail trials": (lambda bad: exact_tests.upper_tail(1, bad, 0.5), [*NO_COUNT, 0, 1e300]),
    "tail chance": (lambda bad: exact_tests.upper_tail(1, 5, bad), [*NO_SIZE, 1.5]),
    "mcnemar": (lambda bad: exact_tests.mcnemar_one_sided(bad, 5), [*NO_COUNT, 1e300]),
    "mcnemar both": (lambda bad: exact_tests.mcnemar_two_sided(5, bad), [*NO_COUNT, 1e300]),
    "at least": (lambda bad: exact_tests.at_least(1, 5, bad), [*NO_SIZE, 0, 0.5]),
    "at most": (lambda bad: exact_tests.at_most(bad, 5, 0.01), [*NO_COUNT, 6]),
    "compare": (lambda bad: verdicts.compare("a", bad, [0.5], [0.5], [0.5]), [None, "x", [], 3, ["x"], [0.1, 0.2]]),
    "over seeds": (over_seeds.over_seeds, [None, "x", [], 3, ["x"], [None]]),
    "networks": (over_seeds.networks, [None, "x", [], 3, [DATA]]),
    "pair": (paired.row, [None, "x", [], 3, {}, {"kind": "images"}]),
    "result": (robustbench.parse, [None, "x", [], 3, "{}", "[]", "[" * 100_000]),
    "law side": (lambda bad: LawImages(bad), [*NO_COUNT, 0, 8, 1e308]),
    "law moves": (lambda bad: LawImages(9, 0.7, bad), [*NO_COUNT, 0, 3]),
    "law sample": (lambda bad: LawImages().sample(bad, seed=0), [*NO_COUNT, 0, 1e308]),
    "law seed": (lambda bad: LawImages().sample(2, seed=bad), NO_COUNT),
    "law eps": (LawImages().eps, [*NO_SIZE, 1e5]),
    "law network": (lambda bad: networks_on_law.trained(LawImages(), bad, eps=0.1), NO_NAME),
    "check images": (lambda bad: check_attack.check(lambda m, d, e: d.images, images=bad), [*NO_COUNT, 99]),
    "check seed": (lambda bad: check_attack.check(lambda m, d, e: d.images, seed=bad), NO_COUNT),
    "check radius": (lambda bad: check_attack.check(lambda m, d, e: d.images, scaled_radius=bad), [*NO_SIZE, 0]),
}


def refused(call, *given):
    """What is said, in one line; a fault of the test if nothing is refused, or by something else."""
    with pytest.raises(checks.InputError) as seen:
        call(*given)
    assert len(str(seen.value)) > 20
    assert "\n" not in str(seen.value).strip()


@pytest.mark.parametrize("name", TABLE)
def test_what_an_argument_cannot_be_is_refused_in_a_sentence(name):
    call, values = TABLE[name]
    for value in values:
        try:
            refused(call, value)
        except BaseException as error:
            error.add_note(f"{name}: {value!r}")
            raise


@pytest.mark.parametrize("name", OURS)
def test_every_setting_of_every_attack_refuses_what_it_cannot_be(name):
    tried = 0
    for place, build in settings():
        if place.startswith(f"{name} "):
            try:
                refused(build)
            except BaseException as error:
                error.add_note(place)
                raise
            tried += 1
    assert tried > 20


@pytest.mark.parametrize("name", [name for name in OURS if name not in ("fgsm", "deepfool", "flow")])
def test_draws_are_draws(name):
    """A seed, or torch's own generator, is what a newcomer would pass."""
    attack = ATTACKS[name](0.1) if "eps" in ATTACKS[name].__dataclass_fields__ else ATTACKS[name]()
    for bad in (None, 0, torch.Generator()):
        with pytest.raises(checks.InputError, match=r"draws=.* is none; pass draws=Draws\(seed=0"):
            attack(NETWORK, IMAGES, LABELS, INDICES, draws=bad)
