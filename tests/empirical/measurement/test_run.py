"""A measurement from start to end: its arrays, that it goes on where it was killed, and what it refuses."""

import json
import re
import signal
from dataclasses import replace

import pytest
import torch
from torch import nn

from empirical.compute import provenance
from empirical.data.images import ImageSet
from empirical.measurement import batches
from empirical.measurement import run as measurement
from empirical.measurement.journal import PIECES, SAMPLES
from empirical.measurement.plan import PARTS, Plan, audit_rows
from empirical.measurement.quantities import MEASURED
from empirical.measurement.run import run
from empirical.statistics.readings import profile, readings
from tests.processes import DEADLINE, wait_for
from tradeoff.shared.checks import InputError

PLAN = Plan(
    eps=(0.05, 0.1),
    angles=(90,),
    shifts=(2,),
    draws=2,
    attack_schedule="quick",
    steps=8,
    search_steps=4,
    audit=8,
    queries=20,
)


@pytest.fixture(scope="module")
def some(trained):
    model, held_out = trained
    return model, held_out.take(torch.arange(40))


@pytest.fixture(scope="module")
def measured(some):
    return run(*some, PLAN)


def same_bits(one, other):
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_every_part_has_a_row_for_each_of_its_images(measured):
    assert {name.split(".")[0] for name in measured.samples} == {"answers", *PARTS}
    for name, values in measured.samples.items():
        rows = {"robustness.evaluations": 1, "robustness.queries": 1}.get(name, 8 if name.startswith("audit") else 40)
        assert len(values) == rows, name
    assert measured.samples["moves.answers"].shape == (40, 2, 2, 2)
    assert measured.samples["joint.unfooled"].shape == (40, 1, 3)


def test_readings_count_what_the_arrays_say(measured):
    found = {(one.quantity, one.grid, one.second): one for one in readings(measured)}
    right, unfooled = measured.right, measured.samples["robustness.unfooled"]
    assert found["clean_accuracy", None, None].rate.hits == int(right.sum())
    assert found["adversarial_accuracy", 0.1, None].rate.hits == int((unfooled[:, 2] & right).sum())
    given = found["one_minus_fooling_given_correct", 0.1, None].rate
    assert (given.hits, given.trials) == (int((unfooled[:, 2] & right).sum()), int(right.sum()))
    moved = measured.samples["moves.answers"][:, 1, 0]
    assert found["invariance", 90.0, None].rate.hits == int((moved == measured.answers[:, None]).sum())
    assert found["spatial_accuracy", 90.0, None].rate.hits == int((moved == measured.data.labels[:, None]).sum())
    both = (moved == measured.answers[:, None]) & unfooled[:, 1, None]
    assert found["union_one_minus_fooling", 90.0, 0.05].rate.hits == int(both.sum())
    grid, points = profile(readings(measured), "one_minus_fooling")
    assert grid == [0.0, 0.05, 0.1]
    assert [one.value for one in points] == sorted((one.value for one in points), reverse=True)


def test_the_joint_attack_is_the_attack_on_turned_images_and_never_easier_than_the_rotation(measured):
    joint = measured.samples["joint.unfooled"][:, 0]
    turned = measured.samples["moves.answers"][:, 1, 0, 0] == measured.answers
    assert torch.equal(joint[:, 0], turned)
    assert not bool((joint[:, 1:] & ~turned[:, None]).any())
    assert bool((joint[:, :-1] >= joint[:, 1:]).all())


def test_the_adaptive_profile_is_no_weaker_than_the_per_eps_one(some, measured):
    """PGD with 40 steps at each eps by itself leaves at most one image less unfooled."""
    plain = run(*some, Plan(eps=PLAN.eps, attack_schedule="per_eps", skip=tuple(p for p in PARTS if p != "robustness")))
    ours, theirs = (one.samples["robustness.unfooled"].sum(0) for one in (measured, plain))
    assert bool((ours <= theirs + 1).all())


