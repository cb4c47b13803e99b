"""What the machine offers a node, and its files: keys that others can read, disk, clock, sandbox, certificates, store."""

import ctypes
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import ExtensionOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from config.settings import Settings
from gateway.doctor.ailment import Ailment, fails, note
from gateway.locked import sandbox
from storage.spool import FREE

DAY = 86_400.0
SOON, LATE = 30.0, 7.0
"""Days before a certificate ends from which that is a note, and from which it is more."""
SECRETS = (
    "seal_key_file",
    "key_file",
    "password_file",
    "secret_key_file",
    "database_password_file",
    "tls.key",
)
"""How the keys of settings end that name a secret."""
_UNSYNCHRONISED = 0x40
"""STA_UNSYNC of adjtimex(2)."""


def of_files(settings: Settings, named: Iterator[tuple[str, Path]]) -> Iterator[Ailment]:
    """Secrets that somebody else may read or write. `named`: the files of the settings by key; what a start makes is asked
    besides."""
    secrets = [(key, path) for key, path in named if key.endswith(SECRETS)]
    secrets += [
        ("seal_key_file", settings.seal_key),
        ("state_dir", settings.state_dir),
        ("key_folder", settings.keys),
    ]
    for key, path in dict(secrets).items():
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
        except OSError:
            continue  # check-config says so of what has to be there
        if mode & (stat.S_IRWXO | stat.S_IWGRP):
            yield fails("files", "file_open", setting=key, path=str(path), mode=f"{mode:04o}")


def of_disk(settings: Settings) -> Iterator[Ailment]:
    folder = next((p for p in (settings.state_dir, *settings.state_dir.parents) if p.exists()), Path())
    disk = os.statvfs(folder)
    share = disk.f_bavail / disk.f_blocks if disk.f_blocks else 1.0
    inodes = disk.f_favail / disk.f_files if disk.f_files else 1.0
    values = {"path": str(folder), "percent": f"{min(share, inodes):.0%}", "limit": f"{FREE:.0%}"}
    if min(share, inodes) < FREE:
        yield fails("disk", "disk_full", **values)
    elif min(share, inodes) < 2 * FREE:
        yield note("disk", "disk_filling", **values)


def of_clock() -> Iterator[Ailment]:
    """Codes of second factors, signatures and the ends of leases need the right time (adjtimex(2))."""
    try:
        state = (ctypes.c_uint * 64)()
        if ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(state)) < 0:
            return
    except (OSError, AttributeError):
        return
    # struct timex: modes, as long as a long with its padding, four longs, then status
    if state[5 * ctypes.sizeof(ctypes.c_long) // 4] & _UNSYNCHRONISED:
        yield note("clock", "clock_unsynchronised")


def of_sandbox() -> Iterator[Ailment]:
    walls = sandbox.walls()
    if not walls:
        yield fails("sandbox", "sandbox_missing")
    elif "landlock" not in walls:
        yield note("sandbox", "sandbox_without_landlock")


def of_certificate(settings: Settings, now: float | None = None) -> Iterator[Ailment]:
    """Of the listeners': self-signed, without a chain to an authority that clients know, for another name, or near its end."""
    now = time.time() if now is None else now
    if settings.tls.certificate is None:
        if settings.listeners:
            yield note("tls", "tls_self_signed", host=settings.hostname)
        return
    path = settings.tls.certificate
    try:
        chain = x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError):
        return  # check-config says so
    leaf = chain[0]
    days = (leaf.not_valid_after_utc.timestamp() - now) / DAY
    if days < LATE:
        yield fails("tls", "tls_ends", path=str(path), days=f"{max(days, 0):.0f}")
    elif days < SOON:
        yield note("tls", "tls_ends", path=str(path), days=f"{days:.0f}")
    if leaf.issuer == leaf.subject:
        yield note("tls", "tls_self_signed", host=settings.hostname)
    elif days > 0 and (why := _broken(chain, settings.hostname)):
        yield fails("tls", "tls_chain", path=str(path), why=why)
    if not _names(leaf, settings.hostname):
        yield fails("tls", "tls_other_name", path=str(path), host=settings.hostname)


def _names(leaf: x509.Certificate, host: str) -> bool:
    try:
        names = leaf.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value
    except x509.ExtensionNotFound:
        return False
    assert isinstance(names, x509.SubjectAlternativeName)
    found = {name.lower() for name in names.get_values_for_type(x509.DNSName)}
    return host.lower() in found or f"*.{host.lower().partition('.')[2]}" in found


def _broken(chain: list[x509.Certificate], host: str) -> str:
    """Why no authority of the system leads to it with what we send along, "" when one does."""
    bundle = Path("/etc/ssl/certs/ca-certificates.crt")
    try:
        known = Store(x509.load_pem_x509_certificates(bundle.read_bytes()))
        PolicyBuilder().store(known).build_server_verifier(x509.DNSName(host)).verify(chain[0], chain[1:])
    except (OSError, ValueError):
        return ""  # this system knows no authority: nothing to compare with
    except VerificationError as error:
        return str(error).partition(" (")[0][:160]
    return ""


def of_heads(settings: Settings) -> Iterator[Ailment]:
    """Whether the heads of the journal's chains leave this machine (OPS-EVIDENCE)."""
    if not settings.journal.heads_file and not settings.journal.heads_syslog:
        yield note("journal", "heads_stay")


def of_problems(problems: list[str]) -> Iterator[Ailment]:
    """What check-config says: it is the one that knows."""
    for problem in problems:
        yield fails("config", "config_wrong", problem=problem)
