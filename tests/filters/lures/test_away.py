"""Links that lead neither to the author, nor to us, nor to who is well known."""

from filters.examples import ORGANISATION
from filters.lures.away import MOST, leading_away
from tests.filters.inbound.arriving import arrived, mail

SENDER = "Tanaka <tanaka@shop.example>"


def hosts(text: str) -> list[str]:
    incoming = arrived(mail(text, sender=SENDER)).incoming
    return [host for host, _, _ in leading_away(incoming, ORGANISATION, incoming.plain)]


def test_what_leads_home_to_us_or_to_the_well_known_does_not_lead_away() -> None:
    text = "https://www.shop.example/ https://www.google.com/ https://www.us.example/"
    assert hosts(text) == []
    assert hosts(text + " https://login.elsewhere.example/a") == ["login.elsewhere.example"]


def test_so_many_are_looked_at() -> None:
    assert len(hosts(" ".join(f"https://h{n}.elsewhere.example/" for n in range(MOST + 20)))) == MOST
