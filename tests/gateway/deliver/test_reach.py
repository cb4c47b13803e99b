"""A next hop that is lost and comes back is told once, with its cause."""

import structlog

from gateway.deliver.courier import Courier
from gateway.deliver.next_hop import NextHop, Timeouts
from gateway.deliver.reach import AGAIN, Lost, Reachability
from mail.cause import Cause
from mail.envelope import Envelope, ForwardPath
from mail.reply import Reply
from tests.services.sink import Sink

QUICK = Timeouts(connect=2, command=0.5, block=0.5, final=0.5)
REFUSED = Reply(451, "x", 4, 1, reason="mx:25: Connection refused", cause=Cause.CONNECTION_REFUSED)
EXPIRED = Reply(451, "x", 7, 5, reason="mx:25: certificate has expired", cause=Cause.CERTIFICATE_EXPIRED)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_once_for_each_change() -> None:
    clock = Clock()
    reach = Reachability(clock)
    with structlog.testing.capture_logs() as logs:
        for reply in (REFUSED, REFUSED, REFUSED, EXPIRED, EXPIRED):
            reach.failed("mx:25", reply)
            clock.now += 10
        reach.opened("mx:25")
        reach.opened("mx:25")
    assert [(line["event"], line.get("cause"), line.get("seconds")) for line in logs] == [
        ("next_hop_lost", "connection_refused", None),
        ("next_hop_lost", "certificate_expired", None),
        ("next_hop_back", None, 50),
    ]
    assert [line["log_level"] for line in logs] == ["warning", "warning", "info"]


def test_since_when_and_the_last_cause() -> None:
    clock = Clock()
    reach = Reachability(clock)
    reach.failed("mx:25", REFUSED)
    clock.now += 60
    reach.failed("mx:25", EXPIRED)
    assert reach.lost == [Lost("mx:25", Cause.CERTIFICATE_EXPIRED, EXPIRED.reason, 1000.0, 1060.0)]
    reach.opened("mx:25")
    assert reach.lost == []


def test_one_that_comes_and_goes_does_not_fill_the_log() -> None:
    clock = Clock()
    reach = Reachability(clock)
    with structlog.testing.capture_logs() as logs:
        for _ in range(12):
            reach.failed("mx:25", REFUSED)
            clock.now += AGAIN / 6
            reach.opened("mx:25")
    assert [line["event"] for line in logs].count("next_hop_lost") == 2


def test_what_concerns_one_mail_says_nothing_of_the_host() -> None:
    reach = Reachability()
    reach.failed("mx:25", Reply(451, "busy", 4, 5, cause=Cause.BUSY))
    reach.failed("mx:25", Reply(451, "later"))
    assert reach.lost == []


async def test_both_directions_tell_it() -> None:
    """Arriving mail has no item whose attempts could be read: its next hop is told of all the same."""
    envelope = Envelope("a@here.example", (ForwardPath("x@there.example"),))
    async with Sink({"CONNECT": "421 4.3.2 busy"}) as sink:
        hop = NextHop(host="127.0.0.1", port=sink.port, tls="none", timeouts=QUICK)
        courier = Courier("gw.example")
        with structlog.testing.capture_logs() as logs:
            lent = courier.lend(hop, "192.0.2.1")
            reply = await lent.rcpt(envelope, envelope.forward_paths[0])
            lent.close()
            await courier.deliver(hop, envelope, [b"x: y\r\n\r\n"])
            sink.script.clear()
            (taken,) = await courier.deliver(hop, envelope, [b"x: y\r\n\r\n"])
        assert reply.cause is Cause.SESSION_REFUSED
        assert taken.reply.code == 250
        await courier.close()
    assert [line["event"] for line in logs] == ["next_hop_lost", "next_hop_back"]
    assert logs[0]["hop"] == hop.name
    assert "421 4.3.2 busy" in logs[0]["reason"]
