"""Folders of certificates to check: what is committed, one file alone, and the line that a refusal prints."""

import hashlib
import json
from pathlib import Path

from proofs.certificates import write as certificates
from proofs.checking.claim import Claim
from proofs.language.functions import MixtureBound
from proofs.language.statements import above, numbers, ratio
from proofs.recheck import __main__ as recheck

ROOT = Path(__file__).parents[3]


COMMITTED = ROOT / "results" / "certificates"


BOXES, NUMBER = "ranges-four-shifts.0.boxes", "progress-counterexample.0.number"


MIXTURE, QUESTION = "mixture-four-shifts.0.mixture", "above-bound.0.smt2"


TABLE = "direction-augmentation.boxes"


ROWS = [json.loads(row) for row in (COMMITTED / recheck.MANIFEST).read_text().splitlines()[1:]]


WITHOUT = "--without-solver"


BOUND = MixtureBound(*map(ratio, ("1/2", "2", "1", "1/4", "1/4", "64")))


FEW = Claim("few", "", "", "proved", "", (numbers("printed", "", above(ratio("0.9"), BOUND), by="0.02263"),))


FEW_SLABS = next(certificates.files([FEW], tables=False)).text
"""A bound as the committed one with an eighth of its slabs, which is checked faster."""


def write_manifest(folder, rows, **head):
    lines = [{"version": 1, "files": len(rows), **head}, *rows]
    (folder / recheck.MANIFEST).write_text("".join(json.dumps(line) + "\n" for line in lines))


def put(folder, name, text=None, **changed):
    """One certificate alone in a folder, perhaps with another text, and a manifest that agrees with that text."""
    text = (COMMITTED / name).read_text() if text is None else text
    (folder / name).write_text(text)
    (row,) = [row for row in ROWS if row["file"] == name]
    write_manifest(folder, [{**row, "sha256": hashlib.sha256(text.encode()).hexdigest(), **changed}])
    return folder


def refusal(folder, capsys, *flags):
    """The only refused line that a check prints."""
    assert recheck.main([*flags, str(folder)]) == 1
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "REFUSED" in line]
    return line
