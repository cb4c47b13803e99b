"""SPF by the book: RFC 7208, its limits and its examples."""

import pytest

from gateway.authenticate import spf
from gateway.resolver import FOUND, NOTHING, TEMPORARY, DnsAnswer


class Table:
    """A resolver that answers from a table; counts what it is asked."""

    def __init__(self, **records: list[str] | None) -> None:
        self.records = {tuple(k.rsplit("|", 1)): v for k, v in records.items()}
        self.asked = 0

    async def look_up(self, name: str, kind: str) -> DnsAnswer:
        self.asked += 1
        found = self.records.get((name.lower(), kind), [])
        if found is None:
            return DnsAnswer(TEMPORARY)
        return DnsAnswer(FOUND, tuple(v.encode() for v in found)) if found else DnsAnswer(NOTHING)


async def check(table: Table, peer: str = "192.0.2.10", domain: str = "example.com", sender: str = "") -> str:
    return await spf.check(peer, domain, sender or f"strong-bad@{domain}", "mx.example.org", table)


def zone(record: str, **more: list[str] | None) -> Table:
    return Table(**{"example.com|TXT": ["other", record]}, **more)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ("v=spf1 -all", "fail"),
        ("v=spf1 ~all", "softfail"),
        ("v=spf1 ?all", "neutral"),
        ("v=spf1 +all", "pass"),
        ("v=spf1", "neutral"),
        ("V=SPF1 IP4:192.0.2.0/24 -ALL", "pass"),
        ("v=spf1 ip4:192.0.2.10 -all", "pass"),
        ("v=spf1 ip4:192.0.3.0/24 -all", "fail"),
        ("v=spf1 ip6:2001:db8::/32 -all", "fail"),
        ("v=spf1 a -all", "pass"),
        ("v=spf1 a/24 -all", "pass"),
        ("v=spf1 a:other.example.com -all", "fail"),
        ("v=spf1 a:other.example.com/24//64 -all", "pass"),
        ("v=spf1 mx -all", "pass"),
        ("v=spf1 include:good.example -all", "pass"),
        ("v=spf1 include:bad.example -all", "fail"),
        ("v=spf1 include:none.example -all", "permerror"),
        ("v=spf1 redirect=good.example", "pass"),
        ("v=spf1 redirect=none.example", "permerror"),
        ("v=spf1 redirect=good.example -all", "fail"),
        ("v=spf1 exists:%{i}.sbl.example -all", "pass"),
        ("v=spf1 exists:%{l1r-}.%{d2}.x.example -all", "pass"),
        ("v=spf1 ptr -all", "pass"),
        ("v=spf1 ptr:example.org -all", "fail"),
        ("v=spf1 unknown=mod exp=x.example -all", "fail"),
        ("v=spf1 ip4:999.0.0.1 -all", "permerror"),
        ("v=spf1 ip4:2001:db8::1 -all", "permerror"),
        ("v=spf1 a/33 -all", "permerror"),
        ("v=spf1 include -all", "permerror"),
        ("v=spf1 nonsense -all", "permerror"),
        ("v=spf1 -all nonsense", "permerror"),
        ("v=spf1 redirect=a.example redirect=b.example", "permerror"),
        ("v=spf1 exists:%{z}.example -all", "permerror"),
        ("v=spf10 -all", "none"),
    ],
)
async def test_records(record: str, expected: str) -> None:
    table = zone(
        record,
        **{
            "example.com|A": ["192.0.2.10"],
            "other.example.com|A": ["192.0.2.11"],
            "example.com|MX": ["mail.example.com"],
            "mail.example.com|A": ["192.0.2.9", "192.0.2.10"],
            "good.example|TXT": ["v=spf1 ip4:192.0.2.10 -all"],
            "bad.example|TXT": ["v=spf1 -all"],
            "192.0.2.10.sbl.example|A": ["127.0.0.2"],
            "strong.example.com.x.example|A": ["127.0.0.2"],
            "10.2.0.192.in-addr.arpa|PTR": ["host.example.com", "fake.example.org"],
            "host.example.com|A": ["192.0.2.10"],
            "fake.example.org|A": ["192.0.2.99"],
        },
    )
    assert await check(table) == expected


async def test_no_record_two_records_and_no_domain() -> None:
    assert await check(Table()) == "none"
    assert await check(Table(**{"example.com|TXT": ["v=spf1 -all", "v=spf1 +all"]})) == "permerror"
    assert await check(Table(), domain="localhost") == "none"
    assert await check(Table(), peer="not an address") == "none"


async def test_ipv6_and_mapped_addresses() -> None:
    table = zone("v=spf1 ip6:2001:db8::/32 ip4:192.0.2.0/24 -all")
    assert await check(table, peer="2001:db8::7") == "pass"
    assert await check(table, peer="::ffff:192.0.2.7") == "pass"
    assert await check(table, peer="2001:db9::7") == "fail"


async def test_trouble_in_the_dns_is_temporary_everywhere() -> None:
    assert await check(Table(**{"example.com|TXT": None})) == "temperror"
    assert await check(zone("v=spf1 a -all", **{"example.com|A": None})) == "temperror"
    assert await check(zone("v=spf1 include:x.example -all", **{"x.example|TXT": None})) == "temperror"


async def test_more_than_ten_lookups_are_a_permanent_error() -> None:
    chain: dict[str, list[str] | None] = {
        f"n{i}.example|TXT": [f"v=spf1 include:n{i + 1}.example -all"] for i in range(20)
    }
    table = zone("v=spf1 include:n0.example -all", **chain)
    assert await check(table) == "permerror"
    assert table.asked <= 12


async def test_a_loop_ends() -> None:
    assert await check(zone("v=spf1 include:example.com -all")) == "permerror"
    assert await check(zone("v=spf1 redirect=example.com")) == "permerror"


async def test_more_than_two_void_lookups_are_a_permanent_error() -> None:
    assert await check(zone("v=spf1 a:v1.example a:v2.example a:v3.example +all")) == "permerror"
    assert await check(zone("v=spf1 a:v1.example a:v2.example +all")) == "pass"


async def test_more_than_ten_mail_exchangers_are_a_permanent_error() -> None:
    names = [f"m{i}.example" for i in range(11)]
    assert await check(zone("v=spf1 mx -all", **{"example.com|MX": names})) == "permerror"


@pytest.mark.parametrize(
    ("macro", "expected"),
    [
        ("%{s}", "strong-bad@email.example.com"), ("%{o}", "email.example.com"), ("%{d}", "email.example.com"), ("%{d4}", "email.example.com"),
        ("%{d2}", "example.com"), ("%{d1}", "com"), ("%{dr}", "com.example.email"), ("%{d2r}", "example.email"), ("%{l}", "strong-bad"),
        ("%{l-}", "strong.bad"), ("%{lr}", "strong-bad"), ("%{lr-}", "bad.strong"), ("%{l1r-}", "strong"), ("%{v}", "in-addr"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"), ("%{h}", "mx.example.org"), ("%%.%_.%-", "%. .%20"),
    ],
)  # fmt: skip
async def test_the_macros_of_section_7_4(macro: str, expected: str) -> None:
    table = Table(
        **{"email.example.com|TXT": [f"v=spf1 exists:{macro}.end -all"], f"{expected}.end|A": ["127.0.0.2"]}
    )
    assert await check(table, "192.0.2.3", "email.example.com") == "pass"
