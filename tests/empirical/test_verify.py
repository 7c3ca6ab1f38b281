"""What a measurement kept is judged again, and what was tampered with is found."""

import json
from dataclasses import replace

import pytest
import torch
from torch import nn

from empirical import networks
from empirical.data import limited
from empirical.journal import SAMPLES
from empirical.measurement import RUN, run
from empirical.plan import PARTS, Plan
from empirical.verify import ADVERSARIAL, verify
from tradeoff.checks import InputError

PLAN = Plan(eps=(0.05, 0.1), steps=8, skip=tuple(part for part in PARTS if part != "robustness"))


@pytest.fixture
def kept(trained, tmp_path):
    model, held_out = trained
    found = run(model, limited(held_out, 24), PLAN, folder=tmp_path, keep_adversarial=True)
    (folder,) = tmp_path.iterdir()
    return model, held_out, folder, found


def test_what_was_measured_holds(kept):
    model, data, folder, found = kept
    result = verify(folder, model, data)
    standing = found.samples["robustness.standing"]
    assert result.complaints == ()
    assert result.fooled == int(found.samples["robustness.nearest"].isfinite().sum()) > 12
    assert result.accuracy == tuple(
        (eps, int((standing[:, column] & found.right).sum())) for column, eps in enumerate(found.plan.eps)
    )
    assert "each of them changes the answer" in result.text()


def tampered(folder, change):
    tensors, header = networks.read_tensors(folder / SAMPLES)
    change(tensors)
    networks.write_tensors(folder / SAMPLES, tensors, header)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda s: s[ADVERSARIAL].mul_(0), "keep their answer|are moved further"),
        (lambda s: s["robustness.nearest"].mul_(0.5), r"\d+ images are moved further than on file"),
        (lambda s: s["answers.answers"].add_(1), "24 images have another answer as they are"),
        (lambda s: s[ADVERSARIAL].sub_(0.01), "leave"),
    ],
)
def test_tampering_is_found(kept, change, complaint):
    import re

    model, data, folder, _ = kept
    tampered(folder, change)
    result = verify(folder, model, data)
    assert re.search(complaint, "\n".join(result.complaints))
    assert result.text().startswith("DOES NOT HOLD")


def test_images_that_are_not_adversarial_are_found(kept):
    """The claim that is worth most: an image put back is within every size, and keeps its answer."""
    model, data, folder, found = kept

    def put_back(samples):
        samples[ADVERSARIAL][:5] = limited(data, 24).images[:5]

    tampered(folder, put_back)
    (complaint,) = verify(folder, model, data).complaints
    assert complaint.startswith(f"{int((found.samples['robustness.nearest'][:5] > 0).sum())} images keep their answer")


def test_another_network_other_images_or_nothing_kept_are_refused(kept, tmp_path):
    model, data, folder, _ = kept
    with pytest.raises(InputError, match="model: the run on file was made with"):
        verify(folder, nn.Sequential(model), data)
    with pytest.raises(InputError, match="images: the run on file was made with"):
        verify(folder, model, data.take(torch.arange(100)))
    with pytest.raises(InputError, match="data: the run on file was made with"):
        verify(folder, model, replace(data, checksum="other"))
    without = run(model, limited(data, 24), replace(PLAN, seed=1), folder=tmp_path / "other")
    (other,) = (tmp_path / "other").iterdir()
    assert without.run in other.name
    with pytest.raises(InputError, match="measure again with --save-adversarial"):
        verify(other, model, data)


@pytest.mark.parametrize("text", ["", "{", "[]", json.dumps({"plan": {}})])
def test_a_folder_that_is_no_run_is_refused(kept, text):
    model, data, folder, _ = kept
    (folder / RUN).write_text(text)
    with pytest.raises(InputError, match=r"run\.json"):
        verify(folder, model, data)
