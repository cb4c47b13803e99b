"""Addresses: the strict grammar of the envelope (RFC 5321 §4.1.2), the tolerant reading of headers (RFC 5322 §3.4).

The envelope decides where a mail goes, so its grammar allows exactly one reading: what `parse` returns is
compared, shown, recorded and sent as it is. Header addresses are only looked at; they are read from whatever
people send, in linear time.

Diagnostics: AddressError for an envelope path that the grammar does not allow; headers never raise.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import islice

import idna
import msgspec

from mail.charset import decode_header, masked

LONGEST_LOCAL = 255
"""Octets of a local part. 64 is what everybody must accept, not what nobody may exceed (RFC 5321 §4.5.3.1): addresses that
carry another one (VERP, SRS, reply tokens) are longer."""
MAX_ADDRESSES = 2000
REMEMBERED = 4096
"""Longest address field whose mailboxes are cached: several rules ask for the same few fields of a mail."""
"""Mailboxes read from one header; with more, the rest is ignored and the mail counts as unexaminable."""

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]"
_DOT_STRING = re.compile(rf"{_ATEXT}+(?:\.{_ATEXT}+)*")
_LENIENT = re.compile(rf"(?:{_ATEXT}|\.)+")
_QUOTED = re.compile(r'"(?:[ !#-\[\]-~\u0080-\U0010ffff]|\\[ -~])*"')
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_PATH = re.compile(r'<((?:"(?:[^"\\]|\\.)*"|[^"<>])*)>(.*)', re.DOTALL)
_ROUTING = frozenset("%!@")
_ENCODED_WORD = re.compile(r"=\?[^?]*\?[bq]\?[^?]*\?=", re.IGNORECASE)

idna.encode("é.example", uts46=True)  # loads idna's tables now; later no file can be opened


class AddressError(ValueError):
    """An envelope address that RFC 5321 does not allow; the text says why, without the address."""


def _domain(text: str, smtputf8: bool) -> str:
    if not text:
        raise AddressError("no domain")
    if text.startswith("["):
        raise AddressError("address literals are not accepted")
    if not text.isascii():
        if not smtputf8:
            raise AddressError("domain needs SMTPUTF8")
        try:
            text = idna.encode(text, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError, ValueError, IndexError):
            raise AddressError("not an IDNA domain") from None
    if len(text) > 255:
        raise AddressError("domain longer than 255 octets")
    labels = text.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        raise AddressError("not a domain name")
    return text.lower()


@lru_cache(maxsize=2048)
def parse(text: str | bytes, *, smtputf8: bool = False, lenient_dots: bool = False) -> str:
    """The mailbox `local@domain` of an envelope, in the one form that goes on the wire.

    The domain comes back in lower case and as A-labels (IDNA), the local part as written. Refused with
    AddressError: comments, source routes, address literals, spaces and control characters anywhere (even in a
    quoted string), encoded words, a leading "-", a local part over LONGEST_LOCAL or a domain over 255 octets, non-ASCII
    text without `smtputf8`, and with it invalid UTF-8 or text that is not in NFC.

    `lenient_dots` allows `a..b@` and `a.@`, which Japanese mobile carriers did assign before 2009.
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError:
            raise AddressError("not UTF-8") from None
    local, at, domain = text.rpartition("@")
    if not at or not local:
        raise AddressError("not local@domain")
    if not text.isascii():
        if not smtputf8:
            raise AddressError("needs SMTPUTF8")
        if any(unicodedata.category(c)[0] in "CZ" for c in text if not c.isascii()):
            raise AddressError("unassigned, invisible or blank characters")
        if unicodedata.normalize("NFC", text) != text:
            raise AddressError("not in normal form C")
    if len(local.encode("utf-8", "surrogatepass")) > LONGEST_LOCAL:
        raise AddressError(f"local part longer than {LONGEST_LOCAL} octets")
    if local.startswith('"'):
        if not _QUOTED.fullmatch(local):
            raise AddressError("not a quoted string")
    elif not (_LENIENT if lenient_dots else _DOT_STRING).fullmatch(local):
        raise AddressError("not a dot-string")
    if local.startswith("-"):
        # A next hop that puts the local part on a command line would take it for an option (Postfix refuses it too).
        raise AddressError("local part begins with a hyphen")
    if _ENCODED_WORD.search(local):
        # CPython's header parser decodes these inside addresses: one text, two mailboxes.
        raise AddressError("encoded word in an address")
    return f"{local}@{_domain(domain, smtputf8)}"


