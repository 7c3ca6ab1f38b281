"""A network as text: NAME, or NAME:KEY=VALUE,... with its options, such as resnet18:width=16."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin, get_type_hints

from torch import nn

from empirical.models.layers import CLASSES, GREY, Shape
from tradeoff.shared import checks
from tradeoff.shared.cli.parser import nearest
from tradeoff.shared.names import quoted, shown

Builder = Callable[..., nn.Module]
"""A function of keywords with defaults: ``shape`` and ``classes`` come from the data, the others are options."""
FROM_DATA = ("shape", "classes")
MOST = 4096
"""Wider or deeper networks than anybody has."""


@dataclass(frozen=True)
class Spec:
    """A network by name with the options that differ from its own; ``str`` writes it in one way only.

    Examples
    --------
    >>> from empirical.models import MODELS
    >>> read("resnet18:width=16", MODELS).options
    (('width', 16),)
    >>> str(read("resnet18:width=64", MODELS))
    'resnet18'
    """

    name: str
    options: tuple[tuple[str, Any], ...]

    def __str__(self) -> str:
        written = ",".join(f"{key}={value}" for key, value in self.options)
        return f"{self.name}:{written}" if written else self.name

    def build(self, models: Mapping[str, Builder], shape: Shape, classes: int) -> nn.Module:
        """A fresh module for images of this shape and so many classes.

        Raises
        ------
        InputError
            If the network cannot have that shape, or these options together.
        """
        builder = models[self.name]
        takes = inspect.signature(builder).parameters
        given = {"shape": shape, "classes": classes}
        if not set(FROM_DATA) <= set(takes) and (shape, classes) != (GREY, CLASSES):
            raise checks.InputError(
                f"network={self.name!r} takes no shape and classes, so it is for images {GREY} of {CLASSES} classes "
                f"alone, not {shape} of {classes}; let its function take them"
            )
        try:
            return builder(**{name: value for name, value in given.items() if name in takes}, **dict(self.options))
        except checks.InputError as error:
            raise checks.InputError(f"network={quoted(str(self))}: {error}") from None


def read(text: str, models: Mapping[str, Builder], *, argument: str = "network") -> Spec:
    """The network that a text names.

    Raises
    ------
    InputError
        For an unknown name, with the nearest one, an unknown option, with those there are, or a value that an option
        does not take.
    """
    if not isinstance(text, str):
        raise checks.InputError(f"{argument}={quoted(text)} is not text; write it like 'std_cnn'")
    name, colon, rest = text.partition(":")
    if name not in models:
        near = nearest(name, models)
        raise checks.InputError(
            f"{argument}={quoted(name)} is unknown; use one of {', '.join(models)}"
            + (f" (the nearest is {near[0]})" if near else "")
        )
    kinds, found = options(models[name]), {}
    for part in rest.split(",") if colon else ():
        key, equals, value = (one.strip() for one in part.partition("="))
        if not equals or not key:
            raise checks.InputError(
                f"{argument}={quoted(text)} does not have the form NAME:KEY=VALUE,...; write it like {_example(kinds)}"
            )
        if key not in kinds:
            there = f"use one of {', '.join(kinds)}" if kinds else f"{name} has no options"
            raise checks.InputError(f"{argument}={quoted(text)}: {name} has no option {shown(key)}; {there}")
        if key in found:
            raise checks.InputError(f"{argument}={quoted(text)} gives {key} twice; give it once")
        try:
            found[key] = _value(key, value, kinds[key][0])
        except checks.InputError as error:
            raise checks.InputError(f"{argument}={quoted(text)}: {error}") from None
    return Spec(name, tuple((key, found[key]) for key in kinds if found.get(key, kinds[key][1]) != kinds[key][1]))


def options(builder: Builder) -> dict[str, tuple[Any, Any]]:
    """Each option of a network with its type and its default."""
    hints = get_type_hints(builder)
    return {
        key: (hints.get(key, str), parameter.default)
        for key, parameter in inspect.signature(builder).parameters.items()
        if key not in FROM_DATA
    }


def kind_of(kind: Any, default: Any) -> str:
    """What an option takes, its default in front: ``parameters|operations``, ``64``."""
    if get_origin(kind) is Literal:
        return "|".join([default, *(one for one in get_args(kind) if one != default)])
    return str(default)


def _value(key: str, text: str, kind: Any) -> Any:
    if get_origin(kind) is Literal:
        return checks.known(key, text, get_args(kind))
    return checks.at_most(key, checks.at_least(key, checks.integer(key, text), 1, what="a count"), MOST)


def _example(kinds: Mapping[str, tuple[Any, Any]]) -> str:
    return next((f"NAME:{key}={default}" for key, (_, default) in kinds.items()), "NAME alone: it has no options")
