"""Measurements -> files: everything a measurement is published as, made from what `measurement.run` returned alone.

In the folder of each run, NAME-ID:

    records.jsonl         every reading, one JSON object a line (keys in `records`)
    result.json           one object in RobustBench's schema with our additions (keys in `report.robustbench`)

and in the folder of all:

    summary.txt           what the numbers mean
    pairs.jsonl           differences image by image and over training seeds of several (`statistics.paired`)
    profiles, joint       .jsonl, .png and .svg: robustness and invariance against their ranges, and both at once;
                          numbers, and pictures drawn from them
    adversarial.png       examples, if the adversarial images were kept
    published.json        which runs these files are of, the SHA-256 of each, and what drew the pictures: for `verify`

Each file is whole or absent, and the same measurements give the same bytes on the same machine and versions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from importlib import metadata
from pathlib import Path

from empirical.measurement.run import Measured
from empirical.report import robustbench
from empirical.report.figures import adversarial_examples, profiles
from empirical.report.text import network
from empirical.statistics import paired, records
from empirical.statistics.over_seeds import Network, networks
from empirical.statistics.records import records_of
from empirical.validation.flags import Flag
from tradeoff.shared import checks, drawing, storage

RECORDS, RESULT, SUMMARY, PAIRS = "records.jsonl", "result.json", "summary.txt", "pairs.jsonl"
PROFILES, JOINT, ADVERSARIAL = "profiles", "joint", "adversarial"
INDEX = "published.json"


def publish(folder: Path, found: Sequence[Measured], flags: Sequence[Sequence[Flag]]) -> str:
    """Write all files and return the summary; ``flags`` holds the sanity flags of each run, in the order of ``found``.

    Files of an earlier call that this one does not make (a figure of what was not measured now) are removed: what
    lies side by side belongs together.

    Raises
    ------
    InputError
        If the runs were not measured on the same images in the same way, one comes twice, there are not as many lists
        of flags, or the disk refuses.
    """
    if len(flags) != len(found):
        raise checks.InputError(
            f"flags={len(flags)} lists do not fit {len(found)} measurements; pass one for each, empty where none was "
            "looked for"
        )
    groups = networks(found)
    for one, seen in zip(found, flags, strict=True):
        own = storage.output_folder("folder", folder / f"{one.name}-{one.run}")
        storage.write_atomic(own / RECORDS, _lines([records.line(record) for record in records_of(one)]))
        storage.write_atomic(own / RESULT, robustbench.result(one, seen).text)
    files, left_out = _figures(groups)
    if len(found) > 1:
        files[PAIRS] = _lines([paired.line(row) for row in paired.rows(found)])
    summary = network.text(found, flags)
    if left_out:
        summary += "\n" + "\n".join(f"Not drawn: {reason}." for reason in left_out) + "\n"
    files[SUMMARY] = summary
    for name in _all_names():
        if name in files:
            storage.write_atomic(folder / name, files[name])
        else:
            (folder / name).unlink(missing_ok=True)
    write_index(folder, [f"{one.name}-{one.run}" for one in found])
    return summary


def write_index(folder: Path, runs: Sequence[str]) -> None:
    """Which runs the files in the common folder are of, and the SHA-256 of each file, of the runs' own, too."""
    content = {"runs": list(runs), "drawn_by": drawn_by(), "sha256": hashes(folder, runs)}
    storage.write_atomic(folder / INDEX, storage.checked_line(content) + "\n")


def drawn_by() -> str:
    """What draws the pictures: another version draws others."""
    return f"matplotlib {metadata.version('matplotlib')}"


def hashes(folder: Path, runs: Iterable[str]) -> dict[str, str]:
    """The SHA-256 of every published file that is there, by its path from the common folder."""
    names = [*_all_names(), *(f"{run}/{name}" for run in runs for name in (RECORDS, RESULT))]
    return {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names if (folder / name).is_file()
    }


def _all_names() -> list[str]:
    """Every file that a call may make in the common folder."""
    drawn = [f"{figure}.{kind}" for figure in (PROFILES, JOINT) for kind in ("jsonl", "png", "svg")]
    return [*drawn, f"{ADVERSARIAL}.png", PAIRS, SUMMARY]


def _figures(groups: Sequence[Network]) -> tuple[dict[str, bytes | str], list[str]]:
    """The figures by file name, and why others cannot be drawn."""
    files: dict[str, bytes | str] = {}
    left_out = []
    for name, build, reason in (
        (PROFILES, profiles.profiles, profiles.no_profiles(groups)),
        (JOINT, profiles.joint, profiles.no_joint(groups)),
    ):
        if reason is None:
            files |= drawing.files(build(groups))
        else:
            left_out.append(f"{name}, because {reason}")
    reason = adversarial_examples.why_not(groups)
    if reason is None:
        files[f"{ADVERSARIAL}.png"] = drawing.encode(adversarial_examples.sheet(groups), "png")
    else:
        left_out.append(f"{ADVERSARIAL}, because {reason}")
    return files, left_out


def _lines(lines: Sequence[str]) -> str:
    return "".join(line + "\n" for line in lines)
