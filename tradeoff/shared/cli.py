"""What every command shares: flags and TOML keys made from the fields of dataclasses, exit codes, a progress bar.

A field says by ``option(...)`` how its text is read and what it means. Ranges are the dataclass's own business.
"""

from __future__ import annotations

import argparse
import errno
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import MISSING, Field, field, fields
from pathlib import Path
from typing import Any, NoReturn

from tradeoff.shared import checks, streams
from tradeoff.shared.names import quoted, sentence, shown
from tradeoff.shared.progress import Progress, silent

Reader = Callable[[str, object], object]
ROOMS = ("tradeoff", "proofs", "empirical")
LAYOUT = "{l_bar}{bar}| {elapsed} so far, {remaining} left"


def answered(program: str, run: Callable[[], int], *, interrupted: str, extra: str = "") -> int:
    """The exit code of a command: that of ``run``, or why it could not be run, in one sentence on the error stream.

    Parameters
    ----------
    program : str
        What was typed, in front of the sentence.
    run : callable
        Does the work and returns its exit code.
    interrupted : str
        What Ctrl-C leaves behind.
    extra : str
        The extra of this package that brings what a room needs, for a missing package.

    Returns
    -------
    int
        2 for input or files that cannot be used, a package that is missing, or output that cannot be written; 130 after
        Ctrl-C; 1 where the reader of a pipe has seen enough.
    """
    streams.legible()
    try:
        try:
            return _told(program, run, interrupted, extra)
        finally:
            streams.flush()  # and not when Python ends, where an error is a traceback
    except BrokenPipeError:
        streams.drop(sys.stdout)
        return 1
    except OSError as error:
        if streams.fails():
            streams.drop(sys.stdout)
            why = f"the output cannot be written ({error.strerror}); send it somewhere else"
        elif error.filename is not None:
            why = f"{quoted(error.filename)} cannot be used ({error.strerror}); name a file or folder that can be"
        else:
            raise
        streams.complain(f"{program}: {why}")
        return 2


def _told(program: str, run: Callable[[], int], interrupted: str, extra: str) -> int:
    """The exit code of ``run``, or why it could not be run, said on the error stream."""
    try:
        return run()
    except checks.InputError as error:
        streams.complain(f"{program}: {sentence(error)}")
        return 2
    except KeyboardInterrupt:
        streams.complain(f"{program}: interrupted{interrupted}")
        return 130
    except ModuleNotFoundError as error:
        if not extra or (error.name or "").split(".")[0] in ROOMS:
            raise
        missing = f"the package {quoted(error.name)} is missing"
        streams.complain(f"{program}: {missing}; install it with pip install -e '.[{extra}]'")
        return 2


@contextmanager
def bar(total: float | None, what: str, *, quiet: bool = False) -> Iterator[Progress]:
    """A progress bar on the error stream where that is a terminal, once the work has taken a second.

    ``total`` is the work to be done in the unit of what the caller is told, None where it is not known beforehand.
    """
    if quiet or total == 0 or sys.stderr is None or not sys.stderr.isatty():
        yield silent
        return
    from tqdm import tqdm

    layout = {} if total is None else {"bar_format": LAYOUT}
    with tqdm(total=total, desc=what, unit_scale=True, leave=False, delay=1, **layout) as shown:
        yield shown.update


def text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise checks.InputError(f"{name}={quoted(value)} is not text; put it in quotation marks")
    return value


def place(name: str, value: object) -> str:
    """A path, as text; see `checks.place`."""
    return checks.place(name, text(name, value))


