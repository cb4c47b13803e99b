"""When somebody wants this process to end (SIGTERM, SIGINT): what is being started is given up, what runs is ended."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any


class Ending:
    """From its making on, both signals do nothing but set `asked`, and cut short what runs in `given_up`."""

    def __init__(self) -> None:
        """Inside a running event loop."""
        self.asked = asyncio.Event()
        self._task: asyncio.Task[object] | None = None
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self.ask)

    async def given_up(self, work: Coroutine[Any, Any, None]) -> bool:
        """Await `work`, and cancel it when somebody asks; True when it was cancelled, or not even begun."""
        if self.asked.is_set():
            work.close()
            return True
        task = self._task = asyncio.current_task()
        try:
            await work
            return False
        except asyncio.CancelledError:
            if not self.asked.is_set() or task is None or task.uncancel():
                raise
            return True
        finally:
            self._task = None

    def ask(self) -> None:
        """As a signal does."""
        if not self.asked.is_set():
            self.asked.set()
            if self._task is not None:
                self._task.cancel()
