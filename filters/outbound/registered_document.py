"""OUT-CLASS: registered confidential documents are recognised, even in part and in another format."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByContent


@rule(control="OUT-CLASS", direction="outbound", wakes=(Given.REGISTERED,))
def registered_document(mail: ByContent, organisation: Organisation, *, share: int) -> Iterator[Sight]:
    """At least `share` percent (20 or more) of a document registered with `sekisho register document`."""
    if not organisation.registered.indexes:
        return
    reading = mail.reading
    found: dict[str, tuple[int, Evidence]] = {}
    for text in reading.texts("body", "content"):
        for copied in reading.scan(text, organisation).copies:
            if copied.share >= max(share, found.get(copied.name, (0, None))[0]):
                found[copied.name] = (
                    copied.share,
                    Evidence(copied.quote, text.place, text.origin(copied.offset)),
                )
    for name, (percent, evidence) in found.items():
        values = {"name": name[:60], "share": str(percent), "where": evidence.part[:80]}
        yield Sight((evidence,), values=values)
