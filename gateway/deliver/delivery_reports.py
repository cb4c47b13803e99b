"""Which DSN an attempt leads to, as items that enter our custody together with its outcomes (RFC 3461 §6).

Never for a mail from the null reverse-path, and never to the sender of inbound mail: its reverse-path is whatever
a stranger wrote there, and a report to it would be backscatter. But what we have taken does not end in silence: when
the mailbox host refuses inbound mail that was held or deferred here, our own postmaster hears of it.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import structlog

from config.log_events import LogEvent
from config.words import LANGUAGES, known, say, when
from gateway.deliver import retry
from gateway.deliver.courier import AttemptOutcome
from gateway.deliver.next_hop import NextHop
from mail.cause import Cause
from mail.dsn import RecipientStatus, report
from mail.envelope import ForwardPath
from mail.message import Message, by_program, word
from quarantine.item import Item, Recipient, State, Status, new_id
from storage.content import Content
from storage.interfaces import Blobs, StoreError

log = structlog.get_logger()

_ENHANCED = re.compile(r"\d{3}[- ](4\.\d{1,3}\.\d{1,3})\b")
_NOTIFY = ("FAILURE", "DELAY")
"""What a sender hears of who asked for nothing (RFC 3461 §4.1)."""


class FollowUp(NamedTuple):
    """A DSN, its content stored, and the items of whose delay it tells (quarantine/queue/delays.py), the attempt's own first."""

    item: Item
    delayed: tuple[Item, ...] = ()


async def _alone(item: Item) -> Sequence[Item]:
    return (item,)


class DeliveryReports:
    """Writes what is due after an attempt.

    author      header From of the reports; `postmaster` hears of arriving mail that was taken and then refused
    languages   all of the organisation; `language_of` that of a mail's sender, "" when it is not known
    copies      the item and the other copies of its mail whose delay is not told yet; () when its own is
    warning     seconds after which the sender hears of a delay, once; `zone`: a tenant's time zone, in which times are told
    """

    def __init__(
        self,
        blobs: Blobs,
        hostname: str,
        *,
        copies: Callable[[Item], Awaitable[Sequence[Item]]] = _alone,
        author: str = "",
        postmaster: Callable[[str], str] = lambda tenant: "",
        languages: Callable[[str], Sequence[str]] = lambda tenant: (),
        language_of: Callable[[Item], Awaitable[str]] | None = None,
        warning: float = retry.WARNING,
        zone: Callable[[str], str] = lambda tenant: "Asia/Tokyo",
    ) -> None:
        self._blobs = blobs
        self._hostname = hostname
        self._copies = copies
        self._author = author or f"MAILER-DAEMON@{hostname}"
        self._postmaster = postmaster
        self._languages = languages
        self._language_of = language_of
        self._warning = warning
        self._zone = zone

    async def due(
        self,
        item: Item,
        outcomes: Sequence[AttemptOutcome],
        hops: Mapping[int, NextHop | None],
        content: Content | None,
        now: float,
        *,
        over: bool,
    ) -> FollowUp | None:
        """The DSN that this attempt leads to; None when nobody is to be told. Raises StoreError, and nothing else: what was
        learned of the recipients is worth more than the report of it."""
        try:
            return await self._due(item, outcomes, hops, content, now, over)
        except StoreError:
            raise
        except Exception:
            log.exception(LogEvent.DSN_FAILED, item=item.id)
            return None

    async def _due(
        self,
        item: Item,
        outcomes: Sequence[AttemptOutcome],
        hops: Mapping[int, NextHop | None],
        content: Content | None,
        now: float,
        over: bool,
    ) -> FollowUp | None:
        told = statuses(item, outcomes, hops, now, over, self._postmaster(item.tenant), self._warning)
        late: tuple[Item, ...] = ()
        if any(one.action == "delayed" for one in told):
            if content is not None and not is_automatic(Message(content.whole())):
                late = tuple(await self._copies(item))
            if not late:
                told = [one for one in told if one.action != "delayed"]
            told += [status for other in late[1:] for status in _waiting(other)]
        if not told:
            return None
        languages = self._languages(item.tenant)
        if self._language_of is not None and all(one.action == "delayed" for one in told):
            own = await self._language_of(item)
            languages = (own,) if own in LANGUAGES else languages
        raw = content.whole() if content is not None else b""
        report = await dsn_item(
            item, told, raw, blobs=self._blobs, hostname=self._hostname, author=self._author, now=now,
            languages=languages, postmaster=self._postmaster(item.tenant), timezone=self._zone(item.tenant),
        )  # fmt: skip
        return FollowUp(report, tuple(one for one in late if one is item or _waiting(one)))


