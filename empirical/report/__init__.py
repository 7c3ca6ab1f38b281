"""Records and measurements -> words, tables and figures.

Of each experiment a function of records and configs: REPORTS has the one that gives the files to publish, each with its
name, ``summary.txt`` first; SUMMARIES the one that gives what is said on the terminal, its sentences unbroken.
"""

from __future__ import annotations

from tradeoff.shared.registry import Registry

REPORTS = Registry({"digits": "empirical.report.digits:files"})
SUMMARIES = Registry({"digits": "empirical.report.digits:text"})
