"""What the store of items promises, on every database."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from config.cases import Waits
from config.consequence import UNTIL_RELEASED
from config.tenant import EVERY
from directory.account import Account, Role
from directory.people import People
from filters.examined import DISARMED, Summary
from quarantine.handed_over import _INLINE
from quarantine.item import Entry, Event, Item, NotAllowed, Outcome, State, Status
from quarantine.reconcile import reconcile
from quarantine.rights import DISPATCHER, HOUSEKEEPING, Actor
from quarantine.rows import names_row, where
from quarantine.store import _ENTRIES, _FIND, _NUMBER, Missing, Place, Query, Store
from quarantine.waits.asking import Approver
from storage import journal
from storage.database import open_database
from storage.interfaces import Database, StoreError
from storage.spool import Spool
from tests.quarantine.items import ADMIN, BOSS, HANAKO, OPERATOR, SENDER, TARO, item, settle_in

NOW = 1000.0
DELIVERED = (Outcome(0, Status.DELIVERED, "250 OK"), Outcome(1, Status.DELIVERED, "250 OK"))


@pytest.fixture
async def store(database: Database, tmp_path: Path) -> AsyncIterator[Store]:
    spool = Spool(tmp_path / "store-spool")
    await settle_in(database)
    yield Store(database, spool, "node1")
    await spool.close()
    for node in await journal.chains(database) if not getattr(database, "_closed", False) else []:
        assert await journal.verify(database, node) is None


async def put(store: Store, *items: Item) -> list[Item]:
    return await store.put(items, NOW, "sender")


async def test_an_item_comes_back_as_it_was_put(store: Store) -> None:
    one = item(
        smtputf8=True,
        delay=300,
        approvals=("president",),
        passphrase_source="generated",
        untouched=Waits("send", 2, (1.0,)),
    )
    (stored,) = await put(store, one)
    assert stored == msgspec.structs.replace(one, state=State.HELD, due_at=NOW + 300)
    assert await store.get(one.id, "default") == stored


async def test_hostile_text_is_stored_harmlessly(store: Store) -> None:
    bad = "a\0b\ud800c\x1b"
    one = item(
        reverse_path="",
        envid=bad,
        owner=bad,
        summary=Summary(bad, bad, bad, bad, attachments=(bad, "100%_\\")),
    )
    await put(store, one)
    found = await store.get(one.id, "default")
    assert found.envid == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c\x1b"
    assert [i.id for i in await store.find(Query("default", text="100%_\\"))] == [one.id]
    assert await store.find(Query("default", text="100x_")) == []
    await store.record(Entry(NOW, "look", bad, detail={bad: [bad]}))


async def test_the_same_item_is_not_taken_twice(store: Store) -> None:
    one = item()
    await put(store, one)
    with pytest.raises(StoreError):
        await put(store, item(), one)
    assert len(await store.find(Query("default"))) == 1
    assert len(await store.entries("default")) == 1


async def test_the_way_of_a_mail(store: Store) -> None:
    (one,) = await put(store, item())
    assert await store.next_due() == NOW
    (leased,) = await store.lease(NOW, 10, 60)
    assert (leased.state, leased.token, leased.due_at, leased.node) == (State.ACTIVE, 1, NOW + 60, "node1")
    assert await store.lease(NOW, 10, 60) == []
    mixed = (Outcome(0, Status.DELIVERED, "250 OK"), Outcome(1, Status.DEFERRED, "451 later"))
    later = await store.finish(leased, mixed, NOW + 1, NOW + 301)
    assert (later.state, later.due_at, [r.status for r in later.recipients]) == (
        State.QUEUED, NOW + 301, [Status.DELIVERED, Status.DEFERRED],
    )  # fmt: skip
    assert await store.get(one.id, "default") == later
    assert await store.lease(NOW + 300, 10, 60) == []
    (again,) = await store.lease(NOW + 301, 10, 60)
    done = await store.finish(again, (Outcome(1, Status.FAILED, "550 no"),), NOW + 302, None)
    assert (done.state, done.due_at, done.attempts) == (State.DONE, None, 2)
    assert await store.next_due() is None
    entries = await store.entries("default", mail_id=one.mail_id)
    assert [e.event for e in entries] == ["accept", "lease", "finish", "lease", "finish"]
    assert entries[-1].detail["outcomes"] == [[1, "failed", "550 no"]]
    assert await store.entries("default", item=one.id) == entries


async def test_a_follow_up_enters_with_the_failure_or_not_at_all(store: Store) -> None:
    await put(store, item("x@example.com"))
    (leased,) = await store.lease(NOW, 10, 60)
    failed = (Outcome(0, Status.FAILED, "550 no"),)
    report = item("sender@example.jp", reverse_path="")
    await store.finish(leased, failed, NOW, None, [report])
    assert (await store.get(report.id, "default")).state is State.QUEUED
    second = item("sender@example.jp")
    with pytest.raises(NotAllowed):
        await store.finish(leased, failed, NOW, None, [second])
    with pytest.raises(Missing):
        await store.get(second.id, "default")


async def test_a_lease_that_ran_out_is_taken_over_and_its_holder_is_fenced(store: Store) -> None:
    await put(store, item())
    (first,) = await store.lease(NOW, 10, 60)
    other = Store(store.database, store.blobs, "node2")
    assert await other.lease(NOW + 59, 10, 60) == []
    (second,) = await other.lease(NOW + 60, 10, 60)
    assert (second.token, second.node, second.state) == (2, "node2", State.ACTIVE)
    with pytest.raises(NotAllowed):
        await store.finish(first, DELIVERED, NOW + 61, None)
    await other.finish(second, DELIVERED, NOW + 62, None)
    events = [(e.event, e.detail.get("token")) for e in await store.entries("default", item=first.id)]
    assert events == [("accept", None), ("lease", 1), ("lapse", 1), ("lease", 2), ("finish", 2)]


async def test_a_node_that_starts_anew_takes_back_what_it_had_in_hand(store: Store) -> None:
    """After a crash mail that should leave at once waited for the end of the dead process's leases: 15 minutes."""
    await put(store, item(), item())
    other = Store(store.database, store.blobs, "node2")
    (mine,) = await store.lease(NOW, 1, 900)
    (theirs,) = await other.lease(NOW, 1, 900)
    assert await store.reclaim(NOW + 5) == 1
    (again,) = await store.lease(NOW + 5, 10, 900)
    assert (again.id, again.token) == (mine.id, 2)
    assert (await store.get(theirs.id, "default")).state is State.ACTIVE
    with pytest.raises(NotAllowed):
        await store.finish(mine, DELIVERED, NOW + 6, None)
    events = [e.event for e in await store.entries("default", item=mine.id)]
    assert events == ["accept", "lease", "lapse", "lease"]


