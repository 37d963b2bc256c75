"""What the verbs do, one file for each kind of work; :class:`nbregistry.Registry` is the door to them."""
