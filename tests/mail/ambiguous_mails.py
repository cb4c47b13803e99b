"""Crafted mails, each with one thing that two clients read differently and, where it applies, a payload in it."""

import base64
import binascii
import re

PAYLOAD = b"MZ\x90\x00 this stands for a program that must be seen \xff\xfe"


def base64_of(payload: bytes) -> bytes:
    return base64.encodebytes(payload).replace(b"\n", b"\r\n")


def uuencoded(payload: bytes) -> bytes:
    lines = (binascii.b2a_uu(payload[n : n + 45]) for n in range(0, len(payload), 45))
    return b"begin 644 x.exe\r\n" + b"".join(lines).replace(b"\n", b"\r\n") + b"`\r\nend\r\n"


def yenc(payload: bytes) -> bytes:
    data = b"".join(
        bytes([(b + 42) & 255]) if (b + 42) & 255 not in (0, 10, 13, 61) else b"=" + bytes([(b + 106) & 255])
        for b in payload
    )
    lines = b"\r\n".join(re.findall(rb"(?s)(?:=.|[^=]){1,128}", data))
    return (
        b"=ybegin line=128 size=%d name=x.exe\r\n" % len(payload)
        + lines
        + b"\r\n=yend size=%d\r\n" % len(payload)
    )


B64 = base64_of(PAYLOAD)
UU = uuencoded(PAYLOAD)

HEAD = b"From: a@b.example\r\nSubject: s\r\nMIME-Version: 1.0\r\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b1\r\n\r\n"
TEXT = b"--b1\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
FILE = b"Content-Type: application/octet-stream; name=x.exe\r\nContent-Transfer-Encoding: base64\r\n"
END = b"--b1--\r\n"


def part(header: bytes, body: bytes = B64) -> bytes:
    """A mail with a text and one part of this header."""
    return MIXED + TEXT + b"--b1\r\n" + header + b"\r\n" + body + END