async def test_two_nodes_never_lease_the_same_item(url: str, store: Store) -> None:
    items = [item() for _ in range(120)]
    await put(store, *items)
    opened = [open_database(url) for _ in range(2)]
    stores = [Store(d, store.blobs, f"n{n}") for n, d in enumerate(opened)]

    async def drain(one: Store) -> list[str]:
        taken = []
        for _ in range(60):
            taken += [i.id for i in await one.lease(NOW, 7, 600)]
        return taken

    taken = await asyncio.gather(*(drain(s) for s in stores for _ in range(2)))
    assert sorted(i for t in taken for i in t) == sorted(i.id for i in items)
    for d in opened:
        await d.close()


async def test_held_mail_leaves_at_its_time_and_not_before(store: Store) -> None:
    await put(store, item(delay=300))
    assert await store.lease(NOW + 299, 10, 60) == []
    (leased,) = await store.lease(NOW + 300, 10, 60)
    assert leased.queued_at == NOW + 300
    assert [e.event for e in await store.entries("default", item=leased.id)] == ["accept", "due", "lease"]


async def test_mail_that_waits_for_a_person_is_not_leased(store: Store) -> None:
    (one, two, three) = await put(
        store, item(approvals=("president",)), item(holds=("bomb",)), item(delay=UNTIL_RELEASED)
    )
    assert await store.next_due() is None
    assert await store.lease(NOW + 10**8, 10, 60) == []
    agreed = await store.change(one.id, Event.APPROVE, BOSS, NOW + 5, {"role": "president", "reason": "ok"})
    assert (agreed.state, agreed.queued_at) == (State.QUEUED, NOW + 5)
    await store.change(two.id, Event.RELEASE, ADMIN, NOW + 6)
    await store.change(three.id, Event.SEND_NOW, SENDER, NOW + 7)
    assert {i.id for i in await store.lease(NOW + 7, 10, 60)} == {one.id, two.id, three.id}
    (entry,) = [e for e in await store.entries("default", item=one.id) if e.event == "approve"]
    assert entry.detail == {
        "role": "president", "reason": "ok", "from": "held", "to": "queued", "sha256": one.sha256, "bound": one.bound,
        "directory": {"console": 5},  # the revision of the source that says who may approve
    }  # fmt: skip


