"""The command line with counters: `python -m bench.stand.counted FILE ARGUMENTS`.

Each SIGUSR1 ends a span; SIGUSR2 writes FILE, a JSON list with what each span had: Python calls of the main thread
(from the first SIGUSR1 on), and SQLite's statements.
"""

import json
import os
import signal
import sys
from pathlib import Path

from bench.stand.counting import Calls, Statements
from gateway.command import cli


def main() -> None:
    into, arguments = Path(sys.argv[1]), sys.argv[2:]
    statements = Statements()
    statements.install()
    calls = Calls()
    spans: list[dict[str, int]] = []

    def span(*_: object) -> None:
        sys.setprofile(None)
        spans.append(dict(calls.counts) | {"statements": statements.count})
        calls.counts.clear()
        statements.count = 0
        sys.setprofile(calls.event)

    def stop(*_: object) -> None:
        sys.setprofile(None)
        made = into.with_suffix(".new")
        made.write_text(json.dumps(spans))
        spans.clear()
        os.replace(made, into)

    signal.signal(signal.SIGUSR1, span)
    signal.signal(signal.SIGUSR2, stop)
    sys.exit(cli.main(arguments))


if __name__ == "__main__":
    main()
