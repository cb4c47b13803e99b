"""What is not to be erased, from the command line: list, add, end (quarantine/retention/legal_holds.py)."""

import argparse
import datetime
from zoneinfo import ZoneInfo

from config.policy import ConfigError
from config.settings import Settings


def arguments(hold: argparse.ArgumentParser) -> None:
    """What can stand behind `sekisho legal-hold`."""
    hold.add_argument("action", choices=("list", "add", "end"))
    hold.add_argument("id", nargs="?", default="", help="of the one to end")
    hold.add_argument(
        "--of",
        nargs="+",
        default=[],
        metavar="WHAT",
        help="logins, addresses (mail that they sent or got), ids of mails: one incident in one hold",
    )
    hold.add_argument("--reason", default="", help="kept in the journal")


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Do what was said; 1 when there is no such hold. Raises ConfigError when something is missing."""
    from gateway.command.operator import hand

    if options.action == "end" and not options.id:
        raise ConfigError(["legal-hold end: which one is missing: an id of `sekisho legal-hold list`"])
    if options.action == "add" and not (options.of and options.reason.strip()):
        raise ConfigError(["legal-hold add: --of and --reason are needed"])
    async with hand(settings) as work:
        if options.action == "end":
            ended = await work.end_legal_hold(options.tenant, options.id)
            print(f"{options.id} is ended" if ended else f"there is no legal hold {options.id}")
            return 0 if ended else 1
        if options.action == "add":
            holds = [await work.legal_hold(options.tenant, tuple(options.of), options.reason)]
        else:
            holds = list(await work.legal_holds(options.tenant))
    for hold in holds:
        day = datetime.datetime.fromtimestamp(hold.at, ZoneInfo(settings.console.timezone)).date()
        print(f"{hold.id}  since {day}  by {hold.made_by}: {hold.reason}  ({', '.join(hold.names)})")
    return 0
