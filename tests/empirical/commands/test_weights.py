"""Weights of a file and the network that they fill: tied tensors, names of wrappers, numbers of few bits."""

import json
import os
import struct

import pytest
import torch
from safetensors.torch import save_file, save_model
from torch import nn

from empirical.commands.weights import fill
from tradeoff.shared import checks


class Tied(nn.Module):
    """An encoder whose weights are the decoder's."""

    def __init__(self, tie: bool = True) -> None:
        super().__init__()
        self.dec, self.enc = nn.Linear(4, 4), nn.Linear(4, 4)
        self.twice = self.enc
        if tie:
            self.enc.weight = self.dec.weight


def plain(seed: int = 0) -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 2))


def same(one: nn.Module, two: nn.Module) -> bool:
    mine, theirs = one.state_dict(), two.state_dict()
    return mine.keys() == theirs.keys() and all(torch.equal(mine[name], theirs[name]) for name in mine)


# Tied tensors


@pytest.mark.parametrize("tie", [True, False])
def test_what_save_model_left_out_is_found_under_its_other_name(tmp_path, tie):
    saved = Tied()
    save_model(saved, str(tmp_path / "w.safetensors"))
    model = Tied(tie)
    fill(model, tmp_path / "w.safetensors")
    assert same(model, saved)


@pytest.mark.parametrize("kept", ["enc", "dec"])
def test_one_name_of_a_tied_tensor_is_enough(tmp_path, kept):
    saved = Tied()
    left = {name: value.clone() for name, value in saved.state_dict().items()}
    left = {name: value for name, value in left.items() if name == f"{kept}.weight" or name.endswith("bias")}
    save_file(left, tmp_path / "w.safetensors")
    model = Tied()
    fill(model, tmp_path / "w.safetensors")
    assert same(model, saved)
    with pytest.raises(checks.InputError, match=r"missing: .*weight"):
        fill(Tied(tie=False), tmp_path / "w.safetensors")


def test_different_weights_do_not_fit_a_network_that_ties_them(tmp_path):
    save_model(Tied(tie=False), str(tmp_path / "w.safetensors"))
    with pytest.raises(checks.InputError, match=r"tied in the network and different in the file: enc\.weight and dec"):
        fill(Tied(), tmp_path / "w.safetensors")


# Names


PREFIXES = ["module.", "_orig_mod.", "model.", "state_dict.", "state_dict.model.", "module._orig_mod.", "net."]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_prefix_of_all_names_is_understood_with_a_word(tmp_path, capsys, prefix):
    saved = plain(1)
    save_file({prefix + name: value for name, value in saved.state_dict().items()}, tmp_path / "w.safetensors")
    model = plain()
    fill(model, tmp_path / "w.safetensors")
    assert same(model, saved)
    said = capsys.readouterr().err
    assert f"'{prefix}0.bias' is read as '0.bias', and so are the others" in said


def test_a_wrapper_is_understood_inside_a_name_and_around_the_network(tmp_path):
    saved = plain(1)
    inside = {name.replace("0.", "0._orig_mod."): value for name, value in saved.state_dict().items()}
    save_file(inside, tmp_path / "w.safetensors")
    model = plain()
    wrapped = nn.DataParallel(model)
    fill(wrapped, tmp_path / "w.safetensors")
    assert same(model, saved)


def test_names_that_fit_are_taken_without_a_word(tmp_path, capsys):
    save_file(plain(1).state_dict(), tmp_path / "w.safetensors")
    fill(plain(), tmp_path / "w.safetensors")
    assert capsys.readouterr().err == ""


def test_names_that_would_become_the_same_are_left_as_they_are(tmp_path):
    twice = {f"{prefix}{name}": v.clone() for prefix in ("", "module.") for name, v in plain().state_dict().items()}
    save_file(twice, tmp_path / "w.safetensors")
    with pytest.raises(checks.InputError, match=r"unexpected: module\.0\.bias"):
        fill(plain(), tmp_path / "w.safetensors")


def test_a_part_of_a_file_that_would_fit_is_named(tmp_path):
    weights = {f"model.{name}": value for name, value in plain().state_dict().items()}
    save_file(weights | {"criterion.weight": torch.ones(2)}, tmp_path / "w.safetensors")
    with pytest.raises(checks.InputError, match=r"unexpected: .*; those under 'model' would fit: save them alone"):
        fill(plain(), tmp_path / "w.safetensors")


# Types, and what is no file of weights


EIGHT_BITS = ["float8_e4m3fn", "float8_e5m2", "float8_e8m0fnu", "float4_e2m1fn_x2"]


@pytest.mark.parametrize("name", [name for name in EIGHT_BITS if hasattr(torch, name)])
def test_numbers_of_eight_bits_and_fewer_are_refused_in_a_sentence(tmp_path, name):
    tensors = plain().state_dict()
    tensors["0.bias"] = torch.zeros(3, dtype=torch.uint8).view(getattr(torch, name))
    save_file(tensors, tmp_path / "w.safetensors")
    with pytest.raises(
        checks.InputError, match=rf"of a type that does not fit: 0\.bias torch\.{name} for torch\.float"
    ):
        fill(plain(), tmp_path / "w.safetensors")


HEADERS = {
    "a type that torch has not": {"a": {"dtype": "F6_E2M3", "shape": [4], "data_offsets": [0, 3]}},
    "a type that nobody has": {"a": {"dtype": "F3", "shape": [4], "data_offsets": [0, 3]}},
    "more rows than bytes": {"a": {"dtype": "F32", "shape": [10**12], "data_offsets": [0, 4 * 10**12]}},
    "an overflow": {"a": {"dtype": "F32", "shape": [2**40, 2**40], "data_offsets": [0, 0]}},
    "a hole": {"a": {"dtype": "U8", "shape": [1], "data_offsets": [2, 3]}},
}


@pytest.mark.parametrize("what", HEADERS)
def test_a_header_that_claims_what_is_not_there_is_refused_in_a_sentence(tmp_path, what):
    header = json.dumps(HEADERS[what]).encode()
    (tmp_path / "w.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + bytes(3))
    with pytest.raises(checks.InputError, match="is not a whole safetensors file") as refused:
        fill(plain(), tmp_path / "w.safetensors")
    assert "\n" not in str(refused.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "w.safetensors")
    with pytest.raises(checks.InputError, match="is not there; name a safetensors file"):
        fill(plain(), tmp_path / "w.safetensors")


def test_a_network_that_loads_in_a_way_of_its_own_is_answered_in_a_sentence(tmp_path):
    class Own(nn.Linear):
        def _load_from_state_dict(self, *given):
            raise AttributeError("no scale")

    save_file(nn.Linear(2, 2).state_dict(), tmp_path / "w.safetensors")
    with pytest.raises(checks.InputError, match=r"could not be loaded \(AttributeError: no scale\); load them in your"):
        fill(Own(2, 2), tmp_path / "w.safetensors")
