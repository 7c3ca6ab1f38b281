"""What is wrong with an attack on a model: claims that the arrays of a measurement contradict themselves."""

from __future__ import annotations

from itertools import combinations

import torch
from torch import Tensor

from empirical.measurement.measured import Measured
from empirical.measurement.plan import Plan
from empirical.measurement.profile_attack.base import SLACK
from empirical.measurement.profile_attack.confirmation import step_share
from empirical.measurement.quantities import LARGE
from empirical.statistics.exact_tests import at_least, mcnemar_one_sided
from empirical.validation.model_flags import LEVEL, TOLERANCE, Answer


def eps_zero(found: Measured) -> Answer:
    """The answer to an image that nobody moved, in every pass that gave one."""
    asked = found.probe
    said = [f"{asked.with_gradients} of {asked.images} where gradients are computed"] if asked.with_gradients else []
    for name, part in (("profile", "robustness"), ("audit", "audit")):
        if part in found.plan.parts:
            lost = int((~found.samples[f"{part}.unfooled"][:, 0]).sum())
            said += [f"{lost} of {len(found.samples[f'{part}.unfooled'])} in the {name}"] if lost else []
    if said:
        return True, (
            f"At eps = 0 answers differ from the clean ones on unmoved images ({', '.join(said)}), so what is attacked "
            "is not what is judged; make forward the same with and without gradients, and for every batch."
        )
    return False, "At eps = 0 every answer is the clean one, with and without gradients."


def raw(found: Measured) -> tuple[str, Tensor]:
    """The name, and (n, k) who is unfooled, of attacks that know nothing of each other at the eps of the grid."""
    if found.plan.attack_schedule == "per_eps" and "robustness" in found.plan.parts:
        return "profile", found.samples["robustness.unfooled"]
    return "audit", found.samples["audit.unfooled"]


def not_monotone(found: Measured) -> Answer:
    """McNemar's exact test for every two eps > 0, LEVEL over all of them.

    Any attack at the smaller eps is one at the larger, so fooling must not become rarer; a few images that only the
    smaller fools are chance. All pairs, not neighbours alone, since a slow decline shows between its ends.
    """
    name, unfooled = raw(found)
    pairs = list(combinations(range(1, unfooled.shape[1]), 2))
    p_values = {}
    for small, large in pairs:
        lost, gained = (unfooled[:, large] & ~unfooled[:, small]), (unfooled[:, small] & ~unfooled[:, large])
        p_values[small, large] = mcnemar_one_sided(int(lost.sum()), int(gained.sum()))
    small, large = min(p_values, key=lambda pair: p_values[pair])
    fooled = (~unfooled).sum(dim=0).tolist()
    eps, p_value = found.plan.eps, p_values[small, large]
    seen = (
        f"{fooled[small]} of {len(unfooled)} images are fooled at eps = {eps[small]:g} and {fooled[large]} at "
        f"{eps[large]:g}"
    )
    if p_value < LEVEL / len(pairs):
        return True, (
            f"The raw {name} is not monotone: {seen} (p = {p_value:.1g}), so the attack at the larger eps is misled "
            "where a weaker one is not; the gradient there is no guide, so look for smoothing, rounding or noise that "
            "large perturbations switch on."
        )
    return False, f"The raw {name} is monotone up to chance: at its worst, {seen} (p = {p_value:.2g})."


def large_eps(plan: Plan) -> list[int]:
    """The places of the grid from which on every image can be made grey."""
    return [column for column, eps in enumerate(plan.eps) if eps >= LARGE - SLACK]


def grey_bound(found: Measured) -> Answer:
    """Every image can be made the grey one: no more are unfooled than are answered or labelled as that, a theorem."""
    labels, grey = found.data.labels.cpu(), found.probe.grey
    unfooled, right = found.samples["robustness.unfooled"][:, large_eps(found.plan)], found.right[:, None]
    for name, event, most in (
        ("1 - fooling rate", unfooled, int((found.answers == grey).sum())),
        ("adversarial accuracy", unfooled & right, int((labels == grey).sum())),
    ):
        count = int(event.sum(dim=0).max())
        if count > most:
            return True, (
                f"From eps = {LARGE:g} on every image can be made grey, which is answered {grey}, so the {name} is at "
                f"most {most / len(labels):.1%}, but {count / len(labels):.1%} was measured: the attack missed what "
                "there is; trust no number of this profile, and attack with other losses and without gradients."
            )
    return False, f"From eps = {LARGE:g} on no more images are unfooled than the grey image (answered {grey}) allows."


