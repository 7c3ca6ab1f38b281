import json
import os

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import safe_open

from empirical.compute.tensor_files import read_tensors, write_tensors
from tradeoff.shared import checks

TENSORS = {"b": torch.arange(3.0), "a": torch.ones(2, 2, dtype=torch.uint8), "c": torch.empty(0)}


@settings(max_examples=15)  # each is written to the disk
@given(st.dictionaries(st.text(), st.text(), max_size=6))
def test_tensors_and_any_header_come_back(tmp_path_factory, header):
    path = tmp_path_factory.mktemp("files") / "x.safetensors"
    write_tensors(path, TENSORS, header)
    tensors, found = read_tensors(path)
    assert found == header
    assert tensors.keys() == TENSORS.keys()
    assert all(torch.equal(tensors[name], value) for name, value in TENSORS.items())
    with safe_open(path, "pt") as file:  # other readers, too
        assert file.metadata() in (header, None)


def test_the_same_content_has_the_same_bytes(tmp_path):
    """The library alone orders the header as chance has it: of 24 keys no two files would be alike."""
    header = {f"key{number}": "x" for number in range(24)}
    files = set()
    for number in range(4):
        path = tmp_path / f"{number}.safetensors"
        write_tensors(path, dict(TENSORS), dict(reversed(header.items()) if number % 2 else header.items()))
        files.add(path.read_bytes())
    assert len(files) == 1
    (content,) = files
    end = 8 + int.from_bytes(content[:8], "little")
    assert end % 8 == 0
    assert list(json.loads(content[8:end])["__metadata__"]) == sorted(header)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "x.safetensors")
    with pytest.raises(checks.InputError, match=r"x\.safetensors' is no regular file; delete its folder"):
        read_tensors(tmp_path / "x.safetensors")
