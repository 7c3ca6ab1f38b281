"""A figure as bytes that depend on the figure alone. Used by every room that draws."""

from __future__ import annotations

import io

import matplotlib
from matplotlib.figure import Figure


def encode(figure: Figure, kind: str) -> bytes:
    """PNG or SVG bytes that depend on the figure only: no date, no random ids."""
    buffer = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "tradeoff", "svg.fonttype": "path"}):
        figure.savefig(buffer, format=kind, dpi=150, metadata={"Date": None} if kind == "svg" else {"Software": None})
    return buffer.getvalue()
