"""Making a version again: its code in a fresh kernel, and what came of it held against what was kept."""
