"""The second chapter of the audit page: the corrected theorems with their proofs, LaTeX to paste, and the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from proofs.checking import direction_tables
from proofs.checking.claim import Finding
from proofs.checking.direction_tables import Answer, Direction
from proofs.checking.theorem import Line, Theorem, support, supports
from proofs.report.article import chip, evidence, linked, sentence
from proofs.report.mathematics import typeset
from tradeoff.shared import palette

CITATION = Path(__file__).parents[2] / "CITATION.cff"
COLOURS: dict[Answer, str] = {
    "holds": palette.COLOURS[6],
    "reversed": palette.COLOURS[2],
    "both": palette.COLOURS[1],
    "undecided": palette.SHADE,
}
INTRODUCTION = """
<p>Each theorem has its proof as a list of steps; a step names the earlier steps that it uses, and under it are the
statements that were checked. "checked": by machine alone. "cites a lemma": a fact is cited beside what was checked.
Taken for granted are the rules of integration (an inequality that holds at every point may be integrated, a function
rises where its slope is not negative, strictly where it is positive, and takes every value between two of its own),
that a finite sum may be taken in any order (so that a shift moves to the other side of an inner product, permutes an
orbit, and permutes the attacks; steps show it on an example), and that the sum of independent normal variables is
normal. sign(0) is 1 throughout; scores are 0 with probability 0, or the rule is named. Every question to z3 and every
inequality between numbers is a file in results/certificates; <code>python -m proofs.recheck
results/certificates</code> checks them again with code of its own.</p>
"""


def examined(theorems: Sequence[Theorem], findings: Mapping[str, Finding]) -> list[Theorem]:
    """The theorems all of whose steps are among the findings."""
    return [one for one in theorems if all(one.name(line) in findings for line in one.proof)]


def chapter(theorems: Sequence[Theorem], findings: Mapping[str, Finding]) -> str:
    """Theorems with their proofs, every step of which is among the findings, and the tables, as HTML."""
    return f"{INTRODUCTION}{''.join(_theorem(theorem, findings) for theorem in theorems)}{_tables()}"


def _theorem(theorem: Theorem, findings: Mapping[str, Finding]) -> str:
    counts = ", ".join(f"{count} {name}" for name, count in supports(theorem, findings).items() if count)
    steps = "".join(f"<li>{_step(theorem, line, findings)}</li>" for line in theorem.proof)
    return (
        f'<section class="claims" id="{theorem.id}"><h3>{escape(theorem.title)}</h3>'
        f'<div class="theorem">{typeset(theorem.latex)}</div>'
        f'<ol>{steps}</ol><p class="aside">Steps: {counts}.</p>'
        f'<details><summary>In plain text, and as LaTeX</summary><p class="says">{escape(theorem.statement)}</p>'
        f"<pre>{escape(paste(theorem))}</pre></details></section>"
    )


def _step(theorem: Theorem, line: Line, findings: Mapping[str, Finding]) -> str:
    """A step of a proof: what it says and why, what stands behind it, the evidence."""
    name = theorem.name(line)
    finding = findings[name]
    checkers = dict.fromkeys(step.statement.checker for step in finding.steps)
    by = ", ".join(name for name in checkers if name != "lemma")
    uses = f"; uses {linked(', '.join(line.uses), findings)}" if line.uses else ""
    cited = "".join(f" Cited: {escape(s.statement.says)}." for s in finding.steps if s.statement.checker == "lemma")
    failed = "" if finding.verdict == "proved" else f"{chip(finding.verdict)} "
    return (
        f'<article id="{name}" class="is-{finding.verdict}">{failed}{escape(sentence(line.says))} '
        f"{linked(line.so, findings)}{cited}"
        f'<p class="aside">{support(finding)} ({by}){uses} (<a href="#{name}">{name}</a>)</p>'
        f"{evidence(finding.steps)}</article>"
    )


DEFINITIONS = r"""\paragraph{Setting.}
Let $\frac12\le p<1$, $s>0$, and let $c\in\{-1,1\}^d$ be a word, $u=c/\sqrt d$. The label $Y$ is
$\pm1$ with probability $\frac12$ each; given $Y=y$, $x_0$ is $y$ with probability $p$ and $-y$ otherwise, and,
independently, $x\sim N(s\,y\,u,I)$ on $\mathbb{R}^d$; $X=(x_0,x)$. A shift $r_j$, $0\le j<K$, permutes the
coordinates of $x$ cyclically by $mj$, $m=d/K$, and leaves $x_0$; $r_0$ is the identity, $r$ is $r_j$ with $j$ uniform
and independent of $(X,Y)$; $u_j=r_j(u)$, $\rho_j=\langle u,u_j\rangle$, and for $K=2$: $\rho=\rho_1$. A classifier
$f$ is measurable, and may draw its answer at random. $\mathrm{Adv}_a(f)=\inf_A\Pr(f(X+A)=Y)$ over all attacks $A$
that may depend on $(X,Y)$ with $|A_t|\le\varepsilon$ for every coordinate and for $x_0$, $a=\varepsilon\sqrt d$;
$\mathrm{Spat}(f)=\Pr(f(r(X))=Y)$. $\Phi$ is the standard normal distribution function,
$h(\mu,b)=p\,\Phi(\mu+b)+(1-p)\,\Phi(\mu-b)$, $L=\log\frac p{1-p}$, $f^*(x)=\operatorname{sign}(2s\langle
u,x\rangle+L\operatorname{sign}x_0)$ and $f_j^*=f^*$ with $u_j$ for $u$; $\operatorname{sign}0=1$, and
$z_+=\max\{z,0\}$."""
"""What the letters of every theorem mean; it comes before the theorem that is pasted."""
SETTING = DEFINITIONS.split("\n", 1)[1]
"""The same without a heading."""


def paste(theorem: Theorem) -> str:
    """The theorem as LaTeX, after the definitions of its letters and with the project's citation, for a paper."""
    title = theorem.title.replace("'", "$'$")
    head = f"\\begin{{theorem}}[{title}, \\cite{{{KEY}}}]"
    return f"{DEFINITIONS}\n\n{head}\n{theorem.latex}\n\\end{{theorem}}\n\n{citation()}"


