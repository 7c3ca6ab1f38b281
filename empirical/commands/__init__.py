"""The commands of ``python -m empirical``, each a `Command` of what follows its name; loaded when it is called."""

from __future__ import annotations

from typing import Any

from empirical.compute import DEVICES, KERNEL_NAMES
from empirical.compute.normalization import PRESETS
from tradeoff.shared import checks
from tradeoff.shared.cli import INPUT, Kind, one_of, option
from tradeoff.shared.registry import Registry

PROGRAM = "python -m empirical"
COMMANDS = Registry(
    {
        "measure": "empirical.commands.measure:COMMAND",
        "verify": "empirical.commands.verify:COMMAND",
        "train": "empirical.commands.train:COMMAND",
        "models": "empirical.commands.models:COMMAND",
        "reproduce": "empirical.commands.reproduce:COMMAND",
        "check-attack": "empirical.commands.check_attack:COMMAND",
        "known-answers": "empirical.commands.check_attack:KNOWN",
        "examples": "empirical.commands.examples:COMMAND",
        "figures": "empirical.commands.figures:COMMAND",
    }
)

MEAN = Kind(checks.ratio, "M", "on the [0, 1] pixel scale")
STD = Kind(lambda name, value: checks.positive(name, value, what="a standard deviation"), "S", "above 0, on that scale")


def kernels_option() -> Any:
    """``--kernels`` of every command that follows gradients."""
    return option(
        one_of(KERNEL_NAMES),
        "what computes gradients, auto the quickest here; set it for the same bits again in another folder",
        default="auto",
    )


def device_option() -> Any:
    """``--device`` of every command that runs networks."""
    return option(one_of(DEVICES), "where networks run, auto on a GPU where there is one", default="auto")


def mean_option() -> Any:
    """``--mean`` of every command that loads a network."""
    about = "mean that the network's input is normalised by, one number or one for each channel, like 0.1307"
    return option(MEAN, about, many=True, repeats=True, group=INPUT, default=None)


def std_option() -> Any:
    """``--std`` of every command that loads a network."""
    about = "standard deviation of the same, like 0.3081"
    return option(STD, about, many=True, repeats=True, group=INPUT, default=None)


def normalize_option() -> Any:
    """``--normalize`` of every command that loads a network."""
    return option(one_of(PRESETS), "in place of mean and std: what is usual there", group=INPUT, default=None)


def front_option(kind: Kind, help: str, *, missing: str, metavar: str) -> Any:
    """What stands in front of the flags of a command."""
    return option(kind, help, metavar=metavar, missing=missing, front=True, group=INPUT)
