"""What a mail says: extracted, folded and scanned once for all rules that ask.

    reading = mail.reading
    reading.subject, reading.bodies           Text: .place .raw .flat (folded, lower case)
    reading.parts                             parts of the mail, then those of its other readings (mail.readings)
    reading.attachments                       Attachment: .path .name .part .extracted (kind, texts, members, verdict)
    reading.scan(text, organisation)          Scan: .marks .numbers .data .secrets …, each with its offset in .flat

Places are those of Evidence.part: "header:subject", "1.2", "3/book.xlsx", "2/a.zip/b.txt", "2~base64/a.exe".

A mail with several readings is examined in all of them: bodies, attachments and the subject are those of
every reading, so the worst decides. Rewriters can change only the parts of the mail itself.
"""

import hashlib
import re
import weakref
from collections.abc import Callable, Iterator

from config.policy import Organisation
from filters.detect.detector import OWN, Detector, Mark, Number, Scan, detector, scan
from filters.detect.text import Text
from filters.extract import Extracted, Keys, extract, tidy
from filters.extract.budget import APART, Budget
from filters.extract.embedded import Inside, files_in, unescaped
from filters.extract.html import Embedded, HtmlContents, contents_of
from filters.extract.keys import AGREED, TYPED, WRITTEN, written
from filters.extract.kinds import detect
from filters.extract.reason import Stop
from filters.extract.textkinds import is_textual
from filters.facts import Facts
from filters.markup.dom import Document
from filters.reading.answered import goes_back
from filters.reading.labels import labels
from filters.reading.own_words import own_words
from mail.ambiguity import Ambiguity, ambiguities
from mail.cached import cached_property
from mail.margins import margins
from mail.message import Message, Part
from mail.readings import Readings, readings, signed
from mail.rebuild import AttachedFile, clean_name, file_header

STEPS = 50_000
"""Of the HTML of a mail, kept at the same time (filters.markup.dom.Document.size)."""
HEAD = 1_024
"""Octets of a text that show whether it is one."""
PICTURES = 20
"""Pictures of an arriving mail that are searched for QR codes; outbound none are."""

_FOLDERS = re.compile(r"[^/\\][/\\]+[^/\\]")
"""In a name: that the file lies in a folder of its archive, which may be marked in the place of the file."""


class Attachment:
    """A leaf (or a whole enclosed mail) that a person would see as a file.

    `own` is False for a file that only another reading of the mail shows, or that is embedded in HTML:
    rewriters cannot change it.
    """

    def __init__(
        self, part: Part, budget: Budget, cited: bool, own: bool, keys: Keys, path: str = ""
    ) -> None:
        self.part = part
        self.own = own
        self.path = path or part.path or "1"
        self.name = part.filename or _unnamed(part)
        self.inline_image = cited and part.content_type.startswith("image/")
        self._budget = budget
        self._keys = keys

    @cached_property
    def content(self) -> bytes:
        """The bytes of the file, transfer encoding decoded."""
        return self.part.content()

    @cached_property
    def extracted(self) -> Extracted:
        """What could be read from it; never raises."""
        declared, charset = self.part.content_type, self.part.charset
        return extract(self.name, declared, self.content, self._budget, charset=charset, keys=self._keys)

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """Its name and all texts inside, with their places."""
        base = f"{self.path}/{tidy(self.name)}"
        texts = [Text(base, name, "name") for name in self.part.filenames or (self.name,)]
        texts += [Text(f"{base}/{m.path}", m.path.rpartition("/")[2], "name") for m in self.extracted.members]
        folders = {
            folder: m.path
            for m in self.extracted.members
            if _FOLDERS.search(m.name)
            for folder in re.split(r"[/\\]", m.name)[:-1]
            if folder
        }
        texts += [Text(f"{base}/{path}", folder, "name") for folder, path in folders.items()]
        for place, text in self.extracted.texts:
            texts.append(Text(f"{base}/{place}" if place else base, text, "content"))
        for sign in self.extracted.signs:
            if sign.name == "label":
                texts.append(Text(f"{base}/{sign.place}" if sign.place else base, sign.quote, "property"))
        return tuple(texts)

    @cached_property
    def unknown(self) -> frozenset[str]:
        """The places of what is of no known kind; of such, anything that may be text is among `texts`."""
        base = f"{self.path}/{tidy(self.name)}"
        nested = (f"{base}/{m.path}" for m in self.extracted.members if m.kind == "unknown")
        return frozenset((base, *nested) if self.extracted.kind == "unknown" else nested)


