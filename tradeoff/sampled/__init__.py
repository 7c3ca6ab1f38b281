"""Monte Carlo: what the answers of `tradeoff.exact` are checked against."""

AUTO = "auto"
"""The path that suits the rules at hand."""
PATHS: dict[str, str] = {
    "orbit": "counting over orbit statistics",
    "vectors": "counting over full vectors",
    "smooth": "Sobol points, x_0 and one direction integrated out",
}
"""Ways to sample, and how a row names them."""
