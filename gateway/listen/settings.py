"""What one listening socket is told: where it listens, how it speaks TLS, what it demands."""

from typing import Literal

import msgspec

BACKLOG = 1024
"""Connections that may wait to be accepted."""


class ListenerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """One listening socket.

    mode            "starttls" offers it, "implicit" begins with TLS (RFC 8314), "none" has no TLS and no AUTH
    tls_required    MAIL is answered 530 before TLS
    auth_required   MAIL is answered 530 before AUTH
    size_limit      octets of a mail
    proxy_networks  load balancers; when there are some, only they may connect, and each connection must begin
                    with a PROXY header (version 1 or 2)
    greet_pause     seconds that a client of an untrusted network must be silent before our greeting
    future_release  seconds for which mail is held if a client asks for it (RFC 4865); 0: not offered
    postmaster      the domain of ours whose postmaster is meant by RCPT TO:<Postmaster>
    known           networks of clients that hand on the mail of many: what counts per address does not count for them
    normalise       an LF alone in a content is taken for CR LF
    port            0 takes a free one
    """

    name: str
    host: str = "127.0.0.1"
    port: int = 0
    hostname: str = "localhost"
    ident: str = "ESMTP Sekisho"
    tenant: str = "default"
    mode: Literal["starttls", "implicit", "none"] = "starttls"
    tls_required: bool = False
    auth_required: bool = False
    size_limit: int = 50 << 20
    smtputf8: bool = True
    dsn: bool = True
    future_release: int = 0
    postmaster: str = ""
    chunking: bool = True
    greet_pause: float = 0.2
    proxy_networks: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    normalise: bool = False
    reuse_port: bool = False
    backlog: int = BACKLOG

    @property
    def proxied(self) -> bool:
        return bool(self.proxy_networks)
