"""What a folder of somebody else may ask for: it is checked, or refused at once and in one line."""

import json
import os
import sys

import pytest

from proofs.recheck import __main__ as recheck
from proofs.recheck import inequalities, limits
from tests.proofs.recheck.folders import BOXES, COMMITTED, FEW_SLABS, MIXTURE, NUMBER, QUESTION, put, refusal
from tests.proofs.recheck.test_questions import asked
from tests.proofs.recheck.test_spoilt import box

CLAIM = {"version": 1, "says": "", "tree": "1", "low": "1/2", "high": "3/2"}
SLABS = FEW_SLABS.splitlines()


def number(**changed):
    return json.dumps(CLAIM | changed) + "\n"


def slabs(*rows, **changed):
    return "\n".join([json.dumps(json.loads(SLABS[0]) | changed), *(rows or SLABS[1:])]) + "\n"


def power(base, by, times=1):
    for _ in range(times):
        base = ["^", base, by]
    return base


def nested(depth):
    return '{"version": 1, "tree": ' + '["+", ' * depth + '"1"' + "]" * depth + ', "low": "1/2", "high": "3/2"}\n'


def lets(count, operation):
    """A few lines that double a term, again and again."""
    doubled = "".join(f"(let ((x{i + 1} ({operation} x{i} x{i}))) " for i in range(count))
    return asked(f"(assert (let ((x0 (+ x 2))) {doubled}(> x{count} 0){')' * count}))", "(check-sat)", status="sat")


HUGE = {
    "exponent of a number": (NUMBER, number(tree="1e1000000000"), "no quotient of whole numbers"),
    "small exponent": (NUMBER, number(low="1e-1000000000"), "no quotient of whole numbers"),
    "digits": (NUMBER, number(high="9" * 10_000), "no quotient of whole numbers"),
    "number that is no text": (NUMBER, number(low=0.5), "no quotient of whole numbers"),
    "power": (NUMBER, number(tree=power("2", "1000000000")), "is larger than 64"),
    "root": (NUMBER, number(tree=power("2", "1/1000000000")), "is not known here"),
    "exponent of a power": (NUMBER, number(tree=power("2", "1e9")), "no quotient of whole numbers"),
    "power of powers": (NUMBER, number(tree=power("2", "64", times=30)), "more than 4096 binary digits"),
    "small power of powers": (NUMBER, number(tree=power("1/2", "-64", times=30)), "more than 4096 binary digits"),
    "product": (NUMBER, number(tree=["*", *["9" * 200] * 1000]), "more than 4096 binary digits"),
    "exponential": (NUMBER, number(tree=["exp", "9" * 200]), "the exponential"),
    "negative exponential": (NUMBER, number(tree=["exp", "-" + "9" * 200]), "the exponential"),
    "exponentials": (NUMBER, number(tree=["exp", ["exp", ["exp", ["exp", "9"]]]]), "the exponential"),
    "nested": (NUMBER, nested(100_000), "RecursionError"),
    "nested in reach of JSON": (NUMBER, nested(900), "RecursionError"),
    "long file": (NUMBER, number(says="x" * (limits.MOST_BYTES + 1)), "more than 4194304 bytes"),
    "negative bits": (BOXES, box(bits=-(10**9)), "bits from 0 to 128"),
    "many bits": (BOXES, box(bits=10**9), "bits from 0 to 128"),
    "bits that are no number": (BOXES, box(bits="8"), "bits from 0 to 128"),
    "end": (BOXES, box(rows=["+ 0 " + "9" * 4000]), "no quotient of whole numbers"),
    "many boxes": (BOXES, box(rows=[f"+ {i} {i + 1}" for i in range(20_000)]), "more than 10000"),
    "much work": (BOXES, box(rows=["+ 0 1"] * 9000, tree=["+", *["x"] * 9000]), "too many to check"),
    "slab": (MIXTURE, slabs("0 1 2 " + "9" * 4000), "no quotient of whole numbers"),
    "bits of slabs": (MIXTURE, slabs(bits=-(10**9)), "bits from 0 to 128"),
    "many slabs": (MIXTURE, slabs(*SLABS[1:2] * 20_000), "more than 10000"),
    "weight": (MIXTURE, slabs(law=json.loads(SLABS[0])["law"] | {"signal": "1e1000000000"}), "no quotient"),
    "bound": (MIXTURE, slabs(bound="1e1000000000"), "no quotient of whole numbers"),
    "letters of a question": (QUESTION, asked("; " + "x" * 30_000, "(check-sat)"), "at most 20000 letters"),
    "parentheses": (QUESTION, asked("(assert " + "(" * 5000 + ")" * 5000 + ")", "(check-sat)"), "100 deep"),
    "digits of a question": (QUESTION, asked("(assert (> x " + "9" * 5000 + "))", "(check-sat)"), "200 digits"),
}
SOLVED = {
    "squares of squares": (lets(60, "*"), "multiplied out"),
    "sums of sums": (lets(60, "+"), "multiplied out"),
    "power of a question": (asked("(assert (> (^ x 1000000000) 2))", "(check-sat)", status="sat"), "not known here"),
}


