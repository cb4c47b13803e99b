"""Transactions on the wire: bursts, extensions, contents, in-line use."""

import asyncio
import itertools
from collections.abc import AsyncIterator

import pytest

from gateway.deliver.courier import Courier
from gateway.deliver.lines import BAD_ADDRESS
from gateway.deliver.next_hop import NextHop, Timeouts
from gateway.deliver.transaction import BAD_CONTENT
from mail.envelope import Envelope, ForwardPath
from quarantine.item import Status
from tests.services.sink import Act, Sink

QUICK = Timeouts(connect=5, command=1.5, block=1.5, final=1.5)
CONTENT = [b"Subject: x\r\n\r\nbody\r\n"]
X, Y = ForwardPath("x@there.example"), ForwardPath("y@there.example")


@pytest.fixture
async def courier() -> AsyncIterator[Courier]:
    opened = Courier("gw.example")
    yield opened
    await opened.close()


def hop(sink: Sink, **more: object) -> NextHop:
    return NextHop(**{"host": "127.0.0.1", "port": sink.port, "tls": "none", "timeouts": QUICK, **more})  # type: ignore[arg-type]


async def test_one_burst_and_one_content(courier: Courier) -> None:
    envelope = Envelope("a@here.example", (X, Y))
    async with Sink() as sink:
        await courier.deliver(hop(sink), envelope, [b"Received: x\r\n", *CONTENT])
        assert sink.bursts == [
            b"EHLO gw.example\r\n",
            b"MAIL FROM:<a@here.example> SIZE=33\r\nRCPT TO:<x@there.example>\r\nRCPT TO:<y@there.example>\r\nDATA\r\n",
            b"Received: x\r\nSubject: x\r\n\r\nbody\r\n.\r\n",
        ]


async def test_one_by_one_where_pipelining_is_not_offered(courier: Courier) -> None:
    async with Sink(extensions=()) as sink:
        await courier.deliver(hop(sink), Envelope("a@here.example", (X,)), CONTENT)
        assert sink.bursts[1:4] == [
            b"MAIL FROM:<a@here.example>\r\n",
            b"RCPT TO:<x@there.example>\r\n",
            b"DATA\r\n",
        ]


@pytest.mark.parametrize(
    "offered", [set(c) for n in range(4) for c in itertools.combinations(("DSN", "8BITMIME", "SMTPUTF8"), n)]
)
async def test_parameters_follow_the_offer(courier: Courier, offered: set[str]) -> None:
    envelope = Envelope(
        "a@here.example", (ForwardPath("x@there.example", ("SUCCESS",), "rfc822;x@there.example"),),
        ret="FULL", envid="e1", body="8BITMIME", smtputf8=True,
    )  # fmt: skip
    async with Sink(extensions=tuple(offered)) as sink:
        (outcome,) = await courier.deliver(hop(sink), envelope, CONTENT)
        assert outcome.status is Status.DELIVERED
        assert outcome.dsn == ("DSN" in offered)
        mail, (rcpt,) = sink.mails[0].mail, sink.mails[0].rcpts
        assert (b" RET=FULL ENVID=e1" in mail) == ("DSN" in offered)
        assert (b" NOTIFY=SUCCESS ORCPT=rfc822;x@there.example" in rcpt) == ("DSN" in offered)
        assert (b" BODY=8BITMIME" in mail) == ("8BITMIME" in offered)
        assert (b" SMTPUTF8" in mail) == ("SMTPUTF8" in offered)


async def test_non_ascii_recipients_fail_alone_where_smtputf8_is_not_offered(courier: Courier) -> None:
    envelope = Envelope("a@here.example", (ForwardPath("\u5c71@there.example"), Y), smtputf8=True)
    async with Sink(extensions=("PIPELINING",)) as sink:
        one, two = await courier.deliver(hop(sink), envelope, CONTENT)
        assert (one.status, one.reply.enhanced) == (Status.FAILED, "5.6.7")
        assert two.status is Status.DELIVERED
        assert sink.mails[0].recipients == [b"y@there.example"]


async def test_non_ascii_all_the_way(courier: Courier) -> None:
    envelope = Envelope("\u5c71@here.example", (ForwardPath("\u5ddd@there.example"),), smtputf8=True)
    async with Sink() as sink:
        (outcome,) = await courier.deliver(hop(sink), envelope, ["Subject: \u5c71\r\n\r\n".encode()])
        assert outcome.status is Status.DELIVERED
        assert sink.mails[0].reverse_path.decode() == "\u5c71@here.example"


async def test_what_cannot_be_written_or_sent_fails_here(courier: Courier) -> None:
    bad = ForwardPath("x\r\n@y.example")
    async with Sink() as sink:
        one, two = await courier.deliver(hop(sink), Envelope("a@here.example", (bad, Y)), CONTENT)
        assert (one.reply, two.status) == (BAD_ADDRESS, Status.DELIVERED)
        (one,) = await courier.deliver(hop(sink), Envelope("a@here.example", (bad,)), CONTENT)
        assert one.reply == BAD_ADDRESS
        (one,) = await courier.deliver(hop(sink), Envelope("a\n@here.example", (X,)), CONTENT)
        assert one.reply == BAD_ADDRESS
        (one,) = await courier.deliver(
            hop(sink), Envelope("a@here.example", (X,)), [b"S: x\r\n\r\na\n.\r\nMAIL FROM:<>\r\n"]
        )
        assert one.reply == BAD_CONTENT
        assert len(sink.mails) == 1
        assert not any(b"evil" in command for command in sink.commands)


