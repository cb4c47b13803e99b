"""IN-CRYPT: an attachment not read to its end: damaged so that programs differ, larger inside than our limits, or with octets
that no reader accounts for."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.extract.formats import CLOSED, CONTAINERS
from filters.finding import Evidence, Sight
from filters.lures.names import extension, marked
from filters.reading.incoming import IncomingFile
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByFiles

_VERDICTS = ("limit", "corrupt")
_RECORDED = {"rest": 1, "volume": 1, "format": 0}
"""Reasons why a file is not read at all, or not all of it, and what they weigh: cameras and old programs write odd octets, and
drawings are of formats that nobody reads; it is on record that they were not read, and no warning."""
_NAMED = frozenset(
    ["br", "arc", "lz", "zpaq", "sit", "sitx", "zoo", "alz", "egg", "gca", "yz1", "pea", "b1", "kgb", "uha"]
)
"""Extensions of archives that are known by their name alone."""
CONTAINER = 3
"""An archive that nobody reads here, but somebody's program opens."""


@rule(control="IN-CRYPT", direction="inbound", wakes=(Given.FILE,))
def unread_attachment(mail: ByFiles, organisation: Organisation) -> Iterator[Sight]:
    """A file beyond the limits (weight 4); an archive or disk image that is damaged, or that nobody reads here (3); a damaged document, data that do
    not belong to a file's format, or a part of a set of archives (1); a format that nobody reads here (0: on record)."""
    found = [
        f for f in mail.incoming.files if f.verdict in _VERDICTS or f.reason in _RECORDED or _is_closed(f)
    ]
    if found:
        file = max(found, key=_weight)
        weight = _weight(file)
        evidence = tuple(Evidence(marked(f.name)[:120], f.place) for f in found[:3])
        why = file.verdict if file.verdict in _VERDICTS else file.reason or "format"
        values = {"name": marked(file.name)[:60], "why": why}
        yield Sight(evidence, weight=weight, values=values)


def _is_closed(file: IncomingFile) -> bool:
    """True for an archive of a kind that has no reader, or that only its name tells."""
    if file.verdict != "unsupported":
        return False
    return file.kind in CLOSED or (file.kind == "unknown" and any(extension(n) in _NAMED for n in file.names))


def _weight(file: IncomingFile) -> int:
    if _is_closed(file):
        return CONTAINER
    if file.verdict not in _VERDICTS:
        return _RECORDED[file.reason]
    return 4 if file.verdict == "limit" else 3 if file.kind in CONTAINERS else 1