@pytest.mark.parametrize(("name", "text", "says"), HUGE.values(), ids=HUGE)
def test_what_would_fill_time_or_memory_is_refused(name, text, says, tmp_path, capsys):
    line = refusal(put(tmp_path, name, text), capsys)
    assert says in line
    assert line.isprintable()
    assert len(line) <= recheck.MOST_SHOWN + 3


@pytest.mark.parametrize(("text", "says"), SOLVED.values(), ids=SOLVED)
def test_what_would_fill_time_or_memory_is_not_given_to_the_solver(text, says, tmp_path, capsys):
    pytest.importorskip("cvc5", reason="cvc5 has no wheel for this Python")
    assert says in refusal(put(tmp_path, QUESTION, text), capsys)


def test_a_question_within_the_limits_is_asked(tmp_path):
    pytest.importorskip("cvc5", reason="cvc5 has no wheel for this Python")
    assert recheck.main([str(put(tmp_path, QUESTION, lets(3, "*"), expects="sat"))]) == 0


def pinwheel(low, high):
    """Five boxes that no cut divides, and their whole."""
    third = (high - low) // 3
    a, b = low + third, low + 2 * third
    return [
        [(low, b), (low, a)],
        [(b, high), (low, b)],
        [(a, high), (b, high)],
        [(low, a), (a, high)],
        [(a, b), (a, b)],
    ]


def test_boxes_that_no_cut_divides_are_refused_in_a_moment():
    side = 3 * 5000
    line = [[(-i - 1, -i), (0, side)] for i in range(5000)]
    assert not inequalities.tiles([(0, side), (0, side)], pinwheel(0, side))
    assert inequalities.tiles([(-5000, 0), (0, side)], line)
    assert not inequalities.tiles([(-5000, side), (0, side)], [*line, *pinwheel(0, side)])
    stairs = [[(i, i + 2), (i, i + 1)] for i in range(5000)]
    assert not inequalities.tiles([(0, 5001), (0, 5000)], stairs)


@pytest.mark.parametrize("text", ["\x1b[2J", "\u202e", "x" * 5000])
def test_names_and_messages_of_the_folder_are_printed_plainly(tmp_path, capsys, text):
    folder = put(tmp_path, NUMBER, number(tree=[text, "1"]))
    assert "REFUSED" in refusal(folder, capsys)
    (folder / f"un{text[:100]}listed").write_text("")
    assert recheck.main([str(folder)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert all(line.isprintable() and len(line) < 500 for line in lines)
    assert len(lines) == 4


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ([], "the following arguments are required: DIR"),
        (["--nonsense"], "required: DIR"),
        (["missing"], "DIR='missing' is no folder; name one that holds"),
        (["a\x1b\n" + "b" * 5000], "is no folder"),
        ([str(COMMITTED), "missing"], "DIR='missing' is no folder"),
        ([str(COMMITTED / NUMBER)], "is no folder"),
        (["a\0b"], "is no folder"),
    ],
)
def test_what_cannot_be_checked_at_all_is_told_in_one_line(arguments, part, capsys):
    try:
        code = recheck.main(arguments)
    except SystemExit as end:
        code = end.code
    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert part in said.err
    assert said.err.count("\n") == 1
    assert said.err.strip().isprintable()
    assert len(said.err) < 500


def test_without_a_reader_it_ends_without_a_word(children, tmp_path):
    read, write = os.pipe()
    os.close(read)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with open(write, "w") as pipe:
        ended = children.run("-m", "proofs.recheck", put(tmp_path, NUMBER), stdout=pipe, env=environment)
    assert (ended.returncode, ended.stderr) == (1, "")
