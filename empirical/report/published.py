"""What a measurement was published as, made again from its arrays and its network, and compared file by file.

Every file of `report.publish` is published once more into a folder that is thrown away. Numbers must be the same, up to
the last digits in which another processor rounds; words must be the same; pictures must be the same bytes where the
same version draws them. Beside that each file must still have the SHA-256 that stands in the index of its folder, which
a change by accident does not keep.

Flags are asked of the network anew. Their sentences may hold differences of logits, which are rounding and nothing
else; such a number is the same if it is as small. Those of the other networks of a comparison are taken from their
files: verify each with its own network.
"""

from __future__ import annotations

import json
import math
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import nn

from empirical.data.images import ImageSet
from empirical.measurement import stored
from empirical.measurement.measured import Measured
from empirical.measurement.probe import NOT_ASKED, ROUNDING, probe
from empirical.measurement.verify import images_of_content
from empirical.report import publish, robustbench
from empirical.validation.flags import Flag, flags
from tradeoff.shared import checks, storage
from tradeoff.shared.names import quoted, shown

SAME = 1e-9
"""Numbers that differ by less than this share are the same, rounded by another processor."""
PICTURES = (".png", ".svg")
"""A folder without any was published with --no-figure."""
NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[-+]?\d+)?")


@dataclass(frozen=True)
class Compared:
    """The published files that were compared, what does not hold, and what could not be compared."""

    files: int
    complaints: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def text(self) -> str:
        """What was found, in words."""
        lines = [f"Not compared: {note}" for note in self.notes]
        if self.complaints:
            lines += ["PUBLISHED OTHERWISE:", *(f"  {complaint}" for complaint in self.complaints)]
        elif self.files:
            lines.append(f"Published: {self.files} files, made again from the arrays and the network, are the same.")
        return "\n".join(lines)


def compare(folder: Path, model: nn.Module, data: ImageSet) -> Compared:
    """Make again what was published of a run, and of the runs that it was compared with, and compare.

    ``data`` is what the run was given before its limit, on the device of the model.

    Raises
    ------
    InputError
        If the run itself cannot be read, or was measured on other images.
    """
    common, own = folder.resolve().parent, folder.resolve().name
    if not any((folder / name).exists() for name in (publish.RECORDS, publish.RESULT)):
        return Compared(0, (), ("nothing was published beside the arrays.",))
    data = images_of_content(data, stored.content(folder))
    index, complaints = _index(common)
    complaints += [
        f"{name} is not the file that was written (its SHA-256 is another one)"
        for name, digest in index["sha256"].items()
        if publish.hashes(common, index["runs"]).get(name) != digest
    ]
    alone = own not in index["runs"]
    notes = [f"{publish.INDEX} is of other runs, and so are the files beside it."] if alone and index["runs"] else []
    try:
        runs = [
            _reread(common / run, model if run == own else None, data) for run in ([own] if alone else index["runs"])
        ]
    except (ValueError, OSError, KeyError, TypeError, AttributeError) as error:
        return Compared(0, (*complaints, f"what was published cannot be made again: {error}"), tuple(notes))
    with tempfile.TemporaryDirectory() as made:
        seen = {id(run): its for run, its in runs}
        at = None if alone else index.get("at")
        drawn = alone or any(Path(name).suffix in PICTURES for name in index["sha256"])
        publish.publish(Path(made), [run for run, _ in runs], lambda run: seen[id(run)], at=at, drawn=drawn).check()
        names = [path.relative_to(made).as_posix() for path in sorted(Path(made).rglob("*")) if path.is_file()]
        names = [name for name in names if name != publish.INDEX and (not alone or name.startswith(f"{own}/"))]
        pictures = index["drawn_by"] == publish.drawn_by()
        if not pictures and not alone:
            notes.append(f"pictures, since {index['drawn_by']} drew them, and here is {publish.drawn_by()}.")
        for name in names:
            if pictures or Path(name).suffix not in PICTURES:
                complaints += [f"{name}{said}" for said in _differences(common / name, Path(made) / name)]
    if not alone:
        extra = publish.hashes(common, []).keys() - set(names)
        complaints += [f"{name} is published, and is not made from these runs" for name in sorted(extra)]
    return Compared(len(names), tuple(complaints), tuple(notes))


