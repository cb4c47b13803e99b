"""Recipient domains: what the DNS says for certain is told, everything else refuses nobody."""

import pytest

from gateway.deliver.recipient_domains import Lack, RecipientDomains
from gateway.resolver import Dns, Resolver
from tests.services.dns import SERVFAIL, SILENCE, NameServer, Zone

WORLD: Zone = {("com", "NS"): ["a.root.example."]}
ZONE: Zone = {
    **WORLD,
    ("mx.example", "MX"): ["10 mail.mx.example."],
    ("host.example", "A"): ["192.0.2.1"],
    ("six.example", "AAAA"): ["2001:db8::1"],
    ("alias.example", "CNAME"): ["mx.example."],
    ("null.example", "MX"): ["0 ."],
    ("both.example", "MX"): ["0 .", "10 mail.mx.example."],
    ("text.example", "TXT"): ["nothing to see"],
    ("broken.example", "MX"): SERVFAIL,
    ("half.example", "TXT"): ["x"],
    ("xn--wgv71a.example", "MX"): ["10 mail.mx.example."],
    ("xn--grz.example", "MX"): ["0 ."],
    ("half.example", "A"): SERVFAIL,
}


def domains(resolver: Resolver, *routed: str, seconds: float = 60) -> RecipientDomains:
    return RecipientDomains(resolver, seconds, lambda domain: domain in routed)


@pytest.mark.parametrize(
    ("domain", "lack"),
    [
        ("mx.example", None),
        ("host.example", None),
        ("six.example", None),
        ("alias.example", None),
        ("both.example", None),
        ("null.example", Lack.NO_MAIL),
        ("text.example", Lack.NO_MAIL),
        ("mx.exampel", Lack.NO_DOMAIN),
        ("broken.example", None),
        ("half.example", None),
        ("[192.0.2.1]", None),
        ("日本.example", None),
        ("日本国.example", Lack.NO_DOMAIN),
        ("空.example", Lack.NO_MAIL),
        ("XN--WGV71A.example", None),
        ("a\ufffd.example", None),
        ("inside.example", None),
    ],
)
async def test_what_is_told(domain: str, lack: Lack | None) -> None:
    async with NameServer(ZONE) as server:
        dns = Dns(("127.0.0.1",), port=server.port, lifetime=60)
        assert await domains(dns, "inside.example").lack(domain) is lack


async def test_a_resolver_that_knows_only_our_own_names_refuses_nobody() -> None:
    async with NameServer({("host.inside", "A"): ["192.0.2.1"]}) as server:
        dns = Dns(("127.0.0.1",), port=server.port, lifetime=60)
        assert await domains(dns).lack("partner.example") is None


async def test_silence_refuses_nobody_and_takes_no_more_than_its_time() -> None:
    async with NameServer({**WORLD, ("silent.example", "MX"): SILENCE}) as server:
        dns = Dns(("127.0.0.1",), port=server.port, lifetime=60)
        mine = domains(dns, seconds=0.2)
        assert await mine.lack("silent.example") is None
        assert await mine.lack("mx.exampel") is None, "the time for this mail is used up"
        assert await domains(dns).lack("mx.exampel") is Lack.NO_DOMAIN, "another mail has its own"


async def test_that_there_is_nothing_is_asked_once_for_many_mails() -> None:
    async with NameServer(ZONE) as server:
        dns = Dns(("127.0.0.1",), port=server.port, lifetime=60)
        for _ in range(5):
            assert await domains(dns).lack("mx.exampel") is Lack.NO_DOMAIN
        assert server.asked == [("mx.exampel", "MX"), ("com", "MX")]
