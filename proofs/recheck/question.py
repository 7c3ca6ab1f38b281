"""Questions about real numbers, asked of a second solver, cvc5."""

from __future__ import annotations

from proofs.recheck.inequalities import VERSION
from proofs.recheck.intervals import RefusedError


class OpenError(Exception):
    """A question that no second solver has answered, and the answer that its file claims."""

    def __init__(self, claims: str, why: str) -> None:
        super().__init__(why)
        self.claims = claims


def question(text: str) -> tuple[str, str]:
    """Ask cvc5 a file of formulas; its answer must be the status, and not hold for want of numbers."""
    if f"certificate version {VERSION}:" not in text:
        raise RefusedError(f"this is not version {VERSION}")
    status = text.partition("(set-info :status ")[2].partition(")")[0]
    text = text.replace(f"(set-info :status {status})", "")  # asked without being told the answer
    try:
        answer = ask(text)
    except ModuleNotFoundError:
        raise OpenError(status, "not asked: cvc5 is not installed") from None
    if answer == "unknown":
        raise OpenError(status, "cvc5 does not know")
    if answer != status:
        raise RefusedError(f"cvc5 says {answer}, the file {status}")
    # The last formula is the contrary of what is concluded; the ones before are what is given.
    given = text.rpartition("(assert ")[0]
    if status == "unsat" and "(assert " in given and ask(f"{given}\n(check-sat)\n") == "unsat":
        raise RefusedError("nothing satisfies what is given")
    return status, answer


def ask(text: str) -> str:
    """What cvc5 answers."""
    import cvc5

    solver = cvc5.Solver(cvc5.TermManager())
    solver.setOption("nl-ext-tplanes", "true")
    solver.setOption("rlimit", "1000000")
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "question")
    symbols, answer = parser.getSymbolManager(), ""
    while not (command := parser.nextCommand()).isNull():
        answer += str(command.invoke(solver, symbols))
    return answer.split()[0]  # "unknown" comes with a reason in brackets
