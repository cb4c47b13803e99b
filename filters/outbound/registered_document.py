"""OUT-CLASS: registered confidential documents are recognised, even in part and in another format."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.detect.confidential import called
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByContent


@rule(control="OUT-CLASS", direction="outbound", wakes=(Given.REGISTERED,))
def registered_document(mail: ByContent, organisation: Organisation, *, share: int) -> Iterator[Sight]:
    """At least `share` percent (20 or more) of a document registered with `sekisho register document`.

    A document whose class was said to be one that anyone may have (level 0) is nothing to speak of.
    """
    if not organisation.registered.indexes:
        return
    reading = mail.reading
    found: dict[str, tuple[int, Evidence, str]] = {}
    for text in reading.texts("body", "content"):
        for copied in reading.scan(text, organisation).copies:
            own = called(copied.of, organisation)
            if own is not None and own.level == 0:
                continue
            if copied.share >= max(share, found[copied.name][0] if copied.name in found else 0):
                evidence = Evidence(copied.quote, text.place, text.origin(copied.offset))
                found[copied.name] = copied.share, evidence, own.name if own else ""
    for name, (percent, evidence, of) in found.items():
        values = {"name": name[:60], "share": str(percent), "where": evidence.part[:80]}
        yield Sight((evidence,), values=values | ({"class": of} if of else {}))
