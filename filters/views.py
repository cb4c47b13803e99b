"""What a rule may ask a mail for: the type of its first parameter, and nothing else (mypy sees to it).

    ByFields     facts and header fields
    ByLines      also how the lines of a leaving mail can be made shorter
    ByHeading    also what the header says of the author
    ByText       also the bodies: texts as they are shown, folded, plain
    ByLinks      also where they lead, and the pages of HTML
    ByAttachments, ByFiles, ByFilesAndLinks
                 the files and what is in them; the two latter also what an arriving mail says of them
    ByContent    every text of an outgoing mail, scanned; attachments
    ByForm       the ways in which the mail can be read
    ByRecipients who gets a leaving mail, what the house remembers of them, whom its first lines greet

A rule that is woken by words (filters.trigger.Says, Theme) looks at texts only: those are searched for the words
of all rules. Whoever gives a rule a view that is not searched gives it another trigger, too.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

from config.policy import Organisation
from filters.detect.detector import Scan
from filters.detect.text import Text
from filters.facts import Facts
from filters.finding import Evidence
from filters.lures.hosts import Brand
from filters.lures.links import Link
from filters.markup.dom import Document
from filters.markup.page import HtmlPage
from filters.reading.incoming import IncomingFile, Shown
from filters.reading.leaving import Leaving
from filters.reading.reading import Attachment
from mail.address import Mailbox
from mail.ambiguity import Ambiguity
from mail.long_lines import Shortened
from mail.message import Header, Part


class HeadingView(Protocol):
    """What the header says: filters.reading.incoming.Incoming has the words for each."""

    @property
    def authors(self) -> list[Mailbox]: ...
    @property
    def author(self) -> Mailbox: ...
    @property
    def name(self) -> str: ...
    @property
    def domain(self) -> str: ...
    @property
    def reply_to(self) -> list[Mailbox]: ...
    @property
    def recipients(self) -> frozenset[str]: ...
    @property
    def subject(self) -> str: ...
    @property
    def is_bulk(self) -> bool: ...
    @property
    def sender_brand(self) -> Brand | None: ...
    def known(self) -> bool: ...
    def from_field(self) -> Evidence: ...


class TextView(HeadingView, Protocol):
    """What a person reads; every text of it is searched for the words of all rules (Incoming.searched)."""

    @property
    def texts(self) -> list[Shown]: ...
    @property
    def folded(self) -> str: ...
    @property
    def plain(self) -> str: ...
    @property
    def attached(self) -> list[Shown]: ...
    @property
    def lures(self) -> str: ...
    @property
    def is_japanese(self) -> bool: ...
    @property
    def is_long(self) -> bool: ...
    @property
    def habits(self) -> dict[str, str]: ...
    @property
    def is_full(self) -> bool: ...
    def quote(self, needle: str) -> Evidence: ...


class LinkView(TextView, Protocol):
    """Where it leads."""

    @property
    def pages(self) -> list[HtmlPage]: ...
    @property
    def links(self) -> list[Link]: ...
    @property
    def hosts(self) -> list[str]: ...
    @property
    def code_links(self) -> list[Link]: ...
    @property
    def unsearched(self) -> frozenset[str]: ...
    @property
    def undelivered(self) -> frozenset[str]: ...


class FileView(TextView, Protocol):
    """The files that come with it, under every reading of their names."""

    @property
    def files(self) -> list[IncomingFile]: ...


class FileAndLinkView(FileView, LinkView, Protocol):
    """Both."""


class AttachmentView(Protocol):
    """The files, with what could be read from them."""

    @property
    def attachments(self) -> tuple[Attachment, ...]: ...
    @property
    def parts(self) -> tuple[Part, ...]: ...


class ContentView(AttachmentView, Protocol):
    """Every text, and what a scan of it found; each is scanned before a rule is woken (Reading.found)."""

    @property
    def subject(self) -> Text: ...
    @property
    def own_words(self) -> tuple[Text, ...]: ...
    def texts(self, *roles: str) -> Iterator[Text]: ...
    def document(self, part: Part, text: str) -> Document: ...
    def scan(self, text: Text, organisation: Organisation) -> Scan: ...
    def returned(self, organisation: Organisation) -> bool: ...


class FormView(Protocol):
    """The ways in which the mail is ambiguous."""

    @property
    def ambiguities(self) -> tuple[Ambiguity, ...]: ...


class FieldView(Protocol):
    """The header fields."""

    @property
    def headers(self) -> Sequence[Header]: ...
    @property
    def root(self) -> Part: ...
    def first(self, name: str) -> Header | None: ...
    def all(self, name: str) -> list[Header]: ...


class ByFields(Protocol):
    @property
    def facts(self) -> Facts: ...
    @property
    def message(self) -> FieldView: ...


class ByLines(ByFields, Protocol):
    @property
    def shortened(self) -> Shortened: ...


class ByHeading(ByFields, Protocol):
    @property
    def incoming(self) -> HeadingView: ...


class ByText(ByFields, Protocol):
    @property
    def incoming(self) -> TextView: ...


class ByLinks(ByFields, Protocol):
    @property
    def incoming(self) -> LinkView: ...


class ByFiles(ByFields, Protocol):
    @property
    def incoming(self) -> FileView: ...
    @property
    def reading(self) -> AttachmentView: ...


class ByFilesAndLinks(ByFields, Protocol):
    @property
    def incoming(self) -> FileAndLinkView: ...
    @property
    def reading(self) -> AttachmentView: ...


class ByAttachments(ByFields, Protocol):
    @property
    def reading(self) -> AttachmentView: ...


class ByContent(ByFields, Protocol):
    @property
    def reading(self) -> ContentView: ...


class ByForm(ByFields, Protocol):
    @property
    def reading(self) -> FormView: ...


class ByRecipients(ByFields, Protocol):
    @property
    def leaving(self) -> Leaving: ...


HANDLES: tuple[type, ...] = (
    ByFields, ByHeading, ByText, ByLinks, ByAttachments, ByFiles, ByFilesAndLinks, ByContent, ByForm,
    ByRecipients, ByLines,
)  # fmt: skip
"""The types of a rule's first parameter."""
