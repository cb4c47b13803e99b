"""IN-WARN: the banner in every form of mail, by what a mail program reads afterwards."""

import base64
import email
import email.policy
import quopri
from email.message import EmailMessage

import pytest

from config.policy import Organisation, Policy, Warn
from filters.facts import Authentication
from filters.finding import Finding
from filters.rewriters.banner import SIGN, Banner, banner, html_banner, plain_banner, reasons
from filters.rule import Mail
from filters.ruleset import discover
from mail.compose import applied
from mail.message import Message
from tests.filters.inbound.arriving import arrived

discover()
FOUND = (
    Finding("first_contact", "IN-FIRST", weight=1),
    Finding("freemail_sender", "IN-FREEMAIL", weight=2, values={"domain": "gmail.com"}),
    Finding("double_extension", "IN-DOUBLE-EXT", weight=5, values={"name": "a.pdf.exe"}),
)
TITLE = "【注意】不審な点のあるメールです"


def policy(language: str = "ja", **warn: int) -> Policy:
    return Policy(organisation=Organisation(language=language, domains=("us.example",)), warn=Warn(**warn))


def changed(raw: bytes, language: str = "ja", **facts: object) -> bytes:
    mail: Mail = arrived(raw, **facts)
    return applied(raw, banner(mail, policy(language), FOUND, (0,)))


def single(body: bytes, kind: str, encoding: str) -> bytes:
    return (
        f"From: a@x.example\r\nSubject: s\r\nMIME-Version: 1.0\r\nContent-Type: {kind}\r\n"
        f"Content-Transfer-Encoding: {encoding}\r\n\r\n"
    ).encode() + body


def read(raw: bytes, path: str = "") -> str:
    """The text of a part as Python's own reader sees it."""
    part: EmailMessage = email.message_from_bytes(raw, policy=email.policy.default)  # type: ignore[assignment]
    for number in path.split(".") if path else ():
        part = list(part.iter_parts())[int(number) - 1]  # type: ignore[assignment]
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data.decode(
        {"shift_jis": "cp932"}.get(part.get_content_charset("utf-8"), part.get_content_charset("utf-8"))
    )


TEXT = "お世話になっております。\r\nいつものメールです。= --\r\n"


@pytest.mark.parametrize("charset", ["utf-8", "iso-2022-jp", "shift_jis", "euc-jp"])
@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
def test_a_japanese_text_in_any_charset_and_encoding(charset: str, encoding: str) -> None:
    data = TEXT.encode({"shift_jis": "cp932"}.get(charset, charset))
    body = {
        "base64": base64.encodebytes(data).replace(b"\n", b"\r\n"),
        "quoted-printable": quopri.encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n"),
    }.get(encoding, data)
    raw = single(body, f"text/plain; charset={charset}", encoding)
    text = read(changed(raw))
    assert text.startswith(TITLE + "\r\n本文の冒頭:「お世話になっております。 いつものメールです。= --」\r\n")
    assert text.endswith(TEXT)
    assert text.count(SIGN) == 1


@pytest.mark.parametrize("encoding", ["7bit", "8bit", "quoted-printable"])
def test_all_bytes_of_the_mail_stay_where_they_need_not_be_encoded_anew(encoding: str) -> None:
    raw = single(b"plain =3D words\r\n" * 5, "text/plain; charset=utf-8", encoding)
    mail = arrived(raw)
    (edit,) = banner(mail, policy(), FOUND, (0,))
    assert edit.start == edit.end == mail.message.header_end


def test_an_ascii_text_becomes_utf8_and_says_so() -> None:
    raw = b"From: a@x.example\r\nSubject: s\r\nContent-Type: text/plain;\r\n\tcharset=us-ascii; format=flowed\r\nContent-Transfer-Encoding: 7bit\r\n\r\nHello\r\n"
    after = changed(raw)
    message = email.message_from_bytes(after, policy=email.policy.default)
    assert message["content-type"].params["charset"] == "utf-8"
    assert message["content-type"].params["format"] == "flowed"
    assert message["content-transfer-encoding"] == "base64"
    assert read(after).startswith(TITLE)
    assert read(after).endswith("Hello\r\n")


@pytest.mark.parametrize(
    "head", [b"From: a@x.example\r\n\r\n", b"From: a@x.example\r\nContent-Type: text/plain\r\n\r\n"]
)
def test_a_text_without_charset_too(head: bytes) -> None:
    after = changed(head + b"Hello\r\n")
    message = email.message_from_bytes(after)
    assert message.get_content_charset() == "utf-8"
    assert len(message.get_all("content-type", [])) == len(message.get_all("mime-version", [])) == 1
    assert read(after).endswith("Hello\r\n")


def test_latin_text_keeps_its_accents() -> None:
    raw = single("Größe café\r\n".encode("latin-1"), "text/plain; charset=iso-8859-1", "8bit")
    assert read(changed(raw)).endswith("Größe café\r\n")


def test_an_english_banner_needs_no_other_charset() -> None:
    raw = single(b"Hello\r\n", "text/plain; charset=us-ascii", "7bit")
    after = changed(raw, "en")
    assert after.startswith(
        raw[: raw.index(b"\r\n\r\n") + 4]
        + b'CAUTION: this mail looks suspicious\r\nThe mail begins: "Hello"\r\n'
    )


HTML = "<html><head><title><body></title></head><body class='a>b'><p>本文 <b>です</b></p></body></html>\r\n"


