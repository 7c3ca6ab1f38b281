import re
from dataclasses import replace

import pytest
import torch

from empirical.measurement.plan import Plan
from empirical.report.text import audit as audit_text
from empirical.report.text import comparison as compared_text
from empirical.report.text import network as measured_text
from empirical.statistics.over_seeds import Network, networks
from empirical.statistics.readings import readings
from empirical.validation.flags import Flag
from tests.empirical.small_runs import IMAGES, changed, measured, without
from tradeoff.shared import checks
from tradeoff.shared.cli import fitted

RAISED = Flag("too_few_steps", True, True, "40 steps of 0.001 do not cross a ball of 0.3; take more")
QUIET = Flag("batch", False, True, "the batch changes answers")
NOT_ASKED = Flag("bounds", False, False, "inputs leave [0, 1]")


def said(found, flags=()) -> str:
    """The text with its lines joined."""
    return " ".join(measured_text.text([found], [flags]).split())


def test_raised_flags_come_first_and_loudly():
    lines = measured_text.text([measured()], [[QUIET, NOT_ASKED, RAISED]]).splitlines()
    start = lines.index("What qualifies this:")
    assert lines[start + 1].strip().startswith("!!! plain, TOO_FEW_STEPS: 40 steps")
    assert "plain: 1 of 2 sanity checks raised (not asked: bounds), see above." in " ".join(" ".join(lines).split())
    assert "the batch changes answers" not in "".join(lines)


def test_checks_that_were_not_made_are_not_said_to_be_passed():
    assert "no sanity checks were made." in said(measured())
    assert "none of 1 sanity checks raised." in said(measured(), [QUIET])


def test_counts_and_intervals_are_those_of_the_readings():
    found = measured()
    text = said(found)
    read = {(one.quantity, one.grid): one for one in readings(found) if one.second is None}
    clean = read["clean_accuracy", None]
    interval = clean.interval()
    assert f"{clean.value:.3f} ({clean.rate.hits} of {IMAGES}; {interval.low:.3f} to {interval.high:.3f})" in text
    for quantity, grid in (
        *(("one_minus_fooling", 0.02), ("one_minus_fooling", 0.2), ("adversarial_accuracy", 0.05)),
        *(("invariance", 180.0), ("translation_accuracy", 2.0)),
    ):
        interval = read[quantity, grid].interval()
        ends = "-".join(f"{end:.3f}".removeprefix("0") for end in (interval.low, interval.high))
        assert f"{read[quantity, grid].value:.3f} ({ends})" in text, quantity


def test_what_turning_there_and_back_costs_as_a_share_of_the_loss():
    """Of 120 turned answers 60 stay, of those turned back 108: 12 of the 60 that are lost, a fifth."""
    found = measured()
    stays, back = torch.zeros(40, 3, 3, 3, dtype=torch.bool), torch.ones(40, 3, 3, dtype=torch.bool)
    stays[:20] = True
    back[:4] = False
    other = (found.answers + 1) % 10
    answers = torch.where(stays, found.answers[:, None, None, None], other[:, None, None, None])
    control = torch.where(back, found.answers[:, None, None], other[:, None, None])
    lines = measured_text.text([changed(found, moves__answers=answers, control__answers=control)], [()]).splitlines()
    (line,) = [line for line in lines if line.strip().startswith("±180° ")]
    assert line.strip().endswith("20 %")
    assert "0.500" in line
    assert "0.900" in line


def test_both_sides_are_set_against_independence():
    """The attack fools the first half of the images, the rotation the second: none withstands both."""
    found = measured()
    unfooled = torch.zeros(40, 4, dtype=torch.bool)
    unfooled[:, 0] = True
    unfooled[20:, 1:] = True
    keeps = (torch.arange(40) < 20)[:, None, None, None].expand(40, 3, 3, 3)
    other = (found.answers + 1) % 10
    answers = torch.where(keeps, found.answers[:, None, None, None], other[:, None, None, None])
    text = said(changed(found, moves__answers=answers, robustness__unfooled=unfooled))
    assert "keeps 0.500 under attack at eps 0.02, and 0.500 under rotation in ±180°" in text
    assert "withstands both, each by itself, with 0.000 (0.000 to 0.088), where 0.250 would be independence" in text


