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
    hold.add_argument(
        "--until",
        default="",
        metavar="DATE",
        help="its last day, such as 2027-03-31; without: until it is ended",
    )
    hold.add_argument("--reason", default="", help="kept in the journal")


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Do what was said; 1 when there is no such hold. Raises ConfigError when something is missing."""
    from gateway.command.operator import hand

    if options.action == "end" and not options.id:
        raise ConfigError(["legal-hold end: which one is missing: an id of `sekisho legal-hold list`"])
    if options.action == "add" and not (options.of and options.reason.strip()):
        raise ConfigError(["legal-hold add: --of and --reason are needed"])
    zone = ZoneInfo(settings.console.timezone)
    until = _end_of(options.until, zone) if options.until else None
    async with hand(settings) as work:
        if options.action == "end":
            ended = await work.end_legal_hold(options.tenant, options.id)
            print(f"{options.id} is ended" if ended else f"there is no legal hold {options.id}")
            return 0 if ended else 1
        if options.action == "add":
            holds = [await work.legal_hold(options.tenant, tuple(options.of), options.reason, until)]
        else:
            holds = list(await work.legal_holds(options.tenant))
    for hold in holds:
        day = datetime.datetime.fromtimestamp(hold.at, zone).date()
        last = f" until {datetime.datetime.fromtimestamp(hold.until - 60, zone).date()}" if hold.until else ""
        print(f"{hold.id}  since {day}{last}  by {hold.made_by}: {hold.reason}  ({', '.join(hold.names)})")
    return 0


def _end_of(day: str, zone: ZoneInfo) -> float:
    """The end of a day. Raises ConfigError for no day, and for one that is over."""
    try:
        start = datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time(), zone)
        end = start + datetime.timedelta(days=1)
        if end <= datetime.datetime.now(zone):
            raise ValueError
    except (ValueError, OverflowError):
        raise ConfigError(
            [f"legal-hold add: --until {day}: is no day such as 2027-03-31, or is over"]
        ) from None
    return end.timestamp()
