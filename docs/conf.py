"""The documentation: ``sphinx-build -W docs docs/_build``, offline."""

from tradeoff import __version__

project, author, release = "robustness-tradeoff", "the authors", __version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc"]
myst_enable_extensions = ["deflist", "colon_fence"]
myst_heading_anchors = 3
suppress_warnings = ["myst.xref_missing"]  # links to files of the repository, which the tests follow
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "robustness-tradeoff"
default_role = "code"
numpydoc_show_class_members = False
autodoc_typehints = "none"
autodoc_member_order = "bysource"
pygments_style = "default"
