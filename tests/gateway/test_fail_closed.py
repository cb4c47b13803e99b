"""Whatever in the gateway goes wrong while a mail is taken, the mail that has to be stopped does not pass (T47).

Every function of the gateway's own rooms that such a mail goes through is made to raise, one after the other: the client hears
4yz or the mail is in custody, the next hop never sees it, and what was raised stands in no reply. Afterwards all is well again.
"""

import asyncio
import contextlib
import importlib
import inspect
import smtplib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import pytest

from quarantine.item import State
from quarantine.store import Query
from tests.gateway.test_app import SATO, TARO
from tests.services.node import Site, site

ROOMS = (
    "gateway.checkpoint", "gateway.custody", "gateway.fact_finding", "gateway.inbound", "gateway.outbound", "gateway.outgoing",
    "gateway.released", "gateway.session", "gateway.refusals", "gateway.locked.answer_check", "gateway.locked.channel",
    "gateway.locked.pool", "gateway.locked.workers", "gateway.locked.room", "gateway.locked.shares", "gateway.notices",
    "quarantine.intake", "quarantine.rows", "quarantine.records", "quarantine.store", "quarantine.queue.leasing",
    "storage.contents", "storage.kept", "storage.day_seal", "storage.day_keys", "storage.journal", "storage.keys",
)  # fmt: skip
"""Modules that a mail goes through between its first command and the reply to its final dot."""
WORDS = "planted fault 7731"
MARK = b"MZ-marker-4409"
FEWEST = 30


def planted(*_: object, **__: object) -> None:
    raise RuntimeError("planted fault 7731")


def functions() -> Iterator[FunctionType]:
    """Those of the rooms that another body can be put into."""
    for name in ROOMS:
        module = importlib.import_module(name)
        for value in (*vars(module).values(), *methods(module)):
            plain = getattr(value, "__func__", value)
            if (
                isinstance(plain, FunctionType)
                and plain.__module__ == name
                and not plain.__code__.co_freevars
            ):
                yield plain


def methods(module: ModuleType) -> Iterator[object]:
    for value in vars(module).values():
        if inspect.isclass(value) and value.__module__ == module.__name__:
            yield from vars(value).values()


async def told(here: Site, direction: str) -> tuple[int, str]:
    """The reply to a mail that must not pass; (0, "") when the connection ended."""
    sender, recipient, name = (
        (SATO, TARO, "inbound") if direction == "inbound" else (TARO, SATO, "submission")
    )
    raw = (
        f"From: <{sender}>\r\nTo: <{recipient}>\r\nSubject: x\r\nMessage-ID: <a@b.example>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: application/octet-stream; name=setup.exe\r\nContent-Disposition: attachment; filename=setup.exe\r\n\r\n"
    ).encode() + MARK + b"\r\n"  # fmt: skip
    try:
        return await asyncio.wait_for(here.send(sender, [recipient], raw, name=name), 20)
    except smtplib.SMTPResponseException as refused:
        return refused.smtp_code, str(refused.smtp_error)
    except (OSError, smtplib.SMTPException):
        return 0, ""


class Supervised:
    """A node that is begun anew when a planted fault ended it as a whole, as its supervisor does."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = contextlib.AsyncExitStack()

    async def __aenter__(self) -> "Supervised":
        await self._begin()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._end()

    async def _begin(self) -> None:
        self.here = await self._stack.enter_async_context(
            site(self._folder, workers={"count": 1, "seconds": 5})
        )

    async def _end(self) -> None:
        try:
            await self._stack.aclose()
        except* RuntimeError as ended:
            if any(str(each) != WORDS for each in leaves(ended)):
                raise

    async def standing(self) -> Site:
        """The node. A fault that reached what runs beside the sessions has ended it, loudly: then another one."""
        if self.here.node._tasks.failed.done():
            await self._end()
            await self._begin()
        return self.here


def leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from leaves(each)
    else:
        yield error


async def held(here: Site) -> int:
    return len(await here.node.store.find(Query("default", state=(State.HELD,), limit=10_000)))


@pytest.mark.parametrize("step", [9, pytest.param(1, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])])
async def test_no_error_of_ours_lets_a_mail_pass(step: int, tmp_path: Path) -> None:
    known = {each.__code__: each for each in functions()}
    async with Supervised(tmp_path) as supervised:
        for direction in ("outbound", "inbound"):
            here = await supervised.standing()
            seen: dict[CodeType, None] = {}

            def note(frame: object, event: str, _: object, seen: dict[CodeType, None] = seen) -> None:
                if event == "call" and frame.f_code in known:  # type: ignore[attr-defined]
                    seen.setdefault(frame.f_code)  # type: ignore[attr-defined]

            sys.setprofile(note)
            try:
                code, text = await told(here, direction)
            finally:
                sys.setprofile(None)
            assert code == 250, text
            assert len(seen) >= FEWEST, "the fewest points for a count"
            refused = kept = 0
            for code_of in list(seen)[::step]:
                function, here = known[code_of], await supervised.standing()
                before = await held(here)
                function.__code__ = planted.__code__
                try:
                    code, text = await told(here, direction)
                finally:
                    function.__code__ = code_of
                where = f"{function.__module__}.{function.__qualname__}: {code} {text}"
                assert WORDS not in text, where
                assert code == 250 or code // 100 in (0, 4), where
                if code == 250:
                    kept += 1
                    assert await held(here) > before, f"said to be taken, and is not there: {where}"
                refused += code != 250
                assert not [one for one in here.catcher.caught if MARK in one.content], f"passed: {where}"
            print(f"\n{direction}: {len(seen)} functions, {refused} refused for now, {kept} taken and held")
            here = await supervised.standing()
            code, text = await told(here, direction)
            assert code == 250, f"it has not healed: {text}"
            assert not [one for one in here.catcher.caught if MARK in one.content]
