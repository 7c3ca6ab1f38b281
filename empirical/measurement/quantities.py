"""The parts of a measurement: each takes some images of a network and returns arrays with one row for each of them.

Arrays, with n images, k eps, a ranges of rotation, s of translation, d draws, m exact moves::

    answers      answers (n,)
    robustness   unfooled (n, k), nearest (n,), evaluations (1,), queries (1,); of the adaptive schedule by_loss (n,),
                 by_search (n,): whether these attacks lowered a claim of the gradient attacks, and quick (n, k): who
                 was unfooled before; if they are kept, adversarial (n, c, h, w) and what is answered to them,
                 adversarial_answers (n,)
    moves        answers (n, a, s, d)
    control      answers (n, a, d)
    joint        unfooled (n, a - 1, k): attacked after the first draw of each range of rotation but 0, by the quick
                 schedule in place of the adaptive one
    exact        answers (n, m), difference (n, m), size (n,): of the logits that decide, squared, without their mean
    distance     norms (n,), flipped (n,): l_2, by DeepFool
    audit        unfooled (n, k): each eps attacked by itself; of schedules that do not search without gradients
                 black_box (n,): whether the claim withstood Square
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from empirical.attacks.ball import Region
from empirical.attacks.deepfool import DeepFool
from empirical.attacks.square import Square
from empirical.compute.draws import Draws
from empirical.compute.forward import frozen, logits, predict
from empirical.compute.logit_scale import leading
from empirical.data.images import ImageSet
from empirical.measurement import spatial
from empirical.measurement.journal import Arrays
from empirical.measurement.plan import Plan
from empirical.measurement.profile_attack import SCHEDULES
from empirical.measurement.profile_attack.base import SLACK, Effort, Outcome, Schedule
from empirical.transforms import moves

LARGE = 0.5
"""From this eps on every image can be made grey; the black-box attack is set against the claims below it."""


@dataclass(frozen=True, eq=False)
class Job:
    """Some images, what the network answers to them as they are, and how they are to be measured."""

    model: nn.Module
    data: ImageSet
    answers: Tensor  # (n,)
    plan: Plan
    precision: str
    kernels: str
    batch_size: int
    keep_adversarial: bool = False
    unfooled: Tensor | None = None  # (n, k), what is claimed, for the audit

    @property
    def grid(self) -> Tensor:
        return torch.tensor(self.plan.eps, device=self.data.images.device)

    def attacked(self, images: Tensor, name: str) -> Outcome:
        """The attack of the named schedule on these images instead of the job's own."""
        schedule: Schedule = SCHEDULES[name]
        return schedule(
            *(self.model, images, self.answers, self.data.indices, self.grid),
            draws=Draws(self.plan.seed, "profile"),
            effort=self.plan.effort(self.precision, self.kernels),
            batch_size=self.batch_size,
        )


def robustness(job: Job) -> Arrays:
    found = job.attacked(job.data.images, job.plan.attack_schedule)
    arrays = {
        "unfooled": found.unfooled,
        "nearest": found.nearest,
        "evaluations": torch.tensor([found.evaluations]),
        "queries": torch.tensor([found.queries]),
    }
    if found.lowered is not None:
        arrays |= vars(found.lowered)
    if job.keep_adversarial:
        after = predict(job.model, found.images, batch_size=job.batch_size)
        arrays |= {"adversarial": found.images, "adversarial_answers": after}
    return arrays


def moved(job: Job) -> Arrays:
    plan = job.plan
    found = spatial.surface(
        *(job.model, job.data.images, job.data.indices, plan.angles, plan.shifts),
        draws=plan.draws,
        seed=plan.seed,
        batch_size=job.batch_size,
    )
    return {"answers": found}


def control(job: Job) -> Arrays:
    found = spatial.there_and_back(
        *(job.model, job.data.images, job.data.indices, job.plan.angles),
        draws=job.plan.draws,
        seed=job.plan.seed,
        batch_size=job.batch_size,
    )
    return {"answers": found}


def joint(job: Job) -> Arrays:
    """Without the range 0, where the images are those of the robustness profile.

    By the quick schedule in place of the adaptive one, at the range 0 too (`readings`): so all ranges are attacked
    alike, and not each of them as long as the profile.
    """
    schedule = "quick" if job.plan.searches else job.plan.attack_schedule
    columns = []
    for angle in job.plan.angles[1:]:
        move = partial(moves.moved, range_deg=angle, range_px=0, seed=job.plan.seed, draw=0)
        turned = moves.all_moved(job.data.images, job.data.indices, move, job.batch_size)
        columns.append(job.attacked(turned, schedule).unfooled)
    return {"unfooled": torch.stack(columns, dim=1)}


