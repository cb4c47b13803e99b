"""Where mail comes in: listening sockets."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from config.section import Network, Port, Section, TenantName
from config.tenant import ANY, DEFAULT
from config.upstreams import UpstreamSection

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "[::]": "::1", "": "127.0.0.1", "*": "localhost"}


def reached_at(host: str) -> str:
    """Where somebody on this machine reaches what listens at a host: at its loopback, where that is every address."""
    return _EVERYWHERE.get(host, host)


class ListenerSection(Section):
    """One listening socket. `role` says who stands behind it; port 0 takes a free one (tests, demo). `tenant` is the one
    whose mail comes here, and whose people log in; "*": that of each recipient's domain, or of who logs in.

    `account_passwords = false`: people submit with the credentials of their devices only (OUT-DEVICE). With
    `client_certificates` clients are asked for one, "require" lets nobody in without; `client_ca` is a PEM file of who may have
    signed it, which may be the certificates themselves.

    `trace_client`: Received of submitted mail names the client's address and what it calls itself, which tells receivers about
    the inside of the house; the journal keeps both in any case. Arriving mail always names its client.

    `upstream` says from whom a relay listener takes mail of our people: one mail server or provider for each listener.

    `bare_lf = "normalise"` takes an LF alone for the end of a line in what those send whom we know (people who logged in, an
    upstream): for programs that write mail wrongly. What another host may take for the end of a mail is refused all the same.

    `dsn = false` where the next hop does not offer DSN: a client that wants to hear of a delivery then knows that
    nobody behind us will tell it, and tells itself (RFC 3461 §5.2.2). We never write to strangers.
    """

    name: str
    role: Literal["submission", "inbound", "relay"]
    host: str = "127.0.0.1"
    port: Port
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    proxy_networks: tuple[Network, ...] = ()
    size_limit: Annotated[int, Field(ge=1 << 16)] = 50 << 20
    dsn: bool = True
    tenant: TenantName | Literal["*"] = DEFAULT
    account_passwords: bool = True
    client_certificates: Literal["off", "ask", "require"] = "off"
    client_ca: Path | None = None
    trace_client: bool = False
    bare_lf: Literal["refuse", "normalise"] = "refuse"
    upstream: UpstreamSection | None = None

    @model_validator(mode="after")
    def _certificates_need_a_signer(self) -> Self:
        if (self.client_certificates == "off") != (self.client_ca is None):
            raise ValueError('client_certificates = "ask" or "require" and client_ca go together')
        if self.client_ca is not None and self.tls == "none":
            raise ValueError("there are no client certificates without TLS")
        return self

    @model_validator(mode="after")
    def _an_upstream_relays(self) -> Self:
        if (self.role == "relay") != (self.upstream is not None):
            raise ValueError('role = "relay" and the table [listeners.upstream] go together')
        upstream = self.upstream
        if upstream is None:
            return self
        if upstream.certificate_names and self.client_ca is None:
            raise ValueError('upstream.certificate_names need client_certificates = "ask" or "require"')
        if self.tls == "none" and (upstream.shared or upstream.login):
            raise ValueError("a provider, and a login, need TLS")
        return self

    @model_validator(mode="after")
    def _an_upstream_is_one_tenants(self) -> Self:
        if self.role == "relay" and self.tenant == ANY:
            raise ValueError("whose mail an upstream brings is said by a tenant's name")
        return self

    @model_validator(mode="after")
    def _strangers_line_ends_are_not_mended(self) -> Self:
        if self.role == "inbound" and self.bare_lf != "refuse":
            raise ValueError(
                'bare_lf = "normalise" is not for mail of strangers: another host may read it otherwise'
            )
        return self

    @model_validator(mode="after")
    def _passwords_need_tls(self) -> Self:
        if self.role == "submission" and self.tls == "none":
            raise ValueError('a submission listener needs TLS: "starttls" or "implicit"')
        return self


def named_differently(listeners: tuple[ListenerSection, ...]) -> tuple[ListenerSection, ...]:
    if len({listener.name for listener in listeners}) < len(listeners):
        raise ValueError("each needs a name of its own")
    return listeners
