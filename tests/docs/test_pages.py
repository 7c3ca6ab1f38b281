"""Every page keeps its word: links lead somewhere, and what it says of the code is so."""

import re

import pytest

from tests.docs.pages import DOCS, PAGES, README, ROOT, page
from tests.test_architecture import MOST_ENTRIES, ROOMS, sources

KINDS = ("tutorials", "how-to", "reference", "explanation")


@pytest.mark.parametrize("name", [*PAGES, "CONTRIBUTING.md"])
def test_links_to_files_lead_somewhere(name):
    path = ROOT / name
    targets = [target for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text()) if "://" not in target]
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_the_readme_leads_to_every_kind_of_page():
    assert all(f"(docs/{kind}/index.md)" in README for kind in KINDS)


def test_no_folder_of_docs_is_too_full():
    folders = [DOCS, *(path for path in DOCS.rglob("*") if path.is_dir() and path != DOCS / "gallery")]
    full = {str(path): sum(not entry.name.startswith("__") for entry in path.iterdir()) for path in folders}
    assert {name: count for name, count in full.items() if count > MOST_ENTRIES} == {}


def test_every_module_has_its_place_in_the_api():
    named = [
        name
        for path in DOCS.rglob("*.md")
        for line in re.findall(r"^<!-- modules: (.+) -->$", path.read_text(), re.M)
        for name in line.split()
    ]
    for path in sources():
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        places = [name for name in named if name == f"{module}.__init__" or f"{module}.".startswith(f"{name}.")]
        if module not in ROOMS or module == "empirical":
            assert len(places) == (not module.endswith("__main__") or module.count(".") > 1), (module, places)


def test_the_published_summary_comes_from_the_published_records():
    """records and configs -> summary, from files alone; and a page quotes it."""
    pytest.importorskip("torch", reason="the measurement room needs torch")
    from empirical.experiments import engine
    from empirical.report import REPORTS
    from empirical.statistics import records

    folder = ROOT / "results" / "digits"
    configs = engine.read_configs(folder)
    said = dict(REPORTS["digits"](records.read(folder / engine.RECORDS), configs))["summary.txt"]
    assert said == (folder / "summary.txt").read_text()
    quoted = page("explanation/directions").split("says\n\n```text\n")[1].split("```")[0].split()
    assert " ".join(quoted) in " ".join(said.split())


def test_what_is_said_of_the_model_is_computed():
    """Clean accuracies of f* and g_4, and that every range of augmentation lowers 1 - fooling at every radius shown."""
    pytest.importorskip("torch", reason="the measurement room needs torch")
    from empirical.compare import curves as compare

    none, some, every = compare.predicted()["augmentation"]
    rates = [one.profiles["one_minus_fooling"].rates[1:] for one in (none, some, every)]
    assert all(first > second > third for first, second, third in zip(*rates, strict=True))
    text = " ".join(page("explanation/directions").split())
    assert "each larger range of augmentation lowers 1 - fooling at every radius shown" in text
    assert f"falls from {none.standard:.3f} to {every.standard.value:.3f}".replace("0.", ".") in text


def test_the_flags_of_a_measurement_are_listed():
    pytest.importorskip("torch", reason="the measurement room needs torch")
    from empirical.validation.flags import QUESTIONS

    table = page("reference/sanity-checks").split("| flag | raised when |")[1].split("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(QUESTIONS)


def test_the_attacks_are_listed():
    pytest.importorskip("torch", reason="the measurement room needs torch")
    from empirical.attacks import ATTACKS

    table = page("reference/attacks").split("| name | what it does |")[1].split("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == {
        *ATTACKS,
        "autoattack",
    }  # the last one if it is installed


def test_the_commands_are_listed():
    from empirical.commands import COMMANDS

    table = page("reference/commands").split("| command |")[1].split("\n\n")[0]
    listed = re.findall(r"^\| `python -m empirical ([a-z-]+)", table, re.MULTILINE)
    assert sorted(listed) == sorted(COMMANDS)
