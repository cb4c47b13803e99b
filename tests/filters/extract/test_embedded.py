"""Files inside texts are files: whatever the text is called, and however they are written down."""

import base64
import binascii
import gzip
import json
import quopri
import random
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.extract import Budget, extract
from filters.extract.embedded import MOST, files_in, unescaped
from mail import binhex
from tests.filters.extract import signatures
from tests.filters.extract.documents import word
from tests.filters.extract.encoders import binhexed, uuencoded, yencoded
from tests.filters.extract.media import MEDIA
from tests.filters.extract.wrappers import WRAPPERS
from tests.filters.mails import attached, examined, plain

PROGRAM = b"MZ\x90\0\3\0\0\0\4\0" + bytes(50) + b"\x40\0\0\0PE\0\0" + bytes(300)
SENTENCE = "この資料は社外秘です。ご注意ください。".encode()
DOCUMENT = word()


def lines(content: bytes, width: int = 76) -> str:
    text = base64.b64encode(content).decode()
    return "\n".join(text[at : at + width] for at in range(0, len(text), width))


FORMS: dict[str, Callable[[bytes], str]] = {
    "base64": lines,
    "base64 in 64": lambda c: lines(c, 64),
    "base64 in 12": lambda c: lines(c, 12),
    "base64 in one": lambda c: base64.b64encode(c).decode(),
    "base64url": lambda c: base64.urlsafe_b64encode(c).decode(),
    "hex": lambda c: c.hex(),
    "hex with blanks": lambda c: c.hex(" "),
    "hex in lines": lambda c: "\n".join(c.hex()[at : at + 64] for at in range(0, 2 * len(c), 64)),
    "uuencode": uuencoded,
    "yenc": yencoded,
    "binhex": binhexed,
}
PLACES: dict[str, Callable[[str], str]] = {
    "a.txt": lambda t: t,
    "b.txt": lambda t: f"Dear all,\n\nplease decode this:\n\n{t}\n\nRegards\n",
    "a.json": lambda t: json.dumps({"name": "x", "data": t}),
    "a.xml": lambda t: f'<?xml version="1.0"?><a><b>{t}</b></a>',
    "a.csv": lambda t: f'id,data\n1,"{t}"\n',
    "a.yaml": lambda t: "data: |\n" + "".join(f"  {line}\n" for line in t.split("\n")),
    "a.html": lambda t: f"<html><p>x</p><script>var a = `{t}`;</script></html>",
}


def text_of(name: str, content: bytes) -> str:
    return "".join(text for _, text in extract(name, "", content, Budget()).texts)


@pytest.mark.parametrize("form", [f for f in FORMS if f != "base64url"])
@pytest.mark.parametrize("place", PLACES)
def test_a_document_in_a_text_is_found(form: str, place: str) -> None:
    if form in ("yenc", "uuencode", "binhex", "base64 in 12") and place != "a.txt" and place != "b.txt":
        return  # not written like that into such places
    if (form, place) == ("base64 in 12", "b.txt"):
        return
    content = PLACES[place](FORMS[form](DOCUMENT)).encode("latin-1")
    assert "社外秘" in text_of(place, content)


@pytest.mark.parametrize("form", [f for f in FORMS if f not in ("yenc", "binhex")])
def test_a_sentence_is_found_too(form: str) -> None:
    assert "社外秘" in text_of("a.txt", FORMS[form](SENTENCE * 2).encode())


@pytest.mark.parametrize("form", ["base64", "base64 in one", "hex", "uuencode", "binhex"])
def test_a_program_in_the_text_of_an_arriving_mail(form: str) -> None:
    seen = examined(
        plain(f"Please decode.\n\n{FORMS[form](PROGRAM)}\n"), "user@us.example", direction="inbound"
    )
    assert "executable" in {finding.rule for finding in seen.findings}