@pytest.mark.parametrize("charset", ["utf-8", "iso-2022-jp", "shift_jis"])
@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
def test_html_gets_it_behind_the_body_tag(charset: str, encoding: str) -> None:
    data = HTML.encode({"shift_jis": "cp932"}.get(charset, charset))
    body = {
        "base64": base64.encodebytes(data).replace(b"\n", b"\r\n"),
        "quoted-printable": quopri.encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n"),
    }.get(encoding, data)
    text = read(changed(single(body, f"text/html; charset={charset}", encoding)))
    before, _, rest = text.partition('<div class="sekisho-warning"')
    assert before == HTML[: HTML.index("<p>")]
    assert rest.endswith(HTML[HTML.index("<p>") :])
    assert "&#12304;&#27880;&#24847;&#12305;" in rest


def test_both_forms_of_an_alternative_get_it_and_attachments_do_not() -> None:
    raw = (
        b"From: a@x.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n"
        b"--a\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nplain\r\n--a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>html\r\n--a--\r\n"
        b"--m\r\nContent-Type: text/plain; charset=utf-8; name=n.txt\r\nContent-Disposition: attachment; filename=n.txt\r\n\r\nnotes\r\n--m--\r\n"
    )
    after = changed(raw)
    assert read(after, "1.1").startswith(TITLE)
    assert read(after, "1.1").endswith("plain")
    assert read(after, "1.2").startswith('<div class="sekisho-warning"')
    assert read(after, "2") == "notes"


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: multipart/signed; boundary=s; protocol=application/pkcs7-signature\r\n\r\n--s\r\nContent-Type: text/plain\r\n\r\nx\r\n--s--\r\n",
        b"Content-Type: multipart/encrypted; boundary=s\r\n\r\n--s\r\nContent-Type: application/octet-stream\r\n\r\nx\r\n--s--\r\n",
        b"Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n",
        b"Content-Type: text/plain\r\n\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\n\r\nx\r\n-----END PGP SIGNATURE-----\r\n",
    ],
)
def test_sealed_mails_stay_as_they_are(raw: bytes) -> None:
    assert changed(b"From: a@x.example\r\n" + raw) == b"From: a@x.example\r\n" + raw


QUOTED = single(f"Re: thanks\r\n> {SIGN}\r\n".encode(), "text/plain; charset=utf-8", "8bit")
SOFT = FOUND[:2]
"""Reasons that are not in an attachment."""


def answered(raw: bytes, findings: tuple[Finding, ...] = SOFT, **facts: object) -> bytes:
    return applied(raw, banner(arrived(raw, **facts), policy(), findings, (0,)))


@pytest.mark.parametrize(
    "seen",
    [
        Authentication(dmarc="pass"),
        Authentication(dkim_domains=("x.example",)),
        Authentication(spf="pass", spf_domain="x.example"),
    ],
)
def test_a_thread_with_somebody_known_does_not_collect_banners(seen: Authentication) -> None:
    assert answered(QUOTED, known=frozenset({"a@x.example"}), authentication=seen) == QUOTED


def test_nor_does_one_among_our_own_people() -> None:
    raw = QUOTED.replace(b"a@x.example", b"hanako@us.example")
    assert answered(raw, authentication=Authentication(dmarc="pass")) == raw
    assert answered(raw) != raw, "anybody could write our domain"


def test_nobody_spares_himself_the_banner_by_writing_our_sign() -> None:
    assert answered(QUOTED) != QUOTED, "a stranger"
    assert answered(QUOTED, known=frozenset({"a@x.example"})) != QUOTED, "nobody vouches for the address"
    vouched = Authentication(dmarc="pass")
    two = QUOTED.replace(b"a@x.example", b"a@x.example, b@y.example")
    assert answered(two, known=frozenset({"a@x.example"}), authentication=vouched) != two


def test_a_dangerous_file_in_a_known_thread_is_warned_of_again() -> None:
    """A taken-over account answers in real threads."""
    known = {"known": frozenset({"a@x.example"}), "authentication": Authentication(dmarc="pass")}
    assert answered(QUOTED, FOUND, **known) != QUOTED


def test_the_heaviest_reasons_come_first_and_only_so_many() -> None:
    assert reasons(FOUND, "ja", 2) == [
        "添付ファイル「a.pdf[.]exe」は拡張子が二重で、文書に見せかけています",
        "フリーメールアドレス（gmail[.]com）から送信されています",
    ]
    assert "1" not in "".join(reasons(FOUND, "en", 5)), "no score is shown to people"


def test_what_an_attacker_wrote_can_do_nothing_in_the_banner() -> None:
    evil = Finding(
        "freemail_sender",
        "",
        weight=9,
        values={"domain": '<img src=x onerror=alert(1)>\r\n\u202eevil.top "&'},
    )
    (reason,) = reasons([evil], "ja", 5)
    assert "\n" not in reason
    assert "\u202e" not in reason
    html = html_banner(Banner("ja", (reason,), begins=reason))
    assert "<img" not in html
    assert html.isascii()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_line_of_the_banner_can_be_taken_for_a_boundary(language: str) -> None:
    said = Banner(
        language, tuple(reasons(FOUND, language, 5)), "-- begins", "https://sekisho.us.example/received/1"
    )
    text = plain_banner(said) + html_banner(said)
    assert not any(line.startswith("--") for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")


def test_a_mail_of_headers_only_gets_a_body() -> None:
    after = changed(b"From: a@x.example\r\nContent-Type: text/plain; charset=utf-8\r\n")
    message = Message(after)
    assert message.root.text().startswith(TITLE)
    assert [h.name for h in message.headers] == ["from", "content-type"]