def path(text: str | bytes, *, smtputf8: bool = False, lenient_dots: bool = False) -> tuple[str, str]:
    """(address, parameters) of the argument of MAIL FROM: or RCPT TO:, such as `<a@b.example> SIZE=10`.

    The null reverse-path `<>` gives the address "" (the caller refuses it for RCPT). Spaces before `<` are
    skipped. Raises AddressError.
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError:
            raise AddressError("not UTF-8") from None
    match = _PATH.fullmatch(text.lstrip(" "))
    if not match:
        raise AddressError("not a path in angle brackets")
    inside, rest = match[1], match[2]
    if rest and not rest.startswith(" "):
        raise AddressError("text after the path")
    if any(c < " " or c == "\x7f" for c in rest):
        raise AddressError("control character in the parameters")
    rest = rest.strip(" ")
    return ("" if not inside else parse(inside, smtputf8=smtputf8, lenient_dots=lenient_dots)), rest


def a_labels(domain: str) -> str:
    """The domain in lower case and as A-labels (RFC 5890), as `parse` has it; what is none is only lowered."""
    domain = domain.lower()
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError, ValueError, IndexError):
        return domain


def domain_of(address: str) -> str:
    """The domain of a mailbox in lower case, "" when there is none."""
    return address.rpartition("@")[2].lower() if "@" in address else ""


def routes_onward(address: str) -> bool:
    """True when the host that owns the domain may read another destination in the local part.

    `victim%other.example@ours`, `other.example!victim@ours` and `"victim@other.example"@ours` are relayed to
    other.example by hosts that still support those forms of source routing (Postfix does for clients it trusts).
    Quoting hides nothing, nor do full-width forms, which some hosts fold.
    """
    local = address.rpartition("@")[0]
    if local.isascii():
        return not _ROUTING.isdisjoint(local)
    return not _ROUTING.isdisjoint(unicodedata.normalize("NFKC", local))


def without_tag(address: str) -> str:
    """The address in lower case without its sub-address (RFC 5233): "Taro+x@example.jp" is "taro@example.jp"."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


class Mailbox(msgspec.Struct, frozen=True):
    """One address of a header: decoded display name, address with its domain in lower case.

    `start` and `end` are its place in the input (bytes of the value, or characters of a text), without the
    separating commas. `address` has no "@" when the sender wrote none.
    """

    name: str
    address: str
    start: int = 0
    end: int = 0


_TOKEN = re.compile(
    r"(?P<blank>[ \t\r\n]+)"
    r"|(?P<word>=\?[^?\s<>@]{1,64}\?[bBqQ]\?[^?\r\n<>]*\?=)"
    r'|(?P<special>[(),;:<>"])'
    r'|(?P<atom>[^\s(),;:<>"=]+|=)'
)
_QUOTE = re.compile(r'"(?:[^"\\]|\\.)*(?P<end>")?', re.DOTALL)
_PARENTHESIS = re.compile(r"\\.|[()]", re.DOTALL)
_SPEC = re.compile(r'(?:"[^"]*"|(?<![^\s<>()",;:@])[^\s<>()",;:@]++)@[^\s<>()",;:]+')
"""Begins only where a word begins: otherwise a long one without an @ would be read from each of its characters."""
_AROUND = re.compile(r" ?([@.]) ?")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def _comment_end(text: str, start: int) -> int:
    """Where the comment that begins at `start` ends, -1 when it is never closed. Nesting is only counted."""
    depth = 0
    for match in _PARENTHESIS.finditer(text, start):
        if match[0] == "(":
            depth += 1
        elif match[0] == ")":
            depth -= 1
            if not depth:
                return match.end()
    return -1


