"""Docstrings on the site show what is written, and every module that holds anything has a section."""

import importlib.util

import pytest

from tests.docs.pages import DOCS


@pytest.fixture(scope="module")
def api_pages():
    spec = importlib.util.spec_from_file_location("api_pages", DOCS / "api_pages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("f* has |w|.\n", "f\\* has \\|w\\|.\n"),
        ("A `f*` and ``|w|``\n", "A `f*` and ``|w|``\n"),
        ("* one |x|\n* two\n", "* one \\|x\\|\n* two\n"),
        (">>> 2 ** 3\n8\n\nf*\n", ">>> 2 ** 3\n8\n\nf\\*\n"),
        ("Keys::\n\n    a*   |b|\n\nf*\n", "Keys::\n\n    a*   |b|\n\nf\\*\n"),
        ("Keys.\n\n    a*   |b|\n\nf*\n", "Keys.\n\n::\n\n    a*   |b|\n\nf\\*\n"),
        ("* an item\n\n  and more of it*\n", "* an item\n\n  and more of it\\*\n"),
        (
            "Parameters\n----------\nx : int\n    One*\n\n    more\n",
            "Parameters\n----------\nx : int\n    One\\*\n\n    more\n",
        ),
    ],
)
def test_docstrings_are_plain_text(api_pages, written, shown):
    assert api_pages.plain(written) == shown


def test_a_package_stands_for_its_modules(api_pages):
    page = api_pages.with_modules("# Title\n\n<!-- modules: tradeoff.sampled tradeoff.words -->\n")
    assert page.startswith("# Title\n\n## tradeoff.sampled")
    assert ".. automodule:: tradeoff.sampled.montecarlo\n   :members: " in page
    assert "## tradeoff.words\n" in page
    assert api_pages.with_modules("No line of modules") == "No line of modules"


def test_what_is_imported_and_what_is_private_is_left_out(api_pages):
    names = api_pages.members(api_pages.parsed("tradeoff.sampled.montecarlo"))
    assert "spatial" in names
    assert not {"CyclicGaussian", "np"} & set(names)
    assert not [name for name in names if name.startswith("_")]


def test_a_command_is_not_started(api_pages):
    assert "proofs.recheck.limits" in api_pages.modules("proofs.recheck")
    assert "proofs.recheck.__main__" not in api_pages.modules("proofs.recheck")
    assert "empirical" in api_pages.modules("empirical.__init__")
