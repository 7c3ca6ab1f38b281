import pytest

from proofs.claims import Step, verdict


def steps(*pairs: tuple[str, bool | None]) -> list[Step]:
    return [Step(role, "exact", "", holds) for role, holds in pairs]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        (steps(("printed", True)), "proved"),
        (steps(("printed", True), ("hypothesis", True)), "proved"),
        (steps(("printed", True), ("printed", False)), "undecidable"),
        (steps(("printed", True), ("hypothesis", False)), "vacuous"),
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
        ([Step("printed", "lemma", "cited", True)], "undecidable"),
        ([Step("printed", "lemma", "cited", True), Step("printed", "z3", "", True)], "proved"),
    ],
)
def test_the_verdict_follows_from_the_evidence(evidence, expected):
    assert verdict(evidence) == expected