class _Collector:
    """The mailbox under construction: pieces of its phrase, its angle address, its comments."""

    def __init__(self, source: bytes | str) -> None:
        self.source = source
        self.found: list[Mailbox] = []
        self.clear()

    def clear(self) -> None:
        self.phrase: list[tuple[int, int, str]] = []  # start, end, kind: blank, word, atom, quoted
        self.angle: str | None = None
        self.comments: list[tuple[int, int]] = []
        self.can_be_group = True

    def add(self, start: int, end: int, kind: str, text: str) -> None:
        """Another piece of the phrase; what is quoted or has an @ is not the name of a group."""
        self.phrase.append((start, end, kind))
        self.can_be_group = self.can_be_group and kind != "quoted" and "@" not in text

    def raw(self, start: int, end: int) -> bytes:
        piece = self.source[start:end]
        return piece.encode("utf-8", "surrogateescape") if isinstance(piece, str) else piece

    def name(self) -> str:
        pieces = []
        for start, end, kind in self.phrase:
            if kind == "quoted":
                inside = self.source[start + 1 : end - 1]
                if isinstance(inside, str):
                    pieces.append(_ESCAPED.sub(r"\1", inside).encode("utf-8", "surrogateescape"))
                elif masked(inside) == inside:
                    pieces.append(re.sub(rb"\\(.)", rb"\1", inside, flags=re.DOTALL))
                else:
                    pieces.append(inside)
            else:
                pieces.append(self.raw(start, end))
        name = decode_header(b"".join(pieces)).strip()
        if not name and self.comments:
            start, end = self.comments[-1]
            name = decode_header(self.raw(start + 1, end - 1)).strip()
        return " ".join(name.split())

    def flush(self, end: int) -> None:
        """End a mailbox: what came before `<` is its name; without `<` the phrase itself is the address."""
        while self.phrase and self.phrase[-1][2] == "blank":
            self.phrase.pop()
        while self.phrase and self.phrase[0][2] == "blank":
            self.phrase.pop(0)
        if self.angle is None and self.phrase:
            start = self.phrase[0][0]
            text = b"".join(b" " if kind == "blank" else self.raw(a, b) for a, b, kind in self.phrase)
            line = _AROUND.sub(r"\1", " ".join(text.decode("utf-8", "replace").split()))
            matches = [*islice(_SPEC.finditer(line), MAX_ADDRESSES)]
            if len(matches) == 1:
                before = line[: matches[0].start()].strip(' <>("')
                self.phrase = []
                name = self.name() or decode_header(before)
                self.found.append(Mailbox(name, on_the_wire(matches[0][0]), start, end))
            elif matches:  # no comma between them: whoever delivers by the header reads them all
                self.found += [Mailbox("", on_the_wire(match[0]), start, end) for match in matches]
            else:
                self._unnamed(start, end)
        self.clear()

    def _unnamed(self, start: int, end: int) -> None:
        """A phrase without an address: a name, or addresses that somebody encoded with it."""
        name = self.name()
        hidden = any(kind == "word" for _, _, kind in self.phrase) and "@" in name
        specs = [*islice(_SPEC.finditer(name), MAX_ADDRESSES)] if hidden else []
        self.found += [Mailbox("", on_the_wire(spec[0]), start, end) for spec in specs]
        if not specs:
            self.found.append(Mailbox(name, "", start, end))


def on_the_wire(address: str) -> str:
    """The address with its domain as A-labels, the local part as written."""
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{a_labels(domain)}"


def header_addresses(value: str | bytes) -> list[Mailbox]:
    """The mailboxes of an address header (From, To, Cc, Reply-To …), at most MAX_ADDRESSES. Never raises.

    Understands groups, comments, quoted names, encoded words (a comma inside one separates nothing), raw 8-bit
    and raw ISO-2022-JP names. A quote, comment or bracket that is never closed is an ordinary character, so it
    cannot hide the addresses after it. Linear in the length.
    """
    return list(_remembered(value) if len(value) <= REMEMBERED else _mailboxes(value))


@lru_cache(maxsize=32)
def _remembered(value: str | bytes) -> list[Mailbox]:
    return _mailboxes(value)


def _mailboxes(value: str | bytes) -> list[Mailbox]:
    text = value if isinstance(value, str) else masked(value).decode("latin-1")
    out = _Collector(value)
    at, size = 0, len(text)
    quotes = comments = brackets = True
    while at < size and len(out.found) < MAX_ADDRESSES:
        match = _TOKEN.match(text, at)
        if not match:
            at += 1
            continue
        kind, start, end = match.lastgroup or "", at, match.end()
        char = text[start]
        if kind == "special":
            kind = "atom"
            if char == '"' and quotes:
                quoted = _QUOTE.match(text, start)
                if quoted and quoted["end"]:
                    kind, end = "quoted", quoted.end()
                else:
                    quotes = False
            elif char == "(" and comments:
                close = _comment_end(text, start)
                if close < 0:
                    comments = False
                else:
                    out.comments.append((start, close))
                    at = close
                    continue
            elif char == "<" and brackets:
                close = text.find(">", start)
                if close < 0:
                    brackets = False
                else:
                    end = close + 1
                    spec = "".join(out.raw(start + 1, close).decode("utf-8", "replace").split())
                    if (
                        spec.startswith("@") and ":" in spec
                    ):  # a source route: only its end counts (RFC 5321 §F.2)
                        spec = spec.rpartition(":")[2]
                    first = out.phrase[0][0] if out.phrase else start
                    while out.phrase and out.phrase[0][2] == "blank":
                        out.phrase.pop(0)
                        first = out.phrase[0][0] if out.phrase else start
                    out.angle = spec
                    if spec:
                        out.found.append(Mailbox(out.name(), on_the_wire(spec), first, end))
                    out.phrase, out.can_be_group = [], True
                    at = end
                    continue
            elif char in ",;":
                out.flush(start)
                at = end
                continue
            elif char == ":" and out.angle is None and out.can_be_group:
                out.clear()  # the name of a group
                at = end
                continue
            elif char == ">":
                at = end
                continue
        if out.angle is not None and kind != "blank":
            out.clear()  # text after `<…>` without a comma begins the next mailbox
        if kind != "blank" or out.phrase:
            out.add(start, end, kind, text[start:end])
        at = end
    out.flush(size)
    return out.found[:MAX_ADDRESSES]
