"""IN-TEXT: what people see of the texts of an arriving mail."""

import base64
import quopri

import pytest

from config.policy import Arriving, Organisation, Policy, Warned
from filters.finding import Finding
from filters.rewriters.banner import SIGN
from filters.rewriters.text import loses, text, text_of_all
from filters.ruleset import discover
from mail.compose import RewriteError, applied
from mail.message import Message
from tests.filters.inbound.arriving import arrived, mail

discover()
FOUND = (Finding("first_contact", "IN-FIRST", weight=5),)
LINK = "こちら http://203.0.113.7/login からログイン\r\n"
PAGE = '<p>本文 <a href="https://evil.example/x">ここ</a><script>alert(1)</script></p>'


def policy(html: str = "clean", links: str = "defang", arriving: Arriving | None = None) -> Policy:
    warned = Warned(html=html, links=links)  # type: ignore[arg-type]
    return Policy(
        organisation=Organisation(domains=("us.example",)), warned=warned, arriving=arriving or Arriving()
    )


def warned(raw: bytes, rules: Policy | None = None) -> Message:
    return Message(applied(raw, text(arrived(raw), rules or policy(), FOUND, (0,))))


def of_all(raw: bytes, **arriving: str) -> bytes:
    rules = policy(arriving=Arriving(**arriving))  # type: ignore[arg-type]
    return applied(raw, text_of_all(arrived(raw), rules, (), (0,)))


def single(body: bytes, kind: str, encoding: str) -> bytes:
    return (
        f"From: a@x.example\r\nSubject: s\r\nMIME-Version: 1.0\r\nContent-Type: {kind}\r\n"
        f"Content-Transfer-Encoding: {encoding}\r\n\r\n"
    ).encode() + body


@pytest.mark.parametrize("charset", ["utf-8", "iso-2022-jp", "shift_jis", "euc-jp", "utf-16"])
@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
def test_a_link_in_a_text_of_any_charset(charset: str, encoding: str) -> None:
    data = LINK.encode({"shift_jis": "cp932"}.get(charset, charset))
    if charset == "utf-16" and encoding != "base64":
        pytest.skip("nobody writes that")
    body = {
        "base64": base64.encodebytes(data).replace(b"\n", b"\r\n"),
        "quoted-printable": quopri.encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n"),
    }.get(encoding, data)
    after = warned(single(body, f"text/plain; charset={charset}", encoding))
    shown = after.root.text().replace("\r\n", "\n").strip()
    assert shown.startswith("【注意】")
    assert shown.endswith("こちら hxxp://203[.]0[.]113[.]7/login からログイン")
    if charset not in ("utf-16",):
        assert after.root.charset == charset, "the charset stays"


def test_a_text_without_links_keeps_its_bytes() -> None:
    raw = single("ただの文です。\r\n".encode(), "text/plain; charset=utf-8", "8bit")
    (edit,) = text(arrived(raw), policy(), FOUND, (0,))
    assert edit.start == edit.end


def test_html_is_cleaned_under_the_banner() -> None:
    after = warned(mail("", html=PAGE))
    shown = after.root.text()
    assert after.root.content_type == "text/html"
    assert "<script" not in shown
    assert "href" not in shown.partition("</table>")[2]
    assert shown.index("sekisho-warning") < shown.index("本文")
    assert "hxxps://evil[.]example/x" in shown


def test_html_becomes_text_by_policy() -> None:
    after = warned(mail("前文", html=PAGE), policy("text"))
    assert [p.content_type for p in after.parts] == ["multipart/alternative", "text/plain", "text/plain"]
    assert after.parts[2].text().startswith("【注意】")
    assert after.parts[2].text().rstrip().endswith("本文 ここ <hxxps://evil[.]example/x>")


def test_both_forms_have_one_banner_each() -> None:
    after = warned(mail("前文", html=PAGE))
    assert [p.text().count(SIGN) for p in after.parts] == [0, 1, 1]


@pytest.mark.parametrize("wide", ["utf-16", "utf-16-le"])
def test_html_in_utf16(wide: str) -> None:
    body = base64.encodebytes(PAGE.encode(wide)).replace(b"\n", b"\r\n")
    after = warned(single(body, f"text/html; charset={wide}", "base64"))
    assert after.root.charset == "utf-8"
    assert "本文" in after.root.text()
    assert SIGN in after.root.text()


def test_html_of_a_mail_inside_is_cleaned_too() -> None:
    inner = mail("", html=PAGE)
    raw = (
        b"From: a@x.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n\r\nfyi\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        + inner
        + b"\r\n--b--\r\n"
    )
    after = warned(raw)
    html = next(p for p in after.parts if p.content_type == "text/html")
    assert "script" not in html.text()
    assert SIGN not in html.text(), "the banner stands once"


def test_active_parts_in_a_signed_mail_hold_it() -> None:
    signed = (
        b"From: a@x.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/signed; boundary=s; protocol=application/pgp-signature\r\n\r\n"
        b"--s\r\nContent-Type: text/html; charset=utf-8\r\n\r\n%b\r\n--s\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--s--\r\n"
    )
    with pytest.raises(RewriteError):
        warned(signed % b"<form action=x>")
    harmless = signed % b"<p>x <a href=https://a.example>a</a>"
    assert bytes(warned(harmless).raw) == harmless, "only its header says it"


def test_every_mail_as_text_by_policy_without_a_word_of_ours() -> None:
    raw = mail("", html="<h1>題</h1><p>本文 <a href='https://a.example/'>ここ</a></p>")
    after = Message(of_all(raw, html="text"))
    assert after.root.content_type == "text/plain"
    assert after.root.text().replace("\r\n", "\n") == "題\n\n本文 ここ <https://a.example/>\n"
    assert of_all(raw) == raw
    assert of_all(mail("ただの文です。"), html="text", links="defang") == mail("ただの文です。")


@pytest.mark.parametrize(
    ("raw", "html", "lost"),
    [
        (mail("", html="<p>文</p>"), "clean", False),
        (mail("", html="<p><a href='https://a.example/'>a</a></p>"), "clean", False),
        (mail("", html=PAGE), "clean", True),
        (mail("", html="<p>文</p>"), "text", True),
        (mail(LINK), "text", False),
    ],
)
def test_what_a_reader_misses(raw: bytes, html: str, lost: bool) -> None:
    assert loses(arrived(raw), policy(html).shown(warned=True)) is lost


def test_html_that_stays_is_rewritten_only_where_the_warning_would_not_be_seen() -> None:
    """By policy all HTML stays; here it cannot, and what it loses is kept for those who ask."""
    frames = mail("", html="<frameset><frame src='https://a.example/'></frameset><p>x")
    rules = policy("keep", "keep")
    (shown,) = [p.text() for p in warned(frames, rules).parts if p.content_type == "text/html"]
    assert "sekisho-warning" in shown
    assert "a.example" not in shown
    assert loses(arrived(frames), rules.shown(warned=True))
    plain = mail("", html=PAGE)
    assert not loses(arrived(plain), rules.shown(warned=True))
    assert any("<script>" in p.text() for p in warned(plain, rules).parts)


def test_lines_do_not_become_too_long() -> None:
    raw = single(b"http://a.b.c.d.e.f.g/ " + b"x" * 970 + b"\r\n", "text/plain; charset=utf-8", "7bit")
    after = warned(raw)
    assert max(len(line) for line in bytes(after.raw).split(b"\r\n")) <= 998
    assert "hxxp://a[.]b[.]c" in after.root.text()
