"""`check-attack` finds each attack weak that is weak on purpose, by the test for it, and leaves a strong one alone."""

import json

import pytest
import torch

from empirical import __main__ as command
from empirical.attacks.losses import margin
from empirical.attacks.pgd import PGD
from empirical.compare import curves as compare
from empirical.compare.law_images import LawImages
from empirical.compute.draws import Draws
from empirical.report.text import attack_tests
from empirical.statistics.exact_tests import mcnemar_one_sided
from empirical.validation import check_attack, known_answers, networks_on_law, weak_attacks
from empirical.validation.check_attack import check
from tradeoff.shared import checks


def attack(build):
    return lambda model, data, eps: build(eps)(model, data.images, data.labels, data.indices, draws=Draws(0, "test"))


def strong(eps):
    return PGD(eps, loss="margin")


def failed_kinds(results):
    """The disguises and kinds of test that find the attack weak."""
    return {one.name.rpartition("-")[2] if one.kind == "known" else one.kind for one in results if one.found_weak}


@pytest.fixture(scope="module", autouse=True)
def networks_once():
    """The networks on the law are trained, and the bounds found, once for all checks: neither sees the attack."""
    with pytest.MonkeyPatch.context() as patch:
        kept = {}

        def trained(law, name, *, eps, made=networks_on_law.trained):
            if (name, eps) not in kept:
                kept[name, eps] = made(law, name, eps=eps)
            return kept[name, eps]

        def bounds(dist, weights, *, scaled_radius, made=compare.bounds):
            if scaled_radius not in kept:
                kept[scaled_radius] = made(dist, weights, scaled_radius=scaled_radius)
            return kept[scaled_radius]

        patch.setattr(networks_on_law, "trained", trained)
        patch.setattr(compare, "bounds", bounds)
        yield


def only(patch, wanted):
    """Leave a part of the known networks."""
    every = known_answers.every
    patch.setattr(known_answers, "every", lambda radius: [one for one in every(radius) if wanted(one.name)])


@pytest.fixture
def few(monkeypatch):
    """f* in each of its six disguises, and g_4: every kind of test has its turn."""
    only(monkeypatch, lambda name: name.startswith("f_star-") or name == "g_4-plain")


@pytest.fixture(scope="module")
def of_strong():
    return check(attack(strong))


def test_an_optimal_attack_is_found_weak_by_masked_gradients_only(of_strong):
    """No attack that follows gradients sees through stairs; everywhere else it finds what can be found."""
    assert failed_kinds(of_strong) == {"masked"}
    plain = [one for one in of_strong if one.kind == "known" and one.name.endswith("-plain")]
    assert [one.misses for one in plain] == [0] * 6


def test_the_exact_worst_case_is_not_found_weak_at_all():
    """The closed form itself, written as an attack on linear rules: the tests have no false alarm there."""

    def exact(model, data, eps):
        images = data.images.clone().requires_grad_()
        twin = model
        if hasattr(model, "disguise"):  # looks behind the disguise
            twin = type(model)(dict(model.named_buffers()), {**FACTS, **facts_of(model), "disguise": "plain"})
        logits = twin(images)
        (gradient,) = torch.autograd.grad(margin(logits, data.labels).sum(), images)
        return (data.images + eps * gradient.sign()).detach()

    found = check(exact, images=300)
    wrong = [one.name for one in found if one.found_weak and one.kind == "known" and not one.name.startswith("g_4")]
    assert wrong == []


FACTS = {
    "signal": "0",
    "bias": "0",
    "spread": "20",
    "levels": "2048",
    "dead": "0.0005",
    "steep": "1e4",
    "stair": "0.05",
}


def facts_of(model):
    return {name: repr(value) for name, value in model.number.items()}


