"""Records and measurements -> words, tables and figures.

REPORTS holds, for each experiment, a function of records and configs that returns the files to publish by their names;
``summary.txt`` is what is said on the terminal.
"""

from __future__ import annotations

from tradeoff.shared.registry import Registry

REPORTS = Registry({"digits": "empirical.report.digits:files"})
