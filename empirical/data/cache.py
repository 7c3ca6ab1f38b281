"""Where data sets that are not inside a package lie: the folder named in TRADEOFF_DATA, else the user's cache."""

from __future__ import annotations

import os
from pathlib import Path

from tradeoff.shared import checks
from tradeoff.shared.names import quoted, shown

VARIABLE = "TRADEOFF_DATA"


def data_folder(folder_name: str, *, name: str = "") -> Path:
    """The folder of a data set, which is called ``name`` where that is not what its folder is called.

    Raises
    ------
    InputError
        If it is not there.
    """
    name = name or folder_name
    way_out = f"set {VARIABLE} to the folder that holds {folder_name}/, or use data=digits, which needs no folder"
    given = os.environ.get(VARIABLE)
    try:
        folder = (Path(given) if given else Path.home() / ".cache" / "robustness-tradeoff") / folder_name
        there = folder.is_dir()
    except RuntimeError:
        raise checks.InputError(f"data={name!r} is in no home folder, as this user has none; {way_out}") from None
    except OSError as error:
        raise checks.InputError(f"data={name!r} cannot be looked for ({shown(error)}); {way_out}") from None
    if not there:
        raise checks.InputError(f"data={name!r} is not at {quoted(str(folder))}; {way_out}")
    return folder