def test_calendars_and_cards() -> None:
    folded = "\r\n ".join(lines(DOCUMENT).split("\n"))
    calendar = (
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:x\r\nATTACH;FMTTYPE=application/msword;ENCODING=BASE64;"
        f'VALUE=BINARY;X-FILENAME="plan.docx":{folded}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'
    )
    card = f"BEGIN:VCARD\r\nVERSION:3.0\r\nN:x\r\nPHOTO;ENCODING=b;TYPE=JPEG:{folded}\r\nEND:VCARD\r\n"
    key = f"BEGIN:VCARD\r\nVERSION:4.0\r\nN:x\r\nKEY:data:application/octet-stream;base64,{folded}\r\nEND:VCARD\r\n"
    for name, text in (("a.ics", calendar), ("a.vcf", card), ("b.vcf", key)):
        assert "社外秘" in text_of(name, text.encode()), name
    (member, *_) = extract("a.ics", "", calendar.encode(), Budget()).members
    assert member.name == "plan.docx"


@pytest.mark.parametrize("place", ["a.html", "a.svg", "a.css", "a.md"])
def test_addresses_that_carry_their_data(place: str) -> None:
    address = "data:application/octet-stream;base64," + base64.b64encode(DOCUMENT).decode()
    text = {
        "a.html": f'<html><a download="x" href="{address}">x</a></html>',
        "a.svg": f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{address}"/></svg>',
        "a.css": f"p {{ background: url({address}) }}",
        "a.md": f"![x]({address})",
    }[place]
    assert "社外秘" in text_of(place, text.encode())


def test_pictures_in_pages_are_no_files_unless_something_stands_behind() -> None:
    for content, count in ((MEDIA["a.png"], 0), (MEDIA["a.png"] + DOCUMENT, 1)):
        page = f'<html><img src="data:image/png;base64,{base64.b64encode(content).decode()}"></html>'
        members = extract("a.html", "", page.encode(), Budget()).members
        assert bool(members) == bool(count)


@pytest.mark.parametrize(
    "escape",
    [
        lambda t: quopri.encodestring(t.encode()).decode(),
        quote,
        json.dumps,
        lambda t: "".join(f"\\x{o:02x}" for o in t.encode()),
        lambda t: t.encode("ascii", "xmlcharrefreplace").decode(),
    ],
)
def test_words_behind_escapes(escape: Callable[[str], str]) -> None:
    assert "社外秘" in unescaped(escape(SENTENCE.decode()))
    assert "社外秘" in text_of("a.txt", escape(SENTENCE.decode()).encode())


def test_keys_tokens_and_addresses_are_no_files() -> None:
    noise = base64.b64encode(bytes((n * n * 31 + n * 7) % 253 for n in range(900))).decode()
    token = (
        base64.urlsafe_b64encode(b'{"u": "someone", "c": 12, "t": "2026-01-01T00:00"}').decode().rstrip("=")
    )
    for text in (
        f"-----BEGIN CERTIFICATE-----\n{noise[:64]}\n{noise[64:128]}\n-----END CERTIFICATE-----\n",
        f"https://news.example/click?d={token}\nhttps://a.example/{token}/x\n",
        "-" * 80 + "\n" + "=" * 80 + "\n" + "_" * 60 + "\n" + "/" * 70,
        "sha256 "
        + "0123456789abcdef" * 4
        + "\n"
        + "/usr/share/some/very/long/path/that/goes/on/and/on/file.txt",
        " ".join(f"{n:02d}" for n in range(99)),
        "",
    ):
        assert list(files_in(text)) == [], text
        assert unescaped(text) == ""


def test_an_ordinary_mail_has_none_and_an_announced_file_is_still_missing() -> None:
    seen = examined(attached(("a.txt", b"nothing"), body="来週の予定です。"))
    assert not {finding.rule for finding in seen.findings} & {"unsupported_attachment", "corrupt_attachment"}


