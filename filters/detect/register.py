"""Registered tables and documents, found again by keyed hashes (exact data match; docs/adr/0006).

An index holds no word of what was registered: 64-bit keyed BLAKE2b values (RFC 7693 §2.9) of normalised cells
or of pieces of text. Without the key file nobody can try out values. A table's row is found when `need` of
its columns occur close together; a document when a share of its pieces occurs in one text.

    index     "SEKIREG1", length of the header (4 bytes, little-endian), header (JSON), padding to 8 bytes, arrays
    table     hashes (rows x columns, 8 bytes, 0 = empty), order (4 bytes: places of hashes, sorted by hash), bitmap
    documents hashes (sorted, 8 bytes), owners (4 bytes each), bitmap

Diagnostics: ValueError for an index that is damaged or made with another key.
"""

import re
import sys
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b

import msgspec

from config.policy import Registered

MAGIC = b"SEKIREG1"
NONE_REGISTERED = Registered()
WINDOW = 300
"""Characters within which the columns of a row must occur."""
COMMON = 100
"""A value that more rows have (東京都) leads to no row; it still counts beside one that does."""
ROWS = 1_000_000
FOUND = 200
"""Rows of one text beyond which finding more tells nobody more."""
PLACES = 20
GRAM = 16
"""Characters of a piece of text."""
LEAST_SHARE = 20
"""Percent of a document's pieces below which a text is never called a copy, whatever a rule asks for."""
PIECES = 20_000
"""Pieces kept of one document; of a longer one, those with the smallest hashes."""
FEWEST = 8


class Row(msgspec.Struct, frozen=True):
    """A row of a registered table: the table, the columns found (their names), their place."""

    table: str
    row: int
    quote: str
    offset: int


class Copied(msgspec.Struct, frozen=True):
    """A registered document of which `share` percent occur in a text; `of` and `users` as RegisteredDocument has them."""

    name: str
    share: int
    quote: str
    offset: int = 0
    of: str = ""
    users: tuple[str, ...] = ()


class RegisteredDocument(msgspec.Struct, frozen=True):
    """A document to be registered, or one that is.

    pieces   keyed hashes of pieces of its text
    of       the name of its class, "" where nobody said
    owner    the department that answers for it
    users    the departments that may have it, (): nobody said
    """

    name: str
    pieces: frozenset[int]
    of: str = ""
    owner: str = ""
    users: tuple[str, ...] = ()


def hashed(value: str, key: bytes) -> int:
    """The keyed hash of a normalised value, never 0."""
    return (
        int.from_bytes(blake2b(value.encode("utf-8", "replace"), digest_size=8, key=key).digest(), "little")
        or 1
    )


_NUMBER = re.compile(r"\+?[0-9][0-9\-().,/ ]*")
_BLANK = re.compile(r"[\s\-.,、。・:;\"'<>()\[\]{}「」【】=|]+")


def normal(folded: str) -> str:
    """A cell's value (folded, lower case) as it is hashed: a number's digits, anything else without blanks
    and separators."""
    value = folded.strip()
    if _NUMBER.fullmatch(value):
        digits = re.sub(r"[^0-9]", "", value)
        return "0" + digits[2:] if value.startswith("+81") else digits
    if "@" in value:
        return value.strip("<>\"' .,;:")
    return _BLANK.sub("", value)


_TOKEN = re.compile(r"[^\s,;|、。:\"'<>()\[\]{}「」【】=]+")
_RUN = re.compile(
    r"[a-z0-9._%+\-]{1,64}@[a-z0-9.\-]{3,190}|\+?[0-9][0-9\-()]{2,20}[0-9]|[一-龥々ヶぁ-んァ-ヶー]{2,12}(?=様|さん|殿|氏)|[一-龥々ヶ]{2,12}|[ァ-ヶー]{2,20}|[a-z]{2,30} [a-z]{2,30}(?![a-z])"
)
_TITLE = re.compile(r"(?:様|氏|殿|先生|さん)$")


def values_in(flat: str) -> dict[str, list[int]]:
    """What may be a cell's value in a folded text, normalised, with its first places."""
    found: dict[str, list[int]] = {}

    def add(value: str, offset: int) -> None:
        if len(value) >= 2:
            places = found.setdefault(value, [])
            if len(places) < PLACES and (not places or places[-1] != offset):
                places.append(offset)

    for match in _TOKEN.finditer(flat):
        if len(match[0]) <= 80:
            add(normal(match[0]), match.start())
    for match in _RUN.finditer(flat):
        add(normal(match[0]), match.start())
        if (bare := _TITLE.sub("", match[0])) != match[0]:
            add(normal(bare), match.start())
    return found


_ANCHOR = re.compile(
    "[ea05"
    + "".join(
        chr(c) for c in (*range(0x3041, 0x30FB), *range(0x4E00, 0x9FA0)) if (c * 2654435761 >> 16) & 3 == 0
    )
    + "]"
)
_NO_LETTER = re.compile(r"[\W_]+")


