"""Which DSN an attempt leads to, as items that enter our custody together with its outcomes (RFC 3461 §6).

Never for a mail from the null reverse-path, and never to the sender of inbound mail: its reverse-path is whatever
a stranger wrote there, and a report to it would be backscatter. But what we have taken does not end in silence: when
the mailbox host refuses inbound mail that was held or deferred here, our own postmaster hears of it.
"""

from collections.abc import Mapping, Sequence

from config.words import LANGUAGES, say
from gateway.deliver import retry
from gateway.deliver.courier import AttemptOutcome
from gateway.deliver.next_hop import NextHop
from mail.dsn import RecipientStatus, report
from mail.envelope import ForwardPath
from mail.message import Message
from quarantine.item import Item, Recipient, State, Status, new_id
from storage.interfaces import Blobs


def addressee(item: Item, postmaster: str) -> str:
    """Who is to hear of this mail, "" for nobody: its sender when that is a person who logged in, or our postmaster."""
    if item.direction == "outbound":
        return item.reverse_path
    return postmaster if item.direction == "inbound" else ""


def statuses(
    item: Item,
    outcomes: Sequence[AttemptOutcome],
    hops: Mapping[int, NextHop | None],
    now: float,
    over: bool,
    postmaster: str = "",
) -> list[RecipientStatus]:
    """What the `addressee` is to be told after this attempt; [] when nothing, or nobody to tell.

    `over` says that the lifetime of the mail has ended, so that DEFERRED is final.
    """
    if not addressee(item, postmaster):
        return []
    foreign = item.direction == "inbound"
    late = not over and retry.warning_due(item, now)
    told = []
    for outcome in outcomes:
        path, hop = item.recipients[outcome.index].path, hops.get(outcome.index)
        if foreign:  # what a stranger asked for is not for our postmaster
            path = ForwardPath(path.address, ("FAILURE",))
        action = _action(outcome, path, hop, late, over)
        if not action:
            continue
        reply = outcome.reply
        expired = over and outcome.status is Status.DEFERRED
        told.append(
            RecipientStatus(
                address=path.address,
                action=action,
                status="4.4.7" if expired else reply.enhanced or f"{reply.code // 100}.0.0",
                diagnostic=str(reply),
                remote_mta=(hop.server_name or hop.host) if hop and outcome.connected else "",
                orcpt=path.orcpt,
                last_attempt=now,
                retry_until=retry.queued_at(item) + retry.LIFETIME,
            )
        )
    return told


def _action(outcome: AttemptOutcome, path: ForwardPath, hop: NextHop | None, late: bool, over: bool) -> str:
    wanted = path.notify or ("FAILURE", "DELAY")
    if outcome.status is Status.FAILED or (outcome.status is Status.DEFERRED and over):
        return "failed" if "FAILURE" in wanted else ""
    if outcome.status is Status.DEFERRED:
        return "delayed" if late and "DELAY" in wanted else ""
    if "SUCCESS" in wanted and not outcome.dsn:  # the next hop was not told: RFC 3461 §5.2.2
        return "delivered" if hop is not None and hop.lmtp else "relayed"
    return ""


async def dsn_item(
    item: Item,
    told: Sequence[RecipientStatus],
    content: bytes | memoryview,
    *,
    blobs: Blobs,
    hostname: str,
    author: str,
    now: float,
    languages: Sequence[str],
    postmaster: str = "",
) -> Item:
    """The DSN as an item from the null reverse-path, its content stored; `languages` () is all. Raises StoreError."""
    item_id, to = new_id(now), addressee(item, postmaster)
    raw = report(
        original=Message(content), recipients=told, to=to, author=author, reporting_mta=hostname,
        message_id=f"{item_id}@{hostname}", now=now,
        say=lambda key: [say(language, f"replies.report.{key}") for language in languages or LANGUAGES], arrived=item.accepted_at, envid=item.envid,
    )  # fmt: skip
    blob = await blobs.put([raw], item.tenant)
    return Item(
        id=item_id,
        mail_id=item.mail_id,
        tenant=item.tenant,
        direction="dsn",
        state=State.QUEUED,
        reverse_path="",
        recipients=(Recipient(ForwardPath(to, notify=("NEVER",))),),
        blob=blob.key,
        size=blob.size,
        sha256=blob.sha256,
        accepted_at=now,
        body="" if raw.isascii() else "8BITMIME",
        smtputf8=not to.isascii(),
        due_at=now,
    )
