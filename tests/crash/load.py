"""Clients that go on sending to several nodes as behind a balancer, whatever happens to a node meanwhile."""

import contextlib
import itertools
import random
import smtplib
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from tests.crash.harness import Site
from tests.crash.mails import INBOUND, OUTBOUND, mail

LARGE = 60_000
"""Bytes: contents that are objects of the store, not rows of the database."""
STREAK = 6
"""Mails on one connection."""


class Load:
    """`clients` threads that send until the block ends: outbound and inbound mails, small and large ones, in turn.

    A client whose node does not answer goes to the next one, and what it did not hear of stays unfinished in the ledger.
    """

    def __init__(self, sites: Sequence[Site], clients: int = 3, pause: float = 0.05, seed: int = 1) -> None:
        self._sites = sites
        self._pause = pause
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(number, random.Random(seed * 100 + number)), daemon=True)
            for number in range(clients)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def end(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(90)

    def _run(self, number: int, chance: random.Random) -> None:
        kinds = INBOUND if number % 3 == 2 else OUTBOUND
        name = "inbound" if number % 3 == 2 else "submission"
        for turn in itertools.count(number):
            if self._over.is_set():
                return
            site = self._sites[turn % len(self._sites)]
            with (
                contextlib.suppress(OSError, smtplib.SMTPException),
                contextlib.closing(site.client(name, seconds=20)) as client,
            ):
                for _ in range(STREAK):
                    if self._over.is_set():
                        return
                    site.send(client, mail(chance.choice(kinds), chance.choice((0, 0, LARGE))))
                    time.sleep(self._pause)
            time.sleep(self._pause)
