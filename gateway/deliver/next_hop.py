"""A next hop, how far its TLS is trusted, and connecting to it (aiosmtplib: greeting, EHLO, STARTTLS, AUTH).

A refusal before MAIL (greeting, EHLO, STARTTLS, AUTH) speaks about the host, not about the mail: it is
always a temporary failure here, also when it is 5yz, so that a wrong password bounces nothing.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable, Mapping
from typing import Any, Literal

import aiosmtplib
import msgspec

from config.policy import Policy
from gateway.deliver.wire import Broken, Wire, as_transport
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
    recipients     forward-paths per transaction; more are sent in further ones
    """

    host: str
    port: int = 25
    tls: Level = "opportunistic"
    implicit: bool = False
    lmtp: bool = False
    username: str = ""
    password: str = ""
    ca_file: str = ""
    server_name: str = ""
    recipients: int = 100
    timeouts: Timeouts = Timeouts()

    def __post_init__(self) -> None:
        if self.tls == "none" and self.implicit:
            raise ValueError(f"next hop {self.name}: implicit TLS needs tls = encrypt or verify")
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
    """Where mail is handed over: our `mailbox` host, the `relay` for outsiders, and exceptions by domain (lower case)."""

    def __init__(
        self,
        policy: Callable[[], Policy],
        relay: NextHop | None,
        mailbox: NextHop | None,
        exceptions: Mapping[str, NextHop],
    ) -> None:
        self._policy = policy
        self._relay = relay
        self._mailbox = mailbox
        self._exceptions = exceptions

    def next_hop(self, address: str) -> NextHop | None:
        """The next hop of mail for this address, None when none is configured."""
        if hop := self._exceptions.get(address.rpartition("@")[2]):
            return hop
        return self._mailbox if self.is_internal(address) else self._relay

    def is_internal(self, address: str) -> bool:
        """True for an address in one of our own domains."""
        return self._policy().organisation.internal(address)

    def reroutes(self, address: str) -> bool:
        """True when a host of ours could send mail for this address on past every control (Organisation.reroutes)."""
        return self._policy().organisation.reroutes(address, self._exceptions)


class _Lmtp(aiosmtplib.SMTP):
    """aiosmtplib with LHLO for EHLO (RFC 2033 §4.1)."""

    async def execute_command(self, *args: bytes, timeout: Any = aiosmtplib.typing.Default.token) -> Any:
        if args[0] == b"EHLO":
            args = (b"LHLO", *args[1:])
        return await super().execute_command(*args, timeout=timeout)


def tls_context(hop: NextHop) -> ssl.SSLContext:
    """The client's TLS settings of a next hop: TLS 1.2 or later. Reads `ca_file`; raises OSError or SSLError."""
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=hop.ca_file or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if hop.tls != "verify":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


async def connect(hop: NextHop, hostname: str, context: ssl.SSLContext | None) -> Wire:
    """Connect, say EHLO as `hostname`, go over to TLS and log in, as the next hop's settings want it.

    `context` is None only when tls = none. Raises Broken with a temporary Reply whatever goes wrong.
    """
    try:
        sock = await _open_socket(hop)
    except TimeoutError:
        raise Broken(Reply(451, "The next hop does not answer", 4, 1, reason=hop.name)) from None
    except socket.gaierror as error:
        raise Broken(
            Reply(451, "The next hop's name has no address now", 4, 3, reason=f"{hop.name}: {error}")
        ) from None
    except OSError as error:
        raise Broken(
            Reply(451, "No connection to the next hop", 4, 1, reason=f"{hop.name}: {error}")
        ) from None
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
    except aiosmtplib.SMTPAuthenticationError as error:
        raise _refused("The next hop refused our login", 7, 8, hop, error.code) from None
    except aiosmtplib.SMTPResponseException as error:
        raise _refused(f"The next hop refused the session ({error.code})", 3, 0, hop, error.code) from None
    except ssl.SSLError as error:
        raise Broken(
            Reply(451, "TLS with the next hop failed", 7, 5, reason=f"{hop.name}: {error.reason}")
        ) from None
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        cause: BaseException | None = error.__cause__
        if isinstance(cause, ssl.SSLError):
            raise Broken(
                Reply(451, "TLS with the next hop failed", 7, 5, reason=f"{hop.name}: {cause.reason}")
            ) from None
        text = "The next hop did not complete the opening of the session"
        raise Broken(Reply(451, text, 4, 2, reason=f"{hop.name}: {type(error).__name__}")) from None
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
            await client.starttls(server_hostname=hop.server_name or hop.host)
            await _hello(client, hop)
            secured = True
        elif hop.tls != "opportunistic":
            raise Broken(Reply(451, "The next hop does not offer the encryption that we require", 7, 10))
    if hop.username:
        if not secured:
            raise Broken(Reply(451, "The next hop does not offer the encryption that we require", 7, 10))
        await client.login(hop.username, hop.password)
    transport = client.transport
    if transport is None:
        raise Broken(Reply(451, "The next hop closed the connection", 4, 2))
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


def _refused(text: str, subject: int, detail: int, hop: NextHop, code: int) -> Broken:
    return Broken(Reply(451, text, subject, detail, reason=f"{hop.name}: {code}"))


async def _open_socket(hop: NextHop) -> socket.socket:
    """A connected socket to the first address that answers. Raises OSError (TimeoutError, gaierror)."""
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
