"""``python -m nbregistry VERB``."""

from nbregistry.cli import main

raise SystemExit(main())