@given(st.binary(max_size=2_000), st.text(alphabet="abc .", max_size=30))
@settings(deadline=None)
def test_binhex_comes_back(content: bytes, name: str) -> None:
    name = name or "a"
    assert binhex.files(binhexed(content, name).encode("latin-1")) == [(name.encode(), content)]


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_hostile_binhex_raises_nothing(content: bytes) -> None:
    binhex.files(b"(BinHex 4.0)\n:" + binascii.b2a_base64(content) + b":")


def test_a_quoted_page_in_base64_is_no_attachment_of_an_arriving_mail() -> None:
    page = lines(b"<html><body><p>Dear customer, please sign in to see your account again.</p></body></html>")
    seen = examined(plain(f"Your mail came back:\n\n{page}\n"), "user@us.example", direction="inbound")
    assert "page_attachment" not in {finding.rule for finding in seen.findings}


def test_more_files_than_are_taken_out_are_a_finding() -> None:
    """Whoever hides a document behind many others must not have it pass for read."""
    words = [" ".join(str(number * place * 7919) for place in range(30)) for number in range(MOST + 1)]
    many = "\n\nThe next one, please:\n\n".join(
        lines(gzip.compress(each.encode(), mtime=0)) for each in words
    )
    found = extract("a.txt", "", f"{many}\n\nThe last one, please:\n\n{lines(word())}\n".encode(), Budget())
    assert found.verdict == "limit"


def test_binhex_that_grows_without_end_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binhex, "LONGEST", 1_000)
    found = extract("a.txt", "", binhexed(b"x" * 5_000).encode(), Budget())
    assert found.verdict == "limit"


def test_the_resource_fork_of_a_binhex_is_read_too() -> None:
    fork = b"PK\3\4 as a resource " * 20
    text = binhexed(b"data", fork=fork).encode("latin-1")
    assert [content.rstrip(b"\0")[:10] for _, content in binhex.files(text)] == [b"data", fork[:10]]


def test_a_disk_image_that_begins_with_nothing_is_a_file_in_base64_too() -> None:
    name, image = WRAPPERS["iso"]("社外秘です".encode())
    assert not any(image[:1_000]), name
    found = extract("a.txt", "", base64.encodebytes(image), Budget())
    assert "社外秘" in "".join(text for _, text in found.texts)


def test_a_text_of_nothing_but_base64_is_a_file_of_whatever_kind() -> None:
    octets = bytes(n * 37 % 251 for n in range(260))
    found = extract("a.txt", "", base64.encodebytes(b"\1\2" + octets), Budget())
    assert found.verdict == "unsupported"
    for ordinary in (
        "token: " + base64.b64encode(octets[:60]).decode(),
        "\n".join(["0123456789abcdef" * 4] * 9),
    ):
        assert extract("a.txt", "", ordinary.encode(), Budget()).verdict == "ok"


def test_an_openpgp_message_that_hides_nothing_is_read_in_the_text_of_a_mail() -> None:
    body = f"Dear all,\n\n{signatures.armor(signatures.signed_pgp(SENTENCE)).decode()}\n\nRegards\n"
    (file,) = files_in(body)
    assert "社外秘" in text_of("a.asc", file.content)
    assert "confidential_attachment" in {f.rule for f in examined(plain(body), "a@partner.example").findings}


@pytest.mark.parametrize("size", [40, 300, 1_400])
def test_what_is_called_a_file_is_one_whatever_it_is(size: int) -> None:
    content = random.Random(size).randbytes(size)
    lines = base64.b64encode(content).decode()
    calendar = (
        f"BEGIN:VEVENT\r\nATTACH;ENCODING=BASE64;VALUE=BINARY;X-FILENAME=a.exe:{lines}\r\nEND:VEVENT\r\n"
    )
    for text in (calendar, binhexed(content, "a.exe"), uuencoded(content, "a.exe")):
        found = extract("a.txt", "", text.encode(), Budget())
        assert {m.path for m in found.members} == {"a.exe"}
        assert found.verdict == "unsupported"
