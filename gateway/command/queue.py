"""The queue, as an operator sees it beside a running node: what waits and why, and having it tried now.

A node finds what is due now within a few seconds, and so does every other node of the same database.
"""

import json
import time
from collections.abc import Sequence

import msgspec

from config.settings import Settings
from config.words import known
from gateway.command.operator import hand
from quarantine.item import Item, NotAllowed, State
from quarantine.queue.retrying import causes

LISTED = 20
"""Mails that are named one by one when they are tried again."""


async def show(settings: Settings, tenant: str, state: str | None, *, as_json: bool) -> int:
    """Print a tenant's items in custody: those that have not ended, or those in one state."""
    states = (State(state),) if state else (State.HELD, State.QUEUED, State.ACTIVE)
    items: list[Item] = []
    async with hand(settings) as work:
        page = await work.queue(tenant, states)
        items += page.items
        while page.after is not None:
            page = await work.queue(tenant, states, page.after)
            items += page.items
    for item in items:
        if as_json:
            print(json.dumps(msgspec.to_builtins(item), ensure_ascii=False))
        else:
            print("\n".join([_line(item), *_why(item)]))
    return 0


async def retry_now(
    settings: Settings, tenant: str, item_id: str = "", *, hop: str = "", domain: str = "", reason: str = ""
) -> int:
    """Have a tenant's queued mail tried now, and print how many and what it waited for; 1 when there is no such item, or
    it is not in the queue."""
    async with hand(settings) as work:
        try:
            retried = await work.retry(tenant, item_id, hop=hop, domain=domain, reason=reason)
        except NotAllowed as error:
            print(f"not allowed: {error}")
            return 1
    for item in retried[:LISTED]:
        print("\n".join([_line(item), *_why(item)]))
    if len(retried) > LISTED:
        print(f"… and {len(retried) - LISTED} more")
    for (name, cause), number in causes(retried).items():
        print(
            f"{number} waited for {name or 'no next hop'}: {cause}. {known('en', f'values.remedy.{cause}') or ''}"
        )
    print(
        f"{len(retried)} {'mail is' if len(retried) == 1 else 'mails are'} due now"
        if retried
        else _nothing(item_id)
    )
    return 0


def _nothing(item_id: str) -> str:
    return f"{item_id} is due already" if item_id else "nothing waits for its next attempt"


def _line(item: Item) -> str:
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(item.accepted_at))
    waits = ", ".join([*item.holds, *item.approvals]) or (
        "" if item.due_at is None else f"{item.due_at - time.time():+.0f} s"
    )
    to = ", ".join(r.path.address for r in item.recipients)
    return f"{item.id}  {item.state:9}  {when}  {item.direction:8}  {item.reverse_path or '<>'} -> {to}  [{waits}]"


def _why(item: Item) -> Sequence[str]:
    """What keeps it waiting, one line for each next hop and cause."""
    replies = {(r.hop, r.cause): r.reply for r in item.recipients if r.cause}
    return [
        f"    {hop or 'no next hop'}: {known('en', f'values.cause.{cause}') or cause} [{cause}] {reply}"
        for (hop, cause), reply in replies.items()
    ]
