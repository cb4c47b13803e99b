"""IN-VIRUS: what the scanner found, whoever sent it."""

from filters.facts import VirusScan
from filters.finding import Evidence
from filters.sentences import sentence
from tests.filters.inbound.arriving import look, mail


def test_what_it_found_by_the_names_that_it_gives() -> None:
    (finding,) = look("virus", mail(), scan=VirusScan(("Win.Test.EICAR", "Doc.Trojan")))
    assert finding.evidence == (Evidence("Win.Test.EICAR"), Evidence("Doc.Trojan"))
    assert "Win.Test.EICAR, Doc.Trojan" in sentence(finding, "en")
    assert "Win.Test.EICAR" in sentence(finding, "ja")


def test_a_clean_mail_one_that_nobody_looked_at_and_one_that_nobody_was_asked_about() -> None:
    for scan in (VirusScan(), VirusScan(lack="silent"), None):
        assert not look("virus", mail(), scan=scan)
