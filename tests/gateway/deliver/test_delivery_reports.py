"""Which DSN an attempt leads to (RFC 3461 §6), as a table."""

import email
import email.policy
import re
from pathlib import Path

import msgspec
import pytest

from gateway.deliver import retry
from gateway.deliver.courier import AttemptOutcome
from gateway.deliver.delivery_reports import DeliveryReports, dsn_item, is_automatic, statuses
from gateway.deliver.next_hop import NextHop
from mail.cause import Cause
from mail.envelope import ForwardPath
from mail.message import Message
from mail.reply import Reply
from quarantine.item import Item, Recipient, State, Status
from storage.content import Content
from storage.spool import Spool

MX, BOX = NextHop(host="mx.example"), NextHop(host="box.example", lmtp=True)
NO, LATER, YES = Reply(550, "no", 1, 1), Reply(451, "later", 3, 0), Reply(250, "ok", -1)
QUEUED = 1_000_000.0


def item(path: ForwardPath, **more: object) -> Item:
    values: dict[str, object] = {
        "id": "i1", "mail_id": "m1", "tenant": "t1", "direction": "outbound", "state": State.ACTIVE,
        "reverse_path": "a@corp.example", "recipients": (Recipient(path),), "blob": "b", "size": 1, "sha256": "",
        "accepted_at": QUEUED - 1000, "queued_at": QUEUED, "attempts": 1, **more,
    }  # fmt: skip
    return Item(**values)  # type: ignore[arg-type]


def told(
    reply: Reply, status: Status, *notify: str, hop: NextHop = MX, dsn: bool = False, now: float = QUEUED + 10, over: bool = False
) -> str:  # fmt: skip
    path = ForwardPath("x@there.example", notify)
    found = statuses(item(path), [AttemptOutcome(0, status, reply, dsn=dsn)], {0: hop}, now, over)
    return f"{found[0].action} {found[0].status}" if found else ""


LATE = QUEUED + retry.WARNING + 1


@pytest.mark.parametrize(
    ("notify", "failed", "late", "over", "relayed"),
    [
        ((), "failed 5.1.1", "delayed 4.3.0", "failed 4.4.7", ""),
        (("NEVER",), "", "", "", ""),
        (("FAILURE",), "failed 5.1.1", "", "failed 4.4.7", ""),
        (("DELAY",), "", "delayed 4.3.0", "", ""),
        (("SUCCESS",), "", "", "", "relayed 2.0.0"),
        (("SUCCESS", "FAILURE", "DELAY"), "failed 5.1.1", "delayed 4.3.0", "failed 4.4.7", "relayed 2.0.0"),
    ],
)
def test_notify(notify: tuple[str, ...], failed: str, late: str, over: str, relayed: str) -> None:
    assert told(NO, Status.FAILED, *notify) == failed
    assert told(LATER, Status.DEFERRED, *notify) == ""
    assert told(LATER, Status.DEFERRED, *notify, now=LATE) == late
    assert told(LATER, Status.DEFERRED, *notify, now=LATE, over=True) == over
    assert told(YES, Status.DELIVERED, *notify) == relayed
    assert told(YES, Status.DELIVERED, *notify, dsn=True) == ""


def test_lmtp_is_delivery() -> None:
    assert told(YES, Status.DELIVERED, "SUCCESS", hop=BOX) == "delivered 2.0.0"


async def test_our_postmaster_hears_of_arriving_mail_that_was_taken_and_then_refused(tmp_path: Path) -> None:
    """Nobody else can: we never write to strangers. Whatever they asked for in NOTIFY is no matter of his."""
    one = item(
        ForwardPath("x@corp.example", ("NEVER",)), direction="inbound", reverse_path="stranger@far.example"
    )
    outcomes = [AttemptOutcome(0, Status.FAILED, NO)]
    found = statuses(one, outcomes, {0: BOX}, QUEUED, over=False, postmaster="postmaster@corp.example")
    assert [f.action for f in found] == ["failed"]
    for quiet in (AttemptOutcome(0, Status.DEFERRED, LATER), AttemptOutcome(0, Status.DELIVERED, YES)):
        assert not statuses(one, [quiet], {0: BOX}, LATE, over=False, postmaster="postmaster@corp.example")
    blobs = Spool(tmp_path)
    report = await dsn_item(
        one, found, b"Subject: s\r\n\r\nbody", blobs=blobs, hostname="h.example", author="m@h.example",
        languages=("ja", "en"), now=QUEUED, postmaster="postmaster@corp.example",
    )  # fmt: skip
    assert [r.path.address for r in report.recipients] == ["postmaster@corp.example"]
    assert report.reverse_path == ""
    raw = bytes(await blobs.get(report.blob))
    assert b"To: <postmaster@corp.example>" in raw
    assert b"body" not in raw
    await blobs.close()


