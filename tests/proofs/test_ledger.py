"""Every claim has its recorded verdict, the paper and the ledger cover each other, and the command shows both."""

import json
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
import sympy
from sympy.core.relational import Relational

from proofs import __main__ as command
from proofs.checking import z3_solver
from proofs.checking.check import is_definition, put_in
from proofs.checking.claim import VERDICTS, examine
from proofs.claims import printed
from proofs.ledger import CLAIMS, MODULES, THEOREMS
from proofs.mutation.mutants import Outcome, mutants
from proofs.report import page
from proofs.report import text as report
from tradeoff.codes import families
from tradeoff.codes.word import cyclic_word
from tradeoff.exact import accuracy
from tradeoff.model import rules
from tradeoff.model.law import CyclicGaussian


@pytest.fixture(scope="module")
def findings():
    return [examine(claim) for claim in CLAIMS.values()]


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_the_computed_verdict_is_the_recorded_one(claim):
    finding = examine(claim)
    assert finding.verdict == claim.recorded, finding.steps


@pytest.mark.parametrize(
    ("id_", "recorded"),
    [
        ("prop1-deviation", "refuted"),
        ("thm2-hypothesis", "vacuous"),
        ("thm2-limit", "vacuous"),
        ("end-both-high", "refuted"),
        ("corrected-lower", "proved"),
        ("corrected-upper", "proved"),
        ("tsipras-2-adversarial", "repaired"),
    ],
)
def test_the_main_findings_are_in_the_ledger(id_, recorded):
    assert CLAIMS[id_].recorded == recorded


def test_ids_are_unique():
    assert len(CLAIMS) == sum(len(module.CLAIMS) for module in MODULES)


def test_every_claim_says_what_follows_and_a_repaired_one_what_holds():
    for claim in CLAIMS.values():
        assert claim.consequence.endswith("."), claim.id
        assert bool(claim.repair) == (claim.recorded == "repaired"), claim.id
        assert all(statement.says for statement in claim.evidence), claim.id


def test_everything_the_paper_prints_has_a_claim():
    assert {name for entry in printed.ENTRIES for name in entry.claims} <= CLAIMS.keys()
    assert all(entry.claims and len(entry.words) < 70 for entry in printed.ENTRIES)


def test_every_claim_about_the_paper_has_an_entry():
    listed = {name for entry in printed.ENTRIES for name in entry.claims}
    ours = {claim.id for claim in CLAIMS.values() if claim.source.startswith("Section")}
    assert ours <= listed
    assert len(printed.ENTRIES) >= 90


def test_each_section_is_listed():
    assert [entry.section for entry in printed.ENTRIES].count("Section 2") == len(printed.SECTION_2)
    assert {entry.kind for entry in printed.ENTRIES} == {"display", "claim", "definition"}


def test_sign_x0_has_both_accuracies_of_the_ledger():
    """The number behind end-both-high, from the theory: both are 0.99 at d = 64, a = 4."""
    law = CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), 16), p=0.99)
    rule = rules.sign_x0(law)
    assert accuracy.adversarial(rule, law, scaled_radius=4.0) == accuracy.spatial(rule, law) == 0.99


def test_the_command_prints_a_table_and_ends_with_0(capsys):
    assert command.main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(CLAIMS) + 1
    assert re.match(rf"{len(CLAIMS)} claims: \d+ proved, .*; all as recorded \(\d+\.\d s\)$", lines[-1])
    assert all(line.split()[1] in CLAIMS for line in lines[:-1])
    assert "\x1b" not in "".join(lines)


def test_a_verdict_that_differs_from_the_record_ends_with_1(monkeypatch, capsys):
    changed = replace(CLAIMS["prop1-deviation"], recorded="proved")
    monkeypatch.setitem(CLAIMS, "prop1-deviation", changed)
    assert command.main([]) == 1
    text = capsys.readouterr().out
    assert "recorded as proved" in text
    assert "changed: prop1-deviation" in text


def test_colours_only_where_somebody_sees_them(monkeypatch, findings):
    assert "\x1b[31mrefuted" in report.paint("refuted", True)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert command.in_colour()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not command.in_colour()


