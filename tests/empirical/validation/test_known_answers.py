"""Known answers: the networks are the rules, their worst scores are the worst, and the files need torch alone."""

from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.stats import binomtest

from empirical.__main__ import main
from empirical.compare.law_images import LawImages, exact_rules
from empirical.compute.forward import predict
from empirical.validation import known_answers
from empirical.validation.known_answers import DISGUISES
from empirical.validation.known_network import load, load_tensors
from tests.statistics import FALSE_ALARM
from tests.tradeoff.shared.damage import bits, flip
from tradeoff.exact import accuracy
from tradeoff.model import rules
from tradeoff.shared import checks

RADIUS = 1.0
KNOWN = known_answers.every(RADIUS)


@pytest.fixture(scope="module")
def data():
    return LawImages().sample(400, seed=3)


@pytest.mark.parametrize("one", KNOWN, ids=lambda one: one.name)
def test_a_disguise_leaves_every_decision_as_it_is(one, data):
    """The network is right on an image if and only if the rule's score towards the label is positive."""
    score = one.rule.worst(data.images, data.labels, 0.0)
    clear = score.abs() > 1e-3
    right = predict(one.network, data.images) == data.labels
    assert torch.equal(right[clear], (score > 0)[clear])
    assert clear.float().mean() > 0.98


@pytest.mark.parametrize("one", [one for one in KNOWN if one.rule.weights is not None], ids=lambda one: one.name)
def test_the_worst_attack_on_a_linear_rule_is_the_worst(one, data):
    """x - eps sign(w) towards the wrong side fools exactly the images whose worst score is negative."""
    eps, sign = one.law.eps(RADIUS), (2.0 * data.labels - 1)[:, None, None, None]
    worst = one.rule.worst(data.images, data.labels, RADIUS)
    clear = worst.abs() > 1e-2 if one.disguise == "dead_zone" else worst.abs() > 1e-3
    moved = data.images - eps * sign * one.rule.weights.sign().float()
    right = predict(one.network, moved) == data.labels
    assert torch.equal(right[clear], (worst > 0)[clear])


def test_no_attack_on_g_4_beats_its_worst_score(data):
    """Random corners of the ball and the gradient's corner stay above the worst score, and one of all corners of the
    patterns attains it."""
    law = LawImages()
    (rule,) = [one for one in exact_rules(law, RADIUS) if one.name == "g_4"]
    network = known_answers.disguised(law, rule, "plain").network.double()
    sign = (2.0 * data.labels - 1)[:, None, None, None].double()
    images, eps = data.images.double(), law.eps(RADIUS)
    least = torch.full((len(data),), torch.inf, dtype=torch.float64)
    for shift in law.mean_shifts().double():
        logits = network(images + eps * sign * shift)
        least = torch.minimum(least, sign[:, 0, 0, 0] * (logits[:, 1] - logits[:, 0]))
    worst = rule.worst(data.images, data.labels, RADIUS)
    assert torch.allclose(least, worst, atol=1e-5)
    generator = torch.Generator().manual_seed(0)
    for _ in range(20):
        noise = torch.sign(torch.randn(images.shape, generator=generator, dtype=torch.float64))
        logits = network(images + eps * noise)
        assert (sign[:, 0, 0, 0] * (logits[:, 1] - logits[:, 0]) > worst - 1e-5).all()


@pytest.mark.parametrize("moves", [2, 4])
def test_the_worst_scores_have_the_exact_adversarial_accuracy(moves):
    """Counted over 20,000 images: a binomial test at 1e-6; an accuracy .02 away is refused."""
    law = LawImages(moves=moves)
    data = law.sample(20_000, seed=5)
    exact = {
        "f_star": accuracy.adversarial(rules.bayes(law.dist), law.dist, scaled_radius=RADIUS),
        f"g_{moves}": accuracy.adversarial(rules.augmented(law.dist), law.dist, scaled_radius=RADIUS),
    }
    for rule in exact_rules(law, RADIUS):
        if rule.name not in exact:
            continue
        value = exact[rule.name]
        unfooled = int((rule.worst(data.images, data.labels, RADIUS) > 0).sum())
        expected = value if isinstance(value, float) else value.value
        assert binomtest(unfooled, len(data), expected).pvalue > FALSE_ALARM
        assert binomtest(unfooled, len(data), expected + 0.02).pvalue < FALSE_ALARM


def test_gradients_are_as_the_disguises_say(data):
    law = LawImages()
    rule = exact_rules(law, RADIUS)[0]
    eps = law.eps(RADIUS)
    for disguise in DISGUISES:
        network = known_answers.disguised(law, rule, disguise).network
        found = []
        for start in (data.images, data.images + 0.37 * eps):
            images = start.clone().requires_grad_()
            logits = network(images)
            (gradient,) = torch.autograd.grad((logits[:, 1] - logits[:, 0]).sum(), images)
            found.append(bool((gradient != 0).any()))
        wanted = {"masked": [False, False], "dead_zone": [False, True]}.get(disguise, [True, True])
        assert found == wanted, disguise


