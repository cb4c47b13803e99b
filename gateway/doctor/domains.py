"""What the DNS says of our domains and of our host, as those see it who get our mail: MX, SPF, DKIM, DMARC, PTR."""

import asyncio
import ipaddress
from collections.abc import AsyncIterator, Sequence

from gateway.authenticate import dmarc, spf
from gateway.authenticate.dkim import key_of
from gateway.authenticate.sign import Signer
from gateway.doctor.ailment import Ailment, fails, note
from gateway.resolver import TEMPORARY, Resolver

KINDS = ("A", "AAAA")


async def of_domain(
    domain: str, hostname: str, senders: Sequence[str], signer: Signer | None, resolver: Resolver
) -> list[Ailment]:
    """Of one of our domains. `senders` are the addresses from which its mail leaves for the internet."""
    found = [each async for each in _mx(domain, hostname, resolver)]
    passes, of_spf = await _spf(domain, hostname, senders, resolver)
    signed, of_dkim = await _dkim(domain, signer, resolver)
    return [*found, *of_spf, *of_dkim, *(await _dmarc(domain, passes or signed, resolver))]


async def _mx(domain: str, hostname: str, resolver: Resolver) -> AsyncIterator[Ailment]:
    answer = await resolver.look_up(domain, "MX")
    if answer.status == TEMPORARY:
        yield fails("mx", "dns_silent", name=domain, kind="MX")
    elif not answer.values:
        yield fails("mx", "mx_missing", domain=domain, host=hostname)
    elif hostname.lower() not in answer.texts:
        yield note("mx", "mx_elsewhere", domain=domain, hosts=", ".join(answer.texts), host=hostname)
    for host in answer.texts:
        if host and not await addresses(host, resolver):
            yield fails("mx", "mx_without_address", domain=domain, host=host)


async def _spf(
    domain: str, hostname: str, senders: Sequence[str], resolver: Resolver
) -> tuple[bool, list[Ailment]]:
    """Whether mail of this domain that leaves from us passes, and what is wrong."""
    answer = await resolver.look_up(domain, "TXT")
    if answer.status == TEMPORARY:
        return False, [fails("spf", "dns_silent", name=domain, kind="TXT")]
    records = [text for text in answer.texts if text.lower().split(" ")[0] == "v=spf1"]
    ours = " ".join(f"ip{ipaddress.ip_address(a).version}:{a}" for a in senders) or f"a:{hostname}"
    if not records:
        return False, [fails("spf", "spf_missing", domain=domain, ours=ours)]
    if len(records) > 1:
        return False, [fails("spf", "spf_several", domain=domain)]
    results = {a: await spf.check(a, domain, f"postmaster@{domain}", hostname, resolver) for a in senders}
    wrong = {a: word for a, word in results.items() if word != "pass"}
    found = [
        fails(
            "spf", "spf_without_us", domain=domain, address=address, result=word, record=records[0], ours=ours
        )
        for address, word in wrong.items()
    ]
    return bool(results) and not wrong, found


async def _dkim(domain: str, signer: Signer | None, resolver: Resolver) -> tuple[bool, list[Ailment]]:
    if signer is None:
        return False, [note("dkim", "dkim_unset", domain=domain)]
    name = signer.record_name
    answer = await resolver.look_up(name, "TXT")
    if answer.status == TEMPORARY:
        return False, [fails("dkim", "dns_silent", name=name, kind="TXT")]
    if not answer.values:
        return False, [fails("dkim", "dkim_missing", name=name, line=signer.zone_line)]
    published = "".join(next((t for t in answer.texts if "p=" in t), ""))
    try:
        same = key_of(published).record == key_of(signer.record).record
        why = "" if same else "it is another key"
    except ValueError as error:
        why = str(error)
    return not why, [fails("dkim", "dkim_other", name=name, why=why, line=signer.zone_line)] if why else []


async def _dmarc(domain: str, passes: bool, resolver: Resolver) -> list[Ailment]:
    policy = await dmarc.discover(domain, resolver)
    if policy.status == "temperror":
        return [fails("dmarc", "dns_silent", name=f"_dmarc.{domain}", kind="TXT")]
    if policy.status != "found":
        return [
            fails(
                "dmarc",
                "dmarc_missing",
                domain=domain,
                record=f"v=DMARC1; p=none; rua=mailto:postmaster@{domain}",
            )
        ]
    found = [] if passes else [fails("dmarc", "dmarc_fails", domain=domain, policy=policy.asked)]
    return [*found, note("dmarc", "dmarc_none", domain=domain)] if policy.asked == "none" else found


async def of_host(hostname: str, senders: Sequence[str], resolver: Resolver) -> list[Ailment]:
    """Of the name that we say at EHLO, and of the addresses from which our mail leaves."""
    found = []
    if not await addresses(hostname, resolver):
        found.append(fails("hostname", "hostname_unknown", host=hostname))
    for address in senders:
        found += await _ptr(address, resolver)
    return found


async def _ptr(address: str, resolver: Resolver) -> list[Ailment]:
    """Many hosts take no mail from an address whose name does not lead back to it (RFC 8499: FCrDNS)."""
    answer = await resolver.look_up(ipaddress.ip_address(address).reverse_pointer, "PTR")
    if answer.status == TEMPORARY:
        return [fails("ptr", "dns_silent", name=address, kind="PTR")]
    if not answer.values:
        return [fails("ptr", "ptr_missing", address=address)]
    back = [name for name in answer.texts if address in await addresses(name, resolver)]
    return [] if back else [fails("ptr", "ptr_elsewhere", address=address, name=answer.texts[0])]


async def addresses(host: str, resolver: Resolver) -> list[str]:
    """The IP addresses of a host, as text; its own where the host is one."""
    try:
        return [str(ipaddress.ip_address(host.strip("[]")))]
    except ValueError:
        answers = await asyncio.gather(*(resolver.look_up(host, kind) for kind in KINDS))
        return [text for answer in answers for text in answer.texts]
