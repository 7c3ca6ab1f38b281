"""A certificate that was spoilt is refused, also where the manifest agrees with it."""

import json

import pytest

from proofs.recheck import __main__ as recheck
from tests.proofs.recheck.folders import BOXES, COMMITTED, FEW_SLABS, MIXTURE, NUMBER, TABLE, put, refusal


def spoilt_boxes():
    """Ways to spoil a file of boxes, each by its name."""
    lines = (COMMITTED / BOXES).read_text().splitlines()
    head = json.loads(lines[0])
    yield "sign", [lines[0], lines[1].replace("-", "+", 1), *lines[2:]]
    yield "missing box", lines[:-1]
    yield "box twice", [*lines, lines[-1]]
    yield "another box", [*lines[:-1], lines[-1][:-1] + str((int(lines[-1][-1]) + 1) % 10)]
    yield "open box", [lines[0], lines[1].replace("-", "?", 1), *lines[2:]]
    yield "version", [json.dumps(head | {"version": 2}), *lines[1:]]
    yield "claim", [json.dumps(head | {"tree": ["*", "-1", head["tree"]]}), *lines[1:]]
    yield "function", [lines[0].replace('"Phi"', '"erf"'), *lines[1:]]
    whole = " ".join(lines[1].split()[1:])
    for sign in ("", "?", "*"):  # no claim, or one that any boxes fulfil
        yield f"sign {sign!r}", [json.dumps(head | {"sign": sign}), f"? {whole}", *lines[2:]]


def spoilt_numbers():
    """Ways to spoil the file of a number."""
    claim = json.loads((COMMITTED / NUMBER).read_text())
    yield "order", [json.dumps(claim | {"low": "-" + claim["low"], "high": "1"})]
    yield "sign", [json.dumps(claim | {"tree": ["*", "-1", claim["tree"]]})]
    yield "other side", [json.dumps(claim | {"low": "0", "high": claim["low"]})]
    yield "too narrow", [json.dumps(claim | {"low": "72844/1000000"})]
    yield "version", [json.dumps(claim | {"version": 2})]
    yield "letter", [json.dumps(claim | {"tree": "rho"})]


def spoilt_mixtures():
    """Ways to spoil the file of a bound."""
    lines = FEW_SLABS.splitlines()
    head, middle = json.loads(lines[0]), len(lines) // 2
    low, high, start, reach = lines[middle].split()
    yield "bound", [json.dumps(head | {"bound": "87/100"}), *lines[1:]]
    yield "above", [json.dumps(head | {"tree": "87/100"}), *lines[1:]]
    yield "distance", [json.dumps(head | {"low": head["high"], "high": "1"}), *lines[1:]]
    yield "weight", [json.dumps(head | {"law": head["law"] | {"weight": "1/4"}}), *lines[1:]]
    yield "share", [json.dumps(head | {"law": head["law"] | {"share": "1/2"}}), *lines[1:]]
    yield "radius", [json.dumps(head | {"law": head["law"] | {"radius": "2"}}), *lines[1:]]
    yield "missing slab", [*lines[:middle], *lines[middle + 1 :]]
    yield "missing slabs at the end", lines[:middle]
    yield "slab twice", [*lines[: middle + 1], *lines[middle:]]
    yield "another zero", [*lines[:middle], f"{low} {high} {int(start) + 2**20} {reach}", *lines[middle + 1 :]]
    yield "no reach", [*lines[:middle], f"{low} {high} {start} 0", *lines[middle + 1 :]]
    yield "small reach", [*lines[:middle], f"{low} {high} {start} 1", *lines[middle + 1 :]]
    yield "no slabs", lines[:1]


SPOILT = [
    (name, how, lines)
    for name, ways in ((BOXES, spoilt_boxes), (NUMBER, spoilt_numbers), (MIXTURE, spoilt_mixtures))
    for how, lines in ways()
]


@pytest.mark.parametrize(("name", "how", "lines"), SPOILT, ids=[f"{name}: {how}" for name, how, _ in SPOILT])
def test_a_spoilt_certificate_is_refused(name, how, lines, tmp_path, capsys):
    """Also where the manifest agrees with it."""
    text = "\n".join(lines) + "\n"
    assert text not in (FEW_SLABS, (COMMITTED / name).read_text())
    assert name in refusal(put(tmp_path, name, text), capsys)


def test_what_is_spoilt_was_accepted_before(tmp_path):
    for name, text in ((BOXES, None), (NUMBER, None), (MIXTURE, FEW_SLABS)):
        (tmp_path / name).mkdir()
        assert recheck.main([str(put(tmp_path / name, name, text))]) == 0


def test_a_table_is_not_a_claim_for_a_range(tmp_path, capsys):
    assert "it claims table: " in refusal(put(tmp_path, TABLE, expects="+"), capsys)


def test_a_table_with_other_counts_is_refused(tmp_path, capsys):
    """A table that leaves its boxes open would fulfil any claim without counts."""
    head, *lines = (COMMITTED / TABLE).read_text().splitlines()
    text = "\n".join([head, "?" + lines[0][1:], *lines[1:]]) + "\n"
    assert "the manifest table: " in refusal(put(tmp_path, TABLE, text), capsys)


def box(**head):
    """A small file of boxes: x + 1 is positive from 0 to 4, unless something is changed."""
    whole = {"version": 1, "says": "", "tree": ["+", "x", "1"], "letters": ["x"], "ranges": [[0, 4]], "bits": 0}
    rows = head.pop("rows", ["+ 0 4"])
    return "\n".join([json.dumps({**whole, "sign": "+", **head}), *rows]) + "\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (box(ranges=[[4, 0]], rows=["+ 4 0"]), "a lower and a higher end"),
        (box(ranges=[[0, 0]], rows=["+ 0 0"]), "a lower and a higher end"),
        (box(rows=["+ 4 0"]), "a lower and a higher end"),
        (box(rows=["+ 0 4 5"]), "a lower and a higher end"),
        (box(tree="-1", letters=["-1"], ranges=[[1, 4]], rows=["+ 1 4"]), "no number is one"),
        (box(letters=["x", "x"], ranges=[[0, 4], [0, 4]], rows=["+ 0 4 0 4"]), "each of them once"),
        (box(tree="1", letters=[], ranges=[], rows=["+"]), "a range needs letters"),
        (box(tree=["Phi", "x", "1"]), "Phi of 2 parts"),
        (box(tree=["+", ["^", "x", "2", "3"], "1"]), "^ of 3 parts"),
    ],
)
def test_a_box_needs_ends_in_order_and_letters(tmp_path, capsys, text, says):
    assert recheck.main([str(put(tmp_path, BOXES, box(), expects="+"))]) == 0
    capsys.readouterr()
    assert says in refusal(put(tmp_path, BOXES, text, expects="+"), capsys)


@pytest.mark.parametrize(("low", "high"), [("0", "1"), ("-1", "0"), ("-1", "1")])
def test_numbers_that_may_be_equal_show_no_order(tmp_path, capsys, low, high):
    text = json.dumps({"version": 1, "says": "", "tree": "0", "low": low, "high": high}) + "\n"
    assert "that shows no order" in refusal(put(tmp_path, NUMBER, text), capsys)