def test_the_audit_says_who_fools_more():
    found = measured()
    rows, k = len(found.audited), 4
    everyone = torch.ones(rows, k, dtype=torch.bool)
    unfooled = torch.ones(IMAGES, k, dtype=torch.bool)
    one = everyone.clone()
    one[:3, 2] = False

    def both(profile, alone):
        network = Network("x", (changed(found, robustness__unfooled=profile, audit__unfooled=alone),))
        return " ".join(audit_text.too_high(network)), " ".join(audit_text.audit(network))

    alike, weak, strong = both(unfooled, everyone), both(unfooled, one), both(~unfooled, everyone)
    assert alike[0] == ""
    assert "none of 12 audited images fall that the profile leaves unfooled, and none stand that it fools" in alike[1]
    assert "THE PROFILE IS TOO HIGH: attacked by themselves, up to 3 (at eps 0.05) of 12 audited fall" in weak[0]
    assert "some of 12 audited images fall that the profile leaves unfooled" in weak[1]
    assert strong[0] == ""
    assert "up to 12 (at eps 0) stand that it fools" in strong[1]


def test_flags_and_audit_speak_with_one_voice():
    """A profile that the audit finds too high is not said to be beyond doubt because no flag is raised."""
    found = measured()
    alone = torch.ones(len(found.audited), 4, dtype=torch.bool)
    alone[:3, 2] = False
    text = said(
        changed(found, robustness__unfooled=torch.ones(IMAGES, 4, dtype=torch.bool), audit__unfooled=alone), [QUIET]
    )
    asked = "none of 1 sanity checks raised, but the audit finds the profile too high, see above."
    assert text.index("!!! plain: THE PROFILE IS TOO HIGH") < text.index(asked)


def test_what_the_search_of_the_profile_brought_down_is_said():
    """Of 40 images 30 are claimed at the end and 3 more were before; two of these fell to another loss."""
    unfooled = torch.arange(IMAGES)[:, None] < torch.tensor([IMAGES, 30, 0, 0])
    arrays = {"robustness__by_search": torch.arange(IMAGES) == 39, "robustness__by_loss": torch.arange(IMAGES) > 36}
    text = " ".join(said(changed(measured(), robustness__unfooled=unfooled, **arrays)).split())
    assert "Square, 15 queries) brings down 1 of 33 claims that attacks along gradients left, another loss 3;" in text
    bare = changed(without(measured(), "audit"), robustness__unfooled=unfooled, **arrays)
    assert "No audit was made. " in " ".join(said(bare).split())
    assert "brings down 1 of 33 claims" in " ".join(said(bare).split())
    nothing = torch.zeros(IMAGES, dtype=torch.bool)
    none = changed(
        bare, robustness__unfooled=unfooled & False, robustness__by_search=nothing, robustness__by_loss=nothing
    )
    assert "No image is said to withstand an eps that a search" in " ".join(said(none).split())


def test_a_search_that_is_not_in_the_profile_is_counted_among_the_images_that_it_was_set_on():
    """At eps 0, where nothing is claimed but the clean answer, there is nothing to break."""
    found = measured()
    found = replace(found, plan=replace(found.plan, attack_schedule="quick"))
    withstood = torch.arange(12) > 2  # the first three are broken, if they are claimed
    for claimed, text in ((40, "brings down 3 of 12 claims of the profile"), (0, "No image is said to withstand")):
        unfooled = torch.zeros(IMAGES, len(found.plan.eps), dtype=torch.bool)
        unfooled[:, 0] = True
        unfooled[:claimed, 1] = True
        arrays = {"robustness__unfooled": unfooled, "audit__black_box": withstood}
        assert text in " ".join(" ".join(audit_text.audit(Network("x", (changed(found, **arrays),)))).split())
    unfooled[found.audited[:2], 1] = True
    some = audit_text.audit(Network("x", (changed(found, **arrays),)))
    assert "brings down 2 of 2 claims" in " ".join(" ".join(some).split())


def test_gradients_are_compared_with_the_plain_count():
    found = changed(measured(), robustness__evaluations=torch.tensor([90, 90]))
    assert "180 gradients of single images, 0.250 of the plain count 720" in said(found)


