"""The index over what people search for: which items have these words, among a million (docs/adr/0028).

Each item has one folded text (quarantine/search/text.py). The oldest items that are not indexed are gathered in blocks
of `BLOCK`; for each pair of characters that occurs in a block a row says where. A word is looked up by its pairs, a single
character by all pairs that begin with it, and what is found is compared with the text itself: the answers are those of
reading every text, in either database. What is not indexed yet, less than a block in the long run, is read.

Diagnostics: StoreError; a block that somebody else has written meanwhile is given up, and nothing is lost.
"""

import asyncio
import struct
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from quarantine.rows import WHOSE, Place, Query, in_order, where
from quarantine.search.text import having, words_of
from storage.bound import bound
from storage.interfaces import Database, Row, StoreError, Transaction
from storage.statements import among, insert_into

BLOCK = 1024
"""Items in a block; a bit for each of them is longer than a list of the places of a few."""
LOOK = 1000
"""The latest items that a query means but for its words are read at once: common words are found there."""
WINDOWS = (8, 32, 128)
"""Blocks that are looked at together: few first, as the latest often have enough."""
PAIRS = 32
"""Most pairs that are looked up: those of a long word soon leave no mail at all."""
TOGETHER = 64
_NEXT = 0x110001
"""A pair is one number: the code of its first character times this, and that of its second."""
_THREE = 0x110000
"""In place of the second: three of the first."""

_RECENT = (
    "SELECT id, accepted_at, CASE WHEN {has} THEN 1 ELSE 0 END AS has FROM item WHERE tenant = :tenant{where}"
    " ORDER BY accepted_at DESC, id DESC LIMIT :look"
)
"""The latest that a query means but for its words, and which of them have these."""
_TAIL = (
    "SELECT id, accepted_at FROM item WHERE tenant = :tenant AND indexed = 0{where} AND {has}"
    " ORDER BY accepted_at DESC, id DESC LIMIT :limit"
)
"""Those that are not indexed yet."""
_AMONG = f"SELECT id, accepted_at FROM item WHERE {WHOSE[False]} AND id IN ({{ids}}){{where}} AND {{has}}"  # noqa: S608
"""Those of some items that a query means."""
_BLOCKS = "SELECT number, last_at FROM search_block WHERE tenant = :tenant AND first_at <= :at ORDER BY last_at DESC, number DESC"
"""Blocks with items that are not newer than this, the latest first."""
_ITEMS = "SELECT number, items FROM search_block WHERE tenant = :tenant AND number IN ({})"
_PLACES = (
    "SELECT b.number AS block, p.places AS places FROM search_block b"
    " CROSS JOIN search_pair p WHERE b.tenant = :tenant AND b.number BETWEEN :low AND :high"
    " AND p.tenant = b.tenant AND p.block = b.number + 0 AND p.pair BETWEEN :first AND :last"
)
"""Where a pair stands, or each of the pairs that begin with a character: a look into each block (CROSS and + 0
keep SQLite from reading all of them)."""
_WAITING = "SELECT COUNT(*) AS number FROM (SELECT 1 FROM item WHERE tenant = :tenant AND indexed = 0 LIMIT :block) AS counted"
"""How many wait for the index, up to a block."""
_OLDEST = "SELECT id, accepted_at, search FROM item WHERE tenant = :tenant AND indexed = 0 ORDER BY accepted_at, id LIMIT :block"
_INDEXED = f"UPDATE item SET indexed = 1 WHERE {WHOSE[False]} AND indexed < 1 AND id IN ({{}})"  # noqa: S608
_NUMBER = "SELECT COALESCE(MAX(number), 0) + 1 AS number FROM search_block WHERE tenant = :tenant"
_INSERT_BLOCK = insert_into("search_block", ("tenant", "number", "first_at", "last_at", "items"))
_INSERT_PAIR = insert_into("search_pair", ("tenant", "pair", "block", "places"))


_OLDEST_BLOCK = "SELECT number, items FROM search_block WHERE tenant = :tenant AND last_at < :before ORDER BY last_at LIMIT 1"
"""A block whose items are all older."""
_AGAIN = f"UPDATE item SET indexed = 0 WHERE {WHOSE[False]} AND id IN ({{}})"  # noqa: S608
"""Items of a block that goes, as far as they are still there: they are indexed anew."""
_FORGET_PAIRS = "DELETE FROM search_pair WHERE tenant = :tenant AND block = :block"
_FORGET_BLOCK = "DELETE FROM search_block WHERE tenant = :tenant AND number = :block"


