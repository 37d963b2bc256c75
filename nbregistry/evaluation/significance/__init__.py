"""Whether a difference between two models is more than chance: paired tests and intervals, pure functions of arrays."""
