"""Lines of the log for a syslog server: RFC 5424 messages over TLS (RFC 5425), by a thread that may wait.

`write` waits for the server, which is why a Writer with its own bounded queue and thread stands before it (gateway/log.py):
mail never waits, and what does not fit into the queue is dropped and counted. A server that is gone is tried again, less
and less often; the line that could not be sent is the first to go out then. Syslog has no acknowledgement: what the server's
host had not read when it went down is lost, and nobody is told (RFC 5425 §4.3 has none).

Diagnostics: `on_change` hears why the server is lost, and "" when it is back. ConfigError for files that cannot be used.
"""

import os
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

from config.policy import ConfigError
from config.problems import why_not
from config.watching import LogSection

PORT = 6514
"""RFC 5425 §4.1."""
SECONDS = 10.0
"""For a connection, and for a line to be taken."""
PAUSES = (1.0, 2.0, 5.0, 15.0, 30.0)
"""Seconds before the next attempt."""
MOST = 8192
"""Octets of a message: RFC 5425 §4.3.1 wants receivers to take as many; a longer one would be cut, or its connection."""
FACILITY = 2
"""The mail system."""
SEVERITIES = {"debug": 7, "info": 6, "warning": 4, "error": 3}


class Syslog:
    """A file-like object for a Writer. Safe to `close` from another thread."""

    def __init__(self, section: LogSection, hostname: str, on_change: Callable[[str], None]) -> None:
        url = urlsplit(section.syslog)
        self._host, self._port = url.hostname or "", url.port or PORT
        self._context = _context(section)
        self._hostname = hostname
        self._on_change = on_change
        self._connection: ssl.SSLSocket | None = None
        self._closed = threading.Event()
        self._lost = False

    def write(self, line: str) -> int:
        """One line of JSON, sent or, once this is closed, given up (OSError)."""
        message = _message(line, self._hostname)
        failures = 0
        while not self._closed.is_set():
            try:
                self._connected().sendall(message)
            except OSError as error:
                self._drop()
                if not self._lost:
                    self._lost = True
                    self._on_change(_reason(error))
                self._closed.wait(PAUSES[min(failures, len(PAUSES) - 1)])
                failures += 1
                continue
            if self._lost:
                self._lost = False
                self._on_change("")
            return len(line)
        raise OSError("closed")

    def flush(self) -> None:
        """Nothing is kept back."""

    def close(self) -> None:
        self._closed.set()

    def _connected(self) -> ssl.SSLSocket:
        if self._connection is not None and _hung_up(self._connection):
            self._drop()
        if self._connection is None:
            plain = socket.create_connection((self._host, self._port), SECONDS)
            try:
                self._connection = self._context.wrap_socket(plain, server_hostname=self._host)
            except BaseException:
                plain.close()
                raise
        return self._connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _hung_up(connection: ssl.SSLSocket) -> bool:
    """Whether the other end has closed: a server never says a word otherwise."""
    connection.settimeout(0.0)
    try:
        return connection.recv(1) == b""
    except (ssl.SSLWantReadError, BlockingIOError):
        return False
    except OSError:
        return True
    finally:
        with suppress(OSError):
            connection.settimeout(SECONDS)


def _context(section: LogSection) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=section.syslog_ca)
        if section.syslog_certificate is not None:
            # Without a password of our own OpenSSL would ask for one on the terminal.
            context.load_cert_chain(section.syslog_certificate, section.syslog_key, password=b"")
    except (OSError, ValueError) as error:
        raise ConfigError([f"log.syslog: its certificates cannot be used ({why_not(error)})"]) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _message(line: str, hostname: str) -> bytes:
    """With its length in front (octet counting). The time stands in the line as well: here it is none of ours to guess."""
    severity = next(
        (n for level, n in SEVERITIES.items() if f'"level": "{level}"' in line), SEVERITIES["info"]
    )
    octets = line.rstrip("\n").encode("utf-8", "replace")
    head = f"<{FACILITY * 8 + severity}>1 - {hostname} sekisho {os.getpid()} - - ".encode()
    message = head + octets[: MOST - len(head)]
    return b"%d %s" % (len(message), message)


def _reason(error: OSError) -> str:
    """Without what a server may have written into it."""
    return getattr(error, "reason", None) or error.strerror or type(error).__name__