class Reading:
    """Everything readable in one mail; nothing is read before it is asked for."""

    def __init__(self, message: Message, facts: Facts, told: Callable[[], Facts] | None = None) -> None:
        """`told` answers the facts with the secrets that may open a locked file; None: they are there already."""
        self._message = message
        self._facts = facts
        self._returned: bool | None = None
        self._titles: str | None = None
        self._told = told or (lambda: facts)
        self._scans: dict[int, tuple[Text, Scan]] = {}
        self._presence: dict[int, tuple[Text, frozenset[str]]] = {}
        self._detector: Detector | None = None
        self._documents: dict[Part, Document] = {}
        self._steps = STEPS
        self._outbound = facts.direction == "outbound"
        self.budget = Budget(
            pictures=PICTURES,
            searches=facts.direction == "inbound",
            pages=facts.pages,
            page_seconds=facts.page_seconds,
            apart=APART if facts.apart else 0,
        )
        passphrases = weakref.WeakMethod(self._passphrases)  # the keys are ours: no circle
        self.keys = Keys(lambda: bound() if (bound := passphrases()) else ())

    @cached_property
    def ambiguities(self) -> tuple[Ambiguity, ...]:
        """Where the mail can be read in more than one way."""
        return ambiguities(self._message)

    @cached_property
    def _readings(self) -> Readings:
        return readings(self._message, self.ambiguities)

    @property
    def complete(self) -> bool:
        """False when the mail has more readings than we read: nobody can call it examined."""
        return self._readings.complete

    @cached_property
    def _others(self) -> tuple[Part, ...]:
        """The parts of other readings that show something new."""
        found = (*self._readings.parts, *signed(self._message), *margins(self._message))
        if not found:
            return ()
        seen = {_essence(p) for p in self._message.parts if not p.children}
        fresh = []
        for part in found:
            if part.children or (essence := _essence(part)) not in seen:
                fresh.append(part)
                if not part.children:
                    seen.add(essence)
        return tuple(fresh)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every part of the mail and of its other readings, containers included."""
        return (*self._message.parts, *self._others)

    @cached_property
    def subject(self) -> Text:
        roots = [self._message.root, *(p for p in self._others if p.parent is None)]
        lines = dict.fromkeys(h.text for root in roots for h in root.all("subject"))
        return Text("header:subject", "\n".join(lines), "subject")

    @cached_property
    def labels(self) -> tuple[Text, ...]:
        """What its header fields and the pictures of its pages say about the mail's class (filters.reading.labels)."""
        shown = ((part.path or "1", contents.instead) for part, contents in self._written)
        return labels(self._message.root, shown)

    @cached_property
    def _leaves(self) -> tuple[list[Part], list[Part]]:
        """(parts read as the mail's text, parts that are files); an enclosed mail is one file."""
        bodies: list[Part] = []
        files: list[Part] = []
        for parts in (self._message.parts, self._others):
            inside: list[str] = []
            for part in parts:
                if any(part.path.startswith(prefix) for prefix in inside):
                    continue
                if part.is_message:
                    files.append(part)
                    inside.append(part.path + "." if part.path else "")
                elif not part.children:
                    (files if part.is_attachment or part.content_type == "text/rtf" else bodies).append(part)
                    if not part.is_attachment and _is_data(part):
                        files.append(part)
        return bodies, files

    @cached_property
    def _written(self) -> tuple[tuple[Part, HtmlContents], ...]:
        found = []
        for part in self._leaves[0]:
            text = self.budget.take_text(part.text())
            found.append(
                (
                    part,
                    contents_of(self.document(part, text))
                    if part.content_type == "text/html"
                    else HtmlContents(text),
                )
            )
        return tuple(found)

    def document(self, part: Part, text: str) -> Document:
        """The tree of a part in HTML, whose text this is: for all who read it, unless it is huge. Raises TooCostly."""
        known = self._documents.get(part)
        if known is None:
            known = Document(text)
            if known.size <= self._steps:
                self._steps -= known.size
                self._documents[part] = known
        return known

    @cached_property
    def bodies(self) -> tuple[Text, ...]:
        """The texts that a person reads as the mail itself: text/plain as it is, HTML as text."""
        return tuple(Text(part.path or "1", contents.text, "body") for part, contents in self._written)

    @cached_property
    def said(self) -> bytes:
        """The subject and the bodies as they are shown, in UTF-8, for what wakes rules about leaving mail."""
        return "\n".join([self.subject.raw, *(text.raw for text in self.bodies)]).encode("utf-8", "replace")

    @cached_property
    def own_words(self) -> tuple[Text, ...]:
        """What the author wrote, without quotes and signature: in the plain texts, without one in HTML."""
        plain = [
            text
            for (part, _), text in zip(self._written, self.bodies, strict=True)
            if part.content_type == "text/plain" and not text.raw.isspace()
        ]
        return tuple(Text(text.place, own_words(text.raw), "body") for text in plain or self.bodies)

    @cached_property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files of the mail, then those embedded in its HTML as `data:` URLs."""
        cited = self._cited
        files = [
            Attachment(
                part,
                self.budget,
                part.disposition != "attachment" and _content_id(part) in cited,
                part.view is self._message.view,
                self.keys,
            )
            for part in self._leaves[1]
        ]
        for part, contents in self._written:
            for number, file in enumerate(contents.files, 1):
                drawn = file.type == "image/svg+xml" and b"<svg" in file.content[:1_000]
                embedded = _as_part(file, number)
                files.append(Attachment(embedded, self.budget, drawn, False, self.keys, part.path or "1"))
        return (*files, *self._in_texts)

    @property
    def _in_texts(self) -> Iterator[Attachment]:
        """Files inside the mail's texts, in base64 or another form for people to cut out, which no other reading shows."""
        known = {bytes(p.content()) for p in self._others if not p.children}
        for part, contents in self._written:
            found = [*files_in(contents.text)]
            if self._outbound and (plain := unescaped(contents.text)):
                found.append(Inside("unescaped.txt", plain.encode("utf-8", "replace")))
            for number, file in enumerate(found, 1):
                opened = self._outbound or file.name or part.content_type in _OPENING
                shown = opened or detect(file.name, file.content) not in _READ_ONLY
                if shown and file.content not in known:
                    made = _as_part(Embedded(file.name, "application/octet-stream", file.content), number)
                    yield Attachment(made, self.budget, False, False, self.keys, part.path or "1")

    def _passphrases(self) -> Iterator[tuple[str, str]]:
        """What may open a locked file: what its recipient typed, what was agreed with recipients, words near "password"."""
        facts = self._told()
        for word in facts.typed:
            yield word, TYPED
        for word in facts.passphrases.values():
            yield word, AGREED
        for text in (self.subject, *self.bodies):
            for word in written(text.raw):
                yield word, WRITTEN

    @cached_property
    def _cited(self) -> frozenset[str]:
        """Content-IDs that an HTML body shows."""
        if not any(p.first("content-id") for p in self._leaves[1]):
            return frozenset()
        found: set[str] = set()
        for part in self._leaves[0]:
            if part.content_type == "text/html":
                found.update(re.findall(r"cid:([^\"'\s>)]{1,250})", part.text()))
        return frozenset(found)

    def texts(self, *roles: str) -> Iterator[Text]:
        """All texts of these roles (Text.role); of every role when none is named."""
        if not roles or "subject" in roles:
            yield self.subject
        if not roles or "property" in roles:
            yield from self.labels
        if not roles or "body" in roles:
            yield from self.bodies
        if not roles or not {"name", "content", "property"}.isdisjoint(roles):
            for attachment in self.attachments:
                yield from (t for t in attachment.texts if not roles or t.role in roles)

    def scan(self, text: Text, organisation: Organisation) -> Scan:
        """What stands in one text; the first call does the work."""
        known = self._scans.get(id(text))
        if known is None:
            found = self._present(text, organisation)
            seen = self._detector_of(organisation).scan(text, found, self._title(organisation))
            known = self._scans[id(text)] = (text, seen)
        return known[1]

    def _title(self, organisation: Organisation) -> str:
        """What subject and names of files say of lists in the mail."""
        if self._titles is None:
            called = (t for t in self.texts("subject", "name") if "told" in self._present(t, organisation))
            self._titles = "\n".join(t.flat for t in called)
        return self._titles

    def returned(self, organisation: Organisation) -> bool:
        """True when what the mail quotes goes back to those who have it (filters.reading.answered)."""
        if self._returned is None:
            said = (text.raw for text in self.bodies)
            self._returned = goes_back(self._message, self._facts, said, organisation)
        return self._returned

    def found(self, organisation: Organisation) -> frozenset[str]:
        """The names of what any text may contain (Detector.present); the organisation's own patterns are "own"."""
        names = {name for text in self.texts() for name in self._present(text, organisation)}
        return frozenset("own" if name.startswith(OWN) else name for name in names)

    def _present(self, text: Text, organisation: Organisation) -> frozenset[str]:
        known = self._presence.get(id(text))
        if known is None:
            known = self._presence[id(text)] = (text, self._detector_of(organisation).present(text.flat))
        return known[1]

    def _detector_of(self, organisation: Organisation) -> Detector:
        if self._detector is None:
            self._detector = detector(organisation)
        return self._detector


