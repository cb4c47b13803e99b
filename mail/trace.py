"""Trace header fields: Received (RFC 5321 §4.4) and Authentication-Results (RFC 8601).

What a peer said is written only after removing everything that could end a field, a clause or a comment.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import msgspec

from mail.message import Header, Message

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNSAFE_NAME = re.compile(r"[^A-Za-z0-9._:\[\]-]")
_UNSAFE_COMMENT = re.compile(r"[^A-Za-z0-9 ._:/+=,@\[\]-]")
_UNSAFE_ID = re.compile(r"[^A-Za-z0-9.-]")
_TOKEN = re.compile(r"[A-Za-z0-9!#$&'*+.^_`{|}~/@-]+")
_NAME = re.compile(r"[a-z0-9._-]+")
MAX_RESULTS = 16_384
"""How many bytes of an Authentication-Results field are read."""
MAX_STATEMENTS = 100


def date(when: float) -> str:
    """The date of a header field (RFC 5322 §3.3) in UTC; `when` is seconds since the epoch."""
    t = datetime.fromtimestamp(int(when), UTC)
    return f"{_DAYS[t.weekday()]}, {t.day:02d} {_MONTHS[t.month - 1]} {t.year:04d} {t:%H:%M:%S} +0000"


def protocol(*, tls: bool, auth: bool, smtputf8: bool = False) -> str:
    """The WITH word of Received: ESMTP, ESMTPS, ESMTPA, ESMTPSA (RFC 3848) and their UTF8 forms (RFC 6531)."""
    return f"{'UTF8' if smtputf8 else 'E'}SMTP{'S' if tls else ''}{'A' if auth else ''}"


def _literal(peer: str) -> str:
    peer = _UNSAFE_NAME.sub("", peer)[:64]
    return f"[IPv6:{peer}]" if ":" in peer and not peer.startswith("[") else f"[{peer.strip('[]')}]"


def received(
    *, by: str, with_protocol: str, id: str, when: float, helo: str = "", peer: str = "",
    recipients: Iterable[str] = (), peer_name: str = "", tls: str = "",
) -> bytes:  # fmt: skip
    """One Received field with its line end.

    `helo` is what the client called itself, `peer` its IP address, `peer_name` its verified host name or "", `tls`
    a version and cipher to show. Without `peer` the client is not named, as large providers do for their own people. "for" is written for a single recipient only; otherwise each would see the rest.
    """
    said = _UNSAFE_NAME.sub("?", helo)[:255] or "unknown"
    name = _UNSAFE_NAME.sub("?", peer_name)[:255] or "unknown"
    lines = [f"from {said} ({name} {_literal(peer)})"] if peer else []
    ours = f"by {_UNSAFE_NAME.sub('?', by)} with {with_protocol} id {_UNSAFE_ID.sub('-', id)}"
    used = [f"(using {_UNSAFE_COMMENT.sub('?', tls)[:80]})"] if tls else []
    lines += [*used, ours] if peer else [ours, *used]
    everyone = tuple(recipients)
    if len(everyone) == 1 and not re.search(r"[\x00-\x20\x7f<>]", everyone[0]):
        lines.append(f"for <{everyone[0]}>")
    return ("Received: " + "\r\n\t".join(lines) + ";\r\n\t" + date(when) + "\r\n").encode()


def hops(message: Message) -> int:
    """How many hosts say that they handled this mail."""
    return len(message.all("received"))


class MethodResult(msgspec.Struct, frozen=True):
    """One method's result (RFC 8601 §2.2), such as ("spf", "pass", {"smtp.mailfrom": "example.com"})."""

    method: str
    result: str
    properties: Mapping[str, str] = {}
    reason: str = ""
    comment: str = ""


def _value(text: str) -> str:
    text = "".join(c for c in text if c.isprintable())[:255]
    if _TOKEN.fullmatch(text):
        return text
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


def authentication_results(authserv_id: str, results: Iterable[MethodResult]) -> bytes:
    """One Authentication-Results field with its line end; "none" without results (RFC 8601 §2.2)."""
    lines = []
    for result in results:
        words = [f"{result.method}={result.result}"]
        if result.comment:
            words.append(f"({_UNSAFE_COMMENT.sub('?', result.comment)[:120]})")
        if result.reason:
            words.append(f"reason={_value(result.reason)}")
        words += [f"{name}={_value(value)}" for name, value in result.properties.items() if value]
        lines.append(" ".join(words))
    start = f"Authentication-Results: {_UNSAFE_NAME.sub('?', authserv_id)}"
    return (";\r\n\t".join([start, *(lines or ["none"])]) + "\r\n").encode()


def read_results(value: bytes) -> tuple[str, list[MethodResult]]:
    """The authserv-id (in lower case) and the results in the value of an Authentication-Results field, as received;
    anything else is skipped. Microsoft 365 writes no name: "". Names are in lower case, comments are removed."""
    parts = _statements(value[:MAX_RESULTS].decode("utf-8", "replace"))
    results = []
    if parts and "=" in "".join(parts[0][:1]):
        parts.insert(0, [])
    for words in parts[1 : MAX_STATEMENTS + 1]:
        method, equals, result = "".join(words[:1]).partition("=")
        if not equals:
            continue
        pairs = [(n.lower(), v) for n, e, v in (word.partition("=") for word in words[1:]) if e]
        properties = {n: v for n, v in reversed(pairs) if "." in n}
        name = method.partition("/")[0].lower()
        results.append(MethodResult(name, result.lower(), properties, dict(pairs).get("reason", "")))
    return (parts[0][0].lower().rstrip(".") if parts and parts[0] else ""), results


def _statements(text: str) -> list[list[str]]:
    """The words of each statement, split at ";" and at spaces outside quotes; spaces around "=" do not count."""
    text = " ".join(text.split())
    statements: list[list[str]] = [[]]
    word, quoted, depth, at = "", False, 0, 0
    while at < len(text):
        char = text[at]
        if char == "\\" and (quoted or depth):
            word += text[at + 1 : at + 2] if quoted else ""
            at += 2
            continue
        if quoted or (char == '"' and not depth):
            if char == '"':
                quoted = not quoted
            else:
                word += char
        elif char == "(":
            depth += 1
        elif depth:
            depth -= char == ")"
        elif char in "; ":
            joined = char == " " and (word.endswith("=") or text[at + 1 : at + 2] == "=")
            if word and not joined:
                statements[-1].append(word)
                word = ""
            if char == ";":
                statements.append([])
        else:
            word += char
        at += 1
    if word:
        statements[-1].append(word)
    return statements


def claims(header: Header) -> set[str]:
    """Every name (in lower case) that an Authentication-Results field could be taken to be written by: whatever comes
    before its first result, also in comments, quotes, encoded words and look-alike characters."""
    names = {read_results(header.value)[0]}
    for text in (header.value.decode("utf-8", "replace"), header.text):
        start = re.split(r"[;=]", text[:MAX_RESULTS], maxsplit=1)[0]
        for reading in (start, re.sub(r"\([^()]*\)", "", text[:MAX_RESULTS])):
            plain = unicodedata.normalize("NFKC", re.split(r"[;=]", reading, maxsplit=1)[0])
            names |= set(_NAME.findall(plain.encode("ascii", "ignore").decode().lower()))
    return {name.strip(".") for name in names} - {""}
