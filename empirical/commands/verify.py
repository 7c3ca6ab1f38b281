"""``python -m empirical verify``: the adversarial images of a run re-verified, what was published made again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from empirical.commands import PROGRAM, in_front
from tradeoff.shared import checks, cli
from tradeoff.shared.cli import option, place, text

if TYPE_CHECKING:
    from empirical.measurement.verify import Verified
    from empirical.report.published import Compared

ABOUT = """\
Re-verifies the adversarial images that `measure --save-adversarial` kept, by a forward pass alone: that they lie in
[0, 1], within the sizes on file, and change the answer; and that who is said to be unfooled at which eps follows from
them. Answers to moved images are asked again. Then all that was published is made again from the arrays and the network
and compared, file by file: records, result, summary, pairs, figures. The network is named as for measure, since naming
a file runs it; the exit code is 1 if anything does not hold."""


@dataclass(frozen=True)
class VerifyOptions:
    """The network and the images of the run."""

    model: str = option(text, "the network that was measured", metavar="SPEC")
    weights: str | None = option(place, "as for measure", metavar="FILE", default=None)
    data: str | None = option(
        text, "as for measure (may be left out for digits and mnist)", metavar="DATA", default=None
    )
    mean: str | None = option(text, "as for measure", metavar="M", default=None)
    std: str | None = option(text, "as for measure", metavar="S", default=None)
    normalize: str | None = option(text, "as for measure", metavar="NAME", default=None)
    device: str = option(text, "auto, cpu or cuda (default: auto)", metavar="NAME", default="auto")


def main(arguments: Sequence[str]) -> int:
    """Re-verify the run whose folder stands in front of the flags; 1 if anything does not hold."""
    folder, rest = in_front(arguments, "folder", "name the folder of a run, the one that holds run.json")
    made = cli.parser(f"{PROGRAM} verify DIR", ABOUT, VerifyOptions)
    given = cli.read(made, rest, VerifyOptions)[0]
    if "model" not in given:
        raise checks.InputError("model is missing; name the network that was measured, as for measure")
    found, compared = verified(Path(folder), VerifyOptions(**given))
    print(found.text(), compared.text(), sep="\n")
    return int(bool(found.complaints or compared.complaints))


def verified(folder: Path, options: VerifyOptions) -> tuple[Verified, Compared]:
    """The adversarial images of a run re-verified, and what was published of it made again."""
    from empirical import data as images_of
    from empirical.commands import network_spec
    from empirical.commands.contained import aside
    from empirical.compute.device import choose
    from empirical.measurement import stored
    from empirical.measurement import verify as verification
    from empirical.report import published

    device = choose(options.device)
    normalize = network_spec.normalization(preset=options.normalize, mean=options.mean, std=options.std)
    if options.data is None:
        data = verification.images_of_run(folder)
    else:
        data = images_of.read(options.data, limit=stored.content(folder)["images"])
    network = network_spec.load(options.model, weights=options.weights, normalize=normalize)
    model, data = network.model.to(device), data.to(device)
    with aside("the network"):
        found = verification.verify(folder, model, data)
        return found, published.compare(folder, model, data)
