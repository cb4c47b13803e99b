"""The watch over the queue: one line and one letter when it is stuck, one line when it moves, from however many nodes."""

from pathlib import Path
from typing import Any

import structlog

from gateway.deliver.courier import Courier
from gateway.deliver.next_hop import NextHop, Timeouts
from gateway.deliver.queue_rounds import QueueRounds
from gateway.deliver.reach import Lost, Reachability
from mail.cause import Cause
from quarantine.item import Item, Outcome, Status
from quarantine.letters.letter import Post
from quarantine.queue.stuck import told
from quarantine.store import Query, Store
from tests.gateway.rounds.test_quarantine_rounds import NOON, Desk, body, desk
from tests.gateway.test_unlock import text_of
from tests.quarantine.items import item
from tests.services.sink import Sink

RELAY, MAILBOX = NextHop(host="relay.example"), NextHop(host="mailbox.example", port=24)
POSTMASTER = "postmaster@example.co.jp"


def rounds(
    here: Desk,
    *,
    lost: tuple[Lost, ...] = (),
    way: NextHop | None = MAILBOX,
    node: str = "n1",
    language: str = "en",
) -> QueueRounds:
    store = Store(here.store.database, here.store.blobs, node)
    post = Post(here.settings, here.store.blobs.put)
    courier = Courier("gw.example")
    courier.reach = Reachability(here.clock)
    courier.reach._lost = {each.hop: each for each in lost}
    return QueueRounds(
        here.settings, store, courier, lambda *_: way, post, here.clock,
        postmaster=lambda tenant: POSTMASTER, language=lambda tenant: language, console_url="https://console.example",
    )  # fmt: skip


async def absent(here: Desk, hop: NextHop = RELAY, cause: Cause = Cause.CERTIFICATE_EXPIRED) -> Item:
    """A mail that was tried twice in vain, the second time ten minutes ago."""
    (one,) = await here.store.put([item("a@x.example")], NOON - 900, "test")
    for at, due in ((NOON - 900, NOON - 600), (NOON - 600, NOON + 900)):
        (leased,) = await here.store.lease(at, 1, 60)
        await here.store.finish(leased, [Outcome(0, Status.DEFERRED, "451 no", cause, hop.name)], at, due)
    return one


async def delivered(here: Desk, one: Item) -> None:
    leased = next(i for i in await here.store.lease(NOON + 900, 10, 60) if i.id == one.id)
    await here.store.finish(leased, [Outcome(0, Status.DELIVERED, "250 ok")], NOON + 900, None)


async def letters(here: Desk) -> list[Item]:
    return await here.store.find(Query("default", direction="notice"))


def events(logs: list[Any]) -> list[str]:
    return [line["event"] for line in logs]


