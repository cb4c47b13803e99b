"""IN-CRYPT: an attachment not read to its end: damaged so that programs differ, or larger inside than our limits."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.extract.formats import CONTAINERS
from filters.finding import Evidence, Sight
from filters.lures.names import marked
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByFiles

_VERDICTS = ("limit", "corrupt")


@rule(control="IN-CRYPT", direction="inbound", wakes=(Given.FILE,))
def unread_attachment(mail: ByFiles, organisation: Organisation) -> Iterator[Sight]:
    """A file beyond the limits (weight 4), or an archive or disk image that is damaged; a damaged document weighs 1."""
    found = [f for f in mail.incoming.files if f.verdict in _VERDICTS]
    if found:
        file = min(found, key=lambda f: (f.verdict != "limit", f.kind not in CONTAINERS))
        weight = 4 if file.verdict == "limit" else 3 if file.kind in CONTAINERS else 1
        evidence = tuple(Evidence(marked(f.name)[:120], f.place) for f in found[:3])
        values = {"name": marked(file.name)[:60], "why": file.verdict}
        yield Sight(evidence, weight=weight, values=values)
