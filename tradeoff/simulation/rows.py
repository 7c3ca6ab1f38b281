"""The row contract: every answer of a run as one flat JSON object, and how questions become rows.

Keys may be added to a row, but none changes its meaning::

    schema         1
    scenario       content hash of word, step, p, signal and group
    length, step, p, signal
    group          cyclic | rolls | dihedral
    rule           a key of `tradeoff.model.RULES`, or null for a statement about all rules
    rule_params    object, such as {"built_for": 1.0}, {"shift": 1} or {"members": [0, 1]}
    quantity       standard | spatial | adversarial | joint | invariance | fooling | bound | best_adversarial
    shift          integer, or null for the average over all shifts
    scaled_radius  a = eps sqrt(d), or null
    given          object: what else was fixed ({"attack": "mean_shift"}, {"attack": "label_blind"}, {"eta": 0.3, ...})
    method         exact | quadrature | bound | montecarlo
    value          number, or null for an interval
    low, high      exact: both the value; quadrature: minus and plus the error estimate; bound: the bracket;
                   (its value: what the worst attack found reaches); montecarlo: the Clopper-Pearson interval of
                   ``level``, 0.99 unless sampling was stopped by its half-width
    trials, seed   of the Monte Carlo value, else null
    path           of the Monte Carlo value: orbit | vectors | smooth (see `tradeoff.sampled.PATHS`), else null
    level          coverage of the Monte Carlo interval (four standard errors for smooth: null), else null
    verdict        of a bound set against a spatial accuracy: inside | outside | infeasible, else null
    source         where the formula comes from
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from tradeoff.bounds import optima
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.question import Question
from tradeoff.sampled import PATHS
from tradeoff.shared import storage
from tradeoff.shared.results import Answer, Band, Estimate, Frequency
from tradeoff.simulation.questions import Asked
from tradeoff.simulation.scenario import Scenario

LEVEL = 0.99
"""Coverage of every Monte Carlo interval in a row."""


@dataclass(frozen=True)
class Row:
    """One answer; see the module's docstring for the keys."""

    scenario: str
    length: int
    step: int
    p: float
    signal: float
    quantity: str
    method: str
    value: float | None
    low: float | None
    high: float | None
    source: str
    rule: str | None = None
    rule_params: dict[str, Any] = field(default_factory=dict)
    shift: int | None = None
    scaled_radius: float | None = None
    given: dict[str, Any] = field(default_factory=dict)
    trials: int | None = None
    seed: int | None = None
    verdict: str | None = None
    group: str = "cyclic"
    path: str | None = None
    level: float | None = None
    schema: int = 1

    @property
    def number(self) -> float:
        """The value of a row that has one."""
        assert self.value is not None, f"a row of quantity {self.quantity} has no single value"
        return self.value

    @property
    def ends(self) -> tuple[float, float]:
        """The low and high end of a row that has them."""
        assert self.low is not None, f"a row of quantity {self.quantity} has no ends"
        assert self.high is not None
        return self.low, self.high

    def to_json(self) -> str:
        """One line of JSON, keys sorted."""
        return storage.json_line(asdict(self))


def bracket(answer: Answer | Frequency, level: float = LEVEL) -> dict[str, Any]:
    """The keys method, value, low, high (and trials, level) of an answer."""
    if isinstance(answer, Frequency):
        interval = answer.interval(level)
        return {
            "method": "montecarlo",
            "value": answer.rate,
            "low": interval.low,
            "high": interval.high,
            "trials": answer.trials,
            "level": level,
        }
    if isinstance(answer, Estimate):
        return {"method": "quadrature", "value": answer.value, "low": answer.interval.low, "high": answer.interval.high}
    if isinstance(answer, Band):
        return {"method": "bound", "value": answer.upper, "low": answer.lower, "high": answer.upper}
    return {"method": "exact", "value": answer, "low": answer, "high": answer}


