"""Whose mail a relay listener takes: a host of ours, or a provider that all its customers share.

All that is said must hold: a network, a certificate, a credential. Of a provider's mail they never suffice, as each
of its customers has them; its mark of the customer must be there, and name us (docs/adr/0059).
"""

import re
from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal, Self

import msgspec
from pydantic import AfterValidator, model_validator

from config.lists import table
from config.next_hop import NextHopSection
from config.section import HostName, Network, Section, host_name

AnyNetwork = IPv4Network | IPv6Network
Kind = Literal["host", "microsoft365", "google"]
WIDEST = {4: 20, 6: 40}
"""Shortest prefix of a public network that is taken for one house's own."""
INSIDE = (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8", "::1/128",
    "fc00::/7", "fe80::/10",
)  # fmt: skip
"""Networks that nobody reaches from the internet: any part of them may be a house's own."""
EVERYBODY = frozenset(
    {
        "00000000-0000-0000-0000-000000000000",
        "84df9e7f-e9f6-40af-b435-aaaaaaaaaaaa",
        "9188040d-6c67-4c5b-b112-36a304b66dad",
    }
)
"""Tenants of Microsoft 365 that are nobody's: none, and those of all private accounts (outlook.com)."""

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FINGERPRINT = re.compile(r"sha256:[0-9a-f]{64}")
_FIELD = re.compile(r"x-[a-z0-9][a-z0-9-]{2,60}")
_TAKEN = ("x-sekisho", "x-ms-", "x-google-", "x-gm-", "x-originatororg")


