"""Whether a difference between two models is more than chance, and how surely a metric is what it is.

Tests of pairs of rows and of rows that have nothing to do with each other, and intervals: pure functions of arrays.
"""
