"""Links as a mail shows them: where they lead and what is written on them; those of plain texts
(filters.markup reads HTML)."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import msgspec

from filters.lures.hosts import ends_publicly
from filters.lures.redirects import may_send_on, sent_on

MAX_LINKS = 1_000
"""Links of one text that are judged; that there are more is told (filters/inbound/unsearched.py)."""

_URL = re.compile(
    r"(?<![a-z0-9])(?:(?:https?|ftp)://|www\.(?=[a-z0-9]))(?:[\u3005-\u30ff\u3400-\u9fffa-z0-9-]{1,60}(?=\.[a-z]{2}))?"
    r"[!#-&(-;=?-~\u00c0-\u052f]+",
    re.IGNORECASE,
)
"""A bare address in a text. It ends where Japanese begins, except in a host name (an IDN)."""
_HOST = re.compile(
    r"(?P<said>(?:https?:/+)?)(?:[^/@]{1,200}@)?(?P<host>(?:[\w-]{1,63}\.){1,20}[^\W\d_][\w-]{1,62})(?P<more>(?::\d{1,5})?(?:[/?#].*)?)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s()<>\[\]（）＜＞［］「」『』【】〈〉《》、。，！？；：・…▶→\"'“”‘’]+")
"""What surrounds an address in a sentence; none of it occurs in an address that people write."""
_FILES = frozenset({"md", "zip", "mov", "py", "rs", "pl", "sh", "ps"})
"""File extensions that are also top-level domains."""
_PRODUCTS = frozenset({"asp.net", "vb.net", "ado.net", "ml.net", "paint.net"})
_PLAINLY = re.compile(r"https?://((?:[a-z0-9-]+\.)*[a-z0-9-]+)(?:[/?#][!-~]*)?")
"""A link as nearly everybody writes it, with nothing to decode."""


class Link(msgspec.Struct, frozen=True):
    """One link. `shown` is its text ("" for a bare one in plain text, or an image); `kind` is "a", "form", "text".

    `host` is where it ends up: behind an open redirect of a well-known host, the final host.
    """

    target: str
    host: str
    shown: str = ""
    kind: str = "a"
    part: str = ""
    offset: int = -1


def host_of(url: str) -> str:
    """The host that a browser would go to, "" if there is none. User names, ports and escapes are stripped."""
    if plainly := _PLAINLY.fullmatch(url):
        return plainly[1]
    url = re.sub(r"[\x00-\x20\u200b-\u200f\u2060\ufeff]+", "", url).replace("\\", "/")
    if url.lower().startswith("www."):
        url = "http://" + url
    if re.match(r"(?i)(https?|ftp):/*(?=[^/])", url):
        url = re.sub(r"(?i)^(https?|ftp):/*", r"\1://", url)
    if url.startswith("//"):
        url = "http:" + url
    try:
        host = urlsplit(url).netloc.rpartition("@")[2]
    except ValueError:
        return ""
    host = unquote(host)
    if len(host) > 300:
        return ""  # no host name is longer than 253 characters
    if host.startswith("["):
        return host.partition("]")[0][1:].lower()
    return host.partition(":")[0].strip(".").lower().replace("。", ".").replace("．", ".")


def final_host(url: str) -> str:
    """`host_of` the final address: of the one that an open redirect carries, if it is one."""
    if (plainly := _PLAINLY.fullmatch(url)) and not may_send_on(url[: plainly.end(1)]):
        return plainly[1]
    return (host_of(meant) if (meant := sent_on(url)) else "") or host_of(url)


def host_shown(text: str) -> str:
    """The host that a link's text names when the text is little else than the address of a page, "" otherwise.

    The name of a file or a product is not an address, though some look like one.
    """
    text = re.sub(r"[\u200b-\u200f\u2060\ufeff]+", "", text)
    if "." not in text or len(text) > 300:
        return ""
    pieces = [piece.rstrip(".:") for piece in _BETWEEN.split(text) if piece.strip(".:-")]
    if len(pieces) > 2:
        return ""
    for piece in pieces:
        found = _HOST.fullmatch(piece)
        if found and ("@" not in piece.partition("/")[0] or found["said"]):
            host = found["host"].lower()
            if found["said"] or found["more"] or host.startswith("www.") or _is_claimed(host):
                return host
    return ""


def _is_claimed(host: str) -> bool:
    """True for a bare name that can only be a host's."""
    is_file = host.count(".") == 1 and host.rpartition(".")[2] in _FILES
    return ends_publicly(host) and not is_file and host not in _PRODUCTS


def plain_links(text: str, part: str = "") -> Iterator[Link]:
    """The links that mail programs make out of plain text."""
    if "://" not in text and "www." not in text.lower():
        return
    for found in _URL.finditer(text):
        target = found[0].rstrip(".,;:!?)]}>…」』】）｡､")
        if host := final_host(target):
            yield Link(target[:2000], host, "", "text", part, found.start())
