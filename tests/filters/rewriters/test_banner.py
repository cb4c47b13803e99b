"""IN-WARN: the banner in every form of mail, by what a mail program reads afterwards."""

import base64
import email
import email.policy
import quopri
from email.message import EmailMessage

import pytest
from selectolax.lexbor import LexborHTMLParser

from config.policy import Organisation, Policy, Warn
from filters.facts import Authentication
from filters.finding import Finding
from filters.rewriters.banner import SIGN, Banner, banner, beginning, html_banner, plain_banner, reasons
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
    assert text.startswith(
        TITLE + "\r\n本文の冒頭：「お世話になっております。 いつものメールです。= --」\r\n"
    )
    assert text.endswith(TEXT)
    assert text.count(SIGN) == 1


@pytest.mark.parametrize("encoding", ["7bit", "8bit", "quoted-printable"])
def test_all_bytes_of_the_mail_stay_where_they_need_not_be_re_encoded(encoding: str) -> None:
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
        "添付ファイル「a[.]pdf[.]exe」は拡張子が二重で、文書に見せかけています",
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


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        (b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n", 2),
        (b'Content-Type: application/pdf; name="a.pdf"\r\n\r\n%PDF', 2),
        (b"Content-Type: multipart/related; boundary=r\r\n\r\n--r\r\nContent-Type: image/png\r\n\r\nx\r\n--r--\r\n", 2),
        (b"Content-Type: multipart/mixed; boundary=m\r\n\r\npre\r\n--m\r\nContent-Type: image/png\r\n\r\nx\r\n--m\r\nContent-Type: image/gif\r\n\r\ny\r\n--m--\r\nepi\r\n", 2),
        (b"Content-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment\r\n\r\nnotes\r\n", 2),
        (b"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nx\r\n", 2),
        (b"Content-Type: text/html; charset=utf-16\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\xff\xfe\x00\xd8\x00\x00\r\n", 2),
    ],
    ids=["picture", "PDF", "pictures in multipart/related", "only attachments", "a text that is a file", "a mail inside", "cannot be read"],
)  # fmt: skip
def test_a_mail_without_text_gets_a_part_of_its_own(raw: bytes, at: int) -> None:
    before = b"From: a@x.example\r\nSubject: s\r\n" + raw
    after = Message(changed(before))
    first, second = after.parts[1], after.parts[2]
    assert (after.root.content_type, first.content_type) == ("multipart/mixed", "text/plain")
    assert first.text().startswith(TITLE)
    assert (
        second.content_type
        == Message(before).parts[0 if "multipart/mixed" not in raw.decode("latin-1") else 1].content_type
    )
    assert after.problems == Message(before).problems
    body = before.partition(b"\r\n\r\n")[2]
    assert body in bytes(after.raw) or b"pre" in body, "every byte of it is still there"


HTML_SHAPES = [
    "<p>本文",
    "本文",
    "",
    "<!-- <body> --><p>本文",
    "<body><p>本文<body style='x'>",
    "<html><head><script>'<body>'</script><style>body{}</style></head><body\n class=a\n><p>本文",
    "<!DOCTYPE html><title><body></title><table><tr><td>本文",
    "<HEAD><META charset=utf-8></HEAD><BODY BGCOLOR=#000>本文",
    "\ufeff<html><body>本文",
]


@pytest.mark.parametrize("html", HTML_SHAPES)
@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
def test_html_of_every_shape_shows_it_first(html: str, encoding: str) -> None:
    data = html.encode()
    body = {"base64": base64.encodebytes(data), "quoted-printable": quopri.encodestring(data)}.get(
        encoding, data
    )
    text = read(changed(single(body, "text/html; charset=utf-8", encoding)))
    tree = LexborHTMLParser(text)
    assert tree.body is not None
    first = tree.body.child
    while first is not None and first.tag in ("-text", "_comment"):
        assert not first.text().strip("\ufeff \r\n")
        first = first.next
    assert first is not None
    assert first.attributes.get("class") == "sekisho-warning"


@pytest.mark.parametrize("html", ["<html><frameset><frame src=x></frameset></html>", "<div>" * 20_000])
def test_html_that_would_not_show_it_first_gets_a_part_of_its_own(html: str) -> None:
    after = Message(changed(single(html.encode(), "text/html; charset=utf-8", "8bit")))
    assert [p.content_type for p in after.parts] == ["multipart/mixed", "text/plain", "text/html"]
    assert after.parts[1].text().startswith(TITLE)
    assert after.parts[2].text() == html, "nothing of it is lost"