def test_images_of_the_law_turn_as_its_coordinates_do(data):
    law = LawImages()
    x0, x = law.coordinates(data.images)
    for quarters in range(4):
        moved_x0, moved = law.coordinates(law.turned(data.images, quarters))
        assert np.array_equal(moved, x[:, law.dist.word.group.places(np.array(quarters))])
        assert np.array_equal(moved_x0, x0)


def test_samples_stay_clear_of_the_bounds_and_repeat(data):
    assert data.images.min() > 0.1
    assert data.images.max() < 0.9
    assert torch.equal(LawImages().sample(400, seed=3).images, data.images)
    assert not torch.equal(LawImages().sample(400, seed=4).images, data.images)


def test_a_radius_that_reaches_x0_is_refused():
    with pytest.raises(
        checks.InputError, match=r"scaled_radius=9 reaches x_0 on images of side 9; use less than 8\.94"
    ):
        LawImages().eps(9.0)
    with pytest.raises(checks.InputError, match="moves=3 are no turns of a square"):
        LawImages(moves=3)


def test_g_4_wears_no_linear_disguise():
    law = LawImages()
    (rule,) = [one for one in exact_rules(law, RADIUS) if one.name == "g_4"]
    with pytest.raises(checks.InputError, match="disguise='scrambled' is for linear rules, not for g_4"):
        known_answers.disguised(law, rule, "scrambled")


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("known")
    known_answers.publish(folder)
    return folder


@pytest.mark.parametrize("one", KNOWN, ids=lambda one: one.name)
def test_a_file_is_the_network(one, published, data):
    network, facts = load(str(published / f"{one.name}.safetensors"))
    assert torch.equal(network(data.images), one.network(data.images))
    assert facts["rule"] == one.rule.name


def test_the_published_images_come_with_their_worst_scores(published):
    tensors, facts = load_tensors(str(published / "images.safetensors"))
    assert tensors["worst_f_star"].shape == (3, len(tensors["images"]))
    assert facts["scaled_radius"] == "[0.5, 1.0, 1.5]"
    network, _ = load(str(published / "f_star-plain.safetensors"))
    right = network(tensors["images"]).argmax(dim=1) == tensors["labels"]
    # A larger radius never helps, and who is fooled without an attack is fooled with one.
    assert (tensors["worst_f_star"].diff(dim=0) < 0).all()
    assert not (tensors["worst_f_star"][0] > 1e-3)[~right].any()


@pytest.mark.parametrize("name", ["f_star-plain", "uneven-scrambled", "images"])
def test_a_flipped_bit_is_told_by_the_loader_that_is_taken_along(name, published, tmp_path):
    """In the numbers, and in what is known about them."""
    path = tmp_path / f"{name}.safetensors"
    whole = (published / path.name).read_bytes()
    for bit in (8 * whole.index(b"0."), 8 * len(whole) // 2, -1):
        path.write_bytes(whole)
        load_tensors(str(path))
        flip(path, bit % bits(path))
        with pytest.raises(ValueError, match=r"SHA-256|Expecting|Extra data|delimiter|decode"):
            load_tensors(str(path))


def test_the_command_writes_the_set_where_it_is_told(tmp_path, monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(
        known_answers, "publish", lambda folder, *, scaled_radius: asked.append((folder, scaled_radius)) or ["a", "b"]
    )
    assert main(["known-answers", "--out", str(tmp_path / "known"), "--scaled-radius", "0.5"]) == 0
    assert asked == [(tmp_path / "known", 0.5)]
    assert capsys.readouterr().out.split() == ["Written:", "2", "files", "in", str(tmp_path / "known")]


def test_the_loader_needs_torch_alone(published, children):
    """In a process that cannot import this project or safetensors the copied file loads and answers."""
    code = (
        "import sys; sys.modules.update({name: None for name in ('empirical', 'tradeoff', 'safetensors', 'numpy')})\n"
        "import torch, known_network\n"
        "network, _ = known_network.load('g_4-cubed.safetensors')\n"
        "data, _ = known_network.load_tensors('images.safetensors')\n"
        "print(float((network(data['images']).argmax(1) == data['labels']).float().mean()) > 0.85)"
    )
    done = children.run("-c", code, cwd=published)
    assert done.stdout.strip() == "True", done.stderr


def test_the_published_set_is_made_again_by_the_command(published):
    """results/known_answers: the same files, tensors equal up to the rounding of another processor."""
    folder = Path(__file__).parents[3] / "results" / "known_answers"
    assert {path.name for path in folder.iterdir()} == {path.name for path in published.iterdir()}
    assert (folder / "known_network.py").read_text() == (published / "known_network.py").read_text()
    for path in published.glob("*.safetensors"):
        (new, facts), (old, were) = load_tensors(str(path)), load_tensors(str(folder / path.name))
        assert facts == were
        assert new.keys() == old.keys()
        assert all(torch.allclose(new[name].double(), old[name].double(), atol=1e-5) for name in new)
