"""What is set on every claim that is left: the attacks of AutoAttack (Croce & Hein 2020), in float32.

Where gradients mislead, a quick attack along them claims too much. Three attacks by turns look closer at each image, at
the eps that it is claimed to survive: APGD on the cross-entropy, APGD on the targeted DLR loss, and Square, a random
search that asks for logits alone. Where one fools the image the claim falls, the quick attack follows it down
(`confirmation`), and all three are set on it again where it stops.

float32 is what Square needs most: it goes on by small gains of the margin, which bfloat16 rounds away. AutoAttack's
fourth attack, FAB, is left out; `benchmarks/against_autoattack.py` fails where it is missed. Targets come in the order
of Melamed et al. 2024 (MALT): by the gap of the logits over the norm of its gradient, the distance at which the class
would take over in a linear network.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from empirical.attacks.apgd import climb
from empirical.attacks.ball import Region
from empirical.attacks.losses import cross_entropy, dlr_targeted
from empirical.attacks.square import Square
from empirical.compute.draws import Draws
from empirical.compute.gradients import Gradients
from empirical.measurement.profile_attack.base import Effort, Lowered, attackable, claimed
from empirical.measurement.profile_attack.verifier import Verifier

TARGETS = 9
"""Classes that are aimed at, of the likeliest others: AutoAttack's number, all of ten classes."""
LONGER = 2.5
"""Steps of a run for each step of the quick attack: AutoAttack's 100 for 40."""
LEAST_CLASSES = 4
"""That the targeted loss needs; networks of fewer classes meet the other two alone."""


@dataclass(frozen=True, eq=False)
class Ensemble:
    """The attacks on one set of images, at claims that the ``verifier`` lowers; ``gradients`` must be in float32."""

    gradients: Gradients
    images: Tensor
    labels: Tensor
    indices: Tensor
    grid: Tensor
    verifier: Verifier
    effort: Effort
    batch_size: int

    def lower(self, rows: Tensor, draws: Draws, follow: Callable[[Tensor, Draws], None], lowered: Lowered) -> None:
        """Attack ``rows`` until all stand, and write down in ``lowered`` which attack lowered a claim.

        ``follow`` takes rows that are fooled at their claim and attacks them as before at smaller ones.
        """
        by_loss, by_search = lowered.by_loss, lowered.by_search
        attacks = ((self._untargeted, by_loss), (self._targeted, by_loss), (self._search, by_search))
        rows, falls = self._standing(rows), 0
        while len(rows):
            own, left = draws.part(f"fall {falls}"), rows
            for attack, by in attacks:
                fooled = self._fooled(attack, left, own)
                by[fooled] = True
                left = left[~torch.isin(left, fooled)]
            fallen = rows[~torch.isin(rows, left)]
            follow(fallen, own)
            rows, falls = self._standing(fallen), falls + 1

    def _standing(self, rows: Tensor) -> Tensor:
        """Those that are claimed at an eps above 0."""
        return rows[attackable(self.verifier.nearest[rows], self.grid)]

    def _fooled(self, attack: Callable[[Tensor, Region, Draws], None], rows: Tensor, draws: Draws) -> Tensor:
        """The rows whose claim fell."""
        eps = claimed(self.verifier.nearest, self.grid)
        for some in rows.split(self.batch_size) if len(rows) else ():
            attack(some, Region.of_radii(self.images[some], eps[some]), draws)
        stands = claimed(self.verifier.nearest[rows], self.grid) == eps[rows]
        return rows[~(stands & attackable(self.verifier.nearest[rows], self.grid))]

    def _untargeted(self, rows: Tensor, region: Region, draws: Draws) -> None:
        start = region.start(self.indices[rows], draws.part("untargeted"))
        self._climb(rows, region, start, partial(_cross_entropy, self.labels[rows]))

    def _targeted(self, rows: Tensor, region: Region, draws: Draws) -> None:
        aims = self._aims(rows)
        kept = torch.arange(len(rows), device=rows.device)
        for number in range(aims.shape[1]):
            own, here = region.take(kept), rows[kept]
            start = own.start(self.indices[here], draws.part(f"target {number}"))
            fooled = self._climb(here, own, start, partial(_towards, self.labels[here], aims[kept, number]))
            kept = kept[~fooled]
            if not len(kept):
                return

    def _climb(self, rows: Tensor, region: Region, start: Tensor, loss: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
        steps = round(LONGER * self.effort.steps)
        return self.verifier.take(rows, climb(self.gradients, region, self.labels[rows], start, loss, steps))

    def _search(self, rows: Tensor, region: Region, draws: Draws) -> None:
        def verified(claims: Tensor, at: Tensor) -> Tensor:
            return self.verifier.take(rows[claims], at)

        square = Square(float(self.grid[-1]), self.effort.queries)
        own = draws.part("square")
        square.search(self.gradients.logits, region, self.labels[rows], self.indices[rows], own, verified)

    def _aims(self, rows: Tensor) -> Tensor:
        """(n, targets) the classes that are nearest if the network is linear, nearest first."""
        images, labels = self.images[rows], self.labels[rows]
        classes = self.gradients.logits(images).scatter(1, labels[:, None], -float("inf"))
        if classes.shape[1] < LEAST_CLASSES:
            return classes[:, :0].long()
        likely = classes.topk(min(TARGETS, classes.shape[1] - 1), dim=1).indices
        distances = torch.empty(likely.shape, device=images.device)
        for column, targets in enumerate(likely.unbind(1)):
            _, gaps, gradient = self.gradients(images, partial(_gap, labels, targets))
            distances[:, column] = -gaps / gradient.flatten(1).abs().sum(dim=1).clamp(min=1e-30)
        return likely.gather(1, distances.argsort(dim=1, stable=True))


def _gap(labels: Tensor, targets: Tensor, logits: Tensor) -> Tensor:
    return (logits.gather(1, targets[:, None]) - logits.gather(1, labels[:, None]))[:, 0]


def _cross_entropy(labels: Tensor, logits: Tensor, rows: Tensor) -> Tensor:
    return cross_entropy(logits, labels[rows])


def _towards(labels: Tensor, targets: Tensor, logits: Tensor, rows: Tensor) -> Tensor:
    return dlr_targeted(logits, labels[rows], targets[rows])
