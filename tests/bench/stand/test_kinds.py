"""The kinds of mail of the bench."""

import random
from pathlib import Path

import pypdfium2
import pytest

from bench.examine import checkpoint
from bench.stand.kinds import KINDS, WARNED, contents_for, replay
from bench.stand.mails import pdf
from filters.examine import run

SIZES = {
    "10 kB text": 10_000,
    "100 kB + docx": 100_000,
    "100 kB unknown": 100_000,
    "5 MB picture": 5_000_000,
    "5 MB unknown": 5_000_000,
    "100 small parts": 80_000,
    "newsletter 60 kB": 85_000,  # base64 of 60 kB
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_mail_is_another_one_and_of_its_size(kind: str) -> None:
    one, other = contents_for(kind, "inbound", 2, 5)
    assert 0.7 < len(one) / SIZES[kind.removesuffix(WARNED)] < 1.3
    assert [one] == contents_for(kind, "inbound", 1, 5), "the same number, the same mail"
    bodies = [m.split(b"\r\n\r\n", 1)[1] for m in (one, other)]
    assert bodies[0][:2000] != bodies[1][:2000]
    assert bodies[0][-2000:-100] != bodies[1][-2000:-100]


@pytest.mark.parametrize("kind", KINDS)
def test_only_those_are_warned_of_that_say_so(kind: str) -> None:
    facts, prepared = checkpoint("inbound")
    examined = run(contents_for(kind, "inbound", 1, 0)[0], facts, prepared)
    assert ("banner" in examined.verdict.rewrites) == kind.endswith(WARNED)


def test_there_are_so_many_parts() -> None:
    (content,) = contents_for("100 small parts", "inbound", 1, 0)
    assert content.count(b"\r\nContent-Type: text/plain") == 101


def test_the_pdf_can_be_read() -> None:
    document = pypdfium2.PdfDocument(pdf(random.Random(1), 500, 30_000))
    text = document[0].get_textpage().get_text_range()
    assert "[" in text
    assert len(text) > 400


def test_replayed_mails_have_the_breaks_that_smtp_wants(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "1.eml").write_bytes(b"From somebody Mon\nSubject: one\n\n.x\ny")
    (tmp_path / "2.eml").write_bytes(b"Subject: two\r\n\r\nx\r\n")
    (tmp_path / "3.bin").write_bytes(b"\x00\x01 no mail")
    assert replay(tmp_path, 3, 0) == [
        b"X-Replayed: 0\r\nSubject: two\r\n\r\nx\r\n",
        b"X-Replayed: 1\r\nSubject: one\r\n\r\n.x\r\ny\r\n",
        b"X-Replayed: 2\r\nSubject: two\r\n\r\nx\r\n",
    ]
