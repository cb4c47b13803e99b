"""The doctor on a recorded zone: what is right says nothing, each thing that is wrong says one."""

import pytest

from config.words import LANGUAGES
from gateway.authenticate.sign import Signer, generate_key
from gateway.doctor import domains
from gateway.doctor.ailment import Ailment
from tests.services.dns import SERVFAIL, NameServer, Patient, Zone

DOMAIN, HOST, ADDRESS = "example.co.jp", "mx.example.co.jp", "203.0.113.25"
SIGNER = Signer(DOMAIN, "s1", generate_key("ed25519"))
OTHER = Signer(DOMAIN, "s1", generate_key("ed25519"))
GOOD: Zone = {
    (DOMAIN, "MX"): [f"10 {HOST}."],
    (DOMAIN, "TXT"): ["v=spf1 mx -all", "something else"],
    (HOST, "A"): [ADDRESS],
    ("25.113.0.203.in-addr.arpa", "PTR"): [f"{HOST}."],
    (SIGNER.record_name, "TXT"): [SIGNER.record],
    (f"_dmarc.{DOMAIN}", "TXT"): ["v=DMARC1; p=reject"],
}


async def looked(zone: Zone, signer: Signer | None = SIGNER) -> list[Ailment]:
    async with NameServer(zone) as server:
        resolver = Patient(server)
        return [
            *await domains.of_host(HOST, [ADDRESS], resolver),
            *await domains.of_domain(DOMAIN, HOST, [ADDRESS], signer, resolver),
        ]


async def test_what_is_right_says_nothing() -> None:
    assert await looked(GOOD) == []


WRONG: dict[str, tuple[dict[tuple[str, str], list[str] | str | None], set[str]]] = {
    "no mx": ({(DOMAIN, "MX"): None, (DOMAIN, "TXT"): ["v=spf1 a:mx.example.co.jp -all"]}, {"mx_missing"}),
    "mx elsewhere": (
        {(DOMAIN, "MX"): ["10 in.provider.example."], ("in.provider.example", "A"): [ADDRESS]},
        {"mx_elsewhere"},
    ),
    "mx without address": (
        {(DOMAIN, "MX"): [f"10 {HOST}.", "20 gone.example."]},
        {"mx_without_address"},
    ),
    "no spf": ({(DOMAIN, "TXT"): ["hello"]}, {"spf_missing"}),
    "two spf": ({(DOMAIN, "TXT"): ["v=spf1 mx -all", "v=spf1 -all"]}, {"spf_several"}),
    "spf of others": ({(DOMAIN, "TXT"): ["v=spf1 ip4:192.0.2.1 -all"]}, {"spf_without_us"}),
    "no key": ({(SIGNER.record_name, "TXT"): None}, {"dkim_missing"}),
    "another key": ({(SIGNER.record_name, "TXT"): [OTHER.record]}, {"dkim_other"}),
    "a revoked key": ({(SIGNER.record_name, "TXT"): ["v=DKIM1; p="]}, {"dkim_other"}),
    "no dmarc": ({(f"_dmarc.{DOMAIN}", "TXT"): None}, {"dmarc_missing"}),
    "dmarc asks nothing": ({(f"_dmarc.{DOMAIN}", "TXT"): ["v=DMARC1; p=none"]}, {"dmarc_none"}),
    "dmarc would fail": (
        {(DOMAIN, "TXT"): ["v=spf1 -all"], (SIGNER.record_name, "TXT"): None},
        {"spf_without_us", "dkim_missing", "dmarc_fails"},
    ),
    "no name": ({("25.113.0.203.in-addr.arpa", "PTR"): None}, {"ptr_missing"}),
    "another name": (
        {("25.113.0.203.in-addr.arpa", "PTR"): ["dsl.provider.example."]}, {"ptr_elsewhere"},
    ),
    "silence": ({(DOMAIN, "TXT"): SERVFAIL, (DOMAIN, "MX"): SERVFAIL}, {"dns_silent"}),
    "hostname unknown": (
        {(HOST, "A"): None},
        {"hostname_unknown", "ptr_elsewhere", "mx_without_address", "spf_without_us"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
async def test_each_thing_that_is_wrong_says_one_and_how_it_is_mended(what: str) -> None:
    changes, keys = WRONG[what]
    zone = {**GOOD, **changes}
    found = await looked({place: value for place, value in zone.items() if value is not None})
    assert {each.key for each in found} == keys
    for each in found:
        for language in LANGUAGES:
            assert each.said(language)
            assert each.mend(language)


async def test_unsigned_mail_is_a_note() -> None:
    assert [each.key for each in await looked(GOOD, None)] == ["dkim_unset"]
