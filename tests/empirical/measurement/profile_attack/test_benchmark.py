"""The benchmark of profiles: sides are judged alike, gradients counted, optimality computed, and failures told."""

import copy
import importlib
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from empirical.data.images import ImageSet

BENCHMARKS = Path(__file__).parents[4] / "benchmarks"
if str(BENCHMARKS) not in sys.path:  # where a script finds its neighbours
    sys.path.append(str(BENCHMARKS))
peers, profiles, public_networks = map(importlib.import_module, ("peers", "profiles", "public_networks"))

EPS = (0.1, 0.2, 0.3, 0.4)


class Edge(nn.Module):
    """Class 1 where the mean pixel is above .5: an image of mean m falls at eps |m - .5|, and not below."""

    def forward(self, images):
        score = images.flatten(1).mean(dim=1) - 0.5
        return torch.stack([-score, score], dim=1)


@pytest.fixture
def case():
    """Right answers that fall between two eps, at none, and wrong ones; the last is right and at the edge of a ball."""
    means = torch.tensor([0.45, 0.65, 0.26, 0.95, 0.65, 0.05])
    labels = torch.tensor([0, 1, 0, 1, 0, 0])
    images = means[:, None, None, None].expand(-1, 1, 4, 4).clone()
    return peers.Case(Edge().eval(), ImageSet("edge", "x", 2, images, labels, torch.arange(6)), EPS)


STANDING = torch.tensor([[0, 0, 0, 0], [1, 0, 0, 0], [1, 1, 0, 0], [1, 1, 1, 1], [0, 0, 0, 0], [1, 1, 1, 1]]).bool()


def steepest(eps):
    """The best attack there is, and one gradient."""

    def attack(model, images, labels):
        given = images.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(model(given).gather(1, labels[:, None]).sum(), given)
        return images - eps * gradient.sign()

    return attack


def test_every_side_sees_the_same_images_fall(case):
    every, bisected = peers.at_every(case, steepest), peers.minimal(case, steepest)
    assert torch.equal(every.standing, STANDING)
    assert torch.equal(bisected.standing, STANDING)
    assert every.gradients == 6 * 4
    assert bisected.gradients <= 5 * 3  # a bisection of four eps; nothing for the image that is wrong as it is


def test_our_side_and_those_of_the_libraries_count_their_gradients(case):
    foolbox = pytest.importorskip("foolbox")
    made = peers.of_foolbox(foolbox, case, 7)
    assert made["FMN, as many gradients"]().gradients == 6 * 7
    assert made["FMN, as many, alpha 100"]().gradients == 6 * 7
    assert made["FMN, 40 steps"]().gradients == 6 * 40
    assert made["foolbox PGD"]().gradients == 6 * len(EPS) * peers.STEPS
    assert torch.equal(made["foolbox PGD"]().standing, STANDING)
    # It aims at the boundary itself, where this network still answers 0; nothing falls that cannot.
    assert bool((made["FMN, 40 steps"]().standing >= STANDING).all())
    own = peers.ours(case, "float32")
    assert torch.equal(own.standing, STANDING)
    assert 0 < own.gradients < 6 * len(EPS) * peers.STEPS


def test_a_side_that_is_not_installed_is_named_with_the_reason(case, monkeypatch):
    monkeypatch.setattr(peers, "library", lambda name: None)
    monkeypatch.setattr(peers, "installed", lambda: False)
    found, left_out = peers.sides(case)
    assert [name for name in found if not name.startswith("ours")] == ["minimal APGD"]
    assert left_out["torchattacks PGD"] == "torchattacks is not installed"
    assert left_out["foolbox PGD and FMN"] == "foolbox is not installed"
    assert left_out["minimal AutoAttack"] == "autoattack is not installed"


def test_an_image_that_leaves_the_pixels_is_judged_inside_them(case):
    images, labels = case.data.images[:1], case.data.labels[:1]
    assert float(peers.judged(case.model, images, labels, images + 7)) == pytest.approx(0.55)
    assert float(peers.judged(case.model, images, labels, images - 7)) == float("inf")


def counted(*counts, images=4):
    """(images, k) of which so many stand at each eps: the first ones."""
    return torch.stack([torch.arange(images) < count for count in counts], dim=1)


def test_optimality_by_hand():
    """Clean 4; areas between 4 and the counts by trapezoids of width .1, half of it for the first step from eps 0."""
    eps = (0.1, 0.2, 0.3)
    sides = {"best": counted(3, 1, 0), "rest": counted(4, 3, 1), "nothing": counted(4, 4, 4)}
    found = peers.optimality(sides, eps, 4)
    assert found["best"] == 1
    assert found["rest"] == pytest.approx((0 + 1 / 2 + (1 + 3) / 2) / ((0 + 1) / 2 + (1 + 3) / 2 + (3 + 4) / 2))
    assert found["nothing"] == 0


