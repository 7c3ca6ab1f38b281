"""``python -m empirical verify``: the adversarial images of a run re-verified, what was published made again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from empirical.commands import PROGRAM, device_option, front_option, mean_option, normalize_option, std_option
from empirical.compute.normalization import Normalization, normalization
from tradeoff.shared import cli, storage
from tradeoff.shared.cli import INPUT, Command, kinds, option, place, text
from tradeoff.shared.names import shown

if TYPE_CHECKING:
    from empirical.measurement.verify import Verified
    from empirical.report.published import Compared

ABOUT = """\
Re-verifies the adversarial images that `measure --save-adversarial` kept, by a forward pass alone: that they lie in
[0, 1], within the sizes on file, and change the answer; and that who is said to be unfooled at which eps follows from
them. Answers to moved images are asked again. Then all that was published is made again from the arrays and the network
and compared, file by file: records, result, summary, pairs, figures. The network is named as for measure, since naming
a file runs it; the exit code is 1 if anything does not hold. A usual call:

  python -m empirical verify runs/measure/NAME-ID --model mine.py:build"""


VERIFIED = "verified.txt"


@dataclass(frozen=True)
class VerifyOptions:
    """The network and the images of the run."""

    folder: str = front_option(
        place, "the folder of the run", metavar="DIR", missing="name the folder of a run, the one that holds run.json"
    )
    model: str = option(
        text,
        "the network that was measured",
        metavar="SPEC",
        group=INPUT,
        missing="name the network that was measured, as for measure",
    )
    weights: str | None = option(kinds.file, "as for measure", group=INPUT, default=None)
    data: str | None = option(
        text, "as for measure", metavar="DATA", group=INPUT, default=None, usual="that of the run, where it has a name"
    )
    mean: tuple[float, ...] | None = mean_option()
    std: tuple[float, ...] | None = std_option()
    normalize: str | None = normalize_option()
    device: str = device_option()
    out: str | None = cli.out_option(f"{VERIFIED}, what was found in words", usual="none")
    quiet: bool = cli.quiet_option()

    def __post_init__(self) -> None:
        _ = self.normalization  # refused before torch is loaded

    @property
    def normalization(self) -> Normalization | None:
        """What is put in front of the network."""
        return normalization(preset=self.normalize, mean=self.mean, std=self.std)


def _verify(given: dict[str, Any]) -> int:
    """Re-verify the run whose folder stands in front of the flags; 1 if anything does not hold."""
    options = VerifyOptions(**given)
    out = None if options.out is None else storage.output_folder("out", options.out)
    found, compared = verified(Path(options.folder), options)
    told = f"{found.text()}\n{compared.text()}"
    cli.show(told)
    if out is not None:
        storage.write_atomic(out / VERIFIED, cli.fitted(told, cli.PAGE) + "\n")
        cli.mention(f"Written: {shown(out / VERIFIED)}")
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
    if options.data is None:
        data = verification.images_of_run(folder)
    else:
        data = images_of.read(options.data, limit=stored.content(folder)["images"])
    network = network_spec.load(options.model, weights=options.weights, normalize=options.normalization)
    model, data = network.model.to(device), data.to(device)
    with aside("the network"):
        found = verification.verify(folder, model, data)
        return found, published.compare(folder, model, data)


COMMAND = Command(f"{PROGRAM} verify", ABOUT, (VerifyOptions,), _verify)
