import base64
import mmap
import os

import pytest

from mail.message import LIMITS, PROBLEMS, Message, by_program


def crlf(text: str | bytes) -> bytes:
    data = text.encode() if isinstance(text, str) else text
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


MIXED = crlf("""From: "Yamada, Taro" <taro@a.example>
To: b@c.example
Subject: =?utf-8?b?5pel?=
 =?utf-8?b?5pys?=
Content-Type: multipart/mixed; boundary="outer"

preamble
--outer
Content-Type: multipart/alternative; boundary=outer2

--outer2
Content-Type: text/plain; charset=utf-8

plain
--outer2
Content-Type: text/html

<p>html</p>
--outer2--
--outer
Content-Type: message/rfc822

Subject: inner
Content-Type: multipart/mixed; boundary="in"

--in

in text
--in--
--outer
Content-Type: application/pdf; name="x.pdf"
Content-Disposition: attachment; filename*=utf-8''%E8%A1%A8.pdf
Content-Transfer-Encoding: base64

JVBERi0=
--outer--
epilogue
""")


@pytest.mark.parametrize("raw", [MIXED, MIXED.replace(b"\r\n", b"\n")], ids=["crlf", "lf"])
def test_a_usual_mail(raw):
    mail = Message(raw)
    assert mail.problems == ()
    assert [(p.path, p.content_type) for p in mail.parts] == [
        ("", "multipart/mixed"),
        ("1", "multipart/alternative"),
        ("1.1", "text/plain"),
        ("1.2", "text/html"),
        ("2", "message/rfc822"),
        ("2.1", "multipart/mixed"),
        ("2.1.1", "text/plain"),
        ("3", "application/pdf"),
    ]
    assert mail.first("subject").text == "日本"
    assert mail.first("subject").value == b"=?utf-8?b?5pel?= =?utf-8?b?5pys?="
    assert [t for _, t in mail.texts()] == ["plain", "<p>html</p>", "in text"]
    pdf = mail.parts[-1]
    assert (pdf.filename, pdf.disposition, pdf.content()) == ("表.pdf", "attachment", b"%PDF-")
    assert pdf.filenames == ("表.pdf", "x.pdf")
    assert [p.path for p in mail.parts if p.is_attachment] == ["2", "3"]
    assert mail.parts[5].first("subject").text == "inner"
    assert mail.parts[5].parent is mail.parts[4]
    assert raw[mail.header_end :].startswith(b"preamble")


def test_spans_are_those_of_the_raw_bytes():
    mail = Message(MIXED)
    for header in mail.headers:
        start, end = header.span
        assert MIXED[start:end] == header.raw
        assert header.raw.startswith(header.raw_name + b":")
        assert header.raw.endswith(b"\r\n")
    for part in mail.parts:
        start, end = part.body_span
        assert MIXED[start:end] == bytes(part.body)
        assert part.span[0] <= start <= end == part.span[1]
    text = mail.parts[2]
    assert MIXED[slice(*text.body_span)] == b"plain"


