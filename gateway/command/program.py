"""The program `sekisho`, before anything of it is loaded: loading takes a second in which nobody hears an interrupt.

Whoever presses Ctrl-C then ends the program at once, and is not shown where it was. `./dev run` starts it with the
signal ignored, so that this is true from the first moment on.
"""

import signal
import sys

from config.problems import BrokenFiles


def main() -> int:
    """What gateway/command/cli.py answers to the process's arguments."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        from gateway.command import cli
    except BrokenFiles as error:
        print("\n".join(f"sekisho: {problem}" for problem in error.problems), file=sys.stderr)
        return 2
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return cli.main()
    except KeyboardInterrupt:
        return 130
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    sys.exit(main())
