"""Where mail comes in and where it is handed over: listening sockets, and next hops."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from config.section import Network, Port, Section, TenantName
from config.tenant import DEFAULT


class NextHopSection(Section):
    """Where mail is handed over. Levels as in Postfix: encrypt never falls back to plaintext."""

    host: str
    port: Port = 25
    tls: Literal["none", "opportunistic", "encrypt", "verify"] = "opportunistic"
    implicit: bool = False
    lmtp: bool = False
    username: str = ""
    password_file: Path | None = None
    ca_file: Path | None = None
    server_name: str = ""

    def password(self) -> str:
        return self.password_file.read_text().strip() if self.password_file else ""


class ListenerSection(Section):
    """One listening socket. `role` says who stands behind it; port 0 takes a free one (tests, demo). `tenant` is the one
    whose mail comes here, and whose people log in.

    `account_passwords = false`: people submit with the credentials of their devices only (OUT-DEVICE). With
    `client_certificates` clients are asked for one, "require" lets nobody in without; `client_ca` is a PEM file of who may have
    signed it, which may be the certificates themselves.

    `trace_client`: Received of submitted mail names the client's address and what it calls itself, which tells receivers about
    the inside of the house; the journal keeps both in any case. Arriving mail always names its client.

    `bare_lf = "normalise"` takes an LF alone for the end of a line in what those send whom we know (people who logged in): for
    programs that write mail wrongly. What another host may take for the end of a mail is refused all the same.

    `dsn = false` where the next hop does not offer DSN: a client that wants to hear of a delivery then knows that
    nobody behind us will tell it, and tells itself (RFC 3461 §5.2.2). We never write to strangers.
    """

    name: str
    role: Literal["submission", "inbound"]
    host: str = "127.0.0.1"
    port: Port
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    proxy_networks: tuple[Network, ...] = ()
    size_limit: Annotated[int, Field(ge=1 << 16)] = 50 << 20
    dsn: bool = True
    tenant: TenantName = DEFAULT
    account_passwords: bool = True
    client_certificates: Literal["off", "ask", "require"] = "off"
    client_ca: Path | None = None
    trace_client: bool = False
    bare_lf: Literal["refuse", "normalise"] = "refuse"

    @model_validator(mode="after")
    def _certificates_need_a_signer(self) -> Self:
        if (self.client_certificates == "off") != (self.client_ca is None):
            raise ValueError('client_certificates = "ask" or "require" and client_ca go together')
        if self.client_ca is not None and self.tls == "none":
            raise ValueError("there are no client certificates without TLS")
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
