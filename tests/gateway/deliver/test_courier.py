"""The courier against a scripted next hop: every fault at every verb (O04), pooling, many recipients."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from gateway.deliver.courier import BUSY, AttemptOutcome, Courier, PoolLimits, status_of
from gateway.deliver.next_hop import NextHop, Timeouts
from mail.envelope import Envelope, ForwardPath
from mail.reply import Reply
from quarantine.item import Status
from tests.services.sink import Act, Sink, Step

QUICK = Timeouts(connect=2, command=0.3, block=0.3, final=0.3)
CONTENT = [b"Subject: x\r\n\r\n", b"body\r\n.\r\n..\r\n"]
WHOLE = b"".join(CONTENT)
PLAIN = ("8BITMIME", "SIZE 52428800", "DSN")
TWO = Envelope("a@here.example", (ForwardPath("x@there.example"), ForwardPath("y@there.example")))

D, F, OK = Status.DEFERRED, Status.FAILED, Status.DELIVERED


@pytest.fixture
async def courier() -> AsyncIterator[Courier]:
    opened = Courier("gw.example", PoolLimits(connections=3, wait=0.3))
    yield opened
    await opened.close()


def hop(sink: Sink, **more: object) -> NextHop:
    return NextHop(**{"host": "127.0.0.1", "port": sink.port, "tls": "none", "timeouts": QUICK, **more})  # type: ignore[arg-type]


def statuses(outcomes: list[AttemptOutcome]) -> list[Status]:
    return [outcome.status for outcome in outcomes]


BEFORE = ("CONNECT", "EHLO")
VERBS = (*BEFORE, "MAIL", "RCPT", "DATA", "BODY", "DOT")
FAULTS: dict[str, Step] = {
    "421": "421 4.3.2 shutting down",
    "451": "451 4.3.0 later",
    "554": "554 5.7.1 never",
    "odd reply": "354 what",
    "hang": Act.HANG,
    "close": Act.CLOSE,
    "reset": Act.RESET,
    "garbage": Act.GARBAGE,
    "endless line": Act.ENDLESS,
    "byte by byte": Act.TRICKLE,
}


@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelined", "one by one"])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("verb", VERBS)
async def test_only_an_explicit_5yz_about_the_mail_is_permanent(
    courier: Courier, verb: str, fault: str, pipelining: bool
) -> None:
    step = FAULTS[fault]
    if verb == "DATA" and fault == "odd reply":
        step = "250 what"
    async with Sink({verb: step}, extensions=(*PLAIN, "PIPELINING") if pipelining else PLAIN) as sink:
        if verb == "BODY" and isinstance(step, str):
            content = [b"Subject: x\r\n\r\n" + b"x" * 3_000_000]  # answered before its end
        else:
            content = CONTENT
        outcomes = await courier.deliver(hop(sink), TWO, content)
        permanent = fault == "554" and verb not in BEFORE
        assert statuses(outcomes) == [F if permanent else D] * 2
        assert all(outcome.reply.code >= 400 for outcome in outcomes)
        assert verb in ("BODY", "DOT") or not sink.mails
        if verb != "BODY":  # there it depends on how much the buffers took
            unclear = {"odd reply", "hang", "close", "reset", "garbage", "endless line", "byte by byte"}
            assert [o.unknown for o in outcomes] == [verb == "DOT" and fault in unclear] * 2
        assert "something that is not a reply" not in outcomes[0].reply.text or fault in (
            "garbage",
            "endless line",
        )


@pytest.mark.parametrize("fault", [Act.CLOSE, Act.HANG, Act.RESET, Act.TRICKLE])
async def test_a_broken_body_is_known_not_to_be_delivered(courier: Courier, fault: Act) -> None:
    """More than fits into buffers, so that the loss is seen before the final dot."""
    async with Sink({"BODY": fault}) as sink:
        outcomes = await courier.deliver(hop(sink), TWO, [b"Subject: x\r\n\r\n", b"x\r\n" * 8_000_000])
        assert [(o.status, o.unknown) for o in outcomes] == [(D, False)] * 2
        assert not sink.mails


async def test_a_host_that_is_not_there(courier: Courier) -> None:
    async with Sink() as sink:
        pass
    outcomes = await courier.deliver(hop(sink), TWO, CONTENT)
    assert [(o.status, o.connected, o.reply.enhanced) for o in outcomes] == [(D, False, "4.4.1")] * 2


async def test_a_name_that_has_no_address(courier: Courier) -> None:
    nowhere = NextHop(host="nowhere.invalid", tls="none", timeouts=QUICK)
    outcomes = await courier.deliver(nowhere, TWO, CONTENT)
    assert all(o.status is D and "nowhere" not in o.reply.text for o in outcomes)


@pytest.mark.parametrize("extensions", [PLAIN, (*PLAIN, "PIPELINING")], ids=["one by one", "pipelined"])
@pytest.mark.parametrize("lmtp", [False, True], ids=["SMTP", "LMTP"])
async def test_recipients_have_their_own_outcomes(
    courier: Courier, extensions: tuple[str, ...], lmtp: bool
) -> None:
    replies = [None, "550 5.1.1 no", "450 4.2.0 busy", None]
    envelope = Envelope("a@here.example", tuple(ForwardPath(f"{n}@there.example") for n in range(4)))
    async with Sink({"RCPT": replies}, extensions=extensions, lmtp=lmtp) as sink:
        outcomes = await courier.deliver(hop(sink, lmtp=lmtp), envelope, CONTENT)
        assert statuses(outcomes) == [OK, F, D, OK]
        assert [r for m in sink.mails for r in m.recipients] == [b"0@there.example", b"3@there.example"]
        assert {m.content for m in sink.mails} == {WHOLE}


async def test_lmtp_answers_per_recipient(courier: Courier) -> None:
    envelope = Envelope("a@here.example", tuple(ForwardPath(f"{n}@there.example") for n in range(4)))
    async with Sink({"DOT": [None, "552 5.2.2 full", "451 4.2.2 later", Act.CLOSE]}, lmtp=True) as sink:
        outcomes = await courier.deliver(hop(sink, lmtp=True), envelope, CONTENT)
    assert statuses(outcomes) == [OK, F, D, D]
    assert [o.unknown for o in outcomes] == [False, False, False, True]


async def test_when_nobody_is_taken_no_content_is_sent(courier: Courier) -> None:
    async with Sink({"RCPT": "550 5.1.1 no", "DATA": "354 go"}) as sink:
        assert statuses(await courier.deliver(hop(sink), TWO, CONTENT)) == [F, F]
        assert not sink.mails
        sink.script.clear()
        assert statuses(await courier.deliver(hop(sink), TWO, CONTENT)) == [OK, OK]


async def test_refused_mail_command_speaks_for_all_and_the_503s_behind_it_for_nobody(
    courier: Courier,
) -> None:
    """Pipelined RCPTs behind a deferred MAIL are answered 503; taking that as permanent would bounce the mail."""
    async with Sink({"MAIL": ["451 4.3.0 later"]}) as sink:
        outcomes = await courier.deliver(hop(sink), TWO, CONTENT)
        assert [str(o) for o in outcomes] == ["451 4.3.0 later"] * 2
        assert statuses(await courier.deliver(hop(sink), TWO, CONTENT)) == [OK, OK]
        assert sink.connections == 1, "the connection was still good"


# Many recipients.


async def test_recipients_beyond_the_limit_go_in_further_transactions(courier: Courier) -> None:
    envelope = Envelope("a@here.example", tuple(ForwardPath(f"{n}@there.example") for n in range(250)))
    async with Sink() as sink:
        outcomes = await courier.deliver(hop(sink), envelope, CONTENT)
        assert statuses(outcomes) == [OK] * 250
        assert [o.index for o in outcomes] == list(range(250))
        assert [len(m.rcpts) for m in sink.mails] == [100, 100, 50]
        assert sink.connections == 1


@pytest.mark.parametrize("reply", ["452 4.5.3 too many", "552 5.5.3 too many", "452 too many"])
async def test_too_many_recipients_are_sent_again_at_once(courier: Courier, reply: str) -> None:
    envelope = Envelope("a@here.example", tuple(ForwardPath(f"{n}@there.example") for n in range(5)))
    async with Sink({"RCPT": [None, None, None, reply, reply]}) as sink:
        assert statuses(await courier.deliver(hop(sink), envelope, CONTENT)) == [OK] * 5
        assert [m.recipients for m in sink.mails] == [
            [b"0@there.example", b"1@there.example", b"2@there.example"],
            [b"3@there.example", b"4@there.example"],
        ]


async def test_too_many_for_the_first_recipient_is_a_deferral(courier: Courier) -> None:
    async with Sink({"RCPT": "452 4.5.3 too many"}) as sink:
        assert statuses(await courier.deliver(hop(sink), TWO, CONTENT)) == [D, D]
        assert sink.verbs().count("MAIL") == 1


async def test_an_unreachable_host_is_tried_once_for_all_recipients() -> None:
    envelope = Envelope("a@here.example", tuple(ForwardPath(f"{n}@there.example") for n in range(300)))
    async with Sink({"CONNECT": "554 5.3.2 no"}) as sink:
        outcomes = await Courier("gw.example").deliver(hop(sink), envelope, CONTENT)
        assert statuses(outcomes) == [D] * 300
        assert sink.connections == 1


# The pool.


async def test_connections_are_kept_and_reused(courier: Courier) -> None:
    async with Sink() as sink:
        for _ in range(5):
            assert statuses(await courier.deliver(hop(sink), TWO, CONTENT)) == [OK, OK]
        assert sink.connections == 1
        assert sink.verbs().count("EHLO") == 1
        await courier.close()
        await asyncio.wait_for(sink.gone.wait(), 2)
        assert sink.verbs()[-1] == "QUIT"


async def test_next_hops_do_not_share_connections(courier: Courier) -> None:
    async with Sink() as sink:
        await courier.deliver(hop(sink), TWO, CONTENT)
        await courier.deliver(hop(sink, host="localhost"), TWO, CONTENT)
        assert sink.connections == 2


@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelined", "one by one"])
@pytest.mark.parametrize("how", ["closed", "421 to MAIL", "closed at MAIL"])
async def test_a_kept_connection_that_died_is_replaced_once(
    courier: Courier, how: str, pipelining: bool
) -> None:
    async with Sink(extensions=(*PLAIN, "PIPELINING") if pipelining else PLAIN) as sink:
        await courier.deliver(hop(sink), TWO, CONTENT)
        if how == "closed":
            sink.hang_up()
        else:
            sink.script["MAIL"] = [None, "421 4.4.2 idle for too long" if how == "421 to MAIL" else Act.CLOSE]
        assert statuses(await courier.deliver(hop(sink), TWO, CONTENT)) == [OK, OK]
        assert sink.connections == 2
        assert len(sink.mails) == 2


async def test_a_kept_connection_is_replaced_only_once(courier: Courier) -> None:
    async with Sink() as sink:
        await courier.deliver(hop(sink), TWO, CONTENT)
        sink.script["MAIL"] = Act.CLOSE
        assert statuses(await courier.deliver(hop(sink), TWO, CONTENT)) == [D, D]
        assert sink.connections == 2


async def test_content_is_never_sent_again_by_the_pool(courier: Courier) -> None:
    """A kept connection lost after content went out is an attempt that failed, not one to repeat silently."""
    async with Sink({"DOT": [None, Act.CLOSE]}) as sink:
        await courier.deliver(hop(sink), TWO, CONTENT)
        outcomes = await courier.deliver(hop(sink), TWO, CONTENT)
        assert [(o.status, o.unknown) for o in outcomes] == [(D, True)] * 2
        assert sink.connections == 1


async def test_a_421_that_nobody_asked_for_is_not_taken_for_a_reply(courier: Courier) -> None:
    async with Sink({"DOT": [Act.UNASKED]}) as sink:
        await courier.deliver(hop(sink), TWO, CONTENT)
        await asyncio.sleep(0.05)
        assert statuses(await courier.deliver(hop(sink), TWO, CONTENT)) == [OK, OK]
        assert sink.connections == 2


async def test_idle_connections_are_closed() -> None:
    courier = Courier("gw.example", PoolLimits(idle=0.05))
    async with Sink() as sink:
        await courier.deliver(hop(sink), TWO, CONTENT)
        await asyncio.wait_for(sink.gone.wait(), 2)
        assert sink.verbs()[-1] == "QUIT"


async def test_a_connection_carries_a_limited_number_of_mails() -> None:
    courier = Courier("gw.example", PoolLimits(mails=2))
    async with Sink() as sink:
        for _ in range(5):
            await courier.deliver(hop(sink), TWO, CONTENT)
        assert sink.connections == 3
    await courier.close()


async def test_all_connections_in_use(courier: Courier) -> None:
    async with Sink() as sink:
        lent = [await courier.open(hop(sink)) for _ in range(3)]
        outcomes = await courier.deliver(hop(sink), TWO, CONTENT)
        assert [o.reply for o in outcomes] == [BUSY, BUSY]
        lent[0].close()
        assert statuses(await courier.deliver(hop(sink), TWO, CONTENT)) == [OK, OK]
        for transaction in lent:
            transaction.close()


async def test_failures_give_their_slot_back(courier: Courier) -> None:
    async with Sink({"CONNECT": ["554 no"] * 5 + [None]}) as sink:
        for _ in range(5):
            assert statuses(await courier.deliver(hop(sink), TWO, CONTENT)) == [D, D]
        assert statuses(await courier.deliver(hop(sink), TWO, CONTENT)) == [OK, OK]


@pytest.mark.parametrize("moment", ["CONNECT", "MAIL", "DOT"])
async def test_cancelling_gives_the_slot_back_and_closes(courier: Courier, moment: str) -> None:
    slow = Timeouts()
    async with Sink({moment: [Act.HANG] * 3}) as sink:
        for number in range(1, 4):
            delivery = asyncio.ensure_future(courier.deliver(hop(sink, timeouts=slow), TWO, CONTENT))
            while sink.hung < number:
                await asyncio.sleep(0.005)
            delivery.cancel()
            with pytest.raises(asyncio.CancelledError):
                await delivery
        assert statuses(await courier.deliver(hop(sink, timeouts=slow), TWO, CONTENT)) == [OK, OK]


async def test_the_time_limit_of_a_delivery_covers_everything(courier: Courier) -> None:
    """Outcomes that were learned before the limit stay."""
    envelope = Envelope("a@here.example", tuple(ForwardPath(f"{n}@there.example") for n in range(3)))
    for seconds in (0.5, 5, 50):  # more where the machine is too busy for what is answered
        async with Sink({"MAIL": [None, Act.HANG]}) as sink:
            slow = hop(sink, timeouts=Timeouts(), recipients=2)
            outcomes = await courier.deliver(slow, envelope, CONTENT, seconds=seconds)
        if sink.hung:
            break
    assert statuses(outcomes) == [OK, OK, D]
    assert outcomes[2].reply.enhanced == "4.4.7"


async def test_a_delivery_whose_time_is_over_does_not_begin(courier: Courier) -> None:
    async with Sink() as sink:
        assert statuses(await courier.deliver(hop(sink), TWO, CONTENT, seconds=-1)) == [D, D]
        assert not sink.mails


async def test_deliveries_run_side_by_side(courier: Courier) -> None:
    async with Sink() as sink:
        outcomes = await asyncio.gather(*(courier.deliver(hop(sink), TWO, CONTENT) for _ in range(20)))
        assert all(statuses(one) == [OK, OK] for one in outcomes)
        assert sink.connections <= 3
        assert len(sink.mails) == 20


async def test_old_hosts_without_ehlo(courier: Courier) -> None:
    async with Sink(helo_only=True) as sink:
        assert statuses(await courier.deliver(hop(sink), TWO, CONTENT)) == [OK, OK]
        assert sink.mails[0].mail == b"MAIL FROM:<a@here.example>"


async def test_lmtp_does_not_fall_back_to_helo(courier: Courier) -> None:
    async with Sink(helo_only=True) as sink:
        assert statuses(await courier.deliver(hop(sink, lmtp=True), TWO, CONTENT)) == [D, D]
        assert set(sink.verbs()) == {"LHLO"}


@pytest.mark.parametrize(
    ("code", "status"),
    [(250, OK), (251, OK), (354, D), (421, D), (452, D), (550, F), (599, F), (600, D), (99, D)],
)
def test_status_of(code: int, status: Status) -> None:
    assert status_of(Reply(code, "")) is status
