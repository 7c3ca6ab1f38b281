"""Figures 6 and 7 (a-d) of Kamath et al. in small: Table 1 networks on the enlarged scikit-learn digits.

Direction 1: rotation augmentation theta in {0, 60, 180} degrees. Direction 2: PGD training eps in {0.1, 0.3}, with
eps 0 being theta 0. All networks get the same number of updates and of images. Not MNIST: the enlarged digits are
smooth, so eps here is not eps there. Networks are measured by the instrument of `empirical.measurement`, with its quick
profile: stronger than the paper's attack, and without the search that would take an hour on so many networks.
"""

from __future__ import annotations

from dataclasses import dataclass

from empirical.data import DATASETS
from empirical.data.digits import HELD_OUT
from empirical.data.images import ImageSet
from empirical.experiments.config import RunConfig
from empirical.experiments.engine import Task
from empirical.experiments.levels import Direction
from empirical.measurement.plan import Plan
from empirical.training.config import TrainingConfig

EPS_COMPARED, RANGE_COMPARED = 0.05, 90.0
"""Where levels are compared: direction 1 at this eps, direction 2 at this range of rotation; fixed beforehand."""
DIRECTIONS = {
    "augmentation": Direction(
        "one_minus_fooling",
        EPS_COMPARED,
        "theta",
        ((0, 60), (60, 180), (0, 180)),
        "Direction 1: a larger range of rotation in training lowers adversarial robustness",
        f"1 - fooling rate at eps {EPS_COMPARED:g}",
    ),
    "adversarial": Direction(
        "invariance",
        RANGE_COMPARED,
        "eps",
        ((0, 0.1), (0.1, 0.3), (0, 0.3)),
        "Direction 2: a larger eps in adversarial training lowers rotation invariance",
        f"rate of invariance in +-{RANGE_COMPARED:g} degrees",
    ),
}
ENLARGED = "the 1,797 digits of scikit-learn, enlarged from 8 x 8 to 28 x 28"
SKIPPED = ("control", "joint", "distance", "audit")
"""Parts of a measurement that neither direction asks for."""


@dataclass(frozen=True)
class Scale:
    """How much of everything."""

    seeds: int
    updates: int
    images: int
    attack_steps: int
    training_attack_steps: int
    eps_grid: tuple[float, ...]
    angle_grid: tuple[float, ...]
    group_networks: tuple[str, ...]

    @property
    def plan(self) -> Plan:
        """How every network is measured."""
        # float32, so that no verdict hangs on whether the processor computes in bfloat16.
        return Plan(
            eps=self.eps_grid,
            angles=self.angle_grid,
            shifts=(0,),
            attack_schedule="quick",
            steps=self.attack_steps,
            gradients="float32",
            skip=SKIPPED,
        )


SCALES = {
    "smoke": Scale(
        seeds=2,
        updates=60,
        images=48,
        attack_steps=5,
        training_attack_steps=2,
        eps_grid=(0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3),
        angle_grid=(0.0, 15.0, 30.0, 60.0, 90.0, 135.0, 180.0),
        group_networks=("p4_cnn_pooled",),
    ),
    "small": Scale(
        seeds=5,
        updates=1200,
        images=HELD_OUT,
        attack_steps=40,
        training_attack_steps=4,  # of eps/2: they can cross the ball
        eps_grid=(0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4),
        angle_grid=(0.0, 15.0, 30.0, 60.0, 90.0, 120.0, 150.0, 180.0),
        group_networks=("p4_cnn_flat", "p4_cnn_pooled"),
    ),
}


def runs(scale: str, folder: str) -> list[Task]:
    """All runs of a scale by its name."""
    return tasks(DATASETS["digits"](), SCALES[scale], folder)


def tasks(data: ImageSet, scale: Scale, folder: str) -> list[Task]:
    """All runs: StdCNN at every level and seed, the group networks at theta 0 and 180 with one seed."""
    trained = [("augmented", float(theta), 0.0) for theta in (0, 60, 180)] + [("pgd", 0.0, eps) for eps in (0.1, 0.3)]
    runs = [("std_cnn", *level, seed) for seed in range(scale.seeds) for level in trained]
    runs += [(network, "augmented", theta, 0.0, 0) for network in scale.group_networks for theta in (0.0, 180.0)]
    return [Task(RunConfig(_training(data, scale, *run), scale.plan, scale.images), folder) for run in runs]


def _training(
    data: ImageSet, scale: Scale, network: str, objective: str, theta: float, eps: float, seed: int
) -> TrainingConfig:
    return TrainingConfig(
        data=data.name,
        data_checksum=data.checksum,
        held_out=HELD_OUT,
        network=network,
        objective=objective,
        augment_deg=theta,
        eps=eps,
        attack_steps=scale.training_attack_steps if eps else 0,
        eps_warmup=0.3 if eps else 0.0,
        updates=scale.updates,
        batch_size=32,
        learning_rate=0.002,
        seed=seed,
    )
