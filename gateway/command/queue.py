"""The queue, as an operator sees it beside a running node: what waits and why, and having it tried now.

A node finds what is due now within a few seconds, and so does every other node of the same database.
"""

import json
import time
from collections import Counter
from collections.abc import Sequence

import msgspec

from config.settings import Settings
from config.words import known
from gateway.command.operator import hand
from quarantine.item import Item, NotAllowed, State
from quarantine.queue.retrying import causes
from quarantine.store import Place
from storage.interfaces import StoreError

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
    """Have a tenant's queued mail tried now, and print how many and what it waited for; 1 when there is no such item, it
    is not in the queue, or the node stops answering before the end: what was done until then is told, too."""
    number, why, ended = 0, Counter[tuple[str, str]](), ""
    async with hand(settings) as work:
        after: Place | None = None
        while not ended:
            try:
                page = await work.retry(tenant, item_id, hop=hop, domain=domain, reason=reason, after=after)
            except NotAllowed as error:
                print(f"not allowed: {error}")
                return 1
            except StoreError as error:
                ended = f"it ended there ({error}); say it again for the rest"
                break
            for item in page.items[: max(LISTED - number, 0)]:
                print("\n".join([_line(item), *_why(item)]))
            number, after = number + len(page.items), page.after
            why.update(causes(page.items))
            if after is None:
                break
    if number > LISTED:
        print(f"… and {number - LISTED} more")
    for (name, cause), times in why.most_common():
        print(
            f"{times} waited for {name or 'no next hop'}: {cause}. {known('en', f'values.remedy.{cause}') or ''}"
        )
    if number or not ended:
        print(
            f"{number} {'mail is' if number == 1 else 'mails are'} due now" if number else _nothing(item_id)
        )
    if ended:
        print(ended)
    return 1 if ended else 0


def _nothing(item_id: str) -> str:
    return f"{item_id} is due already" if item_id else "nothing waits for its next attempt"


def _line(item: Item) -> str:
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(item.accepted_at))
    waits = ", ".join([*item.holds, *item.approvals, *["review"] * item.self_review])
    if not waits and item.due_at is not None:
        waits = f"{item.due_at - time.time():+.0f} s"
    elif not waits and item.state is State.HELD:
        waits = "sender"  # until they let it go
    to = ", ".join(r.path.address for r in item.recipients)
    return f"{item.id}  {item.state:9}  {when}  {item.direction:8}  {item.reverse_path or '<>'} -> {to}  [{waits}]"


def _why(item: Item) -> Sequence[str]:
    """What keeps it waiting, one line for each next hop and cause."""
    replies = {(r.hop, r.cause): r.reply for r in item.recipients if r.cause}
    return [
        f"    {hop or 'no next hop'}: {known('en', f'values.cause.{cause}') or cause} [{cause}] {reply}"
        for (hop, cause), reply in replies.items()
    ]
