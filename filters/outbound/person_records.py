"""OUT-PII: lists of people do not leave unseen: one signature is not a leak, a table of two hundred customers is."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.detect.credits import is_credits
from filters.detect.persons import outsiders
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Finds
from filters.views import ByContent
from mail.address import header_addresses


@rule(control="OUT-PII", direction="outbound", wakes=(Finds(("person", "abroad", "field", "told")),))
def person_records(
    mail: ByContent,
    organisation: Organisation,
    *,
    observed: int,
    approved: int,
    approver: str,
    large: int,
    large_approver: str,
) -> Iterator[Sight]:
    """Records of people in subject, body and attachments together, not counting those who take part in the mail.

    From `observed` on they are noted; from `approved` on `approve class` asks `approver`, from `large` on
    `large_approver`. A consequence such as "hold" applies from `observed` on.
    """
    reading = mail.reading
    known = {address.lower() for address in mail.facts.envelope.recipients}
    for name in ("from", "to", "cc", "reply-to"):
        for field in mail.message.all(name):
            known |= {m.address.lower() for m in header_addresses(field.value)}
    people: set[str] = set()
    evidence: list[Evidence] = []
    places: dict[str, None] = {}
    for text in reading.texts("subject", "body", "content"):
        found = outsiders(reading.scan(text, organisation).people, organisation)
        new = [r for r in found if r.key not in known and r.mail not in known]
        if new and is_credits(text.place, text.raw):  # who wrote a program stands in its sources
            new = [record for record in new if not record.mail]
        people |= {record.key for record in new}
        if new:
            places[text.place] = None
            evidence += [
                Evidence(r.quote, text.place, text.origin(r.offset)) for r in new[: 3 - len(evidence)]
            ]
    if len(people) < observed:
        return
    role = large_approver if len(people) >= large else approver if len(people) >= approved else ""
    where = ", ".join(list(places)[:3])
    values = {"count": str(len(people)), "where": where[:120], "approver": role}
    yield Sight(tuple(evidence), values=values)
