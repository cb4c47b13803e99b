"""A next hop, how far its TLS is trusted, and connecting to it (aiosmtplib: greeting, EHLO, STARTTLS, AUTH).

A refusal before MAIL (greeting, EHLO, STARTTLS, AUTH) speaks about the host, not about the mail: it is
always a temporary failure here, also when it is 5yz, so that a wrong password bounces nothing.
"""

import asyncio
import os
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

import aiosmtplib
import msgspec

from config.policy import Organisation
from gateway.deliver.tls import failure
from gateway.deliver.wire import Broken, Wire, as_transport
from mail.cause import Cause, one_line
from mail.reply import Reply

Level = Literal["none", "opportunistic", "encrypt", "verify"]


class Timeouts(msgspec.Struct, frozen=True):
    """Seconds (RFC 5321 §4.5.3.2): `connect` TCP, `command` each reply and handshake, `block` one chunk of
    the content being taken, `final` the reply to the final dot."""

    connect: float = 30.0
    command: float = 300.0
    block: float = 180.0
    final: float = 600.0


class NextHop(msgspec.Struct, frozen=True, kw_only=True):
    """A host that takes mail from us.

    tls            none | opportunistic (when offered, certificate not checked) | encrypt (or not at all) |
                   verify (and the certificate is valid for `server_name` or `host`)
    implicit       TLS from the first byte (port 465), whatever `tls` says between encrypt and verify
    lmtp           LMTP (RFC 2033): one reply per recipient
    ca_file        PEM file of the authorities to trust instead of the system's
    pair           PEM files of the certificate that we show, and of its key; ("", "") for none
    recipients     forward-paths per transaction; more are sent in further ones
    deliveries     mails of the queue that are delivered at a time, 0 for the usual number; per_minute: in a minute, 0 for any
    """

    host: str
    port: int = 25
    tls: Level = "opportunistic"
    implicit: bool = False
    lmtp: bool = False
    username: str = ""
    password: str = ""
    ca_file: str = ""
    pair: tuple[str, str] = ("", "")
    server_name: str = ""
    recipients: int = 100
    deliveries: int = 0
    per_minute: int = 0
    timeouts: Timeouts = Timeouts()

    def __post_init__(self) -> None:
        if self.tls == "none" and self.implicit:
            raise ValueError(f"next hop {self.name}: implicit TLS needs tls = encrypt or verify")
        if self.tls == "none" and any(self.pair):
            raise ValueError(f"next hop {self.name}: a certificate is never shown without TLS")
        if self.tls == "none" and self.username:
            raise ValueError(f"next hop {self.name}: a password is never sent without TLS")

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"

    def __repr__(self) -> str:
        return f"NextHop({self.name}, tls={self.tls}{', lmtp' if self.lmtp else ''})"

    def __rich_repr__(self) -> Any:
        yield self.name


class Routes:
    """Where a tenant's mail is handed over: its `mailbox` host, the `relay` for outsiders, and exceptions by domain (lower
    case).

    `organisation` is what its policy says of it. `upstreams`: (relay, mailbox) of mail that came by these relay listeners,
    None where it goes on as other mail. `between` is where mail for another tenant of the house goes, which are outsiders
    like all others; `is_in_house` knows their domains.
    """

    def __init__(
        self,
        organisation: Callable[[], Organisation],
        relay: NextHop | None,
        mailbox: NextHop | None,
        exceptions: Mapping[str, NextHop],
        upstreams: Mapping[str, tuple[NextHop | None, NextHop | None]] = {},
        between: NextHop | None = None,
        is_in_house: Callable[[str], bool] = lambda domain: False,
    ) -> None:
        self._organisation = organisation
        self._relay = relay
        self._mailbox = mailbox
        self._exceptions = exceptions
        self._upstreams = upstreams
        self._between = between
        self._is_in_house = is_in_house

    def next_hop(self, address: str, upstream: str = "") -> NextHop | None:
        """The next hop of mail for this address that came by a relay listener, or by none; None when none is configured."""
        if hop := self._exceptions.get(address.rpartition("@")[2]):
            return hop
        relay, mailbox = self._upstreams.get(upstream, (None, None))
        if self.is_internal(address):
            return mailbox or self._mailbox
        if self._between is not None and self._is_in_house(address.rpartition("@")[2]):
            return self._between
        return relay or self._relay

    def is_internal(self, address: str) -> bool:
        """True for an address in one of our own domains."""
        return self._organisation().internal(address)

    def is_excepted(self, domain: str) -> bool:
        """True for a domain (lower case) whose mail goes elsewhere than that of other outsiders."""
        return domain in self._exceptions

    def reroutes(self, address: str) -> bool:
        """True when a host of ours could send mail for this address on past every control (Organisation.reroutes)."""
        return self._organisation().reroutes(address, self._exceptions)


