"""Failed logins that nodes tell each other, so that whoever guesses at several nodes has no more guesses than at one.

    guessed = Guessed(guesses, database, "one", window, clock)
    await guessed.share()       every few seconds: what this process saw since, and what other nodes saw

A node counts what it sees at once; what the others saw is added with the next round. So all nodes together may see as many
guesses within one round as each may see alone. Of a node's processes, which count together in memory, each tells and the first
one hears. Whom a guess was at stands in no row: there are only keyed digests.
"""

import secrets
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from directory.guesses import Failed, Guesses
from storage.interfaces import Database, Row, Transaction
from storage.statements import insert_into

SLACK = 60.0
"""Seconds by which a row may come late, or the clocks of two nodes differ."""
ROWS = 5_000
"""Read at a time, until there are no more."""

_TELL = insert_into("failed_login", ("id", "node", "kind", "mark", "at"))
_HEAR = (
    "SELECT id, kind, mark, at FROM failed_login WHERE node <> :node AND (at, id) > (:since, :after)"
    " ORDER BY at, id LIMIT :most"
)
_FORGET = "DELETE FROM failed_login WHERE at <= :before"


class Guessed:
    """`node` is the name that all processes of a node have; `window` the seconds in which a failure counts."""

    def __init__(
        self,
        guesses: Guesses,
        database: Database,
        node: str,
        window: float,
        clock: Callable[[], float],
        monotonic: Callable[[], float],
    ) -> None:
        self._guesses = guesses
        self._database = database
        self._node = node
        self._window = window
        self._clock = clock
        self._monotonic = monotonic
        self._heard: set[str] = set()
        """Rows that were heard already, as far as they are read again."""
        self._since: float | None = None

    async def share(self) -> None:
        """Raises StoreError; then it is told the next time."""
        now, ahead = self._clock(), self._clock() - self._monotonic()
        news = self._guesses.news()
        if news:
            await self._database.write(partial(self._tell, news=news, ahead=ahead))
            self._guesses.told(news)
        if self._guesses.tallies.seat:
            return
        since = max(now - self._window, self._since or 0.0)
        heard: set[str] = set()
        after, more = "", True
        while more:
            values = {"node": self._node, "since": since, "after": after, "most": ROWS}
            rows: list[Row] = await self._database.read(partial(_rows, values=values))
            for row in rows:
                if row["id"] not in self._heard:
                    self._guesses.heard(Failed(row["kind"], row["mark"], min(row["at"], now) - ahead))
            heard |= {row["id"] for row in rows}
            more = len(rows) == ROWS
            if more:
                since, after = rows[-1]["at"], rows[-1]["id"]
        self._since = now - SLACK
        self._heard = heard

    async def sweep(self) -> None:
        """Forget what counts no more. Raises StoreError."""
        before = self._clock() - self._window
        await self._database.write(lambda transaction: transaction.execute(_FORGET, {"before": before}))

    def _tell(self, transaction: Transaction, *, news: Sequence[Failed], ahead: float) -> None:
        rows = [
            {"id": secrets.token_hex(16), "node": self._node, "kind": each.kind, "mark": each.mark, "at": each.at + ahead}
            for each in news
        ]  # fmt: skip
        transaction.executemany(_TELL, rows)


def _rows(transaction: Transaction, values: dict[str, Any]) -> list[Row]:
    return list(transaction.execute(_HEAR, values))
