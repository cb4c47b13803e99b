"""What the settings name and a start needs besides: files of certificates, keys and passwords, names of hosts, ports.

All of it is looked at, none is changed. (key, sentence) as in gateway/start/never.py.
"""

import errno
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

from pydantic import BaseModel

from config.policy import ConfigError
from config.settings import Settings
from gateway.deliver.next_hop import NextHop
from gateway.deliver.tls import tls_context
from gateway.from_settings import name_claim_of, next_hop_of, sealer_of, signers_of
from gateway.listen.tls import CertificateError, build, unusable_ca
from gateway.start.claims import LOCK
from gateway.start.never import Problem, hops, section_of
from gateway.start.never_upstreams import upstreams
from storage.claim import held
from storage.seal import read_keys

SECONDS = 5.0
"""For the names of all hosts together: a start does not wait longer for the DNS."""
STRONG = 20
"""Characters of a shared password or a secret field that nobody guesses."""
HOP_FILES = ("password_file", "ca_file", "client_certificate", "client_key")
MADE = (
    "state_dir", "seal_key_file", "key_folder", "journal.heads_file", "backup.folder", "backup.key_file",
    "backup.keys_mirror", "backup.departures",
)  # fmt: skip
"""Paths at which a start makes what is missing."""


def of_files(settings: Settings) -> Iterator[Problem]:
    """Files that are named and cannot be used, and parts that are not installed."""
    unusable = {key: reason for key, path in named_files(settings) if (reason := _unreadable(path))}
    for key, reason in unusable.items():
        yield key, f"{key}: {reason}"
    certificate, private = settings.tls.certificate, settings.tls.key
    if certificate and private and not unusable.keys() & {"tls.certificate", "tls.key"}:
        try:
            build(certificate, private)
        except CertificateError as error:
            yield "tls.certificate", f"tls.certificate: {error}"
    for number, listener in enumerate(settings.listeners):
        key = f"listeners.{number}.client_ca"
        if (
            listener.client_ca is not None
            and key not in unusable
            and (reason := unusable_ca(listener.client_ca))
        ):
            yield key, f"{key}: {reason}"
    yield from _weak_secrets(settings)
    for domain, section in settings.dkim.items():
        one = settings.model_copy(update={"dkim": {domain: section}})
        yield from _of(f"dkim.{domain}.key_file", unusable, signers_of, one)
    yield from _of("arc.key_file", unusable, sealer_of, settings)
    if "database_password_file" not in unusable:
        yield from _of("database", unusable, name_claim_of, settings, settings.node)
    if settings.s3 is not None and find_spec("obstore") is None:
        yield "s3", "s3: an S3 store needs the extra [cluster]: obstore is not installed"
    if settings.key_service.module is not None and find_spec("pkcs11") is None:
        yield "key_service", "key_service: it needs the extra [hsm]: python-pkcs11 is not installed"
    if settings.seal_key.exists():
        yield from _of("seal_key_file", unusable, read_keys, settings.seal_key)
    for key, _, _ in hops(settings):
        if not unusable.keys() & {f"{key}.{name}" for name in HOP_FILES}:
            yield from _hop(settings, key)
    heads = settings.journal.heads_file
    if heads and not heads.parent.is_dir():
        yield "journal.heads_file", f"journal.heads_file: there is no folder {heads.parent}"


def of_hosts(settings: Settings) -> tuple[list[Problem], list[Problem]]:
    """Next hops whose names nobody knows; and those of which the DNS says nothing now."""
    answers: dict[str, str | None] = {}

    def ask(host: str) -> None:
        try:
            socket.getaddrinfo(host, None)
        except (OSError, UnicodeError) as error:
            again = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
            answers[host] = None if again else f"there is no host {host}"
        else:
            answers[host] = ""

    wanted = hops(settings)
    asking = [
        threading.Thread(target=ask, args=(host,), daemon=True) for host in {hop.host for hop in wanted}
    ]
    for thread in asking:
        thread.start()
    end = time.monotonic() + SECONDS
    for thread in asking:
        thread.join(max(0.0, end - time.monotonic()))
    problems: list[Problem] = []
    doubts: list[Problem] = []
    for hop in wanted:
        key, answer = f"{hop.key}.host", answers.get(hop.host)
        if answer is None:
            doubts.append((key, f"{key}: the DNS does not say whether there is a host {hop.host}"))
        elif answer:
            problems.append((key, f"{key}: {answer}"))
    return problems, doubts


