"""The list of networks."""

import json

import pytest

from empirical.__main__ import main
from empirical.commands.models import IMAGES, at_networks
from empirical.data import TRAINED_ON
from empirical.models import MODELS


def test_all_networks_are_listed_with_what_they_cost(capsys):
    assert main(["models"]) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = {line.split()[0].partition(":")[0]: line.split() for line in lines[3:]}
    assert list(rows) == list(MODELS)
    assert rows["std_cnn"][1:4] == ["23,010", "1.01", "width=10"]
    assert rows["p4_resnet18"][3:] == ["width=64", "equal=parameters|operations", "strided=exact|literal"]


def test_networks_with_options_for_colour_images_as_lines_for_programs(tmp_path, capsys):
    asked = ["--network", "vgg16", "resnet18:width=64,", "p4_vgg16:width=64,equal=operations", "--data", "cifar10"]
    assert main(["models", *asked, "--json", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    rows = [json.loads(line) for line in said.splitlines()]
    assert (tmp_path / "models.jsonl").read_text() == said
    assert [row["network"] for row in rows] == ["vgg16", "resnet18", "p4_vgg16:equal=operations"]
    assert [row["parameters"] for row in rows] == [14_728_266, 11_173_962, 3_682_074]
    assert rows[1]["macs"] == 555_422_720


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--network", "resnet81"], "network='resnet81' is unknown"),
        (["--network", "parallel:of=std_cnn"], "parallel has no option of; use one of width"),
        (["--network", "wide_resnet:depth=5"], "depth=5 is not that of a WideResNet"),
    ],
)
def test_what_names_no_network_ends_with_the_code_2(words, said, capsys):
    assert main(["models", *words]) == 2
    assert said in capsys.readouterr().err


def test_a_list_of_networks_keeps_options_with_their_network():
    assert at_networks("a, b:x=1,y=2, c:x=3") == ["a", "b:x=1,y=2", "c:x=3"]


def test_the_sizes_are_those_of_the_data():
    images = TRAINED_ON["digits"]()
    assert IMAGES["digits"] == (tuple(images.images.shape[1:]), images.classes)
    assert list(IMAGES) == list(TRAINED_ON)
