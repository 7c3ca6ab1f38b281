"""Published figures are drawn from the numbers that lie beside them."""

from pathlib import Path

import pytest

from tests.made_again import same_picture
from tradeoff.shared import drawing, figure_data, storage

RESULTS = Path(__file__).parents[1] / "results"
FIGURES = [path for path in sorted(RESULTS.rglob("*.jsonl")) if path.with_suffix(".svg").exists()]


def test_every_published_picture_has_its_numbers():
    drawn = {path.with_suffix("") for path in RESULTS.rglob("*.svg")}
    assert drawn == {path.with_suffix("") for path in FIGURES}
    assert len(drawn) >= 4


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.stem)
def test_a_published_picture_is_drawn_from_its_numbers(path):
    sheet = figure_data.from_lines(path.read_text())
    assert same_picture(drawing.encode(drawing.draw(sheet), "svg"), path.with_suffix(".svg").read_bytes())


def test_every_published_file_of_numbers_is_what_was_written():
    """Hashes and checksums fit: no bit of what is published, or shipped inside the package, has flipped."""
    pytest.importorskip("torch", reason="the measurement room needs torch")
    from empirical.compute import tensor_files
    from empirical.training import example_networks

    tensors = [*RESULTS.rglob("*.safetensors"), *example_networks.FOLDER.glob("*.safetensors")]
    assert len(tensors) >= 40
    for path in tensors:
        tensor_files.read_tensors(path)
    lines = [*RESULTS.rglob("records.jsonl"), *RESULTS.rglob("configs.jsonl")]
    assert len(lines) >= 5
    assert not [path for path in lines if None in storage.read_lines(path)]
