"""How quick this build of Python is: `python calibrate.py [VERSION]` prints how long a fixed piece of work takes,
in tenths of a millisecond.

Builds of one version differ by a third (profile-guided optimisation, shared library or not), and no flag tells for
certain. `./dev` asks each Python here that is of VERSION (such as 3.11); others print nothing and end with 1.
Standard library only: it runs before anything is installed.
"""

import sys
import time


def milliseconds(rounds: int = 5) -> float:
    """CPU time of the work, the quickest of some rounds."""
    return min(_once() for _ in range(rounds)) * 1e3


def _once() -> float:
    begin = time.process_time()
    counts: dict[str, int] = {}
    total = 0
    for number in range(100_000):
        key = f"{number % 997}"
        counts[key] = counts.get(key, 0) + number
        total += len(key)
        if key.startswith("9") and total & 1:
            total ^= number
    return time.process_time() - begin


if __name__ == "__main__":
    if sys.argv[1:] and sys.argv[1] != f"{sys.version_info[0]}.{sys.version_info[1]}":
        sys.exit(1)
    print(round(milliseconds() * 10))  # tenths, for a shell that knows whole numbers only
