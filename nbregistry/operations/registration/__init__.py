"""Register: what is asked for, what is made ready for it, and the commit."""
