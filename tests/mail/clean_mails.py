"""Mails in the shapes of the programs that people use, generated with a seed: none of them is ambiguous."""

import base64
import binascii
import random
from collections.abc import Iterator

WORDS = ["お世話になっております。", "見積書をお送りします。", "ご確認のほどよろしくお願いいたします。", "会議の件、承知しました。", "①㈱髙橋商店より", "Thank you for your help.", "Please find attached the report.", "See https://www.example.com/?a=b&c=d", "> 引用された行です", "-- ", "begin with the end", "From here on", "--=_not a boundary", "=20 percent off", "begin 2024 with us", "+81 90 1234 5678"]  # fmt: skip
NAMES = ["見積書.pdf", "report.docx", "写真 1.jpg", "議事録_2024-01-15.xlsx", "data.csv", "表ソ十.txt", "a (2).zip", "very long name of a file that goes on and on until it has to be folded somewhere.pptx"]  # fmt: skip
PEOPLE = ["山田 太郎", "Taro Yamada", "髙﨑 花子", "Sales, Example Inc.", "O'Brien", ""]
KINDS = (
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "image/jpeg",
    "text/csv",
)
BINARY = b"%PDF-1.4\n" + bytes(range(256))


def b64(data: bytes, width: int = 76) -> bytes:
    text = base64.b64encode(data)
    return b"".join(text[i : i + width] + b"\r\n" for i in range(0, len(text), width))


def word(text: str, charset: str = "utf-8", coding: str = "B") -> str:
    if text.isascii():
        return text
    data = text.encode("cp932" if charset == "shift_jis" else charset, "replace")
    if coding == "Q":
        return f"=?{charset}?Q?{''.join(f'={b:02X}' for b in data)}?="
    return f"=?{charset}?{coding}?{base64.b64encode(data).decode()}?="


