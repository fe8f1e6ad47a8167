"""`python -m benchmarks`: what `python -m lib bench` runs."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks import peers
from lib.core.checkpoints import write_atomically
from lib.core.errors import UserError
from lib.core.paths import root

RECORDED = Path("benchmarks") / "recorded.json"


def main(argv: list[str] | None = None) -> int:
    """Runs the comparison; the exit code is 0 unless something is wrong with this project."""
    parser = argparse.ArgumentParser(prog="python -m lib bench", description=__doc__)
    parser.add_argument("--install", action="store_true", help="only install the peers")
    parser.add_argument("--small", action="store_true", help="tiny sizes, to see that it runs")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--to", type=Path, help="where the JSON goes")
    parser.add_argument("--record", action="store_true", help=f"write {RECORDED}, for the book")
    options = parser.parse_args(argv)
    if options.install:
        return peers.install()
    if options.record and options.small:
        raise UserError("tiny sizes show no speed and are not recorded; leave --small away.")
    from benchmarks import record

    missing = [name for name in peers.pinned() if peers.interpreter(name) is None]
    if missing:
        print(f"missing: {', '.join(missing)} (python -m lib bench --install)", flush=True)
    found = record.run(lambda line: print(line, flush=True), small=options.small,
                       device=options.device)  # fmt: skip
    print(record.table(found))
    target = root() / RECORDED if options.record else options.to
    if target is not None:
        write_atomically(target, json.dumps(found, indent=1) + "\n")
        print(f"\nwritten: {target}")
    return 0


if __name__ == "__main__":
    try:
        code = main()
    except UserError as error:
        print(error, file=sys.stderr)
        code = 2
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
