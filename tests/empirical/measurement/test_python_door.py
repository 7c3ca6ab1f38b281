"""`empirical.measure`: names that make no seeds of strangers, settings that exist, a folder that is one run's alone."""

import json
from contextlib import contextmanager

import pytest
from torch import nn
from torch.utils.data import Dataset

import empirical
from empirical.data import limited, read
from empirical.measurement.plan import PARTS
from empirical.statistics.over_seeds import networks
from empirical.validation.faulty_models import Scored, brighter_left, halves, labelled
from tests.empirical.small_runs import linear
from tradeoff.shared import cli, storage
from tradeoff.shared.checks import InputError

QUICK = {"skip": tuple(part for part in PARTS if part != "robustness"), "eps": (0.05,), "steps": 3, "search_steps": 2}
QUICK |= {"attack_schedule": "quick"}


@pytest.fixture(scope="module")
def images():
    return limited(read("digits"), 12)


def test_two_networks_without_names_are_two_networks(images):
    one, two = (empirical.measure(linear(seed), images, **QUICK) for seed in (0, 1))
    assert one.name.startswith("Sequential-")
    assert [len(network.runs) for network in networks([one, two])] == [1, 1]
    text = empirical.summary_of(one, two)
    assert f"Against {one.name}, paired" in text
    assert "training seeds (Student's t)" not in text


def test_one_name_given_twice_makes_training_seeds(images):
    one, two = (empirical.measure(linear(seed), images, name="linear", **QUICK) for seed in (0, 1))
    assert [len(network.runs) for network in networks([one, two])] == [2]
    assert "linear (2 runs): 12 images" in empirical.summary_of(one, two)


def test_the_same_weights_are_no_two_seeds(images):
    """Measured in another way, or in another class of the same name: neither is another training."""
    one = empirical.measure(linear(0), images, **QUICK)
    wider = empirical.measure(linear(0), images, **QUICK | {"eps": (0.05, 0.1)})
    assert one.name == wider.name
    with pytest.raises(InputError, match="holds two runs with the same weights"):
        empirical.summary_of(one, wider)
    left, right = (
        empirical.measure(Scored(score), labelled(halves()), **QUICK)
        for score in (brighter_left, lambda given: -brighter_left(given))
    )
    assert left.run != right.run
    with pytest.raises(InputError, match="holds two runs with the same weights"):
        empirical.summary_of(left, right)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (
            {"epps": [0.1]},
            r"setting='epps' is unknown; use one of name, out, .*keep_adversarial, limit, quiet, eps,",
        ),
        ({"name": "a/b"}, r"name='a/b' cannot name a network; use letters, digits, _ - and \. only"),
        ({"name": ""}, "name='' cannot name a network"),
        ({"batch_size": 0}, "batch_size=0"),
        ({"batch_size": 1.5}, "batch_size=1.5"),
        ({"limit": 0}, "limit=0 must be at least 1"),
        ({"seed": -1}, "seed=-1 must be at least 0"),
    ],
)
def test_what_is_no_setting_is_refused_before_the_model_is_asked(images, given, says):
    class Never(nn.Module):
        def forward(self, given):
            raise AssertionError

    with pytest.raises(InputError, match=says):
        empirical.measure(Never(), images, **QUICK | given)


def test_the_batch_size_and_the_adversarial_images_are_passed_on(images):
    found = empirical.measure(linear(0), images, batch_size=5, keep_adversarial=True, **QUICK)
    assert found.batch_size == 5
    assert found.samples["robustness.adversarial"].shape == images.images.shape
    assert "robustness.adversarial" not in empirical.measure(linear(0), images, **QUICK).samples


def test_the_limit_is_that_of_the_command(images):
    """The same images, by name or out of a set that is given whole."""
    by_name = empirical.measure(linear(0), "digits", limit=12, **QUICK)
    assert by_name.run == empirical.measure(linear(0), images, **QUICK).run
    assert by_name.run == empirical.measure(linear(0), read("digits"), limit=12, **QUICK).run
    assert by_name.run != empirical.measure(linear(0), "digits", limit=11, **QUICK).run


def test_what_no_plan_allows_is_refused_before_images_are_read():
    class Unread(Dataset):
        def __len__(self):
            raise AssertionError

    with pytest.raises(InputError, match="steps=0 must be at least 1"):
        empirical.measure(linear(0), Unread(), steps=0)


def test_progress_is_told_unless_quiet(images, monkeypatch):
    asked = []

    @contextmanager
    def bar(total, what, *, quiet):
        done = []
        yield done.append
        asked.append((quiet, total == pytest.approx(sum(done))))

    monkeypatch.setattr(cli, "bar", bar)
    for quiet in (False, True):
        empirical.measure(linear(0), images, quiet=quiet, **QUICK)
    assert asked == [(False, True), (True, True)]


def test_a_folder_belongs_to_one_run_at_a_time(images, tmp_path):
    out = tmp_path / "out"
    found = empirical.measure(linear(0), images, name="one", out=out, **QUICK)
    assert json.loads((out / f"one-{found.run}" / "result.json").read_text())["name"] == "one"
    with storage.locked(out), pytest.raises(InputError, match="is in use by another run"):
        empirical.measure(linear(0), images, name="one", out=out, **QUICK)


def test_the_usual_eps_are_those_of_the_command(images):
    from dataclasses import replace

    skip = {"skip": PARTS}
    colours = replace(images, images=images.images.expand(-1, 3, -1, -1))
    assert empirical.measure(linear(0), images, **skip).plan.eps[-1] == 0.3
    assert empirical.measure(linear(0, channels=3), colours, **skip).plan.eps[-1] == 16 / 255
