"""The dispatcher against a real store, a real spool and a scripted next hop."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import msgspec
import pytest
import structlog

from gateway.deliver import retry
from gateway.deliver.courier import Courier, PoolLimits
from gateway.deliver.delivery_reports import DeliveryReports
from gateway.deliver.dispatcher import Dispatcher
from gateway.deliver.next_hop import NextHop, Timeouts
from gateway.deliver.settings import Dispatch
from mail.cause import Cause
from mail.envelope import ForwardPath
from quarantine.item import Event, Item, NotAllowed, Recipient, State, Status
from quarantine.queue.delays import untold
from quarantine.queue.retrying import retry as retry_now
from quarantine.store import Query, Store
from storage.database import open_database
from storage.interfaces import StoreError
from storage.spool import Spool
from tests.quarantine.items import HANAKO, OPERATOR, settle_in
from tests.services import databases
from tests.services.sink import Act, Sink

START = 1_800_000_000.0
CONTENT = b"From: hanako@corp.example\r\nMessage-ID: <one@corp.example>\r\nSubject: x\r\n\r\nbody\r\n"
QUICK = Timeouts(connect=2, command=0.5, block=0.5, final=0.5)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


class World:
    """A store, a spool, and what a test wants to put into them."""

    def __init__(self, directory: Path) -> None:
        self.clock = Clock()
        self.database = open_database(databases.sqlite(directory / "db"))
        self.blobs = Spool(directory / "spool")
        self.store = Store(self.database, self.blobs, "node-a")
        self.courier = Courier("gw.example", PoolLimits(idle=60))
        self.routes: dict[str, NextHop] = {}
        self._ids = count(1)

    def route(self, tenant: str, address: str, upstream: str = "") -> NextHop | None:
        return self.routes.get(address.rpartition("@")[2])

    async def accept(
        self, *to: str | ForwardPath, content: bytes = CONTENT, sender: str = "hanako@corp.example",
        direction: str = "outbound", delay: int = 0, mail_id: str = "",
    ) -> Item:  # fmt: skip
        blob = await self.blobs.put([content], "default")
        number = next(self._ids)
        paths = [ForwardPath(t) if isinstance(t, str) else t for t in to]
        item = Item(
            id=f"item{number}", mail_id=mail_id or f"mail{number}", tenant="default", direction=direction, state=State.QUEUED,
            reverse_path=sender, recipients=tuple(Recipient(p) for p in paths), blob=blob.key, size=blob.size,
            sha256=blob.sha256, accepted_at=self.clock.now, delay=delay, due_at=self.clock.now + delay,
            owner="hanako",
        )  # fmt: skip
        return (await self.store.put([item], self.clock.now, "hanako"))[0]

    def dispatcher(self, **settings: float) -> Dispatcher:
        return Dispatcher(
            self.store, self.courier, self.route, self.clock,
            msgspec.structs.replace(Dispatch(poll=0.02), **settings), jitter=lambda: 0.0,
        )  # fmt: skip

    @asynccontextmanager
    async def running(self, **settings: float) -> AsyncIterator[Dispatcher]:
        dispatcher = self.dispatcher(**settings)
        self.store.wake, self.store.reserve = dispatcher.wake, dispatcher.reserve
        async with asyncio.TaskGroup() as group:
            group.create_task(dispatcher.run())
            try:
                yield dispatcher
            finally:
                await dispatcher.stop()

    async def until(self, item: Item, *states: State) -> Item:
        """The item once it is in one of these states."""
        async with asyncio.timeout(10):
            while (now := await self.store.get(item.id, "default")).state not in states:
                await asyncio.sleep(0.01)
        return now

    async def attempted(self, item: Item, attempts: int = 1) -> Item:
        async with asyncio.timeout(10):
            while (
                now := await self.store.get(item.id, "default")
            ).attempts < attempts or now.state is State.ACTIVE:
                await asyncio.sleep(0.01)
        return now

    async def events(self, item: Item) -> list[str]:
        return [entry.event for entry in await self.store.entries("default", item=item.id)]

    async def close(self) -> None:
        await self.courier.close()
        await self.database.close()
        await self.blobs.close()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    opened = World(tmp_path)
    await settle_in(opened.database)
    yield opened
    await opened.close()


def hop(sink: Sink, **more: object) -> NextHop:
    return NextHop(host="127.0.0.1", port=sink.port, tls="none", timeouts=QUICK, **more)  # type: ignore[arg-type]


async def test_what_is_due_is_delivered_and_recorded_per_recipient(world: World) -> None:
    async with Sink({"RCPT": [None, "550 5.1.1 no such user", "451 4.2.2 full"]}) as sink:
        world.routes["there.example"] = hop(sink)
        item = await world.accept("a@there.example", "b@there.example", "c@there.example")
        async with world.running():
            item = await world.attempted(item)
        assert [r.status for r in item.recipients] == [Status.DELIVERED, Status.FAILED, Status.DEFERRED]
        assert item.recipients[1].reply == "550 5.1.1 no such user"
        assert (item.state, item.due_at) == (State.QUEUED, START + retry.FIRST)
        assert [mail.content for mail in sink.mails] == [CONTENT]


async def test_only_who_waits_is_tried_again_and_not_before_the_time(world: World) -> None:
    async with Sink({"RCPT": [None, "451 4.2.2 full"]}) as sink:
        world.routes["there.example"] = hop(sink)
        item = await world.accept("a@there.example", "b@there.example")
        async with world.running() as dispatcher:
            await world.attempted(item)
            world.clock.now += retry.FIRST - 1
            dispatcher.wake()
            await asyncio.sleep(0.1)
            assert len(sink.mails) == 1
            world.clock.now += 1
            dispatcher.wake()
            await world.until(item, State.DONE)
        assert sink.mails[1].recipients == [b"b@there.example"]


async def test_recipients_of_one_item_go_to_their_own_next_hops(world: World) -> None:
    async with Sink() as one, Sink(lmtp=True) as two:
        world.routes = {"one.example": hop(one), "two.example": hop(two, lmtp=True)}
        item = await world.accept("a@one.example", "b@two.example", "c@one.example")
        async with world.running():
            await world.until(item, State.DONE)
        assert [mail.recipients for mail in one.mails] == [[b"a@one.example", b"c@one.example"]]
        assert [mail.recipients for mail in two.mails] == [[b"b@two.example"]]


async def test_a_domain_without_next_hop_waits(world: World) -> None:
    item = await world.accept("a@nowhere.example")
    async with world.running():
        item = await world.attempted(item)
    assert item.recipients[0].status is Status.DEFERRED
    assert item.recipients[0].reply.startswith("451 4.4.4")


async def test_recalled_mail_never_leaves(world: World) -> None:
    async with Sink() as sink:
        world.routes["there.example"] = hop(sink)
        held = await world.accept("a@there.example", delay=300)
        queued = await world.accept("b@there.example")
        for item in (held, queued):
            await world.store.change(item.id, Event.RECALL, HANAKO, world.clock.now)
        async with world.running() as dispatcher:
            world.clock.now += 3000
            dispatcher.wake()
            await asyncio.sleep(0.15)
        assert not sink.mails
        assert {(await world.store.get(i.id, "default")).state for i in (held, queued)} == {State.WITHDRAWN}


async def test_recall_and_dispatch_at_the_same_moment_have_one_winner(world: World) -> None:
    """Twenty mails become due while their sender recalls them: each is either recalled or delivered, never both."""
    async with Sink() as sink:
        world.routes["there.example"] = hop(sink)
        items = [await world.accept(f"a{n}@there.example", delay=60) for n in range(20)]
        recalled = set()
        async with world.running() as dispatcher:
            world.clock.now += 60
            dispatcher.wake()
            for item in reversed(items):
                try:
                    await world.store.change(item.id, Event.RECALL, HANAKO, world.clock.now)
                    recalled.add(item.recipients[0].path.address)
                except NotAllowed:
                    pass
            for item in items:
                await world.until(item, State.DONE, State.WITHDRAWN)
        delivered = {mail.recipients[0].decode() for mail in sink.mails}
        assert not delivered & recalled
        assert len(delivered) + len(recalled) == 20


async def test_held_mail_leaves_at_its_time_and_not_before(world: World) -> None:
    async with Sink() as sink:
        world.routes["there.example"] = hop(sink)
        item = await world.accept("a@there.example", delay=300)
        async with world.running() as dispatcher:
            world.clock.now += 299.9
            dispatcher.wake()
            await asyncio.sleep(0.1)
            assert not sink.mails
            world.clock.now += 0.1
            dispatcher.wake()
            await world.until(item, State.DONE)


# Crashes, leases, fencing (T08, T09).


async def test_crash_between_the_next_hops_250_and_our_record_repeats_once_with_the_same_bytes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Sink() as sink:
        world.routes["there.example"] = hop(sink)
        item = await world.accept("a@there.example", "b@there.example")
        gone = asyncio.Event()

        async def crash(*_: object, **__: object) -> Item:
            gone.set()
            await asyncio.Event().wait()
            raise AssertionError

        with monkeypatch.context() as patch:
            patch.setattr(world.store, "finish", crash)
            dispatcher = world.dispatcher()
            task = asyncio.get_running_loop().create_task(dispatcher.run())
            await gone.wait()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        assert (await world.store.get(item.id, "default")).state is State.ACTIVE
        async with world.running() as dispatcher:
            await asyncio.sleep(0.1)
            assert len(sink.mails) == 1, "the lease is not over yet"
            world.clock.now += Dispatch().lease
            dispatcher.wake()
            item = await world.until(item, State.DONE)
        assert [mail.content for mail in sink.mails] == [CONTENT, CONTENT]
        assert [mail.recipients for mail in sink.mails] == [[b"a@there.example", b"b@there.example"]] * 2
        assert item.token == 2
        assert "lapse" in await world.events(item), "the journal flags it"


async def test_connection_lost_after_the_dot_is_noted_and_tried_again(world: World) -> None:
    async with Sink({"DOT": [Act.CLOSE]}) as sink:
        world.routes["there.example"] = hop(sink)
        item = await world.accept("a@there.example")
        async with world.running() as dispatcher:
            item = await world.attempted(item)
            assert item.recipients[0].status is Status.DEFERRED
            assert "may have taken it" in item.recipients[0].reply
            sink.script.clear()
            world.clock.now += retry.FIRST
            dispatcher.wake()
            await world.until(item, State.DONE)
        assert "maybe_delivered" in await world.events(item)
        assert [mail.content for mail in sink.mails] == [CONTENT, CONTENT]


async def test_a_node_whose_lease_was_taken_over_changes_nothing(world: World) -> None:
    """A is paused in the middle of a delivery; B takes over; what A learns afterwards is not recorded."""
    async with Sink({"DOT": [Act.HANG]}) as slow, Sink() as fast:
        other = Store(world.database, world.blobs, "node-b")
        world.routes["there.example"] = NextHop(
            host="127.0.0.1", port=slow.port, tls="none", timeouts=Timeouts(final=1)
        )
        item = await world.accept("a@there.example")
        async with world.running():
            await world.until(item, State.ACTIVE)
            world.clock.now += Dispatch().lease
            b = Dispatcher(other, world.courier, lambda *_: hop(fast), world.clock, Dispatch(poll=0.02))
            async with asyncio.TaskGroup() as group:
                group.create_task(b.run())
                item = await world.until(item, State.DONE)
                await b.stop()
            await asyncio.sleep(1.2)
        after = await world.store.get(item.id, "default")
        assert (after.state, after.node, after.recipients[0].status) == (
            State.DONE,
            "node-b",
            Status.DELIVERED,
        )
        assert [e.event for e in await world.store.entries("default", item=item.id)].count("finish") == 1


async def test_a_node_that_slept_past_its_lease_delivers_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Sink() as sink:
        world.routes["there.example"] = hop(sink)
        item = await world.accept("a@there.example")
        get = world.blobs.get

        async def asleep(key: str) -> memoryview:
            world.clock.now += Dispatch().lease + 1
            monkeypatch.undo()
            return await get(key)

        monkeypatch.setattr(world.blobs, "get", asleep)
        async with world.running():
            item = await world.attempted(item)
            assert not sink.mails
            assert item.recipients[0].status is Status.DEFERRED


async def test_a_delivery_ends_before_its_lease(world: World) -> None:
    async with Sink({"MAIL": Act.HANG}) as sink:
        world.routes["there.example"] = NextHop(host="127.0.0.1", port=sink.port, tls="none")
        item = await world.accept("a@there.example")
        async with world.running(lease=1.3, margin=1.0):
            item = await world.attempted(item)
        assert item.recipients[0].reply.startswith("451 4.4.7")
        assert "lapse" not in await world.events(item)


async def test_mail_that_never_comes_back_from_its_lease_is_put_off(world: World) -> None:
    async with Sink() as sink:
        world.routes["there.example"] = hop(sink)
        item = await world.accept("a@there.example")
        for _ in range(3):
            assert await world.store.lease(world.clock.now, 1, 60)
            world.clock.now += 60
        async with world.running():
            item = await world.attempted(item, 4)
        assert not sink.mails
        assert item.recipients[0].status is Status.DEFERRED
        assert item.due_at == world.clock.now + retry.pause(4, 0)


# The store or the content in trouble.


async def test_an_outcome_is_offered_to_the_store_until_it_takes_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Sink() as sink:
        world.routes["there.example"] = hop(sink)
        item = await world.accept("a@there.example")
        finish, failures = world.store.finish, iter([StoreError("down"), StoreError("down")])

        async def flaky(*arguments: object, **more: object) -> Item:
            for failure in failures:
                raise failure
            return await finish(*arguments, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(world.store, "finish", flaky)
        async with world.running():
            await world.until(item, State.DONE)
        assert len(sink.mails) == 1


async def test_a_store_that_is_down_does_not_end_the_dispatcher(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Sink() as sink:
        world.routes["there.example"] = hop(sink)
        item = await world.accept("a@there.example")
        lease, failures = world.store.lease, iter([StoreError("down")])

        async def flaky(*arguments: object) -> list[Item]:
            for failure in failures:
                raise failure
            return await lease(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(world.store, "lease", flaky)
        async with world.running():
            await world.until(item, State.DONE)


@pytest.mark.parametrize("damage", ["gone", "changed"])
async def test_content_that_is_not_what_was_agreed_to_never_leaves(world: World, damage: str) -> None:
    async with Sink() as sink:
        world.routes["there.example"] = hop(sink)
        item = await world.accept("a@there.example")
        if damage == "gone":
            await world.blobs.delete(item.blob)
        else:
            path = next(p for p in world.blobs.root.rglob("*") if p.is_file() and item.blob in p.name)
            path.chmod(0o600)
            path.write_bytes(path.read_bytes()[:-3] + b"?\r\n")
        async with world.running():
            item = await world.attempted(item)
        assert not sink.mails
        assert item.recipients[0].status is Status.DEFERRED
        assert item.recipients[0].reply.startswith("451 4.3.0")


async def test_a_defect_in_delivering_is_a_deferral_and_the_others_go_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Sink() as sink:
        world.routes["there.example"] = hop(sink)
        bad, good = await world.accept("bad@there.example"), await world.accept("good@there.example")
        deliver = world.courier.deliver

        async def defect(to: NextHop, envelope: object, *more: object) -> object:
            if "bad@" in str(envelope):
                raise RuntimeError("a defect")
            return await deliver(to, envelope, *more)  # type: ignore[arg-type]

        monkeypatch.setattr(world.courier, "deliver", defect)
        async with world.running():
            await world.until(good, State.DONE)
            bad = await world.attempted(bad)
        assert bad.recipients[0].reply.startswith("451 4.3.0")


# DSN.


async def dsn_of(world: World, sink: Sink) -> Iterator[Item]:
    return iter([i for i in await world.store.find(Query("default")) if i.direction == "dsn"])


async def test_a_failure_is_reported_to_the_sender_in_the_same_transaction(world: World) -> None:
    async with Sink({"RCPT": ["550 5.1.1 no such user"]}) as there, Sink() as here:
        world.routes = {"there.example": hop(there), "corp.example": hop(here)}
        item = await world.accept(ForwardPath("a@there.example", orcpt="rfc822;a+40there.example"))
        async with world.running():
            await world.until(item, State.DONE)
            report = next(await dsn_of(world, here))
            await world.until(report, State.DONE)
        mail = here.mails[0]
        assert mail.reverse_path == b""
        assert mail.recipients == [b"hanako@corp.example"]
        assert b"NOTIFY=NEVER" in mail.rcpts[0]
        for line in (
            b"Action: failed",
            b"Status: 5.1.1",
            b"550 5.1.1 no such user",
            b"rfc822; a@there.example",
        ):
            assert line in mail.content
        assert b"\r\n\r\nbody" not in mail.content
        assert report.mail_id == item.mail_id


async def test_a_report_outlives_a_commit_that_nobody_heard_of(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store commits and says that it is down; the second try is refused because the first one counted. The
    content of the DSN that the first one had taken was removed then."""
    async with Sink({"RCPT": ["550 5.1.1 no such user"]}) as there, Sink() as here:
        world.routes = {"there.example": hop(there), "corp.example": hop(here)}
        item = await world.accept("a@there.example")
        finish, failures = world.store.finish, iter([StoreError("committed, but the connection was lost")])

        async def unheard(*arguments: object, **more: object) -> Item:
            after = await finish(*arguments, **more)  # type: ignore[arg-type]
            for failure in failures:
                raise failure
            return after

        monkeypatch.setattr(world.store, "finish", unheard)
        async with world.running(poll=1.0):
            await world.until(item, State.DONE)
            report = next(await dsn_of(world, here))
            await world.until(report, State.DONE)
        assert [m.recipients for m in here.mails] == [[b"hanako@corp.example"]]


