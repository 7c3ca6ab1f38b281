"""Where and how networks run. The names of what can be chosen stand here, so that a command can say them at once."""

DEVICES = ("auto", "cpu", "cuda")
"""`device` finds them."""
KERNEL_NAMES = ("auto", "torch", "channels_last", "ours")
"""The quickest, and those of `kernels.KERNELS`."""
