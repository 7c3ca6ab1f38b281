"""Rates, averages, phases, precision, validation: what goes on around the loss."""

import json
from dataclasses import asdict, replace

import pytest
import torch
from torch import nn

from empirical import models
from empirical.compute import tensor_files
from empirical.compute.gradients import supported
from empirical.training import computing, loop, optimisers, phases, trained, watch
from empirical.training.config import TrainingConfig
from empirical.training.example_networks import EXAMPLES
from empirical.training.schemes import SCHEMES
from tradeoff.shared import checks
from tradeoff.shared.results import Frequency

from .test_every_scheme import USUAL, batch_of

OLDER = {
    "std_theta0": "0db10bc9c550",
    "std_theta60": "988845144f77",
    "std_theta180": "8e848de8957b",
    "std_eps01": "0417217f9196",
    "std_eps03": "5843e1e28c39",
    "p4": "ad80a3949261",
}


def rates(config):
    return [optimisers.rate(config, update) / config.learning_rate for update in range(config.updates)]


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ({"schedule": "constant"}, [1, 1, 1, 1]),
        ({"schedule": "linear"}, [1, 0.75, 0.5, 0.25]),
        ({"schedule": "step", "milestones": (0.25, 0.75)}, [1, 0.1, 0.1, 0.01]),
        ({"schedule": "cosine"}, [1, 0.853553, 0.5, 0.146447]),
        ({"schedule": "one_cycle"}, [0.033333, 0.833333, 0.714286, 0.357143]),
    ],
)
def test_schedules_are_those_of_hand_calculation(small, schedule, expected):
    assert rates(replace(small[0], updates=4, **schedule)) == pytest.approx(expected, abs=1e-6)


def test_a_phase_that_restarts_begins_the_schedule_anew_and_another_does_not(small):
    change = {"augment_deg": 30.0}
    begins, goes_on = (
        rates(replace(small[0], updates=8, phases=(phases.Phase(0.5, change, restart),))) for restart in (True, False)
    )
    assert begins == pytest.approx([1, 0.75, 0.5, 0.25] * 2)
    assert goes_on == pytest.approx([1 - k / 8 for k in range(8)])


def test_eps_warms_up_within_its_own_phase(small):
    attack = {"objective": "pgd", "eps": 0.1, "attack_steps": 1, "eps_warmup": 0.5}
    config = replace(small[0], updates=8, phases=(phases.Phase(0.5, attack),))
    assert [phases.at(config, update).warm(update) for update in range(4, 8)] == pytest.approx([0.5, 1, 1, 1])


@pytest.mark.parametrize(
    ("starts", "changes", "part"),
    [
        ((0.0,), {}, "start=0 must lie between 0 and 1"),
        ((1.0,), {}, "start=1 must lie between 0 and 1"),
        ((0.5, 0.5), {}, "each start once"),
        ((0.5,), {"seed": 3}, "changes='seed' is unknown"),
        ((0.5, 0.51), {}, "an update of its own"),
        ((0.5,), {"beta": 6.0}, "has no effect with objective='augmented'"),
        ((0.5,), {"objective": "pgd", "eps": 3.0}, "eps=3"),
    ],
)
def test_phases_that_cannot_be_are_refused(small, starts, changes, part):
    with pytest.raises(checks.InputError, match=part):
        phases.stages(replace(small[0], phases=tuple(phases.Phase(start, changes) for start in starts)))


def test_the_curriculum_of_the_published_version_scales_with_its_end(small):
    """CuSP: 2, 4, 8 of 255 at 120, 150, 180 degrees; the rate falls at 75, 90 and 100 of 120 epochs."""
    start = phases.cusp_start(8 / 255)
    config = replace(small[0], objective="pgd", attack_steps=1, updates=120, phases=phases.cusp(8 / 255), **start)
    steps = [(stage.first, stage.config.eps * 255, stage.config.augment_deg) for stage in phases.stages(config)]
    assert steps == [(0, pytest.approx(2), 120), (75, pytest.approx(4), 150), (90, pytest.approx(8), 180)]
    assert [round(rates(config)[at], 9) for at in (74, 75, 90, 100)] == [1, 0.1, 0.01, 0.001]


