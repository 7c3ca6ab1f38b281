"""``python -m empirical models``: which networks there are, and what each costs on the images of a data set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from empirical.commands import PROGRAM
from tradeoff.shared import cli, storage, streams
from tradeoff.shared.cli import INPUT, Command, Kind, kinds, one_of, option
from tradeoff.shared.names import shown

ABOUT = """\
Lists the networks that train knows, with their options, and counts parameters and multiply-accumulates of one image,
without computing anything. Options are written behind the name.

  python -m empirical models --data cifar10
  python -m empirical models --data cifar10 \\
      --network resnet18:width=16 p4_resnet18:width=16,equal=operations"""

IMAGES: dict[str, tuple[tuple[int, int, int], int]] = {
    "digits": ((1, 28, 28), 10),
    "mnist": ((1, 28, 28), 10),
    "cifar10": ((3, 32, 32), 10),
    "cifar100": ((3, 32, 32), 100),
}
"""Channels, height and width, and the number of classes: known without the files."""
FILE = "models.jsonl"
NETWORK = Kind(kinds.text.read, "NETWORK", "a name, or NAME:KEY=VALUE,...", parts=lambda text: at_networks(text))


@dataclass(frozen=True)
class ModelsOptions:
    """What is listed, and for which images."""

    network: tuple[str, ...] | None = option(
        NETWORK, "networks to list", many=True, group=INPUT, default=None, usual="all"
    )
    data: str = option(one_of(IMAGES), "whose images they are for", metavar="DATA", group=INPUT, default="mnist")
    out: str | None = cli.out_option(f"the list as {FILE}", usual="none")
    json: bool = cli.json_option("networks")
    quiet: bool = cli.quiet_option()


@dataclass(frozen=True)
class Listed:
    """A network and what it costs, or why it cannot have these images."""

    network: str
    data: str
    parameters: int | None
    macs: int | None
    options: dict[str, str]
    reason: str = ""


def at_networks(text: str) -> list[str]:
    """The networks of a list: an option behind a comma belongs to the network before it.

    >>> at_networks("std_cnn,mlp:width=9,depth=3,linear")
    ['std_cnn', 'mlp:width=9,depth=3', 'linear']
    """
    found: list[str] = []
    for part in kinds.at_commas(text):
        if found and "=" in part and ":" not in part.partition("=")[0]:
            found[-1] += f",{part}"
        else:
            found.append(part)
    return found


def _list(given: dict[str, Any]) -> int:
    """Count each network and print the table."""
    options = ModelsOptions(**given)
    from empirical.models import MODELS, named

    asked = [named(one) for one in options.network or MODELS]
    folder = None if options.out is None else storage.output_folder("out", options.out)
    found = [listed(one, options.data, refuse=options.network is not None) for one in asked]
    lines = "".join(storage.json_line(asdict(one)) + "\n" for one in found)
    with streams.beside_files() as say:
        say(lines.rstrip("\n") if options.json else table(found))
        if folder is not None:
            storage.write_atomic(Path(folder) / FILE, lines)
            if not options.json and not options.quiet:
                say(f"\nWritten: {shown(Path(folder) / FILE)}")
    return 0


def listed(network: str, data: str, *, refuse: bool) -> Listed:
    """What a network costs; one that cannot have these images is told, or refused if it was asked for.

    Raises
    ------
    InputError
        With ``refuse``, for a network that these images do not fit.
    """
    from empirical.models import MODELS, cost_of, spec
    from tradeoff.shared import checks

    name = network.partition(":")[0]
    takes = {key: spec.kind_of(kind, default) for key, (kind, default) in spec.options(MODELS[name]).items()}
    shape, classes = IMAGES[data]
    try:
        cost = cost_of(network, shape=shape, classes=classes)
    except checks.InputError as error:
        if refuse:
            raise
        return Listed(network, data, None, None, takes, str(error))
    return Listed(network, data, cost.parameters, cost.macs, takes)


def table(found: Sequence[Listed]) -> str:
    """Names, parameters and millions of operations in columns, and the options with their defaults."""
    first = max(len("network"), *(len(one.network) for one in found))
    shape, classes = IMAGES[found[0].data]
    lines = [f"Images of {found[0].data}: {' x '.join(map(str, shape))}, {classes} classes.", ""]
    lines.append(f"{'network':<{first}}  {'parameters':>11}  {'million MACs':>12}  options")
    for one in found:
        takes = " ".join(f"{key}={value}" for key, value in one.options.items())
        cost = (
            f"{one.parameters:>11,}  {one.macs / 1e6:>12,.2f}"
            if one.parameters is not None and one.macs is not None
            else f"{'-':>11}  {'-':>12}"
        )
        lines.append(f"{one.network:<{first}}  {cost}  {one.reason or takes}".rstrip())
    return "\n".join(lines)


COMMAND = Command(f"{PROGRAM} models", ABOUT, (ModelsOptions,), _list)