def test_parts_that_were_skipped_are_left_out():
    text = said(without(measured(), "moves", "control", "joint", "exact", "distance", "audit", "robustness"))
    for word in ("attack", "Rotation", "Translation", "Exact", "distance", "Audit", "Cost"):
        assert word not in text
    assert "Clean accuracy" in text


def test_an_attack_without_an_audit_says_so():
    assert "No audit was made." in said(without(measured(), "audit"))


def test_a_long_grid_is_shortened_and_says_so():
    grid = tuple(k / 100 for k in range(21))
    found = without(measured(), "joint", "audit")
    plan = replace(found.plan, eps=grid)
    found = replace(changed(found, robustness__unfooled=torch.ones(40, 21, dtype=torch.bool)), plan=plan)
    lines = measured_text.text([found], [()]).splitlines()
    assert "7 of 20 places, the others in the records" in " ".join(" ".join(lines).split())
    written = [line.split()[0] for line in lines if re.match(r"    0\.\d+ {2,}", line)]
    assert len(written) == 7
    assert (written[0], written[-1]) == ("0.01", "0.2")


def test_short_enough_to_be_read():
    """On a page of 80 columns, whatever the names; and the conclusion in its first lines."""
    long = "a_name_that_somebody_gave_a_network_of_many_words_and_numbers_12345"
    found = [measured(), replace(shifted(long, robust=20, same=20), run="other")]
    for lines in (
        fitted(measured_text.text([measured()], [[RAISED]])).splitlines(),
        fitted(measured_text.text([shifted("first", robust=9, same=9), found[1]], [[RAISED], ()])).splitlines(),
    ):
        assert max(map(len, lines)) <= 80
        assert lines[2].split()[0] == "accuracy"


def test_the_table_is_at_the_eps_where_networks_differ_most_or_at_the_chosen_one():
    """Alike at .02, apart at .05 and .2: of these the one whose mean is nearer to one half."""
    found = [shifted("first", robust=40, same=20), shifted("second", robust=40, same=20)]
    unfooled = found[0].samples["robustness.unfooled"].clone()
    unfooled[:20, 2], unfooled[:, 3] = False, False
    found[0] = changed(found[0], robustness__unfooled=unfooled)
    unfooled = found[1].samples["robustness.unfooled"].clone()
    unfooled[20:, 3] = False
    found[1] = changed(found[1], robustness__unfooled=unfooled)

    def head(at=None):
        return measured_text.text(found, [(), ()], at).splitlines()[2]

    assert "eps 0.05" in head()
    assert "eps 0.2" in head(0.2)
    assert "eps 0.02" in head("0.02")
    with pytest.raises(checks.InputError, match=r"at=0\.1 is no positive eps .* use 0\.02 or 0\.05 or 0\.2"):
        head(0.1)


def test_colour_eps_are_written_as_fractions():
    found = without(measured(), "joint", "audit")
    plan = replace(found.plan, eps=tuple(k / 255 for k in (0, 2, 4, 8)))
    assert "8/255" in said(replace(found, plan=plan))


def test_several_seeds_are_one_section_with_their_mean():
    found = [measured("plain", seed) for seed in (0, 1)]
    text = measured_text.text(found, [(), [RAISED]])
    assert text.count("Clean accuracy") == 1
    assert "plain (2 runs, training seeds 0, 1)" in text
    assert f"!!! plain, TOO_FEW_STEPS (run {found[1].run})" in text
    assert "Against" not in text


def shifted(name: str, *, robust: int, same: int, right: int = 40):
    """A run in which so many images withstand the attack, the rotation, and are right."""
    found = measured()
    order = torch.arange(IMAGES)
    answers = torch.where(order < right, found.data.labels, (found.data.labels + 1) % 10)
    unfooled = (order < robust)[:, None].expand(IMAGES, 4).clone()
    unfooled[:, 0] = True
    kept = (order < same)[:, None, None, None].expand(IMAGES, 3, 3, 3)
    moved = torch.where(kept, answers[:, None, None, None], (answers[:, None, None, None] + 1) % 10)
    arrays = {"answers__answers": answers, "robustness__unfooled": unfooled, "moves__answers": moved}
    return replace(changed(without(found, "exact", "control", "audit", "joint", "distance"), **arrays), name=name)