class Indexed(StoreError):
    """Another node has indexed these items."""


def knows(query: Query) -> bool:
    """True when it helps with this query: words, in a list of one tenant, the newest first."""
    return query.order == "newest" and in_order(query) and bool(words_of(query.text))


def found(transaction: Transaction, query: Query) -> tuple[str, ...]:
    """The ids of what a query of one tenant finds by its words, in its order, the newest first: at most its limit."""
    words = words_of(query.text)
    has, values = having(words)
    behind, more = where(msgspec.structs.replace(query, text=""))
    values |= more
    recent = transaction.execute(_RECENT.format(has=has, where=behind), {**values, "look": LOOK})
    places = [_place(row) for row in recent if row["has"]]
    if len(recent) == LOOK and len(places) < query.limit:
        query = msgspec.structs.replace(query, text="", after=_place(recent[-1]))
        places += _further(transaction, query, words, query.limit - len(places))
    return tuple(place.id for place in places[: query.limit])


def _further(transaction: Transaction, query: Query, words: Sequence[str], limit: int) -> list[Place]:
    """The first of what has these words behind the place where the query begins."""
    has, values = having(words)
    behind, more = where(query)
    values |= more
    tail = transaction.execute(_TAIL.format(has=has, where=behind), {**values, "limit": limit})
    places = [_place(row) for row in tail]
    assert query.after is not None
    blocks = transaction.execute(_BLOCKS, {"tenant": query.tenant, "at": query.after.at})
    for window, later in _windows(blocks):
        ids = _candidates(transaction, query.tenant, words, window)
        for start in range(0, len(ids), TOGETHER):
            some = ids[start : start + TOGETHER]
            some += some[-1:] * (TOGETHER - len(some))  # few texts of statements, so that they stay prepared
            names, chosen = among("one", some)
            sql = _AMONG.format(ids=names, has=has, where=behind)
            places += [_place(row) for row in transaction.execute(sql, {**values, **chosen})]
        places = sorted(set(places), reverse=True)[:limit]
        if len(places) == limit and places[-1].at > later:
            break
    return places


def _place(row: Row) -> Place:
    return Place(row["accepted_at"], row["id"])


def _windows(blocks: Sequence[Row]) -> Iterator[tuple[list[int], float]]:
    """Numbers of blocks to look at together, and the latest time of those that come later."""
    start = 0
    for size in (*WINDOWS, *(WINDOWS[-1] for _ in blocks)):
        some = blocks[start : start + size]
        if not some:
            return
        start += size
        yield (
            [row["number"] for row in some],
            max((row["last_at"] for row in blocks[start : start + 1]), default=0.0),
        )


def _candidates(
    transaction: Transaction, tenant: str, words: Sequence[str], window: Sequence[int]
) -> list[str]:
    """Ids in these blocks of all that can have the words."""
    bits: dict[int, int] = dict.fromkeys(window, -1)
    for first, last in _looked_up(words):
        if not bits:
            return []
        asked = {"tenant": tenant, "low": min(bits), "high": max(bits), "first": first, "last": last}
        rows = transaction.execute(_PLACES, asked)
        here: dict[int, int] = {}
        for row in rows:
            here[row["block"]] = here.get(row["block"], 0) | _bits(row["places"])
        bits = {block: both for block, found in bits.items() if (both := found & here.get(block, 0))}
    numbers = list(bits)
    ids: list[str] = []
    for start in range(0, len(numbers), TOGETHER):
        names, chosen = among("block", numbers[start : start + TOGETHER])
        for row in transaction.execute(_ITEMS.format(names), {**chosen, "tenant": tenant}):
            items = row["items"].split()
            ids += [items[place] for place in _places(bits[row["number"]], len(items))]
    return ids