def pieces_in(flat: str) -> set[str]:
    """Pieces of a folded text, chosen by their first character: the same ones wherever a passage occurs."""
    letters = _NO_LETTER.sub("", flat)
    last = len(letters) - GRAM
    return {letters[m.start() : m.start() + GRAM] for m in _ANCHOR.finditer(letters) if m.start() <= last}


def table_index(
    name: str, columns: Sequence[str], rows: Iterable[Sequence[str]], key: bytes, need: int
) -> bytes:
    """An index of rows of folded lower-case cells. Raises ValueError for too many rows or too few columns."""
    width = len(columns)
    if not 1 <= need <= width <= 32:
        raise ValueError("need must be between 1 and the number of columns, of which there may be 32")
    hashes = array("Q")
    for number, row in enumerate(rows):
        if number == ROWS:
            raise ValueError(f"more than {ROWS} rows")
        for value in list(row)[:width] + [""] * (width - len(row)):
            plain = normal(value)
            hashes.append(hashed(plain, key) if len(plain) >= 2 else 0)
    often = {h for h, n in Counter(hashes).items() if n > COMMON}
    order = array(
        "I", sorted((n for n, h in enumerate(hashes) if h and h not in often), key=hashes.__getitem__)
    )
    header = {
        "kind": "table",
        "name": name,
        "columns": list(columns),
        "rows": len(hashes) // width,
        "need": need,
    }
    return _packed(header, key, hashes, order, hashes)


def document(
    name: str, flat: str, key: bytes, *, of: str = "", owner: str = "", users: tuple[str, ...] = ()
) -> RegisteredDocument:
    """A document with this folded lower-case text."""
    return RegisteredDocument(name, frozenset(hashed(p, key) for p in pieces_in(flat)), of, owner, users)


def document_index(documents: Iterable[RegisteredDocument], key: bytes, shared: Iterable[int] = ()) -> bytes:
    """An index of documents. What most of several have (letterheads) is left out, and what is `shared` besides."""
    documents = list(documents)
    often = Counter(h for each in documents for h in each.pieces)
    most = {h for h, n in often.items() if len(documents) >= 4 and n > len(documents) / 2} | set(shared)
    kept = [sorted(each.pieces - most)[:PIECES] for each in documents]
    entries = sorted((h, number) for number, hashes in enumerate(kept) for h in hashes)
    header = {
        "kind": "documents",
        "names": [each.name for each in documents],
        "classes": [each.of for each in documents],
        "owners": [each.owner for each in documents],
        "users": [each.users for each in documents],
        "sizes": [len(hashes) for hashes in kept],
        "limits": [hashes[-1] if len(hashes) == PIECES else 0 for hashes in kept],
        "entries": len(entries),
        "shared": sorted(most),
    }
    hashes = array("Q", (h for h, _ in entries))
    return _packed(header, key, hashes, array("I", (n for _, n in entries)), hashes)


def registered_documents(data: bytes, key: bytes) -> tuple[list[RegisteredDocument], tuple[int, ...]]:
    """The documents of an index in their order, and what it left out of them as shared. Raises ValueError."""
    index = _Index(data, key)
    head = index.head
    if head.kind != "documents":
        raise ValueError("this is an index of a table")
    pieces: list[set[int]] = [set() for _ in head.names]
    for h, number in zip(index.hashes, index.second, strict=True):
        pieces[number].add(h)
    documents = [
        RegisteredDocument(name, frozenset(pieces[number]), *head.said_of(number))
        for number, name in enumerate(head.names)
    ]
    return documents, head.shared


