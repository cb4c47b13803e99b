"""Alerts to those who got a link or a file that was put on the block list later, by people or by a list (feed_rounds.py)."""

from collections.abc import Callable, Iterable

from config.settings import Settings
from directory.listings import Listings
from directory.people import People
from gateway.rounds.feed_rounds import FeedRounds
from gateway.rounds.forever import forever
from quarantine.letters.letter import Post
from quarantine.reported.listed_later import DAY, ListedLater
from quarantine.reported.sightings import Sightings
from quarantine.store import Store

ROUND = 15.0
"""Seconds between two looks."""


class AlertRounds:
    """Looks after the entries of all tenants."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        sightings: Sightings,
        listings: Listings,
        people: People,
        post: Post,
        clock: Callable[[], float],
        language: Callable[[str], str],
        ours: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        self._listed = ListedLater(
            store, sightings, listings, people, post, clock,
            days=settings.notices.listed_days, language=language, zone=settings.zone, contact=settings.contact,
        )  # fmt: skip
        self._feeds = FeedRounds(settings.feeds, store, listings, clock, ours)
        self._clock = clock
        self._forgot = 0.0

    async def run(self) -> None:
        """Rounds, for ever. A store that is away is waited for."""
        await forever(ROUND, feeds=self._feeds.read, alert=self.look, forget=self.forget)

    async def look(self) -> int:
        """One round; how many people were told. Raises StoreError."""
        return await self._listed.look()

    async def forget(self) -> None:
        """Once a day, what is too old. Raises StoreError."""
        if self._clock() - self._forgot > DAY:
            await self._listed.forget()
            self._forgot = self._clock()