_READ_ONLY = frozenset({"text", "html", "xml"})
"""What nobody who gets it in base64 inside a text opens, unless it has a name: reports on delivery quote mails like that."""
_OPENING = ("text/calendar", "text/x-vcalendar", "text/vcard", "text/x-vcard", "text/directory")
"""Texts whose files programs offer to open."""


def _essence(part: Part) -> tuple[str, str, tuple[str, ...], bytes]:
    """What two parts share when a person would see no difference between them."""
    digest = hashlib.blake2b(part.content(), digest_size=16).digest()
    return part.content_type, part.charset, part.filenames, digest


def _as_part(file: Embedded, number: int) -> Part:
    """A file embedded in HTML, as the part it would be as an attachment."""
    named = AttachedFile(file.name, file.type, file.content)
    header = file_header(named, clean_name(file.name or f"data {number}"))
    return Message(header.replace(b": base64", b": binary") + b"\r\n" + file.content).root


def _is_data(part: Part) -> bool:
    """True for a text that is none: a program or an archive in its place."""
    content = part.content()
    return b"\0" in content[:HEAD] and not is_textual(content)


def _unnamed(part: Part) -> str:
    if part.is_message:
        inner = part.children[0].first("subject") if part.children else None
        return f"{inner.text[:60] if inner else 'message'}.eml"
    return {"text/calendar": "invite.ics"}.get(part.content_type, "")


def _content_id(part: Part) -> str:
    header = part.first("content-id")
    return header.text.strip().strip("<>") if header else ""


__all__ = ["Attachment", "Mark", "Number", "Reading", "Scan", "Stop", "Text", "scan"]
