"""What the connections of a listener share. Starting and stopping are in test_listener.py."""

import asyncio
import errno
from typing import Any

import structlog

from gateway.listen.server import AcceptErrors, quieten


async def test_a23_failed_accepts_are_reported_once() -> None:
    loop = asyncio.get_running_loop()
    others: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda loop, context: others.append(context))
    quieten(loop)
    quieten(loop)
    assert isinstance(loop.get_exception_handler(), AcceptErrors)
    with structlog.testing.capture_logs() as log:
        for _ in range(1000):
            loop.call_exception_handler(
                {"message": "accept", "exception": OSError(errno.EMFILE, "Too many open files")}
            )
        loop.call_exception_handler({"message": "other", "exception": ValueError()})
    assert [entry["event"] for entry in log] == ["accept_failed"]
    assert [context["message"] for context in others] == ["other"]
