"""Dovecot's LMTP as the mailbox host: what people read there over IMAP."""

import smtplib
from collections.abc import Iterator

import pytest

from quarantine.item import State
from tests.interop.mails import HANAKO, SATO, TARO, attach, files_of, mail, parsed, text_of
from tests.services.dovecot import Dovecot, dovecot
from tests.services.node import DOMAIN
from tests.services.served import Served, at, served

LURE = (
    "お客様のアカウントは24時間以内に停止されます。以下のリンクからパスワードをご確認ください。\n"
    "http://203.0.113.7/login\n"
)
PHISH = '<p>お客様のアカウントは24時間以内に停止されます。</p><p><a href="http://203.0.113.7/login">https://www.amazon.co.jp/</a> からパスワードをご確認ください。</p>'
PHISHER = "amazon.support.2291@gmail.com"


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot([TARO, HANAKO]) as running:
        yield running


@pytest.fixture(scope="module")
def node(server: Dovecot) -> Iterator[Served]:
    mailbox = at(server.lmtp, lmtp=True, tls="verify", ca_file=server.ca_file, server_name=server.name)
    gone = {f"gone.{DOMAIN}": at(1, lmtp=True)}
    warn_only = "[warn]\nhold_at = 1000\n"  # what is held is nothing to read
    with served(warn_only, mailbox=mailbox, relay=at(1), routes=gone) as running:
        yield running


def last(server: Dovecot, address: str, count: int) -> bytes:
    found = server.arrived(address, count)
    assert len(found) == count
    return found[-1]


def test_an_unwarned_mail_differs_in_added_fields_only(node: Served, server: Dovecot) -> None:
    count = len(server.mails(TARO))
    message = mail(
        TARO, "山田様\n\nありがとうございます。\n", sender=SATO, html="<p>ありがとうございます。</p>"
    )
    attach(message, "議事録.txt", "議事録\n".encode())
    content = message.as_bytes()
    code, text = node.send(SATO, [TARO], content, name="inbound")
    assert code == 250, text
    arrived = last(server, TARO, count + 1)
    assert arrived.endswith(content), "the original, byte by byte, at the end"
    added = parsed(arrived[: -len(content)] + b"\r\n")
    assert set(added.keys()) <= {
        "Return-Path", "Delivered-To", "Received", "Authentication-Results", "X-Sekisho-Warning",
        "X-Sekisho-Findings",
    }  # fmt: skip
    assert added["X-Sekisho-Warning"].startswith("no")
    assert added["Return-Path"] == f"<{SATO}>"


def odd_shapes() -> dict[str, bytes]:
    """Unsuspicious mails as programs of the world really write them; none is ours to repair."""
    head = f"From: {SATO}\r\nTo: {TARO}\r\nSubject: =?utf-8?b?5LqI5a6a?=\r\nMessage-ID: <{{}}@partner.example>\r\n"
    japanese = "お世話になっております。来週の予定です。\r\n"
    shapes = {
        "no MIME at all": b"\r\nplain words\r\n",
        "header only": b"X-Last: field\r\n\r\n",
        "empty body": b"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n",
        "iso-2022-jp": b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=ISO-2022-JP\r\n\r\n" + japanese.encode("iso2022_jp"),
        "shift_jis 8bit": b"Content-Type: text/plain; charset=shift_jis\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + japanese.encode("cp932"),
        "flowed": "Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\r\n\r\n行 \r\n続き\r\n-- \r\n佐藤\r\n".encode(),
        "odd white space": b"X-Odd:\t folded \r\n\t here\r\nMIME-Version:1.0\r\ncontent-TYPE:TEXT/Plain ;charset = us-ascii\r\n\r\n trailing  \t \r\n\r\n\r\n",
        "dots": b"\r\n.\r\n..\r\n.a\r\nFrom here\r\n>From there\r\n",
        "quoted-printable": b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: QUOTED-printable\r\n\r\n=e3=81=82=\r\n=E3=81=84 =\r\nx=3D\r\n",
        "uneven base64": b"Content-Type: application/octet-stream; name=a.dat\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC\r\nAwQFBgcICQoLDA0ODw==\r\n",
        "preamble and epilogue": b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b b\"\r\n\r\npreamble\r\n--b b\r\nContent-Type: text/plain\r\n\r\none\r\n--b b--\r\nepilogue\r\n",
        "a mail inside": b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\nfyi\r\n--o\r\nContent-Type: message/rfc822\r\n\r\nFrom: a@b.example\r\nSubject: in\r\n\r\ninner\r\n--o--\r\n",
        "signed": b"MIME-Version: 1.0\r\nContent-Type: multipart/signed; micalg=pgp-sha256; protocol=\"application/pgp-signature\"; boundary=s\r\n\r\n--s\r\nContent-Type: text/plain\r\n\r\nsigned \r\n--s\r\nContent-Type: application/pgp-signature\r\n\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\nx\r\n-----END PGP SIGNATURE-----\r\n--s--\r\n",
        "long lines": b"\r\n" + b"x" * 997 + b"\r\n" + b"y" * 998 + b"\r\n",
        "many fields": b"".join(b"X-Field-%d: v\r\n" % n for n in range(150)) + b"\r\nbody\r\n",
        "html only": "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<html><body><p>予定です</p></body></html>\r\n".encode(),
        "large": b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + "予定の一覧です。\r\n".encode() * 60_000,
    }  # fmt: skip
    return {name: head.format(n).encode() + rest for n, (name, rest) in enumerate(shapes.items())}


