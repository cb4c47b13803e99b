"""`sekisho report`: a month in figures for those who answer for the policy, in their language (OPS-REVIEW).

The figures are the database's, without the last seconds of a node that runs.
"""

import argparse
import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from config.cases import named
from config.policy import ConfigError
from config.settings import Settings
from config.tenant import DEFAULT
from config.words import LANGUAGES, say, when
from gateway.start.policies_in_force import keeper

if TYPE_CHECKING:
    from quarantine.policies.month import MonthFigures


def arguments(command: argparse.ArgumentParser) -> None:
    """What may stand behind `sekisho report`."""
    command.add_argument("--month", default="", metavar="YYYY-MM", help="of which month (this one, so far)")
    command.add_argument("--language", choices=sorted(LANGUAGES), help="default: the organisation's")
    command.add_argument("--json", action="store_true", help="everything")
    command.add_argument("--tenant", default=DEFAULT, help=f"whose ({DEFAULT})")


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Print the figures; the exit status."""
    from gateway.command.operator import opened, ran  # the parser of the command line needs none of it
    from gateway.command.policy import today_in
    from gateway.start.policy_in_force import current
    from quarantine.policies.month import figures
    from quarantine.policies.versions import Versions

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
    else:
        language = options.language or policy.organisation.language
        print("\n".join(readable(found, policy.organisation.name, language)))
    return 0


def as_json(found: "MonthFigures") -> dict[str, object]:
    """The figures, with the sums that the text tells."""
    exceptions = [
        {**msgspec.to_builtins(one), "standing": one.standing.value, "used": one.used}
        for one in found.exceptions
    ]
    sums = {"approved": found.approved, "blind": found.blind}
    return {**msgspec.to_builtins(found), "exceptions": exceptions, **sums}


def readable(found: "MonthFigures", organisation: str, language: str) -> list[str]:
    """The same for people, in a language."""
    import datetime

    def word(key: str, **values: object) -> str:
        return say(language, f"report.{key}", **values)

    month = when(language, "month", datetime.datetime.fromisoformat(f"{found.month}-01"))
    examined = {way: f"{found.use.examined.get(way, 0):,}" for way in ("outbound", "inbound")}
    uses = [
        (u.rule, named(u.source, language) or "-", u.consequence, f"{u.mails:,}", u.last)
        for u in found.use.uses
    ]
    exceptions = [
        (
            named(e.name, language),
            e.rule,
            word(f"standing.{e.standing.value}"),
            e.until,
            e.owner,
            e.approved_by,
            f"{e.used:,}",
        )
        for e in found.exceptions
    ]
    decisions = [
        (d.person, str(d.approved), str(d.denied), str(d.blind),
         word("approvals.seconds", count=round(d.seconds)) if d.approved else "-")
        for d in found.decisions
    ]  # fmt: skip
    ends = [(word(f"ends.{event}"), f"{number:,}") for event, number in found.ends.items()]
    rate = []
    if found.approved:
        percent = round(100 * found.blind / found.approved)
        rate = [f"  {word('approvals.rate', blind=found.blind, approved=found.approved, percent=percent)}"]
    of_rules = ("rule", "source", "then", "mails", "last")
    of_exceptions = ("exception", "rule", "state", "until", "owner", "approved_by", "used")
    of_approvals = ("person", "approved", "denied", "blind", "time")
    return [
        word("title", organisation=organisation, month=month),
        word("examined", **examined),
        "",
        word("rules"),
        *_table([tuple(map(word, of_rules)), *uses], word("rules_none")),
        "",
        word("exceptions"),
        *_table([tuple(map(word, of_exceptions)), *exceptions], word("exceptions_none")),
        "",
        word("approvals.title"),
        *_table(
            [tuple(word(f"approvals.{key}") for key in of_approvals), *decisions], word("approvals.none")
        ),
        *rate,
        "",
        word("ends.title"),
        *(_table(ends) if ends else _table([], word("ends.none"))),
    ]


def _table(rows: Sequence[tuple[str, ...]], none: str = "") -> list[str]:
    """Rows below a heading as lines; `none` where there is nothing but a heading."""
    from gateway.command.policy import aligned

    return [f"  {none}"] if len(rows) < 2 and none else [f"  {line}" for line in aligned(rows)]
