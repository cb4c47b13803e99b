"""Which DSN an attempt leads to (RFC 3461 §6), as a table."""

from pathlib import Path

import pytest

from gateway.deliver import retry
from gateway.deliver.courier import AttemptOutcome
from gateway.deliver.delivery_reports import dsn_item, statuses
from gateway.deliver.next_hop import NextHop
from mail.envelope import ForwardPath
from mail.reply import Reply
from quarantine.item import Item, Recipient, State, Status
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
