"""What the inbound indicators look at: the author, the text, and where the links lead. Read once per mail.

incoming = mail.incoming
incoming.author, incoming.domain      who the mail says wrote it
incoming.texts, incoming.folded       what a person reads, part by part, and all of it in comparable form
incoming.links                        Link: .target .host .shown .part .offset
incoming.files                        every file with every reading of its name, also inside archives
"""

import re
from itertools import islice

import msgspec

from filters.extract import picture
from filters.finding import Evidence
from filters.lures.hosts import Brand, brand_count, brand_named, owner
from filters.lures.links import MAX_LINKS, Link, host_shown, plain_links
from filters.lures.names import marked, readings
from filters.lures.phrases import plain_of
from filters.markup.page import HtmlPage, read
from filters.reading import drawn
from filters.reading.embedded import embedded
from filters.reading.habits import FIELDS, habits
from filters.reading.heading import Heading
from mail.cached import cached_property
from mail.charset import fold

MAX_TEXT = 200_000
"""Characters read of each text; a phishing mail has its lure at the beginning."""
MAX_TEXTS = 20
MAX_SHOWN = 40_000
"""Characters of each text that any rule searches as they are shown."""
MAX_FOLDED = 60_000
MAX_PLAIN = 6_000

MAX_CODES = 20
_KANA = re.compile(r"[\u3041-\u30ff]")
_CODED = re.compile(r"(?<!\S)[a-z0-9+/]{40,}+")
"""Octets written as letters (RFC 4648), in lower case: among so many, any short word occurs by chance. Addresses of links do not
begin like that."""
_SOME_KANA = re.compile(r"(?:[\u3041-\u30ff][^\u3041-\u30ff]*){8}")


class Shown(msgspec.Struct, frozen=True):
    """One text that a person reads, with the path of its part."""

    part: str
    text: str


class IncomingFile(msgspec.Struct, frozen=True):
    """One file that comes with the mail, or a member of one.

    names     every reading of its name, best first (for a member, the path inside the archive)
    kind      what its content is (filters.extract.kinds)
    declared  the media type that the sender gave it, "" for a member
    place     where it is, as in Evidence.part
    verdict   "ok", "encrypted" and so on (filters.extract)
    reason    why it is not "ok" (filters.extract.reason), "" for a member
    """

    names: tuple[str, ...]
    kind: str
    declared: str
    place: str
    verdict: str
    inside: bool = False
    reason: str = ""

    @property
    def name(self) -> str:
        return self.names[0] if self.names else ""


