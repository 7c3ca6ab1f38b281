"""A file of tensors says what was written, or that it was damaged: no flipped bit becomes another number."""

import os

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from empirical.compute import tensor_files
from tests.tradeoff.shared.damage import bits, flip
from tradeoff.shared import checks, storage

TENSORS = {
    "weights": torch.tensor([[1.5, -2.0], [0.0, torch.inf]]),
    "answers": torch.tensor([3, 1], dtype=torch.int16),
    "right": torch.tensor([True, False, True]),
    "nothing": torch.zeros(0, 4),
}
HEADER = {"run": "abc", "update": "100", "config": '{"eps": 0.1}'}


@pytest.fixture
def path(tmp_path):
    tensor_files.write_tensors(tmp_path / "x.safetensors", TENSORS, HEADER)
    return tmp_path / "x.safetensors"


def same(found):
    tensors, header = found
    return (
        header == HEADER
        and tensors.keys() == TENSORS.keys()
        and all(torch.equal(tensors[name], TENSORS[name]) for name in TENSORS)
        and all(tensors[name].dtype == TENSORS[name].dtype for name in TENSORS)
    )


def test_what_was_written_is_read_by_us_and_by_safetensors_itself(path):
    assert same(tensor_files.read_tensors(path))
    assert same((load_file(path), HEADER))


@pytest.mark.parametrize(
    "every", [29, pytest.param(1, marks=pytest.mark.slow(twin="test_every_single_flipped_bit_is_told"))]
)
def test_every_single_flipped_bit_is_told(path, every):
    """Of the numbers, of names, types, shapes and places, of the text, and of the hash itself."""
    whole = path.read_bytes()
    for bit in range(0, bits(path), every):
        flip(path, bit)
        for read in (tensor_files.read_tensors, tensor_files.read_header):
            with pytest.raises(checks.InputError, match=r"x\.safetensors"):
                read(path)
        path.write_bytes(whole)
    assert tensor_files.read_header(path) == HEADER
    assert same(tensor_files.read_tensors(path))


@pytest.mark.parametrize("cut", [0, 1, 7, 8, 100, -1])
def test_a_torn_file_is_damaged(path, cut):
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(storage.Damaged, match="not a whole safetensors file"):
        tensor_files.read_tensors(path)


def test_two_numbers_that_change_places_are_told(path):
    """A sum of all bytes would not see it."""
    content = path.read_bytes()
    first, second = (np.float32(value).tobytes() for value in (1.5, -2.0))
    path.write_bytes(content.replace(first + second, second + first))
    with pytest.raises(storage.Damaged, match=r"is damaged .*SHA-256.*; get another"):
        tensor_files.read_tensors(path, way_out="get another")


def test_the_same_content_gives_the_same_bytes_whatever_the_order(path):
    backwards = dict(reversed(TENSORS.items())), dict(reversed(HEADER.items()))
    assert tensor_files.encoded(*backwards) == path.read_bytes()


def test_a_file_of_others_may_be_without_a_hash_and_ours_may_not(path, tmp_path):
    save_file(TENSORS, tmp_path / "theirs.safetensors", metadata=HEADER)
    assert same(tensor_files.read_tensors(tmp_path / "theirs.safetensors", of_others=True))
    with pytest.raises(checks.InputError, match=r"holds no SHA-256 of its content, as earlier.*delete its folder"):
        tensor_files.read_tensors(tmp_path / "theirs.safetensors")
    flip(path, -9)
    with pytest.raises(storage.Damaged):
        tensor_files.read_tensors(path, of_others=True)


def test_what_can_be_made_again_is_told_in_a_sentence(path, caplog):
    assert same(tensor_files.read_if_sound(path, again="it is measured again"))
    assert tensor_files.read_if_sound(path.with_name("none"), again="it is measured again") is None
    assert caplog.messages == []
    flip(path, -1)
    assert tensor_files.read_if_sound(path, again="it is measured again") is None
    (said,) = caplog.messages
    assert said.endswith("(its content is not that of which it holds the SHA-256); it is measured again")
    assert str(path) in said


def test_damage_is_the_same_sentence_in_another_process():
    """Errors of workers are pickled."""
    import pickle

    error = storage.Damaged("this is wrong", "do that")
    assert str(pickle.loads(pickle.dumps(error))) == str(error) == "this is wrong; do that"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "x.safetensors")
    for read in (tensor_files.read_tensors, tensor_files.read_header):
        with pytest.raises(checks.InputError, match=r"x\.safetensors' is no regular file; delete its folder"):
            read(tmp_path / "x.safetensors")