@pytest.mark.parametrize(
    ("name", "caught_by"),
    [
        ("half_steps", {"plain", "paired"}),
        ("no_random_start", {"dead_zone"}),
        ("wrong_label", {"plain", "paired", "bound"}),
        ("one_step", {"plain", "paired"}),
        ("wrong_loss", {"plain", "paired", "bound"}),
        ("vanishing_loss", {"saturated"}),
        ("short_radius", {"plain", "cubed", "scrambled"}),
    ],
)
def test_a_weakness_is_caught_by_the_test_made_for_it(name, caught_by, few):
    assert caught_by <= failed_kinds(check(attack(weak_attacks.WEAK_ATTACKS[name]), images=500))


def test_the_power_is_that_of_an_attack_at_90_percent(of_strong, monkeypatch):
    """Each known test's stated power against what happens to the weak attack at .9 eps, over all of them."""
    only(monkeypatch, lambda name: name.endswith("-plain"))
    weaker = {one.name: one for one in check(attack(weak_attacks.WEAK_ATTACKS["short_radius"]))}
    plain = [one for one in of_strong if one.kind == "known" and one.name.endswith("-plain")]
    expected = sum(one.power for one in plain)
    seen = sum(weaker[one.name].found_weak for one in plain)
    assert abs(seen - expected) <= 2
    assert all(one.power > 0.5 for one in plain)


def test_the_level_is_kept():
    """A known test finds an attack weak that misses exactly the tolerated share with at most its level."""
    total, level = 300, 1e-3
    assert check_attack._power(check_attack.TOLERANCE, total, level) <= level
    assert check_attack._power(4 * check_attack.TOLERANCE, total, level) > 0.5


def test_mcnemar_is_the_binomial_tail():
    assert mcnemar_one_sided(5, 0) == pytest.approx(1 / 32)
    assert mcnemar_one_sided(0, 5) == 1.0
    assert mcnemar_one_sided(3, 3) == pytest.approx(42 / 64)


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (lambda model, data, eps: data.images[:1], "attack returned"),
        (lambda model, data, eps: None, "attack returned NoneType"),
        (lambda model, data, eps: data.images + 2 * eps, "away from the given ones"),
        (lambda model, data, eps: data.images + torch.nan, "away from the given ones"),
    ],
)
def test_an_attack_that_breaks_the_rules_is_refused(broken, message):
    data = LawImages().sample(100, seed=0)
    with pytest.raises(checks.InputError, match=message):
        check_attack.attacked(broken, torch.nn.Identity(), data, 0.005)


def test_an_attack_in_place_is_compared_with_the_images_as_they_were():
    data = LawImages().sample(100, seed=0)
    before = data.images.clone()

    def in_place(model, data, eps):
        data.images.sub_(3 * eps)
        return data.images

    with pytest.raises(checks.InputError, match="away from the given ones"):
        check_attack.attacked(in_place, torch.nn.Identity(), data, 0.005)
    assert torch.equal(data.images, before)


def test_an_attack_that_raises_is_named():
    def broken(model, data, eps):
        raise RuntimeError("no gradient")

    with pytest.raises(checks.InputError, match=r"attack failed on images of shape .*RuntimeError: no gradient"):
        check_attack.attacked(broken, torch.nn.Identity(), LawImages().sample(100, seed=0), 0.005)


def test_a_radius_at_which_nothing_can_be_fooled_finds_nobody_weak(few, monkeypatch):
    monkeypatch.setattr(networks_on_law, "TRAINED", {})  # the networks that are trained for a radius are not asked
    monkeypatch.setattr(compare, "bounds", lambda *_, **__: {})
    found = check(attack(strong), scaled_radius=1e-4, images=100, seed=10)
    known = [one for one in found if one.kind == "known"]
    assert any(one.of == 0 for one in known)
    assert not any(one.found_weak for one in known if one.of == 0)


def test_accuracy_left_and_exact_are_those_of_the_images(of_strong):
    """A strong attack leaves exactly what no attack can lower, up to images that float32 decides; never less."""
    for one in (one for one in of_strong if one.kind == "known" and one.name.endswith("-plain")):
        assert abs(one.unfooled.rate - one.exact) <= 0.002
        low, rate, high = one.to_json()["adversarial_accuracy"]
        assert low <= rate <= high


