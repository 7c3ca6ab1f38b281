"""``python -m empirical measure``: options -> networks, images, plan -> measurements -> files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from empirical.commands import PROGRAM, device_option, kernels_option, mean_option, normalize_option, std_option
from empirical.compute.normalization import Normalization, normalization
from empirical.measurement import plan as plans
from empirical.measurement.plan import Plan, usual_eps
from empirical.measurement.profile_attack import SCHEDULES
from tradeoff.shared import checks, cli, storage
from tradeoff.shared.cli import INPUT, OUTPUT, Command, Kind, kinds, one_of, option, switch, text, whole

if TYPE_CHECKING:
    from empirical.commands.network_spec import Source
    from empirical.data.images import ImageSet
    from empirical.measurement.measured import Measured
    from tradeoff.shared.progress import Progress

ABOUT = """\
Measures networks on both sides of the trade-off: robustness against l_inf attacks, invariance to rotation, translation
and both, attacks after a rotation, distance to the boundary, equivariance; with intervals, sanity flags, per-image
arrays, figures and records. A network is FILE.py:build or package.module:function (called without arguments; returns a
torch module from (n, c, h, w) images in [0, 1] to logits; naming it runs that code), a folder that training wrote, or
example:NAME. Several are compared image by image; those with one name (--model a=DIR1 a=DIR2) are training seeds of one
network. Interrupted and run again, it goes on where it was. Usual calls:

  python -m empirical measure --model example:std_theta0
  python -m empirical measure --model mine.py:build --weights mine.pth \\
      --data cifar10 --normalize cifar10
  python -m empirical measure --model plain=DIR1 robust=DIR2 --data pictures"""


def planned(name: str, what: str) -> Kind:
    """Whole numbers between those that a plan allows."""
    return whole(*plans.COUNTS[name], what=what)


STEP = Kind(
    lambda name, value: checks.positive(name, value, what="a step on the [0, 1] pixel scale"),
    "S",
    "above 0, on the [0, 1] pixel scale, like 0.01 or 2/255",
)


@dataclass(frozen=True)
class MeasureOptions:
    """What the command line says."""

    model: tuple[str, ...] = option(
        text,
        "networks; NAME=SPEC gives a label",
        metavar="SPEC",
        group=INPUT,
        many=True,
        repeats=True,
        missing="name a network, such as --model example:std_theta0 or --model mine.py:build",
    )
    weights: str | None = option(
        kinds.file,
        "safetensors file or state dict (.pth) that fills the network of FILE.py:build",
        group=INPUT,
        default=None,
    )
    data: str = option(
        text,
        "digits (400 held out), mnist, cifar10, cifar100 (10,000 each, as published), a folder of class folders, or "
        "FILE.npz",
        metavar="DATA",
        group=INPUT,
        default="digits",
    )
    mean: tuple[float, ...] | None = mean_option()
    std: tuple[float, ...] | None = std_option()
    normalize: str | None = normalize_option()
    limit: int = cli.limit_option("images", 1000, chosen="chosen at random")
    eps: tuple[float, ...] | None = option(
        kinds.pixel_eps,
        "l_inf radii of attacks",
        many=True,
        default=None,
        usual="0 to .3 for grey images, 0 to 16/255 for colour",
    )
    angles: tuple[float, ...] = option(kinds.rotation, "ranges of rotation, both ways", many=True, default=Plan.angles)
    shifts: tuple[int, ...] = option(
        kinds.pixels, "ranges of translation in pixels, both ways", many=True, default=Plan.shifts
    )
    draws: int = option(planned("draws", "a number of moves"), "random moves of each image", default=Plan.draws)
    attack_schedule: str = option(
        one_of(SCHEDULES),
        "attacks along gradients at each image's own eps, then those of AutoAttack on what is left (adaptive), the "
        "first of these alone (quick), or the paper's PGD at every eps (per_eps)",
        default=Plan.attack_schedule,
    )
    steps: int = option(planned("steps", "a number of steps"), "steps of a full attack", default=Plan.steps)
    search_steps: int | None = option(
        whole(0, plans.MOST, what="a number of steps"),
        "steps of the first search, not for per_eps",
        default=Plan.search_steps,
        usual=str(plans.SEARCH_STEPS),
    )
    restarts: int = option(
        planned("restarts", "a number of attacks"),
        "full attacks an image must survive, not for per_eps",
        default=Plan.restarts,
    )
    step_size: float | None = option(
        STEP, "of the per-eps schedule", default=Plan.step_size, usual=f"{plans.PAPER_STEP}, the paper's"
    )
    gradients: str = option(
        one_of(plans.PRECISIONS), "precision of gradients; successes are verified in float32", default="auto"
    )
    kernels: str = kernels_option()
    audit: int = option(
        planned("audit", "a number of images"), "images attacked by themselves at every eps", default=Plan.audit
    )
    queries: int = option(
        planned("queries", "a number of queries"),
        "of the search without gradients: on every claim if adaptive, else on audited images",
        default=Plan.queries,
    )
    skip: tuple[str, ...] = option(
        one_of(plans.PARTS), "parts to leave out", many=True, default=Plan.skip, usual="none"
    )
    seed: int = cli.seed_option("all random draws")
    batch_size: int | None = option(
        whole(1, what="the number of images of a forward pass"),
        "images of a forward pass",
        default=None,
        usual="256, fewer of large images; on CUDA 512",
    )
    at: float | None = option(
        kinds.pixel_eps,
        "eps of the table that comes first, one of the grid",
        group=OUTPUT,
        default=None,
        usual="where the networks differ most",
    )
    device: str = device_option()
    save_adversarial: bool = option(
        switch, "keep each image's nearest adversarial image, for verify", group=OUTPUT, default=False
    )
    out: str = cli.out_option("everything", "runs/measure")
    json: bool = cli.json_option("the result of each network")
    no_figure: bool = cli.no_figure_option()
    quiet: bool = cli.quiet_option()

    def __post_init__(self) -> None:
        if self.weights is not None and len(self.model) > 1:
            raise checks.InputError(
                f"weights={self.weights!r} would fill {len(self.model)} networks; measure one at a time, or load the "
                "weights in your own build()"
            )
        _ = self.normalization  # refused before torch is loaded

    @property
    def normalization(self) -> Normalization | None:
        """What is put in front of the networks."""
        return normalization(preset=self.normalize, mean=self.mean, std=self.std)

    def plan(self, data: ImageSet) -> Plan:
        """The grids and settings; the default eps depend on whether the images have colours."""
        given: Any = {name: getattr(self, name) for name in PLANNED}
        return Plan(**given | {"eps": usual_eps(data) if self.eps is None else self.eps})


PLANNED = (
    *("angles", "shifts", "draws", "attack_schedule", "steps", "search_steps", "restarts", "step_size", "gradients"),
    *("audit", "queries", "skip", "seed"),
)
"""Options that are fields of a plan."""


def _measure(given: dict[str, Any]) -> int:
    """Measure the networks that the flags name."""
    options = MeasureOptions(**given)
    failed = [f"{run.name}: {part} ({why})" for run in measure(options) for part, why in run.failed.items()]
    if failed:
        raise checks.InputError(f"not measured: {'; '.join(failed)}. All else is written in {options.out!r}")
    return 0


def measure(options: MeasureOptions) -> list[Measured]:
    """Measure every network, write the files, and say what was found."""
    from empirical import data as images_of
    from empirical.commands import network_spec
    from empirical.commands.contained import aside
    from empirical.compute.device import choose
    from empirical.measurement.run import total_cost
    from empirical.report import publish
    from empirical.report.formatting import eps_text

    device = choose(options.device)
    networks = [
        network_spec.load(spec, weights=options.weights, normalize=options.normalization) for spec in options.model
    ]
    network_spec.check_names(networks)
    data = images_of.read(options.data, limit=options.limit).to(device)
    for network in networks:
        network_spec.check_unseen(network, data)
    plan = options.plan(data)
    if options.at is not None and options.at not in plan.eps[1:]:
        raise checks.InputError(
            f"at={options.at:g} is none of the positive eps of this grid; use one of "
            f"{', '.join(map(eps_text, plan.eps[1:]))}, or add it to --eps"
        )
    folder = storage.output_folder("out", options.out)
    work, quiet = len(networks) * total_cost(len(data), plan), options.quiet or options.json
    with storage.locked(folder), aside("a network"):
        with cli.bar(work, "measuring", quiet=quiet) as advance:
            measured = [_one(network, data, plan, options, advance) for network in networks]
        published = publish.publish(folder, measured, at=options.at, drawn=not options.no_figure)
    if options.json:
        for result in filter(None, published.results):
            print(json.dumps(json.loads(result)))
    else:
        cli.show(published.summary)
    published.check()
    return measured


def _one(network: Source, data: ImageSet, plan: Plan, options: MeasureOptions, advance: Progress) -> Measured:
    """One network, which is on the device no longer than it takes: there is room for one at a time."""
    from empirical.measurement.run import run

    measured = run(
        network.model.to(data.images.device),
        data,
        plan,
        name=network.name,
        checksum=network.checksum,
        training_seed=network.training.seed if network.training else None,
        folder=Path(options.out),
        batch_size=options.batch_size,
        kernels=options.kernels,
        keep_adversarial=options.save_adversarial,
        progress=advance,
    )
    network.model.cpu()
    return measured


COMMAND = Command(f"{PROGRAM} measure", ABOUT, (MeasureOptions,), _measure)
