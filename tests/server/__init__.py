"""The REST routes, asked over real HTTP of a real Jupyter server."""
