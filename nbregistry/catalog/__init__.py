"""Where facts are kept: the commit log (the truth), the TinyDB catalog (its view), the filter language."""
