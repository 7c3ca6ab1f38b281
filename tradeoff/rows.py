"""The row contract: every answer of a run as one flat JSON object, and how questions become rows.

Keys may be added to a row, but none changes its meaning:

    schema         1
    scenario       content hash of word, step, p and signal
    length, step, p, signal
    rule           bayes | sign_x0 | orbit_average | augmented | robust, or null for a statement about all rules
    rule_params    object, such as {"built_for": 1.0}
    quantity       standard | spatial | adversarial | joint | bound | best_adversarial
    shift          integer, or null for the average over all shifts
    scaled_radius  a = eps sqrt(d), or null
    given          object: what else was fixed ({"attack": "mean_shift"}, {"eta": 0.3, "statement": ...})
    method         exact | quadrature | bound | montecarlo
    value          number, or null for an interval
    low, high      exact: both the value; quadrature: minus and plus the error estimate; bound: the bracket;
                   montecarlo: the 99 % Clopper-Pearson interval
    trials, seed   of the Monte Carlo value, else null
    verdict        of a bound set against a spatial accuracy: inside | outside | infeasible, else null
    source         where the formula comes from
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from tradeoff import accuracy, bounds
from tradeoff.distribution import CyclicGaussian
from tradeoff.questions import ATTACKED, Attack, Quantity, Question
from tradeoff.results import Answer, Band, Estimate, Frequency
from tradeoff.rules import RULES, Rule
from tradeoff.scenario import Scenario

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
        return json.dumps(asdict(self), sort_keys=True, allow_nan=False)


@dataclass(frozen=True)
class Asked:
    """A question with the name and parameters of its rule."""

    rule: str
    rule_params: dict[str, Any]
    question: Question

    @property
    def built_for(self) -> float | None:
        """The radius that the rule is built for, if it is built for one."""
        return self.rule_params.get("built_for")

    def about(self, quantity: Quantity, scaled_radius: float = 0.0, attack: Attack = "worst") -> Asked:
        """The same rule asked something else."""
        return Asked(self.rule, self.rule_params, Question(quantity, self.question.rule, scaled_radius, attack))


def clean_questions(dist: CyclicGaussian, names: Iterable[str], built_for: Iterable[float]) -> list[Asked]:
    """The standard accuracy of each named rule; of one that is built for a radius, once for each in ``built_for``."""
    asked, radii = [], list(dict.fromkeys(built_for))
    for name in names:
        entry = RULES[name]
        built: list[tuple[dict[str, Any], Rule]] = (
            [({"built_for": a}, entry.build(dist, scaled_radius=a)) for a in radii]
            if entry.for_radius
            else [({}, entry.build(dist))]
        )
        asked += [Asked(name, params, Question("standard", rule)) for params, rule in built]
    return asked


def at_radii(clean: Asked, radii: Iterable[float]) -> list[Asked]:
    """All four quantities of a rule: two without an attack, two at each radius."""
    attacked = [clean.about(quantity, a) for a in radii for quantity in ATTACKED]
    return [clean, clean.about("spatial"), *attacked]


def exact(question: Question, dist: CyclicGaussian) -> Answer:
    """The theory's answer to a question."""
    if not question.attacked:
        return (accuracy.spatial if question.shifted else accuracy.standard)(question.rule, dist)
    if question.attack == "mean_shift":
        return accuracy.mean_shift(question.rule, dist, scaled_radius=question.scaled_radius)
    answer: Callable[..., Answer] = accuracy.joint if question.shifted else accuracy.adversarial
    return answer(question.rule, dist, scaled_radius=question.scaled_radius)


def bracket(answer: Answer | Frequency) -> dict[str, Any]:
    """The keys method, value, low, high (and trials) of an answer."""
    if isinstance(answer, Frequency):
        interval = answer.interval(LEVEL)
        return {
            "method": "montecarlo",
            "value": answer.rate,
            "low": interval.low,
            "high": interval.high,
            "trials": answer.trials,
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
    }


def best_row(scenario: Scenario, dist: CyclicGaussian, radius: float) -> Row:
    """The highest adversarial accuracy of any rule."""
    best = bracket(bounds.best_adversarial(dist, scaled_radius=radius))
    source = "R*(a): Bayes accuracy under the attack -a y u"
    return Row(**identity(scenario), **best, quantity="best_adversarial", scaled_radius=radius, source=source)


def row(scenario: Scenario, asked: Asked, answer: Answer | Frequency, *, seed: int | None = None) -> Row:
    """One question and one answer to it."""
    question, found = asked.question, bracket(answer)
    return Row(
        **identity(scenario),
        **found,
        quantity=question.quantity,
        rule=asked.rule,
        rule_params=asked.rule_params,
        scaled_radius=question.scaled_radius if question.attacked else None,
        given={"attack": question.attack} if question.attack != "worst" else {},
        seed=seed,
        source=source(question, found["method"]),
    )


SOURCES = {
    "standard": ("Pr(f(X) = Y), Kamath et al. Section 2", "h(s<w,u>, b)"),
    "spatial": ("Pr(f(r(X)) = Y), Kamath et al. Section 3", "mean over j of h(s<w,u_j>, b)"),
    "adversarial": ("Pr(f(X + A) = Y), Kamath et al. Section 3", "h(s<w,u> - a |w|_1/sqrt(d), b)"),
    "joint": ("Pr(f(r(X) + A) = Y)", "mean over j of h(s<w,u_j> - a |w|_1/sqrt(d), b)"),
    "mean_shift": ("Pr(f(X + A) = Y) for A = -a Y u, Kamath et al., proof of Theorem 2", "h((s - a)<w,u>, b)"),
}
"""What is asked, and the closed form of a linear rule (w of norm 1, b its weight on sign(x_0))."""


def source(question: Question, method: str) -> str:
    """What is asked, and how it was answered."""
    what, closed_form = SOURCES["mean_shift" if question.attack == "mean_shift" else question.quantity]
    how = {"exact": closed_form, "montecarlo": "counting over full vectors"}
    return f"{what}; {how.get(method, 'E over the orbit correlations, their mean and x_0 integrated out')}"