class AllRoutes:
    """The routes of all tenants, by name; `make` makes one's when they are first asked for."""

    def __init__(self, make: Callable[[str], Routes], tenants: Iterable[str]) -> None:
        """Raises what `make` raises for any of them."""
        self._make = make
        self._made = {tenant: make(tenant) for tenant in tenants}

    def of(self, tenant: str) -> Routes:
        """Where mail of this tenant goes."""
        if tenant not in self._made:
            self._made[tenant] = self._make(tenant)
        return self._made[tenant]

    def next_hop(self, tenant: str, address: str, upstream: str = "") -> NextHop | None:
        """As Routes.next_hop, for a tenant's mail."""
        return self.of(tenant).next_hop(address, upstream)


class _Lmtp(aiosmtplib.SMTP):
    """aiosmtplib with LHLO for EHLO (RFC 2033 §4.1)."""

    async def execute_command(self, *args: bytes, timeout: Any = aiosmtplib.typing.Default.token) -> Any:
        if args[0] == b"EHLO":
            args = (b"LHLO", *args[1:])
        return await super().execute_command(*args, timeout=timeout)


async def connect(hop: NextHop, hostname: str, context: ssl.SSLContext | None) -> Wire:
    """Connect, say EHLO as `hostname`, go over to TLS and log in, as the next hop's settings want it.

    `context` is None only when tls = none. Raises Broken with a temporary Reply whatever goes wrong.
    """
    sock = await _open_socket(hop)
    client = (_Lmtp if hop.lmtp else aiosmtplib.SMTP)(
        hostname=hop.server_name or hop.host, port=None, sock=sock, use_tls=hop.implicit, start_tls=False,
        tls_context=context, local_hostname=hostname, timeout=hop.timeouts.command,
    )  # fmt: skip
    taken = False
    try:
        await client.connect()
        wire = await _prepare(client, hop)
        taken = True
        return wire
    except Broken:
        raise
    except aiosmtplib.SMTPAuthenticationError as error:  # what it says may hold what it was told
        raise _fault(
            "The next hop refused our login", 7, 8, Cause.LOGIN_REFUSED, hop, f"{error.code}"
        ) from None
    except aiosmtplib.SMTPResponseException as error:
        text, said = f"The next hop refused the session ({error.code})", f"{error.code} {error.message}"
        raise _fault(text, 3, 0, Cause.SESSION_REFUSED, hop, said) from None
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        below = error.__cause__
        if hop.implicit and isinstance(below, OSError) and not isinstance(below, aiosmtplib.SMTPException):
            raise _handshake_failed(hop, below) from None
        late = isinstance(error, TimeoutError)
        text = "The next hop did not complete the opening of the session"
        cause = Cause.NO_ANSWER if late else Cause.SESSION_CUT
        raise _fault(text, 4, 2, cause, hop, type(error).__name__) from None
    finally:
        if not taken:
            client.close()
            sock.close()