def short_steps(found: Measured) -> Answer:
    """A random start may be as far from where an attack should go as the ball, cut to [0, 1], is wide."""
    plan, eps = found.plan, found.plan.eps[-1]
    if plan.attack_schedule == "per_eps":
        assert plan.step_size is not None
        reach = plan.step_size * plan.steps
    else:
        reach = eps * sum(step_share(step, plan.steps) for step in range(plan.steps))
    width = min(2 * eps, 1.0)
    seen = f"{plan.steps} steps reach {reach:.3g}, and the ball of eps = {eps:.3g} is {width:.3g} wide"
    if reach < width - SLACK:
        return True, (
            f"The attack is too short for its largest eps: {seen}, so images are unfooled that a longer attack would "
            "fool; take more or larger steps, or attack_schedule=adaptive."
        )
    return False, f"The attack crosses every ball: {seen}."


def searched(found: Measured) -> tuple[int, int]:
    """How many claims of attacks along gradients a search without gradients was set on, and how many it brought down.

    Of the adaptive schedule these are the claims of all images; of others those of audited ones at an eps below LARGE.
    """
    unfooled = found.samples["robustness.unfooled"]
    if found.plan.searches:
        by_search = found.samples["robustness.by_search"]
        claimed = unfooled[:, 1:].any(dim=1) | by_search | found.samples["robustness.by_loss"]
        return int(claimed.sum()), int(by_search.sum())
    below = torch.tensor([0 < eps < LARGE - SLACK for eps in found.plan.eps])
    claimed = (unfooled[found.audited] & below).any(dim=1)
    return int(claimed.sum()), int((claimed & ~found.samples["audit.black_box"]).sum())


def black_box(found: Measured) -> Answer:
    """Raised if a one-sided Clopper-Pearson bound says that more than TOLERANCE of the claims are wrong.

    That takes 5 of 60 claims, 7 of 100, 10 of 200, 32 of 1,000.
    """
    images, broken = searched(found)
    seen = f"Square, {found.plan.queries} queries, brings down {broken} of {images} claims of attacks along gradients"
    if at_least(broken, images, LEVEL) > TOLERANCE:
        what = "is counted in the profile" if found.plan.searches else "is not in the profile, which is too high"
        return True, (
            f"{seen}, so gradients mislead here; what the search found {what}, and a longer search, or an attack on a "
            "smooth version of the model, may find more"
            + ("." if found.plan.searches else "; take attack_schedule=adaptive first.")
        )
    return False, f"{seen}; up to {TOLERANCE:.0%} is fine."


def weak_schedule(found: Measured) -> Answer:
    """McNemar's exact test at every eps > 0, LEVEL over all of them: per-eps attacks must not fool more."""
    profile, alone = found.samples["robustness.unfooled"][found.audited], found.samples["audit.unfooled"]
    columns = range(1, alone.shape[1])
    missed = (profile & ~alone).sum(dim=0).tolist()
    ahead = (alone & ~profile).sum(dim=0).tolist()
    worst = min(columns, key=lambda column: mcnemar_one_sided(missed[column], ahead[column]))
    p_value, eps = mcnemar_one_sided(missed[worst], ahead[worst]), found.plan.eps[worst]
    seen = (
        f"at eps = {eps:g} per-eps attacks fool {missed[worst]} of {len(alone)} audited images that the profile leaves "
        f"unfooled, and miss {ahead[worst]} that it fools (p = {p_value:.2g})"
    )
    if p_value < LEVEL / len(columns):
        return True, (
            f"The {found.plan.attack_schedule} schedule is too weak for this model: {seen}; take more restarts or "
            "steps, gradients=float32, or attack_schedule=per_eps with a step size that crosses the ball."
        )
    return False, f"The audit does not contradict the profile: at its worst, {seen}."
