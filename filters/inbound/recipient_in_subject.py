"""IN-THEME: a subject or sender's name that calls the reader by the e-mail address, as only machines do."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Finding
from filters.incoming import incoming_of
from filters.rule import Mail, rule


@rule(
    control="IN-THEME",
    direction="inbound",
    then="warn",
    weight=2,
    ja="件名や差出人名に、受信者のメールアドレスがそのまま使われています",
    en="The subject or the name of the sender contains the address of the recipient",
)
def recipient_in_subject(mail: Mail, organisation: Organisation) -> Iterator[Finding]:
    """A recipient's whole address in subject or sender's name, or as the way the text greets."""
    incoming = incoming_of(mail)
    addresses = {a for a in incoming.recipients if len(a) >= 6 and a != incoming.author.address.lower()}
    for place, text in (("header:subject", incoming.subject), ("header:from", incoming.name)):
        if any(a in text.lower() for a in addresses):
            yield Finding("", "", (Evidence(text[:120], place, 0),))
            return
    opening = incoming.folded[len(incoming.subject) : len(incoming.subject) + 150]
    greeted = next((a for a in addresses if a in opening), "")
    if greeted and not incoming.is_bulk:
        yield Finding("", "", (incoming.quote(greeted),), weight=1)
