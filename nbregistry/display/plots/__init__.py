"""Plots as PNG: transparent, legible on light and on dark ground, the same bytes every time. One file a plot."""
