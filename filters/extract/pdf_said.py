"""What a PDF says beside its pages: form values and captions, comments, bookmarks, names of layers, alternative texts, page
labels, descriptions of files; XMP properties and XFA forms.

All of these are strings in dictionaries, whoever refers to them; so they are looked for by their keys in the octets outside
of streams and in unpacked object streams. XMP and XFA are streams of XML, which cannot lie in others.

Sources: ISO 32000-1 (7.9.2.2 text strings, 8.11 layers, 12.3.3 outlines, 12.5.6 annotations, 12.7.3 fields, 14.3 metadata,
14.8.4 alternative texts), XFA 3.3.
"""

import re
import zlib

import re2

from filters.extract import inflate
from filters.extract import rtf_charsets as charsets
from filters.extract.found import Found
from filters.extract.reason import Reason, Stop
from filters.extract.xmltext import text_of

STRINGS = 200_000
STREAMS = 1_000
FORMS = 50
"""Strings, streams of metadata and packets of forms that are read; that there are more is a finding."""
_TEXT = rb"\((?:[^\\()]|\\.|\((?:[^\\()]|\\.)*\))*\)|<[0-9A-Fa-f\s]*>"
_SAID = re.compile(
    rb"/(?:V|DV|TU|TM|T|CA|AC|RC|Contents|Subj|Alt|ActualText|Title|Name|P|E|Reason|Location|ContactInfo|Desc|UF|F|Opt|I)"
    rb"[\0\t\n\f\r ]*(?:(" + _TEXT + rb")|\[((?:[\0\t\n\f\r \[\]]|" + _TEXT + rb"){1,20000})\])",
    re.DOTALL,
)
_OCTETS = re2.Options()
_OCTETS.encoding = re2.Options.Encoding.LATIN1
_PIECE = re2.compile(b"(?s)" + _TEXT, _OCTETS)
"""Linear whatever stands there: an array may have its strings unclosed."""
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"", b"f": b"", b"\r\n": b"", b"\n": b"", b"\r": b""}
_XML = re.compile(rb"/Type\s*/Metadata\b")
_XFA = re.compile(rb"/XFA\s{0,8}+(?:(\d{1,10}+)\s{1,8}+\d{1,5}+\s{1,8}+R|\[)")
PACKETS = 4_000
"""Octets of an array of XFA packets that are read."""
_REFERENCE = re.compile(rb"(\d{1,10})\s+\d{1,5}\s+R")
_LABEL = re.compile(
    r"MSIP_Label_[0-9a-fA-F-]{8,40}_Name(?:\s*=\s*[\"']([^\"']{1,200})[\"']|[^<>]{0,100}>([^<]{1,200})<)"
)


def strings(data: bytes, found: Found) -> list[str]:
    """The texts of a PDF's dictionaries, each once; that there are more than STRINGS is noted in `found`."""
    texts: dict[str, None] = {}
    for match in _SAID.finditer(data):
        for piece in [match[1]] if match[1] else (piece[0] for piece in _PIECE.finditer(match[2])):
            texts[decoded(piece)] = None
        if len(texts) > STRINGS:
            found.failed(Reason.TEXT, "pdf: too many strings")
            break
    return [text for text in texts if text.strip()]


def decoded(string: bytes) -> str:
    """The text of a string as written: in parentheses, or in hexadecimal digits between angle brackets."""
    if string.startswith(b"<"):
        digits = b"".join(string.strip(b"<>").split())
        raw = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
    else:
        raw = _ESCAPE.sub(_unescaped, string[1:-1] if string.endswith(b")") else string[1:])
    for mark, codec in ((b"\xfe\xff", "utf-16-be"), (b"\xff\xfe", "utf-16-le"), (b"\xef\xbb\xbf", "utf-8")):
        if raw.startswith(mark):
            return raw[len(mark) :].decode(codec, "replace")
    return charsets.decoded(raw, "cp1252", True)


def _unescaped(match: "re.Match[bytes]") -> bytes:
    what = match[1]
    if what[:1].isdigit() and what[:1] < b"8":
        return bytes([int(what, 8) & 0xFF])
    return _ESCAPED.get(what, what)


def forms(content: bytes, data: bytes, found: Found) -> None:
    """Adds the texts of XMP properties, with labels as signs, and of XFA forms. `data` are the octets outside of streams,
    and those of object streams."""
    for number, match in enumerate(_XML.finditer(content)):
        if number == STREAMS:
            return found.failed(Reason.MEMBERS, "pdf: too many streams of metadata")
        start = content.find(b"stream", match.end(), match.end() + 2_000)
        if start >= 0:
            _xml(content, start, "xmp", found)
    number = 0
    for match in _XFA.finditer(data):
        packets, _, ended = data[match.end() : match.end() + PACKETS].partition(b"]")
        if not (match[1] or ended):
            found.failed(Reason.TEXT, "pdf: a form of too many packets")
        for reference in [match[1]] if match[1] else _REFERENCE.findall(packets):
            number += 1
            if number > FORMS:
                return found.failed(Reason.MEMBERS, "pdf: too many forms")
            here = re.search(rb"(?<!\d)%b\s{1,8}\d{1,5}\s{1,8}obj\b" % reference, content)
            start = content.find(b"stream", here.end(), here.end() + 2_000) if here else -1
            if start >= 0:
                _xml(content, start, "xfa", found)
    return None


def _xml(content: bytes, start: int, place: str, found: Found) -> None:
    end = content.find(b"endstream", start)
    raw = content[start + 6 : end if end >= 0 else len(content)].lstrip(b"\r\n")
    if not raw[:200].lstrip(b"\xef\xbb\xbf \t").startswith(b"<"):
        try:
            raw = inflate.bounded(inflate.deflated(raw, 15), len(raw), found.budget, "pdf")
        except Stop as stop:
            if stop.verdict == "limit":
                raise
            return
        except zlib.error:
            return
    for one, other in _LABEL.findall(raw.decode("utf-8", "replace")) if b"MSIP_Label_" in raw else ():
        found.sign("label", one or other)
    try:
        text = text_of(raw.strip(b"\0 \r\n"), properties=True)
    except Stop:
        text = re.sub(r"<[^<>]*>", "\n", raw.decode("utf-8", "replace"))
    found.text(place, "\n".join(line for line in text.split("\n") if line.strip()))
