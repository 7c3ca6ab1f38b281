"""Laws that every scheme obeys, and what each of them minimises."""

from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from safetensors.torch import load_file

from empirical import models
from empirical.training import loop, phases, trained
from empirical.training.choices import ADVERSARIES, OBJECTIVES
from empirical.training.schemes import SCHEMES, mixed
from empirical.training.schemes.base import Batch
from tradeoff.shared import checks

USUAL = {
    "augmented": {"augment_deg": 30.0, "augment_shift": 0.1, "flip": True, "crop_px": 2},
    "pgd": {"eps": 0.1, "attack_steps": 2},
    "fgsm": {"eps": 0.1, "validation": 40, "validate_every": 5},
    "trades": {"eps": 0.1, "attack_steps": 2, "beta": 6.0},
    "max": {"eps": 0.1, "attack_steps": 2, "attacks": ("pgd", "rigid")},
    "average": {"eps": 0.1, "attack_steps": 2, "attacks": ("clean", "flow", "fgsm")},
}
"""Fields of a config by scheme."""


def batch_of(images, update=0, rows=16):
    return Batch(images.images[:rows], images.labels[:rows], images.indices[:rows], update)


def die_after(updates):
    done = []

    def die(count):
        done.append(count)
        if sum(done) >= updates:
            raise KeyboardInterrupt

    return die


def test_every_scheme_is_tried_and_has_its_knobs():
    assert set(USUAL) == set(SCHEMES) == set(OBJECTIVES)
    assert {mixed.CLEAN, *mixed.ADVERSARIES} == set(ADVERSARIES)


@pytest.mark.parametrize("objective", SCHEMES)
def test_a_killed_training_ends_with_the_same_bits(small, tmp_path, cpu, monkeypatch, objective):
    """With momentum, averaging and validation, from a checkpoint of every third update."""
    monkeypatch.setattr(loop, "CHECKPOINT_EVERY", 3)
    monkeypatch.setattr(loop, "LOG_EVERY", 1)
    config = replace(
        small[0],
        **{"objective": objective, "optimiser": "sgd", "momentum": 0.9, "weight_decay": 1e-3, "averaging": 0.9},
        **{"validation": 40, "validate_every": 5, "clip_norm": 1.0, "schedule": "cosine"} | USUAL[objective],
    )
    loop.train(config, small[1], tmp_path / "whole", cpu)
    with pytest.raises(KeyboardInterrupt):
        loop.train(config, small[1], tmp_path / "killed", cpu, progress=die_after(8))
    loop.train(config, small[1], tmp_path / "killed", cpu)
    for name in (trained.WEIGHTS, trained.BEST):
        one, two = (load_file(tmp_path / folder / name) for folder in ("whole", "killed"))
        assert all(torch.equal(one[key], two[key]) for key in one)
    logs = [(tmp_path / folder / trained.LOG).read_text() for folder in ("whole", "killed")]
    assert logs[0] == logs[1]


@pytest.mark.parametrize("objective", SCHEMES)
def test_the_weights_get_gradients_and_the_network_keeps_its_mode(small, objective):
    model = models.build("tiny", seed=0).train()
    config = replace(small[0], objective=objective, **USUAL[objective])
    outcome = SCHEMES[objective](model, batch_of(small[1]), config)
    outcome.loss.backward()
    assert model.training
    assert all(part.grad is not None and part.grad.isfinite().all() for part in model.parameters())
    assert 0 <= int(outcome.right(small[1].labels[:16])) <= 16


def test_trades_is_finite_where_answers_are_saturated(small):
    """Logits of 1e5: probabilities are 0 and 1 in float32, and p log p of the naive formula is not a number."""
    model = torch.nn.Sequential(models.build("tiny", seed=0), Scale(1e5)).train()
    config = replace(small[0], objective="trades", **USUAL["trades"])
    loss = SCHEMES["trades"](model, batch_of(small[1]), config).loss
    loss.backward()
    assert loss.isfinite()
    assert all(part.grad.isfinite().all() for part in model.parameters())