async def test_once_however_many_nodes_and_starts(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        one = await absent(here)
        with structlog.testing.capture_logs() as logs:
            for each in (rounds(here), rounds(here, node="n2"), rounds(here)):
                await each.look()
                await each.look()
        assert events(logs) == ["queue_stuck"]
        line = logs[0]
        assert (line["log_level"], line["hop"], line["cause"], line["mails"], line["letter"]) == (
            "error", "relay.example:25", "certificate_expired", 1, True,
        )  # fmt: skip
        (letter,) = await letters(here)
        assert [r.path.address for r in letter.recipients] == [POSTMASTER]
        text = text_of(await body(here, letter))
        assert "relay.example:25 does not take our mail" in text
        assert "1 message is waiting" in text
        assert "has expired" in text
        assert "Renew the certificate there." in text
        here.clock.now = NOON + 901
        await delivered(here, one)
        with structlog.testing.capture_logs() as logs:
            for each in (rounds(here), rounds(here, node="n2")):
                await each.look()
        assert events(logs) == ["queue_moves"]
        assert logs[0]["seconds"] == 1801
        assert len(await letters(here)) == 1


async def test_a_second_standstill_is_told_again(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        with structlog.testing.capture_logs() as logs:
            for _ in range(2):
                here.clock.now = NOON
                one = await absent(here)
                await rounds(here).look()
                here.clock.now = NOON + 901
                await delivered(here, one)
                await rounds(here).look()
        assert events(logs) == ["queue_stuck", "queue_moves"] * 2


async def test_no_letter_that_would_have_to_go_the_same_way(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        await absent(here)
        with structlog.testing.capture_logs() as logs:
            await rounds(here, way=RELAY).look()
        assert await letters(here) == []
        assert [(line["event"], line["letter"]) for line in logs] == [("queue_stuck", False)]


async def test_nor_to_nobody_and_nowhere(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        await absent(here, cause=Cause.NO_ROUTE)
        with structlog.testing.capture_logs() as logs:
            await rounds(here, way=None).look()
        assert await letters(here) == []
        assert events(logs) == ["queue_stuck"]


async def test_a_next_hop_that_arriving_mail_cannot_reach(tmp_path: Path) -> None:
    """Arriving mail is answered 451 and leaves no item: only the node that tries it knows."""
    async with desk(tmp_path) as here:
        lost = Lost(MAILBOX.name, Cause.NO_ANSWER, "mailbox.example:24", NOON - 300, NOON - 5)
        young = Lost("other:25", Cause.NO_ANSWER, "", NOON - 60, NOON - 5)
        once = Lost("third:25", Cause.NO_ANSWER, "", NOON - 300, NOON - 300)
        with structlog.testing.capture_logs() as logs:
            for _ in range(2):
                await rounds(here, lost=(lost, young, once), way=RELAY, language="ja").look()
            await rounds(here, node="n2").look()
        assert [(line["event"], line["hop"], line["mails"]) for line in logs] == [
            ("queue_stuck", MAILBOX.name, 0)
        ]
        (letter,) = await letters(here)
        assert "受信メールは一時的に拒否しています" in text_of(await body(here, letter))
        assert len(await told(here.store.database, "default")) == 1, "another node does not end it"
        with structlog.testing.capture_logs() as logs:
            await rounds(here).look()
        assert events(logs) == ["queue_moves"]


async def test_it_is_over_when_a_probe_reaches_it_without_any_mail(tmp_path: Path) -> None:
    """The home page said until the next mail that arriving mail is turned away: on a Sunday the whole day."""
    async with desk(tmp_path) as here, Sink() as sink:
        hop = NextHop(host="127.0.0.1", port=sink.port, tls="none", timeouts=Timeouts(connect=2, command=2))
        watch = rounds(here, lost=(Lost(hop.name, Cause.NO_ANSWER, "", NOON - 300, NOON - 5),), way=RELAY)
        watch._courier._pool(hop)
        with structlog.testing.capture_logs() as logs:
            await watch.look()
            assert [(row.hop, row.node) for row in await told(here.store.database, "default")] == [
                (hop.name, "n1")
            ]
            await watch._courier.look_again()
            await watch.look()
        assert await told(here.store.database, "default") == []
        assert events(logs) == ["queue_stuck", "next_hop_back", "queue_moves"]
        assert sink.mails == []


async def test_a_probe_that_fails_says_why_now(tmp_path: Path) -> None:
    async with desk(tmp_path) as here, Sink({"EHLO": "421 4.3.2 not now"}) as sink:
        hop = NextHop(host="127.0.0.1", port=sink.port, tls="none", timeouts=Timeouts(connect=2, command=2))
        watch = rounds(here, lost=(Lost(hop.name, Cause.NO_ANSWER, "", NOON - 300, NOON - 5),), way=RELAY)
        watch._courier._pool(hop)
        await watch._courier.look_again()
        (lost,) = watch._courier.reach.lost
        assert (lost.cause, lost.since) == (Cause.SESSION_REFUSED, NOON - 300)
        assert lost.last > NOON - 5


async def test_what_the_items_say_is_not_said_twice(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        await absent(here)
        lost = Lost(RELAY.name, Cause.CERTIFICATE_EXPIRED, "", NOON - 900, NOON - 5)
        with structlog.testing.capture_logs() as logs:
            await rounds(here, lost=(lost,)).look()
            await rounds(here, lost=(lost,)).look()
        assert events(logs) == ["queue_stuck"]
