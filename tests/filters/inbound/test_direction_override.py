"""IN-RLO: names that are shown backwards."""

import pytest

from tests.filters.inbound.arriving import look, mail


@pytest.mark.parametrize("char", ["\u202e", "\u202d", "\u2066", "\u2067", "\u2068"])
def test_an_override_in_a_file_name_is_seen_and_shown(char: str) -> None:
    (finding,) = look("direction_override", mail(files={f"請求書{char}fdp.exe": b"x"}))
    assert f"<{ord(char):04X}>" in finding.evidence[0].quote
    assert char not in finding.evidence[0].quote


def test_subject_and_name_of_the_sender_are_looked_at() -> None:
    assert (
        look("direction_override", mail(subject="invoice \u202ecod.exe"))[0].evidence[0].part
        == "header:subject"
    )
    assert (
        look("direction_override", mail(sender="\u202emoc.knab <a@x.example>"))[0].evidence[0].part
        == "header:from"
    )


def test_one_joiner_in_a_name_is_harmless() -> None:
    assert not look("direction_override", mail(files={"क्\u200dष.pdf": b"x"}))
    assert not look("direction_override", mail())
