"""The audit as one self-contained page: per claim the statement, verdict, reason, drawing, repaired statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

from proofs.checking.check import Step
from proofs.checking.claim import VERDICTS, Finding, Verdict
from proofs.checking.theorem import Theorem
from proofs.claims.printed import ENTRIES
from proofs.report.drawings import picture
from proofs.report.text import OUTCOMES
from proofs.report.theorem_page import chapter

STYLE = """
:root { --ink: #222; --pale: #595959; --paper: #fff; --box: #f4f4f0; --rule: #ddd; color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e6e6; --pale: #aaa; --paper: #1b1b1b; --box: #2a2a28; --rule: #444; }
  svg { background: #fff; }
}
body { font: 16px/1.5 Georgia, serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; color: var(--ink);
  background: var(--paper); }
h1, h2, h3 { font-family: sans-serif; line-height: 1.25; } h3 { margin: 0 0 .3rem; font-size: 1.05rem; }
article { border-top: 1px solid var(--rule); padding: 1rem 0; content-visibility: auto;
  contain-intrinsic-size: auto 20rem; }
.place { color: var(--pale); font: 13px sans-serif; }
.says { font-family: ui-monospace, monospace; font-size: 14px; background: var(--box); padding: .5rem .7rem;
  overflow-wrap: anywhere; }
.theorem { background: var(--box); padding: .5rem .7rem; overflow-x: auto; }
blockquote { margin: .4rem 0; padding-left: .7rem; border-left: 3px solid var(--rule); color: var(--pale); }
.verdict { font: bold 13px sans-serif; color: #fff; border-radius: 3px; padding: .1rem .5rem; }
.proved { background: #2f6b3a; } .repaired { background: #8a5c08; } .refuted { background: #a93226; }
.vacuous { background: #7d3f98; } .undecidable { background: #41637e; }
.repair { border-left: 3px solid #8a5c08; padding-left: .7rem; }
pre { font-size: 12px; overflow-x: auto; background: var(--box); padding: .5rem; }
svg { max-width: 100%; height: auto; margin: .4rem 0; }
details { font: 14px/1.45 sans-serif; } code { font-size: 13px; overflow-wrap: anywhere; }
table { border-collapse: collapse; font: 14px sans-serif; width: 100%; }
td, th { text-align: left; padding: .2rem .6rem .2rem 0; vertical-align: top; border-bottom: 1px solid var(--rule); }
fieldset { border: 0; padding: 0; margin: 1rem 0; font: 14px sans-serif; } legend { padding: 0; }
fieldset label { margin-right: 1rem; white-space: nowrap; }
section { margin-top: 2rem; }
nav { font: 14px/1.6 sans-serif; }
"""
MODEL = """
<p>The model: the label Y is -1 or 1, each with probability 1/2. A bit x_0 shows the label with probability p, from
1/2 to below 1. The vector x has d coordinates, x_t normal with mean s Y c_t/sqrt(d) and variance 1, where c is a word
of letters +1 and -1 and s = 2; u is c/sqrt(d). A "rotation" r_j moves the first m j coordinates to the end,
j = 1, ..., K with K = d/m, and r is a random one of them; rho_j is the correlation of c and r_j(c). An attack adds to
every coordinate at most eps = a/sqrt(d), and may see the label. Std, Adv and Spat are the accuracy of a rule f on X,
under the worst attack, and on r(X); L = log(p/(1-p)); Phi is the normal distribution function, and
h(mu, b) = p Phi(mu + b) + (1 - p) Phi(mu - b). f* is the most accurate rule, f*_j the most accurate one on r_j(X).</p>
<p>Proposition 1 says that f* does badly on moved data; Theorem 2 that a rule of adversarial accuracy 1 - eta at
eps = 4/sqrt(d) has a spatial accuracy between two bounds. "proved": the statement holds as printed. "repaired": it
fails as printed, and holds after the stated change. "refuted": it fails. "vacuous": nothing satisfies its hypothesis.
"undecidable": the text does not settle it. Every verdict is computed from the evidence listed under the claim:
identities by SymPy, statements over the reals by z3, inequalities between numbers by Arb's balls, finite ones by
exact arithmetic; what is cited and not checked is marked "lemma".</p>
"""


CHAPTERS: tuple[tuple[str, str, tuple[Verdict, ...]], ...] = (
    ("false", "What does not hold as printed", ("refuted", "repaired", "vacuous")),
    ("open", "What the text does not settle", ("undecidable",)),
    ("true", "What holds as printed", ("proved",)),
)
"""Anchor, heading and verdicts of each chapter of claims; a reader wants the first one first."""
SHORT = 3
"""Words that make no sentence."""
LINES = "Where each printed line is checked"


def page(findings: Sequence[Finding], theorems: Sequence[Theorem] = ()) -> str:
    """The whole page as text: the audit, and a chapter for the theorems whose steps are among the findings."""
    counts = Counter(finding.verdict for finding in findings)
    chips = " ".join(f"{_chip(name)} {counts[name]}" for name in VERDICTS if counts[name])
    chapters = {anchor: _chapter(findings, anchor, heading, verdicts) for anchor, heading, verdicts in CHAPTERS}
    second = chapter(theorems, {finding.claim.id: finding for finding in findings})
    listed = [(anchor, heading) for anchor, heading, _ in CHAPTERS if chapters[anchor]]
    listed[1:1] = [("theorems", "What is true instead")] if second else []
    links = "".join(f'<li><a href="#{anchor}">{escape(heading)}</a></li>' for anchor, heading in listed)
    first, *others = chapters.values()
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width"><title>Audit of printed claims</title>'
        f"<style>{STYLE}{_filters(counts)}</style></head><body><h1>Printed claims, checked by machine</h1>"
        "<p>The claims of Kamath et al., &quot;You can't have it all: On spatial vs adversarial robustness of neural "
        "network models&quot;, what holds in their place, and exact numbers of related papers. "
        f"{len(findings)} claims: {chips}.</p>{_choice(counts)}"
        f'<nav aria-label="contents"><ul>{links}<li><a href="#lines">{LINES}</a></li></ul></nav>'
        f"<details><summary>The model, and what the verdicts mean</summary>{MODEL}</details>"
        f"{first}{second}{''.join(others)}{_contents({one.claim.id for one in findings})}"
        "</body></html>\n"
    )


def _chapter(findings: Sequence[Finding], anchor: str, heading: str, verdicts: tuple[Verdict, ...]) -> str:
    """The claims of some verdicts, in the order of the verdicts and then of the paper."""
    shown = [finding for name in verdicts for finding in findings if finding.verdict == name]
    body = "".join(map(_article, shown))
    return f'<h2 id="{anchor}">{escape(heading)}</h2>{body}' if shown else ""


def _choice(counts: Counter[Verdict]) -> str:
    """Which claims are shown: radio buttons that the style sheet listens to, so that no script is needed."""
    said = {"all": "all"} | {str(name): f"{name} ({counts[name]})" for name in VERDICTS if counts[name]}
    button = '<label><input type="radio" name="verdict" id="show-{}"{}>{}</label>'
    buttons = "".join(button.format(name, " checked" if name == "all" else "", text) for name, text in said.items())
    return f"<fieldset><legend>Show the claims that are</legend>{buttons}</fieldset>"


def _filters(counts: Counter[Verdict]) -> str:
    """Of a chosen verdict the articles of the others are hidden."""
    return "".join(f"body:has(#show-{name}:checked) article:not(.is-{name}) {{ display: none; }}\n" for name in counts)


def why(finding: Finding) -> str:
    """Two sentences: what decided, and what follows."""
    return f"{_because(finding)} {_sentence(finding.claim.consequence)}"


def _because(finding: Finding) -> str:
    """What decided."""
    decisive = [step for step in finding.steps if step.statement.role == _deciding(finding)]
    checked = [step for step in decisive if step.statement.checker != "lemma"] or decisive
    # A counterexample's last step is the conclusion; of a proof the first step names the idea.
    said = (decisive[-1] if _deciding(finding) == "counterexample" else checked[0]).statement.says
    return f"Not so: {said}." if finding.verdict == "vacuous" else _sentence(said)


def _title(finding: Finding) -> str:
    """What follows; where that is a number alone, the statement with it."""
    says = finding.claim.consequence
    return _sentence(says if len(says.split()) > SHORT else f"{finding.claim.statement}: {says}")


def _deciding(finding: Finding) -> str:
    if finding.verdict in ("refuted", "repaired"):
        return "counterexample"
    return "hypothesis" if finding.verdict == "vacuous" else "printed"


def _sentence(text: str) -> str:
    first = text.split(" ")[0]
    # A letter of the model keeps its size: p is not P.
    ordinary = first.isalpha() and len(first) > 1 and first not in ("rho", "eta", "eps", "delta", "log")
    return (text[:1].upper() + text[1:] if ordinary else text) + ("" if text.endswith(".") else ".")


def _chip(verdict: str) -> str:
    return f'<span class="verdict {verdict}">{verdict}</span>'


def _article(finding: Finding) -> str:
    claim = finding.claim
    parts = [
        f'<article id="{claim.id}" class="is-{finding.verdict}">'
        f"<h3>{_chip(finding.verdict)} {escape(_title(finding))}</h3>",
        f'<div class="place">{escape(claim.source)} (<code>{claim.id}</code>)</div>{_quotes(claim.id)}',
        f'<p class="says">{escape(claim.statement)}</p><p>{escape(_because(finding))}</p>{picture(finding)}',
    ]
    if claim.repair:
        parts.append(f'<p class="repair"><b>Repaired:</b> {escape(claim.repair)}</p>')
    steps = "".join(map(_step, finding.steps))
    return "".join(parts) + f"<details><summary>Evidence</summary><ul>{steps}</ul></details></article>"


def _quotes(name: str) -> str:
    """The paper's own words about it, with their place."""
    quoted = [entry for entry in ENTRIES if name in entry.claims]
    return "".join(
        f"<blockquote>&ldquo;{escape(entry.words, quote=False)}&rdquo; ({escape(entry.section)})</blockquote>"
        for entry in quoted
    )


def _step(step: Step) -> str:
    statement = step.statement
    formula = f"<br><code>{escape(statement.formula)}</code>" if statement.formula else ""
    seen = f"<br><small>{escape(step.detail)}</small>" if step.detail else ""
    return (
        f"<li><b>{statement.role}</b> ({statement.checker}, {OUTCOMES[step.holds]}): {escape(statement.says)}"
        f"{formula}{seen}</li>"
    )


def _contents(shown: set[str]) -> str:
    rows = "".join(
        f"<tr><td>{escape(entry.section)}</td><td>{escape(entry.words)}</td><td>"
        + ", ".join(f'<a href="#{name}">{name}</a>' for name in entry.claims if name in shown)
        + "</td></tr>"
        for entry in ENTRIES
        if shown.intersection(entry.claims)
    )
    head = "<tr><th>place</th><th>words</th><th>claims</th></tr>"
    return f'<h2 id="lines">{LINES}</h2><table>{head}{rows}</table>'
