"""The audit as one self-contained page: per claim the statement, verdict, reason, drawing, repaired statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

from proofs.checking.check import Step
from proofs.checking.claim import VERDICTS, Finding
from proofs.checking.theorem import Theorem
from proofs.claims.printed import ENTRIES
from proofs.report.drawings import picture
from proofs.report.text import OUTCOMES
from proofs.report.theorem_page import chapter

STYLE = """
body { font: 16px/1.5 Georgia, serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
h1, h2, h3 { font-family: sans-serif; line-height: 1.25; } h3 { margin: 0 0 .3rem; font-size: 1rem; }
article { border-top: 1px solid #ddd; padding: 1rem 0; } .place { color: #777; font: 13px sans-serif; }
.says { font-family: ui-monospace, monospace; font-size: 14px; background: #f6f6f3; padding: .5rem .7rem; }
.verdict { font: bold 13px sans-serif; color: #fff; border-radius: 3px; padding: .1rem .5rem; }
.proved { background: #3f7d4a; } .repaired { background: #a5700f; } .refuted { background: #b03a2e; }
.vacuous { background: #7d3f98; } .undecidable { background: #4a6f8a; }
.repair { border-left: 3px solid #a5700f; padding-left: .7rem; }
pre { font-size: 12px; overflow-x: auto; background: #f6f6f3; padding: .5rem; }
svg { max-width: 100%; height: auto; margin: .4rem 0; }
details { font: 14px/1.45 sans-serif; color: #444; } code { font-size: 13px; overflow-wrap: anywhere; }
table { border-collapse: collapse; font: 14px sans-serif; width: 100%; }
td, th { text-align: left; padding: .2rem .6rem .2rem 0; vertical-align: top; border-bottom: 1px solid #eee; }
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


def page(findings: Sequence[Finding], theorems: Sequence[Theorem] = ()) -> str:
    """The whole page as text: the audit, and a chapter for the theorems whose steps are among the findings."""
    counts = Counter(finding.verdict for finding in findings)
    chips = " ".join(f"{_chip(name)} {counts[name]}" for name in VERDICTS if counts[name])
    sections = dict.fromkeys(map(_section, findings))
    body = []
    for name in sections:
        body.append(f"<h2>{escape(name)}</h2>")
        body += [_article(finding) for finding in findings if _section(finding) == name]
    second = chapter(theorems, {finding.claim.id: finding for finding in findings})
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width"><title>Audit of printed claims</title>'
        f"<style>{STYLE}</style></head><body><h1>Printed claims, checked by machine</h1>"
        "<p>The claims of Kamath et al., &quot;You can't have it all: On spatial vs adversarial robustness of neural "
        "network models&quot;, what holds in their place, and exact numbers of related papers. "
        f"{len(findings)} claims: {chips}.</p>{MODEL}{second}{''.join(body)}"
        f"{_contents({one.claim.id for one in findings})}"
        "</body></html>\n"
    )


def why(finding: Finding) -> str:
    """Two sentences: what decided, and what follows."""
    decisive = [step for step in finding.steps if step.statement.role == _deciding(finding)]
    checked = [step for step in decisive if step.statement.checker != "lemma"] or decisive
    # A counterexample's last step is the conclusion; of a proof the first step names the idea.
    said = (decisive[-1] if _deciding(finding) == "counterexample" else checked[0]).statement.says
    first = f"Not so: {said}." if finding.verdict == "vacuous" else _sentence(said)
    return f"{first} {_sentence(finding.claim.consequence)}"


def _deciding(finding: Finding) -> str:
    if finding.verdict in ("refuted", "repaired"):
        return "counterexample"
    return "hypothesis" if finding.verdict == "vacuous" else "printed"


def _sentence(text: str) -> str:
    first = text.split(" ")[0]
    # A letter of the model keeps its size: p is not P.
    ordinary = first.isalpha() and len(first) > 1 and first not in ("rho", "eta", "eps", "delta", "log")
    return (text[:1].upper() + text[1:] if ordinary else text) + ("" if text.endswith(".") else ".")


def _section(finding: Finding) -> str:
    """The paper and the section; of this project's own claims the whole source."""
    return finding.claim.source.split(",")[0]


def _chip(verdict: str) -> str:
    return f'<span class="verdict {verdict}">{verdict}</span>'


def _article(finding: Finding) -> str:
    claim = finding.claim
    parts = [
        f'<article id="{claim.id}"><h3>{_chip(finding.verdict)} {escape(claim.id)}</h3>',
        f'<div class="place">{escape(claim.source)}</div><p class="says">{escape(claim.statement)}</p>',
        f"<p>{escape(why(finding))}</p>{picture(finding)}",
    ]
    if claim.repair:
        parts.append(f'<p class="repair"><b>Repaired:</b> {escape(claim.repair)}</p>')
    steps = "".join(map(_step, finding.steps))
    return "".join(parts) + f"<details><summary>Evidence</summary><ul>{steps}</ul></details></article>"


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
    return f"<h2>Where each printed line is checked</h2><table>{head}{rows}</table>"
