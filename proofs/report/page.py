r"""The audit as one self-contained page: what fails first, what is true instead with proofs, and what holds as printed.

No script, no font and nothing from outside: browsers typeset MathML and choose verdicts by the style sheet alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from proofs.checking.claim import VERDICTS, Finding, Verdict
from proofs.checking.theorem import Theorem
from proofs.claims.printed import ENTRIES
from proofs.report.article import article, chip, quote, title
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
MODEL = ("model", "The model, and what the verdicts mean")
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
    by_id = {finding.claim.id: finding for finding in findings}
    chapters = _chapters(findings, examined(theorems, by_id))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width, initial-scale=1"><title>Printed claims, checked by machine</title>'
        f"<style>{SHEET}{chosen(name for name in VERDICTS if counts[name])}</style></head><body>"
        f"<header><h1>Printed claims, checked by machine</h1><p>{escape(INTRODUCTION)} {_counted(counts)}</p>"
        f"{_choice(counts)}{_contents(chapters)}</header><main>{_model()}"
        f"{''.join(_chapter(one, by_id) for one in chapters)}{_lines(by_id)}</main></body></html>\n"
    )


@dataclass(frozen=True)
class Chapter:
    """Claims that stand by themselves, and theorems with their proofs."""

    anchor: str
    heading: str
    findings: Sequence[Finding]
    theorems: Sequence[Theorem] = ()


def _chapters(findings: Sequence[Finding], theorems: Sequence[Theorem]) -> list[Chapter]:
    """The chapters that have anything in them; every finding is in one of them, or a step of a theorem."""
    steps = {theorem.name(line) for theorem in theorems for line in theorem.proof}
    alone = [finding for finding in findings if finding.claim.id not in steps]
    chapters = [Chapter(anchor, heading, _sorted(alone, verdicts)) for anchor, heading, verdicts in CHAPTERS]
    chapters.insert(1, Chapter(*INSTEAD, [finding for finding in alone if _ours(finding)], theorems))
    return [one for one in chapters if one.findings or one.theorems]


def _ours(finding: Finding) -> bool:
    """Whether it is one of this project's own results in the paper's place, and holds."""
    return finding.claim.source.startswith("this project") and finding.verdict == "proved"


def _sorted(findings: Sequence[Finding], verdicts: Sequence[Verdict]) -> list[Finding]:
    """What papers print, in the order of the verdicts and then of the paper."""
    return [one for name in verdicts for one in findings if one.verdict == name and not _ours(one)]


def _chapter(shown: Chapter, findings: Mapping[str, Finding]) -> str:
    theorems = chapter(shown.theorems, findings) if shown.theorems else ""
    body = "".join(article(one, findings) for one in shown.findings)
    return f'<section class="claims" id="{shown.anchor}"><h2>{escape(shown.heading)}</h2>{body}{theorems}</section>'


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
    """The chapters, and folded under each what is in it, in a sentence each."""
    items = "".join(f"<li>{_link(one.anchor, escape(one.heading))}{_titles(one)}</li>" for one in chapters)
    return f'<nav aria-label="Contents"><ul><li>{_link(*MODEL)}</li>{items}<li>{_link(*LINES)}</li></ul></nav>'


def _titles(shown: Chapter) -> str:
    links = [_link(one.claim.id, title(one)) for one in shown.findings]
    links += [_link(one.id, escape(one.title)) for one in shown.theorems]
    listed = "".join(f"<li>{link}</li>" for link in links)
    return f"<details><summary>{len(links)} in a sentence each</summary><ul>{listed}</ul></details>"


def _link(anchor: str, said: str) -> str:
    return f'<a href="#{anchor}">{said}</a>'


def _model() -> str:
    anchor, heading = MODEL
    paragraphs = "".join(f"<p>{typeset(text)}</p>" for text in (SETTING, *VERDICTS_SAY.split("\n\n")))
    return f'<details id="{anchor}"><summary>{heading}</summary>{paragraphs}</details>'


def _lines(shown: Container[str]) -> str:
    """Every printed line, place by place, with the claims about it."""
    anchor, heading = LINES
    listed: dict[str, str] = {}
    for entry in ENTRIES:
        claims = ", ".join(_link(name, name) for name in entry.claims if name in shown)
        if claims:
            item = f'<li>{quote(entry)}<span class="aside">{claims}</span></li>'
            listed[entry.section] = listed.get(entry.section, "") + item
    body = "".join(f"<h3>{escape(section)}</h3><ul>{items}</ul>" for section, items in listed.items())
    return f'<section id="{anchor}"><h2>{heading}</h2>{body}</section>'
