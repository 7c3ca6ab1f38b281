import pytest

from tradeoff.shared import checks
from tradeoff.shared.result_files import Outputs


def test_what_is_made_before_a_failure_stands_and_what_comes_after_is_made(tmp_path):
    def half():
        yield "numbers.jsonl", "1\n"
        raise KeyError("colour")

    outputs = Outputs(tmp_path)
    assert outputs.add("figure", half) == {"numbers.jsonl": "1\n"}
    assert outputs.add("summary", lambda: [("summary.txt", "words")]) == {"summary.txt": "words"}
    assert {path.name for path in tmp_path.iterdir()} == {"numbers.jsonl", "summary.txt"}
    with pytest.raises(checks.InputError, match=r"1 of the outputs failed: figure \(KeyError: 'colour'\); the others"):
        outputs.check()


def test_nothing_is_told_where_nothing_failed(tmp_path):
    outputs = Outputs(tmp_path)
    assert outputs.made("a number", lambda: 3) == 3
    outputs.check()


def test_an_interruption_is_no_failure(tmp_path):
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Outputs(tmp_path).made("a number", interrupted)