def switch(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise checks.InputError(f"{name}={quoted(value)} is not true or false; write {name} = true")
    return value


def option(read: Reader, help: str, *, metavar: str = "", many: bool = False, default: Any = MISSING) -> Any:
    """A dataclass field that is also a flag; a switch reads with `switch`, a list of values has ``many``."""
    metadata = {"read": read, "help": help, "metavar": metavar, "many": many}
    return field(metadata=metadata) if default is MISSING else field(default=default, metadata=metadata)


class Parser(argparse.ArgumentParser):
    """An argument parser that says what is wrong in one sentence, without the usage in front of it."""

    def error(self, message: str) -> NoReturn:
        raise checks.InputError(f"{shown(message)}; see {self.prog} --help")


def parser(program: str, description: str, *configs: type) -> Parser:
    """A parser with one flag for each field of the dataclasses, and --config."""
    made = Parser(
        prog=program, description=description, allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for config in configs:
        for spec in fields(config):
            _add(made, spec)
    made.add_argument(
        "--config", metavar="FILE.toml", help="read any of these options from a TOML file; flags given here win"
    )
    return made


def _add(made: Parser, spec: Field[Any]) -> None:
    name, about = "--" + spec.name.replace("_", "-"), spec.metadata["help"].replace("%", "%%")
    if spec.metadata["read"] is switch:
        made.add_argument(name, action="store_const", const=True, help=about)
    else:
        # --model A --model B is --model A B: of two values none is dropped without a word.
        many: dict[str, Any] = {"nargs": "+", "action": "extend"} if spec.metadata["many"] else {}
        made.add_argument(name, metavar=spec.metadata["metavar"], help=about, **many)


def read(made: Parser, arguments: Sequence[str] | None, *configs: type) -> list[dict[str, Any]]:
    """For each dataclass the values that were given: by flag, else in the TOML file. Others keep their defaults.

    Raises
    ------
    InputError
        For an unknown flag or key, a value that cannot be read, or a file that is missing or not TOML.
    """
    given = vars(made.parse_args(_join_words(sys.argv[1:] if arguments is None else list(arguments))))
    path = given.pop("config")
    values = _toml(path, configs) if path is not None else {}
    values.update({name: value for name, value in given.items() if value is not None})
    return [
        {spec.name: _value(spec, values[spec.name]) for spec in fields(config) if spec.name in values}
        for config in configs
    ]


def _join_words(arguments: list[str]) -> list[str]:
    """``--word -+-+`` as ``--word=-+-+``: argparse would take the word for a flag."""
    joined: list[str] = []
    for argument in arguments:
        if joined and joined[-1] in ("--word", "--patterns") and not set(argument) - set("+-:,0123456789"):
            joined[-1] = f"{joined[-1]}={argument}"
        else:
            joined.append(argument)
    return joined


def _value(spec: Field[Any], raw: object) -> object:
    reader: Reader = spec.metadata["read"]
    if not spec.metadata["many"]:
        return reader(spec.name, raw)
    if not isinstance(raw, list) or not raw:
        raise checks.InputError(
            f"{spec.name}={quoted(raw)} is not a list with at least one value; write {spec.name} = [...]"
        )
    return tuple(reader(spec.name, value) for value in raw)


def _toml(path: str, configs: Sequence[type]) -> dict[str, Any]:
    try:
        if Path(path).exists() and not Path(path).is_file():
            raise OSError(errno.EINVAL, "it is no regular file")  # a pipe would be waited for without end
        content = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))  # some editors begin with a mark of bytes
    except OSError as error:
        raise checks.InputError(
            f"config={quoted(path)} cannot be read ({error.strerror}); name a TOML file that exists"
        ) from None
    except RecursionError:
        raise checks.InputError(f"config={quoted(path)} is nested too deeply; write lines like p = 0.7") from None
    except ValueError as error:  # also bytes that are no UTF-8, and numbers of thousands of digits
        raise checks.InputError(
            f"config={quoted(path)} is not TOML ({shown(error)}); write lines like p = 0.7"
        ) from None
    names = [spec.name for config in configs for spec in fields(config)]
    values: dict[str, Any] = {}
    for key, value in content.items():
        name = key.replace("-", "_")
        if name in values:
            raise checks.InputError(
                f"config={quoted(path)} has {quoted(key)} twice, with - and with _; keep one of them"
            )
        values[name] = value
        if key.replace("-", "_") not in names:
            raise checks.InputError(
                f"config={quoted(path)} has the unknown key {quoted(key)}; use any of {', '.join(names)}"
            )
    return values
