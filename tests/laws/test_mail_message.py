"""Whatever the bytes are, a message is read without an exception, its spans lie inside it, and views are equal."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mail.message import Message

FRAGMENTS = [
    b"Content-Type: multipart/mixed; boundary=b\r\n", b"Content-Type: multipart/mixed; boundary=bb\r\n", b"Content-Type: message/rfc822\r\n",
    b"Content-Type: text/plain; charset=iso-2022-jp\r\n", b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: quoted-printable\r\n",
    b"Content-Disposition: attachment; filename*0*=utf-8''%E8;\r\n filename*1=x\r\n", b"Subject: =?utf-8?b?5pel?=\r\n", b"To: a <b@c>, d@e\r\n",
    b"\r\n", b"\n", b"\r", b"--b\r\n", b"--b--\r\n", b"--bb\r\n", b"--bb--\r\n", b"--b", b"junk\r\n", b" folded\r\n", b"YWJj\r\n", b"=\r\n", b"\x1b$B", b"\xff", b"From x\n",
]  # fmt: skip
MAILS = st.one_of(st.lists(st.sampled_from(FRAGMENTS), max_size=25).map(b"".join), st.binary(max_size=200))


@settings(max_examples=500, deadline=None)
@given(MAILS)
def test_anything_is_a_message(raw):
    mail = Message(raw)
    assert mail.parts[0] is mail.root
    for part in mail.parts:
        start, end = part.span
        assert 0 <= start <= part.header_end
        assert part.body_span == (part.header_end, end)
        assert start <= part.header_end <= max(end, part.header_end) <= len(raw)
        if part.parent:
            assert part.parent.header_end <= start
            assert end <= part.parent.span[1]
        assert isinstance(part.text(), str)
        assert all(
            isinstance(name, str) for name in (part.filename, *part.filenames, part.charset, part.disposition)
        )
        for header in part.headers:
            assert raw[slice(*header.span)] == header.raw
            assert isinstance(header.text, str)
    assert len({p.path for p in mail.parts}) == len(mail.parts)
    assert isinstance(mail.problems, tuple)


@settings(max_examples=200, deadline=None)
@given(MAILS)
def test_a_view_reads_like_bytes(raw):
    def seen(mail):
        return mail.problems, [
            (p.path, p.span, p.header_end, p.content_type, p.content()) for p in mail.parts
        ]

    assert seen(Message(memoryview(b"#" + raw)[1:])) == seen(Message(raw))
