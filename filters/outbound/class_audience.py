"""OUT-CLASS: the class of a mail decides who may receive it at all."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.detect.confidential import PEOPLE, contained, hits
from filters.finding import Sight
from filters.rule import rule
from filters.trigger import Finds, Given
from filters.views import ByContent


@rule(control="OUT-CLASS", direction="outbound", wakes=(Finds(), Given.REGISTERED))
def class_audience(mail: ByContent, organisation: Organisation) -> Iterator[Sight]:
    """The mail carries the mark or content (`contains`) of a class, and recipients are outside that class's audience.

    Audience "internal" admits our own domains, "group" also group companies, "anyone" all.
    """
    closed = [c for c in organisation.classes if c.audience != "anyone"]
    recipients = mail.facts.envelope.recipients
    if not closed or all(organisation.internal(a) for a in recipients):
        return
    reading = mail.reading
    told: set[str] = set()
    kinds = contained(organisation)
    for hit in hits(reading, reading.texts(), organisation, 0, kinds=kinds, people=PEOPLE):
        if hit.of not in closed or hit.of.name in told:
            continue
        told.add(hit.of.name)
        admitted = organisation.internal if hit.of.audience == "internal" else organisation.group
        outside = tuple(i for i, a in enumerate(recipients) if not admitted(a))
        if outside:
            values = {"what_en": hit.of.english} if hit.of.english else {}
            values |= {
                "what": hit.of.name,
                "class": hit.of.name,
                "who": ", ".join(recipients[i] for i in outside[:3]),
            }
            yield Sight((hit.evidence,), recipients=outside, values=values)
