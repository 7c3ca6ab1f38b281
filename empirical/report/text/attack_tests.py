"""Tests of an attack as a table and a verdict in words."""

from __future__ import annotations

from collections.abc import Iterator

from empirical.report import formatting
from empirical.validation.check_attack import LEVEL, REDUCED, Result


def verdict(results: list[Result]) -> str:
    """What the tests say, in a sentence."""
    failed = [test for test in results if test.found_weak]
    if not failed:
        return (
            "Not found weak. That does not show that it is strong: a weakness that none of these tests looks at stays "
            f"unseen. An attack at {REDUCED:.0%} of the radius would be found weak {_at_90(results)}."
        )
    if {test.name.rpartition("-")[2] for test in failed} == {"masked"}:
        return (
            f"Found weak by {len(failed)} of {len(results)} tests, all of them where gradients are masked: an attack "
            "that follows gradients sees nothing there. Add one that does not, such as square."
        )
    return (
        f"Found weak by {len(failed)} of {len(results)} tests, at level {LEVEL:g} over all of them: "
        + "; ".join(_by_group(results))
        + "."
    )


def _by_group(results: list[Result]) -> Iterator[str]:
    """For each disguise, and for each other kind of test, how many of its tests find the attack weak."""
    groups: dict[str, list[Result]] = {}
    for one in results:
        group = one.name.rpartition("-")[2] if one.kind == "known" else one.kind
        groups.setdefault(f"{one.kind}, {group}" if one.kind == "known" else one.kind, []).append(one)
    for group, tests in groups.items():
        if failed := sum(test.found_weak for test in tests):
            yield f"{group} ({failed} of {len(tests)})"


def _at_90(results: list[Result]) -> str:
    """The probability that at least one test finds an attack weak: at least the largest one of a known network."""
    best = max((one.power for one in results if one.kind == "known"), default=0.0)
    return "for certain" if best > 1 - 1e-6 else f"with probability {best:.3f} at least"


def table(results: list[Result]) -> str:
    """One line for each test, by kinds; adversarial accuracy as the attack leaves it, and as no attack can lower it."""
    rows = [(one.kind, _row(one)) for one in results]
    head, *lines = formatting.table(HEAD, [row for _, row in rows], indent=2)
    made, last = [head], ""
    for (kind, _), line in zip(rows, lines, strict=True):
        made += [line] if kind == last else [f"{kind}, {KINDS[kind]}:", line]
        last = kind
    return "\n".join([*made, "", LEGEND])


HEAD = ("test", "missed", "of", "at least", "power", "left", "exact", "")
KINDS = {
    "known": "networks of known worst case",
    "paired": "trained networks, beside a closed form",
    "bound": "trained networks, beside what no rule can exceed",
}
LEGEND = (
    "missed, of: images that the exact attack fools (paired: the closed form), and this one does not; at least: of "
    "that share, or a p-value; power: probability of finding an attack at 90 % of the radius weak; left: accuracy "
    "under the attack; exact: what no attack can lower"
)


def _row(one: Result) -> list[str]:
    return [
        *(one.name, f"{one.misses:,}", f"{one.of:,}"),
        f"p = {one.excess:.0e}" if one.kind == "paired" else f"{one.excess:.3f}",
        f"{one.power:.3f}",
        f"{one.unfooled.rate:.3f}" if one.unfooled else "-",
        "-" if one.exact is None else f"{one.exact:.3f}",
        "WEAK" if one.found_weak else "-",
    ]