@pytest.mark.parametrize(
    "more", [{"reverse_path": ""}, {"direction": "inbound"}, {"direction": "dsn"}, {"direction": "notice"}]
)
def test_nobody_to_tell(more: dict[str, object]) -> None:
    """No backscatter: an inbound reverse-path is whatever a stranger wrote."""
    outcome = AttemptOutcome(0, Status.FAILED, NO)
    assert (
        statuses(item(ForwardPath("x@there.example"), **more), [outcome], {0: MX}, QUEUED, over=False) == []
    )


async def test_the_item(tmp_path: Path) -> None:
    blobs = Spool(tmp_path)
    one = item(ForwardPath("x@there.example"), envid="e+2B1")
    found = statuses(one, [AttemptOutcome(0, Status.FAILED, NO)], {0: MX}, QUEUED, over=False)
    content = b"From: a@corp.example\r\nSubject: s\r\n\r\nconfidential\r\n"
    report = await dsn_item(
        one, found, content, blobs=blobs, hostname="gw.example", author="postmaster@gw.example",
        languages=("ja", "en"), now=QUEUED,
    )  # fmt: skip
    assert (report.mail_id, report.tenant, report.direction) == ("m1", "t1", "dsn")
    assert report.reverse_path == ""
    assert report.recipients[0].path == ForwardPath("a@corp.example", ("NEVER",))
    raw = bytes(await blobs.get(report.blob))
    assert len(raw) == report.size
    assert f"Message-ID: <{report.id}@gw.example>".encode() in raw
    assert b"Original-Envelope-Id: e+1" in raw
    assert b"Subject: s" in raw
    assert b"confidential" not in raw
    assert not statuses(report, [AttemptOutcome(0, Status.FAILED, NO)], {0: MX}, QUEUED, over=False)
    await blobs.close()


# The word of a delay.

SENT = b"From: a@corp.example\r\nSubject: s\r\n\r\nconfidential\r\n"
REFUSED = Reply(451, "No connection to the next hop", 4, 1, reason="mx:25", cause=Cause.CONNECTION_REFUSED)


async def delay(
    tmp_path: Path, reply: Reply = REFUSED, content: bytes = SENT, language: str = "en", **more: object
) -> str:
    """What the sender reads when an attempt fails an hour after the mail was queued, "" for nothing."""

    async def language_of(item: Item) -> str:
        return language

    blobs = Spool(tmp_path)
    reports = DeliveryReports(
        blobs,
        "gw.example",
        languages=lambda tenant: ("ja", "en"),
        language_of=language_of,
        zone=lambda tenant: "Asia/Tokyo",
    )
    one = item(ForwardPath("x@there.example"), **more)
    due = await reports.due(
        one, [AttemptOutcome(0, Status.DEFERRED, reply)], {0: MX}, Content(content), LATE, over=False
    )
    raw = bytes(await blobs.get(due.item.blob)) if due else b""
    await blobs.close()
    return _text(raw) if raw else ""


def _text(raw: bytes) -> str:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    plain = next(part for part in message.walk() if part.get_content_type() == "text/plain")
    return f"{message['subject']}\n{plain.get_content()}\n{raw.decode()}"


async def test_the_sender_hears_well_before_four_hours_and_as_what_it_is(tmp_path: Path) -> None:
    assert retry.WARNING * 1.5 < 4 * 3600
    told = await delay(tmp_path)
    assert "on our side, not the recipient's: The next mail server does not accept connections" in told
    assert "you need not do anything" in told
    assert re.search("until 17 Jan[a-z]* 1970, 22:46;", told), told[:600]
    assert "Action: delayed" in told
    assert "Will-Retry-Until: Sat, 17 Jan 1970 13:46:40" in told
    assert "mx:25" not in told
    assert "confidential" not in told


