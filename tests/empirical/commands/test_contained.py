"""Code of the user's own and the process that runs it."""

import json
import random
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch

from empirical.__main__ import main
from empirical.commands import attack_spec, contained, network_spec
from empirical.validation.faulty_models import halves, labelled
from tradeoff.shared import checks

NETWORK = """
import torch
from torch import nn
def build():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 10)).eval()
"""
ARGPARSE = "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('{}')\nparser.parse_args()\n"


@pytest.fixture(autouse=True)
def said_anew(monkeypatch):
    monkeypatch.setattr(contained, "SAID", set())


def written(folder, code, name="mine.py"):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(code)
    return str(folder / name)


# The end of the process


EXITS = {
    "at import": "import sys\nsys.exit()\n",
    "with 0": "raise SystemExit(0)\n",
    "by argparse": ARGPARSE.format("data"),
    "in build": "def build():\n    quit()\n",
}


@pytest.mark.parametrize("where", EXITS)
def test_an_exit_of_a_models_file_is_an_error(tmp_path, where):
    path = written(tmp_path, NETWORK + EXITS[where])
    with pytest.raises(
        checks.InputError, match=r"model='.*mine\.py:build' ended the process \(exit .*\); keep sys\.exit"
    ):
        network_spec.load(f"{path}:build")


def test_an_exit_in_forward_is_an_error_of_the_command(tmp_path, capsys):
    code = NETWORK + "class Net(nn.Module):\n    def forward(self, x):\n        raise SystemExit(0)\n"
    line = ["measure", "--model", f"{written(tmp_path, code)}:Net", "--limit", "4", "--out", str(tmp_path / "out")]
    assert main(line) == 2
    assert "a network ended the process (exit 0)" in capsys.readouterr().err


@pytest.mark.parametrize("code", ["import sys\nsys.exit()", "def attack(*given):\n    raise SystemExit"])
def test_an_exit_of_an_attack_is_an_error_of_the_command(tmp_path, capsys, code):
    assert main(["check-attack", f"{written(tmp_path, code)}:attack", "--limit", "100", "--quiet"]) == 2
    assert "ended the process" in capsys.readouterr().err


def test_a_file_sees_no_command_line(tmp_path, monkeypatch):
    """Options with defaults are read as if there were none, and are not those of our command."""
    monkeypatch.setattr(sys, "argv", ["measure", "--eps", "0.3"])
    found = network_spec.load(f"{written(tmp_path, ARGPARSE.format('--width') + NETWORK)}:build")
    assert found.model(torch.rand(1, 1, 28, 28)).shape == (1, 10)
    assert sys.argv == ["measure", "--eps", "0.3"]


# What is printed


