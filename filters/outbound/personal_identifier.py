"""OUT-PII: numbers from official documents in the text of a mail."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.detect.confidential import hits, named
from filters.finding import Sight
from filters.rule import rule
from filters.trigger import Finds, Given
from filters.views import ByContent


@rule(control="OUT-PII", direction="outbound", wakes=(Finds(), Given.REGISTERED))
def personal_identifier(
    mail: ByContent, organisation: Organisation, *, kinds: tuple[str, ...], least: int
) -> Iterator[Sight]:
    """At least `least` numbers of `kinds` in subject or body; attachments that contain them are encrypted.

    Kinds: driver_licence, passport, health_insurance, pension, us_ssn, national_number, tax_number, bank_account, iban,
    birth_date, my_number, card.
    """
    reading = mail.reading
    found = list(hits(reading, reading.texts("subject", "body"), organisation, 99, kinds=kinds))
    if found and len({h.evidence for h in found}) >= least:
        values = {"what": named(found), "count": str(len(found))}
        yield Sight(tuple(h.evidence for h in found[:3]), values=values)
