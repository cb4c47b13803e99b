"""A lent connection: given back while the client is slow, and begun again before anything is sent."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from gateway.deliver.courier import Courier, PoolLimits
from gateway.deliver.lent import LentTransaction
from gateway.deliver.next_hop import NextHop, Timeouts
from mail.envelope import Envelope, ForwardPath
from mail.networks import Networks
from tests.services.sink import Sink

X, Y = ForwardPath("x@there.example"), ForwardPath("y@there.example")
CONTENT = [b"Subject: x\r\n\r\nbody\r\n"]
FROM = Envelope("a@here.example")


@pytest.fixture
async def courier() -> AsyncIterator[Courier]:
    opened = Courier("gw.example", PoolLimits(connections=1, wait=2, unused=60))
    yield opened
    await opened.close()


def lent(courier: Courier, sink: Sink, peer: str = "192.0.2.1") -> LentTransaction:
    timeouts = Timeouts(connect=2, command=2, block=2, final=2)
    return courier.lend(NextHop(host="127.0.0.1", port=sink.port, tls="none", timeouts=timeouts), peer)


def codes(sink: Sink) -> str:
    return " ".join(sink.verbs())


async def test_a_quick_client_keeps_its_connection(courier: Courier) -> None:
    async with Sink() as sink:
        transaction = lent(courier, sink)
        assert (await transaction.rcpt(FROM, X)).code == 250
        assert (await transaction.rcpt(FROM, Y)).code == 250
        assert [r.code for r in await transaction.data(CONTENT)] == [250, 250]
        transaction.close()
        assert codes(sink) == "EHLO MAIL RCPT RCPT DATA"


async def test_what_is_known_already_leaves_in_one_write(courier: Courier) -> None:
    async with Sink() as sink:
        transaction = lent(courier, sink)
        await transaction.rcpt(FROM, X)
        await transaction.rcpt(FROM, Y)
        other = lent(courier, sink, "192.0.2.2")  # waits, so the connection is called in
        await other.rcpt(FROM, X)
        other.close()
        assert [r.code for r in await transaction.data(CONTENT)] == [250, 250]
        bursts = [burst.count(b"\r\n") for burst in sink.bursts if burst.startswith((b"MAIL", b"RSET"))]
        assert sorted(bursts) == [1, 1, 2, 2, 3]
        transaction.close()


async def test_a_refused_MAIL_leaves_a_connection_that_can_be_used_again(courier: Courier) -> None:
    async with Sink({"MAIL": ["451 4.2.0 later"]}) as sink:
        transaction = lent(courier, sink)
        assert (await transaction.rcpt(FROM, X)).code == 451
        assert (await transaction.rcpt(FROM, X)).code == 250
        transaction.close()
        assert sink.connections == 1


async def test_twenty_slow_clients_hold_nobody_up(courier: Courier) -> None:
    async with Sink() as sink:
        slow = [lent(courier, sink, f"192.0.2.{n}") for n in range(20)]
        for transaction in slow:
            assert (await transaction.rcpt(FROM, X)).code == 250
        honest = lent(courier, sink, "198.51.100.1")
        assert (await honest.rcpt(FROM, Y)).code == 250
        assert [r.code for r in await honest.data(CONTENT)] == [250]
        honest.close()
        for transaction in slow:
            assert [r.code for r in await transaction.data(CONTENT)] == [250]
            transaction.close()
        assert sink.connections == 1
        assert [m.recipients for m in sink.mails] == [[b"y@there.example"], *[[b"x@there.example"]] * 20]


async def test_one_that_is_not_used_goes_back_by_itself() -> None:
    courier = Courier("gw.example", PoolLimits(unused=0.01))
    async with Sink() as sink:
        transaction = lent(courier, sink)
        await transaction.rcpt(FROM, X)
        while "RSET" not in sink.verbs():
            await asyncio.sleep(0.01)
        assert [r.code for r in await transaction.data(CONTENT)] == [250]
        assert codes(sink) == "EHLO MAIL RCPT RSET MAIL RCPT DATA"
        transaction.close()
    await courier.close()


@pytest.mark.parametrize("worse", ["451 4.2.0 later", "550 5.1.1 no such user", "452 4.5.3 too many"])
@pytest.mark.parametrize("verb", ["MAIL", "RCPT"])
async def test_a_next_hop_that_changed_its_mind_gets_nothing(courier: Courier, verb: str, worse: str) -> None:
    async with Sink({verb: [None, *[None] * (verb == "RCPT"), None, worse]}) as sink:
        transaction = lent(courier, sink)
        assert (await transaction.rcpt(FROM, X)).code == 250
        assert (await transaction.rcpt(FROM, Y)).code == 250
        other = lent(courier, sink, "192.0.2.2")  # waits, so the connection is called in
        await other.rcpt(FROM, X)
        other.close()
        replies = await transaction.data(CONTENT)
        assert [(r.code, r.enhanced, r.reason) for r in replies] == [(451, "4.4.5", worse)] * 2
        assert not sink.mails
        transaction.close()


async def test_a_better_or_other_taking_answer_is_no_change(courier: Courier) -> None:
    async with Sink({"RCPT": ["251 2.1.5 will forward", None]}) as sink:
        transaction = lent(courier, sink)
        assert (await transaction.rcpt(FROM, X)).code == 251
        other = lent(courier, sink, "192.0.2.2")
        await other.rcpt(FROM, Y)
        other.close()
        assert [r.code for r in await transaction.data(CONTENT)] == [250]


async def test_who_was_refused_is_not_asked_again(courier: Courier) -> None:
    async with Sink({"RCPT": ["550 5.1.1 no such user"]}) as sink:
        transaction = lent(courier, sink)
        assert (await transaction.rcpt(FROM, X)).code == 550
        assert (await transaction.rcpt(FROM, Y)).code == 250
        other = lent(courier, sink, "192.0.2.2")
        await other.rcpt(FROM, Y)
        other.close()
        assert [r.code for r in await transaction.data(CONTENT)] == [250]
        assert [m.recipients for m in sink.mails] == [[b"y@there.example"]]


async def test_a_connection_that_was_lost_meanwhile_is_begun_again(courier: Courier) -> None:
    async with Sink() as sink:
        transaction = lent(courier, sink)
        await transaction.rcpt(FROM, X)
        sink.hang_up()
        await asyncio.wait_for(sink.gone.wait(), 2)
        await asyncio.sleep(0.01)
        assert [r.code for r in await transaction.data(CONTENT)] == [250]
        assert sink.connections == 2


async def test_a_refused_MAIL_is_what_the_client_hears(courier: Courier) -> None:
    async with Sink({"MAIL": ["550 5.7.1 not from you"]}) as sink:
        transaction = lent(courier, sink)
        assert str(await transaction.rcpt(FROM, X)) == "550 5.7.1 not from you"
        assert (await transaction.rcpt(FROM, X)).code == 250
        transaction.close()


async def test_one_client_has_its_share_who_is_exempt_has_none() -> None:
    limits = PoolLimits(connections=3, per_client=1, wait=0.05, unused=60)
    courier = Courier("gw.example", limits, Networks(("10.0.0.0/8",)))
    async with Sink({"DOT": None}) as sink:
        one, two = lent(courier, sink, "2001:db8::1"), lent(courier, sink, "2001:db8::2")
        await one.rcpt(FROM, X)
        await two.rcpt(FROM, X)
        assert codes(sink).count("RSET") == 1, (
            "one client of one /64: the second took the first one's connection"
        )
        trusted = [lent(courier, sink, "10.0.0.1") for _ in range(2)]
        for transaction in trusted:
            await transaction.rcpt(FROM, X)
        assert codes(sink).count("RSET") == 1
        for transaction in (one, two, *trusted):
            transaction.close()
    await courier.close()
