r"""What Section 3 of Kamath et al. prints, in its own words: the model, Proposition 1, Theorem 2, and its end."""

from __future__ import annotations

from proofs.claims.entry import Rows

SECTION_3_MODEL: Rows = (
    (
        "claim",
        "we consider a cyclic group that can model a rotation group (e.g., integer multiples of 30°)",
        ("model-rotation-group",),
    ),
    ("claim", "horizontal translations by multiples of, say, ± 4 pixels", ("model-translations",)),
    (
        "definition",
        "all the codewords can be obtained by applying successive cyclic shift of coordinates to a generator codeword",
        ("model-code-orbit",),
    ),
    ("definition", r"any two codewords differ in at least $δd$ coordinates", ("model-distance",)),
    (
        "definition",
        r"$X_0 \mid Y = y$ takes value $y$ with probability $p$ and $-y$ with probability $1 - p$, for some "
        r"$p \geq 1/2$",
        ("model-p-one",),
    ),
    ("display", r"$X_t \mid Y = y$ as $N(2c_t y / \sqrt{d}, 1)$, for $1 \leq t \leq d$", ("model-signal",)),
    ("display", r"$r_j(x) = (x_0, x_{mj+1}, x_{mj+2}, \dots, x_d, x_1, \dots, x_{mj})$", ("model-shift",)),
    (
        "claim",
        "a 90° rotation can be considered as a cyclic permutation of pixels with $m = d/4$ and the center pixel $x_0$ "
        "being fixed",
        ("model-quarter-turn",),
    ),
    (
        "definition",
        r"$r(x)$ denote a random permutation that takes value $r_j(x)$, uniformly at random over "
        r"$j \in \{1, 2, \dots, d/m\}$",
        ("model-shift", "thm2-average"),
    ),
    ("claim", "$r(x)$ can model a random multiple of 90° rotation", ("model-random-turn",)),
)
PROPOSITION_1: Rows = (
    ("claim", "the above distribution genuinely requires non-trivial solutions", ("prop1-genuine",)),
    ("claim", r"a cyclic code with relative distance $\delta \geq 3/8$", ("prop1-existence",)),
    (
        "claim",
        "the classifier of maximum accuracy on input $(X, Y)$ has accuracy at least 97%",
        ("prop1-accuracy",),
    ),
    (
        "claim",
        "the classifier of maximum accuracy on the transformed input $(r_j(X), Y)$ also has accuracy at least 97%",
        ("prop1-moved-accuracy",),
    ),
    (
        "claim",
        "when the classifier of maximum accuracy on $(X, Y)$ is applied to $(r_j(X), Y)$, for any $j$, it has accuracy "
        "at most 85%",
        ("prop1-any-shift",),
    ),
    (
        "display",
        r"Let $\rho(x_0)$ be equal to $p/(1-p)$, if $x_0 = 1$, and $(1-p)/p$, if $x_0 = -1$",
        ("prop1-rho", "model-p-one"),
    ),
    (
        "display",
        r"$f^*(x) = \text{sign} \left(\frac{\Pr(Y = 1, X = x)}{\Pr(Y = -1, X = x)} - 1 \right)$",
        ("prop1-display-1",),
    ),
    (
        "display",
        r"$= \text{sign} \left(\rho(x_0) \frac{\prod_{t=1}^d \exp\left(\frac{-(x_t - 2c_t/\sqrt{d})^2}{2}\right)}"
        r"{\prod_{t=1}^d \exp\left(\frac{-(x_t + 2c_t/\sqrt{d})^2}{2}\right)} - 1 \right)$",
        ("prop1-display-2",),
    ),
    (
        "display",
        r"$= \text{sign} \left(\frac{\prod_{t=1}^d \exp\left(\frac{-(x_t - 2c_t/\sqrt{d})^2}{2}\right)}"
        r"{\prod_{t=1}^d \exp\left(\frac{-(x_t + 2c_t/\sqrt{d})^2}{2}\right)} - \frac{1}{\rho(x_0)} \right)$",
        ("prop1-display-3",),
    ),
    (
        "display",
        r"$= \text{sign} \left(\sum_{t=1}^d c_t x_t + \frac{\sqrt{d}}{4} \log \rho(x_0) \right)$",
        ("prop1-bayes-rule",),
    ),
    ("claim", "the quadratic terms and the constants cancel out", ("prop1-bayes-rule",)),
    (
        "claim",
        "a single decision tree node at $x_0$ followed by a linear classifier in the remaining coordinates",
        ("prop1-tree",),
    ),
    (
        "display",
        r"$\sum_{t=1}^d c_t X_t \mid Y = y$ is normally distributed as $Z_y = N(2y\sqrt{d}, \sqrt{d})$",
        ("prop1-sum-law",),
    ),
    ("claim", r"As $p \rightarrow 1/2$, we have $\log \rho(x_0) \rightarrow 0$", ("prop1-limit",)),
    (
        "display",
        r"$\Pr(Z \geq \mu - 2\sigma) = \Pr(Z \leq \mu + 2\sigma) \approx 0.977$",
        ("prop1-two-sigma",),
    ),
    ("claim", r"the $\text{sign}(Z_y)$ matches $y$ with probability at least 97%", ("prop1-accuracy",)),
    (
        "display",
        r"$f_j^*(\tilde{x}) = \text{sign} \left(\sum_{t=1}^d (r_j(c))_t \tilde{x}_t + \frac{\sqrt{d}}{4} \log "
        r"\rho(\tilde{x}_0) \right)$",
        ("prop1-moved-rule", "prop1-moved-accuracy"),
    ),
    ("claim", r"Since our code is binary, we get $(r_j(c))_t = -c_t$, for $t \notin S_j$", ("prop1-split",)),
    (
        "display",
        r"$f_j^*(x) = \text{sign} \left(\sum_{t \in S_j} c_t x_t - \sum_{t \notin S_j} c_t x_t + \frac{\sqrt{d}}{4} "
        r"\log \rho(x_0) \right)$",
        ("prop1-split",),
    ),
    ("claim", r"$c_t X_t \mid Y = y$ normally distributed as $N(2y/\sqrt{d}, 1)$", ("prop1-letter-law",)),
    (
        "display",
        r"$\sum_{t \in S_j} c_t X_t - \sum_{t \notin S_j} c_t X_t \mid Y = y$ is normally distributed as "
        r"$N(2y(2|S_j| - d)/\sqrt{d}, \sqrt{2|S_j| - d})$",
        ("prop1-difference-mean", "prop1-deviation"),
    ),
    ("claim", r"Note that $|S_j| \leq (1 - \delta)d$", ("prop1-agreements",)),
    (
        "display",
        r"$\frac{|2y(2|S_j| - d)|}{\sqrt{2|S_j| - d}} \leq 2\sqrt{1 - 2\delta}$",
        ("prop1-ratio",),
    ),
    ("display", r"for $\delta \geq 3/8$ we get ... $2\sqrt{1 - 2\delta} = 1$", ("prop1-right-end",)),
    (
        "claim",
        r"For the existence of a cyclic code with relative distance $\delta \geq 3/8$, see Chapter 8 of [31]",
        ("prop1-existence", "model-code-orbit"),
    ),
    (
        "display",
        r"$\Pr(Z \geq \mu - \sigma) = \Pr(Z \leq \mu + \sigma) \approx 0.841$",
        ("prop1-one-sigma",),
    ),
    (
        "claim",
        r"Using $p$ sufficiently close to $1/2$, we get that $\Pr(f_j^*(X) = Y)$ is at most 85%",
        ("prop1-near-half", "prop1-direction"),
    ),
    ("claim", "the same bound holds for the data transformed using $r(x)$", ("prop1-random-shift",)),
    (
        "claim",
        "Since $r(x)$ is a random transformation $r_j(x)$ where $j$ is picked uniformly at random ... the same bound "
        "holds",
        ("prop1-carries-over",),
    ),
)
THEOREM_2: Rows = (
    (
        "claim",
        "if we have a classifier of high adversarial robustness on the above data distribution, then it must have low "
        "spatial robustness",
        ("thm2-low-spatial",),
    ),
    (
        "claim",
        "the spatial robustness degrades for larger range of spatial transformations",
        ("thm2-degrades",),
    ),
    (
        "claim",
        "$m$ signifies the range of spatial transformations, e.g., $m = d/4$ corresponds to 90° rotation whereas "
        "$m = d/2$ corresponds to 180° rotation",
        ("thm2-larger-step",),
    ),
    (
        "display",
        r"suppose $\Pr(f(X + \mathcal{A}(X)) = Y) \geq 1 - \eta$, for all adversarial attacks $\mathcal{A}$ of $ℓ_∞$ "
        r"norm bounded by $4/\sqrt{d}$",
        ("thm2-hypothesis",),
    ),
    ("display", r"$\left(1 - \frac{m}{d}\right) (1 - \eta) \leq \Pr(f(r(X)) = Y)$", ("thm2-lower",)),
    (
        "display",
        r"$\Pr(f(r(X)) = Y) \leq 1 - \frac{m}{d} \left(1 - \frac{\eta p}{1 - p}\right)$",
        ("thm2-upper",),
    ),
    (
        "claim",
        r"as $p \rightarrow 1/2$ and $\eta \rightarrow 0$, both the bounds approach $1 - m/d$, which decreases as $m$ "
        r"increases",
        ("thm2-limit",),
    ),
    ("claim", "For $m = d/2$, this accuracy is as bad as that of a random classifier", ("thm2-random",)),
    (
        "display",
        r"$(\mathcal{A}(x))_0 = 0$, and $(\mathcal{A}(x))_t = -4c_t y/\sqrt{d}$, for $1 \leq t \leq d$",
        ("thm2-attack",),
    ),
    (
        "claim",
        r"Note that $\|\mathcal{A}(x)\|_\infty = 4/\sqrt{d}$, for all $x \in \mathcal{X}$",
        ("thm2-attack-norm",),
    ),
    (
        "claim",
        r"The adversarial attack that takes $X$ to $X + \mathcal{A}(X)$ turns $G_y$ into $G_{-y}$",
        ("thm2-attack",),
    ),
    (
        "display",
        r"$\Pr(f(X + \mathcal{A}(X)) \neq Y) = \frac{1}{2} \sum_{y \in \{-1, 1\}} \Pr(f((X_0, G_{-y})) = -y) "
        r"= \frac{1}{2} \left\{ \sum_{y \in \{-1, 1\}} p \Pr(f((y, G_{-y})) = -y) + (1 - p) \Pr(f((-y, G_{-y})) = -y) "
        r"\right\}$",
        ("thm2-chain-condition",),
    ),
    (
        "display",
        r"$\geq \frac{1-p}{2p} \left\{ \sum_{y \in \{-1, 1\}} (1-p) \Pr(f((y, G_{-y})) = -y) "
        r"+ p \Pr(f((-y, G_{-y})) = -y) \right\}$",
        ("thm2-chain-weights",),
    ),
    (
        "display",
        r"$= \frac{1-p}{2p} \left\{ \sum_{y \in \{-1, 1\}} (1-p) \Pr(f((-y, G_y)) = y) + p \Pr(f((y, G_y)) = y) "
        r"\right\}$",
        ("thm2-chain-relabel",),
    ),
    (
        "display",
        r"$\Pr(f(X + \mathcal{A}(X)) \neq Y)$ ... $= \frac{1-p}{p} \Pr(f(X) = Y)$",
        ("thm2-chain",),
    ),
    (
        "claim",
        r"if the adversarial accuracy $\Pr(f(X + \mathcal{A}(X)) = Y) \geq 1 - \eta$ then the standard accuracy "
        r"$\Pr(f(X) = Y) \leq \eta p/(1 - p)$",
        ("thm2-standard",),
    ),
    (
        "display",
        r"$\Pr(f(r(X)) = Y) = \frac{m}{d} \sum_{j=1}^{d/m} \Pr(f(r_j(X)) = Y)$",
        ("thm2-average",),
    ),
    (
        "display",
        r"$\leq \frac{m}{d} \cdot \frac{\eta p}{1 - p} + \frac{m}{d} \cdot \left(\frac{d}{m} - 1\right) "
        r"= 1 - \frac{m}{d} \left(1 - \frac{\eta p}{1 - p}\right)$",
        ("thm2-sum", "thm2-upper"),
    ),
    (
        "claim",
        "the above upper bound on the accuracy after random transformation $r$ decreases as $m$ increases",
        ("thm2-bound-decreases",),
    ),
    ("claim", "Note that larger rotations mean larger $m$", ("thm2-larger-step",)),
    (
        "claim",
        r"for $m = d/2$ and $p \rightarrow 1/2$, this bound tends to $1/2 + \eta/2$",
        ("thm2-half-upper",),
    ),
    (
        "claim",
        r"When $η$ is small, this is only slightly better than a random binary classifier",
        ("thm2-slightly-better",),
    ),
    (
        "display",
        r"$(\mathcal{A}_j(x))_t = (r_j(x))_t - x_t \in \{-4y/\sqrt{d}, 0, 4y/\sqrt{d}\}$",
        ("thm2-pointwise", "corrected-reach"),
    ),
    (
        "display",
        r"$\geq \frac{m}{d} \sum_{j=1}^{d/m-1} \Pr(f(X + \mathcal{A}_j(X)) = Y)$",
        ("thm2-lower", "corrected-lower"),
    ),
    ("display", r"$\geq \left(1 - \frac{m}{d}\right) (1 - \eta)$", ("thm2-lower-sum",)),
    ("claim", r"for $m = d/2$, this bound becomes $(1 - \eta)/2$", ("thm2-half-lower",)),
    (
        "claim",
        r"When $η$ is small, this is only slightly worse than a random binary classifier",
        ("thm2-slightly-worse",),
    ),
)
SECTION_3_END: Rows = (
    (
        "claim",
        "as a reasonable proxy, consider the increase in the adversarial accuracy for a fixed perturbation bound",
        ("end-proxy",),
    ),
    (
        "claim",
        "The other direction that high spatial robustness implies low adversarial robustness is easier and follows "
        "directly from the previous accuracy vs robustness trade-off result",
        ("end-other-direction",),
    ),
    (
        "claim",
        r"Their distribution is invariant to any permutation of the coordinates $x_1, x_2, \dots, x_d$, so the "
        r"accuracy and the spatial robustness are equal for their distribution",
        ("end-permutations",),
    ),
    (
        "claim",
        "adversarial and spatial robustness can not just be high simultaneously",
        ("end-both-high",),
    ),
    ("claim", "increasing one progressively declines the other", ("end-progressive",)),
)