async def test_in_the_language_of_the_sender(tmp_path: Path) -> None:
    english, japanese = await delay(tmp_path), await delay(tmp_path, language="ja")
    assert "操作は必要ありません" in japanese
    assert "need not" not in japanese
    assert "操作" not in english
    both = await delay(tmp_path, language="")
    assert "操作は必要ありません" in both
    assert "need not" in both


async def test_a_next_hop_that_asks_for_patience_is_not_our_fault(tmp_path: Path) -> None:
    told = await delay(tmp_path, LATER)
    assert "on our side" not in told
    assert "asks us to try again later" in told


@pytest.mark.parametrize(
    "field",
    [
        b"Auto-Submitted: auto-generated",
        b"Auto-submitted: auto-replied (x)",
        b"Precedence: bulk",
        b"List-Id: <a.b>",
    ],
)
async def test_nobody_waits_for_what_a_program_sends(tmp_path: Path, field: bytes) -> None:
    assert await delay(tmp_path, content=field + b"\r\n" + SENT) == ""
    assert await delay(tmp_path, content=b"Auto-Submitted: no\r\n" + SENT) != ""


async def test_not_to_the_null_reverse_path_and_not_twice(tmp_path: Path) -> None:
    assert await delay(tmp_path, reverse_path="") == ""
    path = ForwardPath("x@there.example")
    again = Recipient(path, Status.DEFERRED, "451 later", LATE - 1)
    assert await delay(tmp_path, recipients=(again,)) == ""


async def test_what_is_told_of_other_copies_has_no_reason_of_ours(tmp_path: Path) -> None:
    one, other = (item(ForwardPath(f"{name}@there.example"), id=name) for name in ("x", "y"))
    reply = f"{REFUSED} (mx:25)"
    waiting = Recipient(other.recipients[0].path, Status.DEFERRED, reply, QUEUED + 1, "connection_refused")
    full = Recipient(ForwardPath("z@there.example"), Status.DEFERRED, "452 4.2.2 full (ask)", QUEUED + 1)
    there = Recipient(ForwardPath("there@there.example"), Status.DELIVERED, "250 ok", QUEUED + 1)
    other = msgspec.structs.replace(other, recipients=(waiting, full, there))

    async def copies(item: Item) -> list[Item]:
        return [item, other]

    blobs = Spool(tmp_path)
    reports = DeliveryReports(blobs, "gw.example", copies=copies)
    outcomes = [AttemptOutcome(0, Status.DEFERRED, REFUSED)]
    due = await reports.due(one, outcomes, {0: MX}, Content(SENT), LATE, over=False)
    assert due is not None
    assert due.delayed == (one, other)
    raw = bytes(await blobs.get(due.item.blob)).decode()
    await blobs.close()
    assert "mx:25" not in raw
    assert "452 4.2.2 full (ask)" in raw
    assert re.findall(r"Status: (\S+)", raw) == ["4.4.1", "4.4.1", "4.2.2"]
    assert "there@there.example" not in raw


async def test_what_a_program_sent_and_cannot_be_delivered_is_told_all_the_same(tmp_path: Path) -> None:
    blobs = Spool(tmp_path)
    reports = DeliveryReports(blobs, "gw.example")
    one = item(ForwardPath("x@there.example"))
    content = Content(b"Auto-Submitted: auto-generated\r\n" + SENT)
    outcomes = [AttemptOutcome(0, Status.FAILED, NO)]
    assert await reports.due(one, outcomes, {0: MX}, content, LATE, over=False) is not None
    await blobs.close()


@pytest.mark.parametrize(
    ("field", "automatic"),
    [
        ("Auto-Submitted: no", False),
        ("Auto-Submitted: no (a person); x=y", False),
        ("Auto-Submitted: notification", True),
        ("Auto-Submitted: no\r\nAuto-Submitted: auto-replied", True),
        ("Precedence: bulk (newsletter)", True),
        ("Precedence: first-class", False),
        ("List-Unsubscribe: <mailto:leave@example.jp>", True),
        ("List-Id: <x.example.jp>", True),
        ("Subject: x", False),
    ],
)
def test_mail_that_no_person_waits_for(field: str, automatic: bool) -> None:
    assert is_automatic(Message(f"From: a@b.example\r\n{field}\r\n\r\nx\r\n".encode())) is automatic
