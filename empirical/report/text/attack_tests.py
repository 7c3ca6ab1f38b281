"""Tests of an attack as a table and a verdict in words."""

from __future__ import annotations

from collections.abc import Iterator

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
    """One line for each test; adversarial accuracy as the attack leaves it, and as no attack can lower it."""
    lines = [
        f"{'test':42}{'missed':>8}{'of':>7}{'at least':>12}{'power at 90 %':>15}{'accuracy left':>16}{'exact':>8}"
        "  verdict"
    ]
    for one in results:
        value = f"{one.excess:12.3f}" if one.kind != "paired" else f"  p={one.excess:8.1e}"
        text = "WEAK" if one.found_weak else "-"
        left = f"{one.unfooled.rate:16.3f}" if one.unfooled else f"{'':16}"
        exact = f"{one.exact:8.3f}" if one.exact is not None else f"{'':8}"
        lines.append(
            f"{one.kind + ' ' + one.name:42}{one.misses:8}{one.of:7}{value}{one.power:15.3f}{left}{exact}  {text}"
        )
    return "\n".join(lines)
