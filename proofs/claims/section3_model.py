"""The construction of Section 3 of Kamath et al.: the code, the law of (X, Y), the shifts and what they stand for."""

from __future__ import annotations

import sympy
from sympy import Integer

from proofs.checking.claim import Claim
from proofs.language.counting import Count, count
from proofs.language.notation import LAW, K, S, c, d, delta, m, p, q, t, x, y
from proofs.language.statements import (
    above,
    at_least,
    at_most,
    cited,
    equal,
    exact,
    forall,
    identity,
    numbers,
    ratio,
    unequal,
)

SOURCE = "Section 3, the model"
REPEATED = "++-" * 4
"""Length 12; its shift by 3 is the word itself."""
DISTANCE = equal(delta, ratio("3/8"))


def moved(j: int) -> Count:
    """r_j(x) for x = (1, ..., 6), m = 2."""
    return count("moved_digits", (1, 2, 3, 4, 5, 6), 2, j)


CLAIMS = [
    Claim(
        "model-rotation-group",
        SOURCE,
        "a cyclic group can model a rotation group, such as the integer multiples of 30 degrees",
        "proved",
        "As a group; as a permutation of square pixels only quarter turns are possible.",
        (
            exact(
                "printed",
                "shifts by d/12 are 12 turns, and multiples of 30 degrees are as many",
                equal(count("common_turns", 12, 12), 360 / K),
                equal(K, 30),
            ),
            exact("printed", "the quarter turns are among them", equal(count("common_turns", 12, 4), 4)),
            cited("instead", "a turn that maps the grid of pixels to itself has a whole trace 2 cos(angle)"),
            numbers(
                "instead",
                "at 30 degrees the trace is sqrt(3), above 1",
                above(t, 1),
                equal(t, sympy.sqrt(3)),
                by="0.7321",
            ),
            numbers("instead", "and below 2", above(2, t), equal(t, sympy.sqrt(3)), by="0.2679"),
        ),
        title="A cyclic group can model turns by multiples of 30 degrees.",
    ),
    Claim(
        "model-translations",
        SOURCE,
        "a cyclic group can model horizontal translations by multiples of 4 pixels",
        "repaired",
        "A translation that fills with zeros is no member of any group: what left the picture does not come back.",
        (
            exact(
                "counterexample",
                "with a zero border the picture (3, 0), moved to the left, is (0, 0): a pixel of 3 is lost",
                above(q, 0),
                equal(q, 3),
                by="3",
            ),
            exact(
                "repair",
                "around the rim: one bright column of 28 has 7 places among shifts by 4",
                equal(count("distinct", "+" + "-" * 27, 4), 7),
            ),
            exact("repair", "and the seventh shift brings it back", equal(count("overlap", "+" + "-" * 27, 28), 28)),
        ),
        repair="True of translations around the rim, where the step divides the width.",
        picture=("sides", "pixel before", "pixel after"),
        title="A translation that fills with zeros belongs to no group.",
    ),
    Claim(
        "model-code-orbit",
        SOURCE,
        "in a binary cyclic code all codewords are cyclic shifts of one generator codeword",
        "repaired",
        "The cited chapter is about linear codes: spans closed under shifts, with a generator polynomial. An orbit "
        "is meant.",
        (
            exact(
                "counterexample",
                "the words of length 4 with an even number of -1 are a cyclic code of 8 words; a word has 4 shifts",
                above(count("even_words", 4), 4),
                by="4",
            ),
            exact("repair", "the orbit of + - - - has 4 words", equal(count("distinct", "+---", 1), 4)),
        ),
        repair="Take the orbit of one word for the code.",
        picture=("shifts", "+---", 1),
        title="The cyclic codes of the cited chapter are more than the shifts of one word.",
    ),
    Claim(
        "model-distance",
        SOURCE,
        "relative distance delta: any two codewords differ in at least delta d coordinates",
        "repaired",
        "Two codewords are different words; a shift can give the same word again, and then Proposition 1 fails.",
        (
            exact(
                "counterexample",
                "the 3 codewords of (++-)x4 differ in 8 of 12 places, more than 3/8 of them",
                above(12 - count("same", REPEATED, 1), delta * 12),
                DISTANCE,
                by="7/2",
            ),
            exact(
                "counterexample",
                "its shift by m = 3 is the word itself: |S_1| exceeds (1 - delta) d",
                above(count("same", REPEATED, 3), (1 - delta) * 12),
                DISTANCE,
                by="9/2",
            ),
            forall(
                "repair",
                "|S_j| <= (1 - delta) d is the same as correlation (2|S_j| - d)/d <= 1 - 2 delta",
                at_most((2 * S - d) / d, 1 - 2 * delta),
                at_most(S, (1 - delta) * d),
                touches={S: Integer(5), d: Integer(8), delta: ratio("3/8")},
            ),
        ),
        repair="Ask <u, r_j(u)> <= 1 - 2 delta for j = 1, ..., d/m - 1; only these shifts matter.",
        picture=("shifts", REPEATED, 3),
        title="A code's distance does not rule out that a shift gives the same word again.",
    ),
    Claim(
        "model-p-one",
        SOURCE,
        "X_0 = Y with probability p, for some p >= 1/2",
        "repaired",
        "p = 1 has to be left out: there p/(1-p), rho(x_0) and both bounds of Theorem 2 are undefined.",
        (
            exact("counterexample", "at p = 1 the quotient p/(1-p) divides by 0", equal(1 - p, 0), equal(p, 1)),
            forall(
                "repair",
                "for 1/2 <= p < 1 the odds p/(1-p) are defined and at least 1",
                at_least(p / (1 - p), 1),
                *LAW,
                touches={p: ratio("1/2")},
            ),
        ),
        repair="p in [1/2, 1).",
        picture=("sides", "1 - p at p = 1", "zero"),
        title="A bit that is always right, $p=1$, has to be left out.",
    ),
    Claim(
        "model-signal",
        SOURCE,
        "X_t | Y = y ~ N(2 c_t y/sqrt(d), 1) for t = 1, ..., d",
        "proved",
        "The mean vector has length s = 2 for every d: nothing but the pattern of the word depends on d.",
        (
            identity(
                "printed",
                "d squares of 2 c_t y/sqrt(d) add up to 4",
                d * x**2,
                4,
                equal(x, 2 * c * y / sympy.sqrt(d)),
            ),
        ),
        title="The signal has length 2 in every dimension.",
    ),
    Claim(
        "model-shift",
        SOURCE,
        "r_j(x) = (x_0, x_{mj+1}, ..., x_d, x_1, ..., x_{mj}), j = 1, ..., d/m",
        "proved",
        "The last of them, j = d/m, is the identity: every average over j contains it.",
        (
            exact("printed", "d = 6, m = 2: r_1 of (1, 2, 3, 4, 5, 6) is (3, 4, 5, 6, 1, 2)", equal(moved(1), 345612)),
            exact("printed", "r_2 of it is (5, 6, 1, 2, 3, 4)", equal(moved(2), 561234)),
            exact("instead", "r_3 of it is itself", equal(moved(3), 123456)),
        ),
        picture=("shifts", "+++---", 2),
        title="The last of the shifts is the identity.",
    ),
    Claim(
        "model-quarter-turn",
        SOURCE,
        "a 90 degree rotation is a cyclic permutation of pixels with m = d/4, the centre pixel x_0 being fixed",
        "repaired",
        "Pictures of 28, 32 and 64 pixels, those of the paper's data sets, have no centre pixel.",
        (
            exact(
                "counterexample",
                "28 x 28: a quarter turn fixes no pixel",
                unequal(count("fixed_pixels", 28), 1),
                by="-1",
            ),
            exact("counterexample", "32 x 32: neither", unequal(count("fixed_pixels", 32), 1), by="-1"),
            exact("repair", "29 x 29: it fixes one", equal(count("fixed_pixels", 29), 1)),
            exact(
                "repair",
                "and moves the others in (29^2 - 1)/4 circles of four",
                equal(count("quarter_orbits", 29), m),
                equal(m, (29**2 - Integer(1)) / 4),
            ),
            exact(
                "repair",
                "numbered by circles, the turned picture is r_1 of the picture, entry by entry",
                equal(count("turn_is_shift", 29), 1),
            ),
        ),
        repair="True for pictures of odd width n: d = n^2 - 1, which 4 divides.",
        picture=("sides", "fixed pixels, 28 x 28", "needed", "fixed pixels, 32 x 32", "needed"),
        title="Pictures of even width have no centre pixel to turn around.",
    ),
    Claim(
        "model-random-turn",
        SOURCE,
        "with m = d/4, r(x) is a random multiple of 90 degrees",
        "proved",
        "The turn by 0 degrees is one of the four.",
        (
            identity("printed", "d/m is 4", d / m, 4, equal(m, d / 4)),
            exact("printed", "four turns, those by multiples of 90 degrees", equal(count("common_turns", 4, 4), 4)),
        ),
        title="A random multiple of 90 degrees is one of four turns, the turn by 0 among them.",
    ),
]
