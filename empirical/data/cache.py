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
    way_out = f"set {VARIABLE} to the folder that holds {name}/, or use data=digits, which needs no folder"
    given = os.environ.get(VARIABLE)
    try:
        root = Path(given) if given else Path.home() / ".cache" / "robustness-tradeoff"
        if (root / name).is_dir():
            return root / name
    except RuntimeError:  # no home folder
        raise checks.InputError(f"data={name!r} has no folder to be in, as this user has no home; {way_out}") from None
    except OSError as error:  # such as a name that is too long
        shown = checks.shorten_text(str(root / name), 200)
        raise checks.InputError(f"data={name!r} is not at {shown!r} ({error.strerror}); {way_out}") from None
    raise checks.InputError(f"data={name!r} is not at {str(root / name)!r}; {way_out}")
