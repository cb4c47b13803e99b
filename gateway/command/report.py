"""`sekisho report`: a month in figures for those who answer for the policy, in their language (OPS-REVIEW).

The figures are the database's, without the last seconds of a node that runs.
"""

import argparse
import json
import re
from typing import TYPE_CHECKING

import msgspec

from config.policy import ConfigError
from config.settings import Settings
from config.tenant import DEFAULT
from config.words import LANGUAGES
from gateway.start.policies_in_force import keeper

if TYPE_CHECKING:
    from quarantine.review.month import MonthFigures


def arguments(command: argparse.ArgumentParser) -> None:
    """What may stand behind `sekisho report`."""
    command.add_argument("--month", default="", metavar="YYYY-MM", help="of which month (this one, so far)")
    command.add_argument("--language", choices=sorted(LANGUAGES), help="default: the organisation's")
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="everything")
    form.add_argument("--html", action="store_true", help="a page to read, print or send")
    form.add_argument("--csv", action="store_true", help="for a spreadsheet")
    command.add_argument("--tenant", default=DEFAULT, help=f"whose ({DEFAULT})")


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Print the figures; the exit status."""
    from gateway.command.operator import opened, ran  # the parser of the command line needs none of it
    from gateway.command.policy import today_in
    from gateway.start.policy_in_force import current
    from quarantine.policies.versions import Versions
    from quarantine.review import forms
    from quarantine.review.month import figures
    from quarantine.review.sections import review

    today = today_in(settings.console.timezone)
    month = options.month or f"{today:%Y-%m}"
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
        raise ConfigError([f"--month: a month is written {today:%Y-%m}"])
    if not ran(settings):
        raise ConfigError(["no node has run here yet: there are no figures"])
    async with opened(settings) as store:
        policy = await current(settings, Versions(store, keeper(settings, options.tenant)))
        found = await figures(store.database, policy, options.tenant, month, settings.console.timezone, today)
    if options.json:
        print(json.dumps(as_json(found), ensure_ascii=False, indent=2))
        return 0
    told = review(found, policy.organisation.name, options.language or policy.organisation.language)
    print((forms.html if options.html else forms.table if options.csv else forms.text)(told))
    return 0


def as_json(found: "MonthFigures") -> dict[str, object]:
    """The figures, with the sums that the text tells."""
    exceptions = [
        {**msgspec.to_builtins(one), "standing": one.standing.value, "used": one.used}
        for one in found.exceptions
    ]
    sums = {"approved": found.approved, "blind": found.blind}
    return {**msgspec.to_builtins(found), "exceptions": exceptions, **sums}