class Incoming(Heading):
    """Everything the indicators ask about one mail; nothing is read before it is asked for."""

    @cached_property
    def is_long(self) -> bool:
        """True for reading matter: many links in a text of some length, or a very long text of a list or with some links.

        Among so many words and links some always look odd; a lure is short. Prose behind a lure excuses nothing.
        """
        return self.is_full and (self.is_bulk or len(self.links) > 3)

    @cached_property
    def is_full(self) -> bool:
        """True for a very long text, or many links in one of some length, as threads are that are quoted whole."""
        size = len(self.folded)
        return size > 8000 or (size > 1500 and len(self.links) > 12)

    @cached_property
    def _bodies(self) -> tuple[list[Shown], list[HtmlPage], list[Link], bool]:
        more = False
        texts: list[Shown] = []
        pages: list[HtmlPage] = []
        links: list[Link] = []
        for part in self._reading.parts:
            if part.children or part.is_attachment or part.is_multipart or len(texts) > MAX_TEXTS:
                continue
            place, text, outlook = part.path or "1", part.text(), ""
            if part.content_type == "text/html" or (part.content_type == "text/plain" and _is_html(text)):
                page = read(self._reading.document(part, text), place)
                pages.append(page)
                links += page.links
                text, outlook = page.text, page.outlook
            elif not part.content_type.startswith("text/"):
                continue
            for whole in (text, outlook) if outlook else (text,):
                # The text of a link does not make another link; nor does a bare address beside a link to the same host.
                known = {link.host for link in links} | {host_shown(k.shown) for k in links if k.shown}
                new: dict[str, Link] = {}
                for link in plain_links(whole, place):
                    if len(new) == MAX_LINKS and link.host not in known and link.target not in new:
                        more = True
                        break
                    if link.host not in known:
                        new.setdefault(link.target, link)
                links += new.values()
                texts.append(Shown(place, whole[:MAX_TEXT]))
        return texts, pages, links, more

    @property
    def texts(self) -> list[Shown]:
        """What a person reads as the mail itself: plain text as it is, HTML as its visible text."""
        return self._bodies[0]

    @property
    def pages(self) -> list[HtmlPage]:
        return self._bodies[1]

    @cached_property
    def links(self) -> list[Link]:
        """The links of all texts, then those in QR codes; bare ones whose host another link already has are left out."""
        return self._bodies[2] + self.code_links

    @cached_property
    def codes(self) -> list[Shown]:
        """What the first MAX_CODES QR codes of all pictures say, with those in documents, archives and the HTML itself, and
        those that are drawn with letters or cells."""
        return self._codes[:MAX_CODES]

    @cached_property
    def _codes(self) -> list[Shown]:
        reading, found = self._reading, []
        for attachment in reading.attachments:
            if codes := attachment.extracted.codes:
                base = f"{attachment.path}/{marked(attachment.name)}"[:160]
                found += [Shown(f"{base}/{p}" if p else base, text) for p, text in codes]
        for part in reading.parts:
            if (
                part.content_type == "text/html"
                and not part.is_attachment
                and b"data:image/" in part.content()
            ):
                for data in embedded(part.text()):
                    found += [Shown(part.path or "1", text) for text in picture.codes(data, reading.budget)]
        return found + self._drawn()

    def _drawn(self) -> list[Shown]:
        """QR codes that are drawn with letters or with the cells of a table."""
        found, budget = [], self._reading.budget
        for part in self._reading.parts:
            if part.children or part.is_attachment or not part.content_type.startswith("text/"):
                continue
            seek = drawn.in_page if part.content_type == "text/html" else drawn.in_text
            for each in islice(seek(part.text()), MAX_CODES) if budget.searches else ():
                texts = picture.codes_in(each.pixels, each.width, each.height, each.width, budget)
                found += [Shown(part.path or "1", text) for text in texts]
        return found

    @property
    def unsearched(self) -> frozenset[str]:
        """What there was more of than is searched for signs of deception: "pictures" (too large, or too many, or with too
        many codes), "links", "texts" (too many). Of a long text the words at its head are searched, and all links."""
        codes = self._codes  # by then everything has been looked at
        texts, pages, _, more_links = self._bodies
        found = {
            "pictures": self._reading.budget.unsearched > 0 or len(codes) > MAX_CODES,
            "links": more_links or any(page.more_links for page in pages),
            "texts": len(texts) > MAX_TEXTS,
        }
        return frozenset(name for name, is_more in found.items() if is_more)

    @cached_property
    def code_links(self) -> list[Link]:
        """The links in QR codes: kind "qr", nothing shown, the picture as their part."""
        return [
            Link(link.target, link.host, "", "qr", code.part)
            for code in self.codes
            for link in plain_links(code.text)
        ]

    @cached_property
    def hosts(self) -> list[str]:
        """The different hosts that links lead to, in order."""
        return list(dict.fromkeys(link.host for link in self.links if link.host))

    @cached_property
    def is_cut_off(self) -> bool:
        """True when `folded` lacks the end of a text."""
        return len(self.subject) + sum(len(shown.text) + 1 for shown in self.texts) > MAX_FOLDED

    @cached_property
    def searched(self) -> bytes:
        """Everything that rules search for words, once: the names and texts as they are shown, and folded."""
        shown = [] if self._is_plain else [self.subject, *(s.text[:MAX_SHOWN] for s in self.texts)]
        return "\n".join([self.name, *shown, self.folded]).encode("utf-8", "replace")

    @cached_property
    def _folding(self) -> tuple[str, str]:
        joined = "\n".join([self.subject, *(t.text[:MAX_FOLDED] for t in self.texts)])[:MAX_FOLDED]
        return joined, fold(joined)

    @property
    def _is_plain(self) -> bool:
        """True when folding changes nothing but capitals: then the texts need not be searched twice."""
        joined, folded = self._folding
        return folded == joined and not self.is_cut_off

    @cached_property
    def folded(self) -> str:
        """Subject and texts in the form that rules compare: folded, lower case, at most MAX_FOLDED characters."""
        return self._folding[1].lower()

    @cached_property
    def plain(self) -> str:
        """The beginning of `folded` in the form that phrases are compared with: no accents or look-alike letters."""
        return _CODED.sub(" ", plain_of(self.folded[:MAX_PLAIN]))

    @cached_property
    def is_japanese(self) -> bool:
        """True when the text has kana, so it is Japanese and not Chinese."""
        return bool(_SOME_KANA.search(self.folded, 0, 5000) or _KANA.search(self.subject))

    @cached_property
    def brand(self) -> Brand | None:
        """The organisation that the mail comes from or claims to: by name, subject or text; else None."""
        for text in (self.name, self.subject):
            if found := brand_named(text):
                return found[0]
        counts = brand_count(self.folded[:6000])
        return counts[0][0] if counts and counts[0][1] >= 2 else None

    @cached_property
    def sender_brand(self) -> Brand | None:
        """The organisation that the author's domain belongs to, if it is in the list."""
        return owner(self.domain) if self.domain else None

    @cached_property
    def files(self) -> list[IncomingFile]:
        """All files, also inside archives, with the kind of their content."""
        found: list[IncomingFile] = []
        for attachment in self._reading.attachments:
            extracted = attachment.extracted
            base = f"{attachment.path}/{marked(attachment.name)}"[:160]
            names = _names(attachment.name, *attachment.part.filenames)
            declared = attachment.part.content_type
            found.append(
                IncomingFile(
                    names, extracted.kind, declared, base, extracted.verdict, reason=extracted.reason
                )
            )
            for member in extracted.members:
                place = f"{base}/{member.path}"[:300]
                names = _names(member.name or member.path)
                found.append(IncomingFile(names, member.kind, "", place, member.verdict, True))
        return found

    @cached_property
    def attached(self) -> list[Shown]:
        """The beginnings of what documents, calendars and texts say that come as files, folded in lower case.

        What looks like text among octets of no known format says nothing."""
        texts = (text for a in self._reading.attachments for text in a.texts if text.role == "content")
        unknown = {place for a in self._reading.attachments for place in a.unknown}
        said = (t for t in texts if t.raw.strip() and t.place not in unknown)
        return [Shown(text.place, fold(text.raw[:MAX_PLAIN]).lower()) for text in islice(said, MAX_TEXTS)]

    @cached_property
    def lures(self) -> str:
        """`plain`, and the same of what is attached: where phrases are looked for."""
        if not self.attached:
            return self.plain
        said = (_CODED.sub(" ", plain_of(each.text)) for each in self.attached)
        return "\n".join([self.plain, *said])[: 3 * MAX_PLAIN]

    @cached_property
    def habits(self) -> dict[str, str]:
        """How the author writes, as far as this mail shows it."""
        fields = {name: field.text for name in FIELDS if (field := self._message.first(name)) is not None}
        parts = (p for p in self._reading.parts if p.content_type in ("text/plain", "text/html"))
        charset = next((p.charset or "none" for p in parts if not p.is_attachment), "")
        return habits(fields, charset, self.texts[0].text if self.texts else "")

    def quote(self, needle: str) -> Evidence:
        """Evidence for words of `folded`: where they occur in the original text, if they do so literally."""
        if needle in fold(self.subject).lower():
            return Evidence(self.subject[:120], "header:subject", 0)
        for shown in self.texts:
            at = shown.text.lower().find(needle)
            if at >= 0:
                return Evidence(_around(shown.text, at, needle), shown.part, at)
        for shown in self.attached:
            if (at := shown.text.find(needle)) >= 0:
                return Evidence(_around(shown.text, at, needle), shown.part, -1)
        return Evidence(needle[:120], self.texts[0].part if self.texts else "", -1)


def _around(text: str, at: int, needle: str) -> str:
    return " ".join(text[max(0, at - 20) : at + len(needle) + 40].split())[:120]


def _is_html(text: str) -> bool:
    """True for HTML labelled as plain text: some clients render it all the same."""
    return bool(re.match(r"(?is)\s*(?:<!doctype html|<html|<body|<table|<div)\b", text[:300]))


def _names(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reading for name in names for reading in readings(name)))
