"""Asking over the wire: pages cannot tell it from the service itself."""

import asyncio
import socket
from typing import Any

import pytest

from gateway.service import wire
from gateway.service.asking import SILENT, NoAnswer, Remote, ServiceLine
from gateway.service.wire import Fault
from quarantine.item import NotAllowed
from quarantine.service.service import Service, of
from storage.interfaces import StoreError
from tests.console.premises import Premises
from tests.gateway.service.conftest import joined
from tests.quarantine.service.test_service import ALL, TOKENS, VERBS, staffed

__all__ = ["staffed"]

CHANGING = {"invite", "end_other_sessions", "begin_factor", "reset_factor", "login", "redeem", "logout", "set_password", "change", "close_reports", "passphrase", "open", "ask", "report",
            "withdraw_report", "trust", "enlist", "delist", "agree", "open_reported", "retry", "make_device"}  # fmt: skip


class Odd:
    """Verbs for tests of the wire."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def echo(self, text: str) -> str:
        return f"{self._token}:{text}"

    async def long(self, size: int) -> bytes:
        return bytes(size)

    async def fails(self) -> int:
        raise ZeroDivisionError("a secret of ours")

    async def sleeps(self) -> int:
        await asyncio.Event().wait()
        return 1

    async def lies(self) -> int:
        return "no number"  # type: ignore[return-value]


async def test_every_answer_is_the_one_of_the_service_itself(
    staffed: tuple[Premises, TOKENS, dict[str, str]],
) -> None:
    place, tokens, ids = staffed
    async with joined(Service, of(place.parts)) as remote:
        for name, (_, call) in VERBS.items():
            for who in (*ALL, "other", "once", ""):
                if name in CHANGING:
                    continue
                try:
                    answer: Any = await call(of(place.parts)(tokens[who]), ids)
                except (NotAllowed, ValueError) as refused:
                    with pytest.raises(type(refused)):
                        await call(remote(tokens[who]), ids)  # type: ignore[arg-type]
                else:
                    assert await call(remote(tokens[who]), ids) == answer, name  # type: ignore[arg-type]


async def test_pages_work_over_the_wire(full: Premises) -> None:
    async with joined(Service, of(full.parts)) as remote:
        full.context.services = remote  # type: ignore[assignment]
        hanako = await full.visitor("hanako")
        assert "見積書の送付" in (await hanako.get("/mail/timed")).text
        assert (await hanako.post("/mail/timed/recall")).status_code == 303
        assert (await hanako.get("/mail/outhold")).status_code == 404
    answer = await hanako.get("/mail/timed")
    assert answer.status_code == 503, "the service is gone"
    assert "text/html" in answer.headers["content-type"]


async def test_tokens_go_along_and_answers_find_their_askers() -> None:
    async with joined(Odd, Odd) as remote:
        texts = [f"text {n}" for n in range(200)]
        answers = await asyncio.gather(*(remote(f"t{n}").echo(text) for n, text in enumerate(texts)))
        assert answers == [f"t{n}:{text}" for n, text in enumerate(texts)]


async def test_a_long_answer_does_not_keep_others_waiting_for_its_end() -> None:
    async with joined(Odd, Odd) as remote:
        long = asyncio.ensure_future(remote("").long(50 << 20))
        while not long.done():
            assert await remote("t").echo("x") == "t:x"
            if not long.done():
                break
        else:
            pytest.fail("it came in one piece")
        assert await long == bytes(50 << 20)


async def test_what_nobody_foresaw_is_told_without_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    async with joined(Odd, Odd) as remote:
        with pytest.raises(Fault) as failed:
            await remote("").fails()
        assert "secret" not in str(failed.value)
        with pytest.raises(NoAnswer):
            await remote("").lies()
        with pytest.raises(StoreError):
            await remote("").long(wire.ANSWERED)
        assert await remote("").echo("still there") == ":still there"


async def test_both_ends_have_deadlines() -> None:
    async with joined(Odd, Odd, seconds=0.01) as remote:
        with pytest.raises(StoreError):
            await remote("").sleeps()
    async with joined(Odd, Odd, patience=0.01) as remote:
        with pytest.raises(NoAnswer):
            await remote("").sleeps()


async def test_a_service_that_is_stopped_is_not_waited_for() -> None:
    """A page waited for 40 seconds when the node was stopped (SIGSTOP) or its loop stuck. Nobody reads at the other end."""
    ours, theirs = socket.socketpair()
    line = ServiceLine(*await asyncio.open_unix_connection(sock=theirs), Odd, seconds=1e9, beat=0.001)
    reading = asyncio.ensure_future(line.run())
    with pytest.raises(NoAnswer, match="says nothing"):
        await Remote(line, "").echo("x")
    ours.close()
    await reading


async def test_an_answer_that_takes_long_is_waited_for_while_the_service_is_there() -> None:
    beats, go = [], asyncio.Event()

    class Slow(Odd):
        async def sleeps(self) -> int:
            await go.wait()
            return 1

    async with joined(Odd, Slow, beat=0.01) as remote:
        waiting = asyncio.ensure_future(remote("").sleeps())
        line = remote("")._line
        while len(beats) < 4 * SILENT:
            heard = line._heard
            while line._heard == heard:
                await asyncio.sleep(0.001)
            beats.append(heard)
        assert not waiting.done()
        go.set()
        assert await waiting == 1


async def test_who_waits_when_the_service_goes_is_told() -> None:
    async with joined(Odd, Odd) as remote:
        waiting = asyncio.ensure_future(remote("").sleeps())
        await remote("").echo("it has been sent")
    with pytest.raises(NoAnswer):
        await waiting
    with pytest.raises(NoAnswer):
        await remote("").echo("x")


async def test_there_are_no_other_verbs() -> None:
    async with joined(Odd, Odd) as remote:
        for name in ("_token", "__init__", "nothing"):
            with pytest.raises(AttributeError):
                getattr(Remote(remote("")._line, ""), name + "x")
