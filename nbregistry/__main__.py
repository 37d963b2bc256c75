"""``python -m nbregistry VERB``."""

from nbregistry.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
