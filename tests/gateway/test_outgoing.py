"""The bytes that leave: trace, signature and seal around the content."""

from pathlib import Path
from typing import cast

import msgspec

from config.policies import TenantPolicies
from config.policy import Organisation, Policy
from filters.examined import Copy, Examined, Summary
from filters.facts import Authentication, Facts, Origin
from gateway.authenticate.arc import Sealer
from gateway.authenticate.sign import Signer, generate_key
from gateway.outgoing import Outgoing, received
from gateway.released import Released
from mail.compose import Edit
from mail.envelope import Envelope, ForwardPath
from tests.gateway.test_app import SATO, TARO, mail
from tests.services.node import site

ORIGIN = Origin("submission", "192.0.2.1", "pc.example", tls="TLSv1.3", login="taro")
BOTH = Envelope("", (ForwardPath("a@b.example"), ForwardPath("c@d.example")))
FACTS = Facts("outbound", ORIGIN, BOTH, mail_id="m1", now=1_790_000_000.0)
RAW = memoryview(b"From: a@ours.example\r\n\r\nbody\r\n")
SIGNER_KEY = generate_key("rsa")
SIGNER = Signer("ours.example", "s1", SIGNER_KEY)
NOBODY = cast(Released, None)


def test_the_trace_says_how_it_came_and_shows_nobody_to_the_other() -> None:
    line = received(FACTS, "gw.test", named=True)
    assert line.startswith(b"Received: from pc.example")
    assert b"by gw.test with ESMTPSA id m1" in b" ".join(line.split())
    assert b"a@b.example" not in line


async def test_a_submitted_mail_does_not_tell_where_it_was_written() -> None:
    """But where the site wants it; the client of arriving mail is always named (RFC 5321 §4.4)."""
    assert b"192.0.2.1" not in await made(FACTS)
    assert b"pc.example" not in await made(FACTS)
    assert b"192.0.2.1" in await made(FACTS, tracing=("submission",))
    assert b"192.0.2.1" in await made(msgspec.structs.replace(FACTS, direction="inbound"))


async def made(
    facts: Facts,
    author: str = "taro@OURS.example",
    sealer: Sealer | None = None,
    raw: memoryview = RAW,
    tracing: tuple[str, ...] = (),
) -> bytes:
    outgoing = Outgoing("gw.test", NOBODY, {"ours.example": SIGNER}, sealer, tracing)
    examined = Examined(summary=Summary(author=author), headers=b"X-Sekisho-Warning: no\r\n")
    copy = Copy((0, 1), edits=(Edit(24, 28, b"BODY"),))
    return b"".join(await outgoing.content(facts, examined, copy, raw))


async def test_a_leaving_copy_is_signed_for_its_author() -> None:
    assert (await made(FACTS)).startswith(b"DKIM-Signature:")
    assert (await made(FACTS)).endswith(b"X-Sekisho-Warning: no\r\nFrom: a@ours.example\r\n\r\nBODY\r\n")
    assert (await made(FACTS, "x@elsewhere.example")).startswith(b"Received:")
    big = memoryview(bytes(RAW) + b"x" * 76 * 10_000)
    assert (await made(FACTS, raw=big)).startswith(b"DKIM-Signature:"), "in a thread"


async def test_a_tenants_mail_has_no_signature_or_seal_of_anothers_key() -> None:
    """Both ways, whatever author the mail names; a key of nobody's domain is the house's."""

    def of(domain: str) -> Policy:
        return Policy(Organisation(domains=(domain,)))

    policies = TenantPolicies(of("us.example"), {"acme": of("acme.example"), "third": of("third.example")})
    names = ("us.example", "acme.example", "third.example", "spare.example")
    signers = {name: Signer(name, "s1", SIGNER_KEY) for name in names}
    whose = {
        "us.example": "default",
        "acme.example": "acme",
        "third.example": "third",
        "spare.example": "default",
    }
    for tenant in ("default", "acme", "third"):
        facts = msgspec.structs.replace(FACTS, origin=msgspec.structs.replace(ORIGIN, tenant=tenant))
        arrived = msgspec.structs.replace(
            facts, direction="inbound", authentication=Authentication(spf="pass", arc="none")
        )
        for domain, owner in whose.items():
            sealer = Sealer(Signer(domain, "s1", SIGNER_KEY), "gw.test")
            outgoing = Outgoing("gw.test", NOBODY, signers, sealer, policies=lambda: policies)
            examined = Examined(summary=Summary(author=f"x@{domain}"))
            left = b"".join(await outgoing.content(facts, examined, Copy((0, 1)), RAW))
            assert left.startswith(b"DKIM-Signature:") == (owner == tenant), (tenant, domain)
            came = b"".join(await outgoing.content(arrived, examined, Copy((0, 1)), RAW))
            nobodys = domain == "spare.example"  # the node's own name, for all
            assert came.startswith(b"ARC-Seal:") == (nobodys or owner == tenant), (tenant, domain)


async def test_an_arriving_copy_says_what_was_found_and_is_sealed_where_the_chain_carries_it() -> None:
    sealer = Sealer(SIGNER, "gw.test")
    big = memoryview(bytes(RAW) + b"x" * 76 * 10_000)
    for chain, raw, first in (
        ("none", RAW, b"ARC-Seal: i=1;"),
        ("none", big, b"ARC-Seal: i=1;"),
        ("fail", RAW, b"Auth"),
        ("", RAW, b"Auth"),
    ):
        facts = msgspec.structs.replace(
            FACTS, direction="inbound", authentication=Authentication(spf="pass", arc=chain)
        )
        content = await made(facts, sealer=sealer, raw=raw)
        assert content.startswith(first)
        assert b"Authentication-Results: gw.test;" in content


async def test_a_number_in_a_refused_subject_is_written_nowhere(tmp_path: Path) -> None:
    number = "123456789018"
    async with site(tmp_path) as here:
        content = mail(SATO).replace(b"Subject: test", f"Subject: my number マイナンバー {number}".encode())
        code, text = await here.send(TARO, [SATO], content)
        assert code == 550
        assert number not in text
        (entry,) = await here.node.store.entries("default", event="refuse")
        assert number not in str(entry.detail)
