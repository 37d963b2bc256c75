"""A few rows that a model takes, as plain data: arrays and JSON, from which the same table can be built again.

Nothing here can run code: what is no data is refused with :class:`~nbregistry.provenance.example.values.NotData`.
"""