def _waiting(item: Item) -> list[RecipientStatus]:
    """What is to be told of another copy: the recipients that a next hop has put off."""
    return [
        RecipientStatus(
            address=one.path.address,
            action="delayed",
            status=found[1] if (found := _ENHANCED.match(one.reply)) else "4.0.0",
            diagnostic=one.reply.partition(" (")[0]
            if _ours(one.cause)
            else one.reply,  # the rest is for our people
            orcpt=one.path.orcpt,
            last_attempt=one.at,
            retry_until=retry.queued_at(item) + retry.LIFETIME,
            cause=one.cause,
        )
        for one in item.recipients
        if one.status is Status.DEFERRED and "DELAY" in (one.path.notify or _NOTIFY)
    ]


def is_automatic(message: Message) -> bool:
    """True for mail that no person waits for: sent by a program (RFC 3834 §5), to a list, or in bulk."""
    in_bulk = any(word(field.text) in ("bulk", "list", "junk") for field in message.all("precedence"))
    to_list = any(message.first(name) is not None for name in ("list-id", "list-unsubscribe", "list-post"))
    return by_program(field.text for field in message.all("auto-submitted")) or in_bulk or to_list


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
    warning: float = retry.WARNING,
) -> list[RecipientStatus]:
    """What the `addressee` is to be told after this attempt; [] when nothing, or nobody to tell.

    `over` says that the lifetime of the mail has ended, so that DEFERRED is final.
    """
    if not addressee(item, postmaster):
        return []
    foreign = item.direction == "inbound"
    late = not over and retry.warning_due(item, now, warning)
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
                cause=outcome.cause,
            )
        )
    return told


def _said(language: str, key: str, told: Sequence[RecipientStatus], timezone: str) -> str:
    """A sentence of a report. That of a delay says why, whose matter that is, and until when we try."""
    if key != "text.delayed":
        return say(language, f"replies.report.{key}")
    late = [one for one in told if one.action == "delayed"]
    ours = next((one for one in late if _ours(one.cause)), None)
    why = known(language, f"values.cause.{(ours or late[0]).cause}") or late[0].diagnostic
    until = datetime.fromtimestamp(max(one.retry_until for one in late), ZoneInfo(timezone))
    return say(
        language, "replies.report.text.delayed",
        why=say(language, "replies.report.ours", why=why) if ours else why, until=when(language, "moment", until),
    )  # fmt: skip


def _ours(cause: str) -> bool:
    """True when there was no session with the next hop: the words are ours, and so is the matter."""
    known = Cause.named(cause)
    return known is not None and known.of_host


def _action(outcome: AttemptOutcome, path: ForwardPath, hop: NextHop | None, late: bool, over: bool) -> str:
    wanted = path.notify or _NOTIFY
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
    timezone: str = "Asia/Tokyo",
) -> Item:
    """The DSN as an item from the null reverse-path, its content stored; `languages` () is all. Raises StoreError."""
    item_id, to = new_id(now), addressee(item, postmaster)
    raw = report(
        original=Message(content), recipients=told, to=to, author=author, reporting_mta=hostname,
        message_id=f"{item_id}@{hostname}", now=now,
        say=lambda key: [_said(language, key, told, timezone) for language in languages or LANGUAGES],
        arrived=item.accepted_at, envid=item.envid,
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
