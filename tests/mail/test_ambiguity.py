import importlib.util
import pathlib

import pytest

from mail.ambiguity import WHY, ambiguities
from mail.message import Message

_spec = importlib.util.spec_from_file_location(
    "ambiguous_mails", pathlib.Path(__file__).with_name("ambiguous_mails.py")
)
crafted = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(crafted)

CORPUS = pathlib.Path(__file__).parents[3] / "shared" / "corpus"

CLEAN = [
    b"From: a@b.example\r\nSubject: s\r\n\r\nplain\r\n",
    b"From: a@b.example\nSubject: s\n\nonly LF, as in a file\n",
    crafted.MIXED + crafted.TEXT + b"--b1\r\n" + crafted.FILE + b"\r\n" + crafted.B64 + crafted.END,
    crafted.MIXED
    + b"This is a multi-part message in MIME format.\r\n\r\n"
    + crafted.TEXT
    + crafted.END
    + b"-- \r\nA list's footer\r\n",
    crafted.part(
        crafted.FILE
        + b"Content-Disposition: attachment;\r\n filename*0*=utf-8''%E8%A1;\r\n filename*1*=%A8.exe\r\n"
    ),
    crafted.part(
        b'Content-Type: application/pdf;\r\n name="=?utf-8?b?6KGo?=.pdf"\r\nContent-Disposition: attachment; filename="=?utf-8?b?6KGo?=.pdf"\r\n'
    ),
    crafted.part('Content-Type: application/pdf; name="表ソ.pdf"\r\n'.encode("cp932")),
    crafted.part(
        b"Content-Type: message/rfc822\r\n",
        crafted.MIXED.replace(b"b1", b"b1-in") + b"--b1-in\r\n\r\nx\r\n--b1-in--\r\n",
    ),
    crafted.part(
        b"Content-Type: text/plain\r\n", b"begin here and end there\r\nbegin 5 minutes early\r\nend\r\n"
    ),
    crafted.HEAD
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/mixed; boundary=bb\r\n\r\n--bb\r\n\r\nx\r\n--bb--\r\n--b--\r\n",
    crafted.HEAD + b"Content-Type: text/plain; charset=ISO-2022-JP\r\n\r\n" + "日本語".encode("iso2022_jp"),
    b"",
]


@pytest.mark.parametrize("raw", CLEAN)
def test_clean_mail_is_not_ambiguous(raw):
    assert ambiguities(Message(raw)) == ()


@pytest.mark.parametrize(("name", "raw"), [(n, r) for n, r, _ in crafted.MAILS])
def test_each_detector_finds_its_mail(name, raw):
    found = ambiguities(Message(raw))
    assert name in {a.name for a in found}
    for one in found:
        assert one.name in WHY
        assert 0 <= one.offset <= len(raw)
        assert one.quote.isprintable()
        assert len(one.quote) <= 120


def test_every_detector_has_a_mail():
    assert {name for name, _, _ in crafted.MAILS} == set(WHY)
    assert len(WHY) >= 30


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real mail is not here")
@pytest.mark.parametrize("folder", ["ham", "ham_newsletter", "ham_ja"])
def test_real_mail_is_hardly_ever_called_ambiguous(folder):
    mails = sorted((CORPUS / folder).glob("*.eml"))
    hits = [m.name for m in mails if ambiguities(Message(m.read_bytes()))]
    assert len(hits) <= len(mails) * 0.01


@pytest.mark.parametrize("decoys", [1, 100, 6000])
def test_harmless_lines_do_not_hide_a_uuencoded_file_behind_them(decoys):
    raw = crafted.HEAD + b"\r\n" + b"begin at nine\r\n" * decoys + crafted.UU
    assert [a.name for a in ambiguities(Message(raw))] == ["uuencode"]


def test_each_detector_speaks_once_for_a_part():
    raw = b"Content-Type: text/html\r\n" + b"Content-Type: text/plain\r\n" * 900 + b"\r\n"
    assert [a.name for a in ambiguities(Message(raw))] == ["duplicate-content-type"]
