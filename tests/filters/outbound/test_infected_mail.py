"""OUT-VIRUS: what the scanner found holds a mail for everybody, our own people among them."""

from filters.facts import VirusScan
from filters.verdict import Disposition
from tests.filters.mails import examined, plain

US, THEM = "hanako@us.example", "tanaka@partner.example"


def test_it_is_held_for_everybody() -> None:
    found = examined(plain("x"), US, THEM, scan=VirusScan(("Doc.Trojan",)))
    assert [copy.verdict.holds for copy in found.copies] == [{"infected_mail"}] * len(found.copies)
    assert sorted(index for copy in found.copies for index in copy.recipients) == [0, 1]


def test_a_clean_mail_goes_its_way() -> None:
    assert examined(plain("x"), US, scan=VirusScan()).verdict.disposition is Disposition.DELIVER
