"""That this process alone is the node: of its state folder, and of its name in its database.

Taken before anything else is opened or touched, kept for life. A second start would take the leases of the first for
those of a process that has died, and deliver what is being delivered. Commands beside a node claim nothing.

Diagnostics: ConfigError when somebody else is the node.
"""

import asyncio
import time
from contextlib import suppress

import structlog

from config.log_events import LogEvent
from config.policy import ConfigError
from config.settings import Settings
from gateway.from_settings import name_claim_of
from storage.backup.returning import unfinished
from storage.claim import FileClaim
from storage.interfaces import StoreError

LOCK = "lock"
"""The file in the state folder."""
PATIENCE = 30.0
"""Seconds that a shared database gets to notice that the host of an earlier process of our name is gone."""
PAUSE = 1.0
WATCH = 5.0
"""Seconds between two looks at whether a shared database still knows us by our name."""


class Claims:
    """What a node claims."""

    def __init__(self, settings: Settings, patience: float = PATIENCE, node: str = "") -> None:
        """`node`: a name other than that in the settings."""
        self._settings = settings
        self._node = node or settings.node
        self._patience = 0.0 if settings.database_url.startswith("sqlite") else patience
        self._folder = FileClaim(settings.state_dir / LOCK)
        self._name = name_claim_of(settings, self._node)

    def of(self, node: str) -> "Claims":
        """Those of a process that we fork: the folder that we have taken, and a name of its own."""
        theirs = Claims(self._settings, self._patience, node)
        theirs._folder = self._folder
        return theirs

    def take_folder(self) -> None:
        """Make the state folder when it is missing, and take it. Repeatable. Raises ConfigError."""
        folder = self._settings.state_dir
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise ConfigError([f"state_dir: {folder} cannot be made: {error.strerror}"]) from error
        if holder := self._folder.take():
            raise ConfigError(
                [f"{folder} is in use: a node runs on it already ({holder}). Stop that one first"]
            )
        unfinished(folder)

    async def take(self) -> None:
        """Take everything. Raises ConfigError, and StoreError when a shared database does not answer."""
        self.take_folder()
        end = time.monotonic() + self._patience
        told = False
        while holder := await asyncio.to_thread(self._name.take):
            if time.monotonic() >= end:
                raise ConfigError(
                    [
                        f'a node "{self._node}" runs on this database already ({holder}). Stop that one'
                        " first, or give this one another name (`node`)"
                    ]
                )
            if not told:
                told = True
                structlog.get_logger().error(LogEvent.NAME_TAKEN, holder=holder)
            await asyncio.sleep(PAUSE)

    async def keep(self) -> None:
        """For ever: see to it that the name stays ours. A database that restarts, or goes over to another host, forgets."""
        told = False
        while True:
            await asyncio.sleep(WATCH)
            with suppress(StoreError):  # whoever writes says that
                holder = await asyncio.to_thread(self._name.take)
                if holder and not told:
                    structlog.get_logger().error(LogEvent.NAME_TAKEN, holder=holder)
                told = bool(holder)

    def release(self) -> None:
        """Idempotent."""
        self._name.release()
        self._folder.release()