def exact(job: Job) -> Arrays:
    """Moves that do not fit oblong images are left out: their answers are -1."""
    before = _logits(job.model, job.data.images, job.batch_size)
    deciding = leading(before).any(dim=0)  # the same for all images and moves, so that differences are of one thing
    size = _centred(before[:, deciding])
    answers = torch.full((len(before), len(moves.EXACT)), -1, dtype=torch.int16)
    difference = torch.zeros(answers.shape)
    for column, name in enumerate(moves.EXACT):
        if moves.fits(job.data.images, name):
            after = _logits(job.model, moves.exactly(job.data.images, name), job.batch_size)
            change = _centred(after[:, deciding]) - size
            answers[:, column] = after.argmax(dim=1).cpu()
            difference[:, column] = change.square().sum(dim=1).cpu()
    return {"answers": answers, "difference": difference, "size": size.square().sum(dim=1)}


def _logits(model: nn.Module, images: Tensor, batch_size: int) -> Tensor:
    with frozen(model), torch.no_grad():
        return torch.cat([logits(model, batch) for batch in images.split(batch_size)])


def _centred(logits: Tensor) -> Tensor:
    """Without their mean, which no answer depends on; counted from the largest first, so that no digit is lost."""
    counted = logits - logits.amax(dim=1, keepdim=True)
    return counted - counted.mean(dim=1, keepdim=True)


def distance(job: Job) -> Arrays:
    found = [
        DeepFool().distances(job.model, images, labels)
        for images, labels in zip(job.data.images.split(job.batch_size), job.answers.split(job.batch_size), strict=True)
    ]
    return {"norms": torch.cat([one.norms for one in found]), "flipped": torch.cat([one.flipped for one in found])}


def audit(job: Job) -> Arrays:
    """Per-eps attacks at every eps, and Square where a profile that was made without it claims an image unfooled.

    In float32 and by torch alone, whatever the profile was made with. An image is left alone at an eps where any image
    on the way fools it, which can but make the audit stronger, and cheap where the profile is: on a network that is
    fooled within a few steps.
    """
    assert job.unfooled is not None
    alone = SCHEDULES["per_eps"](
        *(job.model, job.data.images, job.answers, job.data.indices, job.grid),
        draws=Draws(job.plan.seed, "audit"),
        effort=Effort(job.plan.steps),
        batch_size=job.batch_size,
        early_stop=True,
    )
    arrays = {"unfooled": alone.unfooled}
    if not job.plan.searches:
        arrays["black_box"] = _withstood(job, job.unfooled)
    return arrays


def _withstood(job: Job, unfooled: Tensor) -> Tensor:
    """(n,) whether Square leaves the answer at the largest eps below LARGE where each image is claimed unfooled."""
    claimed = torch.where(unfooled & (job.grid < LARGE - SLACK), job.grid, 0.0).amax(dim=1)
    left = torch.ones_like(job.answers, dtype=torch.bool)
    tried = (claimed > 0).nonzero()[:, 0]
    for rows in tried.split(job.batch_size) if len(tried) else ():
        labels, region = job.answers[rows], Region.of_radii(job.data.images[rows], claimed[rows])
        square = Square(job.plan.eps[-1], job.plan.queries)
        moved_within = square.within(
            job.model, region, labels, job.data.indices[rows], Draws(job.plan.seed, "black box")
        )
        left[rows] = predict(job.model, moved_within, batch_size=job.batch_size) == labels
    return left


MEASURED: dict[str, Callable[[Job], Arrays]] = {
    "robustness": robustness,
    "moves": moved,
    "control": control,
    "joint": joint,
    "exact": exact,
    "distance": distance,
    "audit": audit,
}


def cost(part: str, images: int, plan: Plan) -> float:
    """Rough work of a part in gradients of single images, for progress only: as timed on a CPU for small networks."""
    plain = float(plan.steps * len(plan.eps))
    profile, turned = (plain, plain) if plan.attack_schedule == "per_eps" else (60.0, 30.0)
    each = {
        "robustness": profile + (25 * plan.steps + 0.4 * plan.queries if plan.searches else 0),
        "moves": 0.8 * len(plan.angles) * len(plan.shifts) * plan.draws,
        "control": 0.8 * len(plan.angles) * plan.draws,
        "joint": turned * (len(plan.angles) - 1),
        "exact": 0.4 * len(moves.EXACT),
        "distance": 45.0,
        "audit": plan.steps * len(plan.eps) + (0 if plan.searches else 0.4 * plan.queries),
    }
    return each[part] * (min(plan.audit, images) if part == "audit" else images)
