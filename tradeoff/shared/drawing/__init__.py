"""Figure data -> pictures.

sizes    how large a figure and its texts are, and where lines are broken
looks    the colour and marker of each label, by `tradeoff.shared.palette`
curves   how each kind of curve is drawn
images   cells, their colours and what these stand for
legend   one for all panels
sheet    all of it together, and the bytes of a picture
"""

from tradeoff.shared.drawing.images import LETTERS, MOST_WRITTEN, SCALE, SIGNS
from tradeoff.shared.drawing.looks import looks_of, role_of
from tradeoff.shared.drawing.sheet import draw, encode, files, own_style
from tradeoff.shared.drawing.sizes import AXIS, HEAD, SMALL, TITLE, WIDTH, broken

__all__ = [
    "AXIS",
    "HEAD",
    "LETTERS",
    "MOST_WRITTEN",
    "SCALE",
    "SIGNS",
    "SMALL",
    "TITLE",
    "WIDTH",
    "broken",
    "draw",
    "encode",
    "files",
    "looks_of",
    "own_style",
    "role_of",
]
