import pytest
from sympy import Integer, true

from proofs.checking.check import Step
from proofs.checking.claim import Claim, examine, verdict
from proofs.language.statements import Statement, above, exact


def steps(*pairs: tuple[str, bool | None]) -> list[Step]:
    return [Step(Statement(role, "exact", "", true), holds) for role, holds in pairs]  # type: ignore[arg-type]


CITED = Step(Statement("printed", "lemma", "cited", true), True)


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        (steps(("printed", True)), "proved"),
        (steps(("printed", True), ("hypothesis", True)), "proved"),
        (steps(("printed", True), ("printed", False)), "undecidable"),
        (steps(("printed", True), ("hypothesis", False)), "vacuous"),
        (steps(("printed", False), ("hypothesis", False)), "undecidable"),
        (steps(("counterexample", True)), "refuted"),
        (steps(("counterexample", True), ("instead", True)), "refuted"),
        (steps(("counterexample", True), ("instead", False)), "undecidable"),
        (steps(("counterexample", True), ("repair", True)), "repaired"),
        (steps(("counterexample", True), ("repair", False)), "undecidable"),
        (steps(("counterexample", False), ("repair", True)), "undecidable"),
        (steps(("printed", None)), "undecidable"),
        (steps(("counterexample", True), ("repair", None)), "undecidable"),
        (steps(("printed", True), ("counterexample", True)), "refuted"),
        (steps(("printed", True), ("counterexample", False)), "undecidable"),
        ([], "undecidable"),
        ([CITED], "undecidable"),
        ([CITED, *steps(("printed", True))], "proved"),
    ],
)
def test_the_verdict_follows_from_the_evidence(evidence, expected):
    assert verdict(evidence) == expected


def test_a_finding_compares_the_computed_verdict_with_the_record():
    wrong = exact("printed", "1 is above 2", above(Integer(1), Integer(2)))
    finding = examine(Claim("one", "here", "1 > 2", "proved", "", (wrong,)))
    assert finding.verdict == "undecidable"
    assert not finding.agrees