def _index(common: Path) -> tuple[dict[str, Any], list[str]]:
    """What the index of a folder says, or nothing, and what is wrong with it."""
    empty = {"runs": [], "drawn_by": publish.drawn_by(), "sha256": {}}
    path = common / publish.INDEX
    try:
        (content,) = storage.read_lines(path)
    except (checks.InputError, ValueError):
        content = None
    if content is None or not empty.keys() <= content.keys():
        return empty, [f"{publish.INDEX} is missing or damaged, so nobody knows which runs the files beside it are of"]
    return content, []


def _reread(folder: Path, model: nn.Module | None, data: ImageSet) -> tuple[Measured, list[Flag]]:
    """A run from its files, and its flags: asked anew where its network is at hand."""
    about = robustbench.parse((folder / publish.RESULT).read_text()).ours
    published = [Flag(**flag) for flag in about["flags"]]
    if model is None:
        return stored.measured(folder, data, about, NOT_ASKED), published
    batch_size = checks.at_least("batch_size", checks.integer("batch_size", about["batch_size"]), 1, what="images")
    asked = probe(model, data, batch_size=batch_size)
    found = stored.measured(folder, data, about, asked)
    made = flags(found)
    if len(made) != len(published):
        return found, made
    return found, [old if _alike(old, new) else new for old, new in zip(published, made, strict=True)]


def _alike(old: Flag, new: Flag) -> bool:
    """Whether two flags say the same, but for differences that are rounding."""
    numbers = [[float(number) for number in NUMBER.findall(flag.text)] for flag in (old, new)]
    return (
        (old.name, old.raised, old.asked) == (new.name, new.raised, new.asked)
        and NUMBER.sub("", old.text) == NUMBER.sub("", new.text)
        and all(math.isclose(*pair, rel_tol=SAME, abs_tol=ROUNDING) for pair in zip(*numbers, strict=True))
    )


def _differences(old: Path, new: Path) -> Iterator[str]:
    """How a published file differs from the one that was made again: the first place, or none."""
    if not old.is_file():
        yield " is missing"
    elif old.read_bytes() == new.read_bytes():
        return
    elif old.suffix in PICTURES:
        yield " is not the picture of these numbers"
    elif old.suffix == ".txt":
        yield from _lines(old.read_text(errors="replace").splitlines(), new.read_text().splitlines())
    else:
        try:
            contents = [_parsed(path) for path in (old, new)]
        except (ValueError, RecursionError) as error:
            yield f" is not JSON ({error})"
            return
        place = next(_places(*contents), None)
        if place is not None:
            yield place


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    for number, (before, after) in enumerate(zip(old, new, strict=False), start=1):
        if before != after:
            yield f", line {number}: {quoted(before, 40)}, where {quoted(after, 40)} is made"
            return
    if len(old) != len(new):
        yield f" has {len(old)} lines, where {len(new)} are made"


def _parsed(path: Path) -> Any:
    """The object of a JSON file, the list of those of a JSON-lines file."""
    text = path.read_text()
    return [json.loads(line) for line in text.splitlines()] if path.suffix == ".jsonl" else json.loads(text)


def _places(old: Any, new: Any, place: str = "") -> Iterator[str]:
    """Where two JSON contents differ by more than rounding; checksums follow from the rest."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted((old.keys() | new.keys()) - {storage.CHECKSUM}):
            yield from _places(old.get(key), new.get(key), f"{place}.{key}" if place else f": {key}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, pair in enumerate(zip(old, new, strict=True), start=1):
            yield from _places(*pair, f"{place}[{number}]" if place else f", line {number}")
    elif isinstance(old, float) and isinstance(new, float) and math.isclose(old, new, rel_tol=SAME, abs_tol=1e-12):
        return
    elif type(old) is not type(new) or old != new:
        both = [shown(json.dumps(content), 40) for content in (old, new)]
        yield f"{place} is {both[0]}, and {both[1]} is what the arrays and the network give"