def test_what_outlook_alone_reads_does_not_hide_it() -> None:
    html = "<!--[if mso]><div style='display:none'><![endif]--><body><p>本文"
    text = read(changed(single(html.encode(), "text/html; charset=utf-8", "8bit")))
    assert text.index("sekisho-warning") < text.index("[if mso]")


def test_a_long_text_stays_whole_behind_it() -> None:
    body = ("あ" * 40 + "\r\n").encode() * 20_000
    after = changed(single(body, "text/plain; charset=utf-8", "8bit"))
    assert after.endswith(body)


def test_format_flowed_stays_flowed() -> None:
    raw = single("行が \r\n続く\r\n".encode(), "text/plain; charset=utf-8; format=flowed; delsp=yes", "8bit")
    after = changed(raw)
    assert b"format=flowed; delsp=yes" in after
    lines = after.partition(b"\r\n\r\n")[2].split(b"\r\n")
    assert not any(line.endswith(b" ") for line in lines[: lines.index("行が ".encode())]), (
        "no line of ours flows"
    )


@pytest.mark.parametrize(
    "html",
    [
        b"<p><!-- -----BEGIN PGP SIGNED MESSAGE----- --> click",
        b"<p>-----BEGIN PGP MESSAGE-----\r\nx\r\n-----END PGP MESSAGE-----",
    ],
)
def test_words_of_a_signature_in_html_spare_nobody_the_banner(html: bytes) -> None:
    assert SIGN in read(changed(single(html, "text/html; charset=utf-8", "8bit")))


def test_words_of_a_signature_further_down_spare_nobody_either() -> None:
    body = b"Click http://evil.example/\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\n\r\nx\r\n-----END PGP SIGNATURE-----\r\n"
    assert read(changed(single(body, "text/plain; charset=utf-8", "8bit"))).startswith(TITLE)


@pytest.mark.parametrize(
    ("language", "title"), [("ja", TITLE), ("en", "CAUTION: this mail looks suspicious")]
)
def test_it_is_in_the_language_of_its_readers(language: str, title: str) -> None:
    raw = single(b"Hello\r\n", "text/plain; charset=utf-8", "8bit")
    assert read(changed(raw, languages={"user@us.example": language})).startswith(title)


PAGE = {"mail_id": "abc234", "console": "https://sekisho.us.example"}


def test_it_leads_to_the_page_about_the_mail() -> None:
    url = "https://sekisho.us.example/received/abc234"
    text = read(changed(single(b"Hello\r\n", "text/plain; charset=utf-8", "8bit"), **PAGE))
    assert f"報告する・信頼する・詳しく見る:\r\n{url}\r\n" in text
    html = read(changed(single(b"<p>Hello", "text/html; charset=utf-8", "8bit"), **PAGE))
    link = LexborHTMLParser(html).css_first(f'a[href="{url}"]')
    assert link is not None
    assert link.text() == "報告する・信頼する・詳しく見る"


def test_without_an_address_of_the_console_there_is_no_link() -> None:
    for kind in ("text/plain", "text/html"):
        text = read(changed(single(b"Hello\r\n", f"{kind}; charset=utf-8", "8bit"), mail_id="abc234"))
        assert "http" not in text
        assert "received" not in text


def test_the_preview_of_a_phone_shows_the_warning_and_then_the_mail() -> None:
    body = "<style>p{}</style><p>山田様<br>請求書を www.evil.com に置きました。</p>"
    html = read(changed(single(body.encode(), "text/html; charset=utf-8", "8bit")))
    preview = LexborHTMLParser(html).css_first(".sekisho-warning > div").text()
    assert preview == "【注意】不審な点のあるメールです – 山田様 請求書を www[.]evil[.]com に置きました。"
    text = read(changed(single("山田様\r\n\r\n資料です。\r\n".encode(), "text/plain; charset=utf-8", "8bit")))
    assert text.startswith(f"{TITLE}\r\n本文の冒頭：「山田様 資料です。」\r\n")


def test_a_page_of_average_length_is_not_clipped() -> None:
    """Some programs show the first 102 kB of HTML only."""
    said = Banner("ja", tuple(reasons(FOUND * 5, "ja", 5)), "x" * 40, "https://sekisho.us.example/received/1")
    assert len(html_banner(said)) < 16_000


def test_the_beginning_is_what_a_reader_sees_first_however_far_in_the_source() -> None:
    page = f"<style>{'p{color:red}' * 3_000}</style><p>お世話になっております。"
    raw = b"Content-Type: text/html; charset=utf-8\r\n\r\n" + page.encode()
    assert beginning(arrived(raw), 80) == "お世話になっております。"