@pytest.mark.parametrize(
    ("path", "sender", "direction"),
    [
        (ForwardPath("a@there.example", notify=("NEVER",)), "hanako@corp.example", "outbound"),
        (ForwardPath("a@there.example", notify=("SUCCESS", "DELAY")), "hanako@corp.example", "outbound"),
        (ForwardPath("a@there.example"), "", "outbound"),
        (ForwardPath("a@there.example"), "stranger@evil.example", "inbound"),
        (ForwardPath("a@there.example"), "", "notice"),
    ],
    ids=["never", "not asked for failures", "null reverse-path", "inbound", "notice"],
)
async def test_no_dsn(world: World, path: ForwardPath, sender: str, direction: str) -> None:
    async with Sink({"RCPT": "550 5.1.1 no"}) as sink:
        world.routes["there.example"] = hop(sink)
        item = await world.accept(path, sender=sender, direction=direction)
        async with world.running():
            item = await world.until(item, State.DONE)
        assert item.recipients[0].status is Status.FAILED
        assert not list(await dsn_of(world, sink))


async def notices(world: World) -> list[list[str]]:
    """Whose delay each notice tells of."""
    found = []
    for report in await world.store.find(Query("default", direction="dsn", order="oldest")):
        content = bytes(await world.blobs.get(report.blob)).decode()
        assert "Action: failed" not in content
        found.append(sorted(re.findall(r"Final-Recipient: rfc822; (\S+)", content)))
    return found


