"""Secrets in what is recorded: found, and replaced by a visible mark before anything is stored.

They are known by their form, as a token of GitHub is, or by the name that they are given to, as in ``password = "…"``.
Forms and names are those of the library detect-secrets, of which only the patterns are used: nothing is looked up
and nothing is sent. It is imported when a text holds something that could be a secret, which most never do.

Long random text under a harmless name is left as it is: it may as well be the digest of a file.
"""

from nbregistry.provenance.redaction.redacted import Finding, Redacted
from nbregistry.provenance.redaction.redacting import redact, redact_value

__all__ = ["Finding", "Redacted", "redact", "redact_value"]
