"""What a measurement kept is re-verified, and what was tampered with is found."""

import json
import re
import shutil
from dataclasses import replace

import pytest
import torch
from torch import nn

from empirical.compute import tensor_files
from empirical.data import limited
from empirical.measurement.journal import SAMPLES
from empirical.measurement.plan import PARTS, Plan
from empirical.measurement.run import RUN, run
from empirical.measurement.verify import ADVERSARIAL, AFTER, NEAREST, UNFOOLED, _moved, images_of_run, verify
from tradeoff.shared.checks import InputError

SKIPPED = tuple(part for part in PARTS if part != "robustness")
PLAN = Plan(eps=(0.05, 0.1), steps=8, attack_schedule="quick", skip=SKIPPED)


@pytest.fixture
def kept(trained, tmp_path):
    model, held_out = trained
    found = run(model, limited(held_out, 24), PLAN, folder=tmp_path, keep_adversarial=True)
    (folder,) = tmp_path.iterdir()
    return model, held_out, folder, found


def test_what_was_measured_holds(kept):
    model, data, folder, found = kept
    result = verify(folder, model, data)
    unfooled = found.samples["robustness.unfooled"]
    assert result.complaints == ()
    assert result.fooled == int(found.samples["robustness.nearest"].isfinite().sum()) > 12
    assert result.accuracy == tuple(
        (eps, int((unfooled[:, column] & found.right).sum())) for column, eps in enumerate(found.plan.eps)
    )
    assert "each of them changes the answer" in result.text()


def tampered(folder, change):
    tensors, header = tensor_files.read_tensors(folder / SAMPLES)
    change(tensors)
    tensor_files.write_tensors(folder / SAMPLES, tensors, header)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda s: s[ADVERSARIAL].mul_(0), "keep their answer|are moved further"),
        (lambda s: s["robustness.nearest"].mul_(0.5), r"\d+ images are moved further than on file"),
        (lambda s: s["answers.answers"].add_(1), "24 images have another answer as they are"),
        (lambda s: s[ADVERSARIAL].sub_(0.01), "leave"),
        (lambda s: s[AFTER].add_(1), "24 images have another answer when moved than on file"),
        (lambda s: s[NEAREST].fill_(torch.nan), "24 images have a size on file that is none"),
        (
            lambda s: s[NEAREST].fill_(torch.inf),
            r"\d+ images are fooled by their stored image, which is nearer.*said to be",
        ),
        (
            lambda s: s[UNFOOLED].fill_(False),
            "24 images are said to be fooled at an eps whose ball holds no adversarial",
        ),
        (lambda s: s[UNFOOLED].fill_(True), r"\d+ images are said unfooled at an eps whose ball holds their own"),
    ],
)
def test_tampering_is_found(kept, change, complaint):
    model, data, folder, _ = kept
    tampered(folder, change)
    result = verify(folder, model, data)
    assert re.search(complaint, ", ".join(result.complaints))
    assert result.text().startswith("DOES NOT HOLD")


def test_one_robust_image_too_many_is_found(kept):
    """The published number is what is quoted: a single image added to it shows."""
    model, data, folder, found = kept
    fallen = int((~found.samples[UNFOOLED][:, 2]).nonzero()[0])

    def raised(samples):
        samples[UNFOOLED][fallen, 2] = True

    tampered(folder, raised)
    (complaint,) = verify(folder, model, data).complaints
    assert complaint == "1 images are said unfooled at an eps whose ball holds their own adversarial image"


def test_a_success_without_any_move_is_refuted_by_the_answer_that_stays(kept):
    """A size of 0 says that the network answers otherwise to the image as it is; it is asked."""
    model, data, folder, found = kept
    before = verify(folder, model, data).fooled
    fallen = found.samples[NEAREST].isfinite().nonzero()[:4, 0]

    def untouched(samples):
        samples[NEAREST][fallen] = 0.0
        samples[ADVERSARIAL][fallen] = limited(data, 24).images[fallen]
        samples[AFTER][fallen] = samples["answers.answers"][fallen]
        samples[UNFOOLED][fallen] = False

    tampered(folder, untouched)
    result = verify(folder, model, data)
    assert result.fooled == before - 4
    assert result.complaints == ("4 images keep their answer unmoved where the file says that they do not",)


def test_robustness_that_the_stored_images_refute_is_found(kept):
    """Sizes and counts that agree with each other, beside images that fool."""
    model, data, folder, found = kept
    fallen = _moved(found.samples[NEAREST])

    def robust(samples):
        samples[NEAREST].fill_(torch.inf)
        samples[UNFOOLED].fill_(True)

    tampered(folder, robust)
    (complaint,) = verify(folder, model, data).complaints
    assert complaint == f"{int(fallen.sum())} images are fooled by their stored image, which is nearer than on file"


