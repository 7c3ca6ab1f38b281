"""The passage "Evaluation Metrics" of Section 4 of Kamath et al., and the numbers of its training augmentation."""

from __future__ import annotations

from proofs.checking.claim import Claim
from proofs.language.notation import ADV, FOOL, INV, ONE, SPAT, STD, ZERO, q, real, t
from proofs.language.statements import above, at_least, at_most, cited, equal, exact, forall, identity, ratio, unequal

SOURCE = "Section 4, Evaluation Metrics"
RR, RW, WR, WW = real("rr rw wr ww")
"""Shares of the data that are right or wrong before and after the transformation or attack."""
SHARES = (at_least(RR, 0), at_least(RW, 0), at_least(WR, 0), at_least(WW, 0), equal(RR + RW + WR + WW, 1))
(SAME,) = real("same")
"""The share of the data that are wrong before and after, with the same answer."""

CLAIMS = [
    Claim(
        "metrics-fooling",
        SOURCE,
        "the fooling rate is Pr(f(X + A(X)) = f(X))",
        "repaired",
        "Section 2 has != where this has =. A classifier that nothing fools would have fooling rate 1.",
        (
            exact(
                "counterexample",
                "attacks that change a quarter of the answers have rate 3/4 here and 1/4 in Section 2",
                unequal(q, 1 - q),
                equal(q, ratio("3/4")),
                by="1/2",
            ),
            identity(
                "repair",
                "1 - fooling rate is the share of answers that do not change, as the profile is defined",
                1 - FOOL,
                q,
                equal(FOOL, 1 - q),
            ),
        ),
        repair="Pr(f(X + A(X)) != f(X)), as in Section 2.",
        picture=("sides", "rate as printed here", "rate of Section 2"),
        title=r"Section 4 prints the fooling rate with = where the sign $\neq$ is meant.",
    ),
    Claim(
        "metrics-proxy-invariance",
        SOURCE,
        "rate of invariance and spatial accuracy are proxies for each other when the standard accuracy is high",
        "proved",
        "They differ by at most 1 - Std, for any number of classes. When Std is low they can differ by 1/2: a "
        "constant.",
        (
            forall(
                "printed",
                "Inv counts rr and a part of ww, Spat counts rr and wr: Inv - Spat <= 1 - Std",
                at_most(INV - SPAT, 1 - STD),
                equal(INV, RR + SAME),
                equal(SPAT, RR + WR),
                equal(STD, RR + RW),
                SHARES[4],
                at_least(WR, 0),
                at_most(SAME, WW),
                touches={
                    RR: ratio("1/2"),
                    WW: ratio("1/2"),
                    RW: ZERO,
                    WR: ZERO,
                    SAME: ratio("1/2"),
                    INV: ONE,
                    SPAT: ratio("1/2"),
                    STD: ratio("1/2"),
                },
            ),
            forall(
                "printed",
                "and Spat - Inv <= 1 - Std",
                at_most(SPAT - INV, 1 - STD),
                equal(INV, RR + SAME),
                equal(SPAT, RR + WR),
                equal(STD, RR + RW),
                SHARES[4],
                at_least(WW, 0),
                at_least(SAME, 0),
                touches={
                    RR: ratio("1/2"),
                    WR: ratio("1/2"),
                    RW: ZERO,
                    WW: ZERO,
                    SAME: ZERO,
                    INV: ratio("1/2"),
                    SPAT: ONE,
                    STD: ratio("1/2"),
                },
            ),
        ),
        title="Rate of invariance and spatial accuracy are close where the standard accuracy is high.",
    ),
    Claim(
        "metrics-proxy-fooling",
        SOURCE,
        "1 - fooling rate and adversarial accuracy are proxies for each other when the standard accuracy is high",
        "proved",
        "For the worst attack (1 - Fool) - (1 - Std) <= Adv <= 1 - Fool: the profiles of this paper lie above the "
        "accuracy.",
        (
            cited(
                "printed",
                "right under every attack: the answer never changes and is right without attack, share rr; never "
                "changes and wrong: share ww",
            ),
            forall(
                "printed",
                "Adv = rr <= 1 - Fool = rr + ww",
                at_most(ADV, 1 - FOOL),
                equal(ADV, RR),
                equal(FOOL, 1 - RR - WW),
                at_least(WW, 0),
                touches={ADV: ONE, RR: ONE, WW: ZERO, FOOL: ZERO},
            ),
            forall(
                "printed",
                "Adv >= (1 - Fool) - (1 - Std)",
                at_least(ADV, (1 - FOOL) - (1 - STD)),
                equal(ADV, RR),
                equal(FOOL, 1 - RR - WW),
                at_most(WW, 1 - STD),
                touches={ADV: ratio("1/2"), RR: ratio("1/2"), WW: ratio("1/2"), FOOL: ZERO, STD: ratio("1/2")},
            ),
        ),
        title="Fooling rate and adversarial accuracy are close where the standard accuracy is high.",
    ),
    Claim(
        "metrics-same-start",
        SOURCE,
        "fooling rate and rate of invariance ensure the same starting point for all the curves",
        "proved",
        "It is 1 for every model, a constant among them; the accuracies would show which models are good.",
        (
            identity(
                "printed",
                "with no attack and no turn the answer is the answer: all of rr and ww is unchanged",
                RR + WW,
                1,
                equal(WW, 1 - RR),
            ),
        ),
        title="Every curve starts at 1, whatever the model is worth.",
    ),
    Claim(
        "metrics-tradeoff-same",
        SOURCE,
        "the trade-off continues to hold for fooling rate and rate of invariance (read as: for every classifier)",
        "refuted",
        "Not as a theorem of the model: a constant has the best of both metrics, 1 - Fool = Inv = 1.",
        (
            exact(
                "counterexample",
                "a constant has the largest possible sum (1 - Fool) + Inv = 2, and Adv + Spat = 1/2 + 1/2 only",
                above(q, 2 * t),
                equal(q, 2),
                equal(t, ratio("1/2")),
                by="1",
            ),
        ),
        picture=("plane", (("constant: 1 - Fool, Inv", 1.0, 1.0), ("constant: Adv, Spat", 0.5, 0.5))),
        title="A constant has the best of both metrics, and trades nothing.",
    ),
    Claim(
        "metrics-pixels",
        "Section 4, Training Data Augmentation",
        "for CIFAR10, i = 0.1 means 32 * 0.1 = 3 px about",
        "proved",
        "3.2, cut to whole pixels.",
        (exact("printed", "32 * 0.1 is 0.2 above 3", above(32 * t, 3), equal(t, ratio("0.1")), by="0.2"),),
        title="A tenth of 32 pixels is about 3 pixels.",
    ),
    Claim(
        "metrics-degrees",
        "Section 4, Training Data Augmentation",
        "for i = 0.1 the rotation is 0.1 * 180 = 18 degrees",
        "proved",
        "So the label i of the axis means pixels and degrees at once.",
        (exact("printed", "180 * 0.1", equal(180 * t, 18), equal(t, ratio("0.1"))),),
        title="A tenth of 180 degrees is 18 degrees.",
    ),
]
