"""`sekisho exceptions`: every exception of the policy, until when it lasts, who answers for it, how often it was used.

The figures are the database's, without the last seconds of a node that runs.
"""

import argparse
import json
from collections.abc import Sequence

import msgspec

from config.load import load_policy
from config.settings import Settings
from gateway.command.operator import opened, ran
from gateway.command.policy import today_in
from gateway.start.policies_in_force import keeper
from gateway.start.policy_in_force import current
from quarantine.policies.counts import Counts
from quarantine.policies.exceptions import ExceptionState, SeenException, seen, with_figures
from quarantine.policies.versions import Versions
from quarantine.review.forms import aligned

SPOKEN = {
    ExceptionState.IN_FORCE: "in force",
    ExceptionState.ENDING: "ends soon",
    ExceptionState.OVER: "over",
}


async def show(settings: Settings, options: argparse.Namespace) -> int:
    """Print them, those that end first before the others."""
    today = today_in(settings.console.timezone)
    if ran(settings):
        async with opened(settings) as store:
            policy = await current(settings, Versions(store, keeper(settings, options.tenant)))
            every = await with_figures(policy, Counts(store.database), options.tenant, today)
    else:
        every = seen(load_policy(settings.policy, settings.presets), today)
    found = [one for one in every if options.state in (None, one.standing.value)]
    if options.json:
        told = [
            {**msgspec.to_builtins(one), "standing": one.standing.value, "used": one.used} for one in found
        ]
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        print("\n".join(readable(found)) or "no exceptions")
    return 0


def readable(every: Sequence[SeenException]) -> list[str]:
    """The same for a terminal: a line each, and below it what it is for."""
    if not every:
        return []
    head = ("exception", "rule", "state", "last day", "owner", "approved by", "used")
    rows = [
        (one.name, one.rule, _state(one), one.until, one.owner, one.approved_by, str(one.used))
        for one in every
    ]
    first, *rest = aligned([head, *rows])
    lines = [first]
    for row, one in zip(rest, every, strict=True):
        asked = ", ".join(f"{key} = {value}" for key, value in one.when.items())
        lines += [row, f"    {asked}: {one.then}; {one.reason}"]
        if one.months:
            lines.append("    used: " + ", ".join(f"{each.month} {each.mails}" for each in one.months))
    return lines


def _state(one: SeenException) -> str:
    left = f" ({one.left} d)" if one.standing is ExceptionState.ENDING else ""
    return SPOKEN[one.standing] + left