def mails(payload: bytes) -> list[tuple[str, bytes, bool]]:
    """(detector, raw mail, whether the payload must be found among parts and readings) for every detector."""
    b64, qp, uu = base64_of(payload), binascii.b2a_qp(payload), uuencoded(payload)
    yenc_file = yenc(payload)
    whole = MIXED + TEXT + b"--b1\r\n" + FILE + b"\r\n" + b64 + END
    inner = b"--b1\r\n" + FILE + b"\r\n" + b64 + END

    def part(header: bytes, body: bytes = b64) -> bytes:
        return MIXED + TEXT + b"--b1\r\n" + header + b"\r\n" + body + END

    def multi(content_type: bytes, boundary: bytes = b"b1") -> bytes:
        body = whole.removeprefix(MIXED).replace(b"--b1", b"--" + boundary)
        return HEAD + b"Content-Type: " + content_type + b"\r\n\r\n" + body

    return [
        ("missing-blank-line", HEAD + b"Secret text\r\nmore\r\n", False),
        ("duplicate-content-type", HEAD + b"Content-Type: text/plain\r\nContent-Type: multipart/mixed; boundary=b1\r\n\r\n" + inner, True),
        ("duplicate-content-type", HEAD + b"Content-Type: multipart/mixed; boundary=b1\r\nContent-Type: text/plain\r\n\r\n" + inner, True),
        ("duplicate-transfer-encoding", part(b"Content-Type: application/x\r\nContent-Transfer-Encoding: 7bit\r\nContent-Transfer-Encoding: base64\r\n"), True),
        ("duplicate-disposition", part(FILE + b"Content-Disposition: inline\r\nContent-Disposition: attachment; filename=x.exe\r\n"), True),
        ("duplicate-singular", HEAD + b"From: c@d.example\r\n\r\nx", False),
        ("duplicate-singular", HEAD + b"Subject: other\r\n\r\nx", False),
        ("junk-in-header", HEAD + b"junk here\r\nContent-Type: multipart/mixed; boundary=b1\r\n\r\n" + inner, True),
        ("junk-in-header", HEAD + b"Content-Type: multipart/mixed; boundary=b1\r\njunk\r\nContent-Type: text/plain\r\n\r\n" + inner, True),
        ("junk-in-header", HEAD + b"Content-Type: multipart/mixed; boundary=b1\r\n" + inner, True),
        ("blank-folded-line", HEAD + b"Content-Type: multipart/mixed; boundary=b1\r\n \r\n" + inner[:-2] + b"\r\nX: y\r\n\r\n", True),
        ("space-before-colon", HEAD + b"Content-Type : multipart/mixed; boundary=b1\r\n\r\n" + inner, True),
        ("bare-cr-in-header", HEAD + b"X: y\rContent-Type: multipart/mixed; boundary=b1\r\n\r\n" + inner, True),
        ("bare-cr-in-header", HEAD + b"Content-Type: text/plain\rContent-Type: multipart/mixed; boundary=b1\r\n\r\n" + inner, True),
        ("control-in-header", HEAD + b"X: a\0b\r\n\r\n", False),
        ("mixed-line-ends", HEAD + b"Content-Type: multipart/mixed; boundary=b1\n\r\n" + inner, True),
        ("content-type-invalid", multi(b"multi part/mixed; boundary=b1"), True),
        ("content-type-invalid", multi(b"multipart; boundary=b1"), True),
        ("content-type-invalid", multi(b"multipart/; boundary=b1"), True),
        ("encoded-content-type", multi(b"=?utf-8?q?multipart/mixed?=; boundary=b1"), True),
        ("duplicate-boundary", multi(b"multipart/mixed; boundary=zz; boundary=b1"), True),
        ("duplicate-boundary", multi(b"multipart/mixed; boundary=b1; boundary=zz"), True),
        ("duplicate-boundary", multi(b"multipart/mixed; boundary=b1; boundary*=''zz"), True),
        ("continued-boundary", multi(b"multipart/mixed; boundary*0=b; boundary*1=1"), True),
        ("continued-boundary", multi(b"multipart/mixed; boundary*1=1; boundary*0=b"), True),
        ("continued-boundary", multi(b"multipart/mixed; boundary*0=b1; boundary*2=x"), True),
        ("encoded-boundary", multi(b"multipart/mixed; boundary*=us-ascii''b%31"), True),
        ("encoded-boundary", multi(b'multipart/mixed; boundary="=?utf-8?q?b1?="'), True),
        ("encoded-boundary", multi(b'multipart/mixed; boundary="=?utf-8?q?b1?="', b"=?utf-8?q?b1?="), True),
        ("long-boundary", multi(b"multipart/mixed; boundary=" + b"b" * 80, b"b" * 80), True),
        ("long-boundary", multi(b"multipart/mixed; boundary=" + b"b" * 80, b"b" * 70), True),
        ("unclosed-quote", multi(b'multipart/mixed; boundary="b1; x=y'), True),
        ("no-boundary", multi(b"multipart/mixed"), True),
        ("boundary-not-found", HEAD + b"Content-Type: multipart/mixed; boundary=zz\r\n\r\nx", False),
        ("no-end-boundary", MIXED + TEXT + b"--b1\r\n" + FILE + b"\r\n" + b64, True),
        ("boundary-with-text", MIXED + TEXT + b"--b1 x\r\n" + FILE + b"\r\n" + b64 + END, True),
        ("same-boundary-inside", MIXED + b"--b1\r\nContent-Type: multipart/mixed; boundary=b1\r\n\r\n" + inner + END, True),
        ("part-after-end", MIXED + TEXT + END + b"--b1\r\n" + FILE + b"\r\n" + b64 + END, True),
        ("headers-in-preamble", MIXED + FILE + b"\r\n" + b64 + TEXT + END, True),
        ("headers-in-epilogue", MIXED + TEXT + END + FILE + b"\r\n" + b64, True),
        ("headers-in-body", MIXED + TEXT + b"--b1\r\n\r\n" + FILE + b"\r\n" + b64 + END, False),
        ("headers-in-body", MIXED + TEXT + b"--b1\r\nContent-Type: text/plain\r\n\r\n" + FILE + b"\r\n" + b64 + END, False),
        ("encoded-multipart", HEAD + b"Content-Type: multipart/mixed; boundary=b1\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(inner), True),
        ("encoded-message", HEAD + b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(MIXED + inner), True),
        ("encoded-message", HEAD + b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + binascii.b2a_qp(MIXED + inner), True),
        ("unknown-encoding", part(b"Content-Type: application/x\r\nContent-Transfer-Encoding: foo\r\n"), True),
        ("decorated-encoding", part(b"Content-Type: application/x\r\nContent-Transfer-Encoding: base-64\r\n"), True),
        ("decorated-encoding", part(b"Content-Type: application/x\r\nContent-Transfer-Encoding: base64 x\r\n"), True),
        ("decorated-encoding", part(b"Content-Type: application/x\r\nContent-Transfer-Encoding: base64 (c)\r\n"), True),
        ("decorated-encoding", part(b'Content-Type: application/x\r\nContent-Transfer-Encoding: "base64"\r\n'), True),
        ("decorated-encoding", part(b"Content-Type: application/x\r\nContent-Transfer-Encoding: base64;\r\n"), True),
        ("decorated-encoding", part(b"Content-Type: application/x\r\nContent-Transfer-Encoding: x-quoted-printable\r\n", qp + b"\r\n"), True),
        ("base64-junk", part(FILE, b"!" + b64[:20] + b"#%" + b64[20:]), True),
        ("base64-after-padding", part(FILE, base64.b64encode(payload[:1]) + base64.b64encode(payload[1:]) + b"\r\n"), True),
        ("base64-after-padding", part(FILE, base64.b64encode(payload[:-1]) + b"\r\n" + b"AA==" + b"\r\n"), False),
        ("base64-damaged", part(FILE, b64[:17] + b"\r\n"), False),
        ("base64-unpadded", part(FILE, b64.rstrip(b"=\r\n")[:-1] + b"\r\n"), False),
        ("quoted-printable-damaged", part(b"Content-Transfer-Encoding: quoted-printable\r\n", b"a=ZZ\r\n"), False),
        ("uuencode", part(b"Content-Type: text/plain\r\n", uu), True),
        ("uuencode", HEAD + b"\r\ntext before\r\n" + uu, True),
        ("uuencode", part(b"Content-Type: application/x\r\nContent-Transfer-Encoding: x-uuencode\r\n", uu), True),
        ("yenc", part(b"Content-Type: text/plain\r\n", yenc_file), True),
        ("utf-7-in-text", HEAD + b"\r\n" + "この資料は社外秘です".encode("utf-7") + b"\r\n", False),
        ("tnef", part(b"Content-Type: application/ms-tnef; name=winmail.dat\r\n", b"x\r\n"), False),
        ("message-partial", part(b'Content-Type: message/partial; id="x"; number=1; total=2\r\n', MIXED + inner), True),
        ("unknown-message-type", part(b"Content-Type: message/x-mail\r\n", FILE + b"\r\n" + b64), True),
        ("unknown-message-type", part(b"Content-Type: message/delivery-status\r\n", FILE + b"\r\n" + b64), True),
        ("message-external-body", part(b"Content-Type: message/external-body; access-type=URL\r\n", FILE + b"\r\n" + b64), True),
        ("duplicate-parameter", part(b"Content-Type: text/plain; charset=utf-8; charset=utf-7\r\n", b"x\r\n"), False),
        ("duplicate-filename", part(FILE + b"Content-Disposition: attachment; filename=a.txt; filename=x.exe\r\n"), True),
        ("conflicting-filename", part(FILE + b"Content-Disposition: attachment; filename=a.txt; filename*=''x.exe\r\n"), True),
        ("conflicting-type-name", part(FILE + b"Content-Disposition: attachment; filename=a.txt\r\n"), True),
        ("gap-in-continuation", part(FILE + b"Content-Disposition: attachment; filename*0=x.exe; filename*2=.txt\r\n"), True),
        ("unquoted-filename", part(FILE + b"Content-Disposition: attachment; filename=x.exe file.txt\r\n"), True),
        ("base64-in-text", HEAD + b"\r\nhere it is\r\n\r\n" + base64.encodebytes(payload * 4 if len(payload) < 100 else payload).replace(b"\n", b"\r\n"), True),
        ("override-in-filename", part(FILE + "Content-Disposition: attachment; filename=\"a\u202etxt.exe\"\r\n".encode()), True),
        ("control-in-filename", part(FILE + b"Content-Disposition: attachment; filename*=utf-8''x.exe%0D%0A.txt\r\n"), True),
        ("control-in-filename", part(FILE + b"Content-Disposition: attachment; filename*=utf-8''x.exe%00.txt\r\n"), True),
        ("unknown-charset", part(b"Content-Type: text/plain; charset=x-nobody\r\n", b"\xe9t\xe9\r\n"), False),
    ]  # fmt: skip


MAILS = mails(PAYLOAD)


def carriers(payloads: dict[str, bytes], text: str) -> list[tuple[str, str, bytes]]:
    """(detector, name of the file, raw mail): every mail that carries a payload, with each of the payloads (by file
    name), and `text` as the text that people see."""
    made = []
    for name, payload in payloads.items():
        for detector, raw, carries in mails(payload):
            if carries:
                shown = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text.encode() + b"\r\n"
                raw = raw.replace(b"Content-Type: text/plain\r\n\r\nhello\r\n", shown)
                made.append((detector, name, raw.replace(b"x.exe", name.encode())))
    return made