def test_json_has_one_object_a_line(capsys):
    assert command.main(["--json"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["id"] for one in found] == list(CLAIMS)
    assert all(one["verdict"] == one["recorded"] and one["evidence"] for one in found)
    assert {"id", "source", "statement", "verdict", "recorded", "evidence", "seconds"} <= found[0].keys()
    assert all({"role", "checker", "statement", "formula", "holds"} <= step.keys() for step in found[0]["evidence"])


def test_one_claim_is_shown_with_all_its_evidence(capsys):
    assert command.main(["--claim", "thm2-upper"]) == 0
    text = capsys.readouterr().out
    for statement in CLAIMS["thm2-upper"].evidence:
        assert statement.role in text
    assert "equal at" in text
    assert "1 claims: 1 proved" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--claim", "thm3"], "claim='thm3' is unknown; use one of s2-label-blind"),
        (["--mutations", "--workers", "0"], "workers=0 must be at least 1: it is a number of processes"),
        (["--mutations", "--workers", "two"], "workers='two' is not a whole number"),
        (["--write", "/dev/null/x"], "write='/dev/null/x' cannot be written"),
        (["--write", "x", "--json"], "json and write exclude each other; give one of them"),
        (["--mutations", "--smtlib", "x", "--certificates", "y"], "mutations and smtlib and certificates exclude"),
        (["--clam", "thm2-upper"], "unrecognized arguments: --clam thm2-upper; see python -m proofs --help"),
    ],
)
def test_bad_arguments_are_refused(arguments, message, capsys):
    assert command.main(arguments) == 2
    assert message in capsys.readouterr().err


def test_the_mutations_of_a_claim_are_counted(capsys):
    assert command.main(["--mutations", "--claim", "prop1-existence", "--workers", "1"]) == 0
    text = capsys.readouterr().out
    assert "survived because: +++- agrees with each of its shifts in 2 places" in text
    assert re.search(r"\d+ mutants \(.*\): \d+ killed, \d+ survived \(.* 0 unexplained\)$", text.strip())


def test_a_survivor_without_a_reason_ends_with_1(monkeypatch, capsys):
    monkeypatch.delitem(command_reasons(), "prop1-existence.0: 1 -> 2")
    assert command.main(["--mutations", "--claim", "prop1-existence", "--workers", "1"]) == 1
    assert "1 unexplained" in capsys.readouterr().out


def test_a_reason_for_nothing_ends_with_1(monkeypatch, capsys):
    monkeypatch.setitem(command_reasons(), "prop1-existence.0: 7 -> 8", "no such mutant")
    assert command.main(["--mutations", "--claim", "prop1-existence", "--workers", "1"]) == 1
    assert "reasons for mutants that do not survive: prop1-existence.0: 7 -> 8" in capsys.readouterr().out


def command_reasons():
    from proofs.mutation.equivalent import REASONS

    return REASONS


def test_several_processes_find_the_same(capsys):
    found = []
    for workers in ("1", "2"):
        assert command.main(["--mutations", "--claim", "thm2-chain", "--workers", workers]) == 0
        found.append(capsys.readouterr().out)
    assert found[0] == found[1]


def test_open_kills_are_reported():
    text = report.mutation_summary([Outcome("a.0: 1 -> 2", "constant", True, True)], [])
    assert text.endswith("; 1 of the killed were left open by their checker")


