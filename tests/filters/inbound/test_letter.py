"""The letters become mails that say what they say."""

from mail.message import Message
from tests.filters.inbound.letter import FOLDER, arriving, letters, raw, sender


def test_a_letter_becomes_a_mail() -> None:
    (letter,) = [one for one in letters("ordinary_ja") if "見積依頼" in one["subject"]]
    message = Message(raw(letter))
    assert sender(letter) == "k.sasaki@hikari-koki.example"
    assert "光洸工機" in "".join(part.text() for part in message.parts if part.content_type == "text/plain")
    assert [part.filenames[0] for part in message.parts if part.is_attachment] == ["仕様書.pdf"]


def test_checks_pass_when_they_were_made() -> None:
    letter = letters("ordinary_en")[0]
    assert arriving(letter, True).facts.authentication.dmarc == "pass"
    assert not arriving(letter, False).facts.authentication.dmarc


def test_no_subject_stands_twice() -> None:
    names = sorted(path.stem for path in FOLDER.glob("*.toml"))
    subjects = [letter["subject"] for name in names for letter in letters(name)]
    assert len(subjects) == len(set(subjects))
