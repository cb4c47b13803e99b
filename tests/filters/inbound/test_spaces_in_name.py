"""IN-SPACES: white space of every kind before the extension."""

import pytest

from tests.filters.inbound.arriving import look, mail


@pytest.mark.parametrize("blank", [" ", "\u3000", "\u00a0", "\u2003", "\u2800", "\u3164", "\t", "\u205f"])
def test_a_run_of_any_blank_is_seen(blank: str) -> None:
    (finding,) = look("spaces_in_name", mail(files={f"請求書.pdf{blank * 12}.exe": b"x"}))
    assert finding.values["extension"] == "exe"


@pytest.mark.parametrize("name", ["my report  final.pdf", "a b c d e f.docx", "見積書　改訂　２版.xlsx"])
def test_ordinary_blanks_are_harmless(name: str) -> None:
    assert not look("spaces_in_name", mail(files={name: b"x"}))
