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

HEADINGS = f"{'ITEM':16}  {'STATE':9}  {'ACCEPTED':19}  {'DIRECTION':9}  FROM -> TO  [WAITS FOR]"
"""Of the list."""
LISTED = 20
"""Mails that are named one by one when they are tried again."""


class PageOfQueue(msgspec.Struct, frozen=True):
    """How a list is shown: all of it, or one page of it (from 1 on); for people, or as data."""

    page: int = 0
    per_page: int = 50
    as_json: bool = False


async def show(settings: Settings, tenant: str, state: str | None, shown: PageOfQueue) -> int:
    """Print a tenant's items in custody: those that have not ended, or those in one state."""
    states = (State(state),) if state else (State.HELD, State.QUEUED, State.ACTIVE)
    items: list[Item] = []
    async with hand(settings) as work:
        page = await work.queue(tenant, states)
        items += page.items
        while page.after is not None:
            page = await work.queue(tenant, states, page.after)
            items += page.items
    first = (shown.page - 1) * shown.per_page if shown.page else 0
    part = items[first : first + shown.per_page] if shown.page else items
    if shown.as_json:
        for item in part:
            print(json.dumps(msgspec.to_builtins(item), ensure_ascii=False))
        return 0
    if part:
        print(HEADINGS)
    for item in part:
        print("\n".join([_line(item), *_why(item)]))
    print(_counted(items, part, first, shown))
    return 0


def _counted(items: Sequence[Item], part: Sequence[Item], first: int, shown: PageOfQueue) -> str:
    """How many there are, by state, and where in them one is."""
    states = Counter(item.state.value for item in items)
    total = ", ".join(f"{number} {state}" for state, number in sorted(states.items())) or "nothing in custody"
    if not shown.page:
        return total
    pages = max(1, -(-len(items) // shown.per_page))
    return f"{first + 1 if part else 0} to {first + len(part)} of {len(items)} ({total}); page {shown.page} of {pages}"


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
    return f"{item.id}  {item.state:9}  {when}  {item.direction:9}  {item.reverse_path or '<>'} -> {to}  [{waits}]"


def _why(item: Item) -> Sequence[str]:
    """What keeps it waiting, one line for each next hop and cause."""
    replies = {(r.hop, r.cause): r.reply for r in item.recipients if r.cause}
    return [
        f"    {hop or 'no next hop'}: {known('en', f'values.cause.{cause}') or cause} [{cause}] {reply}"
        for (hop, cause), reply in replies.items()
    ]