def test_a_view_of_a_mapped_file_reads_the_same(tmp_path):
    body = base64.encodebytes(os.urandom(3 * 1024 * 1024)).replace(b"\n", b"\r\n")
    raw = MIXED.replace(b"JVBERi0=\r\n", body)
    (tmp_path / "mail").write_bytes(raw)
    with (
        open(tmp_path / "mail", "rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
    ):
        view = memoryview(mapped)
        mail = Message(view)
        seen = [(p.path, p.span, p.content()) for p in mail.parts]
        mail.close()
        view.release()
    assert seen == [(p.path, p.span, p.content()) for p in Message(raw).parts]


def test_a_slice_of_a_larger_buffer():
    assert len(Message(memoryview(b"xx" + MIXED)[2:]).parts) == 8


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"", "no-header"),
        (b"\r\nbody", "no-header"),
        (b"From a@b Mon\nFrom: a@b.example\n\nx", "mbox-line"),
        (b"A: 1\r\njunk\r\nSubject: s\r\n\r\nx", "junk-in-header"),
        (b"Subject: s\r\nthis is the body\r\nand more\r\n", "missing-blank-line"),
        (b"Content-Type: text\r\n\r\nx", "content-type-invalid"),
        (b"Content-Type: multi part/mixed; boundary=b\r\n\r\nx", "content-type-invalid"),
        (b"Content-Type: multipart/mixed\r\n\r\nx", "no-boundary"),
        (b"Content-Type: multipart/mixed; boundary=b\r\n\r\nx", "boundary-not-found"),
        (b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx", "no-end-boundary"),
        (b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nQTog", "encoded-multipart"),
        (b"A: 1\r\n" * 1001 + b"\r\n", "too-many-headers"),
        (b"A: " + b"x" * 33000 + b"\r\n\r\n", "header-too-large"),
        (b"A: x\r\n" + b" x\r\n" * 9000 + b"\r\n", "header-too-large"),
        ((b"A: " + b"x" * 1000 + b"\r\n") * 600 + b"\r\n", "header-block-too-large"),
        (b"Content-Type: text/plain; " + b"; ".join(b"a%d=b" % n for n in range(101)) + b"\r\n\r\n", "too-many-parameters"),
        (b"Content-Disposition: attachment; " + b"; ".join(b"a*%d=b" % n for n in range(4000)) + b"\r\n\r\n", "too-many-parameters"),
        (b"To: " + b"a@b.example," * 1000 + b"\r\nCc: " + b"a@b.example," * 1001 + b"\r\n\r\n", "too-many-addresses"),
        (b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 501 + b"--b--", "too-many-parts"),
        (b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 100_000, "too-many-parts"),
        (b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--bx\r\n" * 100_000, "too-many-parts"),
        (b"Content-Type: message/rfc822\r\n\r\n" * 5000, "too-deep"),
    ],
)  # fmt: skip
def test_damage_is_data(raw, problem):
    mail = Message(raw)
    assert problem in mail.problems
    assert problem in PROBLEMS
    assert (problem in mail.unread) == (problem in LIMITS)
    assert len(mail.parts) <= 500
    for part in mail.parts:
        part.text()
        assert isinstance(part.filename, str)


def test_exactly_at_the_limits_nothing_is_unread():
    parts = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 499 + b"--b--"
    assert Message(parts).unread == ()
    assert len(Message(parts).parts) == 500
    assert Message(b"A: 1\r\n" * 1000 + b"\r\n").unread == ()


def nested(depth: int) -> bytes:
    raw = b"Content-Type: text/plain\r\n\r\nbottom"
    for n in range(depth):
        raw = b"Content-Type: multipart/mixed; boundary=b%dx\r\n\r\n--b%dx\r\n%s\r\n--b%dx--" % (n, n, raw, n)
    return raw


def test_depth():
    assert Message(nested(20)).problems == ()
    assert "too-deep" in Message(nested(21)).problems
    assert "too-deep" in Message(nested(400)).problems


def test_a_junk_line_does_not_hide_the_headers_behind_it():
    mail = Message(
        b"From: a@b.example\r\nthis is junk\r\nSubject: hidden\r\nContent-Type: text/html\r\n\r\nbody"
    )
    assert mail.first("subject").text == "hidden"
    assert mail.root.content_type == "text/html"
    assert mail.root.junk_lines == [19]
    assert mail.root.text() == "body"


def test_a_body_without_its_empty_line_is_still_a_body():
    mail = Message(b"Subject: s\r\nSecret text here\r\nmore\r\n\r\nend")
    assert mail.root.text() == "Secret text here\r\nmore\r\n\r\nend"


def test_a_boundary_that_is_the_beginning_of_another():
    raw = crlf("""Content-Type: multipart/mixed; boundary=b

--b
Content-Type: multipart/mixed; boundary=bb

--bb

inner
--bb--
--b

outer
--b--
""")
    mail = Message(raw)
    assert [p.text() for p in mail.parts if not p.children] == ["inner", "outer"]


def test_a_line_that_only_begins_like_a_boundary_separates_nothing():
    mail = Message(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--bx\r\ny\r\n--b--\r\n")
    assert [p.text() for p in mail.parts[1:]] == ["x\r\n--bx\r\ny"]
    assert mail.root.false_delimiters == [mail.raw.index(b"--bx")]


def test_digest_parts_are_mails():
    raw = crlf("Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: one\n\nx\n--b--\n")
    assert [p.content_type for p in Message(raw).parts] == [
        "multipart/digest",
        "message/rfc822",
        "text/plain",
    ]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Content-Disposition: attachment; filename=a.exe", "a.exe"),
        ('Content-Type: application/x; name="=?utf-8?b?6KGoLmV4ZQ==?="', "表.exe"),
        ("Content-Disposition: attachment;\n filename*0*=utf-8''%E8%A1;\n filename*1*=%A8.exe", "表.exe"),
        ("Content-Disposition: attachment; filename=my file.exe", "my file.exe"),
    ],
)
def test_filename(header, expected):
    assert Message(crlf(header + "\n\nx")).root.filename == expected


@pytest.mark.parametrize("codec", ["cp932", "iso2022_jp", "euc_jp", "utf-8"])
def test_raw_japanese_file_names(codec):
    name = "表ソ資料の一覧です.pdf"
    raw = b'Content-Disposition: attachment; filename="' + name.encode(codec) + b'"; size=1\r\n\r\nx'
    assert Message(raw).root.filename == name


def test_a_second_disposition_keeps_its_name():
    raw = b"Content-Disposition: inline\r\nContent-Disposition: attachment; filename=x.exe\r\n\r\n"
    assert Message(raw).root.filenames == ("x.exe",)


def test_nothing_is_lost_of_a_multipart_that_cannot_be_split():
    mail = Message(b"Content-Type: multipart/mixed; boundary=b\r\n\r\nsecret")
    assert [t for _, t in mail.texts()] == ["secret"]


def test_iso_2022_jp_body():
    raw = b"Content-Type: text/plain; charset=ISO-2022-JP\r\n\r\n\x1b$B-!-j\x1b(B"
    assert Message(raw).root.text() == "①㈱"


def test_decoding_damage_is_noted_on_the_part():
    mail = Message(b"Content-Transfer-Encoding: base64\r\n\r\nYQ==\r\nYg==")
    assert mail.root.content() == b"ab"
    assert mail.root.problems == ["base64-after-padding"]


@pytest.mark.parametrize(
    ("field", "program"),
    [
        ("Auto-Submitted: no", False),
        ("Auto-Submitted: No (a person); x=y", False),
        ("Auto-Submitted: auto-generated", True),
        ("Auto-Submitted: no\r\nAuto-Submitted: auto-replied", True),
        ("List-Unsubscribe: <mailto:leave@example.jp>", False),
        ("Subject: x", False),
    ],
)
def test_mail_that_says_that_a_program_sent_it(field: str, program: bool) -> None:
    message = Message(crlf(f"From: a@b.example\n{field}\n\nx\n"))
    assert by_program(header.text for header in message.all("auto-submitted")) is program