def test_an_average_of_the_first_updates_is_that_of_the_definition():
    model = nn.Linear(1, 1, bias=False)
    average = optimisers.Average(model, 0.5)
    expected = model.weight.item()
    for done in range(1, 20):
        with torch.no_grad():
            model.weight.fill_(float(done))
        average.follow(model, done)
        decay = min(0.5, done / (done + 10))
        expected = decay * expected + (1 - decay) * done
    assert float(average.state["weight"]) == pytest.approx(expected, rel=1e-6)


def test_what_is_returned_and_written_is_the_average(small, tmp_path, cpu):
    plain = loop.train(small[0], small[1], tmp_path / "plain", cpu)
    averaged = loop.train(replace(small[0], averaging=0.9), small[1], tmp_path / "averaged", cpu)
    apart = [(a - b).abs().max().item() for a, b in zip(plain.parameters(), averaged.parameters(), strict=True)]
    assert max(apart) > 1e-3
    stored, _ = trained.load(tmp_path / "averaged")
    assert all(torch.equal(a, b) for a, b in zip(stored.parameters(), averaged.parameters(), strict=True))


@pytest.mark.parametrize("way", computing.WAYS)
def test_every_way_gives_the_gradients_of_float32(small, way):
    """After an attack that freezes the weights and one without gradients: a stale cache would leave none, or 0.

    Without dropout, whose masks follow the memory format.
    """
    if computing.WAYS[way].bfloat16 and not supported(torch.device("cpu")):
        pytest.skip("this processor has no bfloat16 of its own")
    found = {}
    for name in ("float32", way):
        model = computing.Computed(models.build("tiny", seed=0), name).train()
        model.apply(lambda part: setattr(part, "p", 0.0))
        config = replace(small[0], objective="trades", **USUAL["trades"])
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            SCHEMES["trades"](model, batch_of(small[1]), config).loss.backward()
        found[name] = torch.cat([part.grad.flatten() for part in model.parameters()])
    least = 0.8 if computing.WAYS[way].bfloat16 else 0.999  # the signs of small slopes of the attack are rounded, too
    assert torch.cosine_similarity(found["float32"], found[way], dim=0) > least
    assert not torch.cosine_similarity(found["float32"], found[way].roll(1), dim=0) > least


def test_the_quickest_way_is_chosen_once_and_kept(small, tmp_path, cpu, monkeypatch):
    config = replace(small[0], compute="fastest")
    asked = []

    def choose(*given):
        asked.append(given)
        return "float32_channels_last"

    monkeypatch.setattr(loop, "CHECKPOINT_EVERY", 3)
    monkeypatch.setattr(computing, "choose", choose)

    def die(count):
        done.append(count)
        if sum(done) >= 8:
            raise KeyboardInterrupt

    done: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        loop.train(config, small[1], tmp_path, cpu, progress=die)
    loop.train(config, small[1], tmp_path, cpu)
    assert len(asked) == 1
    header = tensor_files.read_header(tmp_path / trained.WEIGHTS)
    assert header["compute"] == "float32_channels_last"


def test_choosing_leaves_the_network_as_it_was(small):
    model = models.build("tiny", seed=0)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    batch = batch_of(small[1])
    assert computing.choose("fastest", model, batch.images, batch.labels) in computing.WAYS
    assert all(torch.equal(before[name], tensor) for name, tensor in model.state_dict().items())
    assert all(part.grad is None for part in model.parameters())


def test_the_best_network_on_validation_images_is_kept_beside_the_last(small, tmp_path, cpu, monkeypatch):
    """Scores .2, .6, .4, .5: the best is that of the second validation."""
    scores = iter([0.2, 0.6, 0.4, 0.5])
    monkeypatch.setattr(watch, "ask", lambda *given: watch.Found(Frequency(int(100 * next(scores)), 100), None))
    seen = []
    config = replace(small[0], validation=40, validate_every=3)
    last = loop.train(config, small[1], tmp_path, cpu, report=seen.append)
    assert [line["update"] for line in seen if "validation" in line] == [3, 6, 9, 12]
    assert tensor_files.read_header(tmp_path / trained.BEST)["update"] == "6"
    best, found = trained.load_file(tmp_path / trained.BEST)
    assert found == config
    assert not torch.equal(next(best.parameters()), next(last.parameters()))


def test_validation_images_are_not_trained_on(small):
    config = replace(small[0], validation=40, validate_every=3, train_images=100)
    images, kept_out = loop._parts(small[1], config)
    assert (len(images), len(kept_out)) == (100, 40)
    assert not set(images.indices.tolist()) & set(kept_out.indices.tolist())