async def tried(world: World, items: list[Item], at: float, dispatcher: Dispatcher | None = None) -> None:
    """Once more, at a time when all of them are due."""
    world.clock.now = START + at
    before = [(await world.store.get(item.id, "default")).attempts for item in items]
    async with asyncio.TaskGroup() as group:
        dispatcher = dispatcher or world.dispatcher()
        group.create_task(dispatcher.run())
        for item, attempts in zip(items, before, strict=True):
            await world.attempted(item, attempts + 1)
        await dispatcher.stop()


async def test_the_copies_of_a_mail_have_one_notice_of_delay(world: World) -> None:
    """Each copy had its own: a mail to a company and, encrypted, to two others was told of three times."""
    async with Sink({"RCPT": "451 4.2.2 full"}) as sink:
        world.routes["there.example"] = hop(sink)
        copies = [await world.accept(f"{name}@there.example", mail_id="mail") for name in "abc"]
        copies.append(await world.accept(ForwardPath("d@there.example", ("FAILURE",)), mail_id="mail"))
        other = await world.accept("x@there.example")
        late = await world.accept("e@there.example", mail_id="mail", delay=4000)
        await tried(world, [*copies, other], 1)
        assert await notices(world) == []
        await tried(world, [*copies, other], 3700)
        told = await notices(world)
        assert sorted(told) == [[f"{name}@there.example" for name in "abc"], ["x@there.example"]]
        await tried(world, [*copies, other, late], 9000)
        assert len(await notices(world)) == 2
        await tried(world, [*copies, late], 13_000)
        assert (await notices(world))[2:] == [["e@there.example"]], "it began to wait later"


