"""The cells of a session: what ran, in which order, and how it went."""
