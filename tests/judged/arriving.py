"""Mail that arrives: who hands it in, and what the DNS says of them.

The facts of such a sample: `ip` and `helo` of the client, `mail_from`, `rcpt` (a list), `zone` (name -> type ->
values: what a resolver would answer; a name that is not there does not exist), and for some `known`
(correspondents' domains that we have long written with), `sent` (Message-IDs of ours), `before` (mails
that came shortly before). Nothing is DKIM-signed.
"""

import hashlib

from tests.judged.mime import File, mail
from tests.judged.people import Town

Zone = dict[str, dict[str, list[str]]]
US = ("佐藤 由紀", "y.sato@corp.example")


def _ip(name: str) -> str:
    """An address of a documentation network (RFC 5737), the same for a name each time."""
    octets = hashlib.sha256(name.encode()).digest()
    net = ("192.0.2", "198.51.100", "203.0.113")[octets[0] % 3]
    return f"{net}.{octets[1] % 250 + 2}"


def facts(sender: str, auth: str, *, null: bool = False) -> dict[str, object]:
    """What is known of an arrival from `sender`.

    `auth`: "pass" (SPF and DMARC, as of an owned domain), "weak" (SPF alone), "none" (nothing published),
    "spoof" (the author's domain forbids this client), "forward" (another envelope domain that passes).
    """
    domain = sender.rpartition("@")[2]
    host = f"mail.{domain}"
    outside = hashlib.sha256(domain.encode()).hexdigest()[:9]
    client = host if auth in ("pass", "weak", "none") else f"vps{outside}.hosting.example"
    ip = _ip(client)
    zone: Zone = {
        domain: {"A": [_ip(domain)], "MX": [f"10 {host}."], "NS": [f"ns1.{domain}."]},
        host: {"A": [_ip(host)]},
    }
    bounce = sender
    if auth == "forward":
        bounce = f"bounce-{outside}@{client}"
        zone[client] = {"A": [ip], "TXT": [f"v=spf1 ip4:{ip} -all"]}
    if auth in ("pass", "weak"):
        zone[domain]["TXT"] = [f"v=spf1 ip4:{_ip(host)} -all"]
    if auth == "pass":
        zone[f"_dmarc.{domain}"] = {"TXT": ["v=DMARC1; p=none"]}
    if auth in ("spoof", "forward"):
        zone[domain]["TXT"] = [f"v=spf1 ip4:{_ip(host)} -all"]
        zone[f"_dmarc.{domain}"] = {"TXT": ["v=DMARC1; p=quarantine"]}
    return {"ip": ip, "helo": client, "mail_from": "" if null else bounce, "rcpt": [US[1]], "zone": zone}


def parsed(sender: str) -> tuple[str, str]:
    """Display name and address of `Name <box>`."""
    name, _, box = sender.rpartition("<")
    return name.strip(), box.strip("<> ")


def arrived(
    town: Town,
    sender: str,
    subject: str,
    text: str,
    *,
    html: str = "",
    files: list[File] | None = None,
    fields: list[tuple[str, str]] | None = None,
) -> bytes:
    """A mail to us."""
    when = f"Tue, 17 Nov 2026 {town.draw.randint(0, 23):02d}:{town.draw.randint(0, 59):02d}:{town.draw.randint(0, 59):02d} +0900"
    return mail(
        subject,
        text,
        html=html,
        files=files or (),
        sender=parsed(sender),
        to=US,
        fields=fields or (),
        date=when,
    )