async def test_what_the_table_forbids_changes_nothing(store: Store) -> None:
    (one,) = await put(store, item(approvals=("president",)))
    for event, actor, role in [
        (Event.SEND_NOW, SENDER, ""),
        (Event.RESUME, SENDER, ""),
        (Event.APPROVE, BOSS, "nobody"),
        (Event.LEASE, DISPATCHER, ""),
    ]:
        with pytest.raises(NotAllowed):
            await store.change(one.id, event, actor, NOW, {"role": role})
    assert await store.get(one.id, "default") == one
    assert len(await store.entries("default", item=one.id)) == 1
    with pytest.raises(Missing):
        await store.change("none", Event.RECALL, SENDER, NOW)


@pytest.mark.parametrize(
    ("event", "actor"),
    [
        (Event.RECALL, BOSS),
        (Event.SEND_NOW, ADMIN),
        (Event.RELEASE, SENDER),
        (Event.DISCARD, TARO),
        (Event.APPROVE, SENDER),
        (Event.APPROVE, ADMIN),
        (Event.APPROVE, OPERATOR),
        (Event.EXPIRE, DISPATCHER),
        (Event.RELEASE, HOUSEKEEPING),
        (Event.RECALL, Actor("nobody", tenant="default")),
        (Event.RECALL, Actor("operator:root", tenant="default")),
    ],
)
async def test_a_page_that_forgets_to_ask_is_refused_all_the_same(
    store: Store, event: Event, actor: Actor
) -> None:
    (one,) = await put(store, item(delay=300, holds=("a",), approvals=("president",)))
    with pytest.raises(NotAllowed, match="is not allowed"):
        await store.change(one.id, event, actor, NOW, {"role": "president"})
    assert await store.get(one.id, "default") == one
    assert len(await store.entries("default", item=one.id)) == 1


async def test_what_the_directory_says_at_that_moment_counts(store: Store) -> None:
    """Somebody who was disabled, or lost a role, while a page was open."""
    one, two = await put(store, item(delay=300), item(holds=("a",)))
    people = People(store.database)
    await people.save(Account("sender", disabled=True), 2.0)
    await people.save(Account("admin", roles=(Role.AUDITOR,)), 2.0)
    for item_id, event, actor in ((one.id, Event.RECALL, SENDER), (two.id, Event.RELEASE, ADMIN)):
        with pytest.raises(NotAllowed):
            await store.change(item_id, event, actor, NOW)


async def test_nobody_decides_on_mail_of_their_own(store: Store) -> None:
    await People(store.database).save(
        Account(
            "sender", addresses=("sender@example.jp",), roles=tuple(Role), department="a", head_of=("a",)
        ),
        2.0,
    )
    roles = ("president", "department_head", "administrator")
    mine, mail = await put(
        store,
        item(holds=("a",), approvals=roles),
        item("Sender+x@example.jp", direction="inbound", owner="", holds=("a",)),
    )
    for event, role in ((e, r) for e in (Event.APPROVE, Event.DENY, Event.RELEASE) for r in roles):
        with pytest.raises(NotAllowed, match="of their own"):
            await store.change(mine.id, event, SENDER, NOW, {"role": role})
    with pytest.raises(NotAllowed, match="of their own"):
        await store.change(mail.id, Event.RELEASE, SENDER, NOW)


async def test_two_at_once_count_twice_and_one_of_them_once(store: Store) -> None:
    """Of three directors two have to agree: all click at the same moment, one of them several times."""
    people = People(store.database)
    for login in ("ann", "bob", "cho"):
        await people.save(Account(login, roles=(Role.APPROVER,)), 2.0)
    for _ in range(5):
        (one,) = await put(store, item(approvals=("2 of approver, then president",)))

        async def click(login: str, id: str = one.id) -> str:
            try:
                actor = Actor(login, tenant="default")
                await store.change(id, Event.APPROVE, actor, NOW, {"role": "approver"})
            except NotAllowed:
                return ""
            return login

        counted = [
            login for login in await asyncio.gather(*map(click, ("ann", "bob", "ann", "cho", "ann"))) if login
        ]
        assert len(counted) == len(set(counted)) == 2
        after = await store.get(one.id, "default")
        assert (after.approvals, after.state) == (("president",), State.HELD)
        assert after.barred == set(counted)
        said = [e for e in await store.entries("default", item=one.id) if e.event == "approve"]
        assert {e.actor for e in said} == set(counted)


