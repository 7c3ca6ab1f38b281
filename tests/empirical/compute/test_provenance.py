"""What computed a number, also where this package does not lie in a folder."""

import sys
import zipfile
from pathlib import Path

import empirical
from empirical.compute import provenance

ROOT = Path(empirical.__file__).parents[1]
IN_A_ZIP = "from empirical.compute import provenance; print(provenance.__file__, provenance.code_identity())"


def test_code_has_its_identity_in_a_zip_file_too(tmp_path, children):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as file:
        for room in ("empirical", "tradeoff"):
            for path in (ROOT / room).rglob("*.py"):
                file.write(path, path.relative_to(ROOT).as_posix())
    code = f"import sys; sys.path.insert(0, {str(tmp_path / 'all.zip')!r}); {IN_A_ZIP}"
    done = children.run("-c", code, cwd=tmp_path, env={"PATH": "", "PYTHONPATH": ":".join(sys.path[-1:])})
    place, identity = done.stdout.split()
    assert "all.zip" in place
    assert identity == provenance.code_identity()