KEY = "robustness-tradeoff"


def citation() -> str:
    """The BibTeX entry, from CITATION.cff, or without a copy of the project the title alone."""
    fields = {"title": KEY, "version": "", "date-released": ""}
    if CITATION.exists():
        pairs = (line.split(": ", 1) for line in CITATION.read_text().splitlines() if ": " in line and line[0] != " ")
        fields |= {name: value.strip().strip('"') for name, value in pairs if name in fields}
    return (
        f"@software{{{KEY},\n  author = {{{{The robustness-tradeoff developers}}}},\n  title = {{{fields['title']}}},\n"
        f"  version = {{{fields['version']}}},\n  year = {{{fields['date-released'][:4]}}}\n}}"
    )


def _tables() -> str:
    return "<h3>Where the paper's two directions hold</h3>" + "".join(map(_table, direction_tables.DIRECTIONS))


def _table(direction: Direction) -> str:
    """Rows of p, columns of a; each box with its answer."""
    rows = direction_tables.table(direction)
    width, height = 480 / direction.columns, 18
    cells = "".join(
        f'<rect x="{60 + j * width:.1f}" y="{i * height}" width="{width:.1f}" height="{height}" stroke="#fff" '
        f'fill="{COLOURS[answer]}"><title>{answer}</title></rect>'
        for i, row in enumerate(rows)
        for j, answer in enumerate(row)
    )
    reliabilities = direction_tables.parts(direction.reliabilities, direction.rows)
    labels = "".join(
        f'<text x="54" y="{i * height + 13}" text-anchor="end" font-size="10">p {float(low):.4g}</text>'
        for i, (low, _) in enumerate(reliabilities)
    )
    low, high = (float(end) for end in direction.radii)
    foot = len(rows) * height + 14
    ends = f'<text x="60" y="{foot}" font-size="10">a = {low:g}</text>' + (
        f'<text x="540" y="{foot}" text-anchor="end" font-size="10">{high:g}</text>'
    )
    key = ", ".join(f"{name} {sum(row.count(name) for row in rows)}" for name in COLOURS)
    return (
        f"<p>{escape(direction.says)} ({escape(direction.law)}; boxes: {key}).</p>"
        f'<svg viewBox="0 0 545 {foot + 4}" '
        f'width="545" role="img" aria-label="{escape(direction.says)}">{cells}{labels}{ends}</svg>'
    )
