"""One claim as HTML: what was found, the paper's words, what was checked, a drawing, the evidence."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from html import escape

from proofs.checking.check import Step
from proofs.checking.claim import Finding
from proofs.claims.entry import Entry
from proofs.claims.printed import ENTRIES
from proofs.language.latex import formula
from proofs.report.drawings import picture
from proofs.report.mathematics import typeset
from proofs.report.text import OUTCOMES

NAME = re.compile(r"\b[a-z0-9]+(?:-[a-z0-9]+)+\b")


def article(finding: Finding, shown: Container[str] = ()) -> str:
    """A claim that stands by itself, with links to claims that are shown, too.

    A step of a theorem's proof is `proofs.report.theorem_page`'s.
    """
    claim = finding.claim
    repair = f'<p class="repair"><b>Repaired:</b> {escape(claim.repair)}</p>' if claim.repair else ""
    return (
        f'<article id="{claim.id}" class="is-{finding.verdict}"><h3>{chip(finding.verdict)} {title(finding)}</h3>'
        f'<p class="place">{escape(claim.source)} (<a href="#{claim.id}">{claim.id}</a>)</p>{_quotes(claim.id)}'
        f'<p class="says">{escape(claim.statement)}</p><p>{linked(why(finding), shown)}</p>{picture(finding)}{repair}'
        f"{evidence(finding.steps)}</article>"
    )


def title(finding: Finding) -> str:
    """The finding as a sentence; of a step the statement."""
    return typeset(finding.claim.title) if finding.claim.title else escape(sentence(finding.claim.statement))


def why(finding: Finding) -> str:
    """Two sentences: what decided, and what follows."""
    decisive = [step for step in finding.steps if step.statement.role == _deciding(finding)]
    checked = [step for step in decisive if step.statement.checker != "lemma"] or decisive
    # A counterexample's last step is the conclusion; of a proof the first step names the idea.
    said = (decisive[-1] if _deciding(finding) == "counterexample" else checked[0]).statement.says
    first = f"Not so: {said}." if finding.verdict == "vacuous" else sentence(said)
    return f"{first} {sentence(finding.claim.consequence)}"


def _deciding(finding: Finding) -> str:
    if finding.verdict in ("refuted", "repaired"):
        return "counterexample"
    return "hypothesis" if finding.verdict == "vacuous" else "printed"


def sentence(text: str) -> str:
    """A text with a capital and a full stop; a letter of the model keeps its size, p is not P."""
    first = text.split(" ")[0]
    ordinary = first.isalpha() and len(first) > 1 and first not in ("rho", "eta", "eps", "delta", "log", "exp")
    return (text[:1].upper() + text[1:] if ordinary else text) + ("" if text.endswith(".") else ".")


def linked(text: str, shown: Container[str]) -> str:
    """A text with links where it names a claim that is shown.

    >>> linked("x < 1, see thm2-upper.", {"thm2-upper"})
    'x &lt; 1, see <a href="#thm2-upper">thm2-upper</a>.'
    """

    def link(found: re.Match[str]) -> str:
        return f'<a href="#{found[0]}">{found[0]}</a>' if found[0] in shown else found[0]

    return NAME.sub(link, escape(text, quote=False))


def chip(verdict: str) -> str:
    """A verdict in its colour."""
    return f'<span class="verdict {verdict}">{verdict}</span>'


def _quotes(name: str) -> str:
    """The paper's own words about a claim, with their place."""
    return "".join(quote(entry, escape(entry.section)) for entry in ENTRIES if name in entry.claims)


def quote(entry: Entry, place: str = "") -> str:
    """A paper's own words, and their place if it is not said around them."""
    where = f' <span class="aside">{place}</span>' if place else ""
    return f'<blockquote class="{entry.kind}">&ldquo;{typeset(entry.words)}&rdquo;{where}</blockquote>'


def evidence(steps: Iterable[Step]) -> str:
    """Every statement that was checked, with the formula that the checker took; folded."""
    return f"<details><summary>Evidence</summary><ul>{''.join(map(_step, steps))}</ul></details>"


def _step(step: Step) -> str:
    statement = step.statement
    checked = formula(statement)
    shown = f'<div class="formula">{typeset(checked)}</div>' if checked else ""
    seen = f'<div class="aside">{escape(step.detail)}</div>' if step.detail else ""
    return (
        f"<li><b>{statement.role}</b> ({statement.checker}, {OUTCOMES[step.holds]}): {escape(statement.says)}"
        f"{shown}{seen}</li>"
    )
