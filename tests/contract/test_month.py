"""A month in figures, as both databases tell it."""

import datetime
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from config.cases import PolicyException, When
from config.policy import Organisation, Policy
from filters.examined import Applied
from quarantine.events import JournalEvent
from quarantine.item import Entry, Event, Outcome, Status
from quarantine.policies.counts import Counts
from quarantine.review import month
from quarantine.review.flow import Answers
from quarantine.store import Store
from quarantine.waits.attention import Decisions
from storage.interfaces import Database
from storage.spool import Spool
from tests.quarantine.items import ADMIN, BOSS, SENDER, item, settle_in
from tests.services.databases import ByHand

ZONE = "Asia/Tokyo"
NOVEMBER = datetime.datetime.fromisoformat("2026-11-01T00:00:00+09:00").timestamp()
DECEMBER = datetime.datetime.fromisoformat("2026-12-01T00:00:00+09:00").timestamp()
TODAY = datetime.date(2026, 12, 10)


@pytest.fixture
async def store(database: Database, tmp_path: Path) -> AsyncIterator[Store]:
    spool = Spool(tmp_path / "store-spool")
    await settle_in(database)
    yield Store(database, spool, "node1")
    await spool.close()


def excepted(until: str, name: str) -> PolicyException:
    day = datetime.date.fromisoformat(until)
    return PolicyException("many_external", When(to="x"), "hanako", "r", "shacho", day, name=name)


async def told(database: Database, policy: Policy, name: str = "2026-11") -> month.MonthFigures:
    return await month.figures(database, policy, "default", name, ZONE, TODAY)