async def test_copies_that_are_late_at_the_same_moment_have_one_notice(world: World) -> None:
    """Both have found that nobody was told before either says so."""
    async with Sink({"RCPT": "451 4.2.2 full"}) as sink:
        world.routes["there.example"] = hop(sink)
        copies = [await world.accept(f"{name}@there.example", mail_id="mail") for name in "ab"]
        await tried(world, copies, 1)
        both, asked = asyncio.Barrier(2), count()

        async def at_once(item: Item) -> list[Item]:
            found = await untold(world.store, item)
            if next(asked) < 2:
                await both.wait()
            return found

        dispatcher = world.dispatcher()
        dispatcher._reports = DeliveryReports(world.blobs, "gw.example", copies=at_once)
        await tried(world, copies, 3700, dispatcher)
        assert await notices(world) == [["a@there.example", "b@there.example"]]
        assert next(asked) == 3, "the second asked again"
        items = [await world.store.get(item.id, "default") for item in copies]
        assert [item.state for item in items] == [State.QUEUED] * 2, "and what was learned is kept"


async def test_a_dsn_that_fails_makes_no_dsn(world: World) -> None:
    async with Sink({"RCPT": "550 5.1.1 no"}) as sink:
        world.routes = {"there.example": hop(sink), "corp.example": hop(sink)}
        item = await world.accept("a@there.example")
        async with world.running():
            await world.until(item, State.DONE)
            report = next(await dsn_of(world, sink))
            await world.until(report, State.DONE)
            await asyncio.sleep(0.1)
        assert len(list(await dsn_of(world, sink))) == 1


