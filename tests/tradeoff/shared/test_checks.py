import math

import pytest

from tradeoff.shared import checks

# What a person may type, and what the sentence has to contain: the argument, the value, and a way out.
REFUSED = [
    (lambda: checks.reliability("p", 1.0), ["p=1.0", "[0.5, 1)", "try p=0.7"]),
    (lambda: checks.reliability("p", 0.3), ["p=0.3", "[0.5, 1)"]),
    (lambda: checks.reliability("p", "high"), ["p='high'", "not a number", "[0.5, 1)"]),
    (lambda: checks.reliability("p", math.nan), ["p=nan", "[0.5, 1)"]),
    (lambda: checks.signal("signal", 0), ["signal=0", "positive"]),
    (lambda: checks.radius("scaled_radius", -1), ["scaled_radius=-1", "not negative"]),
    (lambda: checks.radius("scaled_radius", "inf"), ["scaled_radius=inf", "finite"]),
    (lambda: checks.radius("scaled_radius", math.nan), ["scaled_radius=nan", "finite"]),
    (lambda: checks.radius("scaled_radius", True), ["scaled_radius=True", "not a number"]),
    (lambda: checks.divisor(3, 7), ["step=3 does not divide the word length 7; use one of [1, 7]"]),
    (lambda: checks.divisor(0, 4), ["step=0", "[1, 2, 4]"]),
    (lambda: checks.divisor(11, 5040), ["[1, 2, 3, 4, 5, 6, ..., "]),
    (lambda: checks.word("+-x"), ["'+-x'", "'x'", "+ and - only"]),
    (lambda: checks.word(""), ["is empty"]),
    (lambda: checks.word("x" * 5000), ["xxx...xxx", "contains 'x'"]),
    (lambda: checks.integer("trials", "many"), ["trials='many'", "whole number"]),
    (lambda: checks.integer("trials", 1.5), ["trials=1.5", "whole number"]),
    (lambda: checks.integer("trials", True), ["trials=True", "whole number"]),
    (lambda: checks.at_least("trials", -5, 0, what="a number of samples"), ["trials=-5", "use trials=5"]),
    (lambda: checks.known("rules", "best", ["bayes", "robust"]), ["rules='best'", "bayes, robust"]),
    (lambda: checks.real("p", 10**400), ["p=1000", "...", "finite number"]),
    (lambda: checks.integer("seed", "9" * 5000), ["seed='999", "...", "whole number"]),
    (lambda: checks.at_most("length", 10**5000, 64), ["length=a value of type int", "use at most 64"]),
    (lambda: checks.processes("workers", "1e10"), ["workers=10000000000", "use at most 256"]),
    (lambda: checks.processes("workers", 0), ["workers=0", "use workers=1"]),
    (lambda: checks.share("min_distance", "1e999999999"), ["min_distance='1e999999999'", "3/8"]),
    (lambda: checks.share("min_distance", "1e-999999999"), ["min_distance='1e-999999999'", "3/8"]),
    (lambda: checks.share("min_distance", "0." + "3" * 10**5), ["min_distance='0.333", "...", "3/8"]),
    (lambda: checks.known("rules", "a\x1b[2J\nFLAG\u202e", ["bayes"]), [r"'a\x1b[2J\nFLAG\u202e'"]),
    (lambda: checks.positive("std", "0/255", what="a deviation"), ["std='0/255'", "must be positive"]),
    (lambda: checks.ratio("mean", "1/0"), ["mean='1/0'", "finite number"]),
    (lambda: checks.degrees("angles", 10**400), ["angles=1000", "...", "between 0 and 180"]),
    (lambda: checks.degrees("angles", 400), ["angles=400", "between 0 and 180"]),
    (lambda: checks.listed("eps", None), ["eps=None is not a list"]),
    (lambda: checks.listed("eps", ""), ["eps='' is not a list", "eps=[0, 0.05, 0.1]"]),
    (lambda: checks.probability("eta", 2, what="an error rate"), ["eta=2", "[0, 1]", "eta=0.5"]),
]


@pytest.mark.parametrize(("call", "parts"), REFUSED)
def test_a_refusal_names_argument_value_rule_and_way_out(call, parts):
    with pytest.raises(checks.InputError) as refusal:
        call()
    message = str(refusal.value)
    assert all(part in message for part in parts), message
    assert message.isprintable()
    assert len(message) < 500


@pytest.mark.parametrize("text", ["1e6", "1_000_000", "1000000", 1_000_000, 1e6])
def test_whole_numbers_are_understood_in_every_usual_form(text):
    assert checks.integer("trials", text) == 1_000_000


def test_fractions_are_numbers_wherever_a_size_is():
    assert checks.positive("std", "1/255", what="a deviation") == 1 / 255
    assert checks.ratio("mean", "-1/4") == -0.25


def test_a_reason_is_one_line_and_not_endless():
    assert checks.reason(ValueError("a\n  b")) == "ValueError: a b"
    assert checks.reason(AssertionError()) == "AssertionError"
    assert checks.reason(checks.InputError("eps=7 is too much")) == "eps=7 is too much"
    assert len(checks.reason(RuntimeError("x" * 5000))) == 200
