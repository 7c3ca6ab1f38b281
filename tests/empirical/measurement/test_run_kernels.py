"""Which kernels a run computes gradients with: on record, kept by a run that goes on, and set by name."""

import shutil
from dataclasses import replace

import pytest
import torch

from empirical.compute import provenance
from empirical.compute.kernels import choice
from empirical.measurement import batches
from empirical.measurement.plan import PARTS, Plan
from empirical.measurement.run import run
from tests.empirical.measurement.test_run import PLAN, same_bits
from tradeoff.shared.checks import InputError


@pytest.fixture(scope="module")
def some(trained):
    model, held_out = trained
    return model, held_out.take(torch.arange(40))


ATTACKED = replace(PLAN, skip=tuple(part for part in PARTS if part != "robustness"))


def timer(**seconds):
    """In place of the clock that chooses kernels: each takes the time that is said, channels_last one second."""
    return lambda device, name, work: work() is None or seconds.get(name, 1.0)


def test_the_kernels_are_on_record_and_no_part_of_the_identity(some, tmp_path, monkeypatch):
    monkeypatch.setattr(choice, "seconds_of", timer(torch=3.0, ours=2.0))
    found = run(*some, ATTACKED, folder=tmp_path)
    assert found.kernels == "channels_last"
    assert "the quickest" in found.why_kernels
    assert [(one["kernels"], one["why_kernels"]) for one in found.machines] == [(found.kernels, found.why_kernels)]
    asked = run(*some, ATTACKED, kernels="torch")
    assert (asked.kernels, asked.why_kernels, asked.run) == ("torch", "asked for", found.run)
    again = run(*some, ATTACKED, kernels="channels_last")
    assert same_bits(again.samples, found.samples)


def test_a_run_goes_on_with_the_kernels_that_it_was_begun_with(some, tmp_path, monkeypatch):
    """Whatever the clock says the second time; on another machine they are chosen anew."""
    monkeypatch.setattr(batches, "CHUNK", 16)
    monkeypatch.setattr(choice, "seconds_of", timer(torch=3.0, ours=2.0))
    whole = run(*some, ATTACKED, kernels="channels_last").samples

    def interrupt(work):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(*some, ATTACKED, folder=tmp_path, progress=interrupt)
    monkeypatch.setattr(choice, "seconds_of", timer(torch=0.1, ours=2.0))
    (elsewhere,) = tmp_path.iterdir()
    shutil.copytree(elsewhere, tmp_path / "other" / elsewhere.name)
    again = run(*some, ATTACKED, folder=tmp_path)
    assert again.kernels == "channels_last"
    assert same_bits(again.samples, whole)
    assert [one["kernels"] for one in again.machines] == ["channels_last"]
    assert run(*some, ATTACKED, folder=tmp_path).why_kernels == again.why_kernels  # of a finished run, too

    described = provenance.machine
    monkeypatch.setattr(provenance, "machine", lambda device: described(device) | {"device": "another"})
    other = run(*some, ATTACKED, folder=tmp_path / "other")
    assert other.kernels == "torch"
    assert {(one["device"] == "another", one["kernels"]) for one in other.machines} == {
        (False, "channels_last"),
        (True, "torch"),
    }
    monkeypatch.setattr(provenance, "machine", described)
    assert run(*some, ATTACKED, folder=tmp_path / "other").kernels == "channels_last"


def test_kernels_asked_for_are_taken_also_where_a_run_was_begun_with_others(some, tmp_path):
    run(*some, ATTACKED, folder=tmp_path, kernels="torch")
    again = run(*some, ATTACKED, folder=tmp_path, kernels="ours", keep_adversarial=True)
    assert again.kernels == "ours"
    assert [one["kernels"] for one in again.machines] == ["torch", "ours"]


@pytest.mark.parametrize(
    ("plan", "kernels", "complaint"),
    [
        (ATTACKED, "quick", "kernels='quick' is unknown; use one of auto, torch, channels_last, ours"),
        (Plan(attack_schedule="per_eps"), "ours", "kernels='ours' are not those of attack_schedule='per_eps'"),
    ],
)
def test_kernels_that_do_not_exist_or_have_no_effect_are_refused(some, plan, kernels, complaint):
    with pytest.raises(InputError, match=complaint):
        run(*some, plan, kernels=kernels)


def test_nothing_is_timed_where_no_gradients_are_followed(some, monkeypatch):
    def refuse(device, name, work):
        raise AssertionError("timed")

    monkeypatch.setattr(choice, "seconds_of", refuse)
    for plan in (replace(PLAN, skip=PARTS), Plan(eps=(0.1,), attack_schedule="per_eps", steps=2, skip=PARTS[1:])):
        assert run(*some, plan).kernels == "torch"
