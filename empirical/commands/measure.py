"""``python -m empirical measure``: options -> networks, images, plan -> measurements -> files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from empirical.commands import PROGRAM, kernels_option
from empirical.measurement import plan as plans
from empirical.measurement.plan import Plan, usual_eps
from tradeoff.shared import checks, cli, storage
from tradeoff.shared.cli import option, place, switch, text

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
network. Interrupted and run again, it goes on where it was."""


def numbers(name: str, value: object) -> tuple[object, ...]:
    """0,.05,8/255 as a list, or one value; in TOML a list, too."""
    found = checks.listed(name, value)
    if not found:
        raise checks.InputError(f"{name}={value!r} is an empty list; write it like 0,.05,.1")
    return found


def names(name: str, value: object) -> tuple[str, ...]:
    """audit,distance as a list; in TOML a list, too."""
    return tuple(str(part) for part in numbers(name, value))


@dataclass(frozen=True)
class MeasureOptions:
    """What the command line says; ranges are checked by what the values are for."""

    model: tuple[str, ...] = option(text, "networks; NAME=SPEC gives a label", metavar="SPEC", many=True)
    weights: str | None = option(
        place,
        "safetensors file or state dict (.pth) that fills the network of FILE.py:build",
        metavar="FILE",
        default=None,
    )
    data: str = option(
        text,
        "digits (400 held out), mnist, cifar10, cifar100 (10,000 each, as published), a folder of class folders, or "
        "FILE.npz (default: digits)",
        metavar="DATA",
        default="digits",
    )
    mean: str | None = option(text, "normalisation, one number or one a channel: 0.1307", metavar="M", default=None)
    std: str | None = option(text, "the same: 0.3081", metavar="S", default=None)
    normalize: str | None = option(text, "cifar10 or imagenet, in place of mean and std", metavar="NAME", default=None)
    limit: int = option(checks.integer, "images at most, chosen at random (default: 1000)", metavar="N", default=1000)
    eps: tuple[object, ...] | None = option(
        numbers,
        "l_inf radii on [0, 1] pixels (default: 0 to .3 for grey images, 0 to 16/255 for colour)",
        metavar="LIST",
        default=None,
    )
    angles: tuple[object, ...] = option(
        numbers,
        "ranges of rotation in degrees, both ways (default: 0,30,60,90,180)",
        metavar="LIST",
        default=Plan.angles,
    )
    shifts: tuple[object, ...] = option(
        numbers, "ranges of translation in pixels, both ways (default: 0,1,2,3,4)", metavar="LIST", default=Plan.shifts
    )
    draws: int = option(checks.integer, "random moves of each image (default: 5)", metavar="N", default=Plan.draws)
    attack_schedule: str = option(
        text,
        "adaptive (attacks along gradients at each image's own eps, then those of AutoAttack on what is left), quick "
        "(the first of these alone), per_eps (the paper's PGD at every eps) (default: adaptive)",
        metavar="NAME",
        default=Plan.attack_schedule,
    )
    steps: int = option(checks.integer, "steps of a full attack (default: 40)", metavar="N", default=Plan.steps)
    search_steps: int | None = option(
        checks.integer,
        "steps of the first search, not for per_eps (default: 10)",
        metavar="N",
        default=Plan.search_steps,
    )
    restarts: int = option(
        checks.integer,
        "full attacks an image must survive, not for per_eps (default: 1)",
        metavar="N",
        default=Plan.restarts,
    )
    step_size: float | None = option(
        checks.size, "of the per-eps schedule (default: 0.01)", metavar="S", default=Plan.step_size
    )
    gradients: str = option(
        text,
        "auto, float32 or bfloat16; successes are verified in float32 (default: auto)",
        metavar="NAME",
        default="auto",
    )
    kernels: str = kernels_option()
    audit: int = option(
        checks.integer, "images attacked by themselves at every eps (default: 64)", metavar="N", default=Plan.audit
    )
    queries: int = option(
        checks.integer,
        "of the search without gradients: on every claim if adaptive, else on audited images (default: 5000)",
        metavar="N",
        default=Plan.queries,
    )
    skip: tuple[str, ...] = option(
        names, f"parts to leave out, of {', '.join(plans.PARTS)}", metavar="LIST", default=Plan.skip
    )
    seed: int = option(checks.integer, "seed of all random draws (default: 0)", metavar="N", default=Plan.seed)
    batch_size: int | None = option(
        checks.integer,
        "images of a forward pass (default: 256, fewer of large images; on CUDA 512)",
        metavar="N",
        default=None,
    )
    at: float | None = option(
        checks.pixel_eps,
        "eps of the table that comes first, one of the grid (default: where the networks differ most)",
        metavar="EPS",
        default=None,
    )
    save_adversarial: bool = option(switch, "keep each image's nearest adversarial image, for verify", default=False)
    device: str = option(text, "auto, cpu or cuda (default: auto)", metavar="NAME", default="auto")
    out: str = option(place, "folder for everything (default: runs/measure)", metavar="DIR", default="runs/measure")
    json: bool = option(switch, "one JSON object a line for each network, and nothing else", default=False)
    quiet: bool = option(switch, "no progress bar and no summary", default=False)

    def __post_init__(self) -> None:
        if self.batch_size is not None:
            checks.at_least("batch_size", self.batch_size, 1, what="the number of images of a forward pass")
            checks.at_most("batch_size", self.batch_size, 2**31 - 1)

    def plan(self, data: ImageSet) -> Plan:
        """The grids and settings; the default eps depend on whether the images have colours."""
        given: Any = {name: getattr(self, name) for name in PLANNED}
        return Plan(**given | {"eps": usual_eps(data) if self.eps is None else self.eps})


PLANNED = (
    *("angles", "shifts", "draws", "attack_schedule", "steps", "search_steps", "restarts", "step_size", "gradients"),
    *("audit", "queries", "skip", "seed"),
)
"""Options that are fields of a plan."""


def main(arguments: Sequence[str]) -> int:
    """Measure the networks that the flags name."""
    made = cli.parser(f"{PROGRAM} measure", ABOUT, MeasureOptions)
    given = cli.read(made, arguments, MeasureOptions)[0]
    if "model" not in given:
        raise checks.InputError(
            "model is missing; name a network, such as --model example:std_theta0 or --model mine.py:build"
        )
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
    normalize = network_spec.normalization(preset=options.normalize, mean=options.mean, std=options.std)
    if options.weights is not None and len(options.model) > 1:
        raise checks.InputError(
            f"weights={options.weights!r} would fill {len(options.model)} networks; measure one at a time, or load "
            "the weights in your own build()"
        )
    networks = [network_spec.load(spec, weights=options.weights, normalize=normalize) for spec in options.model]
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
        published = publish.publish(folder, measured, at=options.at)
    if options.json:
        for result in filter(None, published.results):
            print(json.dumps(json.loads(result)))
    elif not options.quiet:
        print(published.summary)
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