@pytest.mark.parametrize("size", [0, 1, 70_000, 262_144, 262_145, 3_000_000])
async def test_content_arrives_byte_for_byte(courier: Courier, size: int) -> None:
    line = b".dots.\r\n..\r\n\xff\r\n"
    content = b"S: x\r\n\r\n" + (line * (size // len(line) + 1))[:size] + b"\r\n"
    view = memoryview(content)
    async with Sink() as sink:
        patient = hop(sink, timeouts=Timeouts())  # a loaded machine may take its time over 3 MB
        (outcome,) = await courier.deliver(patient, Envelope("", (X,)), [view[:5], b"", view[5:9], view[9:]])
        assert outcome.status is Status.DELIVERED
        assert sink.mails[0].content == content


# In line: one command after the other, as the client gives them.


async def test_in_line(courier: Courier) -> None:
    async with Sink({"RCPT": [None, "550 5.1.1 no such user"]}) as sink:
        async with await courier.open(hop(sink)) as transaction:
            assert (await transaction.mail(Envelope("a@here.example"))).code == 250
            assert (await transaction.rcpt(X)).code == 250
            assert str(await transaction.rcpt(Y)) == "550 5.1.1 no such user"
            (reply,) = await transaction.data(CONTENT)
            assert str(reply) == "250 2.0.0 taken"
            assert (await transaction.mail(Envelope(""))).code == 250
            assert (await transaction.rcpt(Y)).code == 250
            assert len(await transaction.data(CONTENT)) == 1
        assert [m.recipients for m in sink.mails] == [[b"x@there.example"], [b"y@there.example"]]
        assert sink.connections == 1
        assert sink.verbs()[-1] == "DATA", "a finished transaction needs no RSET"


async def test_lmtp_in_line_answers_per_recipient(courier: Courier) -> None:
    async with (
        Sink({"DOT": [None, "452 4.2.2 full"]}, lmtp=True) as sink,
        await courier.open(hop(sink, lmtp=True)) as transaction,
    ):
        await transaction.mail(Envelope("a@here.example"))
        for path in (X, Y):
            await transaction.rcpt(path)
        assert [r.code for r in await transaction.data(CONTENT)] == [250, 452]


async def test_a_transaction_that_was_not_finished_is_forgotten(courier: Courier) -> None:
    async with Sink() as sink:
        for _ in range(2):
            async with await courier.open(hop(sink)) as transaction:
                await transaction.mail(Envelope("a@here.example"))
                await transaction.rcpt(X)
        await courier.close()
        await asyncio.wait_for(sink.gone.wait(), 2)
        assert sink.verbs() == ["EHLO", "MAIL", "RCPT", "RSET", "MAIL", "RCPT", "RSET", "QUIT"]
        assert sink.connections == 1


@pytest.mark.parametrize("answer", ["500 5.5.1 what?", Act.CLOSE, Act.HANG])
async def test_a_connection_that_cannot_be_reset_is_not_kept(
    courier: Courier, answer: str | Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.deliver.courier.RESET", 0.2)
    async with Sink({"RSET": [answer]}) as sink:
        for _ in range(2):
            async with await courier.open(hop(sink)) as transaction:
                assert (await transaction.mail(Envelope("a@here.example"))).code == 250
        assert sink.connections == 2


async def test_a_host_that_is_not_there_answers_451_to_everything(courier: Courier) -> None:
    async with Sink() as sink:
        pass
    async with await courier.open(hop(sink)) as transaction:
        assert not transaction.connected
        assert transaction.fault is not None
        assert (await transaction.mail(Envelope("a@here.example"))).code == 451
        assert (await transaction.rcpt(X)).code == 451
        assert await transaction.data(CONTENT) == []


async def test_lost_between_the_commands(courier: Courier) -> None:
    """The client took its time, the next hop did not: nothing is known to be delivered, and nobody is told so."""
    async with Sink() as sink:
        async with await courier.open(hop(sink)) as transaction:
            await transaction.mail(Envelope("a@here.example"))
            await transaction.rcpt(X)
            sink.hang_up()
            (reply,) = await transaction.data(CONTENT)
            assert reply.code == 451
            assert not transaction.unknown
        async with await courier.open(hop(sink)) as transaction:
            assert (await transaction.mail(Envelope("a@here.example"))).code == 250


async def test_lost_after_the_dot_is_unknown(courier: Courier) -> None:
    async with Sink({"DOT": Act.CLOSE}) as sink, await courier.open(hop(sink)) as transaction:
        await transaction.mail(Envelope("a@here.example"))
        await transaction.rcpt(X)
        (reply,) = await transaction.data(CONTENT)
        assert reply.code == 451
        assert transaction.unknown


async def test_an_exception_in_between_aborts(courier: Courier) -> None:
    async def use(sink: Sink) -> None:
        async with await courier.open(hop(sink)) as transaction:
            await transaction.mail(Envelope("a@here.example"))
            raise RuntimeError

    async with Sink() as sink:
        with pytest.raises(RuntimeError):
            await use(sink)
        await asyncio.wait_for(sink.gone.wait(), 2)
        assert sink.verbs() == ["EHLO", "MAIL"]


async def test_after_its_end_a_transaction_says_so(courier: Courier) -> None:
    async with Sink() as sink:
        transaction = await courier.open(hop(sink))
        transaction.close()
        transaction.close()
        transaction.abort()
        assert (await transaction.mail(Envelope("a@here.example"))).code == 451
        assert sink.open == 1, "the connection is in the pool, untouched"
