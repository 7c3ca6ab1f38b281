"""The style sheet of the audit page: one for light and dark, wide and narrow, and rules that show chosen verdicts."""

from __future__ import annotations

from collections.abc import Iterable

SHEET = """
:root { --ink: #222; --pale: #595959; --paper: #fff; --box: #f4f4f0; --rule: #ddd; color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e6e6; --pale: #aaa; --paper: #1b1b1b; --box: #2a2a28; --rule: #444; }
  svg { background: #fff; }
}
body { font: 16px/1.5 Georgia, serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; color: var(--ink);
  background: var(--paper); overflow-wrap: break-word; }
h1, h2, h3 { font-family: sans-serif; line-height: 1.3; } h2 { margin-top: 3rem; }
h3 { margin: 0 0 .3rem; font-size: 1.1rem; }
math { font-size: 1.05em; } .display math, .formula math { math-style: normal; }
article { border-top: 1px solid var(--rule); padding: 1rem 0; content-visibility: auto;
  contain-intrinsic-size: auto 20rem; }
li article { border: 0; padding: .2rem 0; contain-intrinsic-size: auto 6rem; }
section section { margin-top: 2.5rem; } #lines { content-visibility: auto; contain-intrinsic-size: auto 300rem; }
#lines h3 { margin-top: 1.5rem; } #lines li { margin-bottom: .6rem; } #lines blockquote { margin-bottom: 0; }
.place, .aside { color: var(--pale); font: 13px/1.5 sans-serif; margin: .2rem 0; }
.says { font: 14px/1.5 ui-monospace, monospace; background: var(--box); padding: .5rem .7rem; overflow-wrap: anywhere; }
.theorem { background: var(--box); padding: .5rem .7rem; overflow-x: auto; }
.formula { overflow-x: auto; padding: .2rem 0; }
blockquote { margin: .5rem 0; padding: .1rem .7rem; border-left: 3px solid var(--pale); overflow-x: auto; }
.verdict { font: bold 13px sans-serif; color: #fff; border-radius: 3px; padding: .1rem .5rem; }
.proved { background: #2f6b3a; } .repaired { background: #8a5c08; } .refuted { background: #a93226; }
.vacuous { background: #7d3f98; } .undecidable { background: #41637e; }
.repair { border-left: 3px solid #8a5c08; padding-left: .7rem; }
pre { font-size: 12px; overflow-x: auto; background: var(--box); padding: .5rem; }
svg { max-width: 100%; height: auto; margin: .4rem 0; }
details { font: 14px/1.5 sans-serif; } summary { cursor: pointer; padding: .2rem 0; }
code { font-size: 13px; overflow-wrap: anywhere; }
fieldset { border: 0; padding: 0; margin: 1rem 0; font: 14px sans-serif; } legend { padding: 0; }
fieldset label { display: inline-block; margin-right: 1rem; padding: .3rem 0; }
nav { font: 14px/1.6 sans-serif; } nav ul { padding-left: 1.2rem; }
@media (max-width: 40rem) { body { margin-top: 1rem; } ol, ul { padding-left: 1.3rem; } }
"""


def chosen(verdicts: Iterable[str]) -> str:
    """Rules that hide the claims of other verdicts while one is chosen; what a link leads to is shown all the same."""
    rule = (
        "body:has(#show-{0}:checked) :is(article:not(.is-{0}, :target), "
        "section.claims:not(:has(.is-{0}, :target))) {{ display: none; }}\n"
    )
    return "".join(rule.format(name) for name in verdicts)
