"""Who acts for whom, from the command line: list, add, end (directory/delegations.py)."""

import argparse
import datetime
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from config.policy import ConfigError
from config.settings import Settings
from config.words import known

if TYPE_CHECKING:
    from directory.delegations import Delegation
    from quarantine.service.handwork import Handwork


def arguments(delegate: argparse.ArgumentParser) -> None:
    """What can stand behind `sekisho delegate`."""
    delegate.add_argument("action", choices=("list", "add", "end"))
    delegate.add_argument("id", nargs="?", default="", help="of the one to end")
    delegate.add_argument(
        "--for",
        dest="place",
        default="",
        help="a login, an address, or a shared mailbox (an address that somebody has in send_as)",
    )
    delegate.add_argument("--to", default="", help="who acts: a login or an address")
    delegate.add_argument("--may", nargs="+", default=[], choices=("approve", "send", "read"))
    delegate.add_argument("--since", type=_day, metavar="YYYY-MM-DD", help="the first day (today)")
    delegate.add_argument("--until", type=_day, metavar="YYYY-MM-DD", help="the last day")
    delegate.add_argument("--reason", default="", help="kept in the journal, and told to both")


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; it is written 2027-03-31") from None


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Do what was said. Raises ConfigError without a last day."""
    if options.action == "list":
        return await show(settings, options.tenant)
    if options.action == "end":
        if not options.id:
            raise ConfigError(["delegate end: which one is missing: an id of `sekisho delegate list`"])
        return await end(settings, options.tenant, options.id, options.reason)
    if options.until is None:
        raise ConfigError(["delegate add: --until is missing: a delegation has a last day"])
    return await add(
        settings, options.tenant, options.place, options.to, options.may, options.since, options.until, options.reason
    )  # fmt: skip


async def show(settings: Settings, tenant: str) -> int:
    """Print a tenant's delegations that are not over."""
    async with _hand(settings) as work:
        for row in await work.delegations(tenant):
            print(_line(row, settings.console.timezone))
    return 0


async def add(
    settings: Settings,
    tenant: str,
    place: str,
    delegate: str,
    actions: Sequence[str],
    since: datetime.date | None,
    until: datetime.date,
    reason: str,
) -> int:
    """Let somebody act for another from the first to the last day (both included); 1 when that makes no sense."""
    from directory.delegations import Action

    zone = ZoneInfo(settings.console.timezone)
    first = since or datetime.datetime.now(zone).date()
    starts, after = (
        datetime.datetime.combine(day, datetime.time(), zone).timestamp()
        for day in (first, until + datetime.timedelta(days=1))
    )
    try:
        chosen = tuple(Action(name) for name in actions)
        async with _hand(settings) as work:
            row = await work.delegate(
                tenant, place, delegate, chosen, starts_at=starts, ends_at=after, reason=reason
            )
    except ValueError as error:
        print(f"--for {place} --to {delegate}: {known('en', f'console.{error}') or error}")
        return 1
    print(_line(row, settings.console.timezone))
    return 0


async def end(settings: Settings, tenant: str, id: str, reason: str) -> int:
    """End one before its time; 1 when there is none."""
    async with _hand(settings) as work:
        ended = await work.undelegate(tenant, id, reason)
    print(f"{id} is ended" if ended else f"there is no delegation {id}")
    return 0 if ended else 1


def _hand(settings: Settings) -> "AbstractAsyncContextManager[Handwork]":
    """Loaded when it is needed: the command line is quick to say what it can."""
    from gateway.command.operator import hand

    return hand(settings)


def _line(row: "Delegation", timezone: str) -> str:
    first, last = (
        datetime.datetime.fromtimestamp(at, ZoneInfo(timezone)).date()
        for at in (row.starts_at, row.ends_at - 1)
    )
    what = ", ".join(row.actions)
    return (
        f"{row.id}  {row.delegate} for {row.place}  {what}  {first} to {last}  by {row.made_by}: {row.reason}"
    )
