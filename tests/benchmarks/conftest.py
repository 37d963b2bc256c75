"""Keep pytest's search for doctests away from the sides, which import what only their environment has."""

collect_ignore = ["sides"]
