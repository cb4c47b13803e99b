"""How rounds are repeated."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from config.log_events import LogEvent
from storage.interfaces import StoreError

log = structlog.get_logger()


async def forever(seconds: float, **parts: Callable[[], Awaitable[object]]) -> None:
    """Rounds of these parts, by name, with so many seconds between two. A store that is away is waited for, and one part's
    trouble keeps no other one back.

    Diagnostics (log): keeper_failed.
    """
    while True:
        for name, part in parts.items():
            try:
                await part()
            except StoreError as error:
                log.warning(LogEvent.KEEPER_FAILED, part=name, error=str(error))
        await asyncio.sleep(seconds)