def test_the_paired_power_is_a_probability_of_the_binomial_law():
    assert check_attack._paired_power(0, 5, 1e-3) == 0.0
    assert check_attack._paired_power(40, 0, 1e-3) == 1.0
    assert 0.1 < check_attack._paired_power(14, 2, 1e-3) < 0.9


def test_too_few_images_are_refused():
    with pytest.raises(checks.InputError, match="images=10 must be at least 100"):
        check(attack(strong), images=10)


def test_the_command_finds_an_attack_weak_and_says_by_what(tmp_path, capsys, few):
    assert (
        command.main(["check-attack", "weak:no_random_start", "--limit", "300", "--out", str(tmp_path), "--quiet"]) == 1
    )
    out = capsys.readouterr().out
    assert (tmp_path / "attack_tests.txt").read_text() == out
    assert len((tmp_path / "attack_tests.jsonl").read_text().splitlines()) > 3
    assert "known, dead_zone (1 of 1)" in " ".join(out.split())
    assert command.main(["check-attack", "weak:one_step", "--limit", "200", "--json"]) == 1
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["kind"] for row in rows} == {"known", "paired", "bound"}


def test_options_reach_the_attack(capsys, few):
    assert command.main(["check-attack", "pgd:loss=margin,steps=30", "--limit", "300", "--json"]) == 1
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["name"].rpartition("-")[2] for row in rows if row["found_weak"]} == {"masked"}


def test_an_attack_of_the_users_own_is_run_from_its_file(tmp_path, capsys, few):
    (tmp_path / "mine.py").write_text("def attack(model, images, labels, eps):\n    return images\n")
    assert command.main(["check-attack", f"{tmp_path}/mine.py:attack", "--limit", "200"]) == 1
    assert "known, plain (2 of 2)" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "attack is missing"),
        (["nothing"], "attack='nothing' is unknown; use one of"),
        (["flow"], "attack='flow' has no l_inf radius, and these tests are about one; use one of fgsm, pgd"),
        (["pgd:norm=l2"], "option of pgd='norm' is unknown"),
        (["pgd:random_start=no"], "random_start='no' is unknown; use one of true, false"),
        (["pgd:steps=x"], "steps='x' is not a whole number"),
        (["deepfool:steps=3"], "attack='deepfool' has no l_inf radius"),
        (["pgd:losses=margin"], "option of pgd='losses' is unknown; use one of steps"),
        (["pgd:loss=x"], "loss='x' is unknown"),
        (["weak:x"], "attack='x' is unknown; use one of half_steps"),
        (["missing.py:f"], "there is no file 'missing.py'"),
        (["no_such_package_here:f"], "needs the module 'no_such_package_here', which is not installed"),
        (["math:nothing"], "math has no function 'nothing'"),
        ([":f"], "names no function"),
        (["pgd", "--scaled-radius", "0"], "scaled_radius=0"),
    ],
)
def test_bad_input_is_answered_in_a_sentence(given, message, capsys):
    assert command.main(["check-attack", *given]) == 2
    assert message in capsys.readouterr().err


def test_a_file_that_fails_is_named(tmp_path, capsys):
    (tmp_path / "bad.py").write_text("raise RuntimeError('no')\n")
    assert command.main(["check-attack", f"{tmp_path}/bad.py:attack"]) == 2
    assert "failed while it was loaded (RuntimeError: no)" in capsys.readouterr().err


def test_a_strong_attack_is_not_said_to_be_strong(of_strong):
    text = attack_tests.verdict([one for one in of_strong if not one.name.endswith("masked")])
    assert text.startswith("Not found weak. That does not show that it is strong")
    assert "An attack at 90% of the radius would be found weak with probability 0.99" in text
    assert "all of them where gradients are masked" in attack_tests.verdict(of_strong)
