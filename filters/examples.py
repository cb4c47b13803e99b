"""Examples of the rules: for each, a mail that triggers it and a harmless one (docs/rules.md).

They are in examples/RULE.txt beside the rules: two letters with a line `---` between them. A letter is a mail
in short: header fields, a blank line, the text (HTML if it begins with `<`); `\\u202e` stands for that
character. Three fields are ours:

    Attach: NAME | CONTENT     a file: text, program, icon, pdf, docx, script-pdf, pages of HTML, shortcut,
                               scan, unknown, deep, broken, `zip NAME`, `locked NAME`, `code TEXT`,
                               large-picture
    Facts: {"known": [...]}    what is known about the mail (filters.facts)
    Envelope: ADDRESS          its reverse-path; by default the author's address

A letter with its own Content-Type is taken as it stands. Only the document generator and tests read these
files.
"""

import base64
import io
import json
import re
import zipfile
import zlib
from importlib import resources
from typing import Any

import msgspec
import pyzipper

from config.policy import Class, Organisation, Pattern
from config.words import LANGUAGES
from filters.extract import picture
from filters.extract.sample import LINK, PDF
from filters.extract.sample import package as packed
from filters.facts import Facts, Person
from filters.finding import Finding
from filters.rule import REGISTRY, Mail, Rule
from filters.ruleset import PreparedRule
from filters.sentences import sentence
from mail.encoding import base64_lines
from mail.message import Message

ORGANISATION = Organisation(
    name="関所商事",
    domains=("us.example",),
    partners={"koyo-denki.example": "株式会社光陽電機"},
    people=("山田 太郎",),
    classes=(
        Class("社外秘", 2, ("社外秘",), approver="department_head"),
        Class("極秘", 3, ("極秘",), audience="internal", approver="president"),
    ),
    patterns=(Pattern("案件番号", pattern=r"案件-[0-9]{5}"),),
)
TO = "user@us.example"
SENDER = Person("sato", "佐藤", ("sato@us.example",))
PARTNER = "tanaka@partner.example"
_ICON = (
    b"c-r%gVjvqh0C9jT1A`AEBZ~L~1|~*sn3xcfga8zSbb@Fm1_l<W6brJUOb{j$Op^dI4X03n0GeGi26{!sMaeM#!R%(j2p<QAAqAKin1Q4M149EJ"
    b"khTEQsPc>qpjZvSA)bLnoRbAZ5H3Ce$XWmlyA?<g>Y>QMAcCY)1L7WVKr(_^#DV`b2BY?m+COUlsQsh%Lx7~*iU0J(gWY}@z^0d6xl#K^?H?-X"
    b"pWgP5mj9#nkJ>-{>?gM;J8J*Pvi}1E13$5tfe4J>4Cepn7%~Q;pa2=A0F7uc4v7&T0B);&0R"
)
"""A Windows program without code and with the icon of a PDF."""
PROGRAM = b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0" + bytes(200)
_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+")
_OURS = ("attach", "facts", "envelope")


class ExampleLetter(msgspec.Struct, frozen=True):
    """One letter: its fields in order (name in lower case), and its text."""

    source: str
    fields: tuple[tuple[str, str], ...]
    text: str

    def all(self, name: str) -> list[str]:
        return [value for field, value in self.fields if field == name]

    @property
    def shown(self) -> str:
        """As the documents show it."""
        return self.source


def letters(rule: str) -> tuple[ExampleLetter, ExampleLetter]:
    """(the letter that triggers the rule, the harmless one). Raises FileNotFoundError when there is no example."""
    package = REGISTRY[rule].module.rpartition(".")[0]
    file = resources.files(package) / "examples" / f"{rule}.txt"
    speaks, _, silent = file.read_text("utf-8").partition("\n---\n")
    return _letter(speaks), _letter(silent)


def _letter(source: str) -> ExampleLetter:
    source = source.strip("\n")
    plain = re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), source)
    head, _, text = plain.partition("\n\n")
    lines = re.sub(r"\n[ \t]+", " ", head).split("\n")
    fields = tuple(
        (name.strip().lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)
    )
    return ExampleLetter(source, fields, text)


def mail_of(letter: ExampleLetter, direction: str = "inbound") -> Mail:
    """The letter as the checkpoint gets it: from outside to one of us, or from one of us to those it names."""
    addresses = [a for name in ("from", "to", "cc") for a in _ADDRESS.findall(" ".join(letter.all(name)))]
    told: dict[str, Any] = {}
    for value in letter.all("facts"):
        told |= json.loads(value)
    if direction == "inbound":
        envelope = {
            "reverse_path": next(iter(letter.all("envelope") or addresses), ""),
            "forward_paths": [{"address": TO}],
        }
        defaults = {"origin": {"listener": "mx", "peer": "192.0.2.1"}}
    else:
        named = [a for name in ("to", "cc", "bcc") for a in _ADDRESS.findall(" ".join(letter.all(name)))]
        recipients = named or [PARTNER]
        envelope = {
            "reverse_path": SENDER.addresses[0],
            "forward_paths": [{"address": a} for a in recipients],
        }
        defaults = {
            "origin": {"listener": "submission", "peer": "192.0.2.1", "login": SENDER.login},
            "sender": msgspec.to_builtins(SENDER),
        }
    facts = {"direction": direction, "envelope": envelope, **defaults, **told}
    return Mail(Message(_raw(letter, direction)), msgspec.convert(facts, Facts))


