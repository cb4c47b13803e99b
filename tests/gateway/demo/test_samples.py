"""The demo's mails are well formed and cover both directions."""

import io
import zipfile

from gateway.demo.samples import docx, samples


def test_samples_are_clean_smtp_content_with_distinct_message_ids() -> None:
    played = samples()
    assert {s.direction for s in played} == {"outbound", "inbound"}
    for sample in played:
        assert b"\r\n\r\n" in sample.content
        assert b"\n" not in sample.content.replace(b"\r\n", b"")
        assert max(map(len, sample.content.split(b"\r\n"))) <= 998
    assert len({s.title for s in played}) == len(played)


def test_a_document_is_a_real_package() -> None:
    with zipfile.ZipFile(io.BytesIO(docx("社外秘"))) as archive:
        assert "社外秘" in archive.read("word/document.xml").decode()
