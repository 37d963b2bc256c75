"""What importing costs."""

import subprocess
import sys


def test_lark_is_imported_by_the_first_parse_only() -> None:
    program = (
        "import sys; from nbregistry.catalog.filters import parse; assert 'lark' not in sys.modules;"
        "parse('version = 1'); assert 'lark' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