@pytest.mark.parametrize(
    ("robust", "same", "verdict"),
    [
        (5, 38, "TRADE-OFF: robustness falls and invariance rises."),
        (38, 5, "TRADE-OFF: robustness rises and invariance falls."),
        (38, 38, "NO trade-off: robustness rises and invariance rises."),
        (5, 5, "NO trade-off: robustness falls and invariance falls."),
        (20, 38, "Robustness is undecided and invariance rises."),
    ],
)
def test_the_trade_off_is_named(robust, same, verdict):
    found = [shifted("first", robust=20, same=20), shifted("second", robust=robust, same=same)]
    text = " ".join(measured_text.text(found, [(), ()]).split())
    assert verdict in text
    assert ("p = " in text) or ("p < " in text)


def test_clean_accuracies_that_differ_leave_the_rates_undecided():
    """As in `verdicts`; the images that both classify correctly decide."""
    found = [shifted("first", robust=20, same=20), shifted("second", robust=5, same=36, right=36)]
    text = " ".join(measured_text.text(found, [(), ()]).split())
    assert "UNDECIDED over all images, because clean accuracy differs by 10.0 points." in text
    assert "Among images that both classify correctly: 1 - fooling -0.417" in text
    assert "TRADE-OFF: robustness falls and invariance rises. What qualifies this:" in text


def test_seeds_are_compared_by_seed():
    found = [measured(name, seed) for name in ("plain", "turned") for seed in (0, 1)]
    assert "turned (by 2 seeds):" in " ".join(compared_text.compared(networks(found), 0.05))
    assert "turned (first seeds):" in " ".join(compared_text.compared(networks(found[:3]), 0.05))


def test_every_network_has_its_row():
    found = [replace(measured(), name=f"net{k}", run=f"run{k}") for k in range(6)]
    lines = measured_text.text(found, [()] * 6).splitlines()
    assert [line.split()[0] for line in lines[3:9]] == [f"net{k}" for k in range(6)]
    assert "5 comparisons, each for itself" in " ".join(" ".join(lines).split())


def test_as_many_lists_of_flags_as_runs():
    with pytest.raises(ValueError, match="shorter"):
        measured_text.text([measured()], [])


def test_other_images_are_refused():
    other = replace(measured("turned"), data=replace(measured().data, checksum="other"))
    with pytest.raises(checks.InputError, match="measure both on the same images"):
        measured_text.text([measured(), other], [(), ()])


def test_a_plan_of_zeros_has_nothing_to_tell():
    plan = Plan(eps=(0.0,), angles=(0.0,), shifts=(0,), skip=("exact", "distance", "audit"), gradients="float32")
    found = replace(
        without(measured(), "moves", "joint", "control", "exact", "distance", "audit"),
        plan=plan,
    )
    found = changed(found, robustness__unfooled=torch.ones(40, 1, dtype=torch.bool))
    assert "Under attack" not in said(found)
    assert "Both sides" not in said(found)


def test_images_that_deepfool_does_not_flip_are_counted_beside_the_mean():
    """A norm that is no number is none, whatever the file says of it."""
    found = measured()
    flipped, norms = found.samples["distance.flipped"].clone(), found.samples["distance.norms"].clone()
    flipped[:], norms[:] = True, 2.0
    all_of_them = changed(found, distance__flipped=flipped, distance__norms=norms)
    assert f"by DeepFool: 2.000 (2.000 to 2.000), {IMAGES} images." in said(all_of_them)
    flipped[:3], norms[3] = False, float("nan")
    text = said(changed(found, distance__flipped=flipped, distance__norms=norms))
    assert f"2.000 (2.000 to 2.000), {IMAGES - 4} images; 4 of {IMAGES} not flipped." in text
    text = said(changed(found, distance__flipped=flipped & False, distance__norms=norms))
    assert f"by DeepFool: none is known; {IMAGES} of {IMAGES} not flipped." in text


def test_a_part_in_which_the_network_failed_is_told_first_and_loudly():
    found = without(measured(), "distance")
    text = said(replace(found, failed={"distance": "model has no gradient"}))
    assert "!!! plain, NOT MEASURED (run" in text
    assert "distance, because model has no gradient." in " ".join(text.split())