async def test_one_warning_after_four_hours_and_the_end_after_five_days(world: World) -> None:
    async with Sink({"MAIL": "451 4.3.2 later"}) as there, Sink() as here:
        world.routes = {"there.example": hop(there), "corp.example": hop(here)}
        item = await world.accept("a@there.example")
        async with world.running() as dispatcher:
            for attempt in range(1, 200):
                item = await world.attempted(item, attempt)
                if item.due_at is None:
                    break
                while dispatcher.in_hand:  # a warning must not lose its lease by the test's leaps in time
                    await asyncio.sleep(0.005)
                world.clock.now = item.due_at
                dispatcher.wake()
            async with asyncio.timeout(5):
                while len(here.mails) < 2:
                    await asyncio.sleep(0.02)
        assert item.state is State.DONE
        assert item.recipients[0].status is Status.FAILED
        assert world.clock.now == START + retry.LIFETIME
        warning, failure = (mail.content for mail in here.mails)
        assert b"Action: delayed" in warning
        assert b"Will-Retry-Until:" in warning
        assert b"Action: failed" in failure
        assert b"Status: 4.4.7" in failure


@pytest.mark.parametrize(
    ("extensions", "lmtp", "action"),
    [
        (("PIPELINING",), False, b"relayed"),
        (("PIPELINING",), True, b"delivered"),
        (("PIPELINING", "DSN"), False, b""),
    ],
)
async def test_success_is_reported_when_the_next_hop_will_not(
    world: World, extensions: tuple[str, ...], lmtp: bool, action: bytes
) -> None:
    async with Sink(extensions=extensions, lmtp=lmtp) as there, Sink() as here:
        world.routes = {"there.example": hop(there, lmtp=lmtp), "corp.example": hop(here)}
        item = await world.accept(ForwardPath("a@there.example", notify=("SUCCESS",)), "b@there.example")
        async with world.running():
            await world.until(item, State.DONE)
            if action:
                await world.until(next(await dsn_of(world, here)), State.DONE)
        assert len(here.mails) == bool(action)
        if action:
            assert b"Action: " + action in here.mails[0].content
            assert b"b@there.example" not in here.mails[0].content