def test_parts_can_be_left_out_and_then_are_not_measured(some):
    found = run(*some, replace(PLAN, skip=tuple(part for part in PARTS if part != "moves")))
    assert set(found.samples) == {"answers.answers", "moves.answers"}
    assert {one.quantity for one in readings(found)} >= {"clean_accuracy", "invariance", "translation_invariance"}


def test_a_run_that_was_interrupted_goes_on_and_ends_with_the_same_bits(some, measured, tmp_path, monkeypatch):
    monkeypatch.setattr(batches, "CHUNK", 16)
    whole = run(*some, PLAN).samples

    def interrupt(work):
        raise KeyboardInterrupt

    done = []
    with pytest.raises(KeyboardInterrupt):
        run(*some, PLAN, folder=tmp_path, progress=interrupt)
    (folder,) = tmp_path.iterdir()
    left = sorted(path.name for path in (folder / PIECES).iterdir())
    assert left == ["answers-0000000.safetensors", "robustness-0000000.safetensors"]

    for part in MEASURED:

        def counted(job, part=part, made=MEASURED[part]):
            done.append((part, len(job.answers)))
            return made(job)

        monkeypatch.setitem(MEASURED, part, counted)
    again = run(*some, PLAN, folder=tmp_path)
    assert same_bits(again.samples, whole)
    assert done[:2] == [("robustness", 16), ("robustness", 8)]  # the first sixteen were on file
    assert not (folder / PIECES).exists()
    done.clear()
    assert same_bits(run(*some, PLAN, folder=tmp_path).samples, whole)
    assert done == []
    assert json.loads((folder / measurement.RUN).read_text()) == json.loads(json.dumps(again.content))


KILLED = """
import sys, torch
from empirical.measurement import batches
from empirical.measurement import run as measurement
from empirical.training import example_networks
from empirical.data import limited, read
from empirical.measurement.plan import Plan
batches.CHUNK = 16
torch.set_num_threads(1)
kind = dict(attack_schedule="quick", steps=20, audit=0)
plan = Plan(eps=(.05, .1), angles=(0,), shifts=(0,), skip=("distance", "exact"), **kind)
some = example_networks.load("std_theta0")[0], limited(read("digits"), 96), plan
found = measurement.run(*some, folder=sys.argv[1], kernels="torch")
print(found.samples["robustness.nearest"].numpy().tobytes().hex())
"""


def test_kill_9_in_the_middle_of_a_profile_loses_nothing_that_was_finished(tmp_path, children):
    script = tmp_path / "measure.py"
    script.write_text(KILLED.replace("sys.argv[1]", "__import__('pathlib').Path(sys.argv[1])"))

    def start(folder):
        return children.start(script, folder)

    def pieces():
        return list((tmp_path / "a").glob(f"*/{PIECES}/robustness*.safetensors"))

    killed = start(tmp_path / "a")
    wait_for(lambda: len(pieces()) >= 2 or killed.poll() is not None)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    assert 2 <= len(pieces()) < 6
    again, fresh = start(tmp_path / "a"), start(tmp_path / "b")
    bits = [process.communicate(timeout=DEADLINE)[0] for process in (again, fresh)]
    assert bits[0] == bits[1] != ""


