"""The loose tasks of a node: whatever one of them raises ends it, loudly."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from config.log_events import LogEvent


class Tasks:
    """What runs beside everything else. `failed` holds the first exception of one."""

    def __init__(self) -> None:
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._running: set[asyncio.Task[Any]] = set()

    def begin(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run `work` beside everything else."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) and not self.failed.done():
            structlog.get_logger().error(LogEvent.PART_FAILED, error=repr(error))
            self.failed.set_exception(error)

    async def stop(self) -> None:
        """End all that still run; raises what one of them had raised."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        if self.failed.done():
            self.failed.result()