PASSED = Plan(
    attack_schedule="quick",
    eps=(0.05,),
    angles=(60,),
    shifts=(1,),
    draws=1,
    steps=2,
    search_steps=1,
    skip=("joint", "distance", "audit"),
)


@pytest.fixture(scope="module")
def passed(trained, tmp_path_factory):
    model, held_out = trained
    folder = tmp_path_factory.mktemp("passed")
    run(model, limited(held_out, 24), PASSED, folder=folder, keep_adversarial=True)
    return model, held_out, next(folder.iterdir())


def test_answers_to_moved_images_hold(passed):
    model, data, folder = passed
    assert verify(folder, model, data).complaints == ()


@pytest.mark.parametrize(
    "name", ["moves.answers", "control.answers", "exact.answers", "exact.difference", "exact.size"]
)
def test_other_answers_to_moved_images_are_found(passed, name, tmp_path):
    model, data, folder = passed
    shutil.copytree(folder, tmp_path / folder.name)
    tampered(tmp_path / folder.name, lambda samples: samples[name].view(-1)[3:5].add_(1))
    (complaint,) = verify(tmp_path / folder.name, model, data).complaints
    assert complaint.startswith("2 of ")
    assert complaint.endswith(f"numbers of {name} are others on file")
    tampered(tmp_path / folder.name, lambda samples: samples.pop(name))
    assert f"{name} has not the form" in verify(tmp_path / folder.name, model, data).complaints[0]


@pytest.fixture
def per_eps(trained, tmp_path):
    model, held_out = trained
    plan = Plan(eps=PLAN.eps, steps=20, skip=PLAN.skip, attack_schedule="per_eps")
    found = run(model, limited(held_out, 24), plan, folder=tmp_path / "per_eps", keep_adversarial=True)
    (folder,) = (tmp_path / "per_eps").iterdir()
    return model, held_out, folder, found


def test_a_per_eps_profile_that_rises_is_refuted_by_its_own_images(per_eps):
    model, data, folder, found = per_eps
    assert verify(folder, model, data).complaints == ()
    fallen = (~found.samples[UNFOOLED][:, 1]).nonzero()[:, 0]
    assert len(fallen) >= 2

    def risen(samples):
        samples[UNFOOLED][fallen[:2], 2] = True

    tampered(folder, risen)
    assert verify(folder, model, data).complaints == (
        "2 images are said unfooled at an eps whose ball holds their own adversarial image",
    )


@pytest.mark.parametrize("name", [UNFOOLED, NEAREST, AFTER])
def test_arrays_that_are_missing_or_of_another_form_are_refused(kept, name):
    model, data, folder, _ = kept
    tampered(folder, lambda samples: samples.update({name: samples[name][:5].clone()}))
    with pytest.raises(InputError, match=f"holds {name} of the form .5"):
        verify(folder, model, data)
    tampered(folder, lambda samples: samples.pop(name))
    with pytest.raises(InputError, match=f"holds {name} of the form None"):
        verify(folder, model, data)


def test_images_of_ones_own_must_be_named_again(kept):
    """A run keeps their name, which may be that of a data set of this package, and a checksum."""
    _, data, folder, found = kept
    assert images_of_run(folder).checksum == data.checksum
    for changes, says in (
        ({"data": "mine"}, "images of your own, called 'mine'; name their folder or file again, --data DIR"),
        ({"data_checksum": "0" * 16}, "called 'digits' with the checksum 0000000000000000, and digits here has"),
    ):
        (folder / RUN).write_text(json.dumps(found.content | changes))
        with pytest.raises(InputError, match=says):
            images_of_run(folder)


def test_images_that_are_not_adversarial_are_found(kept):
    """The claim that is worth most: an image put back is within every size, and keeps its answer."""
    model, data, folder, found = kept

    def put_back(samples):
        samples[ADVERSARIAL][:5] = limited(data, 24).images[:5]
        samples[AFTER][:5] = samples["answers.answers"][:5]

    tampered(folder, put_back)
    (complaint,) = verify(folder, model, data).complaints
    # An image that was fooled at no eps has no adversarial one to put back; which do depends on the processor.
    nearest = found.samples[NEAREST][:5]
    claimed = int((nearest.isfinite() & (nearest > 0)).sum())
    assert claimed > 0
    assert complaint.startswith(f"{claimed} images keep their answer")


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


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 100_000, json.dumps({"plan": {}})])
def test_a_folder_that_is_no_run_is_refused(kept, text):
    model, data, folder, _ = kept
    (folder / RUN).write_text(text)
    with pytest.raises(InputError, match=r"run\.json"):
        verify(folder, model, data)
