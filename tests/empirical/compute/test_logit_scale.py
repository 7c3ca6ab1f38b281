"""The scale of logits: what no answer depends on changes no tolerance."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from empirical.compute.logit_scale import RESOLUTION, apart, lead, leading, mean_lead, tied

LOGITS = torch.tensor([[3.0, 1.0, 0.5], [0.0, 4.0, 1.0]])
MOVED = LOGITS + torch.tensor([[0.0, 0.25, 0.0], [0.0, 0.0, -0.5]])


@given(offset=st.integers(-1000, 1000), masked=st.sampled_from([-1e4, -1e9, -1e30]))
def test_no_number_changes_under_an_offset_and_an_impossible_class(offset, masked):
    """The numbers are dyadic, so that float32 adds without rounding."""

    def other(logits):
        return torch.cat([logits, torch.full((len(logits), 1), masked)], dim=1) + offset

    assert torch.equal(lead(other(LOGITS)), lead(LOGITS))
    assert mean_lead(other(LOGITS)) == mean_lead(LOGITS) == 2.5
    assert torch.equal(leading(other(LOGITS))[:, :3], leading(LOGITS))
    assert not leading(other(LOGITS))[:, 3].any()
    assert apart(other(MOVED), other(LOGITS)) == pytest.approx(0.2, abs=2 * RESOLUTION * 1004 / 2.5)


def test_a_difference_of_the_impossible_class_is_none_and_one_of_the_others_is():
    masked = torch.cat([LOGITS, torch.tensor([[-1e9], [-2e9]])], dim=1)
    assert apart(masked + torch.tensor([0.0, 0.0, 0.0, 1e8]), masked) == 0
    assert apart(masked + torch.tensor([0.0, 0.5, 0.0, 0.0]), masked) == pytest.approx(0.2, abs=1e-6)


def test_what_float32_does_not_hold_is_no_difference():
    far = LOGITS + 1e6
    assert apart(far + torch.tensor([0.0, 0.0625, 0.0]), far) == 0
    assert apart(far + torch.tensor([0.0, 1.0, 0.0]), far) > 0.2


def test_ties():
    logits = torch.tensor([[1.0, 1.0], [1.0, 0.999], [1.0, -1.0]])
    assert tied(logits, 1e-2).tolist() == [True, True, False]
    assert tied(logits + 1e6, 0).tolist() == [True, True, False]


def test_logits_that_are_all_tied_have_no_scale_and_a_single_class_leads_by_everything():
    assert apart(torch.tensor([[0.0, 0.25]]), torch.zeros(1, 2)) == pytest.approx(0.25)
    assert apart(torch.tensor([[3.0]]), torch.tensor([[1.0]])) == 0


def test_nan_is_far_from_everything():
    assert not apart(torch.full((2, 3), torch.nan), LOGITS) <= 1
