"""Where data sets that are not inside a package lie: the folder named in TRADEOFF_DATA, else the user's cache."""

from __future__ import annotations

import os
from pathlib import Path

from tradeoff.shared import checks

VARIABLE = "TRADEOFF_DATA"


def data_folder(name: str) -> Path:
    """The folder of a data set.

    Raises
    ------
    InputError
        If it is not there.
    """
    given = os.environ.get(VARIABLE)
    root = Path(given) if given else Path.home() / ".cache" / "robustness-tradeoff"
    if not (root / name).is_dir():
        raise checks.InputError(
            f"data={name!r} is not at {str(root / name)!r}; set {VARIABLE} to the folder that holds {name}/, "
            "or use data=digits, which needs no folder"
        )
    return root / name