def test_only_the_result_is_on_the_standard_output(tmp_path, capsys):
    code = (
        "print('at import')\n" + NETWORK + "class Net(nn.Module):\n"
        "    def __init__(self):\n        print('in build')\n        super().__init__()\n        self.a = build()\n"
        "    def forward(self, x):\n        print('in forward')\n        return self.a(x)\n"
    )
    line = ["measure", "--model", f"{written(tmp_path, code)}:Net", "--limit", "4", "--out", str(tmp_path / "out")]
    assert main([*line, "--json", "--skip", "robustness,joint,moves,control,exact,distance"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["robustness_tradeoff"]
    assert all(f"{where}\n" in printed.err for where in ("at import", "in build", "in forward"))


def test_prints_of_an_attack_do_not_mix_with_its_results(tmp_path, capsys):
    code = "print('at import')\ndef attack(model, images, labels, eps):\n    print('called')\n    return images\n"
    attack_spec.named(f"{written(tmp_path, code)}:attack")(None, labelled(halves()), 0.1)
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "at import\ncalled\n")


# What is changed


CHANGES = {
    "working folder to /": "import os\nos.chdir('/')\n",
    "default dtype to torch.float64": "torch.set_default_dtype(torch.float64)\n",
    "default device to meta": "torch.set_default_device('meta')\ntorch.zeros(1)\n",
    "gradient mode to False": "torch.set_grad_enabled(False)\n",
    "number of threads to 3": "torch.set_num_threads(3)\n",
    "errors of NumPy to {'divide': 'raise', 'over': 'warn', 'under': 'ignore', 'invalid': 'warn'}": (
        "import numpy\nnumpy.seterr(divide='raise')\n"
    ),
    "float32 precision to medium": "torch.set_float32_matmul_precision('medium')\n",
}


@pytest.mark.parametrize("said", CHANGES)
@pytest.mark.parametrize("attack", [False, True])
def test_settings_of_the_process_are_put_back_with_a_word(tmp_path, capsys, said, attack):
    before = [setting.read() for setting in contained.SETTINGS]
    if attack:
        code = f"import torch\ndef attack(model, images, labels, eps):\n{_indented(CHANGES[said])}    return images\n"
        run = attack_spec.named(f"{written(tmp_path, code)}:attack")
        assert capsys.readouterr().err == ""
        for _ in range(3):
            run(torch.nn.Identity(), labelled(halves()), 0.1)
    else:
        network_spec.load(f"{written(tmp_path, NETWORK + '_ = build()' + chr(10) + CHANGES[said] + KEPT)}:kept")
    assert [setting.read() for setting in contained.SETTINGS] == before
    printed = capsys.readouterr()
    assert printed.err == f"{'attack' if attack else 'model'}={_spec(printed.err)} set the {said}; undone\n"
    assert printed.out == ""


KEPT = "def kept():\n    return _\n"


def _indented(code):
    return "".join(f"    {line}\n" for line in code.splitlines())


def _spec(text):
    return text.partition("=")[2].partition(" set the")[0]


def test_filters_of_warnings_are_put_back(tmp_path):
    before = list(warnings.filters)
    code = "import warnings\nwarnings.simplefilter('error')\n" + NETWORK
    network_spec.load(f"{written(tmp_path, code)}:build")
    assert warnings.filters == before


def test_settings_are_put_back_after_an_error_too(tmp_path):
    here = Path.cwd()
    with pytest.raises(checks.InputError, match="failed while it was loaded"):
        network_spec.load(f"{written(tmp_path, 'import os' + chr(10) + 'os.chdir(os.sep)' + chr(10) + '1 / 0')}:build")
    assert Path.cwd() == here


def test_build_may_rely_on_what_its_import_set(tmp_path):
    (tmp_path / "width.txt").write_text("x" * 10)
    code = "import os\nos.chdir(os.path.dirname(__file__))\nfrom torch import nn\n"
    code += "def build():\n    return nn.Linear(3, os.path.getsize('width.txt'))\n"
    assert network_spec.load(f"{written(tmp_path, code)}:build").model.out_features == 10


RANDOM = """
import random
import numpy as np
import torch
random.seed(1), np.random.seed(1), torch.manual_seed(1)
def build():
    random.random(), np.random.rand(), torch.rand(1)
    return torch.nn.Linear(3, 2)
"""


def drawn():
    return random.random(), np.random.rand(), float(torch.rand(1))  # noqa: NPY002


def test_random_numbers_of_others_go_on_as_if_nothing_had_been_drawn(tmp_path):
    def seeded():
        random.seed(5)
        np.random.seed(5)  # noqa: NPY002
        torch.manual_seed(5)

    seeded()
    expected = drawn()
    seeded()
    network_spec.load(f"{written(tmp_path, RANDOM)}:build")
    assert drawn() == expected


def test_a_network_drawn_with_any_generator_is_the_same_in_the_next_run(tmp_path):
    code = "import random\nimport numpy as np\nimport torch\ndef build():\n    net = torch.nn.Linear(2, 1)\n"
    code += "    net.bias.data[:] = random.random() + np.random.rand()\n    return net\n"
    path = written(tmp_path, code)
    assert network_spec.load(f"{path}:build").checksum == network_spec.load(f"{path}:build").checksum


def test_an_attack_draws_other_numbers_at_every_call_and_the_same_in_every_run(tmp_path):
    code = "import torch\ndef attack(model, images, labels, eps):\n    return torch.rand(3)\n"
    path = written(tmp_path, code)
    one, two = ([attack(None, labelled(halves()), 0.1) for _ in range(2)] for attack in (_named(path), _named(path)))
    assert all(torch.equal(*pair) for pair in zip(one, two, strict=True))
    assert not torch.equal(*one)


def _named(path):
    return attack_spec.named(f"{path}:attack")


# Files beside it


def siblings(folder, width):
    written(folder, f"WIDTH = {width}\n", "layers_of_mine.py")
    code = "from torch import nn\nfrom layers_of_mine import WIDTH\ndef build():\n    return nn.Linear(3, WIDTH)\n"
    code += "def late():\n    from layers_of_mine import WIDTH\n    return nn.Linear(3, WIDTH)\n"
    return written(folder, code, "net.py")


@pytest.mark.parametrize("function", ["build", "late"])
def test_files_beside_a_models_file_are_found_and_not_mixed_up(tmp_path, monkeypatch, function):
    monkeypatch.chdir(tmp_path)
    for folder, width in (("a", 4), ("b", 5), ("a", 4)):
        siblings(tmp_path / folder, width)
        assert network_spec.load(f"{folder}/net.py:{function}").model.out_features == width
    assert sum(entry == str(tmp_path / "a") for entry in sys.path) == 1
    assert str(tmp_path / "b") not in sys.path


def test_a_module_that_is_imported_in_forward_is_found(tmp_path):
    code = "from torch import nn\nclass Net(nn.Module):\n    def forward(self, x):\n"
    code += "        import only_in_forward\n        return only_in_forward.SIZE * x\n"
    written(tmp_path, "SIZE = 2.0\n", "only_in_forward.py")
    model = network_spec.load(f"{written(tmp_path, code)}:Net").model
    assert torch.equal(model(torch.ones(1)), torch.full((1,), 2.0))