def _looked_up(words: Iterable[str]) -> list[tuple[int, int]]:
    """The pairs, as first and last of a range, that whatever has these words has."""
    pairs: set[tuple[int, int]] = set()
    for word in words:
        if len(word) == 1:
            pairs.add((ord(word) * _NEXT, ord(word) * _NEXT + _NEXT - 1))
        pairs |= {(_code(pair), _code(pair)) for pair in _pairs(word)}
    # Those with the largest codes first: of them there are many, and each is rare.
    return sorted(pairs, reverse=True)[:PAIRS]


def _pairs(text: str) -> set[str]:
    """Its characters two by two, and three that are alike: every text has some 00 in its ids, but not every one 000."""
    threes = {a * 3 for a, b, c in zip(text, text[1:], text[2:], strict=False) if a == b == c}
    return {text[n : n + 2] for n in range(len(text) - 1)} | threes


def _code(pair: str) -> int:
    return ord(pair[0]) * _NEXT + (ord(pair[1]) if len(pair) == 2 else _THREE)


def _bits(places: bytes) -> int:
    if len(places) == BLOCK // 8:
        return int.from_bytes(places, "little")
    bits = 0
    for (place,) in struct.iter_unpack("<H", places):
        bits |= 1 << place
    return bits


def _places(bits: int, most: int) -> Iterator[int]:
    bits &= (1 << most) - 1
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


async def index(database: Database, tenant: str) -> int:
    """Index a tenant's oldest items that wait for it, when they fill a block; how many. Raises StoreError, and what is
    written is whole or not there at all."""
    wanted = {"tenant": tenant, "block": BLOCK}
    waiting = await bound(database, tenant).read(lambda t: t.execute(_WAITING, wanted))
    if waiting[0]["number"] < BLOCK:
        return 0
    rows = await bound(database, tenant).read(lambda t: t.execute(_OLDEST, wanted))
    where_is: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        if place % 8 == 0:
            await asyncio.sleep(0)  # mail does not wait for all of them
        for pair in _pairs(f"{row['search']} "):
            where_is.setdefault(pair, []).append(place)
    pairs = []
    for number, (pair, places) in enumerate(where_is.items()):
        if number % 256 == 0:
            await asyncio.sleep(0)
        if pair[0] != " ":
            pairs.append((_code(pair), _packed(places)))
    pairs.sort()
    await bound(database, tenant).write(lambda transaction: _write(transaction, tenant, rows, pairs))
    return len(rows)


def _packed(places: Sequence[int]) -> bytes:
    if 2 * len(places) < BLOCK // 8:
        return struct.pack(f"<{len(places)}H", *places)
    bits = bytearray(BLOCK // 8)
    for place in places:
        bits[place >> 3] |= 1 << (place & 7)
    return bytes(bits)


def _write(
    transaction: Transaction, tenant: str, rows: Sequence[Row], pairs: Sequence[tuple[int, bytes]]
) -> None:
    ids = [row["id"] for row in rows]
    for start in range(0, len(ids), TOGETHER):
        names, chosen = among("one", ids[start : start + TOGETHER])
        transaction.execute(_INDEXED.format(names), {**chosen, "tenant": tenant})
        if transaction.changed() != len(chosen):
            raise Indexed("these items are indexed already")
    number = transaction.execute(_NUMBER, {"tenant": tenant})[0]["number"]
    transaction.execute(
        _INSERT_BLOCK,
        {
            "tenant": tenant,
            "number": number,
            "first_at": rows[0]["accepted_at"],
            "last_at": rows[-1]["accepted_at"],
            "items": " ".join(ids),
        },
    )
    transaction.executemany(
        _INSERT_PAIR,
        [{"tenant": tenant, "pair": pair, "block": number, "places": places} for pair, places in pairs],
    )


def forget(transaction: Transaction, tenant: str, before: float) -> bool:
    """Forget the oldest block when all of its items came before this; False when there is none. What is left of its items
    is indexed anew."""
    for row in transaction.execute(_OLDEST_BLOCK, {"tenant": tenant, "before": before}):
        ids = row["items"].split()
        for start in range(0, len(ids), TOGETHER):
            names, chosen = among("one", ids[start : start + TOGETHER])
            transaction.execute(_AGAIN.format(names), {**chosen, "tenant": tenant})
        for statement in (_FORGET_PAIRS, _FORGET_BLOCK):
            transaction.execute(statement, {"tenant": tenant, "block": row["number"]})
        return True
    return False