async def test_how_held_mail_ended_and_who_agreed_how_attentively(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(month, "PAGE", 2)
    before, after = NOVEMBER - 1, DECEMBER
    asked = [item(approvals=("president",)) for _ in range(5)]
    others = [item(holds=("bomb",)), item(delay=300), item(delay=300), item(delay=300)]
    inward = item(direction="inbound", holds=("bomb",))
    await store.put([*asked, *others, inward], NOVEMBER - 10, "sender")
    for one, at, blind in zip(
        asked, (before, NOVEMBER, NOVEMBER + 9, after - 1, after), (1, 1, 0, 0, 1), strict=True
    ):
        attentive = {"role": "president", "seconds": 2.0 if blind else 40.0, "blind": bool(blind)}
        await store.change(one.id, Event.DENY if at == after - 1 else Event.APPROVE, BOSS, at, attentive)
    await store.change(others[0].id, Event.RELEASE, ADMIN, NOVEMBER + 1)
    await store.change(inward.id, Event.RELEASE, ADMIN, NOVEMBER + 1)
    await store.change(others[1].id, Event.SEND_NOW, SENDER, NOVEMBER + 1)
    await store.change(others[2].id, Event.RECALL, SENDER, NOVEMBER + 1)
    await store.lease(NOVEMBER + 1000, 10, 60)
    found = await told(store.database, Policy())
    assert found.ends == {"due": 1, "send_now": 1, "approve": 2, "release": 1, "recall": 1, "deny": 1}
    assert found.decisions == (Decisions("boss", {}, 2, 1, 1, 21.0),)
    assert (found.approved, found.blind) == (2, 1)
    assert (await told(store.database, Policy(), "2026-10")).ends == {"approve": 1}
    assert (await month.figures(store.database, Policy(), "acme", "2026-11", ZONE, TODAY)).ends == {}


async def test_the_copies_of_a_mail_are_one_mail_and_one_decision(store: Store) -> None:
    """As its sender and its approver saw it."""
    copies = [item(approvals=("president",), mail_id="each", rewrites=("each",)) for _ in range(3)]
    await store.put(copies, NOVEMBER - 10, "sender")
    for number, one in enumerate(copies):
        detail = {"role": "president", "seconds": 2.0, "blind": True, **({"alike": True} if number else {})}
        await store.change(one.id, Event.APPROVE, BOSS, NOVEMBER + 1, detail)
    found = await told(store.database, Policy())
    assert found.ends == {"approve": 1}
    assert found.decisions == (Decisions("boss", {}, 1, 0, 1, 2.0),)


async def test_what_the_policy_did_and_its_exceptions(database: Database) -> None:
    policy = Policy(
        organisation=Organisation(domains=("hinode.example",)),
        exceptions=(
            excepted("2026-10-31", "gone"), excepted("2026-11-20", "ended"), excepted("2027-01-31", "lasts"),
        ),
    )  # fmt: skip
    counts = Counts(database)
    for day in ("2026-10-31", "2026-11-01", "2026-11-30", "2026-12-01"):
        counts.note("default", day, "outbound", [Applied("many_external", "lasts", "observe")])
    counts.note("default", "2026-11-02", "outbound", [Applied("many_external", "", "bcc")])
    await counts.flush()
    found = await told(database, policy)
    assert found.use.examined == {"outbound": 3}
    assert [(u.source, u.consequence, u.mails, u.last) for u in found.use.uses] == [
        ("lasts", "observe", 2, "2026-11-30"),
        ("", "bcc", 1, "2026-11-02"),
    ]
    assert [(e.name, e.standing, e.used) for e in found.exceptions] == [
        ("lasts", "in_force", 2),
        ("ended", "over", 0),
    ]


async def test_what_is_no_month(database: Database) -> None:
    with pytest.raises(ValueError, match="month must be"):
        await told(database, Policy(), "2026-13")


async def test_what_passed_and_how_long_people_waited(store: Store) -> None:
    """By both databases; what is another month's or another tenant's is not counted."""
    mails = [item(accepted_at=NOVEMBER + 5) for _ in range(3)]
    asked = item(direction="inbound", holds=("bomb",), accepted_at=NOVEMBER + 5)
    other = item(tenant="acme", accepted_at=NOVEMBER + 5)
    await store.put([*mails, asked, other], NOVEMBER + 5, "sender")
    await store.put([item(accepted_at=NOVEMBER - 5)], NOVEMBER - 5, "sender")
    for one in (await store.lease(NOVEMBER + 6, 10, 60))[:2]:
        if one.tenant == "default" and one.accepted_at > NOVEMBER:
            await store.finish(
                one, [Outcome(n, Status.DELIVERED, "250 ok") for n in (0, 1)], NOVEMBER + 7, NOVEMBER + 7
            )
    await store.record(Entry(NOVEMBER + 8, JournalEvent.PASS, "x", "", "m-1", "default", {}))
    await store.record(Entry(DECEMBER + 8, JournalEvent.REFUSE, "x", "", "m-2", "default", {}))
    rows = [
        {"item": one.id, "person": "taro", "tenant": "default", "at": NOVEMBER + n, "answered": answered}
        for n, (one, answered) in enumerate(
            [(mails[0], NOVEMBER + 60), (mails[1], NOVEMBER + 121), (mails[2], None)]
        )
    ]
    insert = (
        "INSERT INTO release_requests (item, person, tenant, at, comment, state, answer, settled_at, announced, told)"
        " VALUES (:item, :person, :tenant, :at, '', 'open', '', :answered, 0, 0)"
    )
    await store.database.write(lambda t: ByHand(t).executemany(insert, rows))
    found = (await told(store.database, Policy())).flow
    assert found.requests == Answers(2, 90.0, 120.0, 1)
    assert found.in_line == {"pass": 1}
    assert found.ended["inbound"] == {"waits": 1}
    assert sum(found.ended["outbound"].values()) == 3
    assert found.missing == 0
    assert [each.chain for each in found.chains] == ["node1"]
    gone = "DELETE FROM journal WHERE node = 'node1' AND seq = 3"
    await store.database.write(lambda t: ByHand(t).execute(gone))
    assert (await told(store.database, Policy())).flow.missing == 1
