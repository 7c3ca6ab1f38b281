"""How the site is made: Markdown by hand, the API from docstrings; ``python -m sphinx -W docs build/docs``, offline."""

import sys
from pathlib import Path

from jinja2 import FileSystemLoader
from jinja2.sandbox import SandboxedEnvironment
from numpydoc import docscrape_sphinx
from numpydoc import numpydoc as numpydoc_events

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]  # a checkout need not be installed

import api_pages  # noqa: E402

from tradeoff import __version__  # noqa: E402

project = "robustness-tradeoff"
copyright = "2026, the authors of robustness-tradeoff"
release = version = __version__
extensions = ["sphinx.ext.autodoc", "numpydoc", "myst_parser"]
exclude_patterns = ["gallery/*"]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
default_role = "literal"

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
numpydoc_show_class_members = False
toc_object_entries = False
add_module_names = False
python_use_unqualified_type_names = True

html_theme = "furo"
html_title = f"{project} {release}"
html_copy_source = False
html_show_sourcelink = False

# In each of thousands of docstrings numpydoc compiles its one template anew and looks for a signature: half the time.
TEMPLATES = SandboxedEnvironment(loader=FileSystemLoader(Path(docscrape_sphinx.__file__).parent / "templates"))
docscrape_sphinx.SandboxedEnvironment = lambda loader: TEMPLATES
numpydoc_events.mangle_signature = lambda *event: None


def setup(app):
    def put_in_modules(app, page, source):
        source[0] = api_pages.with_modules(source[0])

    def plain_text(app, what, name, obj, options, lines):
        lines[:] = api_pages.plain("\n".join([*lines, ""])).split("\n")[:-1]

    app.connect("source-read", put_in_modules)
    app.connect("autodoc-process-docstring", plain_text, priority=100)  # before numpydoc's
    return {"parallel_read_safe": True}
