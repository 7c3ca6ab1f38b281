"""What a plan of a measurement holds, and what it refuses."""

import pytest
import torch

from empirical.measurement.plan import Plan
from tradeoff.shared.checks import InputError


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"eps": (2,)}, "eps=2"),
        ({"angles": (-1,)}, "angles"),
        ({"shifts": (0.5,)}, "shifts"),
        ({"draws": 0}, "draws=0"),
        ({"attack_schedule": "lazy"}, "attack_schedule='lazy'"),
        ({"gradients": "half"}, "gradients='half'"),
        ({"skip": ("everything",)}, "skip='everything'"),
        ({"step_size": 0.01}, "step_size=0.01 has no effect"),
        ({"attack_schedule": "per_eps", "restarts": 2}, "restarts=2"),
    ],
)
def test_a_plan_refuses_what_it_cannot_do(given, complaint):
    with pytest.raises(InputError, match=complaint):
        Plan(**given)


def test_a_plan_always_holds_zero_and_leaves_out_what_has_nothing_to_do():
    plan = Plan(eps=("8/255",), angles=(0,), shifts=(0,), audit=0)
    assert plan.eps == (0.0, 8 / 255)
    assert plan.parts == ("robustness", "exact", "distance")
    assert Plan(attack_schedule="per_eps").step_size == 0.01
    assert "audit" not in Plan(skip=("robustness",)).parts


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"eps": None}, "eps=None is not a list"),
        ({"eps": "0,,1"}, "eps='0,,1' is not a list"),
        ({"angles": 1e300}, "angles=1e.300 is not allowed: it is a range of rotation in degrees, both ways"),
        ({"angles": float("inf")}, "angles=inf is not allowed"),
        ({"shifts": 1e20}, "shifts=100000000000000000000 is more than can be done here; use at most 32768"),
        ({"draws": 1e18}, "draws=1000000000000000000 is more than can be done"),
        ({"steps": 1e10}, "steps=10000000000 is more than can be done"),
        ({"search_steps": 1e10}, "search_steps=10000000000 is more than can be done"),
        ({"search_steps": -1}, "search_steps=-1 must be at least 0"),
        ({"restarts": 10**9}, "restarts=1000000000 is more than can be done"),
        ({"audit": 1e20}, "audit=100000000000000000000 is more than can be done"),
        ({"queries": 1e20}, "queries=100000000000000000000 is more than can be done"),
        ({"seed": 10**30}, "seed=10{30} is more than can be done"),
        ({"attack_schedule": "per_eps", "step_size": 0}, "step_size=0 is not allowed: .*must be positive"),
        ({"attack_schedule": "per_eps", "step_size": -1}, "step_size=-1 is not allowed"),
        ({"attack_schedule": "per_eps", "gradients": "bfloat16"}, "gradients='bfloat16' have no effect"),
        ({"attack_schedule": "per_eps", "search_steps": 9}, "search_steps=9"),
    ],
)
def test_a_plan_refuses_what_it_would_misread(given, complaint):
    with pytest.raises(InputError, match=complaint):
        Plan(**given)


def test_lists_of_a_plan_may_be_text_or_one_value():
    assert Plan(eps="8/255").eps == Plan(eps=8 / 255).eps == Plan(eps=[0, "8/255"]).eps == (0.0, 8 / 255)
    assert (
        Plan(angles=30, shifts="1, 2", skip="joint").content == Plan(angles=[30], shifts=[1, 2], skip=["joint"]).content
    )


def test_whole_numbers_of_a_plan_are_whole_numbers():
    plan = Plan(draws=2.0, steps="8", seed=torch.tensor(3).item())
    assert (plan.draws, plan.steps, plan.seed) == (2, 8, 3)
    assert isinstance(plan.draws, int)