# Concurrency, next hops that are down, stopping.


async def test_a_next_hop_that_cannot_be_reached_is_left_alone_for_a_while(world: World) -> None:
    async with Sink() as sink:
        port = sink.port
    world.routes["there.example"] = NextHop(host="127.0.0.1", port=port, tls="none", timeouts=QUICK)
    items = [await world.accept(f"a{n}@there.example") for n in range(30)]
    tried = 0
    deliver = world.courier.deliver

    async def counting(*arguments: object) -> object:
        nonlocal tried
        tried += 1
        return await deliver(*arguments)  # type: ignore[arg-type]

    world.courier.deliver = counting  # type: ignore[method-assign,assignment]
    async with world.running(per_hop=2):
        for item in items:
            item = await world.attempted(item)
            assert item.recipients[0].status is Status.DEFERRED
    assert tried <= 4


async def test_no_more_connections_than_configured_per_next_hop(world: World) -> None:
    most = 0

    class Counting(Sink):
        def step(self, moment: str) -> object:  # type: ignore[override]
            nonlocal most
            most = max(most, self.open)
            return super().step(moment)

    async with Counting() as sink:
        world.routes["there.example"] = hop(sink)
        items = [await world.accept(f"a{n}@there.example") for n in range(40)]
        async with world.running(per_hop=3):
            for item in items:
                await world.until(item, State.DONE)
        assert len(sink.mails) == 40
        assert most <= 3
        assert sink.connections <= 3


