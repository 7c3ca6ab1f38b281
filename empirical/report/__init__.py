"""Records and measurements -> words, tables and figures.

REPORTS holds, for each experiment, a function of records and configs that gives the files to publish, each with its
name; ``summary.txt`` comes first and is what is said on the terminal.
"""

from __future__ import annotations

from tradeoff.shared.registry import Registry

REPORTS = Registry({"digits": "empirical.report.digits:files"})
