"""Measurements -> files: everything a measurement is published as, made from what `measurement.run` returned alone.

In the folder of each run, NAME-ID::

    records.jsonl         every reading, one JSON object a line (keys in `records`)
    result.json           one object in RobustBench's schema with our additions (keys in `report.robustbench`)

and in the folder of all::

    summary.txt           what the numbers mean
    pairs.jsonl           differences image by image and over training seeds of several (`statistics.paired`)
    profiles, joint       .jsonl, .png and .svg: robustness and invariance against their ranges, and both at once;
                          numbers, and pictures drawn from them
    adversarial.png       examples, if the adversarial images were kept
    published.json        which runs these files are of, the SHA-256 of each, and what drew the pictures: for `verify`

Each file is whole or absent, and the same measurements give the same bytes on the same machine and versions. The
records are written first, and a file that cannot be made takes no other along.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from pathlib import Path

from empirical.measurement.measured import Measured
from empirical.report import robustbench
from empirical.report.figures import adversarial_examples, profiles
from empirical.report.text import network
from empirical.report.text.conclusion import common_eps
from empirical.statistics import paired, records
from empirical.statistics.over_seeds import Network, networks
from empirical.statistics.records import records_of
from empirical.validation.flags import Flag, flags
from tradeoff.shared import cli, drawing, storage
from tradeoff.shared.result_files import Content, Outputs

RECORDS, RESULT, SUMMARY, PAIRS = "records.jsonl", "result.json", "summary.txt", "pairs.jsonl"
PROFILES, JOINT, ADVERSARIAL = "profiles", "joint", "adversarial"
INDEX = "published.json"
Figures = dict[str, Callable[[], Iterator[tuple[str, Content]]]]


@dataclass(frozen=True)
class Published:
    """What was said and written: the summary, its sentences unbroken, and result.json of each run; "" for what could
    not be made.
    """

    summary: str
    results: tuple[str, ...]
    outputs: Outputs

    def check(self) -> None:
        """Tell which files could not be made, as an InputError; the others stand."""
        self.outputs.check()


def publish(
    folder: Path,
    found: Sequence[Measured],
    asked: Callable[[Measured], Sequence[Flag]] = flags,
    *,
    at: float | None = None,
    drawn: bool = True,
) -> Published:
    """Write all files, the records first, figures unless not ``drawn``; ``asked`` gives the sanity flags of a run.

    ``at`` is the eps of the summary's table, where it is not to be the one at which the networks differ most.

    Files of an earlier call that this one does not make (a figure of what was not measured now) are removed: what
    lies side by side belongs together. What fails is for the caller to tell, by `Published.check`.

    Raises
    ------
    InputError
        If the runs were not measured on the same images in the same way, one comes twice, ``at`` is no eps of the grid,
        or the disk refuses a folder.
    """
    groups, outputs = networks(found), Outputs(folder)
    common_eps(groups, at)  # refused before anything is written
    for run in found:
        storage.output_folder("folder", folder / _place(run))
        _add(outputs, f"{_place(run)}/{RECORDS}", partial(_records, run))
    seen = [outputs.made(f"flags of {run.name}", partial(asked, run)) or [] for run in found]
    results = [
        _add(outputs, f"{_place(run)}/{RESULT}", partial(_result, run, its))
        for run, its in zip(found, seen, strict=True)
    ]
    figures, left_out = outputs.made("figures", partial(_figures, groups)) or ({}, "") if drawn else ({}, "")
    said = outputs.made(SUMMARY, lambda: network.text(found, seen, at) + left_out)
    if said is not None:
        _add(outputs, SUMMARY, partial(cli.fitted, said, cli.PAGE))
    if len(found) > 1:
        _add(outputs, PAIRS, lambda: _lines(map(paired.line, paired.rows(found))))
    for name, files in figures.items():
        outputs.add(name, files)
    for name in _all_names() - outputs.makeable:
        (folder / name).unlink(missing_ok=True)
    _add(outputs, INDEX, lambda: index(folder, [_place(run) for run in found], at))
    return Published(said or "", tuple(results), outputs)


def _place(run: Measured) -> str:
    """The folder of a run."""
    return f"{run.name}-{run.run}"


def _records(run: Measured) -> str:
    return _lines(map(records.line, records_of(run)))


def _result(run: Measured, flags: Sequence[Flag]) -> str:
    return robustbench.result(run, flags).text


def _add(outputs: Outputs, name: str, make: Callable[[], str]) -> str:
    """The text that is written, "" if it could not be made."""
    return str(outputs.add(name, lambda: [(name, make())]).get(name, ""))


def index(folder: Path, runs: Sequence[str], at: float | None = None) -> str:
    """Which runs the files in the common folder are of, the eps of the summary if one was chosen, and the SHA-256 of
    each file, of the runs' own, too.
    """
    content = {
        "runs": list(runs),
        **({} if at is None else {"at": at}),
        "drawn_by": drawn_by(),
        "sha256": hashes(folder, runs),
    }
    return storage.checked_line(content) + "\n"


def drawn_by() -> str:
    """What draws the pictures: another version draws others."""
    return f"matplotlib {metadata.version('matplotlib')}"


def hashes(folder: Path, runs: Iterable[str]) -> dict[str, str]:
    """The SHA-256 of every published file that is there, by its path from the common folder."""
    names = [*sorted(_all_names()), *(f"{run}/{name}" for run in runs for name in (RECORDS, RESULT))]
    return {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names if (folder / name).is_file()
    }


def _all_names() -> set[str]:
    """Every file that a call may make in the common folder."""
    drawn = {f"{figure}.{kind}" for figure in (PROFILES, JOINT) for kind in ("jsonl", "png", "svg")}
    return drawn | {f"{ADVERSARIAL}.png", PAIRS, SUMMARY}


def _figures(groups: Sequence[Network]) -> tuple[Figures, str]:
    """What makes the files of each figure, and why others cannot be drawn."""
    reasons = {
        PROFILES: profiles.no_profiles(groups),
        JOINT: profiles.no_joint(groups),
        ADVERSARIAL: adversarial_examples.why_not(groups),
    }
    makers: Figures = {
        PROFILES: lambda: drawing.files(profiles.profiles(groups)),
        JOINT: lambda: drawing.files(profiles.joint(groups)),
        ADVERSARIAL: lambda: _sheet(groups),
    }
    left_out = [f"Not drawn: {name}, because {reason}.\n" for name, reason in reasons.items() if reason is not None]
    drawn = {name: make for name, make in makers.items() if reasons[name] is None}
    return drawn, "".join(["\n", *left_out] if left_out else [])


def _sheet(groups: Sequence[Network]) -> Iterator[tuple[str, Content]]:
    yield f"{ADVERSARIAL}.png", drawing.encode(adversarial_examples.sheet(groups), "png")


def _lines(lines: Iterator[str]) -> str:
    return "".join(line + "\n" for line in lines)