def of_ports(settings: Settings) -> Iterator[Problem]:
    """Ports that somebody else has. Nothing while a node runs on the state folder: it has them itself."""
    if held(settings.state_dir / LOCK):
        return
    sockets = [(f"listeners.{n}", s.host, s.port) for n, s in enumerate(settings.listeners)]
    for key, host, port in (*sockets, ("console", settings.console.host, settings.console.port)):
        if port and (reason := _unavailable(host, port)):
            yield f"{key}.port", f"{key}.port: cannot listen on {host}:{port} ({reason})"


def named_files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Every file that the settings name and that must be there, by its key."""

    def walk(key: str, value: object) -> Iterator[tuple[str, Path]]:
        if isinstance(value, BaseModel):
            for name in type(value).model_fields:
                yield from walk(f"{key}.{name}" if key else name, getattr(value, name))
        elif isinstance(value, dict):
            for name, inner in value.items():
                yield from walk(f"{key}.{name}", inner)
        elif isinstance(value, tuple):
            for number, inner in enumerate(value):
                yield from walk(f"{key}.{number}", inner)
        elif isinstance(value, Path) and key not in MADE:
            yield key, value

    return walk("", settings)


def _weak_secrets(settings: Settings) -> Iterator[Problem]:
    """Secrets of upstreams that can be guessed."""
    for key, upstream in upstreams(settings):
        for name in ("password_file", "secret_file"):
            path = getattr(upstream, name)
            if path is None:
                continue
            try:
                text = path.read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError):
                continue  # said elsewhere
            lines = text.splitlines() or [""]
            if any(len(x) < STRONG or not x.isascii() or not x.isprintable() or " " in x for x in lines):
                yield (
                    f"{key}.{name}",
                    f"{key}.{name}: each line must hold {STRONG} or more letters, digits and signs, such as of `openssl rand -hex 24`",
                )


def _unreadable(path: Path) -> str:
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}"
    return ""


def _of(
    key: str, unusable: dict[str, str], make: Callable[..., object], *arguments: object
) -> Iterator[Problem]:
    """What is wrong with something that is made of a file, unless the file itself cannot be read."""
    if key in unusable:
        return
    try:
        make(*arguments)
    except ConfigError as error:
        section = key.partition(".")[0]
        for problem in error.problems:
            yield key, problem if problem.startswith(section) else f"{key}: {problem}"


def _hop(settings: Settings, key: str) -> Iterator[Problem]:
    try:
        hop = next_hop_of(section_of(settings, key))
        if hop is not None and hop.tls != "none":
            tls_context(verify=hop.tls == "verify", ca_file=hop.ca_file)
            _pair(hop)
    except ConfigError as error:
        for problem in error.problems:
            yield key, f"{key}: {problem}"
    except ValueError as error:
        yield f"{key}.client_certificate", f"{key}.client_certificate: {error}"
    except OSError as error:  # that of ssl is one
        yield (
            f"{key}.ca_file",
            f"{key}.ca_file: holds no certificates ({getattr(error, 'reason', None) or error})",
        )


def _pair(hop: NextHop) -> None:
    """Raises ValueError when the certificate that is shown to a next hop cannot be used."""
    try:
        tls_context(verify=False, pair=hop.pair)
    except OSError as error:
        raise ValueError(
            f"cannot be used with client_key ({getattr(error, 'reason', None) or error})"
        ) from None


def _unavailable(host: str, port: int) -> str:
    """Why nobody can listen there now, "" when somebody can, or may when the system lets them."""
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _, address in found:
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                probe.bind(address)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAFNOSUPPORT):
            return ""
        return os.strerror(error.errno) if error.errno and error.errno > 0 else str(error.strerror)
    return ""
