"""Running chapters: what to run, where, and what came of it."""

import sys

# nbformat's jsonschema imports this, to check addresses that no notebook has, and building its
# parser would take more than a second of every process here.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
