"""An arriving mail at the checkpoint: its facts, what is found, and the bytes that go on.

Used when it comes (gateway/inbound.py) and when it is looked at again while it waits (gateway/unlock.py).
"""

import asyncio
from functools import partial

import msgspec

from filters.examine import TAKING
from filters.examined import DISARMED, Copy, Examined
from filters.facts import Authentication, Facts, Origin
from filters.verdict import Verdict
from gateway import released
from gateway.authenticate import results
from gateway.authenticate.sign import Content
from gateway.context import SIGN_INLINE, Context
from mail.address import header_addresses
from mail.envelope import Envelope
from mail.message import Message
from storage.interfaces import Draft


async def facts_of(
    context: Context,
    origin: Origin,
    envelope: Envelope,
    message: Message,
    authentication: Authentication,
    mail_id: str,
    now: float,
) -> Facts:
    """What we know of an arriving mail besides its bytes. Raises StoreError."""
    senders = [
        *(m.address for f in message.all("from") for m in header_addresses(f.value)),
        envelope.reverse_path,
    ]
    return Facts(
        direction="inbound",
        origin=origin,
        envelope=envelope,
        authentication=authentication,
        known=await context.correspondents.known(a for a in senders if a),
        familiar=await context.correspondents.familiar(a for a in senders if a),
        learning=await context.correspondents.learning(),
        authserv_id=context.settings.hostname,
        languages=await context.people.languages(envelope.recipients),
        listed=await context.listings.find(a for a in senders if a),
        released=await released.proved(message, context.store, context.seal, origin.tenant, now),
        mail_id=mail_id,
        # Where nobody said how people reach the console, no mail shall lead them to some address of ours.
        console=context.settings.console.base_url.rstrip("/"),
        now=now,
    )


async def examined(context: Context, facts: Facts, draft: Draft) -> tuple[Facts, Examined]:
    """What the checkpoint says. Links and files are known only after it has looked: when one of them is on a
    list, it looks again and knows."""
    found = await context.workers.examine(draft, facts)
    summary = found.summary
    listed = await context.listings.find(hosts=summary.hosts, files=summary.files)
    if not listed:
        return facts, found
    facts = msgspec.structs.replace(facts, listed=(*facts.listed, *listed))
    return facts, await context.workers.examine(draft, facts)


def head_of(context: Context, facts: Facts, found: Examined) -> bytes:
    """Our header fields: Authentication-Results, Received, X-Sekisho-*."""
    author = found.summary.author.rpartition("@")[2]
    line = results.results_line(facts.authentication, context.settings.hostname, author)
    return line + context.received(facts, facts.mail_id) + found.headers


def kept(copy: Copy) -> Copy | None:
    """What waits beside a copy from which something was taken out: the mail without that, for those who ask for it."""
    if copy.kept is None:
        return None
    rewrites = copy.verdict.rewrites - TAKING
    return Copy(copy.recipients, Verdict(holds=frozenset({DISARMED}), rewrites=rewrites), copy.kept)


async def content_of(
    context: Context, facts: Facts, copy: Copy, draft: Draft, head: bytes, item_id: str = ""
) -> Content:
    """What the next hop gets: our fields, the mail with its edits, and a seal over all of it.

    `item_id` is given for what waits, and marks it (gateway/released.py).
    """
    content = [head, *context.pieces(draft.view(), copy)]
    if item_id := item_id or facts.released:
        make = partial(released.mark, content, item_id, context.seal)
        content = [make() if draft.size <= SIGN_INLINE else await asyncio.to_thread(make), *content]
    return await context.arc_sealed(content, facts.authentication.arc)