def test_the_envelope_is_that_of_images_and_not_of_counts():
    """Two sides that fool half of the images each fool all of them together; eps beyond that do not count."""
    first = torch.tensor([[False, False], [True, False]])
    found = peers.optimality({"first": first, "second": first.flip(0)}, (0.1, 0.2), 2)
    assert found == {"first": pytest.approx(0.5), "second": pytest.approx(0.5)}


@pytest.mark.parametrize(
    ("name", "parameters"),
    [("mnist, provable", 166_406), ("cifar10, base", 105_966), ("cifar10, resnet20", 269_722)],
)
def test_networks_of_others_are_as_they_were_published(name, parameters):
    """The number of parameters, by hand or as published; and logits."""
    public = public_networks.PUBLIC[name]
    network = public.build().eval()
    assert sum(one.numel() for one in network.parameters()) == parameters
    side = (1, 28, 28) if public.data == "mnist" else (3, 32, 32)
    assert network(torch.zeros(2, *side)).shape == (2, 10)


@pytest.mark.parametrize("wrapped", [lambda w: w, lambda w: {"state_dict": w}, lambda w: {"state_dict": [w]}])
def test_weights_are_found_however_their_authors_packed_them(wrapped, tmp_path):
    public = public_networks.PUBLIC["cifar10, resnet20"]
    network = public.build().eval()
    weights = {f"module.{name}": value for name, value in network.state_dict().items()}
    torch.save(wrapped(weights), tmp_path / public.file)
    images = torch.rand(2, 3, 32, 32)
    mean, std = (torch.tensor(values)[:, None, None] for values in (public.mean, public.std))
    assert torch.equal(public.load(tmp_path)(images), network((images - mean) / std))


def row(side, optimality, gradients, standing=(4, 1)):
    shares = {"of_plain": gradients / 80, "optimality": optimality, "evaluations": 10 * gradients}
    return {"side": side, "standing": list(standing), "images": 10, "seconds": 1.0, "runs": [1.0], **shares}


RECORD = {
    "networks": {
        "standard": [
            row("ours, float32", 0.99, 9.5),
            row("torchattacks PGD", 0.9, 80, (4, 2)),
            row("FMN, as many gradients", 0.98, 10),
            row("FMN, 1,000 steps", 1.0, 1000),
        ]
    },
    "about": {"standard": {"eps": [0.1, 0.2]}},
}


@pytest.mark.parametrize(
    ("number", "key", "value", "told"),
    [
        (0, "of_plain", 0.17, "0.1700 of the plain count, more than 0.16"),
        (0, "evaluations", 1001, "100.1 gradients an image, more than 100"),
        (1, "standing", [4, 0], r"weaker than torchattacks PGD at eps \[0.2\]"),
        (1, "optimality", 0.995, "below 0.995 of torchattacks PGD"),
    ],
)
def test_what_does_not_hold_is_told(number, key, value, told):
    assert profiles.failures(RECORD) == []
    record = copy.deepcopy(RECORD)
    record["networks"]["standard"][number][key] = value
    with pytest.raises(AssertionError, match=told):
        assert profiles.failures(record) == []


@pytest.mark.parametrize(
    ("number", "value", "told"),
    [(0, 0.9799, "optimality 0.980, below 0.98"), (2, 0.991, "below 0.991 of FMN, as many gradients")],
)
def test_a_goal_that_is_missed_is_said_and_is_no_failure(number, value, told):
    assert profiles.missed(RECORD) == []
    record = copy.deepcopy(RECORD)
    record["networks"]["standard"][number]["optimality"] = value
    assert profiles.failures(record) == []
    assert any(said.endswith(told) for said in profiles.missed(record))


def test_a_small_run_from_start_to_end(tmp_path, monkeypatch, capsys):
    """One network, six images; those that are not at hand are left out, and the record says why."""
    import json

    monkeypatch.setattr(peers, "STEPS", 3)
    monkeypatch.setattr(peers, "of_foolbox", lambda foolbox, case, gradients: {})
    monkeypatch.setattr(peers, "own", lambda name: steepest)
    arguments = ["--images", "6", "--only", "digits", "cifar10, base", "--out", str(tmp_path / "out.json")]
    monkeypatch.setattr(sys, "argv", ["profiles.py", *arguments])
    threads = torch.get_num_threads()
    profiles.main()
    torch.set_num_threads(threads)
    record = json.loads((tmp_path / "out.json").read_text())
    assert "does not hold cifar_base.pth" in record["left_out"]["cifar10, base"]
    rows = record["networks"]["digits"]
    assert {one["side"] for one in rows} >= {"ours, float32", "minimal APGD"}
    assert all(0 <= one["optimality"] <= 1 for one in rows)
    said = capsys.readouterr().out
    assert profiles.table({"networks": record["networks"]}) in said
    assert "| digits | minimal APGD |" in said
