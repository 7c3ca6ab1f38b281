"""Why a changed statement keeps its claim's verdict although it does not follow from the statement itself.

A key names the claim, the place of the statement among its evidence, and the change. Everything else that survives is
shown to follow by machine (`proofs.mutation.mutants.follows`); a survivor without a reason fails the run, and so does a
reason for a mutant that no longer survives.
"""

from __future__ import annotations

_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "the words of (++-)x4 are three, and any two of them differ in 8 places",
        ("model-distance.0: 1 -> 2",),
    ),
    (
        "the word is as far from its shifts by 15 and by 17 as from that by 16",
        ("progress-word.1: 16 -> 17", "progress-word.1: 16 -> 15"),
    ),
    (
        "only signs matter: a square is not negative, and p + 1/2 and p are positive like p - 1/2",
        (
            "sharp-constant.1: q -> q^2",
            "sharp-constant.1: given q*(p - 1/2) = Adv - 1/2: -1/2 -> 1/2",
            "sharp-constant.1: given q*(p - 1/2) = Adv - 1/2: -1/2 -> 0",
        ),
    ),
    (
        "a power of a number up to 1 is one, too",
        (
            "progress-louder.0: given k^2 = rho/2 + 1/2: k^2 -> k^3",
            "progress-louder.0: given k^2 = rho/2 + 1/2: k^2 -> k",
            "progress-louder.0: given k^2 = rho/2 + 1/2: k -> k^2",
            "progress-louder.1: 1/k -> k^(-2)",
        ),
    ),
    (
        "a number whose square is below 1 is below 1",
        (
            "best-below-one.1: given R <= Max(q, t): R -> R^2",
            "best-below-one.2: given R <= Max(p, 1 - p): R -> R^2",
            "below-zero.0: given Adv <= R: Adv -> Adv^2",
            "normal-ends.3: given t > q: q -> q^2",
        ),
    ),
    (
        "the square of a number that is not 0 is positive, and so are its modulus and its other even powers",
        (
            "normal-rises.3: q -> q^2",
            "normal-rises.3: given q = t^2: t^2 -> Abs(t)",
            "normal-rises.3: given q = t^2: t -> t^2",
        ),
    ),
    ("1 - p^2 is below 1 like 1 - p", ("best-below-one.2: given R <= Max(p, 1 - p): p -> p^2 (2)",)),
    ("a square is not negative", ("normal-ends.2: given q > t: t -> t^2",)),
    (
        "a square tends to infinity as well",
        ("normal-ends.1: z -> z^2", "normal-mirror.1: z -> z^2", "normal-mirror.1: z -> z^2 (2)"),
    ),
    (
        "Phi(-z) tends to 0, and so do its multiples",
        ("normal-mirror.1: Phi(-z) -> -Phi(-z)", "normal-mirror.1: -1 -> -2"),
    ),
    (
        "the limit is the same wherever the law is centred",
        (
            "normal-moved.1: -mu -> mu",
            "normal-moved.1: -1 -> 0",
            "normal-moved.1: -1 -> -2",
            "normal-moved.1: mu -> mu^2",
            "normal-moved.3: mu -> -mu",
            "normal-moved.3: mu -> mu^2",
        ),
    ),
    (
        "of the two parts one is 0, so that the square is that of the other",
        (
            "joint-ratio.1: s*(1/2 - sign/2) -> -s*(1/2 - sign/2)",
            "joint-ratio.1: (-a' + s)*(sign/2 + 1/2) -> -(-a' + s)*(sign/2 + 1/2)",
            "joint-ratio.1: (-a' + s)*(sign/2 + 1/2) -> -(-a' + s)*(sign/2 + 1/2) (2)",
            "joint-ratio.1: -s*(1/2 - sign/2) -> s*(1/2 - sign/2)",
        ),
    ),
    (
        "both sides are then the same",
        (
            "progress-concave.2: mu -> -mu",
            "progress-concave.2: -t -> t",
            "progress-concave.2: mu -> -mu (2)",
            "progress-concave.2: t -> -t",
            "progress-louder.1: 1/k -> 1",
        ),
    ),
    (
        "t is 0",
        (
            "progress-concave.0: t -> -t",
            "progress-concave.0: t -> t^2",
            "progress-concave.0: -t -> t",
            "progress-concave.0: -1 -> 0",
            "progress-concave.0: -1 -> -2",
            "progress-concave.0: t -> t^2 (2)",
        ),
    ),
    (
        "1 squared is 1",
        (
            "model-p-one.0: p -> p^2",
            "bitless-attack.0: A -> A^2",
            "frontier-unique.0: f -> f^2",
            "mixture-instance.0: a -> a^2",
            "mixture-instance.1: a -> a^2",
            "mixture-instance.1: a -> a^2 (2)",
            "mixture-instance.1: a -> a^2 (3)",
            "mixture-four-shifts.0: a -> a^2",
            "mixture-four-shifts.1: a -> a^2",
            "mixture-four-shifts.1: a -> a^2 (2)",
            "mixture-four-shifts.1: a -> a^2 (3)",
        ),
    ),
    (
        "rho is 0",
        (
            "mixture-instance.1: rho/2 -> -rho/2",
            "mixture-instance.1: 1/2 -> 1 (5)",
            "mixture-instance.1: 1/2 -> 0 (5)",
            "mixture-instance.0: rho -> rho^2",
            "mixture-instance.1: rho -> rho^2",
        ),
    ),
    (
        "-0 is 0",
        (
            "prop1-display-1.0: q -> -q",
            "thm2-pointwise.2: q*(q - 4)*(q + 4) -> -q*(q - 4)*(q + 4)",
            "normal-ends.0: Lim(Phi(z), z, -oo) -> -Lim(Phi(z), z, -oo)",
            "normal-moved.1: Lim(Phi(-mu + z), z, -oo) -> -Lim(Phi(-mu + z), z, -oo)",
            "normal-moved.3: Lim(Phi(b + mu), b, -oo) -> -Lim(Phi(b + mu), b, -oo)",
        ),
    ),
    (
        "the count is 0, which has no sign",
        (
            "model-quarter-turn.0: fixed_pixels(28) -> -fixed_pixels(28)",
            "model-quarter-turn.1: fixed_pixels(32) -> -fixed_pixels(32)",
        ),
    ),
    (
        "the variance is 0, which has no sign",
        (
            "fig4-same-mean.2: variance(((1/9, 1/9, 1/9), (1/9, 1/9, 1/9), (1/9, 1/9, 1/9))) -> "
            "-variance(((1/9, 1/9, 1/9), (1/9, 1/9, 1/9), (1/9, 1/9, 1/9)))",
        ),
    ),
    ("0 squared is 0", ("frontier-unique.1: f -> f^2", "prop1-display-1.0: q -> q^2", "thm2-pointwise.2: q -> q^2")),
    (
        "+++- agrees with each of its shifts in 2 places",
        (
            "prop1-existence.0: 1 -> 2",
            "prop1-existence.1: 2 -> 3",
            "prop1-existence.1: 2 -> 1",
            "prop1-existence.2: 3 -> 2",
        ),
    ),
    ("an m-sequence agrees with each of its shifts in 3 places", ("prop1-deviation.2: 1 -> 2",)),
    ("|4S - 2d| and |4S - 3d| are the same at S = 5d/8", ("prop1-ratio.0: -2 -> -3",)),
    (
        "other lower bounds for the two accuracies that no numbers meet, either",
        (
            "thm2-hypothesis.0: -eta -> eta",
            "thm2-hypothesis.0: -1 -> 0 (2)",
            "thm2-limit.2: -eta -> eta",
            "thm2-limit.2: -1 -> 0 (2)",
            "thm2-limit.2: -eta -> eta (2)",
            "thm2-limit.2: -1 -> 0 (6)",
            "thm2-slightly-better.0: -eta -> eta",
            "thm2-slightly-better.0: -1 -> 0 (2)",
            "thm2-slightly-better.0: -eta -> eta (2)",
            "thm2-slightly-better.0: -1 -> 0 (6)",
        ),
    ),
    (
        "at p = 1/2 the two accuracies still add up to less than they would have to",
        (
            "thm2-random.1: 0 -> -1",
            "thm2-random.1: 1 -> 2 (3)",
            "thm2-random.1: wrong -> wrong^2 (2)",
            "thm2-random.1: 1 -> 2 (5)",
            "thm2-random.1: right -> right^2 (2)",
        ),
    ),
    (
        "of this term only that it is not negative is used, and that is true of the other as well",
        (
            "moved-rises.1: phi_- -> phi_-^2",
            "below-zero.1: Spat -> Spat^2",
            "above-zero.0: 1/p -> 1",
            "above-zero.0: 1/p -> p^(-2)",
            "above-zero.0: p -> p^2",
            "thm2-lower.4: Std -> Std^2",
            "thm2-lower.4: m/d -> m/d^2",
            "metrics-proxy-invariance.0: given Spat = rr + wr: wr -> wr^2",
            "metrics-proxy-invariance.0: given rr + rw + wr + ww = 1: wr -> wr^2",
            "metrics-proxy-invariance.1: given Inv = rr + same: same -> same^2",
            "metrics-proxy-invariance.1: given rr + rw + wr + ww = 1: ww -> ww^2",
            "metrics-proxy-fooling.1: given Fool = -rr - ww + 1: -1 -> 0 (2)",
            "metrics-proxy-fooling.1: given Fool = -rr - ww + 1: -1 -> -2 (2)",
            "metrics-proxy-fooling.1: given Fool = -rr - ww + 1: ww -> ww^2",
            "tsipras-2-adversarial.2: weak -> weak^2",
            "tsipras-2-standard.0: -1 -> 0",
            "tsipras-2-standard.0: -1 -> -2",
            "s2-equal-fooling.0: q^2 -> Abs(q)",
            "s2-equal-fooling.0: q -> q^2",
            "corrected-stronger.1: -1 -> 0 (3)",
            "corrected-stronger.1: -1 -> -2 (3)",
            "corrected-stronger.1: m/d -> m/d^2",
        ),
    ),
    (
        "wr then stands on both sides, and same <= ww is enough",
        (
            "metrics-proxy-invariance.0: given Spat = rr + wr: wr -> -wr",
            "metrics-proxy-invariance.0: given rr + rw + wr + ww = 1: wr -> -wr",
        ),
    ),
    (
        "the turn by 0 degrees is in every group",
        ("thm2-larger-step.2: 4 -> 5", "thm2-larger-step.2: 4 -> 3"),
    ),
    (
        "two letters add up to 0, 4 or -4 as they differ by 0, 4 or -4",
        (
            "thm2-pointwise.2: given q = 2*c*sign - 2*c: -2*c -> 2*c",
            "thm2-pointwise.2: given q = 2*c*sign - 2*c: 2*c*sign -> -2*c*sign",
        ),
    ),
    (
        "all shifts of ++++++++ are the same",
        ("end-other-direction.0: 2 -> 3", "end-other-direction.0: 2 -> 1", "end-permutations.0: 1 -> 2"),
    ),
    (
        "this corner of the kernel meets a 0 of the perturbation",
        (
            "fig4-rough.0: -1 -> 0 (4)",
            "fig4-rough.0: -1 -> -2 (4)",
            "fig4-smooth.0: 1/9 -> 2/9 (3)",
            "fig4-smooth.0: 1/9 -> 0 (3)",
            "fig4-worst.0: -1 -> 0 (12)",
            "fig4-worst.0: -1 -> -2 (12)",
            "fig4-worst.1: -1 -> 0 (4)",
            "fig4-worst.1: -1 -> -2 (4)",
        ),
    ),
    (
        "the corner lies at sqrt(2) for every width",
        ("frequency-corner.0: 32 -> 33", "frequency-corner.0: 32 -> 31"),
    ),
)
REASONS: dict[str, str] = {key: reason for reason, keys in _GROUPS for key in keys}