class Writer:
    """Writes one mail after another in the manner of a mail program."""

    def __init__(self, seed: int) -> None:
        self.any = random.Random(seed)
        self.number = 0

    def text(self, lines: int = 0) -> str:
        chosen = self.any.choices(WORDS, k=lines or self.any.randint(0, 8))
        return "".join(line + "\r\n" for line in chosen)

    def name(self) -> str:
        return self.any.choice(NAMES)

    def head(self, agent: str, charset: str = "utf-8", *more: str) -> bytes:
        self.number += 1
        person = self.any.choice(PEOPLE)
        shown = (
            f'"{person}" ' if person.isascii() and person else (word(person, charset) + " " if person else "")
        )
        lines = [
            "Received: from mx.example (mx.example [192.0.2.1])\r\n\tby in.example with ESMTPS id 4X;\r\n\tMon, 15 Jan 2024 10:00:00 +0900 (JST)",
            f"From: {shown}<a{self.number}@partner.example>",
            "To: <b@us.example>,\r\n " + word("鈴木 一郎", charset) + " <c@us.example>",
            f"Subject: {word('Re: ' + self.any.choice(WORDS[:6]), charset)}",
            "Date: Mon, 15 Jan 2024 10:00:00 +0900",
            f"Message-ID: <{self.number}.{self.any.randrange(10**9)}@partner.example>",
            "MIME-Version: 1.0",
            f"{'User-Agent' if 'Thunder' in agent else 'X-Mailer'}: {agent}",
            *more,
        ]
        return "\r\n".join(lines).encode() + b"\r\n"

    def body(self, charset: str, kind: str = "plain", encoding: str = "") -> bytes:
        text = self.text()
        if kind == "html":
            text = f"<html><head><meta charset={charset}></head><body><p>{text}</p></body></html>\r\n"
        data = text.encode("cp932" if charset == "shift_jis" else charset, "replace")
        encoding = encoding or self.any.choice(["base64", "quoted-printable", "8bit"])
        if charset == "iso-2022-jp":
            encoding = "7bit"
        coded = {"base64": b64, "quoted-printable": _quoted}.get(encoding, bytes)(data)
        return (
            f"Content-Type: text/{kind}; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode()
            + coded
        )

    def file(self, style: str) -> bytes:
        name, kind = self.name(), self.any.choice(KINDS)
        coded = word(name)
        percent = "".join(f"%{b:02X}" for b in name.encode())
        both = f'Content-Type: {kind};\r\n\tname="{coded}"\r\nContent-Disposition: attachment;\r\n\tfilename="{coded}"'
        forms = {
            "words": both,
            "star": f"Content-Type: {kind}; name=\"{coded}\"\r\nContent-Disposition: attachment; filename*=UTF-8''{percent}",
            "pieces": f"Content-Type: {kind}\r\nContent-Disposition: attachment;\r\n"
            + ";\r\n".join(
                f" filename*{n}*={'' if n else 'utf-8' + chr(39) * 2}{percent[i : i + 60]}"
                for n, i in enumerate(range(0, len(percent), 60))
            ),
            "both": f'Content-Type: {kind}; name="{coded}"\r\nContent-Disposition: attachment; filename="{coded}";\r\n filename*=UTF-8\'\'{percent}',
        }
        header = forms[style].encode()
        if style == "words" and not name.isascii() and self.any.random() < 0.2:
            header = both.replace(coded, "@@").encode().replace(b"@@", name.encode("cp932"))
        return (
            header + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(BINARY * self.any.randint(0, 3))
        )

    def multi(self, kind: str, *parts: bytes, parameters: str = "") -> bytes:
        boundary = self.any.choice(["----=_NextPart_000_%04X_01D", "0000000000%012x", "------------%024d", "Apple-Mail-%X", "=_%x", "--==_mimepart_%x"]) % self.any.randrange(16**9)  # fmt: skip
        head = f'Content-Type: multipart/{kind};{parameters}\r\n\tboundary="{boundary}"\r\n\r\n'
        preamble = self.any.choice(["", "This is a multi-part message in MIME format.\r\n\r\n"])
        inside = b"".join(f"--{boundary}\r\n".encode() + part + b"\r\n" for part in parts)
        return (
            head.encode()
            + preamble.encode()
            + inside
            + f"--{boundary}--\r\n".encode()
            + self.any.choice([b"", b"\r\n"])
        )

    def mails(self) -> Iterator[tuple[str, bytes]]:
        """(name of the shape, mail): each shape once, with other contents at every call."""
        both = self.multi("alternative", self.body("utf-8"), self.body("utf-8", "html"))
        yield "outlook", self.head("Microsoft Outlook 16.0") + self.multi("mixed", both, self.file("words"))
        yield "outlook jis", self.head("Microsoft Outlook 16.0", "iso-2022-jp") + self.body("iso-2022-jp")
        yield "winmail", self.head("Microsoft Exchange") + self.multi("mixed", self.body("utf-8"), b'Content-Type: application/ms-tnef; name="winmail.dat"\r\nContent-Disposition: attachment; filename="winmail.dat"\r\nContent-Transfer-Encoding: base64\r\n\r\n' + b64(b"\x78\x9f\x3e\x22" + bytes(80)))  # fmt: skip
        yield "gmail", self.head("Gmail") + self.multi("mixed", both, self.file("star"))
        yield "gmail inline", self.head("Gmail") + self.multi("related", both, b'Content-Type: image/png; name="image.png"\r\nContent-Disposition: inline; filename="image.png"\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <ii_1>\r\n\r\n' + b64(bytes(99)))  # fmt: skip
        yield (
            "thunderbird",
            self.head("Mozilla Thunderbird")
            + self.multi("mixed", self.body("utf-8", encoding="8bit"), self.file("pieces")),
        )
        yield (
            "becky",
            self.head("Becky! ver. 2.81.02 [ja]", "iso-2022-jp")
            + self.multi("mixed", self.body("iso-2022-jp"), self.file("words")),
        )
        yield (
            "iphone",
            self.head("iPhone Mail (21C62)")
            + self.multi("mixed", self.body("utf-8", "html"), self.file("both"), self.body("utf-8")),
        )
        yield "shift_jis", self.head("AL-Mail32", "shift_jis") + self.body("shift_jis", encoding="8bit")
        yield "euc-jp", self.head("Mew", "iso-2022-jp") + self.body("euc-jp", encoding="8bit")
        signature = (
            b'Content-Type: application/pkcs7-signature; name="smime.p7s"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="smime.p7s"\r\n\r\n'
            + b64(bytes(200), 64)
        )
        yield "smime", self.head("Apple Mail") + self.multi("signed", self.body("utf-8", encoding="quoted-printable"), signature, parameters=' protocol="application/pkcs7-signature"; micalg=sha-256;')  # fmt: skip
        yield "smime opaque", self.head("Microsoft Outlook 16.0") + b'Content-Type: application/pkcs7-mime; smime-type=signed-data;\r\n\tname="smime.p7m"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment;\r\n\tfilename="smime.p7m"\r\n\r\n' + b64(b"0\x80" + bytes(300))  # fmt: skip
        armor = (
            b"-----BEGIN PGP MESSAGE-----\r\n\r\n"
            + b64(self.any.randbytes(300), 64)
            + b"=AbCd\r\n-----END PGP MESSAGE-----\r\n"
        )
        yield "pgp mime", self.head("Mozilla Thunderbird") + self.multi("encrypted", b"Content-Type: application/pgp-encrypted\r\nContent-Description: PGP/MIME version identification\r\n\r\nVersion: 1\r\n", b'Content-Type: application/octet-stream; name="encrypted.asc"\r\nContent-Disposition: inline; filename="encrypted.asc"\r\n\r\n' + armor, parameters=' protocol="application/pgp-encrypted";')  # fmt: skip
        yield "pgp inline", self.head("mutt") + b"Content-Type: text/plain; charset=us-ascii\r\n\r\n" + armor
        event = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:打ち合わせ\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n".encode()
        invite = (
            b"Content-Type: text/calendar; charset=utf-8; method=REQUEST\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + b64(event)
        )
        yield "invitation", self.head("Microsoft Outlook 16.0") + self.multi("mixed", self.multi("alternative", self.body("utf-8"), self.body("utf-8", "html"), invite), b'Content-Type: application/ics; name="invite.ics"\r\nContent-Disposition: attachment; filename="invite.ics"\r\nContent-Transfer-Encoding: base64\r\n\r\n' + b64(event))  # fmt: skip
        inner = self.head("Becky!", "iso-2022-jp") + self.body("iso-2022-jp")
        yield "forward", self.head("Mozilla Thunderbird") + self.multi("mixed", self.body("utf-8"), b'Content-Type: message/rfc822; charset=UTF-8; name="a.eml"\r\nContent-Disposition: attachment; filename="a.eml"\r\n\r\n' + inner)  # fmt: skip
        yield "digest", self.head("Mailman") + self.multi("digest", b"\r\n" + inner, b"\r\n" + inner)
        status = b"Content-Description: Delivery report\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; x@y.example\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no\r\n"
        yield "bounce", self.head("Postfix") + self.multi("report", b"Content-Description: Notification\r\n" + self.body("utf-8"), status, b"Content-Description: Undelivered Message\r\nContent-Type: message/rfc822\r\n\r\n" + inner, parameters=" report-type=delivery-status;")  # fmt: skip
        yield "bounce, headers", self.head("Postfix") + self.multi("report", self.body("us-ascii", encoding="7bit"), status, b"Content-Type: text/rfc822-headers\r\n\r\n" + inner.split(b"\r\n\r\n")[0] + b"\r\n", parameters=" report-type=delivery-status;")  # fmt: skip
        yield "receipt", self.head("Microsoft Outlook 16.0") + self.multi("report", self.body("utf-8"), b"Content-Type: message/disposition-notification\r\n\r\nReporting-UA: x; y\r\nFinal-Recipient: rfc822;b@us.example\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n", parameters=" report-type=disposition-notification;")  # fmt: skip
        yield "list", self.head("Mailman", "utf-8", "List-Id: <l.example>", "Precedence: list") + self.multi("mixed", self.body("utf-8"), b'Content-Type: text/plain; charset="us-ascii"\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: 7bit\r\nContent-Disposition: inline\r\n\r\n_______________________________________________\r\nlist mailing list\r\n')  # fmt: skip
        yield "list footer outside", self.head("fml", "iso-2022-jp") + both + b"-- \r\nfooter of a list\r\n"
        yield (
            "long lines",
            self.head("script")
            + b"Content-Type: text/html; charset=utf-8\r\n\r\n"
            + b"<p>"
            + b"x" * self.any.randint(900, 9000)
            + b"</p>\r\n",
        )
        yield "empty", self.head("phone")
        yield (
            "empty text",
            self.head("phone")
            + b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n",
        )
        yield "empty file", self.head("scanner") + self.multi("mixed", self.body("utf-8"), b'Content-Type: application/octet-stream; name="a.log"\r\nContent-Disposition: attachment; filename="a.log"\r\nContent-Transfer-Encoding: base64\r\n\r\n')  # fmt: skip
        yield "only a file", self.head("scanner") + self.file("words")
        yield (
            "patch",
            self.head("git-send-email 2.40")
            + b"\r\ndiff --git a/x b/x\r\nindex 1..2 100644\r\n--- a/x\r\n+++ b/x\r\n@@ -1 +1 @@\r\n-begin\r\n+begin 644\r\n-- \r\n2.40\r\n",
        )
        yield "cron", b"From: root@us.example (Cron Daemon)\r\nTo: root@us.example\r\nSubject: Cron <root@h> job\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\nX-Cron-Env: <PATH=/bin>\r\n\r\n" + self.text().encode()  # fmt: skip
        yield (
            "no mime",
            b"From: a@b.example\r\nTo: c@us.example\r\nSubject: plain\r\n\r\n"
            + self.text().encode("iso2022_jp", "replace"),
        )
        yield (
            "q words",
            self.head("sendmail").replace(word("鈴木 一郎").encode(), word("鈴木 一郎", coding="Q").encode())
            + self.body("utf-8"),
        )


def _quoted(data: bytes) -> bytes:
    return binascii.b2a_qp(data.replace(b"\r\n", b"\n"), istext=True).replace(b"\n", b"\r\n")


def clean(count: int, seed: int = 20240115) -> Iterator[tuple[str, bytes]]:
    """At least `count` mails."""
    writer = Writer(seed)
    made = 0
    while made < count:
        for each in writer.mails():
            yield each
            made += 1