def speaking(prepared: PreparedRule, letter: ExampleLetter) -> list[Finding]:
    """What the rule says about the letter."""
    mail = mail_of(letter, _direction(prepared.rule))
    return prepared.rule.look(mail, ORGANISATION, prepared.settings, prepared.weight)


def _direction(rule: Rule) -> str:
    return "outbound" if rule.direction == "outbound" else "inbound"


def markdown(prepared: PreparedRule) -> list[str]:
    """The lines of docs/rules.md about the example of a rule; [] when it has none."""
    try:
        speaks, silent = letters(prepared.rule.name)
    except FileNotFoundError:
        return []
    lines = ["", "It speaks in this mail:", "", "```text", *speaks.shown.split("\n"), "```", ""]
    for finding in speaking(prepared, speaks)[:1]:
        lines += ["\n>\n".join(f"> {sentence(finding, language)}" for language in LANGUAGES), ""]
        weight = f"Weight {finding.weight}. " if finding.weight else ""
        quotes = "; ".join(
            f"`{_code(e.quote)}`" + (f" in `{_code(e.part)}`" if e.part else "") for e in finding.evidence[:3]
        )
        lines += [f"{weight}Evidence: {quotes or 'none'}", ""]
    return [*lines, "It does not in this one:", "", "```text", *silent.shown.split("\n"), "```"]


def _code(text: str) -> str:
    return " ".join(text.replace("`", "'").split())[:120]


def _raw(letter: ExampleLetter, direction: str) -> bytes:
    """The bytes of the mail."""
    named = [(name, value) for name, value in letter.fields if name not in _OURS]
    text = letter.text.replace("\n", "\r\n") + "\r\n"
    if letter.all("content-type"):
        return _head(named) + b"\r\n" + text.encode()
    kind = "text/html" if letter.text.startswith("<") else "text/plain"
    parts = [_part(f"Content-Type: {kind}; charset=utf-8", text.encode())]
    for value in letter.all("attach"):
        name, _, recipe = value.rpartition(" | ")
        disposition = f'Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="{_word(name)}"'
        parts.append(_part(disposition, _content(recipe)))
    people = [("to", TO)] if direction == "inbound" else [("from", SENDER.addresses[0]), ("to", PARTNER)]
    defaults = [*people, ("message-id", "<1@example>"), ("mime-version", "1.0")]
    head = _head([*named, *((n, v) for n, v in defaults if not letter.all(n))])
    if len(parts) == 1:
        return head + parts[0]
    return (
        head
        + b"Content-Type: multipart/mixed; boundary=b1\r\n\r\n"
        + b"".join(b"--b1\r\n" + p + b"\r\n" for p in parts)
        + b"--b1--\r\n"
    )


def _part(head: str, content: bytes) -> bytes:
    return head.encode() + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64_lines(content)


def _head(fields: list[tuple[str, str]]) -> bytes:
    lines = []
    for name, value in fields:
        phrase, angle, rest = value.partition(" <") if name in ("from", "to", "reply-to") else (value, "", "")
        lines.append(f"{name.title()}: {phrase if phrase.isascii() else _word(phrase)}{angle}{rest}\r\n")
    return "".join(lines).encode()


def _word(text: str) -> str:
    """RFC 2047 words, cut between characters."""
    cut = [text[at : at + 12] for at in range(0, len(text), 12)]
    return " ".join(f"=?utf-8?B?{base64.b64encode(piece.encode()).decode()}?=" for piece in cut)


def _content(recipe: str) -> bytes:
    """The bytes that an Attach field asks for. Raises ValueError for unknown ones."""
    word, _, rest = recipe.partition(" ")
    match word:
        case "text":
            return rest.encode() or b"text\r\n"
        case "program":
            return PROGRAM
        case "icon":
            return zlib.decompress(base64.b85decode(_ICON))
        case "pdf":
            return PDF
        case "script-pdf":
            return PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>")
        case "docx":
            return packed(
                {"[Content_Types].xml": "<Types/>", "word/document.xml": f"<w:p>{rest or 'text'}</w:p>"}
            )
        case "scan":
            return re.sub(rb"BT .*? ET", b"", PDF)
        case "unknown":
            return b"\x60\x0e\x82\x60" + bytes(range(256)) * 20
        case "deep":
            content = packed({"a.txt": "text"})
            for _ in range(7):
                content = stored("a.zip", content)
            return content
        case "shortcut":
            return LINK
        case "zip" | "broken":
            whole = packed({rest or "a.txt": "text"})
            return whole if word == "zip" else whole[:-30]
        case "locked":
            return _locked(rest)
        case "code":
            return picture.code(rest)
        case "large-picture":
            size = (40_000).to_bytes(4, "big")
            return (
                b"\x89PNG\r\n\x1a\n"
                + _chunk(b"IHDR", size + size + bytes((8, 0, 0, 0, 0)))
                + _chunk(b"IEND", b"")
            )
    if recipe.startswith(("<", "BEGIN:")):
        return recipe.replace("\\n", "\r\n").encode()
    raise ValueError(f"no such content: {recipe}")


def _chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def stored(name: str, content: bytes) -> bytes:
    """A ZIP of one file that is not compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, content)
    return out.getvalue()


def _locked(name: str) -> bytes:
    """An encrypted ZIP whose password is hello-123."""
    out = io.BytesIO()
    with pyzipper.AESZipFile(
        out, "w", compression=zipfile.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    ) as archive:
        archive.setpassword(b"hello-123")
        archive.writestr(name or "a.txt", "text")
    return out.getvalue()
