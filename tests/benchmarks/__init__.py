"""Where nbregistry stands against its peers and against the floor, measured side by side in one run.

``python -m tests.benchmarks --install-peers FOLDER`` makes the peers' virtual environment (once, minutes) and
prints the table; later ``--peers FOLDER/bin/python`` is enough. Without peers the floors alone stand beside
us. Nothing here asserts a time: machines differ, ratios in one run are what the table is about.

Each *side* (nbregistry, MLflow, plain files …) lives in a process of its own that was filled with the same
versions and answers one measurement at a time, so that the runner can take turns between the sides.
"""