async def test_a_slow_next_hop_does_not_stop_the_others(world: World) -> None:
    async with Sink({"DATA": Act.HANG}) as slow, Sink() as fast:
        world.routes = {
            "slow.example": NextHop(
                host="127.0.0.1", port=slow.port, tls="none", timeouts=Timeouts(command=60)
            ),
            "fast.example": hop(fast),
        }
        for n in range(30):
            await world.accept(f"a{n}@slow.example")
        item = await world.accept("a@fast.example")
        async with world.running(per_hop=2, concurrency=4) as dispatcher:
            await world.until(item, State.DONE)
            assert not slow.mails
            await dispatcher.stop(grace=0)


async def test_stop_finishes_what_is_in_hand(world: World) -> None:
    async with Sink() as sink:
        world.routes["there.example"] = hop(sink)
        items = [await world.accept(f"a{n}@there.example") for n in range(10)]
        async with world.running(per_hop=1) as dispatcher:
            await world.until(items[0], State.ACTIVE, State.DONE)
            await dispatcher.stop()
            assert dispatcher.in_hand == 0
        states = {(await world.store.get(i.id, "default")).state for i in items}
        assert State.ACTIVE not in states
        done = [i for i in items if (await world.store.get(i.id, "default")).state is State.DONE]
        assert len(done) == len(sink.mails)