def test_a_torn_file_is_named_and_made_again(some, tmp_path, caplog):
    """One flipped bit of each file: `tests/empirical/experiments/test_stored_bits.py`."""
    plan = replace(PLAN, skip=("joint", "distance", "audit", "exact", "control"))
    run(*some, plan, folder=tmp_path)
    (folder,) = tmp_path.iterdir()
    whole = (folder / SAMPLES).read_bytes()
    (folder / SAMPLES).write_bytes(whole[: len(whole) // 2])
    run(*some, plan, folder=tmp_path)
    assert re.search(r"samples.*not a whole safetensors file.*everything is measured again", caplog.messages[0])
    assert (folder / SAMPLES).read_bytes() == whole


def test_adversarial_images_are_kept_when_asked_also_of_a_finished_run(some, tmp_path):
    plan = replace(PLAN, skip=tuple(part for part in PARTS if part != "robustness"))
    first = run(*some, plan, folder=tmp_path)
    kept = run(*some, plan, folder=tmp_path, keep_adversarial=True)
    assert "robustness.adversarial" not in first.samples
    moved, nearest = kept.samples["robustness.adversarial"], kept.samples["robustness.nearest"]
    assert torch.equal(nearest, first.samples["robustness.nearest"])
    known = nearest.isfinite()
    assert torch.equal((moved - some[1].images).flatten(1).abs().amax(1)[known], nearest[known])


class Greedy(nn.Module):
    """Runs out of memory above a number of images."""

    def __init__(self, network, most):
        super().__init__()
        self.network, self.most, self.seen = network, most, []

    def forward(self, images):
        self.seen.append(len(images))
        if len(images) > self.most:
            raise torch.OutOfMemoryError("out of memory. Tried to allocate 2 GiB")
        return self.network(images)


def test_a_device_that_runs_out_of_memory_gets_half_the_images_and_goes_on(some, measured):
    model, data = some
    plan = replace(PLAN, gradients="float32")
    greedy = Greedy(model, 10)
    found = run(greedy, data, plan, batch_size=64)
    assert found.batch_size == 8
    plain = run(model, data, plan, batch_size=8)
    assert same_bits(found.samples, plain.samples)
    with pytest.raises(InputError, match="batch_size=1 does not fit the memory"):
        run(Greedy(model, 0), data, plan)


class Answers(nn.Module):
    """Returns what a function makes of the images."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, images):
        return self.function(images)


def test_a_device_that_fits_one_image_alone_measures_all_the_same(some):
    model, data = some
    plan = replace(PLAN, skip=("joint", "distance", "control", "audit"))
    found = run(Greedy(model, 1), data.take(torch.arange(6)), plan, batch_size=4)
    assert found.batch_size == 1


class Viewed(nn.Module):
    """As many networks are written: the shape of an empty batch cannot be inferred."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, images):
        assert len(images) > 0
        return self.network(images.view(images.size(0), -1).view(-1, 1, 28, 28))


@pytest.mark.parametrize("eps", [(0,), (0.05, 0.1), (0.9,)])
def test_no_network_is_ever_given_an_empty_batch(some, eps):
    model, data = some
    found = run(Viewed(model), data, replace(PLAN, eps=eps, gradients="float32"))
    assert torch.equal(found.answers, run(model, data, replace(PLAN, skip=PARTS)).answers)


class Rooted(nn.Module):
    """Its gradient is not finite where a pixel is black."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, images):
        return self.network(images.sqrt())


def test_a_slope_that_is_not_finite_stops_a_pixel_and_not_the_measurement(some):
    model, data = some
    plan = replace(PLAN, gradients="float32", skip=("joint", "distance", "control", "moves", "exact"))
    found = run(Rooted(model), data, plan)
    assert int(found.samples["robustness.unfooled"][:, -1].sum()) < len(data)


@pytest.mark.parametrize(
    ("function", "complaint"),
    [
        (lambda x: torch.full((len(x), 10), torch.nan), "NaN or infinite"),
        (lambda x: x, r"model returned \(40, 1, 28, 28\)"),
        (lambda x: x.flatten(1)[:, 0], "shape"),
        (lambda x: x.flatten(1)[:, :3], "model has 3 logits, but data='digits' has labels up to"),
        (lambda x: x @ torch.ones(3, 3), "cannot take images of shape"),
    ],
)
def test_a_model_that_cannot_be_measured_is_refused_in_a_sentence(some, function, complaint):
    with pytest.raises(InputError, match=complaint):
        run(Answers(function), some[1], PLAN)


def test_a_constant_model_is_measured_it_is_never_fooled(some):
    _, data = some
    constant = Answers(lambda x: torch.zeros(len(x), 10) * x.flatten(1)[:, :1] + torch.arange(10.0))
    found = run(constant, data, PLAN)
    assert bool(found.samples["robustness.unfooled"].all())
    assert not bool(found.samples["distance.flipped"].any())
    named = {one.quantity for one in readings(found)}
    assert "boundary_distance" not in named
    assert "clean_accuracy" in named


def test_the_audit_looks_at_images_chosen_at_random_not_at_the_first():
    rows = audit_rows(1000, Plan(audit=64))
    assert len(set(rows)) == 64
    assert rows == sorted(rows)
    assert max(rows) > 500
    assert audit_rows(10, Plan(audit=64)) == list(range(10))


def test_the_audit_costs_less_than_the_profile_where_images_are_fooled_easily(some):
    """Of eight eps, at each of which an audited image would otherwise take all steps."""
    model, data = some
    plan = Plan(eps=tuple(k / 10 for k in range(1, 9)), audit=10, queries=1, gradients="float32", skip=PARTS[1:-1])
    plan = replace(plan, attack_schedule="quick")
    seen, starts = [], []
    hook = model.register_forward_hook(lambda _, given, out: seen.append(len(out)))
    run(model, data, plan, progress=lambda work: starts.append(sum(seen)))
    hook.remove()
    profile, audit = starts[0], starts[1] - starts[0]
    assert 0 < audit < profile
    assert profile < 10 * 8 * plan.steps


def test_labels_of_another_data_set_give_another_run(some):
    model, data = some
    other = ImageSet(data.name, "other", 10, data.images, data.labels, data.indices)
    plan = replace(PLAN, skip=PARTS)
    assert run(model, data, plan).run != run(model, other, plan).run
    assert run(model, data, plan).run == run(model, data, plan).run
    assert run(Answers(lambda x: -model(x)), data, plan).run != run(Answers(model), data, plan).run


class Tempered(nn.Module):
    """The same weights and the same answers, whatever the temperature: code alone tells two of them apart."""

    def __init__(self, network, times):
        super().__init__()
        self.network, self.times = network, times

    def forward(self, images):
        return self.times * self.network(images)


def test_a_network_of_other_code_does_not_get_the_numbers_of_another(some, tmp_path):
    model, data = some
    plan = replace(PLAN, skip=PARTS)
    first = run(Tempered(model, 1.0), data, plan, folder=tmp_path)
    assert run(Tempered(model, 1.0), data, plan, folder=tmp_path).run == first.run
    with pytest.raises(InputError, match=r"other logits.*its code is another one"):
        run(Tempered(model, 1e5), data, plan, folder=tmp_path)


def test_another_method_makes_another_run_and_an_edit_of_this_package_does_not(some, monkeypatch):
    from empirical.measurement import plan as plans

    plan = replace(PLAN, skip=PARTS)
    before = run(*some, plan).run
    monkeypatch.setattr(provenance, "code_identity", lambda: "other")
    monkeypatch.setitem(plans.METHODS, "joint", 2)  # not measured here
    assert run(*some, plan).run == before
    monkeypatch.setitem(plans.METHODS, "answers", 2)
    assert run(*some, plan).run != before


def test_what_made_the_arrays_stays_on_file(some, tmp_path):
    plan = replace(PLAN, skip=tuple(part for part in PARTS if part != "robustness"))
    first = run(*some, plan, folder=tmp_path, batch_size=16)
    again = run(*some, plan, folder=tmp_path, batch_size=4)
    assert [one["batch_size"] for one in first.machines] == [16]
    assert again.machines == first.machines
    kept = run(*some, plan, folder=tmp_path, batch_size=4, keep_adversarial=True)
    assert [one["batch_size"] for one in kept.machines] == [16, 4]
