"""What can stand behind `sekisho policy` and `sekisho exceptions`; nothing is loaded to read it."""

import argparse
from collections.abc import Callable
from pathlib import Path

from config.tenant import DEFAULT

DAYS = 30
"""Of which figures are told, unless somebody asks for more."""


MOST_DAYS, MOST_VERSIONS = 3_660, 1_000_000_000


def number(most: int) -> Callable[[str], int]:
    """Reads a number from 1 to `most`; what is none is told with the usage, and ends in no store."""

    def read(text: str) -> int:
        if not text.isdecimal() or not 1 <= int(text[:20]) <= most:
            raise argparse.ArgumentTypeError(f"{text[:20]!r} is no number from 1 to {most}")
        return int(text)

    return read


def add(policy: argparse.ArgumentParser, configured: Callable[[argparse.ArgumentParser], None]) -> None:
    """What can stand behind `sekisho policy`; `configured` adds the option that names the settings file."""
    verbs = policy.add_subparsers(dest="what", required=True, metavar="WHAT")
    counts = verbs.add_parser("counts", help="how often each rule, case and exception applied")
    counts.add_argument(
        "--days", type=number(MOST_DAYS), default=DAYS, help=f"of the last so many days ({DAYS})"
    )
    counts.add_argument("--json", action="store_true")
    history = verbs.add_parser("history", help="the versions: when, by whom, what for")
    history.add_argument("--json", action="store_true")
    diff = verbs.add_parser("diff", help="what a version changed, or what changed between two")
    diff.add_argument(
        "a",
        type=number(MOST_VERSIONS),
        metavar="A",
        nargs="?",
        default=0,
        help="what it changed (the newest)",
    )
    diff.add_argument(
        "b", type=number(MOST_VERSIONS), metavar="B", nargs="?", help="what changed from A to it"
    )
    export = verbs.add_parser("export", help="print a version as a policy file")
    export.add_argument(
        "number", type=number(MOST_VERSIONS), metavar="N", help="a number of `policy history`"
    )
    back = verbs.add_parser("rollback", help='put an old version in force (policy_from = "versions")')
    back.add_argument("number", type=number(MOST_VERSIONS), metavar="N", help="a number of `policy history`")
    keep = verbs.add_parser("import", help='put a file in force as a version (policy_from = "versions")')
    keep.add_argument("file", type=Path, help="the site's own policy file; it is checked first")
    for verb in (back, keep):
        verb.add_argument("--comment", default="", help="why; kept with the version")
    replay = verbs.add_parser(
        "replay", help="what another policy would have done with the mail of the last days"
    )
    replay.add_argument(
        "file",
        type=Path,
        help="the other policy, in the place of the site's own file; or its number in the history",
    )
    replay.add_argument("--days", type=float, default=7.0, help="of how many days (7)")
    replay.add_argument("--ids", type=int, default=5, help="how many mails of each change are named (5)")
    replay.add_argument("--json", action="store_true", help="everything, with all ids")
    test = verbs.add_parser(
        "test", help="examine a folder of mails, and compare with what is expected of each"
    )
    test.add_argument("folder", type=Path, help="of .eml files")
    test.add_argument(
        "--expect", type=Path, required=True, metavar="FILE", help="what is expected (TOML or CSV)"
    )
    test.add_argument("--write", action="store_true", help="write FILE from what happens now")
    test.add_argument("--policy", type=Path, help="another policy in the place of the site's own file")
    for verb in verbs.choices.values():
        verb.add_argument("--tenant", default=DEFAULT, help=f"whose ({DEFAULT})")
        configured(verb)


def of_exceptions(command: argparse.ArgumentParser) -> None:
    """What can stand behind `sekisho exceptions`."""
    command.add_argument("--state", choices=("in_force", "ending", "over"), help="only these")
    command.add_argument("--json", action="store_true")
    command.add_argument("--tenant", default=DEFAULT, help=f"by whose mail they were used ({DEFAULT})")
