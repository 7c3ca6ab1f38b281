"""The README keeps its word: its commands set themselves up, its table is that of the records, and it stays short."""

import json
import re

import pytest

from tests.docs.pages import README, ROOT, page

MOST_LINES = 200


def test_it_is_read_in_one_go():
    assert len(README.splitlines()) <= MOST_LINES


@pytest.mark.parametrize("name", ["run", "test", "measure"])
def test_each_command_is_one_line_that_sets_itself_up(name):
    block = README.split(f"<!-- command: {name} -->")[1].split("```")[1]
    lines = block.strip().splitlines()[1:]
    assert len(lines) == 1
    assert lines[0].startswith("python3 -m venv ")
    assert "-c constraints.txt" in lines[0]


def test_the_python_versions_are_those_of_the_package():
    assert 'requires-python = ">=3.11,<3.15"' in (ROOT / "pyproject.toml").read_text()
    assert "Python (3.11 to 3.14)" in README


def test_the_changes_name_the_version():
    from tradeoff import __version__

    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text()
    assert f"version: {__version__}" in (ROOT / "CITATION.cff").read_text()


def measured(name):
    """The readings of a run of results/measure by quantity and place."""
    (folder,) = (ROOT / "results" / "measure").glob(f"{name}-*")
    records = [json.loads(line) for line in (folder / "records.jsonl").read_text().splitlines()]
    return {(one["quantity"], one["grid"], one["second"]): one["value"] for one in records}


TABLE = [
    ("clean_accuracy", None, None),
    ("one_minus_fooling", 0.1, None),
    ("invariance", 180.0, None),
    ("union_one_minus_fooling", 180.0, 0.1),
]
"""What stands in the columns of the table of three networks."""


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (README, r"^\| .* \(`(\w+)`\) \| (.*) \|$"),
        (page("tutorials/networks"), r"^\| `(std\w+)` \| (.*) \|$"),
    ],
)
def test_the_table_of_three_networks_is_that_of_the_records(text, row):
    rows = re.findall(row, text, re.MULTILINE)
    assert [name for name, _ in rows] == ["std_theta0", "std_theta180", "std_eps01"]
    for name, cells in rows:
        readings = measured(name)
        assert cells.split(" | ") == [f"{readings[key]:.3f}"[1:] for key in TABLE]


def test_the_comparison_in_words_is_that_of_the_summary():
    summary = " ".join((ROOT / "results" / "measure" / "summary.txt").read_text().split())
    text = " ".join(README.split())
    fall, low, high, rise = re.search(
        r"1 - fooling falls by (\.\d+) \(95 % interval (\.\d+) to (\.\d+)\) and invariance rises by (\.\d+)", text
    ).groups()
    assert f"both classify correctly: 1 - fooling -0{fall} (-0{high} to -0{low}, p" in summary
    assert f"invariance +0{rise} (" in summary


def test_numbers_of_the_model_are_those_of_the_first_lesson():
    caption = " ".join(page("tutorials/first-run").split()).split("*Right:*")[1].split("The grey regions")[0]
    said = (
        " ".join(README.split()).split("In the model both accuracies are known exactly")[1].split("the first lesson")[0]
    )
    assert sorted(re.findall(r"(?<!\d)\.\d{3}", said)) == sorted(re.findall(r"(?<!\d)\.\d{3}", caption))