class Scale(torch.nn.Module):
    def __init__(self, by):
        super().__init__()
        self.by = by

    def forward(self, x):
        return self.by * x


def test_trades_without_weight_is_natural_training_and_its_divergence_is_not_negative(small):
    model = models.build("tiny", seed=0).eval()
    config = replace(small[0], objective="trades", **USUAL["trades"])
    plain = SCHEMES["trades"](model, batch_of(small[1]), replace(config, beta=0.0)).loss
    assert torch.isclose(plain, F.cross_entropy(model(small[1].images[:16]), small[1].labels[:16]))
    assert SCHEMES["trades"](model, batch_of(small[1]), config).loss > plain + 1e-3


def test_the_worst_attack_costs_more_than_their_average(small):
    model = models.build("tiny", seed=0).eval()
    config = replace(small[0], objective="max", **{**USUAL["max"], "attacks": ("clean", "pgd", "rigid")})
    worst = SCHEMES["max"](model, batch_of(small[1]), config).loss
    mean = SCHEMES["average"](model, batch_of(small[1]), replace(config, objective="average")).loss
    clean = F.cross_entropy(model(small[1].images[:16]), small[1].labels[:16])
    assert worst > mean > clean


@pytest.mark.parametrize("names", [(), ("pgd",), ("pgd", "hope")])
def test_one_attack_alone_is_no_mixture(small, names):
    config = replace(small[0], objective="max", eps=0.1, attack_steps=1, attacks=names)
    with pytest.raises(checks.InputError, match="attacks="):
        SCHEMES["max"](models.build("tiny", seed=0), batch_of(small[1]), config)


class Spy(torch.nn.Module):
    """A network that keeps what it was shown, and in which mode."""

    def __init__(self):
        super().__init__()
        self.inner = models.build("tiny", seed=0)
        self.seen, self.modes = [], []

    def forward(self, x):
        self.seen.append(x.detach())
        self.modes.append(self.training)
        return self.inner(x)


@pytest.mark.parametrize("objective", ["pgd", "trades", "fgsm"])
@pytest.mark.parametrize(("norm", "eps"), [("linf", 0.1), ("l2", 1.5)])
def test_training_attacks_stay_in_their_ball(small, objective, norm, eps):
    spy, batch = Spy().train(), batch_of(small[1])
    config = replace(small[0], objective=objective, norm=norm, **{**USUAL[objective], "eps": eps})
    SCHEMES[objective](spy, batch, config)
    moved = (spy.seen[-1] - batch.images).flatten(1)
    size = moved.abs().amax(1) if norm == "linf" else moved.norm(dim=1)
    assert size.max() <= eps + 1e-5
    assert size.max() > eps / 2


@pytest.mark.parametrize("objective", ["pgd", "trades"])
@pytest.mark.parametrize("mode", ["eval", "train"])
def test_the_attack_sees_the_mode_that_the_config_says(small, objective, mode):
    spy = Spy().train()
    config = replace(small[0], objective=objective, attack_mode=mode, **USUAL[objective])
    SCHEMES[objective](spy, batch_of(small[1]), config)
    of_loss = 2 if objective == "trades" else 1
    assert spy.modes[:-of_loss] == [mode == "train"] * (len(spy.modes) - of_loss)
    assert all(spy.modes[-of_loss:])
    assert all(part.requires_grad for part in spy.parameters())


def test_two_stages_train_as_one_after_the_other(small, tmp_path, cpu):
    """Augmented, then attacked with a fresh optimiser: what two configs would do."""
    stages = (phases.Phase(0.5, {"objective": "pgd", "eps": 0.1, "attack_steps": 2, "augment_deg": 0.0}),)
    config = replace(small[0], augment_deg=60.0, phases=stages)
    seen = []
    loop.train(config, small[1], tmp_path, cpu, report=seen.append)
    assert [phases.at(config, update).config.objective for update in (0, 5, 6, 11)] == ["augmented"] * 2 + ["pgd"] * 2
    assert seen[-1]["update"] == 12
    first = phases.stages(config)[0].config
    assert replace(first, phases=()) == replace(config, phases=())
