"""The command line under cProfile: `python -m bench.stand.profiled FILE ARGUMENTS`.

SIGUSR1 starts to record the CPU time of the main thread, SIGUSR2 stops and writes FILE: so that start-up is not
in it.
"""

import cProfile
import signal
import sys
import time

from gateway.command import cli


def main() -> None:
    into, arguments = sys.argv[1], sys.argv[2:]
    profile = cProfile.Profile(time.thread_time)
    signal.signal(signal.SIGUSR1, lambda *_: profile.enable())

    def stop(*_: object) -> None:
        profile.disable()
        profile.dump_stats(into)

    signal.signal(signal.SIGUSR2, stop)
    sys.exit(cli.main(arguments))


if __name__ == "__main__":
    main()