class Provider(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One that relays the mail of all its customers by the same hosts. `kind` "": its mail bears no mark of a customer."""

    name: str
    networks: tuple[str, ...]
    certificates: tuple[str, ...]
    kind: str = ""


PROVIDERS = {name: msgspec.convert(said, Provider) for name, said in table("relays").items()}


def _guid(text: str) -> str:
    found = text.lower().strip("{}")
    if text and not _GUID.fullmatch(found):
        raise ValueError('is not the id of a tenant such as "9b2f…-…" (Entra ID, Overview)')
    if found in EVERYBODY:
        raise ValueError("is a tenant of all private accounts, or of nobody")
    return found


def _certificate(text: str) -> str:
    plain = text.lower().replace(":", "") if text.lower().startswith("sha256:") else ""
    if plain and _FINGERPRINT.fullmatch(found := f"sha256:{plain.removeprefix('sha256')}"):
        return found
    if plain:
        raise ValueError('is no fingerprint such as "sha256:" and 64 hexadecimal digits')
    return ("*." if text.startswith("*.") else "") + host_name(text.removeprefix("*."))


def _field(text: str) -> str:
    found = text.lower()
    if text and (not _FIELD.fullmatch(found) or found.startswith(_TAKEN)):
        raise ValueError('is not a header field of your own such as "X-Example-Relay"')
    return found


TenantId = Annotated[str, AfterValidator(_guid)]
CertificateName = Annotated[str, AfterValidator(_certificate)]
OwnField = Annotated[str, AfterValidator(_field)]


class UpstreamSection(Section):
    """Who brings mail of our people to a relay listener, and as whom it is taken.

    kind               "host": a mail server of ours; "microsoft365", "google": a provider's that all its customers share
    networks           where it comes from; for a provider its published ones where none are named
    certificate_names  names in its client certificate, "*.…" for all below, or "sha256:…" (listener: client_certificates)
    login              the credential that it shows by AUTH, with password_file; of several lines each is one that is taken, so
                       that it can be changed without a gap
    tenant_id          of Microsoft 365: our tenant
    originators        of Microsoft 365: what X-OriginatorOrg may say besides our own domains
    on_premises        of Microsoft 365: mail that came there by a connector from a host of ours is taken, too
    secret_header      a header field that a rule of ours at the provider writes, with the secret of secret_file as its
                       value (of several lines each is taken); it is removed. Google has no other mark of a customer
    person             whose mail it is: of the reverse-path, or of From (then the reverse-path only has to be in a domain
                       of ours). Without a reverse-path it is From's
    unknown            mail of an address in our domains that is nobody's: "refuse", "hold" for an administrator, or
                       "pass"; the latter two as mail of `unknown_as`
    unknown_as         login of the account, such as a department's
    relay, mailbox     next hops of this mail where it goes on otherwise than [relay] and [mailbox] say, such as back to
                       the provider
    """

    kind: Kind = "host"
    networks: tuple[Network, ...] = ()
    certificate_names: tuple[CertificateName, ...] = ()
    login: str = ""
    password_file: Path | None = None
    tenant_id: TenantId = ""
    originators: tuple[HostName, ...] = ()
    on_premises: bool = False
    secret_header: OwnField = ""
    secret_file: Path | None = None
    person: Literal["reverse_path", "from"] = "reverse_path"
    unknown: Literal["refuse", "hold", "pass"] = "refuse"
    unknown_as: str = ""
    relay: NextHopSection | None = None
    mailbox: NextHopSection | None = None

    @property
    def shared(self) -> bool:
        """True for a provider's hosts."""
        return self.kind != "host"

    @property
    def encrypts(self) -> bool:
        """Whether nothing is taken without TLS."""
        return self.shared or bool(self.login or self.certificate_names)

    @property
    def known_networks(self) -> tuple[str, ...]:
        """Where it may come from; () for anywhere."""
        if self.shared and not self.networks:
            return next(p.networks for p in PROVIDERS.values() if p.kind == self.kind)
        return self.networks

    @model_validator(mode="after")
    def _is_known_by_something(self) -> Self:
        if bool(self.login) != (self.password_file is not None):
            raise ValueError("login and password_file go together")
        if bool(self.secret_header) != (self.secret_file is not None):
            raise ValueError("secret_header and secret_file go together")
        if not self.shared and not (self.networks or self.certificate_names or self.login):
            raise ValueError("needs networks, certificate_names or a login: else everybody could relay")
        return self

    @model_validator(mode="after")
    def _a_provider_s_customers_are_told_apart(self) -> Self:
        if self.kind == "microsoft365" and not self.tenant_id:
            raise ValueError(
                "tenant_id is missing: networks and certificates of Microsoft 365 are those of all its customers"
            )
        if self.kind == "google" and not self.secret_header:
            raise ValueError(
                "secret_header and secret_file are missing: networks of Google are those of all its customers"
            )
        if self.kind != "microsoft365" and (self.tenant_id or self.originators or self.on_premises):
            raise ValueError('tenant_id, originators and on_premises are for kind = "microsoft365"')
        if self.shared and (self.person != "reverse_path" or self.unknown != "refuse"):
            raise ValueError(
                "of a provider's mail reverse-path and From must be people of ours:"
                ' neither person = "from" nor another word for unknown than "refuse"'
            )
        return self

    @model_validator(mode="after")
    def _somebody_answers_for_strangers(self) -> Self:
        if (self.unknown == "refuse") == bool(self.unknown_as):
            raise ValueError('unknown = "hold" or "pass" and unknown_as go together')
        return self


def too_open(section: UpstreamSection) -> Iterator[tuple[str, str]]:
    """What lets in more than one house: (key below the section, sentence)."""
    if section.shared:
        return
    for number, text in enumerate(() if section.login else section.networks):
        network = ip_network(text, strict=False)
        found = next((p for p in PROVIDERS.values() if _within(network, p.networks)), None)
        if found is None and network.prefixlen < WIDEST[network.version] and not _within(network, INSIDE):
            yield f"networks.{number}", f"{text} is more than one house has: name the hosts"
        elif found := found or next((p for p in PROVIDERS.values() if _meets(network, p.networks)), None):
            yield f"networks.{number}", f"{text} is {found.name}'s, {_shared(found)}"
    for number, name in enumerate(section.certificate_names):
        if name.startswith("sha256:"):
            continue
        found = next(
            (
                p
                for p in PROVIDERS.values()
                if any(covers(c, name) or covers(name, c) for c in p.certificates)
            ),
            None,
        )
        if found is not None:
            yield f"certificate_names.{number}", f"{name} is {found.name}'s, {_shared(found)}"
        elif name.startswith("*.") and name.count(".") == 1:
            yield f"certificate_names.{number}", f"{name} is everybody below a top-level domain"


def _within(network: AnyNetwork, others: tuple[str, ...]) -> bool:
    return any(network.subnet_of(o) for o in _like(network, others))  # type: ignore[arg-type]


def _meets(network: AnyNetwork, others: tuple[str, ...]) -> bool:
    return any(network.overlaps(o) for o in _like(network, others))


def _like(network: AnyNetwork, others: tuple[str, ...]) -> list[AnyNetwork]:
    """Those of the same version."""
    return [each for other in others if (each := ip_network(other)).version == network.version]


def _shared(provider: Provider) -> str:
    if provider.kind:
        return f'shared by all its customers: write kind = "{provider.kind}"'
    return "shared by all its customers, and its mail does not say whose it is"


def covers(pattern: str, name: str) -> bool:
    """Whether a name, or a pattern of names ("*.example.jp"), is one of a pattern's."""
    return pattern == name or (pattern.startswith("*.") and name.endswith(pattern[1:]))
