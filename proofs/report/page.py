r"""The audit as one self-contained page: what fails first, what is true instead with proofs, and what holds as printed.

No script, no font and nothing from outside: browsers typeset MathML and choose verdicts by the style sheet alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

from proofs.checking.claim import VERDICTS, Finding, Verdict
from proofs.checking.theorem import Theorem
from proofs.claims.printed import ENTRIES
from proofs.report.article import article, chip, title
from proofs.report.mathematics import typeset
from proofs.report.style import SHEET, chosen
from proofs.report.theorem_page import SETTING, chapter, examined

INTRODUCTION = """The claims of Kamath et al., "You can't have it all: On spatial vs adversarial robustness of neural \
network models", what holds in their place, and exact numbers of related papers."""
VERDICTS_SAY = r"""Proposition 1 says that the most accurate rule $f^*$ does badly on moved data; Theorem 2 that a rule
of adversarial accuracy $1-\eta$ at $\varepsilon=4/\sqrt d$ has a spatial accuracy between two bounds. "proved": the
statement holds as printed. "repaired": it fails as printed, and holds after the stated change. "refuted": it fails.
"vacuous": nothing satisfies its hypothesis. "undecidable": the text does not settle it.

Every verdict is computed from the evidence listed under the claim: identities by SymPy, statements over the reals by
z3, inequalities between numbers by Arb's balls, finite ones by exact arithmetic; what is cited and not checked is
marked "lemma". Lines in typewriter letters are what was checked, in plain text: eps is $\varepsilon$, rho_j is
$\rho_j$, Phi is $\Phi$, Phi^-1 its inverse, log odds are $L$; s is 2 in the paper. Std, Inv and Fool are a rule's
accuracy on $X$, its rate of invariance and its fooling rate. Quotes are verbatim."""

CHAPTERS: tuple[tuple[str, str, tuple[Verdict, ...]], ...] = (
    ("false", "What does not hold as printed", ("refuted", "repaired", "vacuous")),
    ("open", "What the text does not settle", ("undecidable",)),
    ("true", "What holds as printed", ("proved",)),
)
"""Anchor, heading and verdicts of each chapter of claims; a reader wants the first one first."""
INSTEAD = ("instead", "What is true instead")
LINES = ("lines", "Where each printed line is checked")


def page(findings: Sequence[Finding], theorems: Sequence[Theorem] = ()) -> str:
    """The whole page as text: the audit, and a chapter for the theorems whose steps are among the findings.

    Examples
    --------
    >>> from proofs.checking.claim import examine
    >>> from proofs.ledger import CLAIMS
    >>> text = page([examine(CLAIMS["prop1-ratio"])])
    >>> text.count("<article"), 'id="show-repaired"' in text
    (1, True)
    """
    counts = Counter(finding.verdict for finding in findings)
    chapters = _chapters(findings, theorems)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width, initial-scale=1"><title>Printed claims, checked by machine</title>'
        f"<style>{SHEET}{chosen(name for name in VERDICTS if counts[name])}</style></head><body>"
        f"<header><h1>Printed claims, checked by machine</h1><p>{escape(INTRODUCTION)} {_counted(counts)}</p>"
        f"{_choice(counts)}{_contents(chapters)}</header><main>{_model()}"
        f"{''.join(_chapter(*one) for one in chapters)}{_lines({one.claim.id for one in findings})}</main>"
        "</body></html>\n"
    )


Chapter = tuple[str, str, list[Finding], str]
"""Anchor, heading, claims, and what comes after them."""


def _chapters(findings: Sequence[Finding], theorems: Sequence[Theorem]) -> list[Chapter]:
    """The chapters that have anything in them; every finding is in one of them, or a step of a theorem."""
    by_id = {finding.claim.id: finding for finding in findings}
    whole = examined(theorems, by_id)
    steps = {theorem.name(line) for theorem in whole for line in theorem.proof}
    alone = [finding for finding in findings if finding.claim.id not in steps]
    ours = [finding for finding in alone if _ours(finding)]
    chapters: list[Chapter] = [
        (anchor, heading, _sorted(alone, verdicts), "") for anchor, heading, verdicts in CHAPTERS
    ]
    more = chapter(whole, by_id) if whole else ""
    chapters.insert(1, (*INSTEAD, ours, more))
    return [one for one in chapters if one[2] or one[3]]


def _ours(finding: Finding) -> bool:
    """Whether it is one of this project's own results in the paper's place, and holds."""
    return finding.claim.source.startswith("this project") and finding.verdict == "proved"


def _sorted(findings: Sequence[Finding], verdicts: Sequence[Verdict]) -> list[Finding]:
    """What papers print, in the order of the verdicts and then of the paper."""
    return [one for name in verdicts for one in findings if one.verdict == name and not _ours(one)]


def _chapter(anchor: str, heading: str, findings: Sequence[Finding], more: str) -> str:
    body = "".join(map(article, findings))
    return f'<section class="claims" id="{anchor}"><h2>{escape(heading)}</h2>{body}{more}</section>'


def _counted(counts: Counter[Verdict]) -> str:
    named = ", ".join(f"{chip(name)} {counts[name]}" for name in VERDICTS if counts[name])
    return f"{counts.total()} claims: {named}."


def _choice(counts: Counter[Verdict]) -> str:
    """Which claims are shown: radio buttons that the style sheet listens to, so that no script is needed."""
    said = {"all": "all"} | {str(name): f"{name} ({counts[name]})" for name in VERDICTS if counts[name]}
    button = '<label><input type="radio" name="verdict" id="show-{}"{}> {}</label>'
    buttons = "".join(button.format(name, " checked" if name == "all" else "", text) for name, text in said.items())
    return f"<fieldset><legend>Show the claims that are</legend>{buttons}</fieldset>"


def _contents(chapters: Sequence[Chapter]) -> str:
    """The chapters, and folded under each the findings in it as sentences."""
    items = "".join(
        f'<li><a href="#{anchor}">{escape(heading)}</a>{_titles(findings)}</li>'
        for anchor, heading, findings, _ in chapters
    )
    model = '<li><a href="#model">The model, and what the verdicts mean</a></li>'
    anchor, heading = LINES
    return f'<nav aria-label="Contents"><ul>{model}{items}<li><a href="#{anchor}">{heading}</a></li></ul></nav>'


def _titles(findings: Sequence[Finding]) -> str:
    if not findings:
        return ""
    links = "".join(f'<li><a href="#{one.claim.id}">{title(one)}</a></li>' for one in findings)
    return f"<details><summary>{len(findings)} findings in a sentence each</summary><ul>{links}</ul></details>"


def _model() -> str:
    paragraphs = "".join(f"<p>{typeset(text)}</p>" for text in (SETTING, *VERDICTS_SAY.split("\n\n")))
    return f'<details id="model"><summary>The model, and what the verdicts mean</summary>{paragraphs}</details>'


def _lines(shown: set[str]) -> str:
    rows = "".join(
        f"<tr><td>{escape(entry.section)}</td><td>{typeset(entry.words)}</td><td>"
        + ", ".join(f'<a href="#{name}">{name}</a>' for name in entry.claims if name in shown)
        + "</td></tr>"
        for entry in ENTRIES
        if shown.intersection(entry.claims)
    )
    anchor, heading = LINES
    head = "<thead><tr><th>place</th><th>words</th><th>claims</th></tr></thead>"
    return (
        f'<section id="{anchor}"><h2>{heading}</h2><div class="wide"><table>{head}<tbody>{rows}</tbody></table></div>'
        "</section>"
    )