async def test_the_last_in_line_says_why(store: Store) -> None:
    (one,) = await put(store, item(approvals=("president (last in line)",)))
    for comment in ("", " "):
        with pytest.raises(NotAllowed, match="says why"):
            await store.change(one.id, Event.APPROVE, BOSS, NOW, {"role": "president", "comment": comment})
    agreed = await store.change(
        one.id, Event.APPROVE, BOSS, NOW, {"role": "president", "comment": "急ぎのため"}
    )
    assert agreed.state is State.QUEUED


async def test_only_one_of_many_clicks_counts(store: Store) -> None:
    (one,) = await put(store, item(delay=300))
    clicks = [store.change(one.id, e, SENDER, NOW) for e in (Event.RECALL, Event.SEND_NOW) * 5]
    done = await asyncio.gather(*clicks, return_exceptions=True)
    after = await store.get(one.id, "default")
    assert after.state in (State.WITHDRAWN, State.QUEUED)
    assert len([d for d in done if isinstance(d, Item)]) == after.version
    assert all(isinstance(d, Item | NotAllowed) for d in done)


async def test_a_recipient_is_taken_back_or_gets_it_and_nobody_is_told_otherwise(store: Store) -> None:
    """A click on one node against the delivery on another: whoever hears "taken back" can rely on it."""
    other = Store(store.database, store.blobs, "node2")
    mails = await put(store, *(item("a@example.com", "b@example.net", delay=300) for _ in range(30)))

    async def click(one: Item) -> bool:
        try:
            await store.change(one.id, Event.DROP, SENDER, NOW + 300, recipients=[1])
        except NotAllowed:
            return False
        return True

    clicks = [click(one) for one in mails]
    leases = [other.lease(NOW + 300, 1, 60) for _ in mails]
    both = [each for pair in zip(leases, clicks, strict=True) for each in pair]
    results = await asyncio.gather(*both)
    told = dict(zip((one.id for one in mails), results[1::2], strict=True))
    leased = {one.id: one for batch in results[::2] if isinstance(batch, list) for one in batch}
    leased |= {one.id: one for one in await other.lease(NOW + 300, 100, 60)}
    assert set(leased) == set(told)
    for id, taken_back in told.items():
        statuses = [r.status for r in leased[id].recipients]
        assert statuses == [Status.WAITING, Status.WITHDRAWN if taken_back else Status.WAITING]
        outcomes = [
            Outcome(n, Status.DELIVERED, "250") for n, s in enumerate(statuses) if s is Status.WAITING
        ]
        done = await other.finish(leased[id], outcomes, NOW + 301, None)
        assert done.state is State.DONE
        assert done.recipients[1].status is (Status.WITHDRAWN if taken_back else Status.DELIVERED)
        entries = [e for e in await store.entries("default", item=id) if e.event == "drop"]
        assert [e.detail["recipients"] for e in entries] == ([["b@example.net"]] if taken_back else [])


async def test_only_the_sender_takes_recipients_back(store: Store) -> None:
    (one,) = await put(store, item(delay=300))
    for actor in (BOSS, ADMIN, HANAKO):
        with pytest.raises(NotAllowed):
            await store.change(one.id, Event.DROP, actor, NOW, recipients=[0])
    after = await store.change(one.id, Event.DROP, SENDER, NOW, recipients=[0])
    assert after == await store.get(one.id, "default")