async def _prepare(client: aiosmtplib.SMTP, hop: NextHop) -> Wire:
    """EHLO, STARTTLS and AUTH over a connection that has been greeted."""
    await _hello(client, hop)
    secured = hop.implicit
    if not secured and hop.tls != "none":
        if client.supports_extension("starttls"):
            # What was buffered in clear text behind the 220 is thrown away by aiosmtplib (RFC 3207 §4.2).
            await _start_tls(client, hop)
            await _hello(client, hop)
            secured = True
        elif hop.tls != "opportunistic":
            raise _unencrypted(hop)
    if hop.username:
        if not secured:
            raise _unencrypted(hop)
        await client.login(hop.username, hop.password)
    transport = client.transport
    if transport is None:
        raise _fault("The next hop closed the connection", 4, 2, Cause.SESSION_CUT, hop)
    cipher = transport.get_extra_info("cipher")
    tls = f"{cipher[1]} {cipher[0]}" if cipher else ""
    return Wire(as_transport(transport), dict(client.esmtp_extensions), tls)


async def _hello(client: aiosmtplib.SMTP, hop: NextHop) -> None:
    """EHLO, and HELO only for a host that does not know EHLO. After any other refusal HELO would make a host
    without extensions of one that is only busy, and mail that needs them would fail for good."""
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError as error:
        if error.code not in (500, 502) or hop.lmtp:
            raise
        await client.helo()


async def _start_tls(client: aiosmtplib.SMTP, hop: NextHop) -> None:
    try:
        await client.starttls(server_hostname=hop.server_name or hop.host)
    except aiosmtplib.SMTPResponseException as error:
        text, said = f"The next hop refused STARTTLS ({error.code})", f"{error.code} {error.message}"
        raise _fault(text, 7, 5, Cause.TLS_REFUSED, hop, said) from None
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise _handshake_failed(hop, error) from None


def _handshake_failed(hop: NextHop, error: BaseException) -> Broken:
    cause, said = failure(error)
    return _fault("TLS with the next hop failed", 7, 5, cause, hop, said)


def _unencrypted(hop: NextHop) -> Broken:
    return _fault("The next hop does not offer the encryption that we require", 7, 10, Cause.NO_TLS, hop)


def _fault(text: str, subject: int, detail: int, cause: Cause, hop: NextHop, said: str = "") -> Broken:
    """The session cannot be opened: `text` may reach strangers, what the host or a library `said` is ours."""
    reason = one_line(f"{hop.name}: {said}" if said else hop.name)
    return Broken(Reply(451, text, subject, detail, reason=reason, cause=cause))


async def _open_socket(hop: NextHop) -> socket.socket:
    """A connected socket to the first address that answers. Raises Broken."""
    try:
        return await _any_address(hop)
    except TimeoutError:
        raise _fault("The next hop does not answer", 4, 1, Cause.NO_ANSWER, hop) from None
    except socket.gaierror as error:
        text, said = "The next hop's name has no address now", str(error.strerror)
        raise _fault(text, 4, 3, Cause.NO_ADDRESS, hop, said) from None
    except OSError as error:
        cause = Cause.CONNECTION_REFUSED if isinstance(error, ConnectionRefusedError) else Cause.UNREACHABLE
        said = os.strerror(error.errno) if error.errno else str(error)
        raise _fault("No connection to the next hop", 4, 1, cause, hop, said) from None


async def _any_address(hop: NextHop) -> socket.socket:
    loop = asyncio.get_running_loop()
    last: OSError = OSError("no address")
    async with asyncio.timeout(hop.timeouts.connect):
        for family, kind, proto, _, address in await loop.getaddrinfo(
            hop.host, hop.port, type=socket.SOCK_STREAM
        ):
            sock = socket.socket(family, kind, proto)
            try:
                sock.setblocking(False)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                await loop.sock_connect(sock, address)
            except OSError as error:
                sock.close()
                last = error
            except BaseException:
                sock.close()
                raise
            else:
                return sock
    raise last
