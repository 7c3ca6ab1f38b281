import pytest
from hypothesis import given
from hypothesis import strategies as st

from empirical.measurement import labels
from tradeoff.shared.checks import InputError


@given(st.text(max_size=400))
def test_any_text_makes_a_label(text):
    assert labels.label("name", labels.as_label(text)) == labels.as_label(text)


def test_long_texts_that_differ_at_their_ends_have_other_labels():
    one, two = (labels.as_label("a" * 200 + end) for end in "xy")
    assert one != two
    assert len(one) == labels.LONGEST


def test_a_label_has_an_end():
    assert labels.label("name", "a" * labels.LONGEST)
    with pytest.raises(
        InputError, match=r"name='aaa.* has 250 letters, and a network's name at most 100; use a shorter"
    ):
        labels.label("name", "a" * 250)