def test_unwarned_mail_of_every_shape_arrives_byte_for_byte(node: Served, server: Dovecot) -> None:
    """Read over IMAP: behind the fields that hosts add stands what came, and nothing was added to it."""
    changed = []
    for name, content in odd_shapes().items():
        count = len(server.mails(TARO))
        code, text = node.send(SATO, [TARO], content, name="inbound", options=["BODY=8BITMIME"])
        assert code == 250, (name, text)
        arrived = last(server, TARO, count + 1)
        added = parsed(arrived[: -len(content)] + b"\r\n")
        if not arrived.endswith(content) or not str(added["X-Sekisho-Warning"]).startswith("no"):
            changed.append(name)
    assert changed == []


def test_a_warned_mail_shows_banner_and_mark(node: Served, server: Dovecot) -> None:
    count = len(server.mails(TARO))
    message = mail(
        TARO, LURE, sender=f"Amazonカスタマーサービス <{PHISHER}>", subject="【重要】アカウントの確認が必要です", html=PHISH
    )  # fmt: skip
    code, text = node.send(PHISHER, [TARO], message.as_bytes(), name="inbound")
    assert code == 250, text
    arrived = last(server, TARO, count + 1)
    shown = parsed(arrived)
    assert shown["Subject"] == "[注意] 【重要】アカウントの確認が必要です"
    assert shown["X-Sekisho-Warning"].startswith("yes")
    assert "false_link" in shown["X-Sekisho-Findings"]
    assert text_of(arrived).startswith("【注意】")
    assert (
        text_of(arrived)
        .replace("\r\n", "\n")
        .endswith(LURE.replace("http://203.0.113.7", "hxxp://203[.]0[.]113[.]7"))
    )
    html = text_of(arrived, "html")
    assert html.index("sekisho-warning") < html.index("hxxp://203[.]0[.]113[.]7/login")
    assert "href" not in html.partition("</table>")[2], "nothing of it can be clicked"
    (entry,) = [e for e in node.entries("hand_over") if e.detail["from"] == PHISHER][-1:]
    assert entry.detail["warned"]


def test_a_form_in_a_warned_mail_is_gone_and_its_original_can_be_had(node: Served, server: Dovecot) -> None:
    count = len(server.mails(HANAKO))
    form = PHISH + '<form action="http://203.0.113.7/"><input type="password"></form>'
    message = mail(HANAKO, LURE, sender=f"Amazon <{PHISHER}>", subject="重要", html=form)
    code, text = node.send(PHISHER, [HANAKO], message.as_bytes(), name="inbound")
    assert (code, "Accepted as" in text) == (250, True)
    assert "<form" not in text_of(last(server, HANAKO, count + 1), "html")
    (kept,) = node.items(state=(State.HELD,), only_hold="disarmed")
    assert node.console("admin").act(kept, "release", reason="asked by telephone").status_code == 303
    original = last(server, HANAKO, count + 2)
    assert form in text_of(original, "html")
    assert text_of(original, "html").index("sekisho-warning") < text_of(original, "html").index("<form")
    assert parsed(original)["Subject"] == "[注意] 重要"