def _packed(
    header: dict[str, object], key: bytes, hashes: "array[int]", second: "array[int]", all_of: "array[int]"
) -> bytes:
    bits = max(1024, 1 << (8 * max(1, len(all_of)) - 1).bit_length())
    bitmap = bytearray(bits // 8)
    for h in all_of:
        bitmap[(h & (bits - 1)) >> 3] |= 1 << (h & 7)
    head = msgspec.json.encode(
        {**header, "second": len(second), "bits": bits, "check": hashed("sekisho", key)}
    )
    if sys.byteorder == "big":
        hashes, second = array("Q", hashes), array("I", second)
        hashes.byteswap()
        second.byteswap()
    start = len(MAGIC) + 4 + len(head)
    return b"".join(
        (
            MAGIC,
            len(head).to_bytes(4, "little"),
            head,
            b"\0" * (-start % 8),
            hashes.tobytes(),
            second.tobytes(),
            bitmap,
        )
    )


class _Head(msgspec.Struct, frozen=True):
    kind: str
    second: int
    bits: int
    check: int
    name: str = ""
    columns: tuple[str, ...] = ()
    rows: int = 0
    need: int = 1
    names: tuple[str, ...] = ()
    sizes: tuple[int, ...] = ()
    limits: tuple[int, ...] = ()
    entries: int = 0
    classes: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    users: tuple[tuple[str, ...], ...] = ()
    shared: tuple[int, ...] = ()

    def said_of(self, number: int) -> tuple[str, str, tuple[str, ...]]:
        """Class, owner and users of a document; an older index says nothing of them."""
        if number >= len(self.classes):
            return "", "", ()
        return self.classes[number], self.owners[number], self.users[number]


class _Index:
    """One index, read in place: nothing is copied."""

    def __init__(self, data: bytes, key: bytes) -> None:
        if data[: len(MAGIC)] != MAGIC or sys.byteorder != "little":
            raise ValueError("this is not an index of registered data")
        view = memoryview(data)
        length = int.from_bytes(view[8:12], "little")
        try:
            self.head = msgspec.json.decode(view[12 : 12 + length], type=_Head)
        except msgspec.DecodeError:
            raise ValueError("the index is damaged") from None
        if self.head.check != hashed("sekisho", key):
            raise ValueError("the index was made with another key")
        count = self.head.rows * len(self.head.columns) if self.head.kind == "table" else self.head.entries
        at = 12 + length + -(12 + length) % 8
        middle, end = at + 8 * count, at + 8 * count + 4 * self.head.second
        if len(data) != end + self.head.bits // 8 or self.head.bits & (self.head.bits - 1):
            raise ValueError("the index is damaged")
        self.hashes = view[at:middle].cast("Q")
        self.second = view[middle:end].cast("I")
        self._bitmap = view[end:]
        self._mask = self.head.bits - 1

    def may_have(self, h: int) -> bool:
        return bool(self._bitmap[(h & self._mask) >> 3] >> (h & 7) & 1)

    def rows_of(self, h: int) -> Iterator[int]:
        """The rows of a table that have a value with this hash, unless too many have it."""
        at = bisect_left(self.second, h, key=self.hashes.__getitem__)
        while at < len(self.second) and self.hashes[self.second[at]] == h:
            yield self.second[at] // len(self.head.columns)
            at += 1

    def owners_of(self, h: int) -> Iterator[int]:
        """The documents that have a piece with this hash."""
        at = bisect_left(self.hashes, h)
        while at < len(self.hashes) and self.hashes[at] == h:
            yield self.second[at]
            at += 1


class Register:
    """All registered tables and documents of an organisation."""

    def __init__(self, registered: Registered) -> None:
        self._key = registered.key
        indexes = [_Index(data, registered.key) for data in registered.indexes]
        self._tables = [i for i in indexes if i.head.kind == "table"]
        self._documents = [i for i in indexes if i.head.kind == "documents"]

    @property
    def classes(self) -> frozenset[str]:
        """The classes that documents have."""
        return frozenset(of for index in self._documents for of in index.head.classes if of)

    def size(self) -> tuple[int, int]:
        """(cells of all tables, those that can lead to their row)."""
        return sum(len(t.hashes) for t in self._tables), sum(len(t.second) for t in self._tables)

    def found(self, flat: str) -> tuple[tuple[Row, ...], tuple[Copied, ...]]:
        """The rows and the documents that occur in a folded text."""
        rows = tuple(self._rows(flat)) if self._tables and flat else ()
        return rows, tuple(self._copies(flat)) if self._documents and len(flat) >= GRAM * FEWEST else ()

    def _rows(self, flat: str) -> Iterator[Row]:
        places = {hashed(value, self._key): at for value, at in values_in(flat).items()}
        for table in self._tables:
            seen: set[int] = set()
            known = {h: at for h, at in places.items() if table.may_have(h)}
            for h, offsets in known.items():
                for row in table.rows_of(h):
                    if row not in seen and len(seen) < FOUND:
                        seen.add(row)
                        if found := _together(table, row, known, offsets):
                            yield found

    def _copies(self, flat: str) -> Iterator[Copied]:
        hashes = [hashed(piece, self._key) for piece in pieces_in(flat)]
        for index in self._documents:
            counts: Counter[int] = Counter()
            for h in hashes:
                if index.may_have(h):
                    counts.update(index.owners_of(h))
            for number, count in counts.items():
                share = 100 * count // max(1, index.head.sizes[number])
                if count >= FEWEST and share >= LEAST_SHARE:
                    name = index.head.names[number]
                    of, _, users = index.head.said_of(number)
                    yield Copied(name, share, f"{name[:80]}: {share}%", of=of, users=users)


def _together(table: _Index, row: int, known: dict[int, list[int]], anchors: list[int]) -> Row | None:
    """The row, if enough of its columns occur within WINDOW of one of `anchors`."""
    columns = table.head.columns
    own = table.hashes[row * len(columns) : (row + 1) * len(columns)]
    for anchor in anchors:
        names = [
            name
            for name, h in zip(columns, own, strict=True)
            if h and any(abs(at - anchor) <= WINDOW for at in known.get(h, ()))
        ]
        if len(names) >= table.head.need:
            return Row(table.head.name, row, f"{table.head.name[:40]}: {', '.join(names)[:80]}", anchor)
    return None
