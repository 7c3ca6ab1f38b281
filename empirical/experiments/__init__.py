"""Experiments: one file each, listed by name in `empirical.__main__`."""