class Tags(HTMLParser):
    """Opened tags, their attributes, and whether every one was closed."""

    VOID = frozenset({"meta", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.found, self.open = [], []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def written(findings):
    tags = Tags()
    tags.feed(page.page(findings, list(THEOREMS.values())))
    return tags


def test_the_page_is_well_formed_and_needs_nothing_else(written):
    assert written.open == []
    assert not {"link", "script", "img", "iframe"} & {tag for tag, _ in written.found}
    addresses = [
        value for _, attributes in written.found for name, value in attributes.items() if name in ("src", "href")
    ]
    assert addresses
    assert all(address.startswith("#") for address in addresses)


def test_every_claim_has_its_place_on_the_page(written):
    assert [attributes["id"] for tag, attributes in written.found if tag == "article"] == [
        name for section in sections() for name in section
    ]
    targets = {attributes["href"][1:] for tag, attributes in written.found if tag == "a"}
    assert targets <= CLAIMS.keys()


def sections():
    found = {}
    for claim in CLAIMS.values():
        found.setdefault(claim.source.split(",")[0], []).append(claim.id)
    return found.values()


def test_a_claim_on_the_page_can_be_followed(findings):
    text = page.page(findings)
    for finding in findings:
        article = text.split(f'<article id="{finding.claim.id}">')[1].split("</article>")[0]
        assert finding.verdict in article
        if finding.claim.repair:
            assert "Repaired:" in article
        if finding.verdict in ("repaired", "refuted", "vacuous"):
            assert "<svg" in article, finding.claim.id
        assert page.why(finding).endswith(finding.claim.consequence), finding.claim.id


def test_a_drawing_shows_the_numbers_of_the_counterexample(findings):
    (finding,) = [one for one in findings if one.claim.id == "prop1-ratio"]
    assert re.findall(r">(4|1)</text>", page.picture(finding)) == ["4", "1"]


def test_the_page_is_written_whole(tmp_path, capsys):
    assert command.main(["--write", str(tmp_path / "audit")]) == 0
    assert [path.name for path in (tmp_path / "audit").iterdir()] == ["audit.html"]
    assert "audit.html written" in capsys.readouterr().out


def test_help_says_what_can_be_done(capsys):
    with pytest.raises(SystemExit) as end:
        command.main(["--help"])
    assert end.value.code == 0
    assert "Exit code 1" in capsys.readouterr().out


@pytest.mark.parametrize("missing", ["sympy", "z3", "flint"])
def test_a_missing_prover_is_named_in_one_sentence(missing, children):
    code = f"import sys; sys.modules[{missing!r}] = None; from proofs.__main__ import main; sys.exit(main([]))"
    done = children.run("-c", code)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert missing in done.stderr
    assert "pip install -e '.[proofs]'" in done.stderr


def test_the_readme_counts_claims_and_mutants():
    text = (Path(__file__).parents[2] / "README.md").read_text()
    counts = Counter(claim.recorded for claim in CLAIMS.values())
    total = sum(len(list(mutants(claim))) for claim in CLAIMS.values())
    counted = ", ".join(f"{counts[name]} {name}" for name in VERDICTS)
    assert f"{len(CLAIMS)} claims: {counted}." in text
    assert f"{total:,} mutants" in " ".join(text.split())


def statements(checkers):
    return {
        f"{claim.id}.{place}": statement
        for claim in CLAIMS.values()
        for place, statement in enumerate(claim.evidence)
        if statement.checker in checkers
    }


@pytest.mark.parametrize("statement", statements({"z3"}).values(), ids=statements({"z3"}))
def test_no_implication_is_true_for_want_of_numbers(statement):
    """What is given can be fulfilled; and a claim that nothing is says so as a hypothesis."""
    if statement.exists:
        assert statement.role == "hypothesis"
    else:
        assert z3_solver.solve(statement.given)[0] is True


def test_no_statement_says_the_same_on_both_sides():
    """SymPy simplifies a tree as it is built: what is then equal as it stands shows nothing, and mutants pass it by."""
    for name, statement in statements({"sympy", "z3", "arb", "exact"}).items():
        assert isinstance(statement.relation, (Relational, sympy.And)), name
        assert not isinstance(statement.relation, Relational) or statement.relation.lhs != statement.relation.rhs, name


SUBSTITUTED = {
    "prop1-agreements.1": "places that differ, and the d less those that agree",
    "metrics-proxy-fooling.1": "accuracies as sums of the parts of a table",
    "metrics-proxy-fooling.2": "accuracies as sums of the parts of a table",
    "best-possible.1": "f_a has Adv = R*",
    "normals-same.1": "both laws are one, shown by the statement before",
    "below-bound.0": "Spat_j is that mean over the bit, whose bound is Lemma 1",
    "moved-standard.1": "the accuracies of sign(x_0) in a bound for every rule",
    "progress-circle.2": "the circle closes",
    "tsipras-2-standard.0": "a margin up to 0 has a hinge loss of 1 or more",
}
"""Implications that only put something into a hypothesis, and what. All reviewed."""
EQUIVALENT = {
    "normal-mirror.2": "an equation solved",
    "best-value.3": "1 - p <= p is how p >= 1/2 is used: the larger of two densities",
    "random-antiperiodic.1": "the same",
    "joint-bound.2": "the same",
    "bitless-attained.1": "a mean over the two labels",
    "below-far.0": "what the positive part is",
    "above-far.1": "what the positive part is",
    "moved-rises.2": "multiplied by s > 0",
    "sharp-upper.1": "a quotient worked out at p = 1/2",
    "progress-gain.1": "divided by K > 0",
}
"""Implications of theorems whose conclusion is one hypothesis in another form, and what the step does. All reviewed."""


def test_no_conclusion_is_among_what_is_given():
    """Neither as it stands nor simplified, nor with the definitions put in."""
    found = set()
    for name, statement in statements({"z3"}).items():
        given = () if statement.exists else [one for one in statement.given if not is_definition(one)]
        assert statement.relation not in given, name
        if any(forms(statement.relation, statement.given) & forms(one, statement.given) for one in given):
            found.add(name)
    assert found == SUBSTITUTED.keys()


def forms(relation, given):
    """A relation as what its kind says of right - left or left - right, with and without the definitions."""
    found = set()
    for one in (relation, put_in(relation, given)):
        if isinstance(one, Relational):
            kind, left, right = type(one), *one.args
            if kind in (sympy.Lt, sympy.Le):
                kind, left, right = {sympy.Lt: sympy.Gt, sympy.Le: sympy.Ge}[kind], right, left
            found.add((kind, sympy.simplify(left - right)))
    return found


def test_no_theorem_assumes_its_conclusion_in_another_form():
    ours = {theorem.name(line) for theorem in THEOREMS.values() for line in theorem.proof}
    found = {
        name
        for name, statement in statements({"z3"}).items()
        if name.split(".")[0] in ours and not statement.exists and any(map(same(statement), statement.given))
    }
    assert found == EQUIVALENT.keys()


def same(statement):
    """Whether a hypothesis and the conclusion imply each other."""

    def imply(one, other):
        return z3_solver.solve([one, sympy.Not(other, evaluate=False)], milliseconds=2_000)[0] is False

    return lambda one: imply(one, statement.relation) and imply(statement.relation, one)


ONLY_PUT_IN = {
    "a printed formula at a point": (
        *("s2-invariance.1", "prop1-display-1.0", "thm2-upper.5", "thm2-upper.6", "thm2-random.0"),
        *("thm2-half-upper.0", "thm2-half-lower.0", "corrected-sharp.0", "corrected-sharp.1"),
    ),
    "a letter worked out in another unit": ("model-random-turn.0", "prop1-bayes-rule.2"),
    "a mean moved by an attack": ("thm2-attack.0", "tsipras-1.0", "tsipras-2-robust.0"),
    "a sum in another order": ("thm2-chain-relabel.0", "random-antiperiodic.0"),
    "shares that add up to 1": ("metrics-fooling.1", "metrics-same-start.0"),
    "sums over equal coordinates, with d or K and a root cancelled": (
        *("best-attained.1", "random-linear.0", "sharp-agreeing.1", "sharp-agreeing.3", "sharp-attacked.2"),
        "progress-rule.0",
    ),
    "where a slope begins": ("progress-concave.0",),
}
"""Identities that SymPy has shown once the definitions are put in: what each of them does. All reviewed."""


def test_an_identity_that_only_puts_something_in_is_a_reviewed_one():
    found = set()
    for name, statement in statements({"sympy"}).items():
        relation = put_in(statement.relation, statement.given)
        if relation.lhs == relation.rhs:
            found.add(name)
    reviewed = [name for names in ONLY_PUT_IN.values() for name in names]
    assert len(reviewed) == len(found)
    assert set(reviewed) == found


def test_every_inequality_between_numbers_says_by_how_much():
    for name, statement in statements({"arb", "exact"}).items():
        assert (statement.by is not None) == (statement.relation.func is not sympy.Eq), name
