"""What a bad disk or an editor does to a file: one bit flipped, one digit changed."""

import re
from pathlib import Path


def bits(path: Path) -> int:
    """How many bits a file has."""
    return 8 * path.stat().st_size


def flip(path: Path, bit: int) -> None:
    """Flip one bit, counted from the start; negative ones from the end."""
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


def change_digit(path: Path, pattern: str, which: int = 0) -> None:
    """Raise the last digit of the number that the group of a pattern finds, 9 to 0; ``which`` of its places."""
    text = path.read_text()
    end = list(re.finditer(pattern, text))[which].end(1)
    path.write_text(text[: end - 1] + str((int(text[end - 1]) + 1) % 10) + text[end:])