async def test_find(store: Store) -> None:
    mails = await put(
        store,
        item("a@example.com", accepted_at=10.0, owner="ann", mail_id="same"),
        item(
            "b@example.com",
            accepted_at=20.0,
            owner="bob",
            direction="inbound",
            holds=("virus",),
            mail_id="same",
        ),
        item("c@example.org", accepted_at=30.0, owner="ann", approvals=("president",), tenant="other"),
    )
    ids = [m.id for m in mails]

    async def found(**restrictions: object) -> list[str]:
        return [i.id for i in await store.find(Query(**{"tenant": EVERY, **restrictions}))]  # type: ignore[arg-type]

    assert await found() == ids[::-1]
    assert await found(order="oldest") == ids
    assert await found(limit=1, after=Place(30.0, ids[2])) == [ids[1]]
    assert await found(owner="ann", order="oldest") == [ids[0], ids[2]]
    assert await found(state=(State.HELD,)) == [ids[2], ids[1]]
    assert await found(state=(State.QUEUED, State.ACTIVE)) == [ids[0]]
    assert await found(state=(State.HELD, State.DONE), direction="inbound") == [ids[1]]
    assert await found(mail_id="same", order="oldest") == ids[:2]
    assert await found(tenant="other") == [ids[2]]
    assert await found(approval="president") == [ids[2]]
    assert await found(approval="presid") == []
    assert await found(since=20.0) == [ids[2], ids[1]]
    assert await found(until=20.0) == [ids[0]]
    assert await found(text="ＥＸＡＭＰＬＥ.com　見積書", tenant="default") == [ids[1], ids[0]]
    assert await found(text="見積書 nowhere", tenant="default") == []
    assert await store.counts(EVERY) == {State.HELD: 2, State.QUEUED: 1, State.ACTIVE: 0}
    assert await store.counts("other") == {State.HELD: 1, State.QUEUED: 0, State.ACTIVE: 0}
    assert [len(i.recipients) for i in await store.find(Query(EVERY))] == [1, 1, 1]


async def test_many_items_keep_their_own_recipients(store: Store) -> None:
    items = [
        item(*(f"{n}-{k}@example.com" for k in range(n % 4 + 1)), accepted_at=float(n)) for n in range(150)
    ]
    await put(store, *items)
    found = await store.find(Query("default", limit=1000, order="oldest"))
    assert [i.recipients for i in found] == [i.recipients for i in items]


async def test_journal_entries_by_actor_event_and_time(store: Store) -> None:
    await store.record(*(Entry(float(n), "login", "ann" if n % 2 else "bob") for n in range(10)))
    assert [e.at for e in await store.entries("default", limit=3)] == [7.0, 8.0, 9.0]
    assert [e.at for e in await store.entries("default", actor="ann", since=4.0)] == [5.0, 7.0, 9.0]
    assert await store.entries("default", event="logout") == []


async def test_reconcile_reports_both_ways_and_removes_nothing(store: Store) -> None:
    kept, lost, orphan = [await store.blobs.put([secrets.token_bytes(5)], "default") for _ in range(3)]
    one, two, done = item(blob=kept.key, original=lost.key), item(blob=kept.key), item(blob="f" * 32 + "-1")
    await put(store, one, two, done)
    await store.change(done.id, Event.RECALL, SENDER, NOW)
    await store.blobs.delete(lost.key)
    report = await reconcile(store, NOW)
    assert report.orphans == (orphan.key,)
    assert report.missing == ((one.id, lost.key),)
    assert bytes(await store.blobs.get(orphan.key))
    assert {e.event for e in await store.entries("default", limit=2)} == {"missing_blob", "orphan_blob"}