def test_a_collapse_ends_with_the_best_network_before_it(small, tmp_path, cpu, monkeypatch, caplog):
    scores = iter([0.5, 0.6, 0.1, 0.9])
    found = lambda *given: watch.Found(Frequency(90, 100), Frequency(int(100 * next(scores)), 100))  # noqa: E731
    monkeypatch.setattr(watch, "ask", found)
    config = replace(small[0], objective="fgsm", eps=0.1, validation=40, validate_every=3)
    loop.train(config, small[1], tmp_path, cpu)
    header = tensor_files.read_header(tmp_path / trained.WEIGHTS)
    assert header["stopped"].startswith("collapsed after 9 updates")
    assert "the best network before it is kept" in caplog.text
    last, best = (trained.load_file(tmp_path / name)[0] for name in (trained.WEIGHTS, trained.BEST))
    assert all(torch.equal(a, b) for a, b in zip(last.parameters(), best.parameters(), strict=True))


def test_a_fall_of_other_training_is_no_collapse(small):
    fallen = watch.Found(Frequency(90, 100), Frequency(10, 100))
    single = replace(small[0], objective="fgsm", **USUAL["fgsm"])
    assert watch.collapsed(fallen, 0.6, single)
    assert not watch.collapsed(fallen, 0.15, single)
    assert not watch.collapsed(fallen, 0.6, replace(small[0], objective="pgd", **USUAL["pgd"]))


def test_validation_asks_for_robustness_at_the_largest_eps(small):
    attack = {"objective": "pgd", "eps": 0.2, "attack_steps": 1}
    config = replace(small[0], phases=(phases.Phase(0.5, attack),))
    model = models.build("tiny", seed=0)
    natural, robust = watch.ask(model, small[1], small[0]), watch.ask(model, small[1], config)
    assert natural.robust is None
    assert robust.clean == natural.clean
    assert robust.robust.hits < natural.clean.hits


def test_a_weight_that_is_not_finite_is_never_checkpointed(small, tmp_path, cpu, monkeypatch):
    monkeypatch.setattr(loop, "CHECKPOINT_EVERY", 2)
    step = torch.optim.Adam.step
    count = []

    def broken(self, *args, **kwargs):
        count.append(1)
        step(self, *args, **kwargs)
        if len(count) == 5:
            self.param_groups[0]["params"][0].data.fill_(float("nan"))

    monkeypatch.setattr(torch.optim.Adam, "step", broken)
    with pytest.raises(checks.InputError, match="is not finite after 6 updates"):
        loop.train(small[0], small[1], tmp_path, cpu)
    tensors, header = tensor_files.read_tensors(tmp_path / trained.CHECKPOINT)
    assert header["update"] == "4"
    assert all(tensor.isfinite().all() for tensor in tensors.values())


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"validation": 40}, "belong together"),
        ({"objective": "fgsm", "eps": 0.1}, "would let a collapse"),
        ({"milestones": (0.5,)}, "use schedule='step'"),
        ({"momentum": 0.9}, "use optimiser='sgd'"),
        ({"momentum": 1.0, "optimiser": "sgd"}, "must be below 1"),
        ({"attack_mode": "train"}, "has no effect with objective='augmented'"),
        ({"augment_deg": 400.0}, "augment_deg=400 must be at most 180"),
        ({"train_images": 197}, None),
        ({"train_images": 198}, "ask for more than the 197 images"),
    ],
)
def test_what_does_not_go_together_is_refused(small, tmp_path, cpu, changes, part):
    if part is None:
        loop.train(replace(small[0], **changes), small[1], tmp_path, cpu)
        return
    with pytest.raises(checks.InputError, match=part):
        loop.train(replace(small[0], **changes), small[1], tmp_path, cpu)


def test_a_config_survives_json_with_its_phases(small):
    config = replace(
        small[0], milestones=(0.5,), schedule="step", phases=(phases.Phase(0.5, {"augment_deg": 9.0}, False),)
    )
    again = TrainingConfig.from_content(json.loads(json.dumps(asdict(config))))
    assert again == config
    assert again.id == config.id
    assert hash(again) == hash(config)


def test_ids_of_older_networks_stay():
    """Of the shipped networks, as they were before a config had more than its first fields."""
    ids = {name: make("a checksum").id for name, make in EXAMPLES.items()}
    assert ids == OLDER
