"""Whatever goes into it, a rebuilt mail has one reading, and its files are the files that went in."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mail.ambiguity import ambiguities
from mail.message import Message
from mail.rebuild import AttachedFile, rebuilt

NASTY = st.sampled_from(
    [b"From: ", b"To: ", b"Subject: ", b"Message-ID: <", b"Date: ", b"=?utf-8?b?5bGx?=", b"=?", b"?=", b"\r\n", b"\n", b"\r",
     b"\0", b" ", b"\t", b"<a@b.c>", b"@", b",", b'"', b"\\", b"--", b";", b":", b"\x1b$B", b"\xff", "山田".encode(), b"a"]
)  # fmt: skip
HEADERS = st.lists(NASTY, max_size=30).map(b"".join)
NAMES = st.text(max_size=30) | st.sampled_from(
    ["a\u202etxt.exe", "winmail.dat", "a" * 200 + ".exe", "=?utf-8?q?x?="]
)
TYPES = st.sampled_from(
    ["text/plain", "message/rfc822", "multipart/mixed", "application/ms-tnef", "a\r\nb/c", ""]
)
FILES = st.lists(st.builds(AttachedFile, NAMES, TYPES, st.binary(max_size=200)), max_size=4)


@settings(max_examples=150, deadline=None)
@given(
    HEADERS,
    st.text(max_size=80),
    st.lists(st.text(max_size=60) | st.sampled_from(["a+ZeVnLIqe-t", "+MFMwkzBrMGEwbw-"]), max_size=3),
    FILES,
    st.sampled_from(["", "[注意]"]),
)
def test_a_rebuilt_mail_has_one_reading(header, note, texts, files, mark):
    raw = rebuilt(Message(header + b"\r\n\r\nx"), note, texts, files, mark)
    mail = Message(raw)
    assert ambiguities(mail) == ()
    assert mail.problems == ()
    assert [p.content() for p in mail.parts if p.is_attachment] == [f.content for f in files]
    assert len({p.filename for p in mail.parts if p.is_attachment}) == len(files)
    assert all(len(p.filenames) == 1 for p in mail.parts if p.is_attachment)
    assert raw.count(b"\r\n") == raw.count(b"\n") == raw.count(b"\r")
    assert b"\0" not in raw
    assert max(map(len, raw.split(b"\r\n"))) <= 998