def test_a_warned_japanese_mail_in_its_old_charset(node: Served, server: Dovecot) -> None:
    """ISO-2022-JP stays ISO-2022-JP: a mail program of that time can show the banner."""
    count = len(server.mails(HANAKO))
    content = (
        f"From: {PHISHER}\r\nTo: {HANAKO}\r\nSubject: =?ISO-2022-JP?B?GyRCPUVNVxsoQg==?=\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=ISO-2022-JP\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
    ).encode() + LURE.replace("\n", "\r\n").encode("iso2022_jp")
    code, _ = node.send(PHISHER, [HANAKO], content, name="inbound")
    assert code == 250
    arrived = last(server, HANAKO, count + 1)
    assert parsed(arrived)["Subject"] == "[注意] 重要"
    assert arrived.isascii()
    assert text_of(arrived).startswith("【注意】")


def test_unknown_users_are_refused_by_dovecot(node: Served, server: Dovecot) -> None:
    with node.connect("inbound") as client, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        client.sendmail(SATO, [f"nobody@{DOMAIN}"], mail(f"nobody@{DOMAIN}", sender=SATO).as_bytes())
    code, text = refused.value.recipients[f"nobody@{DOMAIN}"]
    assert (code, b"doesn't exist" in text) == (550, True)


def test_two_recipients_get_one_each(node: Served, server: Dovecot) -> None:
    counts = len(server.mails(TARO)), len(server.mails(HANAKO))
    node.send(SATO, [TARO, HANAKO], mail(f"{TARO}, {HANAKO}", sender=SATO).as_bytes(), name="inbound")
    last(server, TARO, counts[0] + 1)
    last(server, HANAKO, counts[1] + 1)


def test_what_quarantine_releases_is_read_there_too(node: Served, server: Dovecot) -> None:
    """A mail that cannot be examined waits; the administrator lets it go."""
    count = len(server.mails(TARO))
    deep = b"Content-Type: multipart/mixed; boundary=b0\r\n\r\n--b0\r\n"
    for level in range(1, 150):
        deep += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
    content = f"From: {SATO}\r\nTo: {TARO}\r\nSubject: deep\r\nMIME-Version: 1.0\r\n".encode() + deep
    code, text = node.send(SATO, [TARO], content, name="inbound")
    assert (code, "Accepted as" in text) == (250, True), text
    (item,) = node.items(state=(State.HELD,), direction="inbound")
    assert item.holds
    assert len(server.mails(TARO)) == count
    page = node.console("admin")
    assert page.act(item, "release").status_code == 400, "a reason is needed"
    assert page.act(item, "release", reason="asked the sender").status_code == 303
    arrived = last(server, TARO, count + 1)
    assert arrived.endswith(content)


def test_notices_and_internal_mail_go_there(node: Served, server: Dovecot) -> None:
    """A held mail's sender reads in the own mailbox where to take it back."""
    count = len(server.mails(TARO))
    node.send(TARO, [SATO], mail(SATO, subject="お見積り").as_bytes())
    notice = last(server, TARO, count + 1)
    assert parsed(notice)["Subject"] == "【送信保留】お見積り"
    (item,) = node.items(state=(State.HELD,), direction="outbound")
    assert f"/mail/{item.id}" in text_of(notice)
    assert parsed(notice)["Auto-Submitted"] == "auto-generated"
    assert parsed(notice)["Return-Path"] == "<>"
    assert node.console("taro").act(item, "recall").status_code == 303
    assert node.items(state=(State.HELD,), direction="outbound") == []


def test_a_mailbox_host_that_is_gone(node: Served) -> None:
    """451 at RCPT, and the sender's host keeps the mail."""
    with node.connect("inbound") as client:
        client.mail(SATO)
        code, _ = client.rcpt(f"taro@gone.{DOMAIN}")
        assert code == 451


def test_attachments_arrive_whole(node: Served, server: Dovecot) -> None:
    count = len(server.mails(HANAKO))
    message = mail(HANAKO, sender=SATO)
    attach(message, "写真.bin", bytes(range(256)) * 4000)
    node.send(SATO, [HANAKO], message.as_bytes(), name="inbound")
    assert files_of(last(server, HANAKO, count + 1))["写真.bin"] == bytes(range(256)) * 4000
