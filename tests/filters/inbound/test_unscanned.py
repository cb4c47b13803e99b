"""IN-VIRUS: nobody can say that it holds no virus; each reason has its words."""

import pytest

from filters.facts import VirusScan
from filters.sentences import sentence
from gateway.scan.clamd import ScanLack
from tests.filters.inbound.arriving import look, mail


@pytest.mark.parametrize("lack", ScanLack)
def test_each_reason_has_words_in_both_languages(lack: ScanLack) -> None:
    (finding,) = look("unscanned", mail(), scan=VirusScan(lack=lack, detail="no answer in 20 s"))
    said = {sentence(finding, language) for language in ("ja", "en")}
    assert len(said) == 2
    assert not any("reason unknown" in text or "理由は不明" in text for text in said)
    assert finding.evidence[0].quote == "no answer in 20 s"


def test_what_was_found_is_enough_and_what_was_looked_at_is_no_finding() -> None:
    for scan in (VirusScan(), VirusScan(("Doc.Trojan",), lack="limit"), None):
        assert not look("unscanned", mail(), scan=scan)