async def test_stop_gives_up_what_does_not_end(world: World) -> None:
    async with Sink({"MAIL": Act.HANG}) as sink:
        world.routes["there.example"] = NextHop(host="127.0.0.1", port=sink.port, tls="none")
        item = await world.accept("a@there.example")
        async with world.running() as dispatcher:
            await world.until(item, State.ACTIVE)
            await dispatcher.stop(grace=0.1)
        assert (await world.store.get(item.id, "default")).state is State.ACTIVE
        assert not sink.mails


async def test_what_is_put_is_what_leaves(world: World) -> None:
    content = CONTENT + b"." + b"x" * 200 + b"\r\n..\r\n.\r\n" + b"y" * 700_000 + b"\r\n"
    async with Sink() as sink:
        world.routes["there.example"] = hop(sink)
        item = await world.accept("a@there.example", content=content)
        async with world.running():
            await world.until(item, State.DONE)
        assert hashlib.sha256(sink.mails[0].content).hexdigest() == item.sha256


async def test_lines_about_an_item_say_whose_it_is(world: World) -> None:
    async with Sink() as sink:
        world.routes["there.example"] = hop(sink)
        with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as log:
            item = await world.accept("a@there.example")
            async with world.running():
                await world.until(item, State.DONE)
    assert [(line["event"], line["tenant"]) for line in log] == [("attempt", "default")]


# What somebody has tried now.


async def test_what_is_tried_now_does_not_stop_at_a_closed_lane(world: World) -> None:
    """The next hop is found absent, its lane is closed for a while, the operator mends it and says: now."""
    async with Sink({"CONNECT": [Act.CLOSE, None]}) as sink:
        world.routes["there.example"] = hop(sink)
        item = await world.accept("a@there.example")
        async with world.running(cool=3600) as dispatcher:
            item = await world.attempted(item)
            assert item.recipients[0].cause == Cause.SESSION_CUT
            assert item.recipients[0].hop == f"127.0.0.1:{sink.port}"
            (before,) = (await retry_now(world.store, OPERATOR, world.clock.now)).items
            assert before.id == item.id
            await world.until(item, State.DONE)
            other = await world.accept("b@there.example")
            dispatcher.wake()
            await world.until(other, State.DONE)  # the lane is open again for everybody
    assert len(sink.mails) == 2


async def test_what_is_tried_again_together_asks_an_absent_next_hop_once(world: World) -> None:
    async with Sink({"CONNECT": Act.CLOSE}) as sink:
        world.routes["there.example"] = hop(sink)
        items = [await world.accept(f"a{n}@there.example") for n in range(30)]
        async with world.running(cool=3600, per_hop=1, poll=60) as dispatcher:
            for item in items:
                await world.attempted(item)
            assert sink.connections == 1
            assert len((await retry_now(world.store, OPERATOR, world.clock.now)).items) == 30
            dispatcher.wake()
            for item in items:
                async with asyncio.timeout(10):
                    while (
                        now := await world.store.get(item.id, "default")
                    ).attempts != 1 or now.due_at == START:
                        await asyncio.sleep(0.01)
            assert sink.connections == 2


async def test_another_node_of_the_same_database_has_it_tried(world: World) -> None:
    """The command line writes to the store; whichever node polls next delivers."""
    async with Sink({"CONNECT": [Act.CLOSE, None]}) as sink:
        world.routes["there.example"] = hop(sink)
        item = await world.accept("a@there.example")
        async with world.running(cool=0):
            await world.attempted(item)
        elsewhere = Store(world.database, world.blobs, "node-b/cli")
        await retry_now(elsewhere, OPERATOR, world.clock.now)
        async with world.running(cool=0):
            await world.until(item, State.DONE)
