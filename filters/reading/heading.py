"""What the header of an arriving mail says of its author and of whom it is for."""

from filters.facts import Facts
from filters.finding import Evidence
from filters.lures.hosts import different
from filters.reading.reading import Reading
from mail.address import Mailbox, domain_of, header_addresses
from mail.cached import cached_property
from mail.message import Message
from mail.returned import returned, undelivered

_NOBODY = Mailbox("", "")


class Heading:
    """Read as it is asked for, and once."""

    def __init__(self, message: Message, facts: Facts, reading: Reading) -> None:
        self._message, self._facts, self._reading = message, facts, reading

    def _boxes(self, name: str) -> list[Mailbox]:
        return [box for field in self._message.all(name) for box in header_addresses(field.value)]

    @cached_property
    def authors(self) -> list[Mailbox]:
        return self._boxes("from")

    @cached_property
    def author(self) -> Mailbox:
        """The first author that has an address, else the first name."""
        return next((b for b in self.authors if "@" in b.address), (self.authors or [_NOBODY])[0])

    @cached_property
    def name(self) -> str:
        """Everything the mail shows as the sender's name: the names of all From mailboxes, without addresses."""
        return " ".join(b.name or b.address for b in self.authors if b.name or "@" not in b.address).strip()

    @cached_property
    def domain(self) -> str:
        """The author's domain in lower case, "" when there is none."""
        return domain_of(self.author.address[-400:]).rstrip(".")[-253:]

    @cached_property
    def reply_to(self) -> list[Mailbox]:
        return [b for b in self._boxes("reply-to") if "@" in b.address]

    @cached_property
    def returned(self) -> tuple[str, ...]:
        """The Message-IDs of the mail that a report on delivery returns."""
        return returned(self._message)

    @cached_property
    def undelivered(self) -> frozenset[str]:
        """The recipients that a formal report on delivery is about, in lower case."""
        return undelivered(self._message)

    @cached_property
    def recipients(self) -> frozenset[str]:
        """Addresses of the envelope and of To, in lower case."""
        named = [b.address for b in self._boxes("to")[:50] if "@" in b.address]
        return frozenset(a.lower() for a in (*self._facts.envelope.recipients, *named))

    @cached_property
    def subject(self) -> str:
        field = self._message.first("subject")
        return field.text if field else ""

    @cached_property
    def is_bulk(self) -> bool:
        """True for mailing lists and newsletters that identify themselves by RFC 2369, RFC 2919 or Precedence."""
        first = self._message.first
        precedence = first("precedence")
        return bool(
            first("list-id")
            or first("list-post")
            or (precedence and precedence.text.strip().lower() in ("list", "bulk"))
        )

    def known(self) -> bool:
        """True when somebody here has written to the author before, and nothing says that this is not the author."""
        if self.author.address not in self._facts.known:
            return False
        results = self._facts.authentication
        signed = any(not different(domain, self.domain) for domain in results.dkim_domains)
        return results.dmarc != "fail" and (results.spf != "fail" or signed)

    def from_field(self) -> Evidence:
        """Evidence for what From says."""
        field = self._message.first("from")
        return Evidence(" ".join(field.text.split())[:160] if field else "", "header:from", 0)
