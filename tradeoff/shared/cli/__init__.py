"""One grammar of flags in all commands.

A command is data (`Command`): dataclasses whose fields are its flags, and what is done with the values. A field says
by ``option(kind, help)`` what values it takes (`kinds`), so that the same word means the same everywhere: lists by
commas or spaces alike, ``--config`` with a file of any of the flags, ``--quiet``, ``--version``, help in one order.

    kinds         what values a flag takes, and the sentence that refuses others
    options       a dataclass field that is a flag; the flags that many commands share
    parser        flags and --help out of dataclasses
    config_file   a TOML or JSON file -> values
    reading       command line and file -> values, the command line in front
    command       all of it together
    fitting       text that fits the page, and is said
    outcome       exit codes, errors in a sentence
    waiting       how far long work is: a bar on a terminal, a line now and then elsewhere
"""

from tradeoff.shared.cli import kinds
from tradeoff.shared.cli.command import Command, page
from tradeoff.shared.cli.fitting import PAGE, fitted, mention, show, width
from tradeoff.shared.cli.kinds import Kind, one_of, place, switch, text, whole
from tradeoff.shared.cli.options import (
    GENERAL,
    INPUT,
    METHOD,
    OUTPUT,
    json_option,
    limit_option,
    no_figure_option,
    option,
    out_option,
    quiet_option,
    seed_option,
    workers_option,
)
from tradeoff.shared.cli.outcome import answered
from tradeoff.shared.cli.parser import parser
from tradeoff.shared.cli.reading import read
from tradeoff.shared.cli.waiting import bar

__all__ = [
    "GENERAL",
    "INPUT",
    "METHOD",
    "OUTPUT",
    "PAGE",
    "Command",
    "Kind",
    "answered",
    "bar",
    "fitted",
    "json_option",
    "kinds",
    "limit_option",
    "mention",
    "no_figure_option",
    "one_of",
    "option",
    "out_option",
    "page",
    "parser",
    "place",
    "quiet_option",
    "read",
    "seed_option",
    "show",
    "switch",
    "text",
    "whole",
    "width",
    "workers_option",
]