def identity(scenario: Scenario) -> dict[str, Any]:
    """The keys that every row of a scenario shares."""
    return {
        "scenario": scenario.id,
        "length": len(scenario.word),
        "step": scenario.step,
        "p": scenario.p,
        "signal": scenario.signal,
        "group": scenario.group,
    }


def best_row(scenario: Scenario, dist: CyclicGaussian, radius: float) -> Row:
    """The highest adversarial accuracy of any rule."""
    best = bracket(optima.best_adversarial(dist, scaled_radius=radius))
    source = "R*(a): Bayes accuracy under the attack -a y u"
    return Row(**identity(scenario), **best, quantity="best_adversarial", scaled_radius=radius, source=source)


def row(scenario: Scenario, asked: Asked, answer: Answer | Frequency) -> Row:
    """One question and one computed answer to it."""
    return _row(scenario, asked, bracket(answer))


@dataclass(frozen=True)
class Sampling:
    """How Monte Carlo answers came about."""

    seed: int
    path: str
    level: float | None  # coverage of the intervals; None for estimates
    trials: int
    interrupted: bool = False


def sampled_row(scenario: Scenario, asked: Asked, answer: Frequency | Estimate, sampling: Sampling) -> Row:
    """One question and one Monte Carlo answer to it."""
    found = {"trials": sampling.trials, **bracket(answer, sampling.level or LEVEL), "method": "montecarlo"}
    return _row(scenario, asked, found, seed=sampling.seed, path=sampling.path)


def _row(scenario: Scenario, asked: Asked, found: dict[str, Any], **more: Any) -> Row:
    question = asked.question
    if question.quantity == "fooling" and found["method"] == "bound":
        found["value"] = found["low"]  # what the attack that was found reaches
    return Row(
        **identity(scenario),
        **found,
        quantity=question.quantity,
        rule=asked.rule,
        rule_params=asked.rule_params,
        shift=question.shift,
        scaled_radius=question.scaled_radius if question.attacked or question.quantity == "fooling" else None,
        given={"attack": question.attack} if question.attack != "worst" else {},
        **more,
        source=source(question, found["method"], more.get("path")),
    )


SOURCES = {
    "standard": ("Pr(f(X) = Y), Kamath et al. Section 2", "h(s<w,u>, b)"),
    "spatial": ("Pr(f(r(X)) = Y), Kamath et al. Section 3", "mean over j of h(s<w,u_j>, b)"),
    "adversarial": ("Pr(f(X + A) = Y), Kamath et al. Section 3", "h(s<w,u> - a |w|_1/sqrt(d), b)"),
    "joint": ("Pr(f(r(X) + A) = Y)", "mean over j of h(s<w,u_j> - a |w|_1/sqrt(d), b)"),
    "invariance": ("Pr(f(r(X)) = f(X)), Kamath et al. Section 2", "two correlated normal scores, Owen's T"),
    "fooling": (
        "sup over A of Pr(f(X + A) != f(X)), Kamath et al. Section 2",
        "1 - h(s<w,u> - a |w|_1/sqrt(d), b) - ...",
    ),
    "label_blind": (
        "Pr(f(X + A) = Y), A sees x_0 and x but not the label, as Section 2 of Kamath et al. writes",
        "two correlated normal scores, Owen's T",
    ),
    "mean_shift": ("Pr(f(X + A) = Y) for A = -a Y u, Kamath et al., proof of Theorem 2", "h((s - a)<w,u>, b)"),
}
"""What is asked, and the closed form of a linear rule (w of norm 1, b its weight on sign(x_0))."""


def source(question: Question, method: str, path: str | None = None) -> str:
    """What is asked, and how it was answered."""
    what, closed_form = SOURCES[question.quantity if question.attack == "worst" else question.attack]
    how = {"exact": closed_form, "montecarlo": PATHS.get(path or "", "")}
    return f"{what}; {how.get(method, 'E over the orbit correlations, their mean and x_0 integrated out')}"