async def test_mail_that_is_taken_meanwhile_is_no_orphan_and_not_missing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Contents are stored just before their rows, and the comparison runs beside the mail."""
    orphan, under_way = [await store.blobs.put([secrets.token_bytes(5)], "default") for _ in range(2)]
    waited = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        if seconds:
            await put(store, item(blob=under_way.key))

    listed = store.blobs.keys

    async def keys() -> AsyncIterator[list[str]]:
        async for page in listed():
            yield page
        later = await store.blobs.put([b"later"], "default")
        await put(store, item(blob=later.key))

    monkeypatch.setattr(store.blobs, "keys", keys)
    monkeypatch.setattr("quarantine.reconcile.asyncio.sleep", sleep)
    report = await reconcile(store, NOW, 60.0)
    assert report.orphans == (orphan.key,)
    assert report.missing == ()
    assert [seconds for seconds in waited if seconds] == [60.0]


async def test_contents_and_items_are_compared_in_pages(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quarantine.reconcile.PAGE", 3)
    blobs = [await store.blobs.put([secrets.token_bytes(5)], "default") for _ in range(12)]
    await put(store, *(item(blob=blob.key) for blob in blobs[:9]), item(blob="e" * 32 + "-1"))
    report = await reconcile(store, NOW)
    assert report.orphans == tuple(sorted(blob.key for blob in blobs[9:]))
    assert [key for _, key in report.missing] == ["e" * 32 + "-1"]


async def test_the_queue_of_what_is_due_is_read_through_its_index(url: str, store: Store) -> None:
    if not url.startswith("sqlite"):
        pytest.skip("the planner of PostgreSQL reads small tables as a whole")
    from quarantine.queue.leasing import DUE

    plan = await store.database.read(
        lambda t: t.execute("EXPLAIN QUERY PLAN " + DUE, {"now": 1.0, "since": -1.0, "limit": 5})
    )
    assert "item_due" in plan[0]["detail"]


LISTS = {
    "held": (Query("default", state=(State.HELD,)), "item_held"),
    "to review": (Query("default", review=True), "item_review"),
    "asked": (Query("default", asks=(Approver("boss", ("president",)),)), "item_asks"),
    "all": (Query("default"), "item_accepted"),
    "sent": (Query("default", owner="sender"), "item_owner"),
    "old": (Query("default", state=(State.HELD,), direction="inbound", until=9.0), "item_held"),
}
COUNTED = {"all": "item_owner"}
"""Where a number is counted by another index than the list is read by: each that begins with the tenant does."""


async def plan_of(store: Store, sql: str, values: dict[str, object]) -> list[str]:
    rows = await store.database.read(lambda t: t.execute("EXPLAIN QUERY PLAN " + sql, values))
    return [row["detail"] for row in rows]


@pytest.mark.parametrize("name", LISTS)
async def test_lists_and_their_counts_are_read_through_their_index_in_order(
    url: str, store: Store, name: str
) -> None:
    """Of 100,000 held mails a count took 115 ms, and a list read all of them to sort them. The tenant comes first: a
    small one's page does not read the rows of a large one."""
    if not url.startswith("sqlite"):
        pytest.skip("the planner of PostgreSQL reads small tables as a whole")
    query, index = LISTS[name]
    conditions, values = where(query)
    list_ = _FIND[True].format(conditions, what="*", order="DESC"), {**values, "limit": 101}
    for sql, wanted in (list_, (_NUMBER[True].format(conditions), {**values, "most": 101})):
        plan = await plan_of(store, sql, wanted)
        by = index if sql is list_[0] else COUNTED.get(name, index)
        assert any(f"{by} (tenant=?" in step for step in plan), plan
        assert not any("ORDER BY" in step for step in plan), plan


async def test_pages_of_the_journal_are_read_in_the_order_of_its_index(url: str, store: Store) -> None:
    if not url.startswith("sqlite"):
        pytest.skip("the planner of PostgreSQL reads small tables as a whole")
    place = {"tenant": "default", "at": 1.0, "node": "", "seq": 0, "limit": 9}
    for sql, index in ((_ENTRIES[True].format("", order="DESC"), "journal_at"), (_INLINE, "journal_inline")):
        plan = await plan_of(store, sql, place)
        assert any(f"{index} (tenant=?" in step for step in plan), plan
        assert not any("ORDER BY" in step for step in plan), plan


async def test_counts_end_where_nobody_counts_on(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A number that is shown as "more than so many" is found without reading what is beyond."""
    monkeypatch.setattr("quarantine.store.MANY", 3)
    await put(store, *(item(holds=("virus",), direction="inbound") for _ in range(3)))
    assert await store.count(Query("default", review=True)) == 3
    await put(store, *(item(holds=("virus",), direction="inbound") for _ in range(2)))
    assert await store.count(Query("default", review=True)) == 4
    assert (await store.counts("default"))[State.HELD] == 4


def test_the_words_of_the_index_for_review_are_what_they_stand_for() -> None:
    conditions, _ = where(Query("default", review=True))
    assert f"holds <> '{names_row((DISARMED,))}'" in conditions
    assert f"delay >= {UNTIL_RELEASED} " in conditions


async def test_originals_of_what_was_delivered_are_found_apart(store: Store) -> None:
    for number, holds in enumerate((("disarmed",), ("warning_score",), ("disarmed", "warning_score"))):
        await put(store, item(id=f"apart{number}", holds=holds, delay=0))

    async def found(**restrictions: str) -> list[str]:
        query = Query("default", state=(State.HELD,), **restrictions)  # type: ignore[arg-type]
        return sorted(i.id for i in await store.find(query))

    assert await found(only_hold="disarmed") == ["apart0"]
    assert await found(not_only="disarmed") == ["apart1", "apart2"]
